"""A number format code taken apart into its sections (ECMA-376 part 1, 18.8.31).

In:     a code such as `#,##0.00_);[Red](#,##0.00)`.
Out:    its sections: what each makes of a number, and which contents fall in it.
Never:  decides what becomes of a figure that stands under the code: that is for `number_format`.

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

from cchc_excel.vietnamese.guesses import BEFORE_A_GUESS
from cchc_excel.vietnamese.patterns import Accented

__all__ = ["TEXT", "NumberFormat", "Piece", "Section", "Shown", "sections_of"]


class Shown(StrEnum):
    """What a cell shows of its content."""

    GENERAL = "general"  # the number with as many decimals as it has
    NUMBER = "number"
    PERCENTAGE = "percentage"  # a hundred times the number
    DATE = "date"  # with or without a time
    TIME = "time"  # without a day
    TEXT = "text"  # the content as it is
    HIDDEN = "hidden"  # nothing of it: `;;;`, or a fixed word


class Piece(NamedTuple):
    """A place for one digit (`0`, `#`, `?`), or letters that are drawn among the digits."""

    text: str
    is_place: bool


class NumberFormat(NamedTuple):
    """What one section of a code makes of a number.

    `decimals` counts the places behind the point, None where a number keeps its own. `scale` is the power of a
    thousand by which the number is divided before it is shown: 1 in `#,##0,`, which shows 882000 as 882. `percents`
    counts the signs each of which shows a hundred times the number. `significant` is how many of its digits are shown
    before a power of ten. `before` and `after` are what is drawn beside the number: ` nghìn` in `0" nghìn"`.

    `pieces` are the places of the digits and the letters among them, where there are any: `0","0` shows 25 as 2,5.
    `has_minus` says that a minus stands before all that. `is_another` says that signs or letters make another figure of
    this number.
    """

    shown: Shown
    decimals: int | None = None
    scale: int = 0
    before: str = ""
    after: str = ""
    percents: int = 0
    significant: int | None = None
    pieces: tuple[Piece, ...] = ()
    has_minus: bool = False
    is_another: bool = False

    @property
    def says_another(self) -> bool:
        """Whether digits, a word for thousands, or a sign of percent or of a guess is drawn beside the number."""
        beside = (self.before + self.after).strip()
        if not beside:
            return False
        return _SAYS_ANOTHER.search(beside) is not None or any(map(str.isnumeric, beside))

    @property
    def is_as_stored(self) -> bool:
        """Whether the number that is shown is the one that is stored, but for rounding, and said to be that one."""
        as_stored = self.scale == 0 and self.shown in {Shown.GENERAL, Shown.NUMBER, Shown.TEXT}
        return as_stored and not (self.says_another or self.pieces or self.significant)


TEXT, _HIDDEN = NumberFormat(Shown.TEXT), NumberFormat(Shown.HIDDEN)
_SAYS_ANOTHER = Accented.of(
    rf"[%‰~≈≥≤<>?±=]|\b(?:trăm|nghìn|ngàn|triệu|tr|trđ|tỷ|tỉ|k|{BEFORE_A_GUESS})\b", re.IGNORECASE
)
_DASHES = frozenset("-−‐‑‒–—―﹣－")
_MOST_LETTERS = 1_000  # Excel takes 255; cells under a code of half a million took 40 s

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


class Section(NamedTuple):
    """One section of a code, the condition that it names itself, and whether it shows texts.

    `draws_a_minus` says that what it draws is a minus to whoever sees it. `is_of_negatives` says that no other numbers
    fall in it: then no minus is drawn but its own.
    """

    format: NumberFormat
    comparison: str = ""
    limit: float = 0
    takes_texts: bool = False
    is_of_negatives: bool = False
    draws_a_minus: bool = False

    def takes(self, number: float) -> bool:
        return bool(_COMPARISONS[self.comparison](number, self.limit))


@lru_cache(maxsize=64)  # the styles of a template have the same codes in each of its workbooks: 0.1 of 3.3 ms
def sections_of(code: str) -> tuple[Section, ...]:
    """Return the sections of a code, in their order; one at least."""
    tokens: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code[:_MOST_LETTERS]):
        if token["sign"] == ";":
            tokens.append([])
        else:
            tokens[-1].append(token)
    sections = [_section(section) for section in tokens]
    return tuple(it._replace(is_of_negatives=_is_of_negatives(sections, at)) for at, it in enumerate(sections))


def _is_of_negatives(sections: Sequence[Section], at: int) -> bool:
    """Whether a section takes negative numbers alone: the second of two or more, or one under `[<0]`."""
    own, first = sections[at], sections[0]
    if own.comparison:
        return own.comparison in {"<", "<="} and own.limit == 0
    is_under_all_others = not first.comparison or (first.comparison in {">", ">="} and first.limit == 0)
    return at == 1 and is_under_all_others and not own.takes_texts


def _draws_a_minus(meant: NumberFormat) -> bool:
    """Whether what is drawn beside the number is a minus to whoever sees it: `-0`, `0-`, `(0)`, and `"âm "0`."""
    before, after = meant.before.strip(), meant.after.strip()
    is_in_brackets = before.rfind("(") > before.rfind(")")
    is_in_words = before.lower().split()[-1:] == ["âm"]
    is_behind = bool(after) and _DASHES.issuperset(after)
    return is_in_brackets or is_in_words or is_behind or not _DASHES.isdisjoint({before[:1], before[-1:]})


def _section(tokens: list[re.Match[str]]) -> Section:
    condition = next((token for token in tokens if token["compared"]), None)
    takes_texts = any(token["sign"] == "@" for token in tokens)
    meant = _meant(tokens, takes_texts=takes_texts)
    if condition is None:
        return Section(meant, takes_texts=takes_texts, draws_a_minus=_draws_a_minus(meant))
    comparison, limit = condition["compared"], float(condition["limit"])
    return Section(meant, comparison, limit, takes_texts, draws_a_minus=_draws_a_minus(meant))


def _meant(tokens: list[re.Match[str]], *, takes_texts: bool) -> NumberFormat:
    letters = {letter for token in tokens if token["letters"] for letter in token["letters"].lower()}
    is_time = bool(letters & set("hs")) or any(token["elapsed"] or token["noon"] for token in tokens)
    if letters & set("ydegb") or (letters and not is_time):
        return NumberFormat(Shown.DATE)
    if is_time:
        return NumberFormat(Shown.TIME)
    if any(token["digit"] for token in tokens):
        return _with_what_is_drawn(_of_digits(tokens), tokens)
    if any(token["general"] for token in tokens):
        percents = sum(token["sign"] == "%" for token in tokens)
        shown = Shown.PERCENTAGE if percents else Shown.GENERAL
        return _with_what_is_drawn(NumberFormat(shown, percents=percents), tokens)
    return _with_what_is_drawn(TEXT if takes_texts else _HIDDEN, tokens)


def _with_what_is_drawn(meant: NumberFormat, tokens: list[re.Match[str]]) -> NumberFormat:
    """The format with what is drawn before the first place for a digit and behind the last one.

    Where there is no place, all is drawn before; of a text `@` is the place.
    """
    is_of_text = meant.shown is Shown.TEXT
    places = [
        at
        for at, token in enumerate(tokens)
        if (token["sign"] == "@" if is_of_text else token["digit"] or token["general"])
    ]
    first, last = (places[0], places[-1]) if places else (len(tokens), len(tokens))
    before, after = ("".join(map(_drawn, part)) for part in (tokens[:first], tokens[last + 1 :]))
    return meant._replace(before=before, after=after)


def _drawn(token: re.Match[str]) -> str:
    """The letters that a token draws as they stand: those in quotes or behind a backslash, a currency, plain signs.

    What fills the rest of the cell (`*-`) is drawn once at least.
    """
    literal = token["literal"]
    if literal is None:
        return token["currency"] or token["other"] or ""
    if literal[0] == '"':
        return literal.strip('"')
    if literal[0] == "_":
        return " "
    return literal[1:] if literal[0] == "\\" else literal[1:].strip()


def _of_digits(tokens: list[re.Match[str]]) -> NumberFormat:
    """What a section with places for digits makes of a number."""
    decimals = scale = commas = percents = 0
    behind_point = after_digit = is_fraction = False
    significant: int | None = None
    pieces: list[Piece] = []
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
            percents += 1
        elif sign == "/":
            is_fraction = True
        elif token["exponent"]:
            significant = sum(piece.is_place for piece in pieces) or 1
        after_digit = bool(token["digit"])
        pieces.append(Piece(token["digit"] or _drawn(token), is_place=after_digit))
    keeps_its_own = is_fraction or significant is not None
    return NumberFormat(
        shown=Shown.PERCENTAGE if percents else Shown.NUMBER,
        decimals=None if keeps_its_own else decimals,
        scale=scale + commas,
        percents=percents,
        significant=significant,
        pieces=() if keeps_its_own else _with_letters_among(pieces),
    )


def _with_letters_among(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces from the first place to the last, without empty ones; nothing where no letters are among them."""
    places = [at for at, piece in enumerate(pieces) if piece.is_place]
    among = tuple(piece for piece in pieces[places[0] : places[-1] + 1] if piece.text)
    return among if any(not piece.is_place for piece in among) else ()
