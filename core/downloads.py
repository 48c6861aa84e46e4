"""Files for somebody to keep: sent under a name, never opened in the page."""

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # spreadsheets take a file without it for the encoding of their own system


def attachment(content: bytes, kind: str, filename: str) -> HttpResponse:
    """`kind` is the content type."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def spreadsheet(text: str, filename: str) -> HttpResponse:
    """CSV as spreadsheets open it; letters that UTF-8 does not know become question marks."""
    return attachment((BYTE_ORDER_MARK + text).encode("utf-8", "replace"), CSV, filename)
