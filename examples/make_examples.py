"""Make the example workbooks: the same report once typed into the template, once as the commune printed it.

    python examples/make_examples.py

In:     report_q1_2023.yaml beside this file, and the standard form.
Out:    BangLang_2023-Q1_mau.xlsx and BangLang_2023-Q1_inlai.xlsx; the same bytes every time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from cchc_excel.excel.writing.strict import StrictWorkbook, StrictWorksheet, new_workbook
from cchc_excel.form import load_form
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.printed.layout import WIDTHS
from cchc_excel.workbook_form.printed.measure import height, lines

HERE = Path(__file__).parent
SHEET = "Biểu thống kê"
FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
_MARKS = re.compile(r"</?[bi]>")
_PIECES = re.compile(r"(?:<([bi])>)?([^<]+)(?:</[bi]>)?")


def examples() -> dict[str, bytes]:
    """Every example workbook by its file name."""
    report = yaml.safe_load((HERE / "report_q1_2023.yaml").read_text("utf-8"))
    return {
        "BangLang_2023-Q1_mau.xlsx": typed(report),
        "BangLang_2023-Q1_inlai.xlsx": as_printed(report),
    }


def typed(report: Mapping[str, Any]) -> bytes:
    """The figures in our template, as texts: what comes of pasting a table from Word, over the formulas too.

    Number and day are left blank.
    """
    form = load_form()
    values = {row.id: report["figures"].get(row.id) for row in form.entries}
    return filled(form, values, unit=report["unit"], period=report["period"], notes=report["notes"])


def as_printed(report: Mapping[str, Any]) -> bytes:
    """The report's own table with everything that the pages of the printout did to it."""
    title = "; ".join(report["printed"]["title"])
    return new_workbook(lambda book: _Print(book).draw(report["printed"]), {"title": title, "author": ""})


class _Print:
    """A sheet written from top to bottom."""

    def __init__(self, book: StrictWorkbook) -> None:
        self.book = book
        self.sheet: StrictWorksheet = book.add_worksheet(SHEET)
        self.row = 1
        self.looks: dict[tuple[tuple[str, object], ...], Any] = {}

    def look(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            self.looks[key] = self.book.add_format({**FONT, **properties})
        return self.looks[key]

    def draw(self, printed: Mapping[str, Any]) -> None:
        for column, pixels in WIDTHS.items():
            self.sheet.set_column_pixels(f"{column}:{column}", pixels)
        for text in printed["title"]:
            self.across(text, bold=True)
        self.across(printed["caption"], italic=True)
        for page in printed["pages"]:
            self.row += 1
            self.header(*printed["header"])
            for cells in page:
                self.line(cells)
        self.sheet.set_portrait()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)

    def across(self, text: str, **properties: object) -> None:
        self.sheet.merge_range(f"A{self.row}:E{self.row}", text, self.look(align="center", **properties))
        self.row += 1

    def header(self, upper: Sequence[str], lower: Sequence[str]) -> None:
        high, low, look = self.row, self.row + 1, self.look(border=1, align="center", bold=True)
        for column, title in zip("ABE", (upper[0], upper[1], upper[4]), strict=True):
            self.sheet.merge_range(f"{column}{high}:{column}{low}", "", look)
            self.text(f"{column}{high}", title, align="center", bold=True)
        self.sheet.merge_range(f"C{high}:D{high}", _plain(upper[2]), look)
        self.text(f"C{low}", lower[2], align="center")
        self.text(f"D{low}", lower[3], align="center")
        self.sheet.set_row(high - 1, height(1, 12))
        self.sheet.set_row(low - 1, height(2, 12))
        self.row += 2

    def line(self, cells: Sequence[str]) -> None:
        for column, text in zip("ABCDE", cells, strict=True):
            self.text(f"{column}{self.row}", text, align="left" if column in "BE" else "center")
        most = max(
            lines(_plain(text), WIDTHS[column], 12, bold="<b>" in text)
            for column, text in zip("ABCDE", cells, strict=True)
        )
        self.sheet.set_row(self.row - 1, height(most, 12))
        self.row += 1

    def text(self, cell: str, marked: str, **properties: object) -> None:
        """Write a text with its bold and italic pieces."""
        pieces = [(mark, text) for mark, text in _PIECES.findall(marked)]
        if len(pieces) < 2:
            look = self.look(border=1, **{**properties, **(_mark(pieces[0][0]) if pieces else {})})
            if pieces:
                self.sheet.write_string(cell, pieces[0][1], look)
            else:
                self.sheet.write_blank(cell, None, look)
            return
        rich = [part for mark, text in pieces for part in (self.look(**_mark(mark)), text)]
        self.sheet.write_rich_string(cell, *rich, self.look(border=1, **properties))


def _mark(mark: str) -> dict[str, object]:
    names = {"b": "bold", "i": "italic"}
    return {names[mark]: True} if mark else {}


def _plain(marked: str) -> str:
    return _MARKS.sub("", marked)


if __name__ == "__main__":
    for name, data in examples().items():
        (HERE / name).write_bytes(data)
        print(HERE / name)
