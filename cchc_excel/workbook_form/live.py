"""The checks of a form as cells: each check's verdict, what it compares, what it says and what to do.

In:     the layout of the form and the contents of its value cells.
Out:    a LiveCheck for each check, in the order of the rows; the formulas over all of them.
Never:  decides what is right: verdicts are the Excel reading of the form's own checks, their results the evaluator's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from cchc_excel.checking import cannot_be_of_one
from cchc_excel.checking.over_time import comparable, in_scope
from cchc_excel.checking.untouched import EMPTY_SHARE
from cchc_excel.codes import CODES, COMPARING, InTemplate
from cchc_excel.form import Check, Form, Indicator, Kind, Missing, Scope, Severity
from cchc_excel.form.language import earlier_functions
from cchc_excel.form.language.excel import NotInExcel, Where, excel_unread, excel_verdict
from cchc_excel.form.period import ALL_PARTS
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import words
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.cell import Live, joined
from cchc_excel.workbook_form.contents import Contents, is_share_of_nothing, where
from cchc_excel.workbook_form.in_time import InTime, Times
from cchc_excel.workbook_form.printed.layout import (
    CHECK_LEVEL,
    ERRORS_CELL,
    FIRST_CHECK,
    LEVEL,
    PERIOD_CELL,
    SAYS,
    SHOWN_BEFORE,
    STATUS,
    UNFILLED_CELL,
    UNTOUCHED_CELL,
    WARNINGS_CELL,
    Layout,
    absolute,
    on_check_sheet,
)
from cchc_excel.workbook_form.reasons import Reasons
from cchc_excel.workbook_form.sentences import Sentences
from cchc_excel.workbook_form.typed import NOTHING_AROSE, Steps, taken_apart

ERROR, WARNING, UNFILLED, FINE = 3, 2, 1, 0
"""Levels: how a row of the form is coloured, and what is counted at its top."""
_LONG_FIGURE = "1000000,55"
_LEVELS = {Severity.ERROR: ERROR, Severity.WARNING: WARNING, Severity.INFO: FINE}


class Rule(NamedTuple):
    """What one row of the sheet checks: a check of the form, or (`check` is None) what reading finds in a cell.

    `in_time` is the check with the periods in which it holds.
    """

    code: str
    target: str
    severity: Severity
    in_time: InTime | None = None

    @property
    def check(self) -> Check | None:
        return self.in_time.check if self.in_time else None


class LiveCheck(NamedTuple):
    """One row of the sheet with its calculated cells. `row` is its number there.

    `longest` and `longest_message` are about the longest texts that `todo` and `says` may come to.
    """

    row: int
    rule: Rule
    what: str
    longest: str
    longest_message: str
    verdict: Live
    figures: Live
    todo: Live
    status: Live
    level: Live
    says: Live


class LiveRow(NamedTuple):
    """What is said beside one row of the form."""

    message: Live
    level: Live
    longest: str


class LiveForm:
    """All checks of one workbook."""

    def __init__(self, layout: Layout, contents: Contents, who_period: str, notes: Mapping[str, str]) -> None:
        self.layout, self.form, self.contents, self.notes = layout, layout.form, contents, notes
        self._reasons = Reasons(layout, notes)
        with_previous = contents.previous is not None
        self.where = where(layout, previous=with_previous)
        self.sentences = Sentences(layout, contents, self.where)
        self.scopes = self._scopes(who_period) if with_previous else {}
        self.times = Times(self.form, who_period)
        self._form_now = self.times.form_now()

        everything = _rules_in(self.times, with_previous=with_previous)
        rules: list[Rule] = []
        # keyed by `id(rule)`: one code may have rules in several rows
        self._status: dict[int, Live] = {}
        self._messages: dict[int, Live] = {}
        self._rows: dict[int, int] = {}
        self._by_code: dict[str, list[Rule]] = {}
        for rule in everything:
            written = self._status_and_message(rule)
            if written is None:
                continue
            self._status[id(rule)], self._messages[id(rule)] = written
            self._rows[id(rule)] = FIRST_CHECK + len(rules)
            self._by_code.setdefault(rule.code, []).append(rule)
            rules.append(rule)
        self.left_out = tuple(dict.fromkeys(rule.code for rule in everything if rule.code not in self._by_code))
        self.untouched = self._untouched()
        self.checks = tuple(map(self._live, rules))

    # --- the form's own rows

    def of_rows(self) -> dict[str, LiveRow]:
        """What stands beside each row of the form: the first message of its gravest level."""
        groups = groupby(self.checks, lambda live: live.rule.target)
        return {key: _beside(list(group), f"${LEVEL}${self.layout.rows[key]}") for key, group in groups}

    def reasons(self) -> Iterator[tuple[str, Live]]:
        """The hidden cells that say of each row with a warning whether the clerk wrote a reason beside it."""
        warned = (live.rule.target for live in self.checks if live.rule.severity is Severity.WARNING)
        yield from map(self._reasons.cell, dict.fromkeys(warned))

    def counts(self) -> Iterator[tuple[str, Live]]:
        """How many there are of each level, with the cell where that stands."""
        last = FIRST_CHECK + len(self.checks) - 1
        levels = f"${CHECK_LEVEL}${FIRST_CHECK}:${CHECK_LEVEL}${last}"
        for cell, level in ((ERRORS_CELL, ERROR), (WARNINGS_CELL, WARNING), (UNFILLED_CELL, UNFILLED)):
            count = sum(live.level.result == level for live in self.checks)
            yield cell, Live(f"COUNTIF({levels},{level})", count)

    def summary(self) -> Live:
        """The one line that says how the form stands."""
        counts = dict(self.counts())
        parts, results = [], []
        for cell, name in ((UNFILLED_CELL, "unfilled"), (ERRORS_CELL, "errors"), (WARNINGS_CELL, "warnings")):
            text, count = say("live", "summary", name), counts[cell].result
            parts.append(f'IF({cell}>0,", "&{cell}&"{text}","")')
            if count:
                results.append(f"{count}{text}")
        left, fine, blank = (say("live", "summary", name) for name in ("left", "consistent", "untouched"))
        listed = f'"{left}"&MID({"&".join(parts)},3,99)'  # each part brings its comma: the first one is cut off
        nothing = f"{ERRORS_CELL}+{WARNINGS_CELL}+{UNFILLED_CELL}=0"
        formula = f'IF({UNTOUCHED_CELL}=1,"{blank}",IF({nothing},"{fine}",{listed}))'
        if self.untouched.result:
            return Live(formula, blank)
        if not results:
            return Live(formula, fine)
        return Live(formula, left + ", ".join(results))

    # --- one check

    def _status_and_message(self, rule: Rule) -> tuple[Live, Live] | None:
        """Return the status and the message of a rule; None if Excel cannot hold them.

        Such a rule is left to `cchc validate`, and so is a check of two earlier reports: one stands in the workbook.
        """
        if rule.check is not None and len(earlier_functions(rule.check.condition)) > 1:
            return None
        try:
            return self._status_of(rule), self.sentences.message(rule.code, rule.in_time)
        except NotInExcel:
            return None

    def _live(self, rule: Rule) -> LiveCheck:
        """The row of one check, with all its calculated cells."""
        row, status = self._rows[id(rule)], self._status[id(rule)]
        level = self._level(rule, row, status)
        is_silent = not level.result
        message, do = self._messages[id(rule)], self.sentences.do(rule.code, rule.check)
        longest_message = f"{_with_figures(str(message.result))} {max(_hints(rule), key=len)}".strip()
        says_cell = f"${SAYS}${row}"
        says_and_do = joined([Live(says_cell, message.result), f" {do}"])
        return LiveCheck(
            row=row,
            rule=rule,
            what=self.sentences.what(rule.code, rule.check),
            longest=f"{longest_message} {do}",
            longest_message=longest_message,
            verdict=self._verdict(rule, status, f"${STATUS}${row}"),
            figures=self.sentences.figures(rule.target, rule.check),
            todo=_if(f'{says_cell}=""', "", says_and_do, is_silent),
            status=status,
            level=level,
            says=_if(f"${CHECK_LEVEL}${row}=0", "", message, is_silent),
        )

    def _status_of(self, rule: Rule) -> Live:
        """1 where the rule holds, 0 where it fails, "" where it is not applicable."""
        if rule.in_time is not None:
            return self._status_in_time(rule.in_time)
        row = self.form[rule.target]
        return self._doubt_of_one(row) if rule.code == "T30" else self._status_of_reading(row)

    def _status_of_reading(self, row: Indicator) -> Live:
        """1 where the cell can be read, 0 where it cannot. The dash of a share of nothing can be read."""
        formula = f"IF({excel_unread(row.id, self.where)},0,1)"
        if row.kind is Kind.PERCENT:
            formula = f'IF(EXACT({self.layout.number(row.id)},"{NOTHING_AROSE}"),1,{formula})'
        is_dash = is_share_of_nothing(row, self.contents.plain(row.id))
        return Live(formula, int(is_dash or row.id not in self.contents.record.unread))

    def _status_in_time(self, in_time: InTime) -> Live:
        """The verdict of a check; "" in a period in which it does not hold."""
        status, holds = self._status_of_check(in_time.check), self.times.holds(in_time)
        if holds is None:
            return status
        return Live(f'IF({holds.formula},{status.formula},"")', status.result if holds.result else "")

    def _status_of_check(self, check: Check) -> Live:
        """The verdict of a check; "" too where the earlier report is of no period that it compares with."""
        formula = _formula_of(check, self.where)
        # the workbook holds one earlier report, which stands for whichever one the check asks for
        record = self.contents.record
        with_earlier = replace(record, just_before=record.previous, same_period_last_year=record.previous)
        verdict = check.compiled()(with_earlier)
        result: int | str = "" if verdict is None else int(verdict)
        if check.scope is Scope.NONE:
            return Live(formula, result)
        scope_cell, is_in_scope = self.scopes[check.scope]
        return Live(f'IF({scope_cell}=1,{formula},"")', result if is_in_scope.result else "")

    def _doubt_of_one(self, row: Indicator) -> Live:
        """0 where a percentage is 1 or less, and neither its sign nor its components tell what was meant (T30)."""
        record, layout = self.contents.record, self.layout
        number, steps = layout.number(row.id), Steps(*layout.steps(row.id))
        formula = f"IF(N({number})>0,IF(N({number})<=1,IF({steps.with_unit()},1,0),1),1)"
        value = record.values.get(row.id)
        is_at_most_one = isinstance(value, int | Fraction) and 0 < value <= 1
        text = taken_apart(self.contents.plain(row.id), row)
        is_doubtful = is_at_most_one and text.figure == text.tidy

        # a hundred times the figure would contradict others: then it was meant as it stands
        broken = [] if row.part else list(self._broken_by_hundredfold(row))
        if broken:
            formula = f"IF(OR({','.join(broken)}),1,{formula})"
            is_doubtful = is_doubtful and not cannot_be_of_one(row.id, record, self._form_now)

        # its components say what it must be, and another check compares them
        if row.part and row.whole:
            components = f"{layout.number(row.part)},{layout.number(row.whole)}"
            formula = f"IF(COUNT({components})=2,1,{formula})"
            both_given = row.part in record.values and row.whole in record.values
            is_doubtful = is_doubtful and not both_given
        return Live(formula, int(not is_doubtful))

    def _broken_by_hundredfold(self, row: Indicator) -> Iterator[str]:
        """The conditions that a check is broken if the percentage was typed as a part of 1, and only then."""
        at_hundredfold = replace(self.where, at={**self.where.at, row.id: self.layout.hundredfold(row.id)})
        for in_time in self.times.checks:
            check = in_time.check
            if check.scope is not Scope.NONE or row.id not in check.involved:
                continue
            if check.reported_severity is not Severity.ERROR:
                continue
            as_typed = _formula_of(check, self.where)
            then = _formula_of(check, at_hundredfold)
            holds = self.times.holds(in_time)
            in_period = f",{holds.formula}" if holds else ""
            yield f"AND({then}=0,{as_typed}<>0{in_period})"

    def _level(self, rule: Rule, row: int, status: Live) -> Live:
        """How bad it is that the check fails; 0 where another finding says it already, or the clerk explained it."""
        level = UNFILLED if _is_unfilled(rule) else _LEVELS[rule.severity]
        conditions = list(self._echoed(rule))
        if rule.severity is Severity.WARNING:
            conditions.append(self._reasons.is_given(rule.target))
        formula = str(level)
        if conditions:
            silenced = ",".join(condition.formula for condition in conditions)
            formula = f"IF(OR({silenced}),0,{level})"
        is_silent = any(condition.result for condition in conditions)
        is_told = status.result == 0 and not is_silent
        return Live(f"IF(${STATUS}${row}=0,{formula},0)", level if is_told else FINE)

    def _echoed(self, rule: Rule) -> Iterator[Live]:
        """The conditions under which the failing of a check says nothing new."""
        built_in = CODES.get(rule.code)
        if built_in and "C07" in built_in.silent_beside:
            yield Live(f"{UNTOUCHED_CELL}=1", self.untouched.result)
        sources: list[Rule] = []
        # what a rule of the form repeats wherever that stands, and what a built-in one does about the same row
        if rule.check:
            for code in rule.check.echo_of:
                sources += self._by_code.get(code, ())
        if built_in:
            for code in sorted(built_in.echo_of):
                sources += [source for source in self._by_code.get(code, ()) if rule.target in _about(source)]
        yield from map(self._is_told, sources)
        yield from map(self._fails, self._impossible(rule))

    def _is_told(self, rule: Rule) -> Live:
        """Whether a check fails and holds no figure against others that cannot be at all: else it silences nothing."""
        fails = self._fails(rule)
        impossible = [self._fails(other) for other in self._impossible(rule)]
        if not impossible:
            return fails
        possible = ",".join(f"NOT({other.formula})" for other in impossible)
        is_told = fails.result == 1 and all(other.result == 0 for other in impossible)
        return Live(f"AND({fails.formula},{possible})", int(is_told))

    def _fails(self, rule: Rule) -> Live:
        return Live(f"${STATUS}${self._rows[id(rule)]}=0", int(self._status[id(rule)].result == 0))

    def _impossible(self, rule: Rule) -> Iterator[Rule]:
        """The rules that tell, no less severely, of a figure which this one compares that it cannot be at all."""
        if rule.check is None or rule.code[0] not in COMPARING:
            return
        for code in CODES.values():
            if code.impossible:
                for other in self._by_code.get(code.name, ()):
                    if other.target in rule.check.involved and other.severity.rank >= rule.severity.rank:
                        yield other

    def _verdict(self, rule: Rule, status: Live, cell: str) -> Live:
        """The verdict in words; `cell` is where the status stands."""
        failing = say("live", "verdict", "unfilled" if _is_unfilled(rule) else rule.severity.value)
        fails = Live(f'"{failing}"', failing)
        if rule.severity is Severity.WARNING:
            explained = self._reasons.is_given(rule.target)
            fails = _if(explained.formula, say("live", "verdict", "explained"), fails, bool(explained.result))
        known = _if(f"{cell}=1", say("live", "verdict", "holds"), fails, status.result == 1)
        return _if(f'{cell}=""', say("live", "verdict", "unknown"), known, status.result == "")

    # --- what depends on all

    def _untouched(self) -> Live:
        """1 while (nearly) all number cells are blank or 0, as `checking.untouched` says; never if there are none."""
        rows = [row for row in self.form.entries if row.kind.is_number and row.reported_by is None]
        most = _most_filled(len(rows))
        counts = []
        for cells in _runs(self.layout, {row.id for row in rows}):
            # above zero, below zero, a text
            counts += [f'COUNTIF({cells},">0")', f'COUNTIF({cells},"<0")', f'COUNTIF({cells},"?*")']
        filled_cells = "+".join(counts) if counts else "1"
        filled = 0
        record = self.contents.record
        for row in rows:
            if record.values.get(row.id) or row.id in record.unread:
                filled += 1
        return Live(f"IF({filled_cells}<={most},1,0)", int(bool(rows) and filled <= most))

    def _scopes(self, period: str) -> dict[Scope, tuple[str, Live]]:
        """Each scope of a check over time, with the cell that says whether the earlier report stands in it."""
        scopes = [scope for scope in Scope if scope is not Scope.NONE]
        return {
            scope: (f"${SHOWN_BEFORE}${number}", self._scope(scope, period))
            for number, scope in enumerate(scopes, start=1)
        }

    def _scope(self, scope: Scope, period: str) -> Live:
        """1 if the period on the form stands to the earlier one as the checks of that scope need."""
        former = self.contents.previous
        names = [] if former is None else list(_periods_in_scope(scope, former, self.form))
        if not names:
            return Live("0", 0)
        is_one_of_them = ",".join(f'EXACT(TRIM({absolute(PERIOD_CELL)}),"{name}")' for name in names)
        return Live(f"IF(OR({is_one_of_them}),1,0)", int(period in names))


def rules_of(form: Form, *, with_previous: bool, period: str = "") -> list[Rule]:
    """Everything that is checked, in the order of the form's rows and, within one, of the codes.

    What does not hold in any period for which the form is, nor in the one that is named, is left out.
    """
    return _rules_in(Times(form, period), with_previous=with_previous)


def _rules_in(times: Times, *, with_previous: bool) -> list[Rule]:
    """The same of a form whose times are known."""
    form = times.form
    rules = [_unread(row, form) for row in form.entries]
    rules += [Rule("T30", row.id, form.severity_of("T30")) for row in form.entries if row.kind is Kind.PERCENT]
    rules += [
        Rule(in_time.check.code, in_time.check.target, in_time.check.reported_severity, in_time)
        for in_time in times.checks
        if in_time.check.scope is Scope.NONE or with_previous
    ]
    return sorted(rules, key=lambda rule: (form.places[rule.target], rule.code))


def _formula_of(check: Check, where: Where) -> str:
    """The formula of a check over cells: 1 where it holds, 0 where it fails, "" where it is not applicable."""
    as_zero = check.missing is not Missing.SKIP_IF_ANY
    return excel_verdict(check.condition, where, as_zero=as_zero, unless_none_of=check.needed)


def _unread(row: Indicator, form: Form) -> Rule:
    """That a value cell can be read: an answer as one of the options, all else as a number."""
    code = "T12" if row.kind.is_text else "T02"
    return Rule(code, row.id, form.severity_of(code))


def _most_filled(cells: int) -> int:
    """The most cells that may be filled in a form of so many that counts as untouched."""
    return next(filled for filled in range(cells, -1, -1) if cells - filled >= EMPTY_SHARE * cells)


def _is_unfilled(rule: Rule) -> bool:
    """Whether its failing only says that a cell waits to be filled."""
    return rule.code in CODES and CODES[rule.code].in_template is InTemplate.UNFILLED


def _beside(checks: list[LiveCheck], level_cell: str) -> LiveRow:
    """What stands beside a row of the form: `checks` are all about that row, so they follow each other on the sheet."""
    first, last = checks[0].row, checks[-1].row
    levels = on_check_sheet(f"${CHECK_LEVEL}${first}:${CHECK_LEVEL}${last}")
    says = on_check_sheet(f"${SAYS}${first}:${SAYS}${last}")
    gravest = max(checks, key=lambda check: int(check.level.result))  # the first of several, as MATCH takes it
    level = int(gravest.level.result)
    message = gravest.says.result if level else ""
    return LiveRow(
        message=Live(f'IF({level_cell}=0,"",INDEX({says},MATCH({level_cell},{levels},0)))', message),
        level=Live(f"MAX({levels})", level),
        longest=max((check.longest_message for check in checks), key=len),
    )


def _with_figures(text: str) -> str:
    """A sentence with a long figure wherever none is known yet, and for one that is calculated of them."""
    blank = say("live", "figures", "blank")
    return f"{text.replace(blank, _LONG_FIGURE)} {_LONG_FIGURE}" if blank in text else text


def _hints(rule: Rule) -> list[str]:
    return ["", *(hint.says["vi"] for hint in rule.check.hints)] if rule.check else [""]


def _about(rule: Rule) -> frozenset[str]:
    """The rows that a finding is about: its own, and the percentage whose component it judges."""
    if rule.check is None:
        return frozenset({rule.target})
    if rule.code in CODES and CODES[rule.code].speaks_of_all:
        return frozenset(rule.check.involved)
    return frozenset({rule.target, rule.check.roles.get("written", rule.target)})


def _if(condition: str, then: str, otherwise: Live, holds: bool) -> Live:
    return Live(f'IF({condition},"{then}",{otherwise.formula})', then if holds else otherwise.result)


def _runs(layout: Layout, keys: Iterable[str]) -> list[str]:
    """The numbers of these rows as few ranges: headings, which hold nothing, may lie between."""
    wanted = set(keys)
    runs: list[list[str]] = [[]]
    for row in layout.form.indicators:
        if row.id in wanted:
            runs[-1].append(row.id)
        elif row.is_entry and runs[-1]:
            runs.append([])
    return [f"{layout.number(run[0])}:{layout.number(run[-1])}" for run in runs if run]


def _periods_in_scope(scope: Scope, former: Submission, form: Form) -> Iterator[str]:
    """The names of the periods, to the end of the next year, that a check of the scope compares with `former`."""
    if former.period is None:
        return
    unit = former.unit or "-"
    of_unit = Submission(unit, former.period, "", {})
    for year in (former.period.year, former.period.year + 1):
        for part in ALL_PARTS:
            now = Submission(unit, Period(year, part), "", {})
            earlier = comparable(now, [of_unit], form).earlier
            if in_scope(scope, earlier, now, form):
                yield words("vi").period(now.period)
