"""Vietnamese text as clerks write it: made comparable, made presentable, compared.

In:     any string of a cell, already in Unicode (`legacy` comes first: TCVN3 writes ư as a soft hyphen, dropped here).
Never:  raises; decides what a text means.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["clean", "fold", "similarity", "strip_accents"]

# soft hyphen, grapheme joiner, Mongolian separator, byte order mark; zero-width and bidi signs
_INVISIBLE = "\u00ad\u034f\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_JOINER = "\u034f"  # the one of them that Python calls printable
_CONTROL = "".join(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace())
_DROPPED = re.compile(f"[{_INVISIBLE}{_CONTROL}]")  # str.translate takes nine times as long where nothing is dropped

# Ð is Icelandic and Ɖ African, yet old keyboards typed both for Đ; Cyrillic comes from scanned and retyped decrees.
_LOOK_ALIKES = dict(zip("ðɖавекмнорстухіѕј", "đđabekmhopctyxisj", strict=True))
_LOOK_ALIKE = re.compile(f"[{''.join(_LOOK_ALIKES)}]")
_MARKS = re.compile("[\u0300-\u036f]+")
_NOT_WORDS = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|（[^（）]*）?")

_TONED = {
    vowel: [unicodedata.normalize("NFC", vowel + mark) for mark in "\u0301\u0300\u0309\u0303\u0323"]
    for vowel in "aăâeêioôơuưy"
}
# The tone of oa, oe, uy and after qu, gi is put on the second vowel: hòa → hoà, tòan → toàn, qúy → quý, gía → giá.
# The first is a style, the others are slips of old keyboards; của and chúa keep theirs.
_EARLY_TONE = re.compile(
    "(?:{o}(?=[aăe])|{u}(?=[yơêâô])|(?<=q){u}(?=[aăei])|(?<=g){i}(?=[aăâeêoôơuư]))(.)".format(
        **{vowel: f"[{''.join(_TONED[vowel])}]" for vowel in "oui"}
    )
)
# kĩ = kỹ, tỉ lệ = tỷ lệ, qui định = quy định: i and y are one sound in these open syllables.
_FINAL_I = re.compile(rf"\b([hklmst]|qu)([i{''.join(_TONED['i'])}])\b")
_I_TO_Y = dict(zip(["i", *_TONED["i"]], ["y", *_TONED["y"]], strict=True))


@lru_cache(maxsize=2048)  # the labels and units of a form stand in each workbook: 2.4 instead of 4.4 ms a workbook
def fold(text: str) -> str:
    """Return what is the same for two writings of one text; for matching only, never shown.

    Equal become: composed and decomposed letters, capitals, tone placement (`hoà`, `hòa`), i and y (`tỉ lệ`, `tỷ lệ`),
    Ð and Đ, full-width forms, all spaces, punctuation and brackets (each becomes one space). Idempotent.
    """
    folded = _folded(text)
    # A mark dropped from between two letters may let them compose (Korean does); Vietnamese is done after the first.
    while (again := _folded(folded)) != folded:
        folded = again
    return folded


def _folded(text: str) -> str:
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).casefold()
        plain = _LOOK_ALIKE.sub(lambda found: _LOOK_ALIKES[found[0]], plain)
        plain = _MARKS.sub("", unicodedata.normalize("NFKC", plain))
        plain = _EARLY_TONE.sub(_tone_moved, plain)
    plain = _NOT_WORDS.sub(" ", plain).strip()
    return _FINAL_I.sub(lambda found: found[1] + _I_TO_Y[found[2]], plain)


def _tone_moved(found: re.Match[str]) -> str:
    first, second = unicodedata.normalize("NFD", found[0][0]), found[1]
    return first[0] + unicodedata.normalize("NFC", second + first[1:])


LONGEST_LINE = 2_000  # letters of a text that may name a unit or a period; a report pasted into a cell is no heading


def clean(text: str) -> str:
    """Return the text as a person reads it: NFC, one space for each run of white space, nothing invisible."""
    is_visible = text.isprintable() and _JOINER not in text
    if is_visible and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()
    return " ".join(unicodedata.normalize("NFC", _DROPPED.sub("", text)).split())


def strip_accents(text: str) -> str:
    """Return the text in bare Latin letters, case kept: `Bằng Lãng` → `Bang Lang`, `Đồng` → `Dong`."""
    if text.isascii():
        return text
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return bare.translate(_BARE)


_BARE = str.maketrans("ĐđÐðƉ", "DdDdD")

# --- how alike two texts are

_OTHER_ORDER = 0.95  # the same words in another order
_OTHER_REMARK = 0.95  # the same words, with a remark in brackets that the other lacks
_NO_ACCENTS = 0.95  # the same letters, with all accents lost in one text
_CONTRAST = 0.8  # words replaced by other words: `đúng hạn` for `quá hạn` is another row, however long the rest
_SAME_WORD = 0.6  # similarity above which a word is the other one mistyped
_HOPELESS = 0.5  # similarity below which a closer look cannot make two labels one


def similarity(one: str, other: str) -> float:
    """Return how alike two labels are, 0 to 1; 1 if they are the same but for spelling style.

    The edit similarity of the folded texts, in this order or sorted. A remark in brackets that only one has hardly
    counts, nor an abbreviation (`TTHC`) for the words it stands for; a word *replaced* by a different word counts more
    than its letters, since indicators of one form often differ by one word (`UBND tỉnh`, `UBND huyện`).
    """
    first, second = fold(one), fold(other)
    if first == second:
        return 1.0
    if not first or not second:
        return 0.0
    if first.isascii() != second.isascii():
        return _NO_ACCENTS * _likeness(strip_accents(first), strip_accents(second))
    score = _likeness(first, second)
    without_remark, other_without = _IN_BRACKETS.sub(" ", one), _IN_BRACKETS.sub(" ", other)
    has_one_a_remark = (without_remark == one) != (other_without == other)
    if has_one_a_remark:
        first, second = fold(without_remark), fold(other_without)
        if first and second:
            score = max(score, _OTHER_REMARK * _likeness(first, second))
    return score


def _likeness(first: str, second: str) -> float:
    """How alike two folded texts are, 0 to 1, by their letters and by which words they have."""
    if first == second:
        return 1.0
    from rapidfuzz.fuzz import ratio

    all_words, all_others = first.split(), second.split()
    as_written = ratio(first, second)  # of 100
    if as_written < 100 * _HOPELESS and set(all_words).isdisjoint(all_others):
        return as_written / 100
    words, other_words = _abbreviated(all_words, all_others), _abbreviated(all_others, all_words)
    in_order = ratio(" ".join(words), " ".join(other_words))
    in_any_order = ratio(" ".join(sorted(words)), " ".join(sorted(other_words)))
    score = max(in_order, _OTHER_ORDER * in_any_order) / 100
    return score * _CONTRAST if score >= _HOPELESS and _contrast(words, other_words) else score


def _abbreviated(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words with each run replaced by the other's abbreviation of it: `thủ tục hành chính` by `tthc`."""
    known, initials = set(words), "".join(word[0] for word in words)
    abbreviations = [word for word in others if len(word) >= 3 and word in initials and word not in known]
    result = list(words)
    for abbreviation in abbreviations:
        start = initials.find(abbreviation)
        if start >= 0:
            result[start : start + len(abbreviation)] = [abbreviation]
            initials = "".join(word[0] for word in result)
    return result


def _contrast(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each text has words that the other replaces by different ones."""
    from rapidfuzz.fuzz import ratio

    counts, other_counts = Counter(words), Counter(others)  # a word may stand twice in one of them
    left = list((other_counts - counts).elements())
    bare_of = {word: strip_accents(word) for word in left}
    is_replaced = False
    for word in (counts - other_counts).elements():
        bare = strip_accents(word)
        least = 100 if word.isdigit() else 100 * _SAME_WORD  # 2021 is no 2015 mistyped
        same = next((other for other in left if bare_of[other] == bare or ratio(word, other) >= least), None)
        if same is None:
            is_replaced = True
        else:
            left.remove(same)
    return is_replaced and bool(left)
