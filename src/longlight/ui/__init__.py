"""Look and feel: tokens, components, base templates, figures. It knows no patient."""
