"""Defined names: what a program finds the cells of the template by."""

from __future__ import annotations

import re

PREFIX = "ct_"
UNIT, PERIOD, NUMBER, DAY = "don_vi", "ky_bao_cao", "so_bao_cao", "ngay_bao_cao"
"""The cells for unit, period, number and day of the report."""

UNIT_IN_TITLE = "{unit}"
"""Where the title of a form leaves a place for the unit that reports."""

AGGREGATES = "cchc_tong_hop"
"""A cell in the column where a consolidated workbook keeps its aggregates, beside the figures."""

HISTORY = "cchc_lich_su:"
"""What a text on the findings sheet begins with that keeps the fixes of earlier corrections."""

FORM_PROPERTY, VERSION_PROPERTY, LEVEL_PROPERTY = "cchc_form", "cchc_version", "cchc_level"
"""Document properties: of which form and version the workbook was made; if it is a consolidated one, its level."""

CHECK_SHEET, CHECKS = "Kiểm tra", "trang_kiem_tra"
"""The sheet of the template that says, while the form is filled, what does not fit; and the name that points to it,
so that a reader leaves it out: it is ten times as large as the form, and holds no figure of its own."""

# A sign that Excel does not take in a name is written as in OOXML's own escapes: `-` becomes `_x002D_`.
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._]|_(?=x[0-9A-F]{4})")


def name_of(key: str) -> str:
    """The defined name of an indicator's value cell: `1.4.1.tinh` → `ct_1.4.1.tinh`. Different ids, different names."""
    return PREFIX + _NOT_IN_NAMES.sub(lambda found: f"_x{ord(found[0]):04X}_", key)


def id_of(name: str) -> str | None:
    """The id that a defined name stands for; None for a name that is no indicator's."""
    if not name.startswith(PREFIX):
        return None
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name.removeprefix(PREFIX))
