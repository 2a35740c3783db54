"""Whether a percentage of at most 1 can have been typed as a part of 1 (T30): not where that would break a check."""

from __future__ import annotations

from dataclasses import replace

from cchc_excel.checking.within import failing
from cchc_excel.form import Form, Severity
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of


def cannot_be_of_one(key: str, record: Record, form: Form) -> bool:
    """Whether a hundred times a figure, which stands as percent, is an error that the figure is not.

    0.4 beside 99.6 is 0.4 %, not 40 %. An entry that is blank, unread or an answer is never meant as a part of 1.
    """
    value = record.values.get(key)
    if value is None or isinstance(value, str):
        return False
    hundred = 100 * value
    as_part_of_one = replace(
        record,
        values={**record.values, key: hundred},
        decimals={**record.decimals, key: decimals_of(hundred)},
    )
    failing_as_written = failing(record, form, (key,))
    failing_as_part = failing(as_part_of_one, form, (key,))
    return any(
        severity is Severity.ERROR and check not in failing_as_written for check, severity in failing_as_part.items()
    )
