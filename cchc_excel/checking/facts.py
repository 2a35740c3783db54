"""A failed check → a finding: the figures it compared, what stands there and what should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.finding import Allowed, Fact, Finding, Formula
from cchc_excel.form import Check, Form, Indicator, Missing, Scope
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
    compared = _compared(check, record, form)
    facts = _facts_of_roles(check, record) | _facts_of_code(check, record, form)
    facts |= {"value": compared.observed, "expected": compared.expected, "written": compared.observed}
    facts |= _limits_of(form[check.target])
    if check.scope is not Scope.NONE and record.previous is not None:  # whichever it was asked for
        facts |= {"before": record.previous.values.get(check.target), "period": period}
    if check.texts:
        facts |= {key: record.values.get(key) for key in _mentioned(check)}
        facts |= {text: _number(parse_number(text), record) for text in _of_earlier_reports(check)}
    return Finding(
        code=check.code,
        severity=check.reported_severity,
        indicators=check.involved,
        cells=tuple(submission.entries[key].cell for key in check.involved if key in submission.entries),
        observed=compared.observed,
        compared_with=compared.expected,
        facts=facts,
        hints=tuple(place for place, hint in enumerate(check.hints) if compile_condition(hint.when)(record) is True),
        allowed=compared.allowed,
    )


class _Compared(NamedTuple):
    """What a check held against each other: what stands there, and what it should be or what an inequality allows."""

    observed: Figure | None
    expected: Figure | None
    allowed: Allowed | None = None


def _compared(check: Check, record: Record, form: Form) -> _Compared:
    observed = record.values.get(check.target)
    if check.expected is None:
        return _compared_sides(check, record, observed) if check.scope is Scope.NONE else _Compared(observed, None)
    expected: Figure | None = _number(check.expected, record)
    if check.code == "C04":
        expected = _if_only_answer(check, record, expected, may_be_negative=form[check.target].negative)
    if check.is_of_a_rate and expected is not None and expected == observed:
        # written with more decimals than are told: 28,5700 of 2/7 is not 28,57
        part, whole = (_value(record, role, check.roles[role]) for role in ("part", "whole"))
        expected = rounded(Fraction(100 * part) / whole, MAX_DECIMALS)  # type: ignore[operator, arg-type]
    return _Compared(observed, expected)


def _facts_of_roles(check: Check, record: Record) -> dict[str, Fact]:
    """The figures of the check's rows, by what each row is in it; of a twin its id."""
    if "twin" in check.roles:
        return {"twin": check.roles["twin"]}
    return {role: _value(record, role, key) for role, key in check.roles.items()}


def _facts_of_code(check: Check, record: Record, form: Form) -> dict[str, Fact]:
    """What the sentences of some built-in codes say besides."""
    target = record.values.get(check.target)
    match check.code:
        case "A01":
            return {"parts": _sum_of(form[check.target].total_of, record)}
        case "C04":
            return {"given": _given(check, record)}
        case "C05":
            return {"shares": tuple(key for key in check.involved[1:] if key in record.values)}
        case "T38" if isinstance(target, int):
            day = DAY_0 + timedelta(days=target)
            return {"day": f"{day.day}/{day.month}/{day.year}"}
    return {}


def _limits_of(row: Indicator) -> dict[str, Fact]:
    limits: dict[str, Fact] = {}
    for name, limit in (("at_most", row.at_most), ("at_least", row.at_least)):
        if limit is not None:
            limits |= {name: limit, "unit": row.unit}
    return limits


def _mentioned(check: Check) -> tuple[str, ...]:
    """Ids whose figures the check's own sentences show; in the same order in every process."""
    named = [key for sentence in _sentences_of(check) for key in _REFERENCE.findall(sentence)]
    return tuple(dict.fromkeys((*check.involved, *named)))


def _sentences_of(check: Check) -> list[str]:
    """What the check and its hints say, in all languages."""
    of_hints = [sentence for hint in check.hints for sentence in hint.says.values()]
    return [*check.texts["says"].values(), *of_hints]


def _of_earlier_reports(check: Check) -> Iterator[str]:
    """The expressions in the check's own sentences that take a figure from an earlier report."""
    placeholders = [text for sentence in _sentences_of(check) for text in PLACEHOLDER.findall(sentence)]
    for text in dict.fromkeys(placeholders):
        if "(" in text and earlier_functions(parse_number(text)):
            yield text.strip()


def _value(record: Record, role: str, key: str) -> Fact:
    """The figure of a row; of the row before, that of the earlier report."""
    source = record.previous if role == "before" else record
    return source.values.get(key) if source else None


def _number(node: Node, record: Record, *, as_zero: bool = False) -> int | Fraction | None:
    value = compile_number(node, as_zero=as_zero)(record)
    return None if isinstance(value, str) or value is None else value


def _compared_sides(check: Check, record: Record, target: Figure | None) -> _Compared:
    """What the side of the target comes to, and the other side, for a check that is one comparison."""
    condition = check.condition
    while condition.op == "=>":
        condition = condition.args[1]
    pair = sides(condition)
    if pair is None:
        return _Compared(target, None)
    as_zero = check.missing is not Missing.SKIP_IF_ANY
    left, right = (_number(without_rounding(side), record, as_zero=as_zero) for side in pair)
    sign, observed, other = condition.op, left, right
    stands_on_the_right = pair[1].op == "entry" and pair[1].value == check.target
    if stands_on_the_right:
        sign, observed, other = _MIRRORED.get(sign, sign), right, left
    if sign == "==" or other is None:
        return _Compared(observed, other)
    return _Compared(observed, other, Allowed(sign, other))


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _sum_of(parts: tuple[str, ...], record: Record) -> Formula:
    """The parts of a total, written out; one that is blank is an ellipsis."""
    pieces: list[int | Fraction | str] = []
    for part in parts:
        if pieces:
            pieces.append(" + ")
        pieces.append(record.values.get(part, "…"))
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
