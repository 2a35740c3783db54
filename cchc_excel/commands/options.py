"""What a person typed, as one value a command; and what the typed texts mean.

In:     texts and paths from the command line, which each command of `cli` names once.
Out:    frozen values; a Period, a level or codes from a text. Raises BadOption for a text that means nothing.
Never:  reads a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cchc_excel.errors import BadOption
from cchc_excel.form import LEVELS, Form, Language, levels_above
from cchc_excel.form.folders import STANDARD
from cchc_excel.reading import Given
from cchc_excel.submission import Period


@dataclass(frozen=True, kw_only=True)
class FormOptions:
    """What every command takes: the form, and the language to speak."""

    form: str = STANDARD
    lang: Language = "vi"


@dataclass(frozen=True, kw_only=True)
class ManyFiles(FormOptions):
    """What the commands take that go through many workbooks."""

    files: Sequence[Path]
    previous: Sequence[Path] = ()
    unit: str | None = None
    period: str | None = None
    jobs: int | None = None
    cluster: str | None = None
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

    format: str = "table"
    fail_on: str = "error"
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
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
    tidy: Path | None = None


def period_of(text: str | None) -> Period | None:
    """The period typed; None where none was. Raises BadOption."""
    if text is None:
        return None
    try:
        return Period.parse(text)
    except ValueError as error:
        raise BadOption("--period", text) from error


def level_of(text: str | None, form: Form) -> str | None:
    """The level typed; None where none was. Raises BadOption for one that is not above the form's own."""
    above = levels_above(form.level)
    if text is None or text in above:
        return text
    raise BadOption("--level", f"{text}: {', '.join(above or LEVELS)}")


def codes_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes in options such as `--select a02,L --select C`."""
    return tuple(code.strip().upper() for text in texts for code in text.split(",") if code.strip())
