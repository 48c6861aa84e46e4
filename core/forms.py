"""How forms are drawn: label above, hint, error, field; a summary of all errors on top; what was typed stays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BaseForm
    from django.http import QueryDict

_REFUSED = "refused-"
_DIGITS = 9


class PortalRenderer(DjangoTemplates):
    """Takes templates from the project first, so that they may use the components, then from Django itself."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def get_template(self, template_name: str) -> Any:
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)


@contextmanager
def refusals_into(form: BaseForm) -> Iterator[None]:
    """Put what the domain refuses inside the block on top of the form, so that nothing typed is lost.

    The view returns from inside the block when it went well; after the block it shows the form with `status_of(form)`.
    """
    try:
        yield
    except DomainError as error:
        code = f"{_REFUSED}{error.status_code}"
        for reason in error.reasons:
            form.add_error(None, ValidationError(reason, code=code))


def status_of(*forms: BaseForm) -> int:
    """With what a page of these forms answers: 200 as long as nothing was typed, else the refusal's status, or 422."""
    sent = [form for form in forms if form.is_bound]
    if not sent:
        return 200
    errors = [error for form in sent for error in form.errors.as_data().get(NON_FIELD_ERRORS, [])]
    codes = [error.code for error in errors if error.code and error.code.startswith(_REFUSED)]
    return int(codes[0].removeprefix(_REFUSED)) if codes else 422


def move_to_version(form: BaseForm, typed: QueryDict, version: int) -> None:
    """What was typed into a form that met a conflict, over the version that is shown beside it now."""
    data = typed.copy()
    data["version"] = str(version)
    form.data = data


def number_in(text: str) -> int:
    """The count that a page put into an address or a hidden field; 0 for whatever else stands there."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
