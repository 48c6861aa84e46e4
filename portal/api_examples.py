"""Examples in the OpenAPI schema: of each body that is taken, and of each kind of refusal, from a data file."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.problems import KINDS, MEDIA_TYPE, SENTENCES, problem_body

WAIT_SECONDS = 30


@cache
def _written() -> dict[str, Any]:
    """The file as JSON would say it: a day is a text there."""
    told = yaml.safe_load(Path(__file__).with_name("api_examples.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = _as_json(told)
    return found


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def bodies() -> dict[str, Any]:
    """By the name of the body in the schema."""
    found: dict[str, Any] = _written()["bodies"]
    return found


def refusals() -> dict[int, dict[str, Any]]:
    """A refusal of each kind as it is answered, by its status."""
    told: dict[int, dict[str, Any]] = {**_of_framework(), **_written()["refusals"]}
    return {
        status: problem_body(told[status]["at"], status, *told[status]["reasons"], fields=told[status].get("fields"))
        for status in KINDS
    }


def _of_framework() -> dict[int, dict[str, Any]]:
    """In the sentences that the portal has for them."""
    words = {"method": "DELETE", "wait": WAIT_SECONDS}
    return {
        kind.status_code: {"at": "/api/v1/engagements/", "reasons": [SENTENCES[kind].format(**words)]}
        for kind in reversed(SENTENCES)
    }


def add_examples(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of the generator, after that which says how refusals look."""
    told = {KINDS[status][0]: {"summary": KINDS[status][1], "value": body} for status, body in refusals().items()}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"]["content"][MEDIA_TYPE]["examples"] = told
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if name in bodies():
                    content["examples"] = {"usual": {"value": bodies()[name]}}
    return result
