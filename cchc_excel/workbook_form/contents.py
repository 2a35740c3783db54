"""What stands in the value cells: what was given, and formulas where a figure follows from others.

In:     the form, the figures given by id, and the earlier submission if there is one.
Out:    what to write into each value cell, and the same as rules see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of, rounded
from cchc_excel.form.language.excel import Where
from cchc_excel.reading.numbers import read_float
from cchc_excel.submission import Figure, Submission
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.cell import Live, result_of
from cchc_excel.workbook_form.printed.layout import PREVIOUS, Layout, on_check_sheet
from cchc_excel.workbook_form.typed import NOTHING_AROSE, Steps, answer_of, of_answer, taken, taken_apart

Value: TypeAlias = int | float | str | None
RATE_DECIMALS = 2
_PLAIN_CELL = "$G$1"  # of the other sheet, in no number format
_FIRST_DAY, _LAST_DAY = 36_526, 73_051  # of this century
TOO_LARGE = 10**15  # Excel keeps 15 digits
_OF_A_THOUSAND = 3  # decimals of a count that was typed with its thousands parted: 1.234


class Contents(NamedTuple):
    """`cells` by id: a figure as given, None for a blank cell, or a formula. `record` is what rules see of them."""

    cells: Mapping[str, Value | Live]
    record: Record
    previous: Submission | None

    def plain(self, key: str) -> Value:
        """What stands in a cell, or what its formula comes to."""
        content = self.cells[key]
        return content.result if isinstance(content, Live) else content


def contents_of(layout: Layout, values: Mapping[str, Value], previous: Submission | None) -> Contents:
    """Return what goes into the value cells. A value given, even None, takes the place of a formula."""
    cells: dict[str, Value | Live] = {}
    figures: dict[str, Figure] = {}
    unread: set[str] = set()
    for row in _parts_first(layout.form):
        content = values[row.id] if row.id in values else prefilled(row, layout, figures)
        cells[row.id] = content
        plain = content.result if isinstance(content, Live) else content
        figure = _figure(plain, row)
        if figure is not None:
            figures[row.id] = figure
        elif not _is_blank(plain, row):
            unread.add(row.id)
    decimals = {key: decimals_of(figure) for key, figure in figures.items() if isinstance(figure, Fraction)}
    before = previous.record() if previous else None
    return Contents(cells, Record(figures, frozenset(unread), decimals, before), previous)


def _is_blank(content: Value, row: Indicator) -> bool:
    if row.kind.is_text:
        return answer_of(str(content or ""), row) == ""
    return _as_read(content, row) == ""


def where(layout: Layout, *, previous: bool) -> Where:
    """Where the figures stand, for the formulas of the other sheet."""
    entries = list(layout.form.entries)
    return Where(
        at={row.id: layout.number(row.id) for row in entries},
        answers={row.id: tuple(row.options) for row in entries if row.kind.is_text},
        previous={row.id: layout.figure(row.id, PREVIOUS) for row in entries} if previous else None,
    )


def numbers_read(layout: Layout, contents: Contents) -> Iterator[tuple[str, Live]]:
    """The cells of the other sheet that hold values as checks take them, and those in which texts are taken apart.

    The text `02` is a 2, `Có ` is `Có`, and the 1 that Excel makes of a typed `100%` is 100.
    """
    for row in layout.form.entries:
        cell, given = layout.figure(row.id), contents.plain(row.id)
        if row.kind.is_text:
            formula = f'IF(COUNTBLANK({cell})=1,"",{of_answer(cell, row)})'
            yield layout.number(row.id), Live(formula, "" if given is None else answer_of(str(given), row))
            continue
        steps = Steps(*layout.steps(row.id))
        for result, (place, formula) in zip(taken_apart(given, row), steps.formulas(cell, row), strict=True):
            yield place, Live(formula, result)
        of_text, of_number = steps.number(cell, row), _number_as_shown(cell, row)
        formula = f'IF(COUNTBLANK({cell})=1,"",IF(ISTEXT({cell}),{of_text},{of_number}))'
        read = _as_read(given, row)
        figure = layout.number(row.id)
        yield figure, Live(formula, _result(read))
        if row.kind is Kind.PERCENT and not row.part:
            hundredfold = "" if isinstance(read, str) else result_of(100 * read)
            yield layout.hundredfold(row.id), Live(f'IF(ISNUMBER({figure}),ROUND(100*{figure},10),"")', hundredfold)


def _number_as_shown(cell: str, row: Indicator) -> str:
    """A number as its cell shows it: Excel makes 1 in the format 0% of a typed `100%`, and a day of `2/7`.

    One that has more digits than Excel keeps, or that was a count with its thousands parted, is none.
    """
    shown_as = _format_of(cell)
    number = f'IF(ABS({cell})>={TOO_LARGE:.0E},"{say("live", "too_large")}",{cell})'
    if row.kind is Kind.COUNT:
        # three decimals, no fewer: a clerk typed 1.234 and meant one thousand and something
        parted = f"AND({cell}>=1,{cell}<1000,ROUND({cell},3)={cell},ROUND({cell},2)<>{cell})"
        number = f'IF({parted},"{say("live", "parted")}",{number})'
    # LibreOffice calls a plain number F0, and G what it has no letter for, as a day that Excel made
    is_libreoffice = f'{_format_of(_PLAIN_CELL)}="F"'
    perhaps_a_day = f'AND({shown_as}="G",{is_libreoffice},{cell}>={_FIRST_DAY},{cell}<{_LAST_DAY})'
    number = f'IF(OR({shown_as}="D",{perhaps_a_day}),"{say("live", "a_day")}",{number})'
    if row.kind is Kind.PERCENT:
        return f'IF({shown_as}="P",ROUND(100*{cell},10),{number})'
    # a count of 2 that its cell shows as 200 %
    return f'IF(AND({shown_as}="P",{cell}<>0),"{say("live", "as_a_percentage")}",{number})'


def _format_of(cell: str) -> str:
    """The letter of a cell's number format; not every program knows it: then the number counts as it stands."""
    return f'IFERROR(LEFT(CELL("format",{cell}),1),"")'


def _as_read(content: Value, row: Indicator) -> Figure | str:
    """What the formulas come to: the number that a cell's content is, "" for a blank, else a text."""
    if content is None or isinstance(content, str):
        return taken(content, row) if content else ""
    number: int | Fraction = read_float(content)[0]
    if not -TOO_LARGE < number < TOO_LARGE:
        return say("live", "too_large")
    is_typed_count = row.kind is Kind.COUNT and not row.total_of
    if is_typed_count and 1 <= float(number) < 1000 and decimals_of(number) == _OF_A_THOUSAND:
        return say("live", "parted")
    return number


def _result(read: Figure | str) -> int | float | str:
    return read if isinstance(read, str) else result_of(read)


def is_share_of_nothing(row: Indicator, content: Value) -> bool:
    """Whether a share says by a dash or a word that nothing arose: no figure, and no blank."""
    return row.kind is Kind.PERCENT and isinstance(content, str) and taken(content, row) == NOTHING_AROSE


def is_prefilled(row: Indicator) -> bool:
    """Whether the figure follows from others, so that a formula stands in its cell."""
    return row.reported_by is None and bool((row.part and row.whole) or row.total_of)


def prefilled(row: Indicator, layout: Layout, figures: Mapping[str, Figure]) -> Live | None:
    """The formula of a total or a percentage; it waits until all that it needs are numbers."""
    if not is_prefilled(row):
        return None
    if row.total_of:
        return _prefilled_total(row.total_of, layout, figures)
    return _prefilled_rate(row.part or "", row.whole or "", layout, figures)


# Both formulas take the cells themselves where all are numbers, so that a sheet which is sent without the other one
# calculates; where one is typed as a text, the figures as checks read them.


def _prefilled_total(keys: tuple[str, ...], layout: Layout, figures: Mapping[str, Figure]) -> Live:
    numbers = _numbers(keys, figures)
    total = sum(numbers) if numbers else None
    formula = '""'
    for cells in (_as_read_cells(keys, layout), _as_typed_cells(keys, layout)):
        listed = ",".join(cells)
        formula = f"IF(COUNT({listed})={len(keys)},SUM({listed}),{formula})"
    return Live(formula, result_of(total))


def _prefilled_rate(part: str, whole: str, layout: Layout, figures: Mapping[str, Figure]) -> Live:
    keys = (part, whole)
    numbers = _numbers(keys, figures)
    rate = None
    if numbers and numbers[1]:
        rate = rounded(Fraction(100 * numbers[0]) / numbers[1], RATE_DECIMALS)
    formula = '""'
    for of_part, of_whole in (_as_read_cells(keys, layout), _as_typed_cells(keys, layout)):
        quotient = f'IF({of_whole}<>0,ROUND(100*{of_part}/{of_whole},{RATE_DECIMALS}),"")'
        formula = f"IF(COUNT({of_part},{of_whole})=2,{quotient},{formula})"
    return Live(formula, result_of(rate))


def _as_typed_cells(keys: tuple[str, ...], layout: Layout) -> list[str]:
    return [layout.value(key) for key in keys]


def _as_read_cells(keys: tuple[str, ...], layout: Layout) -> list[str]:
    """The cells of the other sheet that hold the rows' figures as checks take them."""
    return [on_check_sheet(layout.number(key)) for key in keys]


def _numbers(keys: tuple[str, ...], figures: Mapping[str, Figure]) -> list[int | Fraction]:
    """The figures of all these rows, or none."""
    found = [figures.get(key) for key in keys]
    numbers = [figure for figure in found if isinstance(figure, int | Fraction)]
    return numbers if len(numbers) == len(keys) else []


def _parts_first(form: Form) -> list[Indicator]:
    """The rows that take a value, each after those that its formula needs."""
    done: dict[str, Indicator] = {}

    def add(row: Indicator) -> None:
        for key in (row.part, row.whole, *row.total_of):
            if key and key not in done:
                add(form[key])
        done.setdefault(row.id, row)

    for row in form.entries:
        add(row)
    return list(done.values())


def _figure(content: Value, row: Indicator) -> Figure | None:
    """What a cell's content is as rules see it; None for a blank and for what is none of the row's values."""
    if row.kind.is_text:
        answer = "" if content is None else answer_of(str(content), row)
        return answer if answer in row.options else None
    figure = _as_read(content, row)
    return None if isinstance(figure, str) else figure
