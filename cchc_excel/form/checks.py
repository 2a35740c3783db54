"""checks.yaml → the checks that a form declares itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple

from cchc_excel.codes import CODES, FAMILIES, Fixing, Severity
from cchc_excel.errors import ExpressionError
from cchc_excel.form.language import (
    Node,
    earlier_functions,
    ids,
    misused_texts,
    parse,
    parse_number,
    previous_ids,
    sides,
    with_rounding,
)
from cchc_excel.form.language.agreement import decimals_of
from cchc_excel.form.language.syntax import EARLIER, or_zero
from cchc_excel.form.lines import Fields, Line, Located, Mistakes
from cchc_excel.form.model import NOTHING, Case, Check, Hint, Indicator, Kind, Missing, Scope, Texts
from cchc_excel.form.relations import involved_in

CHECK_FIELDS = frozenset(
    {
        *("code", "severity", "target", "assert", "soft", "hard", "for", "missing", "expected", "fix"),
        *("beta", "scope", "after", "echo_of"),
        *("own_level", "from", "until", "only"),
        *("what", "why", "do", "says", "en", "hints", "holds_for", "warns_for", "fails_for"),
    }
)
EACH = "*"
"""What stands for the row in a rule `for` several rows: `[*]`, `[*.1]`."""
SIDES = frozenset({"left", "right"})
_TEXTS = ("what", "why", "do", "says")
_CODE = re.compile(rf"[{FAMILIES}]\d\d")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def load_checks(
    items: list[Located], by_id: Mapping[str, Indicator], mistakes: Mistakes, removed: Mapping[str, Line] = NOTHING
) -> tuple[Check, ...]:
    """Return the checks; whatever is wrong with them goes to `mistakes`.

    `removed` tells of rows that an extending form takes out where it does so: a check that needs one is its mistake.
    """
    checks: list[Check] = []
    codes: set[str] = set()
    for item in items:
        fields = Fields(item, mistakes, CHECK_FIELDS)
        of_item: list[Check] = []
        for of_row in _for_each_row(fields, mistakes):
            of_item += _Loading(of_row, by_id, mistakes, removed).checks()
        for code in dict.fromkeys(check.code for check in of_item):  # each once, in the order of the file
            if code in codes or code in CODES:
                mistakes.add(fields.line, "duplicate_code", code=code)
            codes.add(code)
        checks += of_item
    return tuple(checks)


def _for_each_row(fields: Fields, mistakes: Mistakes) -> Iterator[Fields]:
    """A rule with `for: [3.1, 3.2]` is one for each of these rows, put in where it says `[*]`."""
    if "for" not in fields.fields:
        yield fields
        return
    rows = fields.texts("for")
    if not rows:
        fields.bad("for", "[3.1, 3.2, …]")
    repeated = [row for row in rows if rows.count(row) > 1]
    if repeated:
        mistakes.add(fields.line_of("for"), "duplicate_id", id=repeated[0])
    if not any(f"[{EACH}" in fields.text(name) for name in ("assert", "soft", "hard")):
        mistakes.add(fields.line_of("for"), "no_row_put_in", rows=", ".join(rows))
    for row in dict.fromkeys(rows):
        rest = {name: _put_in(value, row) for name, value in fields.fields.items() if name != "for"}
        yield Fields(Located(rest, fields.line), mistakes, CHECK_FIELDS)


def _put_in(item: Located, row: str) -> Located:
    """The value with the row's id where `*` stands for it: in brackets, or at the start of an id."""

    def put(text: str) -> str:
        return row + text[1:] if text.startswith(EACH) else text.replace(f"[{EACH}", f"[{row}")

    value = item.value
    if isinstance(value, str):
        return Located(put(value), item.line)
    if isinstance(value, list):
        return Located([_put_in(inner, row) for inner in value], item.line)
    if isinstance(value, dict):
        return Located({put(key): _put_in(inner, row) for key, inner in value.items()}, item.line)
    return item


def _scope(functions: Collection[str]) -> Scope:
    """The scope that follows from the functions by which a condition takes earlier figures."""
    if not functions:
        return Scope.NONE
    if "previous" in functions:
        return Scope.EARLIER
    return Scope(next(iter(functions)))  # `just_before` and `same_period_last_year` are called as their scope is


class _Asked(NamedTuple):
    """A condition, and the groups of entries of each of which one must be given."""

    condition: Node
    sides_needed: tuple[tuple[str, ...], ...]


class _Loading:
    """One item of checks.yaml on its way to a Check."""

    def __init__(
        self, fields: Fields, by_id: Mapping[str, Indicator], mistakes: Mistakes, removed: Mapping[str, Line]
    ) -> None:
        self.fields, self.by_id, self.mistakes, self.removed = fields, by_id, mistakes, removed
        self.told: set[str] = set()
        rows = by_id.values()
        self.text_ids = {row.id for row in rows if row.kind.is_text}
        self.percentages = {row.id for row in rows if row.kind is Kind.PERCENT}
        self.places = {f"[{row.id}]" for row in rows} | self.text_ids

    def checks(self) -> tuple[Check, ...]:
        """The check, or the two of a rule with two bounds."""
        has_two_bounds = "soft" in self.fields.fields or "hard" in self.fields.fields
        found = self.graded_checks() if has_two_bounds else [self.only_check()]
        return tuple(check for check in found if check is not None)

    def only_check(self) -> Check | None:
        if "warns_for" in self.fields.fields:
            line = self.fields.line_of("warns_for")
            self.mistakes.add(line, "only_beside", field="warns_for", other="soft, hard")
        severity = self.fields.one_of("severity", Severity, Severity.ERROR)
        return self.check(self.asked("assert"), severity, {"holds_for": True, "fails_for": False})

    def graded_checks(self) -> list[Check | None]:
        """The two checks of a rule with two bounds: past the soft one and within the hard one it warns."""
        for name in ("assert", "severity"):
            if name in self.fields.fields:
                self.mistakes.add(self.fields.line_of(name), "not_beside", field=name, other="soft, hard")
        soft, hard = self.asked("soft"), self.asked("hard")
        if soft is None or hard is None:
            return []
        implied = Node("=>", (hard.condition, soft.condition), 0, soft.condition.start, soft.condition.end)
        between = _Asked(implied, soft.sides_needed + hard.sides_needed)
        return [
            self.check(between, Severity.WARNING, {"holds_for": True, "warns_for": False, "fails_for": True}),
            self.check(hard, Severity.ERROR, {"holds_for": True, "warns_for": True, "fails_for": False}),
        ]

    def asked(self, name: str) -> _Asked | None:
        """The condition of a field, with what its blanks mean and room for rounding."""
        as_written = self.expression(name, self.fields.needed(name), truth=True)
        if as_written is None:
            return None
        condition = with_rounding(self.with_blanks(as_written), self.percentages)
        return _Asked(condition, self.sides_needed(as_written))

    def with_blanks(self, condition: Node) -> Node:
        """The condition with a blank counted as 0 on the sides for which `missing` says so."""
        by_side = self.missing_by_side()
        if not by_side:
            return condition
        if condition.op == "=>":
            return condition._replace(args=(condition.args[0], self.with_blanks(condition.args[1])))
        pair = sides(condition)
        if pair is None or not self.text_ids.isdisjoint(ids(condition)):
            self.mistakes.add(self.fields.line_of("missing"), "not_a_comparison")
            return condition
        left, right = pair
        if by_side.get("left", Missing.SKIP_IF_ANY) is not Missing.SKIP_IF_ANY:
            left = or_zero(left)
        if by_side.get("right", Missing.SKIP_IF_ANY) is not Missing.SKIP_IF_ANY:
            right = or_zero(right)
        return condition._replace(args=(left, right))

    def missing_by_side(self) -> Mapping[str, Missing]:
        located = self.fields.fields.get("missing")
        if located is None or not isinstance(located.value, dict):
            return {}
        inner = Fields(located, self.mistakes, SIDES)
        return {side: inner.one_of(side, Missing, Missing.SKIP_IF_ANY) for side in inner.fields if side in SIDES}

    def missing(self) -> Missing:
        """What a blank does in the whole condition."""
        if self.missing_by_side():
            return Missing.SKIP_IF_ANY
        found: Missing = self.fields.one_of("missing", Missing, Missing.SKIP_IF_ANY)
        return found

    def sides_needed(self, condition: Node) -> tuple[tuple[str, ...], ...]:
        """The entries of each side that needs one of them to be given."""
        while condition.op == "=>":
            condition = condition.args[1]
        pair = sides(condition)
        by_side = self.missing_by_side()
        if pair is None:
            return ()
        groups = []
        for name, side in zip(("left", "right"), pair, strict=True):
            group = ids(side)
            if group and by_side.get(name) is Missing.SKIP_IF_ALL:
                groups.append(group)
        return tuple(groups)

    def check(self, asked: _Asked | None, severity: Severity, cases: Mapping[str, bool]) -> Check | None:
        """The check of a condition; `cases` tells of which examples it must hold, and of which fail."""
        fields = self.fields
        code = fields.needed("code")
        if not _CODE.fullmatch(code):
            fields.bad("code", "L01 … L99")
        texts = self.texts(code)
        if asked is None:
            return None
        condition = asked.condition
        compared = ids(condition)
        target = fields.text("target") or (compared[0] if compared else "")
        if target not in involved_in(condition, ""):
            fields.bad("target", ", ".join(compared))
            return None
        expected = fields.text("expected")
        examples = {name: self.cases(name) for name in cases}
        holds_for: list[Case] = []
        fails_for: list[Case] = []
        for name, holds in cases.items():
            (holds_for if holds else fails_for).extend(examples[name])
        check = Check(
            code=code,
            severity=severity,
            condition=condition,
            target=target,
            involved=involved_in(condition, target),
            missing=self.missing(),
            expected=self.expression("expected", expected, truth=False) if expected else None,
            scope=fields.one_of("scope", Scope, _scope(earlier_functions(condition))),
            beta=fields.flag("beta"),
            fix=fields.one_of("fix", Fixing, Fixing.NEVER),
            echo_of=fields.texts("echo_of"),
            own_level=fields.flag("own_level"),
            texts=texts,
            hints=self.hints(),
            holds_for=tuple(holds_for),
            fails_for=tuple(fails_for),
            line=fields.line,
            when=fields.when(),
            sides_needed=asked.sides_needed,
        )
        for name, holds in cases.items():
            self.prove(check, name, examples[name], holds)
        return check

    def expression(self, name: str, text: str, *, truth: bool) -> Node | None:
        """Parse one text; a mistake in it, an unknown id or a text used as a number is noted."""
        if not text:
            return None
        line = self.fields.line_of(name)
        try:
            node = parse(text) if truth else parse_number(text)
        except ExpressionError as error:
            place = error.text[error.start : error.end] or "…"
            self.mistakes.add(line, "bad_expression", problem=error.kind, text=text, place=place)
            return None
        unknown = [key for key in (*ids(node), *previous_ids(node)) if key not in self.by_id]
        for key in unknown:
            self.refuse_unknown(line, key)
        if unknown:
            return None
        for entry in misused_texts(node, self.text_ids):
            kind = self.by_id[str(entry.value)].kind
            wanted = "number" if kind.is_text else "text"
            self.mistakes.add(line, "wrong_kind", id=entry.value, kind=kind, wanted=wanted)
        return None if self.not_among_options(node, line) else node

    def refuse_unknown(self, line: int, key: str) -> None:
        if key in self.removed and isinstance(self.fields.line, Line):
            self.told_of_removed(key, self.fields.line.place)
        else:
            nearest = ", ".join(get_close_matches(key, self.by_id, 3))
            self.mistakes.add(line, "unknown_id", id=key, nearest=nearest)

    def not_among_options(self, node: Node, line: int) -> bool:
        """Note the answers that a row is compared with and does not offer."""
        found = False
        for parent in node.walk():
            answers = [str(arg.value) for arg in parent.args if arg.op == "text"]
            asked = [str(arg.value) for arg in parent.args if arg.op == "entry"]
            rows = [self.by_id[key] for key in asked if key in self.text_ids]
            for answer in answers:
                for row in rows:
                    if answer not in row.options:
                        self.refuse_answer(line, row, answer)
                        found = True
        return found

    def refuse_answer(self, line: int, row: Indicator, answer: str) -> None:
        options = "; ".join(row.options)
        self.mistakes.add(line, "no_option", id=row.id, answer=answer, options=options)

    def told_of_removed(self, key: str, place: str) -> None:
        """Note, once for a row, that the check needs one that is taken out."""
        if key not in self.told:
            self.told.add(key)
            user = self.fields.text("code")
            self.mistakes.add(self.removed[key], "still_used", id=key, user=user, place=place)

    def texts(self, code: str) -> Mapping[str, Texts]:
        """What, why, do and says, each in both languages; English falls back to Vietnamese only for `says`."""
        english = self.fields.fields.get("en")
        inner = Fields(english, self.mistakes, frozenset(_TEXTS)) if english else None
        texts: dict[str, Texts] = {}
        for name in _TEXTS:
            vi = self.fields.text(name)
            en = inner.text(name) if inner else ""
            if not vi and name != "says":
                self.mistakes.add(self.fields.line, "no_text", code=code, field=name)
            for language, sentence in (("vi", vi), ("en", en)):
                for place in PLACEHOLDER.findall(sentence):
                    self.placeholder(name if language == "vi" else "en", place)
            texts[name] = {"vi": vi, "en": en or vi}
        return texts

    def placeholder(self, field: str, text: str) -> None:
        if text.strip() not in self.places:  # a row by itself is shown as it is, a number or a text
            self.expression(field, text, truth=False)

    def hints(self) -> tuple[Hint, ...]:
        hints = []
        for item in self.fields.items("hints"):
            inner = Fields(item, self.mistakes, frozenset({"when", "vi", "en"}))
            when = self.expression("hints", inner.needed("when"), truth=True)
            vi = inner.needed("vi")
            for place in PLACEHOLDER.findall(vi + inner.text("en")):
                self.placeholder("hints", place)
            if when is not None:
                hints.append(Hint(when, {"vi": vi, "en": inner.text("en", vi)}))
        return tuple(hints)

    def cases(self, name: str) -> tuple[Case, ...]:
        value = self.fields.get(name)
        if value is None:
            self.mistakes.add(self.fields.line, "no_case", code=self.fields.text("code"), field=name)
            return ()
        items = value if isinstance(value, list) else [self.fields.fields[name]]
        return tuple(self.case(item) for item in items)

    def case(self, item: Located) -> Case:
        """One example: its figures by id, and those of earlier reports by the function that takes them."""
        ids_of_rows = frozenset(self.by_id)
        inner = Fields(item, self.mistakes, ids_of_rows | set(EARLIER))
        earlier_items = {function: inner.fields.pop(function) for function in EARLIER if function in inner.fields}
        values = self.figures(inner)
        earlier = {}
        for function, earlier_item in earlier_items.items():
            earlier[function] = self.figures(Fields(earlier_item, self.mistakes, ids_of_rows))
        return Case(values, earlier)

    def figures(self, fields: Fields) -> Mapping[str, int | Fraction | str]:
        figures: dict[str, int | Fraction | str] = {}
        for key in fields.fields:
            value = fields.get(key)
            if value is None:
                continue
            if key in self.text_ids:
                if str(value) not in self.by_id[key].options:
                    self.refuse_answer(fields.line_of(key), self.by_id[key], str(value))
                figures[key] = str(value)
                continue
            number = fields.number(key)
            if number is not None:
                figures[key] = int(number) if number.denominator == 1 else number
        return figures

    def prove(self, check: Check, name: str, cases: Iterable[Case], wanted: bool) -> None:
        """Run the check on its own cases: one that contradicts its rule is refused."""
        verdict_of = check.compiled()
        for case in cases:
            verdict = verdict_of(replace(case.record(), decimals=_decimals(case.values)))
            if verdict is not wanted:
                got = {True: "holds", False: "fails", None: "not_applicable"}[verdict]
                line = self.fields.line_of(name)
                self.mistakes.add(line, "case_wrong", code=check.code, field=name, got=got)


def _decimals(values: Mapping[str, int | Fraction | str]) -> Mapping[str, int]:
    """With how many decimals a case gives its figures."""
    return {key: decimals_of(value) for key, value in values.items() if isinstance(value, Fraction)}
