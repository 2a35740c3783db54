"""What stands in the value cells: what was given, and formulas where a figure follows from others.

In:     the form, the figures given by id, and the earlier submission if there is one.
Out:    what to write into each value cell, and the same as rules see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of, rounded
from cchc_excel.form.language.excel import Where
from cchc_excel.submission import Figure, Submission
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.cell import Live, result_of
from cchc_excel.workbook_form.printed.layout import PREVIOUS, Layout, on_check_sheet

Value: TypeAlias = int | float | str | None
RATE_DECIMALS = 2
_LONGEST = 15  # characters of a text that is a number: Excel keeps no more digits
_NO_BREAK = "\u00a0"
_DIGITS = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"([0-9]+)[.,]([0-9]{1,2})")  # with three decimals it may as well be a thousand


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
        elif plain not in {None, ""} and not (plain == "-" and _dash(row) == '""'):
            unread.add(row.id)
    decimals = {key: decimals_of(figure) for key, figure in figures.items() if isinstance(figure, Fraction)}
    before = previous.record() if previous else None
    return Contents(cells, Record(figures, frozenset(unread), decimals, before), previous)


def where(layout: Layout, *, previous: bool) -> Where:
    """Where the figures stand, for the formulas of the other sheet."""
    entries = list(layout.form.entries)
    return Where(
        {row.id: layout.number(row.id) for row in entries},
        {row.id: tuple(row.options) for row in entries if row.kind.is_text},
        {row.id: layout.figure(row.id, PREVIOUS) for row in entries} if previous else None,
    )


def numbers_read(layout: Layout, contents: Contents) -> Iterator[tuple[str, Live]]:
    """The cells of the other sheet that hold values as checks take them.

    The text `02` is a 2, `Có ` is `Có`, and the 1 that Excel makes of a typed `100%` is 100.
    """
    for row in layout.form.entries:
        cell, given = layout.figure(row.id), contents.cells[row.id]
        if row.kind.is_text:
            stands = "" if given is None or isinstance(given, Live) else given
            taken = " ".join(stands.split()) if isinstance(stands, str) else stands
            formula = f'IF(COUNTBLANK({cell})=1,"",IF(ISTEXT({cell}),TRIM({cell}),{cell}))'
            yield layout.number(row.id), Live(formula, taken)
            continue
        text = f"IF(LEN({cell})>{_LONGEST},{cell},IFERROR({_number_of_text(cell, row)},{cell}))"
        number = _number_as_shown(cell) if row.kind is Kind.PERCENT else cell
        plain = given.result if isinstance(given, Live) else given
        result = contents.record.values.get(row.id, "" if plain is None else plain)
        if (dash := _dash(row)) is not None:
            text = f'IF(TRIM({cell})="-",{dash},{text})'
        formula = f'IF(COUNTBLANK({cell})=1,"",IF(ISTEXT({cell}),{text},{number}))'
        if plain == "-" and dash == '""':
            result = ""
        yield layout.number(row.id), Live(formula, result_of(result) if not isinstance(result, float) else result)


def _number_of_text(cell: str, row: Indicator) -> str:
    """The number that a text of digits is, the text itself where it is none; an error of some other texts."""
    text = f'TRIM(SUBSTITUTE({cell},"{_NO_BREAK}"," "))'
    whole = f"IF({_all_digits(text)},VALUE({text}),{cell})"
    if row.kind is Kind.COUNT:
        return whole
    with_comma = f'SUBSTITUTE({text},".",",")'
    bare = f'SUBSTITUTE({with_comma},",","")'
    decimals = f'(LEN({text})-FIND(",",{with_comma}))'
    is_one = f"LEN({text})-LEN({bare})=1"
    at_its_place = f'FIND(",",{with_comma})>1,{decimals}>=1,{decimals}<=2'
    number = f"ROUND(VALUE({bare})/10^{decimals},2)"
    return f"IF({is_one},IF(AND({_all_digits(bare)},{at_its_place}),{number},{cell}),{whole})"


def _all_digits(text: str) -> str:
    """The condition that a text is written in digits alone; an error of some that are not."""
    return f'EXACT(TEXT(VALUE({text}),REPT("0",LEN({text}))),{text})'


def _number_as_shown(cell: str) -> str:
    """A percentage as its cell shows it: Excel makes 1 in the format 0% of a typed `100%`, and a day of `2/7`."""
    shown_as = f'IFERROR(LEFT(CELL("format",{cell}),1),"")'  # not every program knows formats: then as it stands
    return f'IF({shown_as}="P",ROUND(100*{cell},10),IF({shown_as}="D","{say("live", "a_day")}",{cell}))'


def _dash(row: Indicator) -> str | None:
    """What a dash is in a row: 0 of a count, nothing where it is calculated or left to others, itself in a share."""
    if row.reported_by is not None or row.part is not None:
        return '""'
    return None if row.kind is Kind.PERCENT else "0"


def is_share_of_nothing(row: Indicator, content: Value) -> bool:
    """Whether a share says by a dash that nothing arose: no figure, and no blank."""
    return content == "-" and not row.kind.is_text and _dash(row) is None


def is_prefilled(row: Indicator) -> bool:
    """Whether the figure follows from others, so that a formula stands in its cell."""
    return row.reported_by is None and bool((row.part and row.whole) or row.total_of)


def prefilled(row: Indicator, layout: Layout, figures: Mapping[str, Figure]) -> Live | None:
    """The formula of a total or a percentage; it waits until all that it needs are numbers."""
    if not is_prefilled(row):
        return None
    # The figures as checks read them where one is typed as a text; the cells themselves where all are numbers, so that
    # a sheet which is sent without the other one calculates.
    if row.total_of:
        numbers = _numbers(row.total_of, figures)
        total = sum(numbers) if numbers else None
        as_typed, as_read = (",".join(cells) for cells in _typed_and_read(row.total_of, layout))
        otherwise = f'IF(COUNT({as_read})={len(row.total_of)},SUM({as_read}),"")'
        return Live(f"IF(COUNT({as_typed})={len(row.total_of)},SUM({as_typed}),{otherwise})", result_of(total))
    part, whole = row.part or "", row.whole or ""
    pair = _numbers((part, whole), figures)
    rate = rounded(Fraction(100 * pair[0]) / pair[1], RATE_DECIMALS) if pair and pair[1] else None
    formula = '""'
    for one, other in reversed(_typed_and_read((part, whole), layout)):
        quotient = f'IF({other}<>0,ROUND(100*{one}/{other},{RATE_DECIMALS}),"")'
        formula = f"IF(COUNT({one},{other})=2,{quotient},{formula})"
    return Live(formula, result_of(rate))


def _typed_and_read(keys: tuple[str, ...], layout: Layout) -> tuple[list[str], list[str]]:
    """The value cells of these rows, and the cells of the other sheet that hold the same as checks take them."""
    return [layout.value(key) for key in keys], [on_check_sheet(layout.number(key)) for key in keys]


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
        answer = " ".join(content.split()) if isinstance(content, str) else None
        return answer if answer in row.options else None
    if isinstance(content, str) and content.strip() == "-" and _dash(row) == "0":
        return 0
    if isinstance(content, str) and len(content) <= _LONGEST:
        text = content.replace(_NO_BREAK, " ").strip(" ")
        if _DIGITS.fullmatch(text):
            return int(text)
        if row.kind is not Kind.COUNT and (parts := _DECIMAL.fullmatch(text)):
            number = Fraction(f"{parts[1]}.{parts[2]}")
            return int(number) if number.denominator == 1 else number
    if isinstance(content, int):
        return content
    if isinstance(content, float):
        number = Fraction(repr(content))
        return int(number) if number.denominator == 1 else number
    return None
