"""The catalogue of the built-in codes: what is decided about a code is decided in its one line here.

A built-in check is added by two edits: its line in this table, and its sentences in both languages with a case in
`wording/cases.yaml`. Where it is found is its own affair: a row of `form/relations.py` if it follows from what a form
declares, else `notice("T23", ...)` while reading or `Finding("U11", ...)` while checking. The tests fail until a code
that is found anywhere has its line, its sentences and its case.

The codes that a form declares itself (family L) are not built in: they bring all of this along in `checks.yaml`.

In:     nothing.
Out:    CODES: the Code of each built-in code, by its name.
Never:  knows a form, a figure or a sentence. What a form's folder sets otherwise is asked of the Form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; comparable by `rank`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info, 2 for error."""
        return ("info", "warning", "error").index(self.value)


class Fixing(StrEnum):
    """How far a finding of a code is corrected.

    SAFE      the proposal is carried out unasked where the evidence is certain, and only proposed where it is not
    SUGGEST   the likeliest change is proposed; an officer's `nhận` carries it out, or `--apply suggested` where the
              figures speak for this change alone
    NEVER     nothing is proposed; what would explain the finding is listed, and only `nhận` carries one out
    """

    SAFE = "safe"
    SUGGEST = "suggest"
    NEVER = "never"


class InTemplate(StrEnum):
    """How the template's own checks say it while the form is being filled.

    AS_SAID    in the sentence of the code
    BY_TITLE   by its title: the sentence lists what is given, which no formula of bearable length does
    UNREAD     as a cell that cannot be read
    UNFILLED   as a cell that waits to be filled, counted apart from the errors
    """

    AS_SAID = "as_said"
    BY_TITLE = "by_title"
    UNREAD = "unread"
    UNFILLED = "unfilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One built-in code.

    `severity` is what a finding of it has unless the form's folder says otherwise or the finding is one of its milder
    cases; with `settable` False no form can set it, for the file could not be read at all.
    `echo_of` names the codes beside which it says nothing new about the same entry, `silent_beside` those beside which
    it says nothing new wherever they stand on the sheet. With `impossible` the figure cannot be at all, so that nothing
    new is said by what only compares it with others (`COMPARING`). With `explicable` False it is about the note itself,
    which can be no reason for it.
    With `told_once` it tells that a figure is many times another, and of rows that count the same thing and are as far
    off only the first is told.
    `from_relation` is a check that only a form with such a relation has. With `speaks_of_all` its finding is about all
    the entries that it names, and not about the first alone.
    `heard_by_solver` is a check that the solver takes for a constraint, as long as it is an error.
    `of_the_form`, as information, tells what the form itself prints: once a form is enough.
    `of_the_office` is for the consolidating office to settle, not for the unit.
    """

    name: str
    severity: Severity
    fix: Fixing = Fixing.NEVER
    settable: bool = True
    echo_of: tuple[str, ...] = ()
    silent_beside: tuple[str, ...] = ()
    impossible: bool = False
    explicable: bool = True
    told_once: bool = False
    from_relation: bool = False
    speaks_of_all: bool = False
    heard_by_solver: bool = False
    in_template: InTemplate = InTemplate.AS_SAID
    of_the_form: bool = False
    of_the_office: bool = False

    @property
    def family(self) -> str:
        """The letter it begins with."""
        return self.name[0]


FAMILIES = "STCALPU"
"""In the order in which they are told. Of family L each form has its own."""

COMPARING = frozenset("ALP")
"""The families whose findings hold figures against others."""

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_SAFE, _SUGGEST = Fixing.SAFE, Fixing.SUGGEST
_UNREAD, _WAITS, _BY_TITLE = InTemplate.UNREAD, InTemplate.UNFILLED, InTemplate.BY_TITLE
_EMPTY = ("C07",)  # in a form that nobody filled, each blank is an echo of that
_BLANKS = ("C02", "C03", "C04", "C05", "C08")

_TABLE = (
    # S: the file, and how its sheet stands to the printed form
    Code(name="S01", severity=_ERROR, settable=False),
    Code(name="S02", severity=_ERROR, settable=False),
    Code(name="S03", severity=_ERROR, settable=False),
    Code(name="S04", severity=_ERROR, settable=False),
    Code(name="S05", severity=_ERROR, settable=False),
    Code(name="S06", severity=_ERROR, settable=False),
    Code(name="S07", severity=_ERROR, settable=False),
    Code(name="S08", severity=_ERROR, settable=False),
    Code(name="S09", severity=_ERROR, settable=False),
    Code(name="S10", severity=_ERROR),
    Code(name="S11", severity=_WARNING),
    Code(name="S12", severity=_ERROR),
    Code(name="S13", severity=_INFO),
    Code(name="S14", severity=_INFO),
    Code(name="S15", severity=_WARNING),
    Code(name="S16", severity=_WARNING),
    Code(name="S17", severity=_ERROR),
    Code(name="S18", severity=_ERROR),
    Code(name="S19", severity=_WARNING),
    Code(name="S20", severity=_WARNING),
    Code(name="S21", severity=_ERROR),
    Code(name="S22", severity=_INFO, of_the_form=True),
    Code(name="S23", severity=_INFO, of_the_form=True),
    Code(name="S24", severity=_INFO, of_the_form=True),
    Code(name="S25", severity=_INFO),
    Code(name="S26", severity=_INFO, of_the_form=True),
    Code(name="S27", severity=_INFO, of_the_form=True),
    Code(name="S30", severity=_WARNING),
    Code(name="S31", severity=_WARNING),
    Code(name="S32", severity=_WARNING),
    Code(name="S33", severity=_INFO),
    Code(name="S34", severity=_ERROR),
    Code(name="S35", severity=_WARNING),
    Code(name="S36", severity=_INFO),
    Code(name="S37", severity=_WARNING),
    Code(name="S38", severity=_INFO),
    Code(name="S39", severity=_WARNING),
    Code(name="S40", severity=_WARNING),
    Code(name="S41", severity=_INFO),
    Code(name="S42", severity=_ERROR),
    Code(name="S43", severity=_INFO),
    Code(name="S44", severity=_ERROR),
    Code(name="S45", severity=_INFO),
    Code(name="S46", severity=_WARNING),
    Code(name="S47", severity=_INFO),
    Code(name="S48", severity=_INFO),
    Code(name="S49", severity=_INFO),
    Code(name="S50", severity=_WARNING),
    Code(name="S51", severity=_ERROR),
    Code(name="S52", severity=_ERROR),
    Code(name="S53", severity=_ERROR),
    Code(name="S54", severity=_ERROR),
    Code(name="S58", severity=_WARNING),
    Code(name="S60", severity=_ERROR, settable=False),
    Code(name="S61", severity=_ERROR, settable=False),
    Code(name="S62", severity=_ERROR, settable=False),
    Code(name="S63", severity=_ERROR, settable=False),
    # T: what stands in one value cell
    Code(name="T01", severity=_INFO, fix=_SAFE),
    Code(name="T02", severity=_ERROR, in_template=_UNREAD),
    Code(name="T03", severity=_ERROR, fix=_SUGGEST, from_relation=True, impossible=True),
    Code(name="T04", severity=_ERROR, fix=_SUGGEST, from_relation=True, impossible=True),
    Code(name="T05", severity=_ERROR, from_relation=True, echo_of=("A02", "A05")),
    Code(name="T06", severity=_INFO),
    Code(name="T07", severity=_ERROR),
    Code(name="T08", severity=_ERROR, fix=_SUGGEST),
    Code(name="T09", severity=_INFO, fix=_SAFE),
    Code(name="T10", severity=_ERROR, fix=_SUGGEST),
    Code(name="T11", severity=_ERROR, fix=_SUGGEST),
    Code(name="T12", severity=_ERROR, fix=_SAFE, in_template=_UNREAD),
    Code(name="T13", severity=_ERROR),
    Code(name="T14", severity=_WARNING),
    Code(name="T15", severity=_INFO, fix=_SAFE),
    Code(name="T16", severity=_WARNING, from_relation=True, heard_by_solver=True),
    Code(name="T17", severity=_ERROR, fix=_SUGGEST),
    Code(name="T18", severity=_INFO, fix=_SAFE),
    Code(name="T19", severity=_ERROR),
    Code(name="T21", severity=_ERROR, fix=_SUGGEST),
    Code(name="T22", severity=_INFO),
    Code(name="T23", severity=_ERROR),
    Code(name="T24", severity=_ERROR),
    Code(name="T25", severity=_ERROR),
    Code(name="T26", severity=_ERROR),
    Code(name="T27", severity=_ERROR),
    Code(name="T28", severity=_WARNING),
    Code(name="T29", severity=_ERROR),
    Code(name="T30", severity=_WARNING, in_template=_UNREAD),
    Code(name="T31", severity=_WARNING, explicable=False),
    Code(name="T38", severity=_WARNING, from_relation=True, in_template=_BY_TITLE),
    Code(name="T39", severity=_WARNING, from_relation=True, heard_by_solver=True),
    # C: blanks
    Code(
        name="C01",
        severity=_ERROR,
        fix=_SUGGEST,
        from_relation=True,
        echo_of=_BLANKS,
        silent_beside=_EMPTY,
        in_template=_WAITS,
    ),
    Code(name="C02", severity=_WARNING, fix=_SAFE, from_relation=True, silent_beside=_EMPTY),
    Code(name="C03", severity=_ERROR, fix=_SAFE, from_relation=True, silent_beside=_EMPTY),
    Code(name="C04", severity=_ERROR, fix=_SUGGEST, from_relation=True, silent_beside=_EMPTY, in_template=_BY_TITLE),
    Code(name="C05", severity=_ERROR, fix=_SUGGEST, from_relation=True, silent_beside=_EMPTY, in_template=_BY_TITLE),
    Code(name="C06", severity=_WARNING, from_relation=True),
    Code(name="C07", severity=_ERROR),
    Code(
        name="C08",
        severity=_WARNING,
        fix=_SUGGEST,
        from_relation=True,
        silent_beside=_EMPTY,
        speaks_of_all=True,
        in_template=_BY_TITLE,
    ),
    # A: totals and percentages
    Code(name="A01", severity=_ERROR, fix=_SUGGEST, from_relation=True, heard_by_solver=True),
    Code(name="A02", severity=_ERROR, fix=_SAFE, from_relation=True, heard_by_solver=True),
    Code(name="A03", severity=_WARNING, fix=_SUGGEST, from_relation=True, heard_by_solver=True, echo_of=("A02",)),
    Code(name="A04", severity=_WARNING, from_relation=True, heard_by_solver=True, echo_of=("C06",)),
    Code(name="A05", severity=_ERROR, fix=_SUGGEST, from_relation=True, heard_by_solver=True),
    Code(name="A06", severity=_INFO, from_relation=True),
    # P: the unit's own earlier submissions
    Code(name="P01", severity=_ERROR, from_relation=True),
    Code(name="P02", severity=_WARNING, from_relation=True),
    Code(name="P03", severity=_ERROR, from_relation=True),
    Code(name="P04", severity=_WARNING, from_relation=True),
    Code(name="P05", severity=_WARNING, from_relation=True, told_once=True),
    Code(name="P06", severity=_ERROR),
    Code(name="P07", severity=_INFO),
    Code(name="P08", severity=_ERROR, echo_of=("P03",)),
    Code(name="P09", severity=_INFO),
    Code(name="P10", severity=_INFO),
    Code(name="P11", severity=_INFO),
    Code(name="P12", severity=_WARNING, told_once=True, echo_of=("P03", "P05", "P08", "P16")),
    Code(name="P13", severity=_INFO),
    Code(name="P14", severity=_WARNING, from_relation=True),
    Code(name="P15", severity=_WARNING),
    Code(name="P16", severity=_WARNING, told_once=True),
    # U: the units of one period
    Code(name="U01", severity=_WARNING),
    Code(name="U02", severity=_WARNING),
    Code(name="U03", severity=_WARNING, told_once=True),
    Code(name="U04", severity=_ERROR),
    Code(name="U05", severity=_WARNING, of_the_office=True),
    Code(name="U06", severity=_ERROR, of_the_office=True),
    Code(name="U07", severity=_ERROR, of_the_office=True),
    Code(name="U08", severity=_ERROR),
    Code(name="U09", severity=_WARNING, of_the_office=True),
    Code(name="U10", severity=_WARNING, of_the_office=True),
    Code(name="U11", severity=_WARNING, of_the_office=True),
    Code(name="U14", severity=_WARNING),
    Code(name="U15", severity=_WARNING),
    Code(name="U16", severity=_INFO, of_the_office=True),
    Code(name="U17", severity=_ERROR, of_the_office=True),
    Code(name="U18", severity=_INFO, of_the_office=True),
    Code(name="U19", severity=_ERROR, of_the_office=True),
)

CODES: Mapping[str, Code] = {code.name: code for code in _TABLE}
