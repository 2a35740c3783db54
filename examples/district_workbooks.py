"""The workbooks of the example district: plausible figures of a commune, and the form as communes print it.

In:     the standard form, a seed, figures that are given.
Out:    figures that contradict nothing; the bytes of an .xlsx, an .ods or a .csv, the same every time.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cchc_excel.excel.writing.strict import StrictWorkbook, StrictWorksheet, new_workbook
from cchc_excel.form import Form, Indicator
from cchc_excel.form.language.agreement import rounded
from cchc_excel.submission import Period
from cchc_excel.wording import words
from cchc_excel.workbook_form.printed.layout import WIDTHS
from cchc_excel.workbook_form.printed.measure import height, lines

Value = int | float | str | None
Figures = dict[str, Any]

MARK = "Số liệu mô phỏng"
SIZE = 12  # points
TITLES = ("Số TT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số liệu", "Ghi chú")


def figures_of(form: Form, seed: str, period: str, same: Mapping[str, int], pinned: Mapping[str, int]) -> Figures:
    """Return what a commune of some thousand people reports for a quarter; `pinned` figures are kept.

    `same` are the figures that one list of procedures makes equal in every commune.

    What lasts (staff, whether people are asked) depends on `seed` alone, all else on the period too.
    """
    return _Commune(form, seed, Period.parse(period), same, pinned).figures()


class _Commune:
    """The figures of one report, drawn from the top of the form to its end."""

    def __init__(
        self, form: Form, seed: str, period: Period, same: Mapping[str, int], pinned: Mapping[str, int]
    ) -> None:
        self.form, self.quarter, self.pinned = form, period.last_quarter, pinned
        self.random, self.lasting = Random(f"{seed} {period}"), Random(seed)
        self.v: Figures = {row.id: None for row in form.entries} | dict(same)

    def put(self, key: str, low: int, high: int, *, lasts: bool = False) -> int:
        drawn = (self.lasting if lasts else self.random).randint(low, max(low, high))
        figure = self.pinned.get(key, drawn)
        self.v[key] = figure
        return figure

    def figures(self) -> Figures:
        self.v.update({"1.3.quyet_dinh": 1, "5.4.lanh_dao": 0})
        self._directing()
        self._staff()
        self._dossiers()
        for row in self.form.entries:
            if row.total_of and row.reported_by is None:
                self.v[row.id] = sum(self.v[part] for part in row.total_of)
        places = self.random.choice((0, 1, 2, 2))
        for row in self.form.entries:
            if row.part and row.whole and row.reported_by is None and self.v[row.whole]:
                self.v[row.id] = _percentage(self.v[row.part], self.v[row.whole], places)
        return self.v

    def _directing(self) -> None:
        put = self.put
        put("1.1", 2, 7)
        planned = put("1.2.1", 8, 18)
        put("1.2.2", planned * self.quarter // 6, planned * self.quarter // 4)
        for level, most in (("tinh", 1), ("huyen", 9)):
            left = put(f"1.4.1.{level}", most // 2, most)
            left -= put(f"1.4.2.{level}", left // 2, left)
            left -= put(f"1.4.3.{level}", 0, min(left, 1))
            put(f"1.4.4.{level}", 0, 0)
        asked = put("1.5.1", 0, 1, lasts=True) and put("1.5.1", 20, 40)
        self.v["1.5.2"] = ("Phát phiếu", "Kết hợp")[self.random.randint(0, 1)] if asked else None
        self.v["1.6"] = ("Có", "Không", "Không")[self.random.randint(0, 2)]
        put("2.1", 0, 2)
        for checked, rate in (("2.2", "2.2.1"), ("2.3.1", "2.3.2")):
            to_handle = put(f"{rate}.can_xu_ly", 0, min(1, put(checked, 0, 4)))
            put(f"{rate}.da_xu_ly", 0, to_handle)

    def _staff(self) -> None:
        cadres = self.put("4.1.1", 9, 11, lasts=True)
        officials = self.put("4.2.1", 8, 11, lasts=True)
        self.v.update({"4.1": cadres, "4.2": officials, "5.1.1": cadres + officials})
        for key in ("4.1.2", "4.2.2", "4.2.3", "5.2.1", "5.2.2"):
            self.put(key, 0, 0)
        for key in ("4.1.3", "4.2.4"):
            self.put(key, 4, 12, lasts=True)
        self.put("4.3.co_mat", 7, 12, lasts=True)
        self.v["5.1.2"] = 100

    def _dossiers(self) -> None:
        put = self.put
        received = put("7.2.4.da_tiep_nhan", 80, 210)
        settled = put("3.3.1.da_giai_quyet", received - 6, received)
        on_time = put("3.3.1.dung_han", settled - 4, settled)
        self.v.update({"3.3.2.da_giai_quyet": settled, "3.3.2.dung_han": on_time})
        put("3.4.2", 0, put("3.4.1", 0, 1))
        used = put("7.2.1.phat_sinh", 5, 14) + put("7.2.2.phat_sinh", 2, 6)
        put("7.2.4.truc_tuyen", max(used, received * 35 // 100), received * 55 // 100)
        put("7.1", 240, 620)
        put("7.1.dien_tu_va_giay", 2, 100 - put("7.1.dien_tu", 88, 97))


def _percentage(part: int, whole: int, places: int) -> int | float:
    """A percentage with so many decimals; with two where fewer would make 100 % of less."""
    exact = Fraction(100 * part, whole)
    written = rounded(exact, places)
    return _plain(rounded(exact, 2) if written == 100 != exact else written)


def _plain(figure: int | Fraction) -> int | float:
    return figure if isinstance(figure, int) else float(figure)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One filled form: who, for when, what stands in each row; the figures as they are typed."""

    form: Form
    unit: str
    period: str
    number: str
    day: date
    values: Mapping[str, Value]
    notes: Mapping[str, str]

    def above(self) -> tuple[str, ...]:
        """The lines above the table."""
        day = f"{self.day:%d/%m/%Y}"
        return (
            self.unit.upper(),
            "BIỂU THỐNG KÊ",
            self.form.title,
            f"(Kèm theo Báo cáo số: {self.number} ngày {day} của {self.unit})",
        )

    def titles(self) -> tuple[str, ...]:
        """The titles of the columns, the period among them."""
        when = words("vi").period(Period.parse(self.period))
        return TITLES[0], f"{TITLES[1]} (Sử dụng trong kỳ báo cáo {when[0].lower()}{when[1:]})", *TITLES[2:]

    def rows(self) -> Iterator[tuple[Indicator, tuple[Value, ...]]]:
        """Every row as the communes' own sheet prints it, with its defects, and as the clerk filled it."""
        for row in self.form.indicators:
            printed = row.printed
            stt = row.stt if printed.stt is None else printed.stt
            label = row.label if printed.label is None else printed.label
            unit = row.unit if printed.unit is None else printed.unit
            yield row, (stt, label, unit, self.values.get(row.id), self.notes.get(row.id, row.note))


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def as_ods(sheet: Sheet, name: str) -> bytes:
    """Return the form as LibreOffice keeps it: a zip of the type, a manifest and the cells."""
    lines: list[tuple[Value, ...]] = [*((line,) for line in sheet.above()), sheet.titles()]
    lines += [cells for _, cells in sheet.rows()]
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in lines)
    content = (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.2"><office:body><office:spreadsheet>'
        f"<table:table table:name={quoteattr(name)}>{rows}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for part, text in (("mimetype", _ODS), ("META-INF/manifest.xml", _HEAD + _MANIFEST), ("content.xml", content)):
            stored = part == "mimetype"  # the first part, and not packed: what tells the kind of file
            at = zipfile.ZipInfo(part, (2023, 1, 1, 0, 0, 0))
            package.writestr(at, text, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _ods_cell(value: Value) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    kind = "string" if isinstance(value, str) else f'float" office:value="{value}'
    shown = escape(str(value) if isinstance(value, str | int) else str(value).replace(".", ","))
    return f'<table:table-cell office:value-type="{kind}"><text:p>{shown}</text:p></table:table-cell>'


def as_csv(sheet: Sheet) -> bytes:
    """Return the form as Excel saves it in a Vietnamese Windows: semicolons and decimal commas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    for line in sheet.above():
        writer.writerow([line, "", "", "", ""])
    writer.writerow(sheet.titles())
    for _, cells in sheet.rows():
        writer.writerow([str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet, name: str) -> bytes:
    """Return the form as a workbook of one sheet, plain and without rules of its own."""
    properties = {"title": sheet.form.title, "author": "", "comments": MARK}
    return new_workbook(lambda book: _draw(book, book.add_worksheet(name), sheet), properties)


def other_form() -> bytes:
    """Return a workbook that is no statistics form."""
    days = ("10/01", "31/01", "10/02", "28/02", "10/03", "28/03")
    table: list[tuple[str, ...]] = [
        ("LỊCH TIẾP CÔNG DÂN QUÝ I NĂM 2023", "", "", MARK),
        ("STT", "Ngày", "Người tiếp", "Địa điểm"),
        *((str(at), f"{day}/2023", "Lãnh đạo UBND xã", "Phòng tiếp công dân") for at, day in enumerate(days, start=1)),
    ]

    def fill(book: StrictWorkbook) -> None:
        sheet = book.add_worksheet("Lịch")
        for number, cells in enumerate(table):
            sheet.write_row(number, 0, cells)

    return new_workbook(fill, {"title": "Lịch tiếp công dân", "author": "", "comments": MARK})


def _draw(book: StrictWorkbook, page: StrictWorksheet, sheet: Sheet) -> None:
    usual = {"font_name": "Times New Roman", "font_size": SIZE, "valign": "vcenter", "text_wrap": True}
    looks = {
        (bold, align): book.add_format({**usual, "border": 1, "bold": bold, "align": align})
        for bold in (False, True)
        for align in ("left", "center")
    }
    above = book.add_format({**usual, "bold": True, "align": "center", "text_wrap": False})
    for column, pixels in WIDTHS.items():
        page.set_column_pixels(f"{column}:{column}", pixels)
    number = 1
    for line in sheet.above():
        page.merge_range(f"A{number}:E{number}", line, above)
        number += 1
    _line(page, number, sheet.titles(), [looks[True, "center"]] * 5, bold=True)
    for row, cells in sheet.rows():
        number += 1
        bold = row.depth in {1, 2} or not row.is_entry
        sides = [(bold, "center"), (bold, "left"), (False, "center"), (False, "center"), (False, "left")]
        _line(page, number, cells, [looks[side] for side in sides], bold=bold)
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _line(page: StrictWorksheet, number: int, cells: Sequence[Value], looks: Sequence[Any], *, bold: bool) -> None:
    most = 1
    for column, cell, look in zip("ABCDE", cells, looks, strict=True):
        if cell is None or cell == "":
            page.write_blank(f"{column}{number}", None, look)
        elif isinstance(cell, str):
            page.write_string(f"{column}{number}", cell, look)
            most = max(most, lines(cell, WIDTHS[column], SIZE, bold=bold))
        else:
            page.write_number(f"{column}{number}", cell, look)
    page.set_row(number - 1, height(most, SIZE))
