"""What is found over the workbooks of one period: in each by itself, between units, and by who sent what.

In:     what came in, and which workbooks count.
Out:    each finding with the workbook it is about.
Never:  repeats what was found in a workbook that can be read and does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from cchc_excel.checking.between import between
from cchc_excel.consolidating.counting import Counting
from cchc_excel.consolidating.filing import Filed, Found
from cchc_excel.consolidating.made_of import MadeOf
from cchc_excel.consolidating.receiving import Receipt
from cchc_excel.consolidating.standing import Standing
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import fold


def findings_in(receipt: Receipt, counting: Counting, form: Form) -> list[Found]:
    """What was found in each workbook that counts, why others cannot be read, what standing and comparing tell."""
    return [
        *_within(receipt.units, counting, form),
        *counting.found,
        *_completed(counting, form),
        *_by_standing(receipt, counting.standings),
        *_between(counting, form),
        *_counted_twice(counting, form),
    ]


def findings_in_own(own: Filed | None, form: Form, level: str) -> list[Found]:
    """What was found in the upper level's own workbook: about it as a whole, or about a row that is taken from it."""
    if own is None:
        return []

    def is_taken(finding: Finding) -> bool:
        return not finding.indicators or any(form[key].reported_by == level for key in finding.indicators)

    return [Found(finding, own) for finding in own.findings if is_taken(finding)]


def _within(units: Sequence[Filed], counting: Counting, form: Form) -> Iterator[Found]:
    """What was found in the workbooks that count, and why others cannot be read."""
    counts = {piece.path for workbook in counting.workbooks for piece in counting.pieces_of(workbook)}
    for workbook in units:
        if workbook.readable and workbook.path not in counts:
            continue
        if workbook.path in counting.completed:
            yield from _within_completed(workbook, counting.completed[workbook.path].taken_from, form)
        else:
            yield from (Found(finding, workbook) for finding in workbook.findings)


def _within_completed(workbook: Filed, taken_from: Mapping[str, Filed], form: Form) -> Iterator[Found]:
    """What was found in a workbook that was given sections: of each section what was found where it comes from.

    That sections are missing (S51) is left out, as U11 says it of the unit.
    """
    for finding in workbook.findings:
        if finding.code != "S51" and _section(finding, form) not in taken_from:
            yield Found(finding, workbook)
    for section, other in taken_from.items():
        yield from (Found(finding, other) for finding in other.findings if _section(finding, form) == section)


def _section(finding: Finding, form: Form) -> str:
    """The section of the row that a finding is about; empty if it is about no row."""
    return form[finding.indicators[0]].section if finding.indicators else ""


def _completed(counting: Counting, form: Form) -> Iterator[Found]:
    """U11: the workbook that counts lacks whole sections, and others of the unit have them."""
    for completed in counting.completed.values():
        facts: dict[str, Fact] = {
            "unit": _name(completed.workbook, counting),
            "counts": PurePath(completed.workbook.path).name,
            "sections": tuple(form[key].stt or form[key].label for key in completed.taken_from),
            "others": tuple(dict.fromkeys(PurePath(other.path).name for other in completed.taken_from.values())),
        }
        yield _found(form, "U11", completed.workbook, facts)


def _between(counting: Counting, form: Form) -> Iterator[Found]:
    """What is found by comparing the units, each under the name it goes by."""
    named = [_named(workbook, counting.names) for workbook in counting.workbooks]
    for place, finding in between(named, form):
        yield Found(finding, counting.workbooks[place])


def _counted_twice(counting: Counting, form: Form) -> Iterator[Found]:
    """U19: a workbook that counts was merged into another one that counts, too: its figures are added twice."""
    counted = [piece for workbook in counting.workbooks for piece in counting.pieces_of(workbook)]
    for whole in counted:
        if whole.made_of is None:  # as nearly all are
            continue
        for workbook in counted:
            how = _is_within(workbook, whole.made_of, counting) if workbook is not whole else None
            if how is not None:
                facts: dict[str, Fact] = {
                    "unit": _name(workbook, counting),
                    "whole": _name(whole, counting),
                    "counts": PurePath(whole.path).name,
                    "how": how,
                }
                yield _found(form, "U19", workbook, facts)


def _is_within(workbook: Filed, made_of: MadeOf, counting: Counting) -> str | None:
    """How it is known that a workbook is one of those that another was merged from; None where it is none of them."""
    is_a_file_of_it = workbook.digest in made_of.digests
    shares_files = workbook.made_of is not None and bool(workbook.made_of.digests & made_of.digests)
    if is_a_file_of_it or shares_files:
        return "same_file"
    return "same_name" if fold(_name(workbook, counting)) in made_of.units else None


def _name(workbook: Filed, counting: Counting) -> str:
    """The name that the unit of a workbook goes by; empty if it is not known."""
    return counting.names.get(workbook.path, workbook.unit or "")


def _named(workbook: Filed, names: Mapping[str, str]) -> Filed:
    """The workbook under the name that its unit goes by."""
    name = names.get(workbook.path, workbook.unit)
    return workbook if name == workbook.unit else workbook._replace(unit=name)


def _by_standing(receipt: Receipt, standings: Sequence[Standing]) -> Iterator[Found]:
    """What is to be said of who sent what: names taken for others, other periods, several files."""
    by_path = {workbook.path: workbook for workbook in receipt.units}
    for standing in standings:
        yield from _uncertain(receipt.form, standing, by_path)
        if standing.status == "unknown_unit":
            yield from _unknown(receipt.form, standing, by_path)
        if standing.unit is not None:
            yield from _of_another_period(receipt.form, standing, by_path, receipt.period)
        if standing.why == "half" and standing.unit is not None and standing.counts is not None:
            yield _half(receipt.form, standing, by_path[standing.counts])
        if standing.status == "twice" and standing.unit is not None:
            yield _sent_twice(receipt.form, standing, by_path, receipt.period)


def _uncertain(form: Form, standing: Standing, by_path: Mapping[str, Filed]) -> Iterator[Found]:
    """U05: the name is not exactly that of the unit it was taken for."""
    for path, match in standing.uncertain:
        facts: dict[str, Fact] = {"written": by_path[path].unit or "", "unit": standing.name, "how": match.how}
        yield _found(form, "U05", by_path[path], facts)


def _unknown(form: Form, standing: Standing, by_path: Mapping[str, Filed]) -> Iterator[Found]:
    """U07: no expected unit has this name."""
    for path, match in standing.matches:
        near = tuple(unit.name for unit in match.rivals)
        yield _found(form, "U07", by_path[path], {"written": by_path[path].unit or "", "nearest": near})


def _of_another_period(
    form: Form, standing: Standing, by_path: Mapping[str, Filed], period: Period | None
) -> Iterator[Found]:
    """U08: the unit's only workbooks are of other periods than the one consolidated. U18: others lie beside it."""
    for path in standing.others:
        workbook = by_path[path]
        if path in standing.joined or not workbook.readable or workbook.period == period:
            continue
        code = "U08" if standing.counts is None or workbook.period is None else "U18"
        yield _found(form, code, workbook, {"first": str(workbook.period or "?"), "second": str(period or "?")})


def _half(form: Form, standing: Standing, workbook: Filed) -> Found:
    """U17: of a unit that came of several, one of these reported, and the others did not."""
    count = len(standing.unit.predecessors) if standing.unit is not None else 0
    facts: dict[str, Fact] = {"unit": standing.name, "count": count, "written": workbook.unit or ""}
    return _found(form, "U17", workbook, facts)


def _sent_twice(form: Form, standing: Standing, by_path: Mapping[str, Filed], period: Period | None) -> Found:
    """U09: one unit sent several workbooks, of which one counts."""
    sent = [by_path[path] for path in standing.files]
    facts: dict[str, Fact] = {
        "unit": standing.name,
        "count": sum(not workbook.readable or workbook.period in {None, period} for workbook in sent),
        "counts": PurePath(standing.counts).name if standing.counts else (),
        "why": standing.why or "only",
    }
    return _found(form, "U09", by_path[standing.files[0]], facts)


def _found(form: Form, code: str, workbook: Filed, facts: Mapping[str, Fact]) -> Found:
    return Found(Finding(code, form.severity_of(code), facts=facts), workbook)
