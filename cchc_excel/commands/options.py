"""What a person typed, as one value a command; and what the typed texts mean.

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


@dataclass(frozen=True, kw_only=True)
class ValidateOptions(ExaminingOptions):
    """What `cchc validate` is to do."""

    fail_on: str = "error"
    output: Path | None = None
    verbose: bool = False


@dataclass(frozen=True, kw_only=True)
class CorrectOptions(ExaminingOptions):
    """What `cchc correct` is to do; `output` is a folder, `decisions` files or folders."""

    output: Path
    apply: str = "safe"
    decisions: Sequence[Path] = ()
    undo: bool = False
    dry_run: bool = False
    sheet: Path | None = None
    decided_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class TemplateOptions(FormOptions):
    """What `cchc template` is to do; with a roster `output` is a folder."""

    output: Path
    unit: str | None = None
    period: str | None = None
    roster: Path | None = None
    previous: Sequence[Path] = ()
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsolidateOptions(ManyFiles):
    """What `cchc consolidate` is to do; `unit` is whom the merged workbook is for."""

    output: Path
    roster: Path | None = None
    level: str | None = None
    corrected: bool = True
    exclude_errors: bool = False
    own: Path | None = None
    decisions: Sequence[Path] = ()
    tidy: Path | None = None


@dataclass(frozen=True, kw_only=True)
class InspectOptions(Selecting):
    """What `cchc inspect` is to do."""

    files: Sequence[Path]
    unit: str | None = None
    period: str | None = None
    output: Path | None = None
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class ExplainOptions(FormOptions):
    """What `cchc explain` is to do, and `cchc rules`, which names no code."""

    code: str = ""
    output: Path | None = None
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class FormFolderOptions(FormOptions):
    """What the commands about forms are to do; `source` is a form's folder, or a workbook."""

    source: Path
    output: Path | None = None
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class DiffOptions(Selecting):
    """What `cchc diff` is to do; `before` and `after` are two files or two folders."""

    before: Path
    after: Path
    findings: bool = False


@dataclass(frozen=True, kw_only=True)
class LettersOptions(ManyFiles):
    """What `cchc letters` is to do; `unit` is the office that writes, `due` the day by which an answer is due."""

    output: Path
    roster: Path | None = None
    due: str | None = None
    decisions: Sequence[Path] = ()


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
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadOption("--due", text)


def due_in(text: str | None) -> Callable[[Period | None], date | None]:
    """By when an answer is due, by period: one day for all, or `2023-Q1=20/03/2023` for each. Raises BadOption."""
    if text is None:
        return lambda _: None
    if "=" not in text:
        day = day_of(text)
        return lambda _: day
    days = {}
    for one in text.split(","):
        period, _, day_text = one.partition("=")
        days[period_of(period.strip())] = day_of(day_text)
    return lambda period: days.get(period) if period is not None else None


def level_of(text: str | None, form: Form) -> str | None:
    """The level typed; None where none was. Raises BadOption for one that is not above the form's own."""
    above = form.levels_above
    if text is None or text in above:
        return text
    raise BadOption("--level", f"{text}: {', '.join(above or LEVELS)}")


def codes_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes in options such as `--select a02,L --select C`."""
    return tuple(code.strip().upper() for text in texts for code in text.split(",") if code.strip())
