"""What consolidating comes to as three tidy tables, for other programs; docs/tidy.md says what each column means.

In:     an Outcome.
Out:    a row for each figure of each unit and period; a row for each finding; a row for each merged figure.
Never:  leaves out a unit that should have reported: its rows are there, and blank.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas

from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.outcome import Outcome, Ranked
from cchc_excel.errors import BadOption, defect_of
from cchc_excel.form import Form, Indicator
from cchc_excel.grid import harmless
from cchc_excel.submission import Period
from cchc_excel.wording import Words

_OF_FORMULAS = frozenset("=+-@")
_UNSEEN = " \t\r\n\xa0\u200b\u200c\u200d\u2060\u3000\ufeff"  # what a spreadsheet may pass over before a formula

_OF_ROW = ("section", "section_label", "kind", "measure", "merges")
COLUMNS = (
    "unit", "period", "indicator", "stt", "label", "value", "text", "reported", "reported_text", "changed",
    "merged", "file", "sheet", "cell", "sha256", "unit_code", "level", "status", *_OF_ROW,
)  # fmt: skip
FINDINGS = (
    "unit", "period", "indicator", "code", "severity", "unit_code", "observed", "observed_text", "compared_with",
    "compared_with_text", "explained", "effect", "message", "do", "file", "sheet", "cell",
)  # fmt: skip
MERGED = (
    "unit", "period", "indicator", "stt", "label", "value", "text", "units", "expected", "low", "high", "level",
    "reported_by", *_OF_ROW,
)  # fmt: skip


def tidy(outcome: Outcome) -> pandas.DataFrame:
    """A frame with the columns of COLUMNS, a row for each unit and indicator; `value` and `reported` are float64.

    `value` is the figure that was merged, `reported` the one that stands in the file; answers stand in
    the two columns of texts. `merged` is False for units that were left out, and for those of which nothing came.
    """
    frame = pandas.DataFrame.from_records(list(_records(outcome)), columns=list(COLUMNS))
    return frame.astype({"value": "float64", "reported": "float64"})


def tidy_findings(outcome: Outcome, words: Words) -> pandas.DataFrame:
    """A frame with the columns of FINDINGS, a row for each finding, those first on which most hangs."""
    codes = _codes(outcome)
    records = [_finding(ranked, outcome, codes, words) for ranked in outcome.findings]
    frame = pandas.DataFrame.from_records(records, columns=list(FINDINGS))
    return frame.astype({"observed": "float64", "compared_with": "float64", "effect": "float64"})


def tidy_merged(outcome: Outcome) -> pandas.DataFrame:
    """A frame with the columns of MERGED, a row for each merged figure, of the earlier periods as well."""
    frame = pandas.DataFrame.from_records(list(_merged(outcome)), columns=list(MERGED))
    numbers = dict.fromkeys(("value", "low", "high"), "float64") | dict.fromkeys(("units", "expected"), "Int64")
    return frame.astype(numbers)


def _records(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    merged, form = outcome.merged, outcome.merged.form
    rows, codes = _rows(form), _codes(outcome)
    status = {line.counts: line.status for line in outcome.standings if line.counts is not None}
    for is_merged, units in ((True, merged.units), (False, merged.left_out)):
        for unit in units:
            name = outcome.name(unit)
            of_unit = (codes.get(name), unit.level or form.level, status.get(unit.path, "received"))
            yield from _of_unit(unit, name, of_unit, is_merged=is_merged, rows=rows)
    for line in outcome.standings:
        if line.unit is not None and line.counts is None:
            who = (line.name, _text(merged.period))
            blank = (None, None, None, None, False, False, None, None, None, None)
            of_unit = (codes.get(line.name), form.level, line.status)
            for row, of_row in rows:
                yield (*who, row.id, row.stt, row.label, *blank, *of_unit, *of_row)
    for earlier in outcome.earlier:
        for unit in earlier.workbooks:
            name = earlier.names.get(unit.path) or unit.unit or ""
            of_unit = (codes.get(name), unit.level or form.level, "received")
            yield from _of_unit(unit, name, of_unit, is_merged=True, rows=rows)


def _of_unit(
    unit: Filed, name: str, of_unit: tuple[str | None, str, str], *, is_merged: bool, rows: Iterable[_Row]
) -> Iterator[tuple[Any, ...]]:
    period = _text(unit.period)
    for place, (row, of_row) in enumerate(rows):
        value, reported, cell = unit.taken[place], unit.reported[place], unit.cell(place)
        yield (
            *(name, period, row.id, row.stt, row.label),
            *(*_split(value), *_split(reported), value != reported, is_merged),
            *(unit.path, None if cell is None else cell.sheet, None if cell is None else cell.local, unit.sha256),
            *(*of_unit, *of_row),
        )


_Row = tuple[Indicator, tuple[str, str, str, str, str]]


def _rows(form: Form) -> list[_Row]:
    """The rows that take a value, each with what else the table says of it."""
    return [
        (row, (row.section, form[row.section].label if row.section else "", row.kind.value, row.unit, row.merge))
        for row in form.entries
    ]


def _codes(outcome: Outcome) -> Mapping[str, str]:
    """The code of each unit in the roster, by its name."""
    return {line.name: line.unit.code for line in outcome.standings if line.unit is not None and line.unit.code}


def _finding(ranked: Ranked, outcome: Outcome, codes: Mapping[str, str], words: Words) -> tuple[Any, ...]:
    finding, filed, form = ranked.finding, ranked.filed, outcome.merged.form
    name, cell = outcome.name(filed), finding.cells[0] if finding.cells else None
    return (
        *(name, _text(filed.period or outcome.merged.period), finding.indicators[0] if finding.indicators else None),
        *(finding.code, str(finding.severity), codes.get(name)),
        *(*_split(finding.observed), *_split(finding.compared_with), finding.explained, float(ranked.effect)),
        *_said(ranked, form, words),
        *(filed.path, None if cell is None else cell.sheet, None if cell is None else cell.local),
    )


def _said(ranked: Ranked, form: Form, words: Words) -> tuple[str, str | None]:
    """The sentence of a finding and what to do; or if this program fails to say it, that it failed."""
    finding = ranked.finding
    try:
        return words.message(finding, form), words.page(finding.code, form)["do"]
    except Exception as error:  # noqa: BLE001 - the edge of one finding: it stays in the table, and that is said
        return words.word("district", "not_shown", detail=defect_of(error).detail), None


def _merged(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    merged = outcome.merged
    for row, of_row in _rows(merged.form):
        bounds = merged.bounds.get(row.id)
        yield (
            *(merged.unit or None, _text(merged.period), row.id, row.stt, row.label),
            *_split(merged.figures.get(row.id)),
            *(merged.aggregates[row.id].units, merged.expected_of(row)),
            *((None, None) if bounds is None else (_number(bounds.low), _number(bounds.high))),
            *(merged.level, row.reported_by, *of_row),
        )
    for earlier in outcome.earlier:
        for row, of_row in _rows(merged.form):
            yield (
                *(merged.unit or None, _text(earlier.period), row.id, row.stt, row.label),
                *_split(earlier.figures.get(row.id)),
                *(None, None, None, None, merged.level, row.reported_by, *of_row),
            )


def _text(period: Period | None) -> str | None:
    return None if period is None else str(period)


def _number(value: int | Fraction | float | None) -> float | None:
    return None if value is None else float(value)


def _split(value: int | Fraction | float | str | None) -> tuple[float | None, str | None]:
    if isinstance(value, str):
        return None, value
    return (None if value is None else float(value)), None


def tidy_files(outcome: Outcome, path: Path, words: Words) -> tuple[bytes, bytes, bytes]:
    """Figures, findings and merged figures as CSV or Parquet, as the name ends.

    Raises BadOption without the library that Parquet needs.
    """
    figures, findings, merged = tidy(outcome), tidy_findings(outcome, words), tidy_merged(outcome)
    return _written(figures, path), _written(findings, path), _written(merged, path)


def _written(frame: pandas.DataFrame, path: Path) -> bytes:
    buffer = io.BytesIO()
    if path.suffix.lower() == ".csv":
        # a text from a commune must not be run as a formula by the spreadsheet that opens the file
        texts = list(frame.select_dtypes(exclude=["number", "bool"]).columns)
        frame[texts] = frame[texts].map(_harmless)
        frame.to_csv(buffer, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    else:
        try:
            frame.to_parquet(buffer, index=False)
        except ImportError as error:
            raise BadOption("--tidy", "pip install 'cchc-excel[parquet]'") from error
    return buffer.getvalue()


def _harmless(text: object) -> object:
    """A text that no spreadsheet takes for a formula; Excel takes the wide signs ＝＋－＠ for its own, too."""
    if not isinstance(text, str):
        return text
    shown = harmless(text)
    begins = unicodedata.normalize("NFKC", shown.lstrip(_UNSEEN))[:1]
    return f"'{shown}" if begins in _OF_FORMULAS else shown
