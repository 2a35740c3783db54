"""New workbooks by XlsxWriter, with its silent refusals made loud.

XlsxWriter answers a call that breaks a limit of Excel with a warning, or with −1 or −2, and leaves
the thing out: a prompt of 256 characters is simply gone from the file. Here that raises.

In:     a function that fills a workbook.
Out:    the bytes of the workbook; the same calls give the same bytes.
Never:  a workbook with something left out; a text taken for a formula, a number or an address.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import wraps
from io import BytesIO
from typing import Any, TypeVar

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from cchc_excel.errors import CchcError
from cchc_excel.excel.ooxml.xml_text import content_xml

CREATED = datetime(2023, 1, 1)  # noqa: DTZ001 - written into every workbook, so that bytes repeat; Excel knows no zone
MOST_TEXT = 16_383  # characters of which surely none is over Excel's limit of 32,767 units
MAX_ROW_HEIGHT = 409.5  # points; Excel repairs a file that says more, XlsxWriter lets it pass
# The width of columns is counted in digits of this font. A machine without Calibri takes another one and draws every
# column a third wider; one with the digits of Times New Roman is on all of them. Both have 7 pixels a digit.
_DEFAULT_FONT = {"font_name": "Times New Roman", "font_size": 11, "font_scheme": False}
_CALLED = re.compile(r"[A-Za-z_][\w.]*(?=\()")
_OLD_FUNCTIONS = frozenset(  # that Excel 2007 has
    (
        *("ABS", "AND", "CHAR", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "EXACT", "FIND", "IF", "IFERROR", "INDEX"),
        *("ISERROR", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "MATCH", "MAX", "MID", "MIN", "MOD", "MODE", "NOT", "OR"),
        *("RANK", "REPT", "RIGHT", "ROUND", "SEARCH", "SIGN", "SUBSTITUTE", "SUM", "SUMPRODUCT", "TEXT", "TODAY"),
        *("TRIM", "UPPER", "VALUE", "YEAR"),
    )
)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_Class = TypeVar("_Class", bound=type)


class ExcelRefused(CchcError):
    """A workbook that Excel would not take: the call, and in XlsxWriter's words what was wrong with it."""

    def __init__(self, call: str, detail: str) -> None:
        super().__init__(call, detail)
        self.call, self.detail = call, detail


def _checked(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **options: Any) -> Any:
        answer = method(*args, **options)
        if isinstance(answer, int) and answer < 0:
            raise ExcelRefused(method.__name__, f"{answer} {args[1:]!r} {options!r}")
        return answer

    return call


def _strict(cls: _Class) -> _Class:
    """Put a check around every public method; XlsxWriter's own class stays as it is."""
    for name in dir(cls):
        method = getattr(cls, name)
        if not name.startswith("_") and inspect.isfunction(method):
            setattr(cls, name, _checked(method))
    return cls


class _EmptyText(str):
    """A formula's empty text. XlsxWriter takes "" for no result at all, and leaves out that it is a text."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


@_strict
class StrictWorksheet(Worksheet):
    """A worksheet that raises ExcelRefused where XlsxWriter returns a negative number."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> Any:
        """XlsxWriter looks through each formula for 28 functions of later years, one by one; ours have few of them."""
        if formula.endswith("}") or not _OLD_FUNCTIONS.issuperset(_CALLED.findall(formula)):
            return super()._prepare_formula(formula, expand_future_functions)  # type: ignore[no-untyped-call]
        return formula.removeprefix("=")

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> Any:
        result = _EmptyText() if isinstance(value, str) and not value else value
        return super()._write_formula(row, col, formula, cell_format, result)

    def write_cells(
        self, row: int, column: int, values: Sequence[float | Fraction | str | None], looks: Sequence[Any]
    ) -> None:
        """Write cells side by side: numbers, texts or nothing, each with its format."""
        for place, (value, look) in enumerate(zip(values, looks, strict=True), column):
            if value is None or value == "":
                self.write_blank(row, place, None, look)
            elif isinstance(value, str):
                self.write_string(row, place, value, look)
            else:
                self.write_number(row, place, float(value) if isinstance(value, Fraction) else value, look)

    def _write_number(self, row: int, col: int, number: float | Fraction, cell_format: Any = None) -> Any:
        return super()._write_number(row, col, number or 0, cell_format)  # -0.0 would be shown as -0

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        if string.startswith("<r>") and string.endswith("</r>"):  # XlsxWriter would take it for markup of its own
            string = f'<r><t xml:space="preserve">{content_xml(string)}</t></r>'
        return super()._write_string(row, col, string, cell_format)

    def set_row(self, row: int, height: float | None = None, *args: Any, **options: Any) -> Any:
        if height is not None and height > MAX_ROW_HEIGHT:
            raise ExcelRefused("set_row", f"height {height} > {MAX_ROW_HEIGHT}")
        return super().set_row(row, height, *args, **options)


@_strict
class StrictWorkbook(Workbook):
    """A workbook that raises ExcelRefused where XlsxWriter returns a negative number."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._names: set[str] = set()

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = None) -> Any:
        return super().add_worksheet(name, worksheet_class or StrictWorksheet)

    def add_streamed_worksheet(self, name: str) -> Any:
        """A sheet that is written row by row, top to bottom, and not kept in memory."""
        from cchc_excel.excel.writing.streamed import StreamedWorksheet

        self.constant_memory = True  # read by a new worksheet only; the other sheets stay as they are
        try:
            return self.add_worksheet(name, StreamedWorksheet)
        finally:
            self.constant_memory = False

    def define_name(self, name: str, formula: str) -> Any:
        if name.casefold() in self._names:
            raise ExcelRefused("define_name", f"{name} twice: Excel takes no notice of capitals")
        self._names.add(name.casefold())
        return super().define_name(name, formula)


def new_workbook(
    fill: Callable[[StrictWorkbook], None], properties: Mapping[str, str], *, spilled: bool = False
) -> bytes:
    """Return the bytes of a workbook that `fill` has filled; `properties` as `Workbook.set_properties` takes them.

    `spilled`: its parts are put together in temporary files; in memory each takes four bytes a letter.

    Raises ExcelRefused for whatever XlsxWriter refuses, ignores or warns of. Catching warnings is
    for the whole process: two threads do not make workbooks at the same time.
    """
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        try:
            options = {**_OPTIONS, "in_memory": not spilled}
            book = StrictWorkbook(buffer, {**options, "default_format_properties": dict(_DEFAULT_FONT)})
            book.set_properties({**properties, "created": CREATED})
            fill(book)
            book.close()
        except UserWarning as warning:
            raise ExcelRefused("warning", str(warning)) from warning
        except XlsxWriterException as error:
            raise ExcelRefused(type(error).__name__, str(error)) from error
    return buffer.getvalue()
