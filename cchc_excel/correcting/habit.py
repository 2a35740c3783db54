"""With how many decimals a form writes its percentages, as far as those that hold tell.

Where all others are written as 28,57 and 96,4, a 97 came out even, and nobody moved the comma of a 1,176: what would
put a percentage right has to agree with it as the clerk writes, and not only as far as this one is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from cchc_excel.correcting.digits import Number
from cchc_excel.correcting.rates import Rate, agrees, rate_in
from cchc_excel.form import Form
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of

LEAST_ROUNDED = 2  # percentages that were rounded, and not all the same, before they count as a habit


def usual_decimals(record: Record, form: Form) -> int | None:
    """Return the decimals to which every percentage that holds was rounded; None where they differ or are too few.

    A closing zero is not seen, so that one with fewer decimals counts as the others if it agrees with as many.
    """
    holding = [rate for rate in _rates(record, form) if agrees(*rate)]
    rounded = [rate for rate in holding if rate.written * rate.whole != 100 * rate.part]
    different = {(rate.written, rate.decimals) for rate in rounded}
    if len(different) < LEAST_ROUNDED:
        return None
    usual = max(rate.decimals for rate in rounded)
    are_as_usual = all(is_written_with(usual, rate.written, rate.part, rate.whole) for rate in holding)
    return usual if are_as_usual else None


def is_written_with(decimals: int, percentage: Number, part: Number, whole: Number) -> bool:
    """Whether a percentage is what its components give, rounded to so many decimals."""
    is_short = decimals_of(percentage) <= decimals
    return is_short and agrees(percentage, decimals, part, whole)


def _rates(record: Record, form: Form) -> Iterator[Rate]:
    """Each percentage of the form that was typed and has a part and a whole above 0."""
    for row in form.entries:
        if row.part is None:
            continue
        rate = rate_in(record, row.id, row.part, row.whole or "")
        if rate is None or rate.whole <= 0:
            continue
        is_typed = decimals_of(rate.written) <= rate.decimals  # a formula's result has more decimals than it shows
        if is_typed:
            yield rate
