"""One rule as the texts of a row: what stands in each column, and what a cell means.

A value of checks.yaml is a text, a list of texts, or a mapping; here each is one text that an officer can edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from cchc_excel.form.language.syntax import EARLIER

Fields: TypeAlias = Mapping[str, Any]
"""A rule as plain values: texts, None, lists of these and mappings."""

OFTEN = (
    *("code", "severity", "assert", "what", "why", "do", "says", "fix", "from", "until", "only", "missing"),
    *("holds_for", "fails_for"),
)
"""What nearly every rule says; these columns come first, and are printed."""
SCALARS = (
    *OFTEN,
    *("target", "for", "soft", "hard", "warns_for", "expected", "beta", "scope", "echo_of", "own_level"),
)
ENGLISH = ("en_what", "en_why", "en_do", "en_says")
COLUMNS = (*SCALARS, *ENGLISH, "origin")
HINT_COLUMNS = ("code", "when", "vi", "en")
SENTENCES = frozenset({"what", "why", "do", "says", "vi", "en", *ENGLISH})
LISTS = frozenset({"for", "only", "echo_of"})
CASES = frozenset({"holds_for", "warns_for", "fails_for"})
CONDITIONS = frozenset({"assert", "soft", "hard", "expected", "when"})
CHOICES = {"severity": "severity", "fix": "fix", "beta": "flag", "own_level": "flag"}
"""Columns with words of a list, by the name of the list in the wording."""

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf'\s*({_QUOTED}|[^=;|"]+?)\s*=\s*({_QUOTED}|[^;|"]*?)\s*(?:;|$)')
_GROUP = re.compile(rf"\s*({'|'.join(EARLIER)})\s*:(.*)", re.DOTALL)
_PLAIN = re.compile(r'[^;|="\\\s](?:[^;|="\\\n]*[^;|="\\\s])?')


_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "−": "-"}
"""Signs as officers write them, and as the rule language does; in an answer they are letters like others."""
_ANSWER = r"'[^']*'|\"[^\"]*\""
_WITH_COMMA = re.compile(r"(?<![\w.\]])\d+,\d+(?![\w.])")


class NoCase(ValueError):
    """A text that is no case of a rule."""


class DecimalComma(ValueError):
    """A number that is written with a comma, where a comma separates the values of a function."""


def cell_of(name: str, fields: Fields) -> str:
    """What stands in a column of the rule's row."""
    if name in ENGLISH:
        english = fields.get("en")
        if not isinstance(english, Mapping):
            return ""
        return str(english.get(name.removeprefix("en_")) or "")
    value = fields.get(name)
    if value is None:
        return ""
    if name in CASES:
        cases = value if isinstance(value, list) else [value]
        return "\n".join(map(_case, cases))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {inner}" for key, inner in value.items())
    return str(value)


def value_of(name: str, text: str) -> Any:
    """What a cell means. Raises NoCase and DecimalComma."""
    if name in CONDITIONS:
        return condition_of(text)
    if name in CASES:
        return [_case_in(line) for line in text.splitlines() if line.strip()]
    if name in LISTS:
        return [item.strip() for item in text.split(",") if item.strip()]
    if name == "missing" and "=" in text:
        return _pairs(text)
    return text


def condition_of(text: str) -> str:
    """A condition in the signs of the rule language. Raises DecimalComma where a comma can only be a decimal one."""
    pieces = re.split(f"({_ANSWER})", text)
    for place in range(0, len(pieces), 2):  # what stands between answers
        for sign, written in _SIGNS.items():
            pieces[place] = pieces[place].replace(sign, written)
    _refuse_decimal_commas("".join("" if place % 2 else piece for place, piece in enumerate(pieces)))
    return "".join(pieces)


def _refuse_decimal_commas(text: str) -> None:
    """Raise DecimalComma for the first `1,5` that is not directly among the values of a function."""
    for found in _WITH_COMMA.finditer(text):
        open_ones: list[bool] = []  # of each bracket that is open, whether a function's name stands before it
        for place, sign in enumerate(text[: found.start()]):
            if sign == "(":
                open_ones.append(text[:place].rstrip()[-1:].isalpha())
            elif sign == ")" and open_ones:
                open_ones.pop()
        if not open_ones or not open_ones[-1]:
            raise DecimalComma(found[0])


def _case(case: Mapping[str, Any]) -> str:
    """`1 = 22; 2 = 3 | just_before: 4 = 22`."""
    now = {key: value for key, value in case.items() if key not in EARLIER}
    groups = [_written(now)]
    groups += [f"{which}: {_written(case[which] or {})}" for which in EARLIER if which in case]
    return " | ".join(groups)


def _written(figures: Mapping[str, Any]) -> str:
    """Figures as `id = value`; of a blank, `id = `."""
    pairs: list[str] = []
    for key, value in figures.items():
        shown = "" if value is None else _quoted(str(value))
        pairs.append(f"{_quoted(key)} = {shown}")
    return "; ".join(pairs)


def _quoted(text: str) -> str:
    """A text as it stands in a case: in quotes only where a sign of the case is in it."""
    if _PLAIN.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _bare(text: str) -> str | None:
    """The text that was written so; None, a blank, for nothing at all (`""` is an empty text)."""
    if not text:
        return None
    if not text.startswith('"'):
        return text

    def unescaped(found: re.Match[str]) -> str:
        return "\n" if found[1] == "n" else found[1]

    return re.sub(r"\\(.)", unescaped, text[1:-1])


def _case_in(line: str) -> dict[str, Any]:
    """The case that a line of a cell writes. Raises NoCase."""
    first, *others = _split(line, "|")
    case: dict[str, Any] = dict(_pairs(first)) if first.strip() else {}
    for other in others:
        found = _GROUP.fullmatch(other)
        if found is None:
            raise NoCase(line)
        case[found[1]] = _pairs(found[2]) if found[2].strip() else {}
    return case


def _pairs(text: str) -> dict[str, Any]:
    """The pairs of `1 = 22; 2 = 3`, of which there is at least one. Raises NoCase."""
    found: dict[str, Any] = {}
    position = 0
    while text[position:].strip():
        pair = _PAIR.match(text, position)
        if pair is None:
            raise NoCase(text)
        found[str(_bare(pair[1]))] = _bare(pair[2])
        position = pair.end()
    if not found:
        raise NoCase(text)
    return found


def _split(text: str, sign: str) -> Iterator[str]:
    """The parts of a text, but not where the sign stands in quotes."""
    part = ""
    for piece in re.findall(rf"{_QUOTED}|{re.escape(sign)}|[^\"{re.escape(sign)}]+|.", text):
        if piece == sign:
            yield part
            part = ""
        else:
            part += piece
    yield part
