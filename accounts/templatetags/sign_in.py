from allauth.account import app_settings
from django import template

register = template.Library()


@register.simple_tag
def code_minutes() -> int:
    """How long a mailed code holds."""
    minutes: int = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
    return minutes
