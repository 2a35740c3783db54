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
from cchc_excel.correcting.digits import Number
from cchc_excel.excel.ooxml.number_format import shows_numbers_as_they_are
from cchc_excel.finding import Because, Certainty
from cchc_excel.form import Form
from cchc_excel.form.language import as_number
from cchc_excel.form.names import HISTORY
from cchc_excel.submission import Entry, Figure, Submission
from cchc_excel.vietnamese.text import clean
from cchc_excel.wording import Words
from cchc_excel.wording.numbers import exact_decimal

Raw: TypeAlias = str | int | float | bool | None
"""What stands in a cell, untouched."""

LONGEST = 30_000  # characters in a cell; Excel's own limit is 32,767
_NUMBER = re.compile(r"-?\d{1,310}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?")
_CODES = re.compile(r"[A-Z]{1,3}\d{1,4}(?:, [A-Z]{1,3}\d{1,4}){0,30}")
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
    is_of_several = len(change.decision.changes) > 1
    return Made(
        indicator=change.indicator,
        code=change.code,
        certainty=change.certainty,
        because=change.because,
        before=entry.raw,
        after=dict(change.decision.changes)[change.indicator],
        number_format=_telling_format(entry),
        together=change.decision if is_of_several else None,
    )


def _telling_format(entry: Entry) -> str:
    """The number format of a cell where it decides what the number means; else nothing."""
    number_format = entry.number_format
    if shows_numbers_as_they_are(number_format) or not _FORMAT.fullmatch(number_format):
        return ""
    return number_format


def same(raw: Raw, content: Raw | Fraction) -> bool:
    """Whether a cell holds this content: a text is not the number it spells, and blanks are all alike."""
    stands, sought = _without_blanks(raw), _without_blanks(content)
    if isinstance(stands, str | bool | None) or isinstance(sought, str | bool | None):
        return type(stands) is type(sought) and stands == sought
    return _exact(stands) == _exact(sought)


def _without_blanks(content: Raw | Fraction) -> Raw | Fraction:
    """The content; None for a text of blanks alone."""
    is_blank = isinstance(content, str) and not content.strip()
    return None if is_blank else content


def _exact(number: int | float | Fraction) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def earlier_fixes(submission: Submission, form: Form, words: Words) -> tuple[Earlier, ...]:
    """Return the fixes of earlier corrections in the order of the form, those of one entry as they were made.

    A fix whose value before stands in its cell again was undone, and so was all that followed it: they are left out.
    """
    found: list[Earlier] = []
    for chain in _chains(submission, form, words):
        kept = chain.fixes[: chain.put_back_at]
        for number, made in enumerate(kept, 1):
            is_last = number == len(kept)
            then = chain.now if is_last else kept[number].before  # what stood there when the next one was made
            found.append(Earlier(made, same(then, made.after), then))
    return tuple(found)


def put_back(submission: Submission, form: Form, words: Words) -> frozenset[Decision]:
    """Return the figures that a correction wrote and somebody took out again: they must not be written unasked anew.

    Spellings are not among them: an old column pasted in again says nothing against `02` becoming a 2.
    """
    undone: list[Made] = []
    for chain in _chains(submission, form, words):
        undone += chain.fixes[chain.put_back_at :]
    return frozenset(made.decision for made in undone if made.certainty is not Certainty.NORMALISED)


class _Chain(NamedTuple):
    """What an entry holds now, and its fixes in the order of their making."""

    now: Raw
    fixes: list[Made]

    @property
    def put_back_at(self) -> int:
        """The first fix whose value before stands in the cell again; their number if there is none."""
        for place, made in enumerate(self.fixes):
            if same(self.now, made.before):
                return place
        return len(self.fixes)


def _chains(submission: Submission, form: Form, words: Words) -> Iterator[_Chain]:
    """The fixes of each entry that was ever corrected, in the order of the form."""
    if not submission.earlier:
        return
    fixes_of: dict[str, list[Made]] = {}
    for made in _all(submission.earlier, form, words):
        fixes = fixes_of.setdefault(made.indicator, [])
        if made not in fixes:
            fixes.append(made)
    for row in form.entries:
        if row.id in fixes_of:
            entry = submission.entries.get(row.id)
            yield _Chain(entry.raw if entry is not None else None, fixes_of[row.id])


# --- as texts


def texts_of(items: Sequence[list[Any]]) -> tuple[str, ...]:
    """Return items as texts that a cell can hold; an item longer than a cell stays whole."""
    whole = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    if len(whole) <= LONGEST or len(items) < 2:
        return (HISTORY + whole,)
    half = len(items) // 2
    return (*texts_of(items[:half]), *texts_of(items[half:]))


def item_of(made: Made) -> list[Any]:
    """Return a fix as an item of the texts."""
    facts = {
        key: as_json(value) for key, value in made.because.facts.items() if isinstance(value, int | Fraction | str)
    }
    item = [
        made.indicator,
        made.code,
        made.certainty.value,
        made.because.reason,
        facts,
        as_json(made.before),
        as_json(made.after),
        made.number_format,
    ]
    return item if made.together is None else [*item, _changes_item(made.together)]


def _changes_item(decision: Decision) -> list[Any]:
    """What a decision changes, as an item holds it."""
    return [[key, as_json(after)] for key, after in decision.changes]


def as_json(value: Raw | Fraction) -> Raw:
    """Return a content or figure as an item holds it."""
    if not isinstance(value, Fraction):
        return value
    # as a float a figure is written with the same decimals
    return int(value) if value.denominator == 1 else float(exact_decimal(value))


_BY = "by"
_LONGEST_NAME = 100  # characters
_NO_NAME = re.compile(r"[\s,;:(-]*(?:\bs?đt\b|điện thoại|\btel\b|[\d@+]).*", re.IGNORECASE)


def name_of(written: str) -> str:
    """Return who is named by what somebody wrote: not longer than a name is, without the telephone beside it."""
    return _NO_NAME.sub("", clean(written))[:_LONGEST_NAME].strip()


def decider_item(decision: Decision, name: str) -> list[Any]:
    """Return what a copy keeps of who decided."""
    return [_BY, _changes_item(decision), name]


def deciders_in(texts: Iterable[str], form: Form) -> dict[Decision, str]:
    """Return who decided what, as a copy keeps it; what is no entry and no figure of the form is left out."""
    found = {}
    for item in items_in(texts):
        try:
            kind, changes, name = item
            if kind == _BY and isinstance(name, str) and name_of(name):
                found[_decision(changes, form)] = name_of(name)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


_SOURCE = "source"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def source_item(digest: str) -> list[Any]:
    """Return what a copy keeps of the file that it was made of, and of how: its digest."""
    return [_SOURCE, digest]


def source_in(texts: Iterable[str]) -> str:
    """Return the digest of what a copy was made of; blank where it keeps none."""
    for item in items_in(texts):
        match item:
            case [kind, str(digest)] if kind == _SOURCE and _DIGEST.fullmatch(digest):
                return str(digest)
    return ""


class _Literal(str):
    """A number as it stands in a text, not believed yet."""

    __slots__ = ()


def items_in(texts: Iterable[str]) -> Iterator[Any]:
    """Yield what the texts hold, whatever people and programs made of them."""
    for text in texts:
        content = text.removeprefix(HISTORY)
        try:
            items = json.loads(content, parse_int=_Literal, parse_float=_Literal, parse_constant=_Literal)
        except (ValueError, RecursionError):
            continue
        if isinstance(items, list):
            yield from items


def _all(texts: Iterable[str], form: Form, words: Words) -> Iterator[Made]:
    for item in items_in(texts):
        made = _made(item, form, words)
        if made is not None:
            yield made


def _made(item: Any, form: Form, words: Words) -> Made | None:
    """The fix that a list tells; None for anything that `_plain` would not have made."""
    try:
        indicator, code, certainty, reason, facts, before, after, number_format, *together = item
        because = Because(reason, {key: _fact(value) for key, value in facts.items()})
        words.because(because)  # raises KeyError for a reason that there is not
        words.title(code, form)  # and for such a code
        return Made(
            indicator=form[indicator].id,
            code=code,
            certainty=Certainty(certainty),
            because=because,
            before=_raw(before),
            after=figure_of(after),
            number_format=number_format if _FORMAT.fullmatch(number_format) else "",
            together=_together(together, form),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _together(items: list[Any], form: Form) -> Decision | None:
    """What was changed by the same decision; None where that is one entry alone."""
    if not items:
        return None
    (changes,) = items
    return _decision(changes, form)


def _decision(changes: Iterable[tuple[str, object]], form: Form) -> Decision:
    """The decision that an item holds. Raises KeyError, TypeError or ValueError for what is none of this form."""
    return Decision(tuple((form[key].id, figure_of(after)) for key, after in changes))


def _fact(value: object) -> Number | str:
    """The number, or the codes of checks, that a reason names. Raises ValueError for anything else."""
    if isinstance(value, str) and not isinstance(value, _Literal) and _CODES.fullmatch(value):
        return value
    return _number(value)


def _number(literal: object) -> Number:
    """The number that a literal writes. Raises ValueError for anything else."""
    if not isinstance(literal, _Literal) or _NUMBER.fullmatch(literal) is None:
        raise ValueError(literal)
    return as_number(Fraction(literal))


def figure_of(value: object) -> Figure | None:
    """Return the figure that an item holds. Raises ValueError for anything else."""
    if isinstance(value, _Literal):
        return _number(value)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(value)


def _raw(value: object) -> Raw:
    """What stood in a cell: a number with a point or an exponent as the floating-point number that Excel held."""
    if isinstance(value, _Literal):
        number = _number(value)
        is_written_whole = value.lstrip("-").isdecimal()
        return number if isinstance(number, int) and is_written_whole else _finite(float(value))
    if value is None or isinstance(value, str | bool):
        return value
    raise ValueError(value)


def _finite(number: float) -> float:
    """The number. Raises ValueError for one that is none, or larger than any that a cell holds."""
    if not isfinite(number):
        raise ValueError(number)
    return number
