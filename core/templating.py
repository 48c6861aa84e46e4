"""Templates whose output keeps its direction: pages, mails and documents all come through here.

What people wrote before such characters were refused at the door is stored, and signed, with them.
"""

from typing import Any

from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates, Template
from django.utils.safestring import SafeString, mark_safe

from core.directions import without_turns


class PortalTemplate(Template):
    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        return mark_safe(without_turns(super().render(context, request)))  # noqa: S308 (escaped before, by the template)


class PortalTemplates(DjangoTemplates):
    def from_string(self, template_code: str) -> PortalTemplate:
        return PortalTemplate(super().from_string(template_code).template, self)

    def get_template(self, template_name: str) -> PortalTemplate:
        return PortalTemplate(super().get_template(template_name).template, self)
