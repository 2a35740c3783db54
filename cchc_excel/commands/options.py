"""What a person typed that several commands take, and what the typed texts mean.

Each command keeps the value of its own options beside it: a frozen dataclass takes a millisecond to be made, and a
process needs those of one command.

In:     texts and paths from the command line, which each command of `cli` names once.
Out:    frozen values; a Period, a level or codes from a text. Raises BadOption for a text that means nothing.
Never:  reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_excel.errors import BadOption
from cchc_excel.form import LEVELS, Form, Language
from cchc_excel.reading import Given
from cchc_excel.submission import Period

if TYPE_CHECKING:
    from cchc_excel.pipeline import Selection


@dataclass(frozen=True, kw_only=True)
class FormOptions:
    """What every command takes: the form, and the language to speak.

    Where no form is named each report has the edition of the shipped form that is in force in its period.
    """

    form: str = ""
    lang: Language = "vi"
    quiet: bool = False
    format: str = "table"


@dataclass(frozen=True, kw_only=True)
class Selecting(FormOptions):
    """What the commands take that tell what is found: which findings they are about, by the beginnings of codes."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()

    def selection(self, form: Form) -> Selection:
        """Which findings are told. Raises UnknownSelection for what no code of the form begins with."""
        from cchc_excel.pipeline import EVERYTHING, Selection

        if not self.select and not self.ignore:
            return EVERYTHING
        from cchc_excel.reporting.reference import refuse_unknown

        selection = Selection(codes_of(self.select), codes_of(self.ignore))
        refuse_unknown("--select", selection.selected, form)
        refuse_unknown("--ignore", selection.ignored, form)
        return selection


@dataclass(frozen=True, kw_only=True)
class ManyFiles(Selecting):
    """What the commands take that go through many workbooks."""

    files: Sequence[Path]
    previous: Sequence[Path] = ()
    unit: str | None = None
    period: str | None = None
    jobs: int | None = None
    cluster: str | None = None
    recursive: bool = True
    force: bool = False
    debug: bool = False


@dataclass(frozen=True, kw_only=True)
class ExaminingOptions(ManyFiles):
    """What the commands take that examine each workbook by itself."""

    override: bool = False
    resume: bool = False

    @property
    def given(self) -> Given:
        """What the person says of each workbook. Raises BadOption for a period that is none."""
        return Given(unit=self.unit, period=period_of(self.period), override=self.override)


def period_of(text: str | None) -> Period | None:
    """The period typed; None where none was. Raises BadOption."""
    if text is None:
        return None
    try:
        return Period.parse(text)
    except ValueError as error:
        raise BadOption("--period", text) from error


def day_of(text: str) -> date:
    """The day typed, `20/03/2023` or `2023-03-20`. Raises BadOption."""
    for date_format in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), date_format).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadOption("--due", text)


def due_in(text: str | None) -> Callable[[Period | None], date | None]:
    """Return what tells by when an answer about a period is due; it tells nothing where nothing was typed.

    The text is one day for all periods, or `2023-Q1=20/03/2023,…` with a day for each. Raises BadOption.
    """
    if text is None:
        return lambda _: None
    if "=" not in text:
        day = day_of(text)
        return lambda _: day
    day_by_period = {}
    for item in text.split(","):
        period_text, _, day_text = item.partition("=")
        day_by_period[period_of(period_text.strip())] = day_of(day_text)
    return lambda period: None if period is None else day_by_period.get(period)


def level_of(text: str | None, form: Form) -> str | None:
    """The level typed; None where none was. Raises BadOption for one that is not above the form's own."""
    levels_above = form.levels_above
    if text is None or text in levels_above:
        return text
    allowed = ", ".join(levels_above or LEVELS)
    raise BadOption("--level", f"{text}: {allowed}")


def codes_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes in options such as `--select a02,L --select C`."""
    codes = [code.strip().upper() for text in texts for code in text.split(",")]
    return tuple(filter(None, codes))
