"""A failed check → a finding: the figures it compared, what stands there and what should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from cchc_excel.finding import Allowed, Fact, Finding, Formula
from cchc_excel.form import Check, Form, Missing, Scope
from cchc_excel.form.checks import PLACEHOLDER
from cchc_excel.form.language import (
    Agreement,
    Node,
    Record,
    agreement,
    compile_condition,
    compile_number,
    earlier_functions,
    parse_number,
    rounded,
    sides,
    without_rounding,
)
from cchc_excel.grid import DAY_0
from cchc_excel.submission import Figure, Submission

MAX_DECIMALS = 6
_REFERENCE = re.compile(r"\[([^\[\]]+)\]")


def finding_of(check: Check, record: Record, submission: Submission, form: Form, period: str | None = None) -> Finding:
    """Return the finding of a check that fails on the record; `period` is the earlier one it compares with."""
    facts: dict[str, Fact] = {role: _value(record, role, key) for role, key in check.roles.items()}
    expected: Figure | None = _number(check.expected, record) if check.expected is not None else None
    observed = record.values.get(check.target)
    if check.code == "C04":
        expected = _if_only_answer(check, record, expected, may_be_negative=form[check.target].negative)
        facts["given"] = _given(check, record)
    if check.code == "T38" and isinstance(observed, int):
        day = DAY_0 + timedelta(days=observed)
        facts["day"] = f"{day.day}/{day.month}/{day.year}"
    if "twin" in check.roles:
        facts = {"twin": check.roles["twin"]}
    if check.code == "C05":
        facts["shares"] = tuple(key for key in check.involved[1:] if key in record.values)
    allowed: Allowed | None = None
    if check.expected is None and check.scope is Scope.NONE:
        observed, sign, expected = _two_sides(check, record, observed)
        if sign != "==" and expected is not None:
            allowed = Allowed(sign, expected)
    if check.is_of_a_rate and expected is not None and expected == observed:
        # written with more decimals than are told: 28,5700 of 2/7 is not 28,57
        expected = rounded(Fraction(100 * facts["part"]) / facts["whole"], MAX_DECIMALS)  # type: ignore[operator, arg-type]
    facts |= {"value": observed, "expected": expected, "written": observed}
    if check.code == "A01":
        facts["parts"] = _sum_of(form[check.target].total_of, record)
    row = form[check.target]
    for name, limit in (("at_most", row.at_most), ("at_least", row.at_least)):
        if limit is not None:
            facts |= {name: limit, "unit": row.unit}
    if check.scope is not Scope.NONE and record.previous is not None:  # whichever it was asked for
        facts |= {"before": record.previous.values.get(check.target), "period": period}
    if check.texts:
        facts |= {key: record.values.get(key) for key in _mentioned(check)}
        facts |= {text: _number(parse_number(text), record) for text in _of_earlier_reports(check)}
    cells = tuple(submission.entries[key].cell for key in check.involved if key in submission.entries)
    hints = tuple(index for index, hint in enumerate(check.hints) if compile_condition(hint.when)(record) is True)
    return Finding(
        check.code,
        check.reported_severity,
        check.involved,
        cells,
        observed,
        expected,
        facts,
        hints=hints,
        allowed=allowed,
    )


def _mentioned(check: Check) -> tuple[str, ...]:
    """Ids whose figures the check's own sentences show; in an order that no process has for itself."""
    sentences = [*check.texts["says"].values(), *(text for hint in check.hints for text in hint.says.values())]
    return tuple(dict.fromkeys((*check.involved, *(key for text in sentences for key in _REFERENCE.findall(text)))))


def _of_earlier_reports(check: Check) -> Iterator[str]:
    """The expressions in the check's own sentences that take a figure from an earlier report."""
    sentences = [*check.texts["says"].values(), *(text for hint in check.hints for text in hint.says.values())]
    for text in dict.fromkeys(found for sentence in sentences for found in PLACEHOLDER.findall(sentence)):
        if "(" in text and earlier_functions(parse_number(text)):
            yield text.strip()


def _value(record: Record, role: str, key: str) -> Fact:
    source = record.previous if role == "before" else record
    return source.values.get(key) if source else None


def _number(node: Node, record: Record, *, as_zero: bool = False) -> int | Fraction | None:
    value = compile_number(node, as_zero=as_zero)(record)
    return None if isinstance(value, str) or value is None else value


def _two_sides(check: Check, record: Record, target: Figure | None) -> tuple[Figure | None, str, Figure | None]:
    """For a check that is one comparison: what the side of the target comes to, the sign, and the other side."""
    condition = check.condition
    while condition.op == "=>":
        condition = condition.args[1]
    pair = sides(condition)
    if pair is None:
        return target, "", None
    as_zero = check.missing is not Missing.SKIP_IF_ANY
    left, right = (_number(without_rounding(side), record, as_zero=as_zero) for side in pair)
    if pair[1].op == "entry" and pair[1].value == check.target:
        return right, _MIRRORED.get(condition.op, condition.op), left  # the target itself stands on the right
    return left, condition.op, right


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _sum_of(parts: tuple[str, ...], record: Record) -> Formula:
    pieces: list[int | Fraction | str] = []
    for part in parts:
        pieces += [*([" + "] if pieces else []), record.values.get(part, "…")]
    return Formula(tuple(pieces))


def _given(check: Check, record: Record) -> Formula:
    """What determines a blank component, written out."""
    values, roles = record.values, check.roles
    if "total" in roles:
        others = [key for key in check.involved if key not in {check.target, roles["total"]}]
        pieces: list[int | Fraction | str] = [values[roles["total"]]]
        for other in others:
            pieces += [" − ", values[other]]
        return Formula(tuple(pieces))
    if check.target == roles["part"]:
        return Formula((values[roles["written"]], "% × ", values[roles["whole"]]))
    return Formula((values[roles["part"]], " : ", values[roles["written"]], "%"))


def _if_only_answer(
    check: Check, record: Record, answer: Figure | None, *, may_be_negative: bool
) -> int | Fraction | None:
    """The component that a rate determines, unless a neighbouring number would give the same written rate."""
    if answer is None or isinstance(answer, str):
        return None
    if "total" in check.roles:
        return answer if answer >= 0 or may_be_negative else None
    values, roles = record.values, check.roles
    written = values[roles["written"]]
    decimals = record.decimals.get(roles["written"], 0)

    def fits(candidate: int | Fraction) -> bool:
        part = candidate if check.target == roles["part"] else values[roles["part"]]
        whole = candidate if check.target == roles["whole"] else values[roles["whole"]]
        if isinstance(written, str) or isinstance(part, str) or isinstance(whole, str) or whole <= 0 or part < 0:
            return False
        return agreement(written, decimals, part, whole) is Agreement.RIGHT

    return answer if fits(answer) and not fits(answer - 1) and not fits(answer + 1) else None
