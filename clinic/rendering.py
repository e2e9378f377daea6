"""How forms become HTML: `FORM_RENDERER = "clinic.rendering.Renderer"`, with "django.forms" in INSTALLED_APPS."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` in our own look; widgets stay Django's.

    A widget's attrs may say `data-unit` and `data-prefix` (text beside the input), `data-stepper` (− and + buttons).
    """

    form_template_name = "clinic/forms/form.html"
    field_template_name = "clinic/forms/field.html"
