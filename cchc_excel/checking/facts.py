"""A failed check → a finding: the figures it compared, what stands there and what should."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def finding_of(check: Check, record: Record, submission: Submission, form: Form, period: str | None = None) -> Finding:
    """Return the finding of a check that fails on the record; `period` is the earlier one it compares with."""
    row = form[check.target]
    compared = _compared(check, record, row)
    facts = {
        **_facts_of_roles(check, record),
        **_facts_of_code(check, record),
        "value": compared.observed,
        "expected": compared.expected,
        "written": compared.observed,
        **_facts_of_row(check, record, row),
    }
    if check.scope is not Scope.NONE and record.previous is not None:  # whichever it was asked for
        facts |= {"before": record.previous.values.get(check.target), "period": period}
    if check.texts:
        facts |= _facts_of_own_sentences(check, record)
    hints = [index for index, hint in enumerate(check.hints) if compile_condition(hint.when)(record) is True]
    return Finding(
        check.code,
        check.reported_severity,
        check.involved,
        cells=tuple(submission.entries[key].cell for key in check.involved if key in submission.entries),
        observed=compared.observed,
        compared_with=compared.expected,
        facts=facts,
        hints=tuple(hints),
        allowed=compared.allowed,
    )


# --- what stands there, and what should


class _Compared(NamedTuple):
    """What stands in the target, what it is held against, and of an inequality what would do."""

    observed: Figure | None
    expected: Figure | None
    allowed: Allowed | None = None


def _compared(check: Check, record: Record, row: Indicator) -> _Compared:
    observed = record.values.get(check.target)
    if check.expected is not None:
        return _Compared(observed, _expected(check, check.expected, record, row))
    if check.scope is Scope.NONE:
        return _by_its_sides(check, record, observed)
    return _Compared(observed, None)


def _expected(check: Check, formula: Node, record: Record, row: Indicator) -> Figure | None:
    """What the target should be by the check's own formula; None where that is not the only answer."""
    expected = _number(formula, record)
    if check.code == "C04":
        return _if_only_answer(check, record, expected, may_be_negative=row.negative)
    if check.is_of_a_rate and expected is not None and expected == record.values.get(check.target):
        # written with more decimals than are told: 28,5700 of 2/7 is not 28,57
        return _rate_in_full(check, record)
    return expected


def _rate_in_full(check: Check, record: Record) -> Figure | None:
    """The percentage with as many decimals as anybody may write."""
    part, whole = record.values[check.roles["part"]], record.values[check.roles["whole"]]
    if isinstance(part, str) or isinstance(whole, str):
        return None
    return rounded(Fraction(100 * part) / whole, MAX_DECIMALS)


def _by_its_sides(check: Check, record: Record, target: Figure | None) -> _Compared:
    """For a check that is one comparison: what the side of the target comes to, and what the other side does."""
    condition = check.condition
    while condition.op == "=>":
        condition = condition.args[1]
    pair = sides(condition)
    if pair is None:
        return _Compared(target, None)
    as_zero = check.missing is not Missing.SKIP_IF_ANY
    left, right = (_number(without_rounding(side), record, as_zero=as_zero) for side in pair)
    sign = condition.op
    is_target_on_the_right = pair[1].op == "entry" and pair[1].value == check.target
    if is_target_on_the_right:
        left, sign, right = right, _MIRRORED.get(sign, sign), left
    allowed = Allowed(sign, right) if sign != "==" and right is not None else None
    return _Compared(left, right, allowed)


def _if_only_answer(
    check: Check, record: Record, answer: int | Fraction | None, *, may_be_negative: bool
) -> int | Fraction | None:
    """The component that a rate determines, unless a neighbouring number would give the same written rate."""
    if answer is None:
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


def _number(node: Node, record: Record, *, as_zero: bool = False) -> int | Fraction | None:
    value = compile_number(node, as_zero=as_zero)(record)
    return None if isinstance(value, str) or value is None else value


# --- the facts of its sentence


def _facts_of_roles(check: Check, record: Record) -> dict[str, Fact]:
    """The figures that the check compares, by their roles. A twin is no figure: its sentence names the row."""
    if "twin" in check.roles:
        return {"twin": check.roles["twin"]}
    facts: dict[str, Fact] = {}
    for role, key in check.roles.items():
        source = record.previous if role == "before" else record
        facts[role] = source.values.get(key) if source is not None else None
    return facts


def _facts_of_code(check: Check, record: Record) -> dict[str, Fact]:
    """What only the sentence of this code tells."""
    observed = record.values.get(check.target)
    if check.code == "C04":
        return {"given": _given(check, record)}
    if check.code == "C05":
        return {"shares": tuple(key for key in check.involved[1:] if key in record.values)}
    if check.code == "T38" and isinstance(observed, int):
        day = DAY_0 + timedelta(days=observed)
        return {"day": f"{day.day}/{day.month}/{day.year}"}
    return {}


def _given(check: Check, record: Record) -> Formula:
    """What determines a blank component, written out."""
    values, roles = record.values, check.roles
    if "total" in roles:
        others = [key for key in check.involved if key not in {check.target, roles["total"]}]
        return Formula(joined([values[key] for key in (roles["total"], *others)], " − "))
    if check.target == roles["part"]:
        return Formula((values[roles["written"]], "% × ", values[roles["whole"]]))
    return Formula((values[roles["part"]], " : ", values[roles["written"]], "%"))


def _facts_of_row(check: Check, record: Record, row: Indicator) -> dict[str, Fact]:
    """The parts of a total that does not agree with them, and the limits of the row."""
    facts: dict[str, Fact] = {}
    if check.code == "A01":
        facts["parts"] = Formula(joined([record.values.get(part, "…") for part in row.total_of], " + "))
    if row.at_most is not None:
        facts |= {"at_most": row.at_most, "unit": row.unit}
    if row.at_least is not None:
        facts |= {"at_least": row.at_least, "unit": row.unit}
    return facts


def joined(figures: Iterable[Figure], sign: str) -> tuple[Figure, ...]:
    """Return the pieces of a Formula: the figures with a sign between each two of them."""
    pieces: list[Figure] = []
    for figure in figures:
        if pieces:
            pieces.append(sign)
        pieces.append(figure)
    return tuple(pieces)


# --- the facts of sentences that the form itself declares


def _facts_of_own_sentences(check: Check, record: Record) -> dict[str, Fact]:
    """The figures that the check's own sentences name, those of this report by id, the others as they are written."""
    sentences = [*check.texts["says"].values(), *(text for hint in check.hints for text in hint.says.values())]
    facts: dict[str, Fact] = {key: record.values.get(key) for key in _ids_shown(check, sentences)}
    for expression in _of_earlier_reports(sentences):
        facts[expression] = _number(parse_number(expression), record)
    return facts


def _ids_shown(check: Check, sentences: Iterable[str]) -> tuple[str, ...]:
    """The ids of the entries that a check compares or its sentences show, in an order that is the same everywhere."""
    shown = [key for sentence in sentences for key in _REFERENCE.findall(sentence)]
    return tuple(dict.fromkeys((*check.involved, *shown)))


def _of_earlier_reports(sentences: Iterable[str]) -> Iterator[str]:
    """The expressions in the sentences that take a figure from an earlier report."""
    expressions = [found for sentence in sentences for found in PLACEHOLDER.findall(sentence)]
    for expression in dict.fromkeys(expressions):
        if "(" in expression and earlier_functions(parse_number(expression)):
            yield expression.strip()
