"""The schema of JSON as docs/json.md holds it, and what contradicts it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from places import ROOT

from cchc_excel.reporting import contract


def _schemas() -> list[dict[str, Any]]:
    blocks = re.findall(r"^```json\n(.*?)^```$", (ROOT / "docs/json.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    schemas: list[dict[str, Any]] = [json.loads(block) for block in blocks]
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
    return schemas


SCHEMA, OF_OTHERS = _schemas()
_VALIDATOR, _OF_OTHERS = Draft202012Validator(SCHEMA), Draft202012Validator(OF_OTHERS)


def complaints(document: object) -> list[str]:
    """What in a document contradicts the schema, each with its place."""
    validator = _OF_OTHERS if isinstance(document, dict) and "command" in document else _VALIDATOR
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def refuse_json_outside_the_contract(patch: pytest.MonkeyPatch) -> None:
    """Let writing JSON fail where what is written contradicts the schema."""
    for name in ("as_json", "document"):
        patch.setattr(contract, name, _held_against_the_schema(getattr(contract, name)))


def _held_against_the_schema(plain: Callable[..., str]) -> Callable[..., str]:
    def held(*arguments: Any, **named: Any) -> str:
        text = plain(*arguments, **named)
        found = complaints(json.loads(text))
        if found:
            pytest.fail("docs/json.md: " + "; ".join(found))
        return text

    return held
