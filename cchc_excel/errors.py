"""The tree of exceptions: one class for each thing a person can do about it.

Exceptions carry facts, positional only (so that they cross a process and come back); the
sentences are made in `wording`. `code` is the finding that an unreadable file becomes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from cchc_excel.finding import Finding
    from cchc_excel.wording import Words


class CchcError(Exception):
    """Anything this program refuses, with a reason a person can act on."""

    def __str__(self) -> str:
        """The sentence, in Vietnamese, or in English where CCHC_LANG is `en`."""
        from cchc_excel.wording import words

        return self.sentence(words("en" if os.environ.get("CCHC_LANG") == "en" else "vi"))

    def sentence(self, words: Words) -> str:
        """What is wrong and what to do, in the language of the words."""
        return words.refusal(self)


# --- a defect of this program


class Defect(NamedTuple):
    """What an unexpected exception said, as a value: a defect over one file or one finding stops no other.

    `detail` is one line (`KeyError: '1.4'`); `traceback` is for whoever mends the program, shown by --debug.
    """

    detail: str
    traceback: str = ""


def defect_of(error: Exception) -> Defect:
    """Take down an exception that nobody expected."""
    import traceback

    return Defect(f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


# --- a file that cannot be read: becomes one finding, never stops the others


class UnreadableWorkbook(CchcError):
    """`detail` says in the words of the format what was wrong (English, for the officer's helper)."""

    code: ClassVar[str] = "S03"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class FormNotFound(UnreadableWorkbook):
    """A workbook, but no sheet of it holds the form. `titles` are those over a table that the form does not know."""

    code = "S01"

    def __init__(self, detail: str = "", titles: str = "") -> None:
        super().__init__(detail)
        self.args = (detail, titles)
        self.titles = titles


class PasswordProtected(UnreadableWorkbook):
    """An encrypted package: save without a password."""

    code = "S02"


class DamagedWorkbook(UnreadableWorkbook):
    """Meant to be a workbook, but broken: open in Excel, save again."""

    code = "S03"


class NotAWorkbook(UnreadableWorkbook):
    """Not a spreadsheet at all, whatever its name says."""

    code = "S04"


class WorkbookTooLarge(UnreadableWorkbook):
    """Larger than any genuine form; perhaps built to exhaust memory."""

    code = "S05"


class UnsupportedWorkbook(UnreadableWorkbook):
    """A spreadsheet of a kind not read here: save as .xlsx. `detail` names the kind."""

    code = "S06"


class SeveralForms(UnreadableWorkbook):
    """More than one sheet is a filled form: one unit, one period, one workbook. `detail` lists the sheets."""

    code = "S07"


class EmptyFile(UnreadableWorkbook):
    """No byte in it: a download or a copy that did not come through."""

    code = "S60"


class DocumentInstead(UnreadableWorkbook):
    """A letter, a scan or a picture in the place of a workbook. `detail` is `pdf`, `word`, `slides` or `picture`."""

    code = "S61"


class ArchiveUnopened(UnreadableWorkbook):
    """Files packed in a way that is not unpacked here. `detail` names the kind, or says what was in the way."""

    code = "S62"


class TextTooLong(UnreadableWorkbook):
    """A cell with more text than Excel could ever put into one. `detail` is the cell, by its sheet."""

    code = "S63"


class Unopened(UnreadableWorkbook):
    """A file that the file system does not hand over: no permission, a broken disk, another program that holds it."""

    code = "S09"


# --- a form folder that cannot be used


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a form folder: where it stands and its kind; `facts` fill the sentence."""

    file: str
    line: int
    kind: str
    facts: tuple[tuple[str, str], ...] = ()


class FormDefinitionError(CchcError):
    """A form folder with mistakes; `mistakes` holds all of them, in the order of the files."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


class ExpressionError(CchcError):
    """A text that is not of the rule language: `kind` of mistake, `text`, and the offsets where it stands."""

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        super().__init__(kind, text, start, end)
        self.kind, self.text, self.start, self.end = kind, text, start, end


class BadRoster(CchcError):
    """A list of units with mistakes; `mistakes` holds all of them. Facts `sheet` and `cell` say where in a workbook."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


class BadSettings(CchcError):
    """A settings file with mistakes; `mistakes` holds all of them."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


# --- a command that cannot be carried out: exit status 2


class UsageError(CchcError):
    """The command cannot be carried out; `subject` is the path, code or option it stumbled over."""

    def __init__(self, subject: str = "", detail: str = "") -> None:
        super().__init__(subject, detail)
        self.subject, self.detail = subject, detail


class NoSuchFile(UsageError):
    """A path that does not exist."""


class NoWorkbooks(UsageError):
    """A folder without a single workbook."""


class MissingArgument(UsageError):
    """A command was given without what it is about."""


class MissingOption(UsageError):
    """A command was given without an option that it needs; the detail is the command."""


class MissingValue(UsageError):
    """An option was given without what is to stand behind it."""


class NeedlessValue(UsageError):
    """An option that is only there or not was given a value."""


class BadChoice(UsageError):
    """An option was given something that it does not take; the detail lists what it takes."""


class NotANumber(UsageError):
    """An option that takes a number was given none, or too small a one; the detail is the least."""


class NeedlessArgument(UsageError):
    """A command was given more than it takes."""


class UnknownCommand(UsageError):
    """A command that there is not; the detail holds those that are spelt alike, or all."""


class InputIsTerminal(UsageError):
    """`-` was given for a file and nothing is handed over."""


class UnknownOption(UsageError):
    """An option that the command does not have, and none is spelt alike."""


class MisspeltOption(UsageError):
    """An option that the command does not have; the detail holds those that are spelt alike."""


class CannotOpen(NoSuchFile):
    """A file that is there and cannot be opened; the detail says why, in the words of the system."""


class NotAFolder(UsageError):
    """A folder to write into was asked for, and what is there is none."""


class UnknownCode(UsageError):
    """A check code that no check has; the detail holds the nearest that there are."""


class UnknownSelection(UsageError):
    """A code or a beginning of codes in `--select` or `--ignore` that fits none; the detail holds the nearest ones."""


class BadPeriod(UsageError, ValueError):
    """A text that is the code of no period."""


class UnusableSource(UsageError):
    """What a program handed over for a file, and no bytes can be had of; the detail says how it was opened."""


class DifferentForms(UsageError):
    """Examinations by more than one form were to become one frame."""


class NotCorrected(UsageError):
    """A workbook of which there is no corrected copy; the detail, or what was found in the file, says why."""

    def __init__(self, subject: str = "", detail: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(subject, detail)
        self.args = (subject, detail, findings)
        self.findings = findings

    def sentence(self, words: Words) -> str:
        said = [self.detail, *(finding.sentence(words) for finding in self.findings)]
        return words.refusal(NotCorrected(self.subject, " ".join(it for it in said if it)))


class NotComparable(UsageError):
    """A file was to be compared with a folder."""


class NoSuchForm(UsageError):
    """A form folder without form.yaml, or a form name that is not shipped."""


class CannotWrite(UsageError):
    """An output that cannot be written; nothing was left half done."""


class OutputExists(UsageError):
    """An output that exists already and would be replaced: say --force."""


class Reason(NamedTuple):
    """What keeps some `workbooks` out of a merged one; `about` are the units or periods to be named for it."""

    why: str
    workbooks: int
    about: tuple[str, ...] = ()


class NothingToConsolidate(UsageError):
    """No workbook among the files that counts: readable, of the period, of a unit, and not left out."""

    def __init__(self, subject: str = "", detail: str = "", reasons: tuple[Reason, ...] = ()) -> None:
        super().__init__(subject, detail)
        self.args = (subject, detail, reasons)
        self.reasons = reasons


class OwnUnread(UsageError):
    """The upper level's own workbook cannot be read; the detail is the code of the finding that says why."""


class OwnOfOtherPeriod(UsageError):
    """The upper level's own workbook is of another period (its detail) than those of the units."""


class ClusterUnavailable(UsageError):
    """A Dask cluster that does not answer, or whose library is not installed."""


class MissingExtra(UsageError):
    """A command whose library is not installed; the detail is what to install."""


class OptionNeedsAnother(UsageError):
    """An option that means something only together with another one: its detail."""


class OptionsExclude(UsageError):
    """Two options that contradict each other: the subject and the detail."""


class BadOption(UsageError):
    """An option, or a value of one, that the command line does not know."""
