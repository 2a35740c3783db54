"""The workbooks of a unit for the months of a quarter → one for the quarter: what a row is says how.

A flow is added, what stands at an end is the last one, a share is recomputed, a plan must be the same. A figure that
one of them lacks is lacking in the whole: a blank is no zero. Workbooks that were merged themselves are joined by what
they were added up from; where one of them was not, they are those of one unit.

In:     what was filed of each piece, in the order of time, and the form.
Out:    one Filed of the whole period; a plan that changes on the way is told.
Never:  joins pieces that leave a gap or overlap: that is known before (`standing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from cchc_excel.consolidating.aggregates_over_time import aggregates_over_time
from cchc_excel.consolidating.filing import Filed, Places, Values
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Indicator, Kind
from cchc_excel.form.language import as_number
from cchc_excel.form.nature import Time, Units
from cchc_excel.merging.aggregate import Aggregate, Number
from cchc_excel.merging.way import numbers_in
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure, Period

Column: TypeAlias = Sequence[Figure | None]
"""The figures of one row, one for each piece, in the order of time."""
Doubts: TypeAlias = dict[int, tuple[Figure | None, ...]]
"""By the place of a figure what else it may be."""


class Joined(NamedTuple):
    """The whole, and what was found on joining its pieces, about the last of them."""

    workbook: Filed
    findings: tuple[Finding, ...]


def joined(pieces: Sequence[Filed], form: Form, period: Period) -> Joined:
    """Join the workbooks of periods that follow each other; the whole goes by the path of the last."""
    last = pieces[-1]
    taken = _figures(form, [piece.taken for piece in pieces])
    whole = last._replace(
        period=period,
        aggregates=_aggregates(form, pieces),
        reported=_figures(form, [piece.reported for piece in pieces]),
        taken=taken,
        places=Places(last.places.sheet, last.places.column, (0,) * len(taken)),
        findings=(),
        doubts=_doubts(form, pieces, taken),
        notes={key: note for piece in pieces for key, note in piece.notes.items()},
    )
    return Joined(whole, tuple(_plans_that_change(form, pieces)))


def _aggregates(form: Form, pieces: Sequence[Filed]) -> Mapping[str, Aggregate] | None:
    """What the whole was added up from; None unless each piece was merged itself."""
    of_pieces = [piece.aggregates for piece in pieces if piece.aggregates is not None]
    return aggregates_over_time(of_pieces, form) if len(of_pieces) == len(pieces) else None


def _figures(form: Form, values: Sequence[Values]) -> tuple[Figure | None, ...]:
    """The figures of the whole, in the order of the form's entries; `values` are those of each piece."""
    columns = {row.id: [of_piece[place] for of_piece in values] for place, row in enumerate(form.entries)}
    found = {row.id: over_time(row, columns, form) for row in form.entries}
    return tuple(_recomputed(row, found) for row in form.entries)


def over_time(row: Indicator, columns: Mapping[str, Column], form: Form) -> Figure | None:
    """A row's figure over periods that follow each other; of a percentage of two rows, None until these are known."""
    column, nature = columns[row.id], row.nature
    if nature.units is Units.ANSWER:
        return _answer(row, column)
    if nature.units is Units.SHARE:
        return _share(row, columns, form)
    if nature.is_at_an_end or nature.time is Time.PLAN:
        return column[-1]
    numbers = numbers_in(column)
    if nature.units is Units.USED:  # parts of one list: together at least the largest
        return max(numbers, default=None)
    return as_number(sum(numbers)) if len(numbers) == len(column) else None


def _answer(row: Indicator, column: Column) -> Figure | None:
    """The answer that all give; a yes in one period is a yes of the whole."""
    given = {answer for answer in column if answer is not None}
    yes = next(iter(row.options), None)
    if row.kind is Kind.YES_NO and yes in given:
        return yes
    return given.pop() if len(given) == 1 else None


def _share(row: Indicator, columns: Mapping[str, Column], form: Form) -> Figure | None:
    """A share without components: weighed by its base where that happened in the period, else the last one."""
    if row.part is not None:
        return None
    column = columns[row.id]
    if row.weight is None or form[row.weight].nature.is_at_an_end:
        return column[-1]
    shares, bases = numbers_in(column), numbers_in(columns[row.weight])
    is_whole = len(shares) == len(bases) == len(column)  # a blank says nothing of what it would weigh
    if not is_whole or not sum(bases):
        return None
    weighed = sum(share * base for share, base in zip(shares, bases, strict=True))
    return as_number(Fraction(weighed) / sum(bases))


def _recomputed(row: Indicator, found: Mapping[str, Figure | None]) -> Figure | None:
    """The row's figure; a percentage of two rows is recomputed from theirs."""
    way = way_of(row)
    return way.figure_from(row, found) if way.is_recomputed else found[row.id]


def _doubts(form: Form, pieces: Sequence[Filed], whole: Values) -> Doubts:
    """What else the figures of the whole may be, by what else those of its pieces may be."""
    doubts: Doubts = {}
    for piece in pieces:
        for place, others in piece.doubts.items():
            figure = whole[place]
            doubted: tuple[Figure | None, ...]
            if form.entries[place].nature.is_added_over_time and figure is not None and not isinstance(figure, str):
                doubted = _with_other_values(figure, piece.taken[place], others)
            elif piece is pieces[-1]:
                doubted = tuple(others)
            else:  # what stands at the end of the whole is the last piece's alone
                continue
            doubts[place] = (*doubts.get(place, ()), *doubted)
    return doubts


def _with_other_values(figure: Number, own: Figure | None, others: Iterable[Figure | None]) -> tuple[Number, ...]:
    """What a sum may be, if the figure `own` that one piece added to it is one of the others."""
    of_other_pieces = figure - own if isinstance(own, int | Fraction) else figure
    return tuple(as_number(of_other_pieces + other) for other in numbers_in(others))


def _plans_that_change(form: Form, pieces: Sequence[Filed]) -> Iterator[Finding]:
    """P02: the plan of the year is another one in the last piece than in one before."""
    *before, last = pieces
    for place, row in enumerate(form.entries):
        plan = last.taken[place]
        if row.nature.time is not Time.PLAN or row.reported_by is not None or plan is None:
            continue
        others = [piece for piece in before if piece.taken[place] not in {None, plan}]
        if others:
            yield _plan_changed(form, row, last, place, others[-1])


def _plan_changed(form: Form, row: Indicator, last: Filed, place: int, other: Filed) -> Finding:
    """P02 about the plan in the last piece, which is not the one in another."""
    plan, cell = last.taken[place], last.cell(place)
    return Finding(
        code="P02",
        severity=form.severity_of("P02"),
        indicators=(row.id,),
        cells=(cell,) if cell is not None else (),
        observed=plan,
        facts={"written": plan, "before": other.taken[place], "period": str(other.period)},
    )
