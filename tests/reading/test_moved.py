"""Rows that go on without titles, with their figures in another column: none of them is read, and it is said."""

from __future__ import annotations

import pytest
from drawing import drawn

from cchc_excel.form import Form, load_form
from cchc_excel.grid import Grid
from cchc_excel.reading import Reading, read_grid
from cchc_excel.submission import How

TITLES = "| STT | Nội dung | ĐVT | Kết quả | Ghi chú |"
HEADING = "UBND xã Suối Mây\nQuý I năm 2024"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("cchc_rut_gon")


def rows_of(form: Form, figures: str, first: int = 0, end: int | None = None) -> str:
    """The rows of the form that take a value, each with the same figures and notes."""
    rows = form.entries[first:end]
    return "\n".join(f"| {row.stt} | {row.label} | {row.unit} | {figures} |" for row in rows)


def read(form: Form, *sheets: str) -> Reading:
    grids = [drawn(text, f"Trang {number}") for number, text in enumerate(sheets, start=1)]
    return read_grid(Grid(tuple(sheet for grid in grids for sheet in grid.sheets)), form, "bieu.xlsx")


def unread(reading: Reading) -> int:
    assert reading.submission is not None
    return sum(entry.how is How.UNREAD for entry in reading.submission.entries.values())


def told(reading: Reading) -> list[tuple[object, int]]:
    found = (finding for finding in reading.findings if finding.code == "S18")
    return [(finding.facts["column"], len(finding.indicators)) for finding in found]


HALF = 9  # of 17 rows


@pytest.mark.parametrize(
    ("figures", "column"),
    [("99 | 7", "E"), (" | 7", "E"), ("x | 7", "E"), ("99 | | 7", "F"), ("99 | | 8", "F"), ("99 | 7,5", "E")],
)
def test_figures_that_moved_on_a_sheet_without_titles_are_not_read_and_are_told(
    figures: str, column: str, form: Form
) -> None:
    titles = TITLES if figures != "99 | | 8" else TITLES.replace(" Ghi chú |", "")
    first = "\n".join((HEADING, titles, rows_of(form, "7 |", 0, HALF)))
    reading = read(form, first, rows_of(form, figures, HALF))
    assert unread(reading) == len(form.entries) - HALF
    assert told(reading) == [(column, len(form.entries) - HALF)]


def test_so_are_those_that_moved_from_some_row_on(form: Form) -> None:
    sheet = "\n".join((HEADING, TITLES, rows_of(form, "7 |", 0, HALF), rows_of(form, "99 | 7", HALF)))
    reading = read(form, sheet)
    assert unread(reading) == len(form.entries) - HALF
    assert told(reading) == [("E", len(form.entries) - HALF)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("| {stt} | {label} | 5 | 6 | {unit} | 7 |", "F"),  # two columns more before the units
        ("| 7 | {label} | {unit} | | |", "A"),  # in the place of the numbers
        ("| 7 | {label} | {unit} | {stt} | |", "A"),  # exchanged with them
    ],
)
def test_units_and_numbers_out_of_their_place_show_it_too(row: str, column: str, form: Form) -> None:
    rows = [it for it in form.entries if it.stt]
    upper = "\n".join(f"| {it.stt} | {it.label} | {it.unit} | 7 | |" for it in rows[:5])
    lower = "\n".join(row.format(stt=it.stt, label=it.label, unit=it.unit) for it in rows[5:])
    reading = read(form, "\n".join((HEADING, TITLES, upper, lower)))
    assert len(rows) >= 10
    assert told(reading) == [(column, len(rows) - 5)]
    assert unread(reading) == len(rows) - 5


def test_rows_that_are_only_numbered_otherwise_move_none(form: Form) -> None:
    lower = "\n".join(f"| {n} | {it.label} | {it.unit} | 7 | |" for n, it in enumerate(form.entries[HALF:], start=1))
    reading = read(form, "\n".join((HEADING, TITLES, rows_of(form, "7 |", 0, HALF), lower)))
    assert told(reading) == []


def test_numbers_that_go_up_beside_blank_figures_are_numbering_and_move_none(form: Form) -> None:
    lower = "\n".join(f"| {n} | {it.label} | {it.unit} | | |" for n, it in enumerate(form.entries[HALF:], start=1))
    reading = read(form, "\n".join((HEADING, TITLES, rows_of(form, "7 |", 0, HALF), lower)))
    assert told(reading) == []
    assert unread(reading) == 0


@pytest.mark.parametrize("note", ["2023", "100%"])
def test_one_note_beside_figures_that_differ_moves_none(note: str, form: Form) -> None:
    upper = "\n".join((HEADING, TITLES, rows_of(form, "7 |", 0, HALF)))
    rows = [f"| {it.stt} | {it.label} | {it.unit} | {n}" for n, it in enumerate(form.entries[HALF:], start=1)]
    with_notes, without = (
        read(form, "\n".join((upper, *(f"{row} | {text} |" for row in rows)))) for text in (note, "")
    )
    assert told(with_notes) == []
    assert unread(with_notes) == unread(without)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("7 |", "7 |"),
        ("7 | 7", "7 | 7"),  # whoever keeps figures beside all rows does so here too
        ("7 |", "7 | giảm 7"),
        ("7 |", "7 | | | 7"),  # further behind the notes: somebody's own
    ],
)
def test_what_stands_beside_the_figures_otherwise_moves_none(upper: str, lower: str, form: Form) -> None:
    titles = "\n".join((HEADING, TITLES))
    for reading in (
        read(form, "\n".join((titles, rows_of(form, upper, 0, HALF), rows_of(form, lower, HALF)))),
        read(form, "\n".join((titles, rows_of(form, upper, 0, HALF))), rows_of(form, lower, HALF)),
    ):
        assert told(reading) == []
        assert reading.submission is not None
        assert reading.submission[form.entries[0].id].value == reading.submission[form.entries[-1].id].value == 7


def test_a_few_figures_among_the_notes_of_the_last_rows_move_none(form: Form) -> None:
    last = len(form.entries) - 4
    reading = read(form, "\n".join((HEADING, TITLES, rows_of(form, "7 |", 0, last), rows_of(form, "7 | 3", last))))
    assert told(reading) == []


def test_under_titles_of_their_own_figures_stand_where_these_say(form: Form) -> None:
    titles = TITLES.replace("ĐVT |", "ĐVT | Kỳ trước |")
    first = "\n".join((HEADING, TITLES, rows_of(form, "7 |", 0, HALF)))
    reading = read(form, first, "\n".join((titles, rows_of(form, "99 | 7", HALF))))
    assert told(reading) == []
    assert reading.submission is not None
    assert {entry.value for entry in reading.submission.entries.values()} >= {7}
    assert 99 not in {entry.value for entry in reading.submission.entries.values()}
