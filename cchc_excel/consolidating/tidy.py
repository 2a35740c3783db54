"""The merged submissions as one tidy table: a row for each figure of each unit, for other programs to read."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas

from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.errors import BadOption
from cchc_excel.grid import harmless

_OF_FORMULAS = frozenset("=+-@")
_UNSEEN = " \t\r\n\xa0\u200b\u200c\u200d\u2060\u3000\ufeff"  # what a spreadsheet may pass over before a formula

COLUMNS = (
    "unit", "period", "indicator", "stt", "label", "value", "text", "reported", "reported_text", "changed",
    "merged", "file", "sheet", "cell", "sha256",
)  # fmt: skip


def tidy(outcome: Outcome) -> pandas.DataFrame:
    """A frame with the columns of COLUMNS, a row for each unit and indicator; `value` and `reported` are float64.

    `value` is the figure that was merged, `reported` the one that stands in the file; answers stand in
    the two columns of texts. `merged` is False for units that were left out.
    """
    frame = pandas.DataFrame.from_records(list(_records(outcome)), columns=list(COLUMNS))
    return frame.astype({"value": "float64", "reported": "float64"})


def _records(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    merged = outcome.merged
    for is_merged, units in ((True, merged.units), (False, merged.left_out)):
        for unit in units:
            for place, row in enumerate(merged.form.entries):
                value, reported, cell = unit.taken[place], unit.reported[place], unit.cell(place)
                yield (
                    outcome.name(unit),
                    None if unit.period is None else str(unit.period),
                    row.id,
                    row.stt,
                    row.label,
                    *_split(value),
                    *_split(reported),
                    value != reported,
                    is_merged,
                    unit.path,
                    None if cell is None else cell.sheet,
                    None if cell is None else cell.local,
                    unit.sha256,
                )


def _split(value: int | Fraction | str | None) -> tuple[float | None, str | None]:
    if isinstance(value, str):
        return None, value
    return (None if value is None else float(value)), None


def tidy_file(outcome: Outcome, path: Path) -> bytes:
    """The table as CSV or Parquet, as the name ends. Raises BadOption without the library that Parquet needs."""
    buffer = io.BytesIO()
    if path.suffix.lower() == ".csv":
        # a text from a commune must not be run as a formula by the spreadsheet that opens the file
        frame = tidy(outcome)
        texts = ["unit", "text", "reported_text", "file", "sheet"]
        frame[texts] = frame[texts].map(_harmless)
        frame.to_csv(buffer, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    else:
        try:
            tidy(outcome).to_parquet(buffer, index=False)
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
