"""Whether a percentage of at most 1 can have been typed as a part of 1 (T30): not where that would break a check."""

from __future__ import annotations

from dataclasses import replace

from cchc_excel.checking.within import failing
from cchc_excel.form import Form, Severity
from cchc_excel.form.language import Record
from cchc_excel.form.language.agreement import decimals_of


def cannot_be_of_one(key: str, record: Record, form: Form) -> bool:
    """Whether a hundred times the figure is an error that the figure is not: 0.4 beside 99.6 is 0.4 %, not 40 %."""
    value = record.values.get(key)
    if value is None or isinstance(value, str):
        return False
    hundred = 100 * value
    other = replace(
        record,
        values={**record.values, key: hundred},
        decimals={**record.decimals, key: decimals_of(hundred)},
    )
    as_written, otherwise = (failing(one, form, (key,)) for one in (record, other))
    return any(severity is Severity.ERROR and check not in as_written for check, severity in otherwise.items())
