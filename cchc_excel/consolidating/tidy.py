"""What consolidating comes to as three tidy tables, for other programs; docs/tidy.md says what each column means.

In:     an Outcome.
Out:    a row for each figure of each unit and period; a row for each finding; a row for each merged figure.
Never:  leaves out a unit that should have reported: its rows are there, and blank.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pandas

from cchc_excel.consolidating.filing import Filed
from cchc_excel.consolidating.outcome import Outcome, Ranked
from cchc_excel.errors import MissingExtra, defect_of
from cchc_excel.form import Form, Indicator
from cchc_excel.grid import harmless
from cchc_excel.submission import CellAddress, Period
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
    """A frame with the columns of FINDINGS, a row for each finding, those first on which most hangs.

    `effect` is the share of a merged figure, 0 to 1; it and the two columns of numbers are float64.
    """
    codes = _codes(outcome)
    records = [_finding(ranked, outcome, codes, words) for ranked in outcome.findings]
    frame = pandas.DataFrame.from_records(records, columns=list(FINDINGS))
    return frame.astype({"observed": "float64", "compared_with": "float64", "effect": "float64"})


def tidy_merged(outcome: Outcome) -> pandas.DataFrame:
    """A frame with the columns of MERGED, a row for each merged figure, of the earlier periods as well.

    `value`, `low` and `high` are float64, `units` and `expected` Int64; of earlier periods only `value` is known.
    """
    frame = pandas.DataFrame.from_records(list(_merged(outcome)), columns=list(MERGED))
    numbers = dict.fromkeys(("value", "low", "high"), "float64") | dict.fromkeys(("units", "expected"), "Int64")
    return frame.astype(numbers)


class _Row(NamedTuple):
    """A row of the form that takes a value, with what else the tables say of it, in the order of _OF_ROW."""

    indicator: Indicator
    said: tuple[str, str, str, str, str]


def _rows(form: Form) -> list[_Row]:
    """The rows that take a value."""
    rows = []
    for row in form.entries:
        section_label = form[row.section].label if row.section else ""
        rows.append(_Row(row, (row.section, section_label, row.kind.value, row.unit, row.merge)))
    return rows


class _Unit(NamedTuple):
    """What each figure of a unit bears of it: the name it goes by, its code in the roster, level and status."""

    name: str
    code: str | None
    level: str
    status: str


def _codes(outcome: Outcome) -> Mapping[str, str]:
    """The code of each unit in the roster, by its name."""
    return {line.name: line.unit.code for line in outcome.standings if line.unit is not None and line.unit.code}


# --- figures


def _records(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    """The figures of the units merged and left out, the blanks of those missing, and the figures of earlier periods."""
    rows, codes = _rows(outcome.merged.form), _codes(outcome)
    yield from _records_of_period(outcome, rows, codes)
    yield from _records_of_missing(outcome, rows, codes)
    yield from _records_of_earlier(outcome, rows, codes)


def _records_of_period(outcome: Outcome, rows: Sequence[_Row], codes: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    merged = outcome.merged
    status = {line.counts: line.status for line in outcome.standings if line.counts is not None}
    for is_merged, workbooks in ((True, merged.units), (False, merged.left_out)):
        for workbook in workbooks:
            name, level = outcome.name(workbook), workbook.level or merged.form.level
            unit = _Unit(name, codes.get(name), level, status.get(workbook.path, "received"))
            yield from _records_of(workbook, unit, rows, is_merged=is_merged)


def _records_of_missing(outcome: Outcome, rows: Sequence[_Row], codes: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    period, level = _text(outcome.merged.period), outcome.merged.form.level
    nothing = (None, None, None, None, False, False, None, None, None, None)  # from `value` to `sha256`
    for line in outcome.standings:
        if line.unit is not None and line.counts is None:
            code = codes.get(line.name)
            for row, said in rows:
                yield (
                    *(line.name, period, row.id, row.stt, row.label),
                    *nothing,
                    *(code, level, line.status, *said),
                )


def _records_of_earlier(outcome: Outcome, rows: Sequence[_Row], codes: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for earlier in outcome.earlier:
        for workbook in earlier.workbooks:
            name = earlier.names.get(workbook.path) or workbook.unit or ""
            unit = _Unit(name, codes.get(name), workbook.level or outcome.merged.form.level, "received")
            yield from _records_of(workbook, unit, rows, is_merged=True)


def _records_of(workbook: Filed, unit: _Unit, rows: Sequence[_Row], *, is_merged: bool) -> Iterator[tuple[Any, ...]]:
    """A record for each row of a workbook, in the order of COLUMNS."""
    period, sha256 = _text(workbook.period), workbook.sha256
    for place, (row, said) in enumerate(rows):
        value, reported = workbook.taken[place], workbook.reported[place]
        yield (
            *(unit.name, period, row.id, row.stt, row.label),
            *(*_split(value), *_split(reported), value != reported, is_merged),
            *(workbook.path, *_sheet_and_cell(workbook.cell(place)), sha256),
            *(unit.code, unit.level, unit.status, *said),
        )


# --- findings


def _finding(ranked: Ranked, outcome: Outcome, codes: Mapping[str, str], words: Words) -> tuple[Any, ...]:
    """The record of one finding, in the order of FINDINGS."""
    finding, workbook = ranked.finding, ranked.filed
    name, period = outcome.name(workbook), workbook.period or outcome.merged.period
    return (
        *(name, _text(period), next(iter(finding.indicators), None)),
        *(finding.code, str(finding.severity), codes.get(name)),
        *(*_split(finding.observed), *_split(finding.compared_with), finding.explained, float(ranked.effect)),
        *_said(ranked, outcome.merged.form, words),
        *(workbook.path, *_sheet_and_cell(next(iter(finding.cells), None))),
    )


class _Said(NamedTuple):
    """The sentence of a finding, and what to do."""

    message: str
    remedy: str | None


def _said(ranked: Ranked, form: Form, words: Words) -> _Said:
    """What is to be said of a finding; or if this program fails to say it, that it failed."""
    finding = ranked.finding
    try:
        return _Said(words.message(finding, form), words.page(finding.code, form)["do"])
    except Exception as error:  # noqa: BLE001 - the edge of one finding: it stays in the table, and that is said
        return _Said(words.word("district", "not_shown", detail=defect_of(error).detail), None)


# --- merged figures


def _merged(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    """A record for each merged figure, of this period and then of the earlier ones, in the order of MERGED."""
    merged, rows = outcome.merged, _rows(outcome.merged.form)
    for row, said in rows:
        bounds = merged.bounds.get(row.id)
        low, high = (None, None) if bounds is None else (bounds.low, bounds.high)
        yield (
            *(merged.unit or None, _text(merged.period), row.id, row.stt, row.label),
            *_split(merged.figures.get(row.id)),
            *(merged.aggregates[row.id].units, merged.expected_of(row), _number(low), _number(high)),
            *(merged.level, row.reported_by, *said),
        )
    for earlier in outcome.earlier:
        for row, said in rows:
            yield (
                *(merged.unit or None, _text(earlier.period), row.id, row.stt, row.label),
                *_split(earlier.figures.get(row.id)),
                *(None, None, None, None),  # how many units, and the bounds, are not kept of it
                *(merged.level, row.reported_by, *said),
            )


# --- values


def _sheet_and_cell(cell: CellAddress | None) -> tuple[str | None, str | None]:
    return (None, None) if cell is None else (cell.sheet, cell.local)


def _text(period: Period | None) -> str | None:
    return None if period is None else str(period)


def _number(value: int | Fraction | float | None) -> float | None:
    return None if value is None else float(value)


def _split(value: int | Fraction | float | str | None) -> tuple[float | None, str | None]:
    """The value for the column of numbers and for that of texts, one of which stays blank."""
    if isinstance(value, str):
        return None, value
    return (None if value is None else float(value)), None


def tidy_files(outcome: Outcome, path: Path, words: Words) -> tuple[bytes, bytes, bytes]:
    """Figures, findings and merged figures as CSV or Parquet, as the name ends.

    Raises MissingExtra without the library that Parquet needs.
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
            raise MissingExtra("cchc consolidate --tidy", "cchc-excel[parquet]") from error
    return buffer.getvalue()


def _harmless(text: object) -> object:
    """A text that no spreadsheet takes for a formula; Excel takes the wide signs ＝＋－＠ for its own, too."""
    if not isinstance(text, str):
        return text
    shown = harmless(text)
    begins = unicodedata.normalize("NFKC", shown.lstrip(_UNSEEN))[:1]
    return f"'{shown}" if begins in _OF_FORMULAS else shown
