"""checks.yaml → the checks that a form declares itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction

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
    with_rounding,
)
from cchc_excel.form.language.agreement import MAX_DECIMALS
from cchc_excel.form.language.syntax import EARLIER
from cchc_excel.form.lines import Fields, Line, Located, Mistakes
from cchc_excel.form.model import NOTHING, Case, Check, Hint, Indicator, Kind, Missing, Scope, Texts
from cchc_excel.form.relations import involved_in

CHECK_FIELDS = frozenset(
    {
        *("code", "severity", "target", "assert", "missing", "expected", "fix", "beta", "scope", "after", "echo_of"),
        *("own_level", "from", "until", "only"),
        *("what", "why", "do", "says", "en", "hints", "holds_for", "fails_for"),
    }
)
_TEXTS = ("what", "why", "do", "says")
_CODE = re.compile(rf"[{FAMILIES}]\d\d")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def load_checks(
    items: list[Located], by_id: Mapping[str, Indicator], mistakes: Mistakes, removed: Mapping[str, Line] = NOTHING
) -> tuple[Check, ...]:
    """Return the checks; whatever is wrong with them goes to `mistakes`.

    `removed` tells of rows that an extending form takes out where it does so: a check that needs one is its mistake.
    """
    checks: dict[str, Check] = {}
    for item in items:
        check = _Loading(Fields(item, mistakes, CHECK_FIELDS), by_id, mistakes, removed).check()
        if check is None:
            continue
        if check.code in checks or check.code in CODES:
            mistakes.add(check.line, "duplicate_code", code=check.code)
        checks[check.code] = check
    return tuple(checks.values())


def _scope(functions: Collection[str]) -> Scope:
    """The scope that follows from the functions by which a condition takes earlier figures."""
    if "previous" in functions:
        return Scope.EARLIER
    return Scope(next(iter(functions))) if functions else Scope.NONE


class _Loading:
    """One item of checks.yaml on its way to a Check."""

    def __init__(
        self, fields: Fields, by_id: Mapping[str, Indicator], mistakes: Mistakes, removed: Mapping[str, Line]
    ) -> None:
        self.fields, self.by_id, self.mistakes, self.removed = fields, by_id, mistakes, removed
        self.told: set[str] = set()
        self.text_ids = {row.id for row in by_id.values() if row.kind.is_text}
        self.places = {f"[{key}]" for key in by_id} | self.text_ids
        self.percentages = {row.id for row in by_id.values() if row.kind is Kind.PERCENT}

    def check(self) -> Check | None:
        fields = self.fields
        code = fields.needed("code")
        if not _CODE.fullmatch(code):
            fields.bad("code", "L01 … L99")
        condition = self.expression("assert", fields.needed("assert"), truth=True)
        if condition is not None:
            condition = with_rounding(condition, self.percentages)
        texts = self.texts(code)
        if condition is None:
            return None
        target = fields.text("target") or next(iter(ids(condition)), "")
        if target not in involved_in(condition, ""):
            fields.bad("target", ", ".join(ids(condition)))
            return None
        expected = fields.text("expected")
        check = Check(
            code,
            fields.one_of("severity", Severity, Severity.ERROR),
            condition,
            target,
            involved_in(condition, target),
            missing=fields.one_of("missing", Missing, Missing.SKIP_IF_ANY),
            expected=self.expression("expected", expected, truth=False) if expected else None,
            scope=fields.one_of("scope", Scope, _scope(earlier_functions(condition))),
            beta=fields.flag("beta"),
            fix=fields.one_of("fix", Fixing, Fixing.NEVER),
            echo_of=fields.texts("echo_of"),
            own_level=fields.flag("own_level"),
            texts=texts,
            hints=self.hints(),
            holds_for=self.cases("holds_for"),
            fails_for=self.cases("fails_for"),
            line=fields.line,
            when=fields.when(),
        )
        self.prove(check)
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
            if key in self.removed and isinstance(self.fields.line, Line):
                self.told_of_removed(key, self.fields.line.place)
                continue
            self.mistakes.add(line, "unknown_id", id=key, nearest=", ".join(get_close_matches(key, self.by_id, 3)))
        for entry in () if unknown else misused_texts(node, self.text_ids):
            kind = self.by_id[str(entry.value)].kind
            self.mistakes.add(
                line, "wrong_kind", id=entry.value, kind=kind, wanted="number" if kind.is_text else "text"
            )
        return None if unknown else node

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
        located = self.fields.fields[name]
        return tuple(self.case(item) for item in (value if isinstance(value, list) else [located]))

    def case(self, item: Located) -> Case:
        inner = Fields(item, self.mistakes, frozenset(self.by_id) | set(EARLIER))
        earlier = {which: inner.fields.pop(which) for which in EARLIER if which in inner.fields}
        ids_of_rows = frozenset(self.by_id)
        return Case(
            self.figures(inner),
            {which: self.figures(Fields(it, self.mistakes, ids_of_rows)) for which, it in earlier.items()},
        )

    def figures(self, fields: Fields) -> Mapping[str, int | Fraction | str]:
        figures: dict[str, int | Fraction | str] = {}
        for key in fields.fields:
            value = fields.get(key)
            if value is None:
                continue
            if key in self.text_ids:
                figures[key] = str(value)
            elif (number := fields.number(key)) is not None:
                figures[key] = int(number) if number.denominator == 1 else number
        return figures

    def prove(self, check: Check) -> None:
        """Run the check on its own cases: one that contradicts its rule is refused."""
        verdict_of = check.compiled()
        for name, cases, wanted in (("holds_for", check.holds_for, True), ("fails_for", check.fails_for, False)):
            for case in cases:
                verdict = verdict_of(replace(case.record(), decimals=_decimals(case.values)))
                if verdict is not wanted:
                    got = {True: "holds", False: "fails", None: "not_applicable"}[verdict]
                    self.mistakes.add(self.fields.line_of(name), "case_wrong", code=check.code, field=name, got=got)


def _decimals(values: Mapping[str, int | Fraction | str]) -> Mapping[str, int]:
    """With how many decimals a case gives its figures."""
    fractions = {key: value for key, value in values.items() if isinstance(value, Fraction)}
    return {
        key: next((it for it in range(MAX_DECIMALS) if (value * 10**it).denominator == 1), MAX_DECIMALS)
        for key, value in fractions.items()
    }
