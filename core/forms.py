"""How forms are drawn: label above, hint, error, field; a summary of all errors on top; what was typed stays."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template


class PortalRenderer(DjangoTemplates):
    """Takes templates from the project first, so that they may use the components, then from Django itself."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def get_template(self, template_name: str) -> Any:
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)
