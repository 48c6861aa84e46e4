from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError

from core.uploads import file_too_large, is_too_large
from reports.domain.restore_handoff import LONGEST_CODE
from reports.restored_found import LARGE_PACKS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class FingerprintField(forms.CharField):
    """Left empty it is no mistake of the form: the answer names the key, and nothing is restored without it."""

    is_asked = True


class RestoreForm(forms.Form):
    pack = forms.FileField(
        label="Handoff pack",
        allow_empty_file=True,
        help_text="The ZIP as a portal gave it out. It is checked before anything of it is kept.",
        error_messages={"required": "Choose the ZIP of the pack."},
    )
    key = FingerprintField(
        label="Fingerprint of the key of the portal it comes from",
        required=False,
        max_length=200,
        help_text="From a receipt of that portal. Nothing is restored without it: left empty, the answer names it.",
    )
    code = forms.CharField(
        label="Code here",
        required=False,
        max_length=LONGEST_CODE,
        help_text="Only where the engagement's own code is taken in this portal.",
    )

    def clean_pack(self) -> UploadedFile:
        pack: UploadedFile = self.cleaned_data["pack"]
        if is_too_large(pack, LARGE_PACKS):
            raise ValidationError(f"{file_too_large(LARGE_PACKS)}.")
        return pack
