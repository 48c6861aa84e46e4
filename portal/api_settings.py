"""Settings of the API. What an answer looks like stands in `core.problems`, how a program signs in in `accounts`."""

from datetime import timedelta
from typing import Any

# Its own table is never used, and would stand in the way of emptying the database between tests.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "accounts.AccessToken"  # noqa: S105 (the name of a model)
REST_KNOX: dict[str, Any] = {
    "TOKEN_MODEL": KNOX_TOKEN_MODEL,
    "TOKEN_TTL": timedelta(days=90),
    "AUTH_HEADER_PREFIX": "Bearer",
}
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.token_authentication.TokenSignIn",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "portal.api_schema.PortalSchema",
    "DEFAULT_THROTTLE_CLASSES": ["core.throttles.ReadThrottle", "core.throttles.ActThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "read": "600/min",
        "act": "120/min",
        "upload": "60/hour",
        "lookup": "120/hour",
        # Pages without an account, by address: requests begun and steps saved.
        "start": "40/hour",
        "start_step": "600/hour",
        "start_mail": "5/day",  # by the address that is written to
        "address_test": "3/hour",  # the same
    },
    "EXCEPTION_HANDLER": "core.problems.answer_exception",
    "NON_FIELD_ERRORS_KEY": "non_field_errors",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Gatepost",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (
        "Everything here follows the rights of the person behind the token. What is refused comes as"
        " application/problem+json, with the sentences that the pages show."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "COMPONENT_SPLIT_REQUEST": True,
    # Choices stand where they are used: a common name would be shared by fields that only sound alike.
    "POSTPROCESSING_HOOKS": [
        "portal.api_schema.add_problems",
        "portal.api_schema.add_keys",
        "portal.api_schema.add_versions",
        "portal.api_schema.tell_empty_filters",
        "portal.api_examples.add_examples",
    ],
}
