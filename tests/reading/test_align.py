"""Rows and indicators: what was aligned before changes no alignment."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_excel.errors import WorkbookTooLarge
from cchc_excel.form import load_form
from cchc_excel.grid import Cell
from cchc_excel.reading import align as align_module
from cchc_excel.reading.align import Alignment, align
from cchc_excel.reading.table import TableRow
from cchc_excel.reading.vocabulary import Labels

FORM = load_form()


def rows_of(choose: random.Random) -> list[TableRow]:
    """The form's rows as a clerk may leave them: some deleted, twice, moved, torn, renamed, renumbered, blank."""
    rows = [(row.stt, row.label, row.unit, choose.random() < 0.8 if row.is_entry else False) for row in FORM.indicators]
    for _ in range(choose.choice([0, 0, 1, 2, 4])):
        at = choose.randrange(len(rows))
        stt, label, unit, filled = rows[at]
        match choose.randrange(7):
            case 0:
                del rows[at]
            case 1:
                rows.insert(choose.randrange(len(rows)), rows[at])
            case 2:
                rows.insert(choose.randrange(len(rows)), rows.pop(at))
            case 3:
                head, _, rest = label.partition(" ")
                rows[at : at + 1] = [(stt, head, "", False), ("", rest, unit, filled)]
            case 4:
                rows[at] = (stt, label[:-3] + "ø", unit, filled)
            case 5:
                rows[at] = ("9.9", label, unit, filled)
            case 6:
                rows.insert(at, ("", "Ghi chú của xã", "", choose.random() < 0.5))
    return [
        TableRow(number, stt, label, unit, Cell(number, 4, 1) if filled else None, "")
        for number, (stt, label, unit, filled) in enumerate(rows, start=8)
    ]


def said(alignment: Alignment) -> tuple[object, ...]:
    return alignment.matches, alignment.repeated, alignment.unclear, alignment.extra


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 2**32), min_size=2, max_size=6))
def test_what_was_aligned_before_changes_no_alignment(seeds: list[int]) -> None:
    labels = Labels(FORM)
    for rows in [rows_of(random.Random(seed)) for seed in (*seeds, *seeds)]:
        assert said(align(rows, labels)) == said(align(rows, Labels(FORM)))


def test_two_rows_of_one_label_are_told_apart_by_what_stands_beside_them_each_time() -> None:
    """`UBND tỉnh` torn off its place: with a figure it is a row, without one it may be the rest of another."""
    labels = Labels(FORM)
    rows = [
        TableRow(number, row.stt, row.label, row.unit, Cell(number, 4, 1) if row.is_entry else None, "")
        for number, row in enumerate(FORM.indicators, start=8)
    ]
    at = next(place for place, row in enumerate(rows) if row.label == "UBND tỉnh")
    rows.insert(at, TableRow(900, "", "UBND tỉnh", "", None, ""))
    for value in (None, Cell(900, 4, 5), None):
        rows[at] = rows[at]._replace(value=value)
        assert said(align(rows, labels)) == said(align(rows, Labels(FORM)))


def printed_rows() -> list[TableRow]:
    return [TableRow(number, row.stt, row.label, row.unit, None, "") for number, row in enumerate(FORM.indicators, 8)]


def strange_rows(count: int) -> list[TableRow]:
    return [TableRow(number, "", "Tổng số ghi chú của xã", "", None, "") for number in range(1000, 1000 + count)]


def test_a_strange_row_that_stands_there_a_thousand_times_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def like_nothing(row: TableRow, *_: object) -> tuple[int, ...]:
        compared.append(row.label)
        return ()

    monkeypatch.setattr(align_module, "_similar", like_nothing)
    assert len(align([*printed_rows()[:-1], *strange_rows(1000)], Labels(FORM)).extra) == 1000
    assert compared == ["Tổng số ghi chú của xã"]


def test_strange_rows_below_a_whole_form_are_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def score(label: str, *_: object) -> float:
        compared.append(label)
        return 0.0

    monkeypatch.setattr(align_module, "label_score", score)
    assert len(align([*printed_rows(), *strange_rows(1000)], Labels(FORM)).extra) == 1000
    assert compared == []


def test_hundreds_of_strange_rows_in_place_of_the_forms_own_are_refused() -> None:
    with pytest.raises(WorkbookTooLarge):
        align(strange_rows(500), Labels(FORM))
    assert len(align(strange_rows(50), Labels(FORM)).extra) == 50


def filled_rows() -> list[TableRow]:
    """The form's rows with a figure in each of its entries: the number of its row."""
    return [
        row._replace(value=Cell(row.number, 4, row.number) if indicator.is_entry else None)
        for row, indicator in zip(printed_rows(), FORM.indicators, strict=True)
    ]


def place_of(key: str) -> int:
    return next(place for place, indicator in enumerate(FORM.indicators) if indicator.id == key)


def test_a_row_more_of_a_label_that_several_have_repeats_the_one_above_it() -> None:
    rows = filled_rows()
    rows.insert(place_of("1.4.4.huyen") + 1, TableRow(900, "", "UBND tỉnh", "Nhiệm vụ", Cell(900, 4, 77), ""))
    rows = [row._replace(number=number) for number, row in enumerate(rows, start=8)]

    (repeated,) = align(rows, Labels(FORM)).repeated

    assert repeated.indicator.id == "1.4.4.tinh"


def test_rows_exchanged_under_each_of_several_numbers_keep_their_numbers() -> None:
    rows = filled_rows()
    for number in ("1.4.1", "1.4.2", "1.4.3", "1.4.4"):
        at = place_of(f"{number}.tinh")
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
    rows = [row._replace(number=number) for number, row in enumerate(rows, start=8)]

    alignment = align(rows, Labels(FORM))

    figures = {match.indicator.id: match.row.value.value for match in alignment.matches if match.row.value is not None}
    assert alignment.unclear == []
    assert all(figures[f"1.4.{n}.huyen"] == place_of(f"1.4.{n}.huyen") + 8 for n in (1, 2, 3, 4))


@pytest.mark.parametrize(("key", "taken"), [("2.1", 77), ("1.4.4.huyen", None)])
def test_a_row_right_below_its_blank_double_holds_the_figure_where_no_other_row_has_its_label(
    key: str, taken: int | None
) -> None:
    rows = filled_rows()
    at = place_of(key)
    rows.insert(at + 1, rows[at]._replace(value=Cell(900, 4, 77)))
    rows[at] = rows[at]._replace(value=None)
    rows = [row._replace(number=number) for number, row in enumerate(rows, start=8)]

    (match,) = (it for it in align(rows, Labels(FORM)).matches if it.indicator.id == key)

    assert (match.row.value.value if match.row.value is not None else None) == taken
