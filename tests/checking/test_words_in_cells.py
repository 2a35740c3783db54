"""What a word, a dash or a note beside a figure means for the checks, from the file to the finding."""

from __future__ import annotations

import pytest
from consistent import as_typed, filled

from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.workbook_form.filled import filled as workbook

FORM = load_form()


def examined(cells: dict[str, int | float | str | None], notes: dict[str, str] | None = None) -> Examination:
    figures = {key: value for key, value in filled({}).values.items() if value is not None}
    data = workbook(FORM, as_typed(figures) | cells, unit="UBND xã A", period="2023-Q1", notes=notes)
    return examine(Source("a.xlsx", data), FORM)


@pytest.mark.parametrize("word", ["-", "không"])
@pytest.mark.parametrize(("part", "whole", "codes"), [(2, 7, {"C03", "T15"}), (0, 0, {"T15"})])
def test_a_rate_that_says_nothing_arose_is_believed_only_where_its_components_say_so(
    word: str, part: int, whole: int, codes: set[str]
) -> None:
    found = examined({"1.2": word, "1.2.1": whole, "1.2.2": part}).findings
    assert {it.code for it in found if it.indicators[:1] == ("1.2",)} == codes


@pytest.mark.parametrize(("note", "counts"), [("Chỉ có một người", False), ("x", True), ("", True)])
def test_a_reason_beside_a_percentage_of_1_explains_that_it_is_one(note: str, counts: bool) -> None:
    found = examined({"4.1.2": 0, "4.1.3": 1}, {"4.1.3": note}).findings
    assert [it.counts for it in found if it.code == "T30"] == [counts]
