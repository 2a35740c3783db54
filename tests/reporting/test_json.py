"""The JSON that programs read: its schema in docs/json.md is true, strict, and says all that there is."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from command_line import Cchc
from consistent import submission_of
from json_contract import SCHEMA, complaints
from places import ROOT, TYPED

from cchc_excel.finding import Certainty, Finding, Suspects
from cchc_excel.form import Severity, load_form
from cchc_excel.pipeline import Examination
from cchc_excel.reporting.contract import SCHEMA as NUMBER
from cchc_excel.reporting.contract import contract
from cchc_excel.wording import words

DEFINED = SCHEMA["$defs"]
FORM = load_form()


def written(cchc: Cchc, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cchc("validate", TYPED, "--format", "json", *options)[1])
    return found


def test_the_schema_names_all_severities_and_certainties_and_its_own_number() -> None:
    assert DEFINED["finding"]["properties"]["severity"]["enum"] == list(Severity)
    assert DEFINED["fix"]["properties"]["certainty"]["enum"] == list(Certainty)
    assert SCHEMA["properties"]["schema"] == {"const": NUMBER}


def test_every_name_is_needed_and_no_other_allowed() -> None:
    objects = [SCHEMA, *DEFINED.values(), SCHEMA["properties"]["summary"], DEFINED["changes"]["items"]]
    for described in objects:
        if described.get("type") == "object":
            assert set(described["required"]) == set(described["properties"])
            assert described["additionalProperties"] is False


def test_every_name_that_needs_a_word_has_a_line_in_the_document() -> None:
    document = (ROOT / "docs/json.md").read_text("utf-8")
    plain = {"path", "unit", "period", "code", "findings", "because"}
    named = {*DEFINED["workbook"]["properties"], *DEFINED["finding"]["properties"], *DEFINED["fix"]["properties"]}
    assert [name for name in sorted(named - plain) if f"`{name}`" not in document] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_the_command_writes_keeps_to_the_schema(cchc: Cchc, language: str) -> None:
    assert complaints(written(cchc, "--lang", language)) == []


def test_a_document_of_the_first_schema_is_refused(cchc: Cchc) -> None:
    found = written(cchc)
    finding = found["workbooks"][0]["findings"][0]
    finding["expected"] = finding.pop("compared_with")
    assert len(complaints(found)) == 2
    other = written(cchc)
    del other["schema"]
    assert complaints(other) != []


def test_what_a_finding_was_compared_with_is_told_apart_from_what_the_cell_may_become(cchc: Cchc) -> None:
    """Two shares come to 110, held against 100; no cell must become 100."""
    (bound,) = [it for it in written(cchc)["workbooks"][0]["findings"] if it["code"] == "L10"]
    assert bound["observed"] != bound["compared_with"]
    assert bound["compared_with"] not in [it["after"] for it in (bound["fix"] or {"changes": []})["changes"]]


def test_a_fix_tells_each_cell_that_changes_with_it(cchc: Cchc) -> None:
    fixes = [it["fix"] for it in written(cchc)["workbooks"][0]["findings"] if it["fix"]]
    assert fixes
    for fix in fixes:
        for way in (fix, *fix["alternatives"]):
            for change in way["changes"]:
                assert change["cell"].startswith("BieuThongKe!")
                assert change["before"] != change["after"]


def test_figures_that_contradict_each_other_have_their_sets_and_whether_these_are_all() -> None:
    submission = submission_of({"1.1": 1, "1.2": 2})
    cells = {key: entry.cell for key, entry in submission.entries.items()}
    facts = {"written": 2, "part": 2, "whole": 7, "expected": 28.57}
    contradicting = Finding(
        "A02", Severity.ERROR, ("1.2",), facts=facts, suspects=Suspects((("1.1",), ("1.2",)), 1, False, cells)
    )
    plain = replace(contradicting, suspects=None)
    told = contract([Examination("a.xlsx", "", submission, (contradicting, plain))], FORM, words("en"))
    first, second = told["workbooks"][0]["findings"]
    assert (first["sets"], first["sets_complete"], first["wrong_at_least"]) == ([["1.1"], ["1.2"]], False, 1)
    assert (second["sets"], second["sets_complete"], second["wrong_at_least"]) == ([], True, 0)


def test_a_file_that_cannot_be_read_keeps_to_the_schema_too() -> None:
    unread = Examination("a.xlsx", "", None, (Finding("S03", Severity.ERROR, facts={"detail": "zip"}),))
    told = contract([unread], FORM, words("vi"))
    assert complaints(told) == []
    broken = deepcopy(told)
    broken["workbooks"][0]["readable"] = "no"
    assert complaints(broken) == ["$.workbooks[0].readable: 'no' is not of type 'boolean'"]
