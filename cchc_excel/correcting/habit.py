"""With how many decimals a form writes its percentages, as far as those that hold tell.

Where all others are written as 28,57 and 96,4, a 97 came out even, and nobody moved the comma of a 1,176: what would
put a percentage right has to agree with it as the clerk writes, and not only as far as this one is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from cchc_excel.correcting.digits import Number
from cchc_excel.form import Form
from cchc_excel.form.language import Agreement, Record, agreement
from cchc_excel.form.language.agreement import decimals_of

LEAST_ROUNDED = 2  # percentages that were rounded, and not all the same, before they count as a habit


def usual_decimals(record: Record, form: Form) -> int | None:
    """Return the decimals to which every percentage that holds was rounded; None where they differ or are too few.

    A closing zero is not seen, so that one with fewer decimals counts as the others if it agrees with as many.
    """
    holding = [rate for rate in _rates(record, form) if agreement(*rate) is Agreement.RIGHT]
    rounded = {(written, places) for written, places, part, whole in holding if written * whole != 100 * part}
    if len(rounded) < LEAST_ROUNDED:
        return None
    usual = max(places for _, places in rounded)
    return usual if all(is_written_with(usual, written, part, whole) for written, _, part, whole in holding) else None


def is_written_with(decimals: int, percentage: Number, part: Number, whole: Number) -> bool:
    """Whether a percentage is what its components give, rounded to so many decimals."""
    is_short = decimals_of(percentage) <= decimals
    return is_short and agreement(percentage, decimals, part, whole) is Agreement.RIGHT


def _rates(record: Record, form: Form) -> Iterator[tuple[Number, int, Number, Number]]:
    """Each percentage with its decimals, its part and its whole, where all three are figures."""
    for row in form.entries:
        if row.part is None:
            continue
        figures = [record.values.get(key or "") for key in (row.id, row.part, row.whole)]
        written, part, whole = (None if isinstance(it, str) else it for it in figures)
        if written is None or part is None or whole is None or whole <= 0:
            continue
        if decimals_of(written) <= (places := record.decimals.get(row.id, 0)):  # a formula's result is not typed
            yield written, places, part, whole
