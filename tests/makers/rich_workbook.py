"""A filled form among all that object-model writers drop: drawn by XlsxWriter, the rest put in by hand and wired up."""

from __future__ import annotations

import base64
import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter
from macro_project import macro_project
from office_parts import FORM_SHEET, HIDDEN, HIDDEN_SHEET, SHEET, THREAD, WORKBOOK, Parts, put_in_all
from packages import zipped

from cchc_excel.excel.ooxml import read_workbook

__all__ = ["FORM_SHEET", "HIDDEN", "HIDDEN_SHEET", "PRINTED", "SHEET", "TOTAL", "WORKBOOK", "rich_workbook"]

PRINTED = Path(__file__).parents[2] / "examples" / "BangLang_2023-Q1_inlai.xlsx"
TOTAL = (130, 4)
"""Where the formula `=D9*2` stands: D9 is 1.2, whose `02` is put right as 28.57."""

MACRO = 'Sub chay()\r\n    MsgBox "Xong"\r\nEnd Sub\r\n'
_VALUES = 4
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def rich_workbook() -> bytes:
    """The workbook, an .xlsm; always the same bytes."""
    with zipfile.ZipFile(io.BytesIO(_drawn())) as package:
        # XlsxWriter calls one part `/xl/richData/…`, and what looks for `xl/richData/…` does not find it
        parts = {
            name.lstrip("/"): package.read(name).decode("utf-8") if _is_text(name) else package.read(name)
            for name in package.namelist()
        }
    put_in_all(Parts(parts))
    return zipped(parts)


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def _drawn() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(2023, 3, 31, tzinfo=datetime.UTC).replace(tzinfo=None)})
    sheet, hidden = book.add_worksheet(SHEET), book.add_worksheet(HIDDEN)
    _write_form(book, sheet)
    _decorate(book, sheet)
    for row, (kind, count) in enumerate([("Loại", "Số"), ("L1", 1), ("L2", 2), ("L3", 3)]):
        hidden.write_row(row, 0, [kind, count])
        hidden.write_row(row, 3, [kind, "Tổng" if row == 0 else count])
    hidden.write_row(4, 3, ["Cộng", 6])
    hidden.hide()
    book.define_name("tong", f"={SHEET}!$D$9")
    book.define_name(f"{SHEET}!rieng", f"={SHEET}!$D$10")
    book.add_vba_project(io.BytesIO(macro_project("MoDun", MACRO)), is_stream=True)  # type: ignore[arg-type]  # XlsxWriter writes str
    book.close()
    return buffer.getvalue()


def _write_form(book: Any, sheet: Any) -> None:
    """The printed specimen's table; every value a number stored as text, as clerks leave them."""
    (printed,) = read_workbook(PRINTED.read_bytes()).sheets
    label = book.add_format({"text_wrap": True, "valign": "top"})
    value = book.add_format({"num_format": "@", "italic": True, "bg_color": "#EEFFEE", "locked": False})
    for row, cells in printed.rows.items():
        for column, cell in cells.items():
            sheet.write_string(row - 1, column - 1, str(cell.value), value if column == _VALUES else label)
    row, column = TOTAL
    sheet.write_formula(row - 1, column - 1, "=D9*2", None, 4)
    sheet.write_formula(row, column - 1, "=SUM(D9:D10)", None, 0)
    sheet.write_formula(row, column, f"=[1]{SHEET}!$D$9", None, 7)
    sheet.write_rich_string(
        row, 1, "Số ", book.add_format({"bold": True}), "liệu", book.add_format({"italic": True}), " quý"
    )
    sheet.set_row(row + 2, None, None, {"hidden": True})
    sheet.write_string(row + 2, 1, "dòng ẩn")
    sheet.merge_range(row + 4, 1, row + 5, 2, "ô gộp", label)


def _decorate(book: Any, sheet: Any) -> None:
    picture = {"image_data": io.BytesIO(_PIXEL)}
    sheet.insert_textbox("G2", "Hộp chữ", {"line": {"color": "red"}})
    sheet.insert_image("G9", "a.png", picture)
    sheet.embed_image("K30", "a.png", {"image_data": io.BytesIO(_PIXEL)})
    sheet.write_comment("D9", "[Threaded comment]\n\nComment:\n    Xem lại", {"author": f"tc={THREAD}"})
    sheet.write_comment("D11", "Theo báo cáo quý", {"author": "Cán bộ"})
    sheet.conditional_format("D10:D20", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D10:D20", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("H1", {"validate": "list", "source": ["a", "b"]})
    sheet.add_sparkline("I1", {"range": f"{SHEET}!D10:D20"})
    sheet.insert_checkbox("J1", True)
    sheet.insert_button("K3", {"macro": "chay", "caption": "Chạy"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={SHEET}!$D$10:$D$20"})
    sheet.insert_chart("L2", chart)
    sheet.set_header("&L&G", {"image_left": "a.png", "image_data_left": io.BytesIO(_PIXEL)})
    sheet.protect("mật khẩu", {"format_cells": True})
    sheet.freeze_panes(6, 0)
    sheet.set_paper(9)
