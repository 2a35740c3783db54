"""Workbooks of the kinds that libraries read for us: .xls, .xlsb, .ods, HTML and XML → Grid, in a child process.

A child, because one stray cell at the far corner makes calamine ask for all the memory there is, and because a
damaged .xls can keep a library busy for ever: the child is ended then, and the file is one finding.
"""

from __future__ import annotations

from cchc_excel.errors import DamagedWorkbook, UnreadableWorkbook
from cchc_excel.excel.kept_child import ChildFailed, KeptChild
from cchc_excel.grid import Grid

__all__ = ["read_in_child"]

_CHILD = KeptChild("cchc_excel.excel.opening.in_child:answer")


def read_in_child(kind: str, data: bytes) -> Grid:
    """Return the grid of a workbook of this kind. Raises an UnreadableWorkbook."""
    try:
        given = _CHILD.call(kind, data)
    except ChildFailed as error:  # calamine panics over some damaged files
        raise DamagedWorkbook(str(error).strip().rpartition("\n")[2]) from error
    if isinstance(given, UnreadableWorkbook):
        raise given
    grid: Grid = given
    return grid


# --- in the child


def answer(kind: str, data: bytes) -> Grid | UnreadableWorkbook:
    """Return the grid, or the reason why there is none: an exception crosses to the parent as a value."""
    try:
        return _read(kind, data)
    except UnreadableWorkbook as error:
        return error


def _read(kind: str, data: bytes) -> Grid:
    """Each reader is loaded when the first file of its kind comes."""
    if kind == "xls":
        from cchc_excel.excel.opening.read_xls import read_xls

        return read_xls(data)
    if kind == "ods":
        from cchc_excel.excel.opening.read_ods import read_ods

        return read_ods(data)
    if kind == "xml":
        from cchc_excel.excel.opening.read_xml_2003 import read_xml_2003

        return read_xml_2003(data)
    if kind in {"html", "mht"}:
        from cchc_excel.excel.opening.read_html import read_html, read_web_archive

        return read_html(data) if kind == "html" else read_web_archive(data)
    from cchc_excel.excel.opening.read_xlsb import read_xlsb

    return read_xlsb(data)
