"""What was typed: by somebody who asks (`asking`) or changes what they asked (`changing`), and by staff (`staff`)."""
