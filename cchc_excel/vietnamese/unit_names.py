"""Names of administrative units, taken apart and compared: `UBND xã Bình Lăng`, `P. 1`, `BINH LANG`.

Never:  decides which unit is meant: that needs all the units (`matching`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.text import clean, fold, strip_accents

__all__ = ["SHORT_LEVELS", "NameKey", "distance", "level_gap", "name_keys"]

_COMMUNE, _DISTRICT, _PROVINCE = frozenset({"commune"}), frozenset({"district"}), frozenset({"province"})
_LEVELS = {
    ("thị", "trấn"): _COMMUNE, ("đặc", "khu"): _COMMUNE, ("xã",): _COMMUNE, ("phường",): _COMMUNE,
    ("thành", "phố"): _DISTRICT | _PROVINCE, ("thị", "xã"): _DISTRICT, ("huyện",): _DISTRICT, ("quận",): _DISTRICT,
    ("tỉnh",): _PROVINCE,
}  # fmt: skip
"""The words of each level, and the kinds of level that they may stand for."""
_BARE_LEVELS = {tuple(map(strip_accents, level)): level for level in _LEVELS}
_COMMUNES = tuple(" ".join(level) for level, kinds in _LEVELS.items() if kinds == _COMMUNE)
_KINDS = {" ".join(level): kinds for level, kinds in _LEVELS.items()}
_AUTHORITIES = tuple(
    tuple(words.split())
    for words in ("hoi dong nhan dan va", "hoi dong nhan dan", "hdnd va", "hdnd", "uy ban nhan dan", "u b n d", "ubnd")
)  # bare: their accents tell nothing; the longer first
SHORT_LEVELS = {
    "tt": "thị trấn", "tp": "thành phố", "tx": "thị xã", "đk": "đặc khu",
    "p": "phường", "x": "xã", "h": "huyện", "q": "quận",
}  # fmt: skip
"""How the levels are cut short, without the full stop."""
_SHORT_DOT = re.compile(r"\b(tt|tp|tx|đk|p|x|h|q)\s*\.\s*(?=\w)|\b([pq])(?=\d)")
_SHORT_BARE = re.compile(r"^(tt|tp|tx)(?=\s)")
_NOT_WORDS = re.compile(r"[\W_]+")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")
_DIGITS = re.compile(r"\d+")
_APART = re.compile(r"[,(;]\s*([^(),;]+)")
_WRITTEN_BEFORE = ("ubnd", "uỷ ban nhân dân", "ủy ban nhân dân")


class NameKey(NamedTuple):
    """One reading of a name: level (`xã`, empty if not said), the name proper folded and as spelt, the place above.

    `above` is folded, and empty where no place above is said.
    """

    level: str
    core: str
    plain: str
    above: str = ""

    @property
    def bare(self) -> str:
        """The name proper without accents."""
        return strip_accents(self.core)


@lru_cache(maxsize=1024)  # 0.2 ms a name, which is asked for with each file and each line of a roster
def name_keys(name: str) -> tuple[NameKey, ...]:
    """Return every reading of a name, the likeliest first; none for a text without one.

    Without accents `XA DUNG` may be a commune Dung or a name Xa Dung: both are returned. Else there is one reading.
    """
    lowered = clean(name).lower().replace("ð", "đ")
    lowered = _SHORT_DOT.sub(lambda found: f"{SHORT_LEVELS[found[1] or found[2]]} ", lowered)
    words = _without_authority(_NOT_WORDS.sub(" ", lowered).split())
    lowered = _SHORT_BARE.sub(lambda found: SHORT_LEVELS[found[1]], " ".join(words))
    lost, office = fold(name).isascii(), is_office(lowered)
    apart = "" if office else _set_apart(name)
    readings = dict.fromkeys(_readings(lowered.split(), apart, lost_accents=lost, office=office))
    return tuple(key for key in readings if key.core)


def _set_apart(name: str) -> str:
    """What follows a comma or stands in brackets, folded: it tells units of one name apart."""
    found = _APART.search(clean(name))
    return fold(_NOT_WORDS.sub(" ", found[1].lower().replace("ð", "đ"))) if found else ""


def _without_authority(words: list[str]) -> list[str]:
    """The words behind the authorities with which they begin: `HĐND và UBND xã A` → `xã A`."""
    bare = [strip_accents(word) for word in words]
    start = 0
    while length := _authority_at(bare, start):
        start += length
    return words[start:]


def _authority_at(bare: Sequence[str], start: int) -> int:
    """How many words name an authority here; 0 if none do."""
    for authority in _AUTHORITIES:
        if tuple(bare[start : start + len(authority)]) == authority:
            return len(authority)
    return 0


def _readings(words: Sequence[str], apart: str, *, lost_accents: bool, office: bool) -> Iterator[NameKey]:
    """The readings of a name without its authority; `apart` is what follows a comma or stands in brackets."""
    level = _level_at(words, 0, bare=lost_accents)
    rests = [(" ".join(level), words[len(level) :])]
    if lost_accents and level:
        rests.append(("", words))  # `XA DUNG` may be a name
    for said, rest in rests:
        end = _end_of_name(rest, apart, lost_accents=lost_accents, office=office)
        yield _key(said, rest[:end], rest[end:])
        if lost_accents and end < len(rest):
            yield _key(said, rest, ())


def _end_of_name(words: Sequence[str], apart: str, *, lost_accents: bool, office: bool) -> int:
    """How many words are the name proper; behind them stands the place above, if one is said."""
    for place in range(1, len(words) - 1):
        if _above_at(words, place, bare=lost_accents, office=office):
            return place
    length = len(words) - len(apart.split())
    is_last_set_apart = apart and length > 0 and fold(" ".join(words[length:])) == apart
    return length if is_last_set_apart else len(words)


def _level_at(words: Sequence[str], start: int, *, bare: bool) -> tuple[str, ...]:
    """The level whose words stand here; nothing if none do. With `bare` they may have lost their accents."""
    for length in (2, 1):
        found = tuple(words[start : start + length])
        if found in _LEVELS:
            return found
        if bare and found in _BARE_LEVELS:
            return _BARE_LEVELS[found]
    return ()


def _above_at(words: Sequence[str], start: int, *, bare: bool, office: bool) -> bool:
    """Whether the place above begins here: a district or a province; of an office a commune, too."""
    level = _level_at(words, start, bare=bare)
    if not level or (_LEVELS[level] == _COMMUNE and not office):
        return False
    if level == ("xã",) and _is_society(words, start, bare=bare):
        return False
    return start + len(level) < len(words)  # a name follows


def _is_society(words: Sequence[str], start: int, *, bare: bool) -> bool:
    """Whether `xã` begins `xã hội` here: `Bảo hiểm xã hội`, but not `Trạm Y tế xã Hội An`."""
    after = start + 2
    if strip_accents(words[start + 1]) != "hoi":
        return False
    return after == len(words) or bool(_level_at(words, after, bare=bare))


def _key(level: str, words: Sequence[str], above: Sequence[str]) -> NameKey:
    plain = _LEADING_ZEROS.sub("", " ".join(words))
    return NameKey(level, fold(plain), plain, fold(" ".join(above)))


def level_gap(one: NameKey, other: NameKey) -> int | None:
    """Return 0 if two may be of one level and one place, 1 for xã against phường, None if they cannot be one unit."""
    if one.above and other.above and _are_apart(one.above, other.above):
        return None
    if not one.level or not other.level or one.level == other.level:
        return 0
    return 1 if _KINDS[one.level] & _KINDS[other.level] else None


def _are_apart(one: str, other: str) -> bool:
    """Whether two names of what lies above are of two places; `Chợ Đồn` may be `huyện Chợ Đồn`."""
    if one.startswith(other) or other.startswith(one):
        return False
    name, other_name = _without_level(one), _without_level(other)
    both_say_level = name != one and other_name != other
    return both_say_level or not (name.startswith(other_name) or other_name.startswith(name))


def _without_level(place: str) -> str:
    words = place.split()
    level = _level_at(words, 0, bare=place.isascii())
    return " ".join(words[len(level) :])


def forms(label: NameKey) -> tuple[str, ...]:
    """Return the ways to write a unit's name in full, for a name whose beginning is mistyped."""
    levels = (label.level,) if label.level else _COMMUNES
    names = [label.plain]
    if label.above:
        names.append(f"{label.plain} {label.above}")
    with_level = [f"{level} {name}" for level in levels for name in names]
    return (
        *names,
        *with_level,
        *(f"{authority} {name}" for authority in _WRITTEN_BEFORE for name in with_level),
        *(f"{authority} {name}" for authority in _WRITTEN_BEFORE for name in names),
    )


def distance(written: NameKey, label: NameKey, *, lost_accents: bool) -> float | None:
    """Return how many slips part a written name from a unit's: 1 for a letter or another level, ½ for accents alone.

    None is returned where it cannot be that unit: the level differs, or a number, or a letter that stands for one.
    With `lost_accents` accents cost nothing. One slip of the hand costs at most 1, whatever it does to the tone.
    """
    gap = level_gap(written, label)
    if gap is None:
        return None
    if _DIGITS.findall(written.core) != _DIGITS.findall(label.core) or _other_letter(written, label):
        return None
    targets = {label.core, label.plain} if written.level else {label.core, *forms(label)}
    texts = {written.core, written.plain}
    return gap + min(_slips(text, target, lost_accents=lost_accents) for text in texts for target in targets)


def _other_letter(one: NameKey, other: NameKey) -> bool:
    """Bình Hòa A is not Bình Hòa B."""
    last, other_last = one.core.split()[-1], other.core.split()[-1]
    return len(last) == len(other_last) == 1 and last != other_last


def _slips(one: str, other: str, *, lost_accents: bool) -> float:
    from rapidfuzz.distance import OSA

    letters = OSA.distance(strip_accents(one), strip_accents(other))
    if lost_accents or OSA.distance(one, other) <= letters:
        return letters
    return letters + 0.5
