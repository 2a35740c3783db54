"""The findings in the order in which an officer should look at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cchc_excel.consolidating.filing import Found
from cchc_excel.consolidating.merging import Merged, effect
from cchc_excel.consolidating.outcome import Ranked
from cchc_excel.errors import defect_of


def ranked_by_effect(found: Iterable[Found], merged: Merged, names: Mapping[str, str]) -> tuple[Ranked, ...]:
    """The findings with their weights: the worst first, then what weighs most, then by unit and in printed order."""

    def place_in_order(ranked: Ranked) -> tuple[int, Fraction, str, int, str]:
        finding, workbook = ranked.finding, ranked.filed
        severity = finding.severity.rank if finding.counts else -1
        name = names.get(workbook.path, workbook.unit or workbook.path)
        row = merged.form.places.get(finding.indicators[0], -1) if finding.indicators else -1
        return -severity, -ranked.effect, name, row, finding.code

    return tuple(sorted((_ranked(about, merged) for about in found), key=place_in_order))


def _ranked(found: Found, merged: Merged) -> Ranked:
    finding, workbook = found
    try:
        weight = effect(finding, workbook, merged) if finding.counts else Fraction(0)
    except Exception as error:  # noqa: BLE001 - the edge of one finding: it stays on the sheet, and that is said
        return Ranked(finding, workbook, Fraction(0), defect_of(error))
    return Ranked(finding, workbook, weight)
