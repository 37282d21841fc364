"""How Django renders our forms: with the templates of `ui/templates/ui/forms`."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    pass
