"""How Django renders our forms: with the templates of `ui/templates/ui/forms`.

A page writes `<form method="post" novalidate>{% csrf_token %}{{ form }}…</form>`, or places fields one by one with
`{% errors form %}` above and `{{ form.name.as_field_group }}` where each belongs. The error summary takes the focus
when the page opens (`autofocus`, no script), and each line leads to its field.

A form with `says_optional = False` leaves out the word after a field that may stay empty. Many short questions stand as
compact rows with `{% include "ui/forms/rows.html" with form=… %}` (staff pages only).
"""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
