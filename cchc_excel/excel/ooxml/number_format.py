"""What a number format code makes of what stands in its cell (ECMA-376 part 1, 18.8.31).

In:     a code such as `#,##0.00_);[Red](#,##0.00)`, and the content of a cell.
Out:    what is shown: the figure itself, a hundred times it, a thousandth of it, a day, a time, or nothing.
Never:  shows it; that takes a language.

A code has up to four sections between semicolons: for numbers above zero, below zero, zero, and for texts. Two stand
for not negative and negative, one for all numbers; conditions (`[>=1000]`) may name other sets. In a section, letters
count only where they stand bare: `"ngày"`, `\\d`, `_D` (as wide as a D), `*d` (filled with d), `[Red]`, `[$VND-42A]`
and `General` are no dates. An accounting format with `_D_M_-` was once taken for one.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

__all__ = ["NumberFormat", "Shown", "may_hide", "number_format", "shows_numbers_as_they_are"]


class Shown(StrEnum):
    """What a cell shows of its content."""

    GENERAL = "general"  # the number with as many decimals as it has
    NUMBER = "number"
    PERCENTAGE = "percentage"  # a hundred times the number
    DATE = "date"  # with or without a time
    TIME = "time"  # without a day
    TEXT = "text"  # the content as it is
    HIDDEN = "hidden"  # nothing of it: `;;;`, or a fixed word


class NumberFormat(NamedTuple):
    """What one section of a code makes of a number.

    `decimals` counts the places behind the point, None where a number keeps its own. `scale` is the power of a
    thousand by which the number is divided before it is shown: 1 in `#,##0,`, which shows 882000 as 882. `before` and
    `after` are what is drawn beside the number: ` nghìn` in `0" nghìn"`.
    """

    shown: Shown
    decimals: int | None = None
    scale: int = 0
    before: str = ""
    after: str = ""

    @property
    def says_another(self) -> bool:
        """Whether digits, a word for thousands, or a sign of percent or of a guess is drawn beside the number."""
        return bool(_SAYS_ANOTHER.search(self.before + self.after))

    @property
    def is_as_stored(self) -> bool:
        """Whether the number that is shown is the one that is stored, but for rounding, and said to be that one."""
        as_stored = self.scale == 0 and self.shown in {Shown.GENERAL, Shown.NUMBER, Shown.TEXT}
        return as_stored and not self.says_another


_GENERAL, _TEXT, _HIDDEN = NumberFormat(Shown.GENERAL), NumberFormat(Shown.TEXT), NumberFormat(Shown.HIDDEN)
_SAYS_ANOTHER = re.compile(
    r"[\d%‰~≈≥≤<>?]|\b(?:trăm|nghìn|ngàn|triệu|tr|trđ|tỷ|tỉ|k|khoảng|gần|hơn|trên|dưới|ước|dự kiến|xấp xỉ|chừng)\b",
    re.IGNORECASE,
)
_MOST_LETTERS = 1_000  # Excel takes 255; cells under a code of half a million took 40 s
_UNFORMATTED = frozenset({"General", ""})  # an empty code hides nothing, unlike an empty section
_AS_STORED = _UNFORMATTED | {"@", "0", "0.00", "#,##0", "#,##0.00"}  # known without being taken apart: most cells' own

_TOKEN = re.compile(
    r"""
      (?P<literal> "[^"]*"? | \\. | [_*]. )
    | (?P<general> General )
    | \[ (?P<elapsed> h+ | m+ | s+ ) \]
    | \[ (?P<compared> <= | >= | <> | < | > | = ) \s* (?P<limit> -?\d+(?:\.\d+)? ) \]
    | \[ \$ (?P<currency> [^\]-]* ) [^\]]* \]
    | (?P<bracketed> \[ [^\]]* \] )          # a colour, a language
    | (?P<noon> AM/PM | A/P )
    | (?P<exponent> E[+-] )
    | (?P<letters> [ydegb]+ | m+ | [hs]+ )   # e, g and b are years and eras of the East
    | (?P<digit> [0#?] )
    | (?P<sign> [.,%/@;] )
    | (?P<other> . )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COMPARISONS = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


class _Section(NamedTuple):
    """One section of a code, the condition that it names itself, and whether it shows texts."""

    format: NumberFormat
    comparison: str = ""
    limit: float = 0
    takes_texts: bool = False

    def takes(self, number: float) -> bool:
        return bool(_COMPARISONS[self.comparison](number, self.limit))


def number_format(code: str, content: str | int | float = 1) -> NumberFormat:
    """Return what a code makes of a cell's content; of a number above zero, if none is given."""
    if code in _UNFORMATTED:
        return _TEXT if isinstance(content, str) else _GENERAL
    sections = _sections(code)
    if isinstance(content, str):
        return _of_text(sections)
    of_numbers = _of_numbers(sections)
    default = _default(len(of_numbers), content)
    for index, section in enumerate(of_numbers):
        if section.takes(content) if section.comparison else index == default:
            return section.format
    return of_numbers[-1].format


def shows_numbers_as_they_are(code: str) -> bool:
    """Whether whatever number stands under a code is shown as it is stored, but for rounding.

    How a zero is shown does not count: a blank or a dash says the same, and codes such as `#,##0;-#,##0;` are common.
    """
    if code in _AS_STORED:
        return True
    of_numbers = _of_numbers(_sections(code))
    has_conditions = any(section.comparison for section in of_numbers)
    counting = of_numbers if has_conditions else of_numbers[:2]
    return all(section.format.is_as_stored for section in counting)


def may_hide(code: str) -> bool:
    """Whether a code shows nothing of some numbers or of texts; a fixed word (`"-"` for zero) is nothing of it."""
    return code not in _UNFORMATTED and any(section.format.shown is Shown.HIDDEN for section in _sections(code))


def _default(sections: int, number: float) -> int:
    """The place of the section that takes a number where no condition says otherwise."""
    if sections == 1 or number > 0:
        return 0
    if number < 0:
        return 1
    return 2 if sections > 2 else 0


def _of_numbers(sections: Sequence[_Section]) -> list[_Section]:
    """The sections that numbers may fall in; a code for texts alone (`@`) shows numbers as they are."""
    return [section for section in sections[:3] if not section.takes_texts] or [_Section(_TEXT)]


def _of_text(sections: Sequence[_Section]) -> NumberFormat:
    if len(sections) > 3 and not sections[3].takes_texts:
        return _HIDDEN
    return _TEXT


@lru_cache(maxsize=64)  # the styles of a template have the same codes in each of its workbooks: 0.1 of 3.3 ms
def _sections(code: str) -> tuple[_Section, ...]:
    tokens: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code[:_MOST_LETTERS]):
        if token["sign"] == ";":
            tokens.append([])
        else:
            tokens[-1].append(token)
    return tuple(_section(section) for section in tokens)


def _section(tokens: list[re.Match[str]]) -> _Section:
    condition = next((token for token in tokens if token["compared"]), None)
    takes_texts = any(token["sign"] == "@" for token in tokens)
    meant = _meant(tokens, takes_texts=takes_texts)
    if condition is None:
        return _Section(meant, takes_texts=takes_texts)
    return _Section(meant, condition["compared"], float(condition["limit"]), takes_texts)


def _meant(tokens: list[re.Match[str]], *, takes_texts: bool) -> NumberFormat:
    letters = {letter for token in tokens if token["letters"] for letter in token["letters"].lower()}
    is_time = bool(letters & set("hs")) or any(token["elapsed"] or token["noon"] for token in tokens)
    if letters & set("ydegb") or (letters and not is_time):
        return NumberFormat(Shown.DATE)
    if is_time:
        return NumberFormat(Shown.TIME)
    before, after = _drawn_beside(tokens)
    if any(token["digit"] for token in tokens):
        return _of_digits(tokens)._replace(before=before, after=after)
    if any(token["general"] for token in tokens):
        is_percentage = any(token["sign"] == "%" for token in tokens)
        return NumberFormat(Shown.PERCENTAGE if is_percentage else Shown.GENERAL, before=before, after=after)
    return _TEXT if takes_texts else _HIDDEN._replace(before=before)


def _drawn_beside(tokens: list[re.Match[str]]) -> tuple[str, str]:
    """What is drawn before the first place for a digit and behind the last one; all of it before, if there is none."""
    places = [at for at, token in enumerate(tokens) if token["digit"] or token["general"]]
    first, last = (places[0], places[-1]) if places else (len(tokens), len(tokens))
    return "".join(map(_drawn, tokens[:first])), "".join(map(_drawn, tokens[last + 1 :]))


def _drawn(token: re.Match[str]) -> str:
    """The letters that a token draws as they stand: those in quotes or behind a backslash, a currency, plain signs."""
    literal = token["literal"]
    if literal is None:
        return token["currency"] or token["other"] or ""
    if literal[0] == '"':
        return literal.strip('"')
    return literal[1:] if literal[0] == "\\" else " " if literal[0] == "_" else ""


def _of_digits(tokens: list[re.Match[str]]) -> NumberFormat:
    """What a section with places for digits makes of a number."""
    decimals = scale = commas = 0
    behind_point = after_digit = keeps_its_own = False
    shown = Shown.NUMBER
    for token in tokens:
        sign = token["sign"]
        if token["digit"]:
            decimals += behind_point
            commas = 0  # they stood between digits, and only group them
        elif sign == "," and after_digit:
            commas += 1
            continue
        elif sign == "." and not behind_point:
            behind_point = True
            scale, commas = scale + commas, 0  # the point ends the digits before it, as the end does
        elif sign == "%":
            shown = Shown.PERCENTAGE
        elif sign == "/" or token["exponent"]:
            keeps_its_own = True
        after_digit = bool(token["digit"])
    return NumberFormat(shown, None if keeps_its_own else decimals, scale + commas)
