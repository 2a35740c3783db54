"""The schema of JSON as docs/json.md holds it, and what contradicts it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from places import ROOT

from cchc_excel.reporting import contract


def _schema() -> dict[str, Any]:
    (block,) = re.findall(r"^```json\n(.*?)^```$", (ROOT / "docs/json.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    schema: dict[str, Any] = json.loads(block)
    Draft202012Validator.check_schema(schema)
    return schema


SCHEMA = _schema()
_VALIDATOR = Draft202012Validator(SCHEMA)


def complaints(document: object) -> list[str]:
    """What in a document contradicts the schema, each with its place."""
    return [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(document)]


def refuse_json_outside_the_contract(patch: pytest.MonkeyPatch) -> None:
    """Let writing JSON fail where what is written contradicts the schema."""
    plain = contract.as_json

    def held_against_the_schema(*arguments: Any) -> str:
        text = plain(*arguments)
        found = complaints(json.loads(text))
        if found:
            pytest.fail("docs/json.md: " + "; ".join(found))
        return text

    patch.setattr(contract, "as_json", held_against_the_schema)
