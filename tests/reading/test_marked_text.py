"""Two numbers in a cell, text struck out or raised, and what Excel's sums leave behind the fifteenth digit."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.grid import MarkedText
from cchc_excel.reading.numbers import read_float, read_number
from cchc_excel.submission import How


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
    (cells,) = read_workbook(workbook("bold", "12", "3", in_memory=inline)).sheets[0].rows.values()
    assert cells[1].value == "123"
    assert not isinstance(cells[1].value, MarkedText)


@pytest.mark.parametrize(
    ("stored", "meant"),
    [(7.0000000000000009, (7, 0)), (1.9999999999999998, (2, 0)), (0.1 + 0.2, (3, 1)), (22.999999999999996, (23, 0))],
)
def test_a_number_has_the_fifteen_digits_that_excel_knows(stored: float, meant: tuple[int, int]) -> None:
    value, decimals = read_float(stored)
    assert (value * 10**decimals, decimals) == meant
