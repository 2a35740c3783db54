"""Two numbers in a cell, text struck out or raised, and what Excel's sums leave behind the fifteenth digit."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlsxwriter
from packages import zipped
from sheet_writers import Page, Written, as_ods, as_xls, as_xlsx

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.form import load_form
from cchc_excel.grid import Cell, Grid, LooksText, MarkedText
from cchc_excel.reading.entries import read_entry
from cchc_excel.reading.numbers import read_float, read_number
from cchc_excel.submission import CellAddress, How


@pytest.mark.parametrize("text", ["5\n100", "5\t100", "5\r\n100", "5\n\n100"])
def test_two_lines_are_two_numbers_and_neither_is_read(text: str) -> None:
    reading = read_number(text, "count", "Văn bản")
    assert (reading.how, reading.problem, reading.alternatives) == (How.UNREAD, "two_numbers", (5, 100))


@pytest.mark.parametrize("text", ["5 100", "5.100", "5\u00a0100"])
def test_a_space_or_a_full_stop_still_separates_thousands(text: str) -> None:
    assert read_number(text, "count", "Văn bản").value == 5100


@pytest.mark.parametrize("text", ["5\n", "\n5", "5\nvăn bản"])
def test_one_number_and_a_line_break_is_that_number(text: str) -> None:
    assert read_number(text, "count", "Văn bản").value == 5


def workbook(*fragments: object, in_memory: bool = False) -> bytes:
    """A workbook whose A1 is a text in several runs: formats and texts in turn, formats by name."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": in_memory, "constant_memory": in_memory}) as book:
        formats = {
            "struck": book.add_format({"font_strikeout": True}),
            "raised": book.add_format({"font_script": 1}),
            "lowered": book.add_format({"font_script": 2}),
            "bold": book.add_format({"bold": True}),
            "red": book.add_format({"font_color": "red"}),
            "black": book.add_format({"font_color": "black"}),
            "larger": book.add_format({"font_size": 14}),
        }
        book.add_worksheet().write_rich_string("A1", *(formats.get(str(it), it) for it in fragments))
    return written.getvalue()


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    ("fragments", "unmarked"),
    [(("struck", "12", "3"), "3"), (("2", "raised", "1"), "2"), (("2", "lowered", "1"), "2")],
)
def test_what_is_struck_out_or_raised_is_told_apart(fragments: tuple[str, ...], unmarked: str, *, inline: bool) -> None:
    (cells,) = read_workbook(workbook(*fragments, in_memory=inline)).sheets[0].rows.values()
    value = cells[1].value
    assert isinstance(value, MarkedText)
    assert value.unmarked == unmarked
    assert value == "".join(text for text in fragments if text not in {"struck", "raised", "lowered"})


@pytest.mark.parametrize("inline", [False, True])
def test_bold_letters_are_plain_text(*, inline: bool) -> None:
    (cells,) = read_workbook(workbook("bold", "12", " hồ sơ", in_memory=inline)).sheets[0].rows.values()
    assert (cells[1].value, type(cells[1].value)) == ("12 hồ sơ", str)


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    ("fragments", "parts"),
    [(("882 ", "red", "883"), ("882 ", "883")), (("bold", "12", "3"), ("12", "3")),
     (("bold", "12", "red", " ", "3"), ("12 ", "3"))],
)  # fmt: skip
def test_digits_that_look_different_are_told_apart(
    fragments: tuple[str, ...], parts: tuple[str, ...], *, inline: bool
) -> None:
    (cells,) = read_workbook(workbook(*fragments, in_memory=inline)).sheets[0].rows.values()
    value = cells[1].value
    assert isinstance(value, LooksText)
    assert (str(value), value.parts) == ("".join(parts), parts)


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    "fragments", [("black", "12", "3"), ("larger", "12", "3"), ("red", "12", "red", "3"), ("12", "red", " hồ sơ")]
)
def test_runs_that_look_alike_are_one_text(fragments: tuple[str, ...], *, inline: bool) -> None:
    (cells,) = read_workbook(workbook(*fragments, in_memory=inline)).sheets[0].rows.values()
    assert type(cells[1].value) is str


@pytest.mark.parametrize(
    ("parts", "alternatives"), [(("882 ", "883"), (882, 883, 882883)), (("88", "2"), (88, 2, 882))]
)
def test_two_figures_that_look_different_are_unread_and_told(
    parts: tuple[str, ...], alternatives: tuple[int, ...]
) -> None:
    row = next(it for it in load_form("cchc_rut_gon").entries if it.id == "cong_bo_moi")
    cell = Cell(1, 1, LooksText("".join(parts), parts))
    entry, finding = read_entry(cell, row, Grid(()), CellAddress("Biểu", 1, 1))
    assert (entry.how, entry.value, finding and finding.code) == (How.UNREAD, None, "T26")
    assert finding is not None
    assert finding.facts["alternatives"] == alternatives


@pytest.mark.parametrize(
    ("stored", "meant"),
    [(7.0000000000000009, (7, 0)), (1.9999999999999998, (2, 0)), (0.1 + 0.2, (3, 1)), (22.999999999999996, (23, 0))],
)
def test_a_number_has_the_fifteen_digits_that_excel_knows(stored: float, meant: tuple[int, int]) -> None:
    value, decimals = read_float(stored)
    assert (value * 10**decimals, decimals) == meant


# --- what is struck out is known of every kind of file that tells it


KINDS: tuple[Callable[[list[Page]], bytes], ...] = (as_xlsx, as_xls, as_ods)


def only_cell(writer: Callable[[list[Page]], bytes], written: Written) -> tuple[Cell, Grid]:
    grid = open_grid(writer([Page("Biểu", {(1, 1): written})])).grid
    return grid.sheets[0].rows[1][1], grid


@pytest.mark.parametrize("writer", KINDS)
@pytest.mark.parametrize(
    ("written", "unmarked"),
    [
        (Written("3", struck="12"), "3"),
        (Written("2", raised="1"), "2"),
        (Written("12", struck="7", raised="3"), "12"),
    ],
)
def test_letters_that_are_struck_out_or_raised_are_told_apart_in_every_kind(
    writer: Callable[[list[Page]], bytes], written: Written, unmarked: str
) -> None:
    cell, _ = only_cell(writer, written)
    assert isinstance(cell.value, MarkedText)
    assert cell.value.unmarked == unmarked
    assert cell.value == f"{written.struck}{written.value}{written.raised}"


@pytest.mark.parametrize("writer", [as_xlsx, as_xls])
def test_digits_of_two_colours_are_told_apart(writer: Callable[[list[Page]], bytes]) -> None:
    cell, _ = only_cell(writer, Written("882 ", red="883"))
    assert isinstance(cell.value, LooksText)
    assert (str(cell.value), cell.value.parts) == ("882 883", ("882 ", "883"))


@pytest.mark.parametrize("writer", KINDS)
def test_a_cell_that_is_struck_out_as_a_whole_is_unread_with_its_figure_as_the_alternative(
    writer: Callable[[list[Page]], bytes],
) -> None:
    form = load_form("cchc_rut_gon")
    row = next(it for it in form.entries if it.id == "cong_bo_moi")
    for written in (Written(12, is_crossed_out=True), Written("12", is_crossed_out=True)):
        cell, grid = only_cell(writer, written)
        assert grid.style(cell).struck
        entry, finding = read_entry(cell, row, grid, CellAddress("Biểu", 1, 1))
        assert (entry.how, entry.value, finding and finding.code) == (How.UNREAD, None, "T29")
    cell, grid = only_cell(writer, Written(12))
    assert not grid.style(cell).struck


def test_lines_of_a_marked_text_in_an_ods_stay_lines() -> None:
    span = "<text:span text:style-name='struck'>12</text:span>"
    style = "<style:style style:family='text' style:name='struck'><style:text-properties {}/></style:style>"
    for look in (
        "style:text-line-through-style='solid'",
        "style:text-position='super 58%'",
        "style:text-position='-33% 58%'",
    ):
        content = f"<text:p>{span}3</text:p><text:p>4</text:p>"
        value = ods_value(content, style.format(look))
        assert isinstance(value, MarkedText)
        assert (str(value), value.unmarked) == ("123\n4", "3\n4")
    plain = ods_value(f"<text:p>{span}3</text:p>", style.format("style:text-position='0% 100%'"))
    assert (plain, type(plain)) == ("123", str)


def ods_value(content: str, styles: str) -> object:
    document = (
        f"<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        "<office:spreadsheet><table:table table:name='T'><table:table-row><table:table-cell "
        f"office:value-type='string'>{content}</table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    grid = open_grid(zipped({"mimetype": kind, "content.xml": document})).grid
    return grid.sheets[0].rows[1][1].value
