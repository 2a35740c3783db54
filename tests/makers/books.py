"""Workbooks as openpyxl writes them."""

from __future__ import annotations

import io

import openpyxl


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook as openpyxl writes it: formulas without their results."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
