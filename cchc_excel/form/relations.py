"""Relations → checks: whatever follows from one declared line is derived here and nowhere else.

A row of DERIVATIONS says for which indicators a check follows, what it asserts, and what the
value should be. It speaks of entries by their role to the indicator: [id], [part], [whole], [weight]; the
roles become ids when the check is made. {total} and {any_blank} are written out over its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cchc_excel.codes import CODES, Severity
from cchc_excel.form.language import Node, every_id, parse, parse_number, renamed
from cchc_excel.form.model import NOTHING, Check, Indicator, Kind, Scope
from cchc_excel.form.nature import Time, Units


@dataclass(frozen=True, slots=True)
class Derivation:
    """One check that follows from a declaration; `milder` is its severity where that is not the code's own.

    With `of_parts` False it does not follow for the part of a percentage.
    """

    code: str
    applies: Callable[[Indicator], object]
    asserts: str
    expected: str | None = None
    target: str = "id"
    roles: Mapping[str, str] = field(default_factory=dict)
    scope: Scope = Scope.NONE
    last: bool = False
    beside_all: bool = False
    own_level: bool = False
    of_parts: bool = True
    milder: Severity | None = None


def _is_rate(row: Indicator) -> bool:
    return row.part is not None and row.whole is not None


def _is_left_to_others(row: Indicator) -> bool:
    return row.reported_by is not None and row.kind.is_number


def _needed(row: Indicator) -> bool:
    return row.is_entry and row.required and row.reported_by is None and not _is_rate(row)


def _grows(row: Indicator) -> bool:
    return row.cumulative and row.kind in _COUNTED


def flows(row: Indicator) -> bool:
    """Whether it counts what happened in the period, so that a longer one holds no less."""
    return row.kind in _COUNTED and row.nature.time is Time.FLOW


_COUNTED = frozenset({Kind.COUNT, Kind.MONEY})  # a share follows from what it is made of, and is not compared itself
FIRST_DAY, LAST_DAY = 40179, 51501  # 2010 to 2040 as Excel counts days; of few things has a commune so many
BURST = 500  # surveys, say: more than a commune collects at one time
# What is counted varies by chance, the more the smaller it is: 4 may become 32, 1,000 hardly more than 3,000.
MOST_TIMES, MORE_BY_CHANCE = 3, 20
LEAST_LARGE = 1000  # of dossiers: then there may be as many more as a day counts
LEAST_OF_A_WARD = 10_000  # of dossiers: a unit that has so many may send as many documents as a day counts
_RATE = {"part": "part", "whole": "whole", "written": "id"}
_BEFORE = {"written": "id", "before": "id"}
_AGREES = "agrees([id], [part], [whole])"
_TRUNCATED = "truncated([id], [part], [whole])"
_ENLARGED = "max(2 * previous([id]), previous([id]) + 20)"
_RIGHT_RATE = "round(100 * [part] / [whole], 2)"


def _of_plan(condition: str, *, milder: Severity | None = None) -> Derivation:
    """How a year's plan may change within the year."""
    return Derivation(
        "P02",
        lambda row: row.annual_plan,
        condition,
        roles=_BEFORE,
        scope=Scope.SAME_YEAR,
        last=True,
        milder=milder,
    )


def _beside_as_long(applies: Callable[[Indicator], bool], condition: str) -> Derivation:
    """How what happened may differ from the earlier periods of the same length; a total is judged by its parts."""
    return Derivation(
        "P05",
        lambda row: flows(row) and row.nature.units is not Units.USED and not row.total_of and applies(row),
        condition,
        roles=_BEFORE,
        scope=Scope.EQUAL_LENGTH,
        beside_all=True,
        of_parts=False,
    )


DERIVATIONS: tuple[Derivation, ...] = (
    # domain of one entry
    Derivation("T03", lambda row: row.kind is Kind.COUNT, "is_integer([id])"),
    Derivation("T04", lambda row: row.kind.is_number and not row.negative, "[id] >= 0"),
    Derivation("T05", lambda row: row.kind is Kind.PERCENT and not row.may_exceed, "[id] <= 100"),
    Derivation("T16", lambda row: row.at_most is not None, "[id] < {at_most}"),
    Derivation("T39", lambda row: row.at_least is not None, "[id] >= {at_least}"),
    # blanks
    Derivation("C01", lambda row: _needed(row) and row.weight is None, "not blank([id])"),
    Derivation(
        "C01", lambda row: _needed(row) and row.weight, "not blank([id]) or not blank([weight]) and [weight] == 0"
    ),
    Derivation("C02", lambda row: row.total_of, "blank([id]) => {any_blank}", "sum({total})"),
    Derivation(
        "C03",
        _is_rate,
        "blank([id]) => blank([part]) or blank([whole]) or [whole] == 0",
        _RIGHT_RATE,
        roles=_RATE,
    ),
    Derivation(
        "C04",
        _is_rate,
        "blank([part]) => blank([id]) or blank([whole])",
        "round([id] * [whole] / 100, 0)",
        target="part",
        roles=_RATE,
    ),
    Derivation(
        "C04",
        _is_rate,
        "blank([whole]) => blank([id]) or blank([part]) or [id] == 0",
        "round(100 * [part] / [id], 0)",
        target="whole",
        roles=_RATE,
    ),
    # a 0 counts nothing twice, and nobody is misled by it
    Derivation("C06", lambda row: row.reported_by and not row.kind.is_number, "blank([id])", own_level=True),
    Derivation("C06", _is_left_to_others, "blank([id]) or [id] == 0", own_level=True),
    Derivation("C06", _is_left_to_others, "blank([id]) or [id] != 0", own_level=True, milder=Severity.INFO),
    # arithmetic
    Derivation("A01", lambda row: row.total_of, "[id] == sum({total})", "sum({total})"),
    Derivation("A02", _is_rate, f"{_AGREES} or {_TRUNCATED}", _RIGHT_RATE, roles=_RATE),
    Derivation("A03", _is_rate, f"not {_TRUNCATED}", _RIGHT_RATE, roles=_RATE),
    # 0 of 0 may be written as 0 % where the reporting rules say so (document 766)
    Derivation("A04", _is_rate, "[whole] == 0 => blank([id]) or [id] == 0", roles=_RATE),
    Derivation("A04", _is_rate, "[whole] == 0 => blank([id]) or [id] != 0", roles=_RATE, milder=Severity.INFO),
    Derivation(
        "A05",
        lambda row: _is_rate(row) and not row.may_exceed,
        "[part] <= [whole]",
        target="part",
        roles=_RATE,
    ),
    Derivation(
        "A05",
        lambda row: _is_rate(row) and row.may_exceed,
        "[part] <= [whole]",
        target="part",
        roles=_RATE,
        milder=Severity.WARNING,
    ),
    Derivation("A06", _is_rate, f"[part] < [whole] and {_AGREES} => [id] < 100", roles=_RATE),
    # against the same unit's earlier submission
    Derivation("P01", _grows, "[id] >= previous([id])", roles=_BEFORE, scope=Scope.SAME_YEAR),
    # plans are enlarged now and then, which is no more than a remark
    _of_plan(f"previous([id]) <= [id] <= {_ENLARGED}"),
    _of_plan(f"[id] <= previous([id]) or [id] > {_ENLARGED}", milder=Severity.INFO),
    Derivation("P03", flows, "[id] >= previous([id])", roles=_BEFORE, scope=Scope.NESTED),
    Derivation(
        "P04",
        lambda row: row.stock and row.kind is Kind.COUNT,
        "abs([id] - previous([id])) <= max(2, previous([id]) / 5)",
        roles=_BEFORE,
        scope=Scope.EARLIER,
        last=True,
    ),
    # a part is judged by its percentage, and what is used of a list by the list; what is there in one period only tells
    # something where it is large
    _beside_as_long(
        lambda row: not row.comes_in_bursts,
        f"max([id], previous([id])) <= {MOST_TIMES} * min([id], previous([id])) + {MORE_BY_CHANCE}"
        f" or min([id], previous([id])) == 0 and max([id], previous([id])) <= {BURST}",
    ),
    # of one survey the next one tells next to nothing: only a lost digit, or a figure too large for any
    _beside_as_long(
        lambda row: row.comes_in_bursts,
        f"abs([id] - previous([id])) <= {MORE_BY_CHANCE} or [id] == 0"
        f" or previous([id]) / 10 <= [id] <= max({BURST}, {MOST_TIMES} * previous([id]))",
    ),
    # how a unit sends its documents, or fills its posts, is a habit: a share without components hardly turns round
    Derivation(
        "P14",
        lambda row: row.kind is Kind.PERCENT and row.weight is not None,
        "[weight] > 0 and previous([weight]) > 0 => abs([id] - previous([id])) <= 60",
        roles=_BEFORE,
        scope=Scope.EARLIER,
        last=True,
    ),
)


def derived_checks(indicators: Iterable[Indicator], severities: Mapping[str, Severity] = NOTHING) -> Iterator[Check]:
    """Yield every check that follows from the indicators' declarations; `severities` are those that the form sets."""
    indicators = tuple(indicators)
    parts = {row.part for row in indicators}
    trees: dict[str, Node] = {}  # of each text, so that one which is the same for all rows is parsed once
    for derivation in DERIVATIONS:
        for row in indicators:
            if derivation.applies(row) and (derivation.of_parts or row.id not in parts):
                yield _with_severity(_check(derivation, row, trees), severities)
    for checks_of in (_checks_of_days, _checks_of_parts, _checks_of_shares, _checks_of_twins):
        for check in checks_of(indicators):
            yield _with_severity(check, severities)


def _with_severity(check: Check, severities: Mapping[str, Severity]) -> Check:
    return check._replace(severity=severities[check.code]) if check.code in severities else check


def _check(derivation: Derivation, row: Indicator, trees: dict[str, Node]) -> Check:
    ids_of = {"id": row.id, "part": row.part or "", "whole": row.whole or "", "weight": row.weight or ""}
    asserts = _put_in(derivation.asserts, row)
    if asserts not in trees:
        trees[asserts] = parse(asserts)
    expected: Node | None = None
    if derivation.expected:
        text = _put_in(derivation.expected, row)
        if text not in trees:
            trees[text] = parse_number(text)
        expected = renamed(trees[text], ids_of)
    check = _made(
        derivation.code,
        condition=renamed(trees[asserts], ids_of),
        expected=expected,
        target=ids_of[derivation.target],
        roles={role: ids_of[of_row] for role, of_row in derivation.roles.items()},
        line=row.line,
    )
    return check._replace(
        severity=derivation.milder or check.severity,
        scope=derivation.scope,
        own_level=derivation.own_level,
        last=derivation.last,
        beside_all=derivation.beside_all,
    )


def _put_in(text: str, row: Indicator) -> str:
    """A text of the table with what it leaves open to the row: the parts of a total, a limit."""
    if "{" not in text:
        return text
    return text.format(
        total=", ".join(f"[{part}]" for part in row.total_of),
        any_blank=" or ".join(f"blank([{part}])" for part in row.total_of),
        at_most=row.at_most,
        at_least=row.at_least,
    )


def _checks_of_days(indicators: tuple[Indicator, ...]) -> Iterator[Check]:
    """T38: a count may be a day. 2/7 typed for "2 of 7" into a cell that is formatted as a number stays one: 45109.

    A ward has 45,109 dossiers indeed: then those on time, or those that they are of, are thousands as well. The
    documents of which the form asks only for shares have no such neighbour: then the dossiers are tens of thousands.
    """
    kept = {row.id: row for row in indicators}
    wholes = dict.fromkeys(row.whole for row in indicators)
    happened_wholes = [key for key in wholes if key in kept and flows(kept[key])]
    bases = {row.weight for row in indicators}
    beside: dict[str, list[str]] = {}
    for row in indicators:
        if row.part is not None and row.whole is not None:
            beside.setdefault(row.part, []).append(row.whole)
            beside.setdefault(row.whole, []).append(row.part)
    for row in indicators:
        if row.kind is Kind.COUNT:
            alternatives = [f"not ({FIRST_DAY} <= [{row.id}] <= {LAST_DAY})"]
            alternatives += [f"first_nonblank([{key}], 0) >= {LEAST_LARGE}" for key in beside.get(row.id, ())]
            if row.id in bases and flows(row):
                alternatives += [f"first_nonblank([{key}], 0) >= {LEAST_OF_A_WARD}" for key in happened_wholes]
            condition = parse(" or ".join(alternatives))
            yield _made("T38", condition=condition, target=row.id, line=row.line)._replace(own_level=True)


def _checks_of_parts(indicators: tuple[Indicator, ...]) -> Iterator[Check]:
    """C04 for a part of a total: blank, though the total and all other parts determine it."""
    for row in indicators:
        for part in row.total_of:
            others = [row.id, *(other for other in row.total_of if other != part)]
            excuses = " or ".join(f"blank([{key}])" for key in others)
            rest = " - ".join(f"[{key}]" for key in others)
            yield _made(
                "C04",
                condition=parse(f"blank([{part}]) => {excuses}"),
                expected=parse_number(rest),
                target=part,
                roles={"total": row.id},
                line=row.line,
            )


def _checks_of_shares(indicators: tuple[Indicator, ...]) -> Iterator[Check]:
    """C05: the base of one or several shares is blank, so that no upper level can merge them."""
    shares: dict[str, list[str]] = {}
    for row in indicators:
        if row.weight:
            shares.setdefault(row.weight, []).append(row.id)
    for base, of_base in shares.items():
        all_blank = " and ".join(f"blank([{share}])" for share in of_base)
        yield _made("C05", condition=parse(f"blank([{base}]) => {all_blank}"), target=base)


def _checks_of_twins(indicators: tuple[Indicator, ...]) -> Iterator[Check]:
    """C08: a percentage is blank with its components, though one that mostly has the same components is given."""
    by_id = {row.id: row for row in indicators}
    for row in indicators:
        twin = by_id.get(row.same_as or "")
        if twin is None or twin.part is None or twin.whole is None or row.part is None or row.whole is None:
            continue
        all_blank = f"blank([{row.id}]) and blank([{row.whole}]) and blank([{row.part}])"
        excuses = f"blank([{twin.whole}]) or blank([{twin.part}])"
        yield _made(
            "C08",
            condition=parse(f"{all_blank} => {excuses}"),
            target=row.id,
            roles={"twin": twin.id, "own_whole": row.whole, "own_part": row.part},
            line=row.line,
        )


def _made(
    code: str,
    *,
    condition: Node,
    target: str,
    expected: Node | None = None,
    roles: Mapping[str, str] = NOTHING,
    line: int = 0,
) -> Check:
    """A check of a built-in code, as bad and as far corrected as the catalogue says."""
    return Check(
        code=code,
        severity=CODES[code].severity,
        condition=condition,
        target=target,
        involved=involved_in(condition, target),
        expected=expected,
        roles=roles,
        fix=CODES[code].fix,
        line=line,
    )


def involved_in(condition: Node, target: str) -> tuple[str, ...]:
    """Return the ids a condition compares, the target first."""
    return tuple(dict.fromkeys((target, *every_id(condition))))
