"""A later report of some sections does not make a district forget what was sent before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from communes import FORM, arrived, consistent

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.finding import Finding
from cchc_excel.submission import Period

UNIT = "UBND xã Thứ A"
FIRST, LATER = consistent(1), consistent(2)


def sent(name: str, values: dict[str, int | float | str], day: int, unit: str = UNIT) -> Arrived:
    return arrived(name, values, unit)._replace(modified=datetime(2023, 3, day))  # noqa: DTZ001 - an officer's clock


def of_sections(values: dict[str, int | float | str], *sections: str) -> dict[str, int | float | str]:
    return {key: value for key, value in values.items() if FORM[key].section in sections}


def figures(outcome: Outcome, section: str) -> dict[str, object]:
    (unit,) = outcome.merged.units
    taken = dict(zip(FORM.entry_ids, unit.taken, strict=True))
    return {key: taken[key] for key in taken if FORM[key].section == section and FORM[key].kind.value == "count"}


def counts_of(values: dict[str, int | float | str], section: str) -> dict[str, object]:
    rows = [row for row in FORM.entries if row.section == section and row.kind.value == "count"]
    return {row.id: values.get(row.id) for row in rows}


def found(outcome: Outcome, code: str) -> list[Finding]:
    return [it.finding for it in outcome.findings if it.finding.code == code]


def consolidated(files: Iterable[Arrived]) -> Outcome:
    return consolidate(files, FORM, Choices(period=Period(2023, "Q1")))


def test_sections_that_a_later_report_lacks_are_those_of_the_report_before() -> None:
    outcome = consolidated([sent("a.xlsx", FIRST, 7), sent("b.xlsx", of_sections(LATER, "3", "7"), 9)])
    for section in ("3", "7"):
        assert figures(outcome, section) == counts_of(LATER, section)
    for section in ("1", "2", "4"):
        assert figures(outcome, section) == counts_of(FIRST, section)
    (told,) = found(outcome, "U11")
    assert (told.facts["counts"], told.facts["others"]) == ("b.xlsx", ("a.xlsx",))
    assert set(told.facts["sections"]) == {"1", "2", "4", "5"}  # type: ignore[arg-type]
    assert found(outcome, "S51") == found(outcome, "S10") == []


def test_two_reports_that_make_the_whole_together_are_one() -> None:
    outcome = consolidated(
        [sent("a.xlsx", of_sections(FIRST, "1", "2", "4", "5"), 7), sent("b.xlsx", of_sections(FIRST, "3", "7"), 9)]
    )
    for section in ("1", "2", "3", "4", "5", "7"):
        assert figures(outcome, section) == counts_of(FIRST, section)


def test_a_blank_form_that_was_sent_by_mistake_loses_nothing() -> None:
    outcome = consolidated([sent("a.xlsx", FIRST, 7), sent("b.xlsx", {}, 9)])
    assert figures(outcome, "1") == counts_of(FIRST, "1")
    assert len(found(outcome, "U11")) == 1


def test_a_later_report_that_has_every_section_counts_alone() -> None:
    outcome = consolidated([sent("a.xlsx", FIRST, 7), sent("b.xlsx", LATER, 9)])
    assert figures(outcome, "1") == counts_of(LATER, "1")
    assert found(outcome, "U11") == []


def test_what_another_unit_or_another_period_reports_completes_nothing() -> None:
    part = of_sections(LATER, "3", "7")
    other_period = arrived("c.xlsx", FIRST, UNIT, "2023-Q2")
    outcome = consolidated([sent("b.xlsx", part, 9), other_period])
    assert set(figures(outcome, "1").values()) == {None}
    assert found(outcome, "U11") == []


def test_a_figure_taken_from_another_file_has_no_cell_in_the_one_that_counts() -> None:
    outcome = consolidated([sent("a.xlsx", FIRST, 7), sent("b.xlsx", of_sections(LATER, "3", "7"), 9)])
    (unit,) = outcome.merged.units
    assert unit.cell(FORM.entry_places["1.1"]) is None
    assert unit.cell(FORM.entry_places["3.1.1"]) is not None
