"""What earlier corrections changed in a workbook: kept on its findings sheet, so that no value before is ever lost.

In:     the texts in the hidden column of an earlier findings sheet; the submission as it stands now.
Out:    the earlier fixes that were not undone since, each with what became of it; the texts for the next sheet.
Never:  raises over what people and programs made of the texts, or believes an id, a code or a number in them unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

from cchc_excel.correcting.apply import Change, Decision
from cchc_excel.excel.ooxml.number_format import shows_numbers_as_they_are
from cchc_excel.finding import Because, Certainty
from cchc_excel.form import Form
from cchc_excel.form.names import HISTORY
from cchc_excel.submission import Entry, Figure, Submission
from cchc_excel.vietnamese.text import clean
from cchc_excel.wording import Words
from cchc_excel.wording.numbers import exact_decimal

Raw: TypeAlias = str | int | float | bool | None
"""What stands in a cell, untouched."""

LONGEST = 30_000  # characters in a cell; Excel's own limit is 32,767
_NUMBER = re.compile(r"-?\d{1,310}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?")
_FORMAT = re.compile(r"[0#?.,%dmyhs:/ -]{1,40}", re.IGNORECASE)  # of all formats those that change what is read


class Made(NamedTuple):
    """One fix as it was carried out: what stood in the cell before, and what was written there.

    `number_format` is the cell's own where it decides what the number before meant (`0.28` in `0%`), else empty.
    `together` is the whole decision where more than this entry was changed by it.
    """

    indicator: str
    code: str
    certainty: Certainty
    because: Because
    before: Raw
    after: Figure | None
    number_format: str = ""
    together: Decision | None = None

    @property
    def decision(self) -> Decision:
        """What somebody who rejects it decides on."""
        return self.together or Decision(((self.indicator, self.after),))


class Earlier(NamedTuple):
    """A fix of an earlier correction; `stands` unless somebody has written something else there since: `now`."""

    made: Made
    stands: bool
    now: Raw


def made_of(change: Change, entry: Entry) -> Made:
    """Return the fix that a change of an entry is."""
    after = dict(change.decision.changes)[change.indicator]
    together = change.decision if len(change.decision.changes) > 1 else None
    tells = not shows_numbers_as_they_are(entry.number_format)
    number_format = entry.number_format if tells and _FORMAT.fullmatch(entry.number_format) else ""
    return Made(
        change.indicator,
        change.code,
        change.certainty,
        change.because,
        before=entry.raw,
        after=after,
        number_format=number_format,
        together=together,
    )


def same(raw: Raw, content: Raw | Fraction) -> bool:
    """Whether a cell holds this content: a text is not the number it spells, and blanks are all alike."""
    one, other = (None if isinstance(it, str) and not it.strip() else it for it in (raw, content))
    if one is None or other is None or isinstance(one, str | bool) or isinstance(other, str | bool):
        return type(one) is type(other) and one == other
    return _exact(one) == _exact(other)


def _exact(number: int | float | Fraction) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def earlier_fixes(submission: Submission, form: Form, words: Words) -> tuple[Earlier, ...]:
    """Return the fixes of earlier corrections in the order of the form, those of one entry as they were made.

    A fix whose value before stands in its cell again was undone, and so was all that followed it: they are left out.
    """
    found: list[Earlier] = []
    for now, fixes in _chains(submission, form, words):
        kept = fixes[: _put_back_at(now, fixes)]
        followed_by = [*(made.before for made in kept[1:]), now]
        found += [Earlier(made, same(then, made.after), then) for made, then in zip(kept, followed_by, strict=False)]
    return tuple(found)


def put_back(submission: Submission, form: Form, words: Words) -> frozenset[Decision]:
    """Return the figures that a correction wrote and somebody took out again: they must not be written unasked anew.

    Spellings are not among them: an old column pasted in again says nothing against `02` becoming a 2.
    """
    undone = (made for now, fixes in _chains(submission, form, words) for made in fixes[_put_back_at(now, fixes) :])
    return frozenset(made.decision for made in undone if made.certainty is not Certainty.NORMALISED)


def _put_back_at(now: Raw, fixes: Sequence[Made]) -> int:
    """The first fix whose value before stands in the cell again; their number if there is none."""
    return next((at for at, made in enumerate(fixes) if same(now, made.before)), len(fixes))


def _chains(submission: Submission, form: Form, words: Words) -> Iterator[tuple[Raw, list[Made]]]:
    """What each entry holds now, and its fixes in the order of their making; entries in the order of the form."""
    if not submission.earlier:
        return
    of_entry: dict[str, list[Made]] = {}
    for made in _all(submission.earlier, form, words):
        fixes = of_entry.setdefault(made.indicator, [])
        if made not in fixes:
            fixes.append(made)
    for row in form.entries:
        if row.id in of_entry:
            entry = submission.entries.get(row.id)
            yield (entry.raw if entry is not None else None), of_entry[row.id]


# --- as texts


def texts_of(items: Sequence[list[Any]]) -> tuple[str, ...]:
    """Return items as texts that a cell can hold."""
    whole = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    if len(whole) <= LONGEST or len(items) < 2:
        return (HISTORY + whole,)
    half = len(items) // 2
    return (*texts_of(items[:half]), *texts_of(items[half:]))


def item_of(made: Made) -> list[Any]:
    """A fix as an item of the texts."""
    facts = {key: as_json(value) for key, value in made.because.facts.items() if isinstance(value, int | Fraction)}
    together = [] if made.together is None else [[[key, as_json(after)] for key, after in made.together.changes]]
    return [
        *(made.indicator, made.code, made.certainty.value, made.because.reason, facts),
        *(as_json(made.before), as_json(made.after), made.number_format),
        *together,
    ]


def as_json(value: Raw | Fraction) -> Raw:
    """A content or figure as an item holds it."""
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(exact_decimal(value))  # is written with the same decimals


_BY = "by"
_LONGEST_NAME = 100  # characters
_NO_NAME = re.compile(r"[\s,;:(-]*(?:\bs?đt\b|điện thoại|\btel\b|[\d@+]).*", re.IGNORECASE)


def name_of(written: str) -> str:
    """Who is named by what somebody wrote: not longer than a name is, without the telephone beside it."""
    return _NO_NAME.sub("", clean(written))[:_LONGEST_NAME].strip()


def decider_item(decision: Decision, name: str) -> list[Any]:
    """What a copy keeps of who decided."""
    return [_BY, [[key, as_json(after)] for key, after in decision.changes], name]


def deciders_in(texts: Iterable[str], form: Form) -> dict[Decision, str]:
    """Who decided what, as a copy keeps it; what is no entry and no figure of the form is left out."""
    found = {}
    for item in items_in(texts):
        try:
            kind, changes, name = item
            if kind == _BY and isinstance(name, str) and name_of(name):
                decision = Decision(tuple((form[key].id, figure_of(after)) for key, after in changes))
                found[decision] = name_of(name)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


_SOURCE = "source"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def source_item(digest: str) -> list[Any]:
    """What a copy keeps of the file that it was made of, and of how: its digest."""
    return [_SOURCE, digest]


def source_in(texts: Iterable[str]) -> str:
    """The digest of what a copy was made of; blank where it keeps none."""
    for item in items_in(texts):
        if isinstance(item, list) and len(item) == len(source_item("")) and item[0] == _SOURCE:
            digest = item[1]
            if isinstance(digest, str) and _DIGEST.fullmatch(digest):
                return str(digest)
    return ""


class _Literal(str):
    """A number as it stands in a text, not believed yet."""

    __slots__ = ()


def items_in(texts: Iterable[str]) -> Iterator[Any]:
    """Yield what the texts hold, whatever people and programs made of them."""
    for text in texts:
        try:
            items = json.loads(
                text.removeprefix(HISTORY), parse_int=_Literal, parse_float=_Literal, parse_constant=_Literal
            )
        except (ValueError, RecursionError):
            continue
        yield from items if isinstance(items, list) else ()


def _all(texts: Iterable[str], form: Form, words: Words) -> Iterator[Made]:
    for item in items_in(texts):
        made = _made(item, form, words)
        if made is not None:
            yield made


def _made(item: Any, form: Form, words: Words) -> Made | None:
    """The fix that a list tells; None for anything that `_plain` would not have made."""
    try:
        indicator, code, certainty, reason, facts, before, after, number_format, *together = item
        because = Because(reason, {key: _number(value) for key, value in facts.items()})
        words.because(because)  # raises KeyError for a reason, and below for a code, that there is not
        words.title(code, form)
        own_format = number_format if _FORMAT.fullmatch(number_format) else ""
        before = _raw(before)
        return Made(
            form[indicator].id,
            code,
            Certainty(certainty),
            because,
            before=before,
            after=figure_of(after),
            number_format=own_format,
            together=_together(together, form),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _together(items: list[Any], form: Form) -> Decision | None:
    """What was changed by the same decision; None where that is one entry alone."""
    if not items:
        return None
    (changes,) = items
    return Decision(tuple((form[key].id, figure_of(after)) for key, after in changes))


def _number(literal: object) -> int | Fraction:
    if not isinstance(literal, _Literal) or _NUMBER.fullmatch(literal) is None:
        raise ValueError(literal)
    number = Fraction(literal)
    return int(number) if number.denominator == 1 else number


def figure_of(value: object) -> Figure | None:
    """The figure that an item holds. Raises ValueError for anything else."""
    if isinstance(value, _Literal):
        return _number(value)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(value)


def _raw(value: object) -> Raw:
    """What stood in a cell: a number with a point or an exponent as the floating-point number that Excel held."""
    if isinstance(value, _Literal):
        number = _number(value)
        return number if isinstance(number, int) and value.lstrip("-").isdecimal() else _finite(float(value))
    if value is None or isinstance(value, str | bool):
        return value
    raise ValueError(value)


def _finite(number: float) -> float:
    if not isfinite(number):
        raise ValueError(number)
    return number
