"""New workbooks by XlsxWriter, with its silent refusals made loud.

XlsxWriter answers a call that breaks a limit of Excel with a warning, or with −1 or −2, and leaves
the thing out: a prompt of 256 characters is simply gone from the file. Here that raises.

Only its documented interface is used: public methods, and classes derived from its own as its examples do
(https://xlsxwriter.readthedocs.io/example_inheritance2.html). A test reads this package for anything else.

In:     a function that fills a workbook.
Out:    the bytes of the workbook; the same calls give the same bytes.
Never:  a workbook with something left out; a text taken for a formula, a number or an address.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from functools import wraps
from io import BytesIO
from tempfile import gettempdir
from typing import Any, TypeAlias, TypeVar

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError, XlsxWriterException
from xlsxwriter.worksheet import Worksheet, convert_cell_args, convert_range_args

from cchc_excel.errors import CannotWrite, CchcError

CREATED = datetime(2023, 1, 1)  # noqa: DTZ001 - written into every workbook, so that bytes repeat; Excel knows no zone
MAX_ROW_HEIGHT = 409.5  # points; Excel repairs a file that says more, XlsxWriter lets it pass
_PIXEL = 0.75  # points
# The width of columns is counted in digits of this font. A machine without Calibri takes another one and draws every
# column a third wider; one with the digits of Times New Roman is on all of them. Both have 7 pixels a digit.
_DEFAULT_FONT = {"font_name": "Times New Roman", "font_size": 11, "font_scheme": False}
# A text from a commune is never run.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

CellValue: TypeAlias = int | float | Fraction | str | None
"""What a cell can be given."""

_Method: TypeAlias = Callable[..., Any]
_Class = TypeVar("_Class", bound=type)
_takes_cell: Callable[[_Method], _Method] = convert_cell_args  # `D10` as well as a row and a column, counted from 0
_takes_range: Callable[[_Method], _Method] = convert_range_args  # `D10:E12` as well


class ExcelRefused(CchcError):
    """A workbook that Excel would not take: the call, and in XlsxWriter's words what was wrong with it."""

    def __init__(self, call: str, detail: str) -> None:
        super().__init__(call, detail)
        self.call, self.detail = call, detail


def _checked(method: _Method) -> _Method:
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


def _looks_like_markup(text: str) -> bool:
    """Whether XlsxWriter would take a text for the markup that it writes for rich texts, and pass it on as it is."""
    return text.startswith("<r>") and text.endswith("</r>")


@_strict
class StrictWorksheet(Worksheet):
    """A worksheet that raises ExcelRefused where XlsxWriter returns a negative number."""

    @_takes_cell
    def write(self, row: int, column: int, value: CellValue, cell_format: Any = None) -> Any:
        """Write a value as what it is: a text is always a text, whatever it begins with; nothing is a blank cell.

        A fraction becomes the nearest float, and -0.0 becomes 0, which Excel would show as -0.
        """
        if value is None or value == "":
            return super().write_blank(row, column, None, cell_format)
        if isinstance(value, str):
            return self.write_string(row, column, value, cell_format)
        number = value if isinstance(value, int | float) else float(value)
        return super().write_number(row, column, number or 0, cell_format)

    def write_cells(self, row: int, cells: Iterable[tuple[CellValue, Any]]) -> None:
        """Write a row from its first column on as `write` does, each a value and its format.

        A district has a hundred numbers a unit: they go to XlsxWriter straight away, in two thirds of the time.
        """
        write_number = _checked(super().write_number)
        for column, (value, cell_format) in enumerate(cells):
            if type(value) is int or type(value) is float:
                write_number(row, column, value or 0, cell_format)
            else:
                self.write(row, column, value, cell_format)

    @_takes_cell
    def write_number(self, row: int, column: int, number: float | Fraction, cell_format: Any = None) -> Any:
        return self.write(row, column, number, cell_format)

    @_takes_cell
    def write_string(self, row: int, column: int, string: str, cell_format: Any = None) -> Any:
        """A text that looks like XlsxWriter's own markup for rich texts, which it would pass on, stays a text."""
        if not _looks_like_markup(string):
            return super().write_string(row, column, string, cell_format)
        if cell_format is None:
            return super().write_rich_string(row, column, "<", "r", string[2:])  # takes no fewer than three pieces
        return super().write_rich_string(row, column, "<", cell_format, string[1:], cell_format)

    @_takes_cell
    def write_formula(
        self, row: int, column: int, formula: str, cell_format: Any = None, value: int | float | str = 0
    ) -> Any:
        """`value` is the result that is stored beside the formula."""
        return super().write_formula(row, column, formula, cell_format, _EmptyText() if value == "" else value)

    @_takes_cell
    def write_url(
        self, row: int, column: int, url: str, cell_format: Any = None, string: str | None = None, tip: Any = None
    ) -> Any:
        """`string` is the text of the cell. Another value may be written over it; the link stays."""
        if string is None or not _looks_like_markup(string):
            return super().write_url(row, column, url, cell_format, string, tip)
        answer = super().write_url(row, column, url, cell_format, string[1:], tip)  # which cannot be taken for markup
        self.write_string(row, column, string, cell_format)
        return answer

    @_takes_range
    def merge_range(
        self,
        first_row: int,
        first_column: int,
        last_row: int,
        last_column: int,
        data: CellValue,
        cell_format: Any = None,
    ) -> Any:
        """XlsxWriter writes the value in ways of its own; here it is written as everywhere else."""
        answer = super().merge_range(first_row, first_column, last_row, last_column, "", cell_format)
        if data:
            self.write(first_row, first_column, data, cell_format)
        return answer

    def set_row(self, row: int, height: float | None = None, *args: Any, **options: Any) -> Any:
        """`height` in points; it becomes a whole number of pixels, as XlsxWriter itself has it from 3.3 on."""
        if height is None:
            return super().set_row(row, None, *args, **options)
        if height > MAX_ROW_HEIGHT:
            raise ExcelRefused("set_row", f"height {height} > {MAX_ROW_HEIGHT}")
        return super().set_row(row, round(height / _PIXEL) * _PIXEL, *args, **options)


@_strict
class StrictWorkbook(Workbook):
    """A workbook that raises ExcelRefused where XlsxWriter returns a negative number."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.names_in_use: set[str] = set()

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = None) -> Any:
        return super().add_worksheet(name, worksheet_class or StrictWorksheet)

    def define_name(self, name: str, formula: str) -> Any:
        if name.casefold() in self.names_in_use:
            raise ExcelRefused("define_name", f"{name} twice: Excel takes no notice of capitals")
        self.names_in_use.add(name.casefold())
        return super().define_name(name, formula)


def new_workbook(
    fill: Callable[[StrictWorkbook], None], properties: Mapping[str, str], *, in_memory: bool = True
) -> bytes:
    """Return the bytes of a workbook that `fill` has filled; `properties` as `Workbook.set_properties` takes them.

    Not `in_memory`, its parts are put together in temporary files: in memory they take four bytes a letter, which
    is 90 MiB for the ten thousand units of a whole country.

    Raises CannotWrite where the temporary files have no room, ExcelRefused for whatever else XlsxWriter refuses,
    ignores or warns of. Catching warnings is for the whole process: two threads do not make workbooks at the same time.
    """
    buffer, no_room = BytesIO(), ""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        try:
            options = {**_OPTIONS, "in_memory": in_memory, "default_format_properties": dict(_DEFAULT_FONT)}
            book = StrictWorkbook(buffer, options)
            book.set_properties({**properties, "created": CREATED})
            fill(book)
            book.close()
        except UserWarning as warning:
            raise ExcelRefused("warning", str(warning)) from warning
        except FileCreateError as error:  # a full disk is no defect: it says where the temporary files are
            no_room = next((it.strerror for it in error.args if isinstance(it, OSError)), None) or str(error)
        except XlsxWriterException as error:
            raise ExcelRefused(type(error).__name__, str(error)) from error
    if no_room:  # raised when nothing holds the half-written package any more: it is closed while its buffer is open
        raise CannotWrite(gettempdir(), no_room)
    return buffer.getvalue()
