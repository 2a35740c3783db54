"""The codes of family U, apart from what finds them: a page of the reference needs no statistics."""

from __future__ import annotations

from cchc_excel.form import Severity

OF_UNITS = {
    **dict.fromkeys(("U01", "U02", "U03", "U05", "U09", "U10"), Severity.WARNING),
    **dict.fromkeys(("U04", "U06", "U07", "U08"), Severity.ERROR),
}
"""Every code of family U with its severity; those about names, periods and files are found in consolidating."""
