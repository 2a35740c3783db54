"""The unit that a heading names as the one that reports, among all the authorities that it names.

In:     the texts of a heading, one a cell, as they stand there.
Out:    the unit, or two and more where nothing decides between them.
Never:  takes the authority that issued the form, or to which the report is addressed, for the unit that reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cchc_excel.vietnamese.offices import OFFICE
from cchc_excel.vietnamese.text import clean, fold, strip_accents
from cchc_excel.vietnamese.unit_names import level_gap, name_keys

__all__ = ["UnitStated", "cites_another_document", "lines_of", "one_of", "unit_stated"]

_OFFICE, _COMMUNE, _DISTRICT, _CITY, _PROVINCE = 0, 1, 2, 3, 4
_LEVELS = {
    "xã": _COMMUNE, "phường": _COMMUNE, "thị trấn": _COMMUNE, "đặc khu": _COMMUNE,
    "huyện": _DISTRICT, "quận": _DISTRICT, "thị xã": _DISTRICT, "thành phố": _CITY, "tỉnh": _PROVINCE,
}  # fmt: skip
_SHORT = {
    "x.": "xã", "p.": "phường", "tt.": "thị trấn", "tt": "thị trấn", "đk.": "đặc khu",
    "h.": "huyện", "q.": "quận", "tx.": "thị xã", "tp.": "thành phố", "tp": "thành phố", "t.": "tỉnh",
}  # fmt: skip
_BARE = {strip_accents(level): level for level in _LEVELS}


def _any_of(words: Iterable[str]) -> str:
    """A pattern for these words and the spaces in them; the longer first, or `tt` would be found where `tt.` stands."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


_LEVEL = rf"(?:{_any_of([*_LEVELS, *_BARE])})(?=\s|:)|(?:{_any_of(_SHORT)})(?=\s|\w)"
_AUTHORITY = r"(?:HĐND\s*(?:và|-|,|&)?\s*)?(?:U\.?B\.?N\.?D|[ỦU][ỶỲYỴ]\s+BAN\s+NH[ÂA]N\s+D[ÂA]N)\.?"
_NAME = r"[^\W_][^()\[\]\n,;:/–]*"
_PLACE_ITSELF = rf"(?P<level>{_LEVEL})\s*:?\s*(?P<name>{_NAME})"
_UNIT = re.compile(rf"\b(?:{_AUTHORITY})(?:\s*:)?\s+{_PLACE_ITSELF}", re.IGNORECASE)
_PLACE = re.compile(_PLACE_ITSELF, re.IGNORECASE)
_PLACE_ABOVE = re.compile(rf"\s*[,;(–-]?\s*{_PLACE_ITSELF}", re.IGNORECASE)
_PLACE_BELOW = re.compile(rf"\s*[,;/–-]\s*{_PLACE_ITSELF}", re.IGNORECASE)
_BETWEEN_PLACES = re.compile(r"\s*[,;/–]\s*|\s+-+\s+")
_NAME_OF = re.compile(rf"tên\s+(?=(?:{_LEVEL}))", re.IGNORECASE)  # `Tên xã: Bằng Lăng`
# Năm Căn and Phú Quý are names: only a word with a number behind it is the period.
_ENDS = (
    r"\s+(?:về|kỳ\s+báo|báo\s+cáo|số\s+liệu|thực\s+hiện|giao|ban\s+hành|(?:và|&)\s+UBND|cộng\s+h[oò][aà]|độc\s+lập)\b"
    r"|\s+(?:mẫu|biểu)\s+(?:số|mẫu|\d)|\s+quý\s+(?:[iv]+|\d+)\b|\s+(?:năm|ngày|tháng)\s+(?=[\d.…])|[.…_]{2,}|\s+[-–]+(?=\s)"
    r"|\s+(?:(?:kính\s+)?gửi|phụ\s+lục|kết\s+quả|công\s+tác|tình\s+hình|cải\s+cách|cchc|thống\s+kê|đã)\b"
    r"|\s+(?:trong|từ|đến|lần)\s+(?:quý|năm|kỳ|tháng|ngày|thứ|\d)|\s+\d{1,2}\s+tháng\b|\s+số\s*(?::|\d+\s*/)"
    r"|\s+q\.?\s*(?:[1-4]|[iv]+)\s*[/.-]\s*\d{2}"
)
_NAME_ENDS = re.compile(_ENDS, re.IGNORECASE)
_HIGHER = _any_of(level for level, rank in _LEVELS.items() if rank > _COMMUNE)
_HIGHER_PLACE = re.compile(rf"\s+(?:{_HIGHER})\s+(?=\w)", re.IGNORECASE)  # `xã Bằng Lăng huyện Chợ Đồn`
_AN_OFFICE = re.compile(rf"{OFFICE}\s+[^\n\[\]:;/]+", re.IGNORECASE)
_OF_AN_OFFICE = re.compile(rf"\bcủa\s+(?P<office>{OFFICE}\s+[^\n\[\]:;/]+)", re.IGNORECASE)
# `Văn phòng HĐND và UBND xã …` goes on where the name of a commune ends.
_OFFICE_ENDS = re.compile(
    r"\s+(?:về\s+việc|kỳ\s+báo|báo\s+cáo|số\s+liệu|cộng\s+h[oò][aà]|độc\s+lập)\b"
    r"|\s+quý\s+(?:[iv]+|\d+)\b|\s+(?:năm|ngày|tháng)\s+(?=[\d.…])|[.…_]{2,}|\s+[-–]+(?=\s)",
    re.IGNORECASE,
)
_MOST_WORDS = 16  # of an office's name; a sentence has more
# A line that goes on in the next one: a part of `ỦY BAN NHÂN DÂN`, or `Kèm theo Công văn … của`.
_GOES_ON = re.compile(r"[ỦU][ỶỲYỴ](?:\s+BAN(?:\s+NH[ÂA]N)?)?|.*\bcủa", re.IGNORECASE)
_ONLY_AUTHORITY = re.compile(rf"(?:{_AUTHORITY})(?:\s+(?:{_any_of(_LEVELS)}))?", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:tên\s+)?(?:đơn\s+vị|cơ\s+quan)(?:\s+(?:báo\s+cáo|gửi|lập|nộp|thực\s+hiện))?(?:\s+báo\s+cáo)?\s*(?::|$)",
    re.IGNORECASE,
)
_LINE_ENDS = re.compile(r"[\n\r\t\v]|[ \u00a0]{2,}")
_MOTTO = re.compile(r"cộng hoà xã hội chủ nghĩa|độc lập tự do hạnh phúc")
# Folded words that speak of another authority's document, or address one. Behind them its author or reader is named.
_OTHERS = re.compile(
    r"\b(?:kính gửi|gửi|nơi nhận|căn cứ|quyết định|công văn|văn bản|kế hoạch|nghị quyết|nghị định|thông tư|thông báo"
    r"|chỉ thị|hướng dẫn|ban hành|yêu cầu|đề nghị|chỉ đạo của|trình|qđ)\b"
)
_ADDRESSES = re.compile(r"\b(?:kính gửi|nơi nhận)$")
_BULLETS = ("-", "–", "+", "•", "*")
_GIVES_TASKS = re.compile(r"^\s*(?:giao|ban hành|phê duyệt|yêu cầu)\b", re.IGNORECASE)


class UnitStated(NamedTuple):
    """The unit that some texts name as the reporting one; `rivals` are two or more where nothing decides.

    `above` is the place that stands over the unit in the letterhead (`huyện Chợ Đồn`), None where there is none.
    """

    unit: str | None = None
    rivals: tuple[str, ...] = ()
    above: str | None = None


class _Named(NamedTuple):
    """One unit as a line names it: its name in full, and the rank of its level (0: an office, 1: a commune).

    `is_labelled` says that it stands behind `Đơn vị:`, `has_authority` that its committee is named: `UBND`.
    """

    name: str
    rank: int
    is_labelled: bool = False
    has_authority: bool = True

    @property
    def is_in_capitals(self) -> bool:
        own_name = self.name.split(" ", 2)[-1]  # without `UBND xã`
        return own_name.isupper()

    @property
    def rank_of_office(self) -> int | None:
        """The rank of the place that an office belongs to by its own name; None for a name that tells none."""
        if fold(self.name).startswith("sở "):
            return _PROVINCE
        ranks = [rank for level, rank in _LEVELS.items() if f" {level} " in f" {fold(self.name)} "]
        return min(ranks, default=None)


class _Place(NamedTuple):
    """A place that a line names: its level in full, its name, empty where there is none, and where the name ends."""

    level: str
    name: str
    end: int

    @property
    def rank(self) -> int:
        return _LEVELS[self.level]


def unit_stated(texts: Sequence[str]) -> UnitStated:
    """Return the unit that reports: the one behind `Đơn vị:`, else the lowest level that the texts name.

    `texts` are the cells of a heading, from the first to the last.
    """
    named = list(_units_named(texts))
    labelled = [unit for unit in named if unit.is_labelled]
    candidates = labelled or [unit for unit in named if unit.has_authority or unit.rank == _COMMUNE]
    if not candidates:
        return UnitStated()
    units = _each_once(_lowest(candidates))
    if len(units) > 1:
        return UnitStated(rivals=tuple(unit.name for unit in units))
    (unit,) = units
    higher = [other for other in named if other.rank > unit.rank]
    if not higher:
        return UnitStated(unit.name)
    next_higher = min(higher, key=lambda other: other.rank)
    return UnitStated(unit.name, above=next_higher.name.removeprefix("UBND "))


def _each_once(units: Iterable[_Named]) -> list[_Named]:
    """The units without those that are the same one, each in the writing that says most."""
    distinct: list[_Named] = []
    for unit in units:
        known = next((place for place, other in enumerate(distinct) if _are_one(unit, other)), None)
        if known is None:
            distinct.append(unit)
        elif _is_better(unit, distinct[known]):
            distinct[known] = unit
    return distinct


def _lowest(candidates: Sequence[_Named]) -> list[_Named]:
    """Those of the lowest level. An office is below the commune over it, and above the one that stands under it.

    Both are returned where neither the order nor the office's name tells which it is.
    """
    offices = [unit for unit in candidates if unit.rank == _OFFICE]
    communes = [unit for unit in candidates if unit.rank == _COMMUNE and unit.has_authority]
    if not offices:
        lowest = min(unit.rank for unit in candidates)
        return [unit for unit in candidates if unit.rank == lowest]
    if not communes:
        return _lowest_offices(offices)
    office, commune = offices[0], communes[0]
    is_higher = (office.rank_of_office or _COMMUNE) > _COMMUNE
    if candidates.index(office) < candidates.index(commune):
        begins_higher = candidates[0].rank > _COMMUNE  # UBND HUYỆN …, PHÒNG …, UBND XÃ …
        return communes if is_higher or begins_higher else [office, *communes]
    return [*communes, office] if is_higher else _lowest_offices(offices)


def _lowest_offices(offices: Sequence[_Named]) -> list[_Named]:
    """The offices of the lowest level, as in `CÔNG AN TỈNH …` over `CÔNG AN XÃ …`; all where a name tells no level."""
    ranks = [office.rank_of_office for office in offices]
    known = [rank for rank in ranks if rank is not None]
    if len(known) < len(ranks):
        return list(offices)
    return [office for office, rank in zip(offices, ranks, strict=True) if rank == min(known)]


def _are_one(unit: _Named, other: _Named) -> bool:
    """Whether two names may be writings of one unit: a word without accents may be any of those with them."""
    keys, other_keys = name_keys(unit.name), name_keys(other.name)
    if not keys or not other_keys:
        return fold(unit.name) == fold(other.name)
    key, other_key = keys[0], other_keys[0]
    words, other_words = key.core.split(), other_key.core.split()
    if len(words) != len(other_words) or not all(map(_may_be_one_word, words, other_words)):
        return False
    return level_gap(key, other_key) is not None


def _may_be_one_word(word: str, other: str) -> bool:
    if word == other:
        return True
    has_lost_accents = word.isascii() or other.isascii()
    return has_lost_accents and strip_accents(word) == strip_accents(other)


def _is_better(unit: _Named, other: _Named) -> bool:
    """Whether the first writing of one unit says more: ordinary letters before capitals, then the longer name."""
    if unit.is_in_capitals != other.is_in_capitals:
        return other.is_in_capitals
    return len(unit.name) > len(other.name)


def one_of(texts: Sequence[str], names: Iterable[str]) -> str | None:
    """Return the only one of some known names that the texts hold, for a unit that is called like no kind of unit.

    A line that issues or addresses names somebody else. Where one name holds another, the longer one is meant.
    """
    # spaces around both: a name is no part of a longer word
    lines = [f" {fold(line)} " for line in lines_of(texts) if not cites_another_document(line)]
    held = [name for name in names if fold(name) and any(f" {fold(name)} " in line for line in lines)]
    longest = [name for name in held if not _is_part_of_another(name, held)]
    return longest[0] if len(longest) == 1 else None


def _is_part_of_another(name: str, names: Iterable[str]) -> bool:
    part = f" {fold(name)} "
    return any(name != longer and part in f" {fold(longer)} " for longer in names)


def lines_of(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of some cells: a name ends at a line break, at two spaces and at the motto.

    `ỦY BAN NHÂN DÂN` on a line of its own is joined with the next line, wherever that stands.
    """
    torn = ""
    for text in texts:
        for piece in _pieces(text):
            line = clean(piece)
            if not line or _is_motto(line):
                continue
            line = f"{torn} {line}".strip()
            goes_on = _ONLY_AUTHORITY.fullmatch(line) or _GOES_ON.fullmatch(line)
            torn = line if goes_on else ""
            if not goes_on:
                yield line
    if torn:
        yield torn


def _is_motto(line: str) -> bool:
    """Whether a line is the motto of the state, and names no unit beside it."""
    return _MOTTO.search(fold(line)) is not None and not _UNIT.search(line)


def _pieces(text: str) -> Iterator[str]:
    """The lines of a cell; a bracket may go on over several of them."""
    open_bracket = ""
    for piece in _LINE_ENDS.split(text):
        joined = f"{open_bracket} {piece}".strip()
        open_bracket = joined if joined.count("(") > joined.count(")") else ""
        if not open_bracket:
            yield joined
    if open_bracket:
        yield open_bracket


def cites_another_document(line: str) -> bool:
    """Whether a line speaks of a letter, a decision or a plan, so that its date is not the report's.

    `Kèm theo Báo cáo số … ngày …` speaks of the report itself.
    """
    return bool(_OTHERS.search(fold(line)))


def _units_named(texts: Sequence[str]) -> Iterator[_Named]:
    """Every unit that the texts name as one that may report, in their order."""
    in_address = is_name_next = False
    for line in lines_of(texts):
        if in_address and line.startswith(_BULLETS):
            continue
        in_address = bool(_ADDRESSES.search(fold(line)))
        label = _LABEL.match(line)
        rest = line[label.end() :].strip() if label is not None else line
        is_labelled = label is not None or is_name_next
        is_name_next = not rest  # a label alone: the name stands in the next cell
        if rest:
            yield from _units_in(rest, labelled=is_labelled)


def _office_in(line: str, *, labelled: bool) -> tuple[_Named, str] | None:
    """The office that a line names, and what stands before it: `… của Sở Nội vụ`, or a line of its own."""
    whole = _AN_OFFICE.match(line)
    found = whole or _OF_AN_OFFICE.search(line)
    if found is None:
        return None
    written = found[0] if whole else found["office"]
    before = line[: found.start()]
    if not labelled and cites_another_document(before):
        return None
    stop = _OFFICE_ENDS.search(written)
    name = _without_odd_bracket(written[: stop.start()] if stop else written).strip(" .,-–")
    if len(name.split()) > _MOST_WORDS or re.search(r"\d", name):
        return None
    is_sentence = whole is not None and fold(name) != fold(line)  # the line goes on behind the name
    if is_sentence and not labelled:
        return None
    return _Named(name, _OFFICE, labelled), before


def _without_odd_bracket(text: str) -> str:
    """The text up to a bracket that closes one opened before it."""
    depth = 0
    for place, sign in enumerate(text):
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        if depth < 0:
            return text[:place]
    return text


def _units_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    """The units that a line names: an office, committees, or else places alone."""
    found = _office_in(line, labelled=labelled)
    if found is not None:
        office, line = found
        yield office
    committees = list(_committees_in(line, labelled=labelled))
    yield from committees
    if not committees and not cites_another_document(line):
        yield from _places_in(_NAME_OF.sub("", line), labelled=labelled)


def _committees_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    """The units whose committee a line names, and a place below one: `UBND huyện Chợ Đồn, xã Bằng Lăng`."""
    end = 0
    while match := _UNIT.search(line, end):
        unit, end = _named(match, line, "UBND ", labelled=labelled)
        if unit is None or (not labelled and cites_another_document(line[: match.start()])):
            continue
        yield unit
        below = _PLACE_BELOW.match(line, end)
        if below is not None and _place_of(below).rank < unit.rank:
            place, end = _named(below, line, "", labelled=labelled)
            if place is not None:
                yield place


def _places_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    """The place that a line is, or those that it lists from the highest down: `HUYỆN CHỢ ĐỒN – XÃ BẰNG LĂNG`."""
    first = _place_at_start(line, labelled=labelled)
    if first is None:
        return
    if labelled or _is_whole_line(first, line):
        yield first
        return
    pieces = _BETWEEN_PLACES.split(line)
    places = [_place_at_start(piece, labelled=False) for piece in pieces if _PLACE.fullmatch(piece)]
    if len(places) == len(pieces):
        yield from (place for place in places if place is not None)


def _place_at_start(text: str, *, labelled: bool) -> _Named | None:
    """The place without a committee with which a text begins."""
    match = _PLACE.match(text)
    if match is None:
        return None
    place, _ = _named(match, text, "", labelled=labelled)
    return place._replace(has_authority=False) if place is not None else None


def _named(match: re.Match[str], line: str, authority: str, *, labelled: bool) -> tuple[_Named | None, int]:
    """The unit that a match names, with the places above it that follow on the same line, and where all that ends.

    None where there is no name.
    """
    place = _place_of(match)
    end = place.end
    if not place.name or _GIVES_TASKS.match(line[end:]):
        return None, end
    full_name = f"{authority}{place.level} {place.name}"
    while match_above := _PLACE_ABOVE.match(line, end):
        above = _place_of(match_above)
        if not above.name or above.rank <= place.rank:
            break
        full_name, end = f"{full_name}, {above.level} {above.name}", above.end
    return _Named(full_name, place.rank, labelled), end


def _place_of(match: re.Match[str]) -> _Place:
    """The place that a match names, up to where its name ends; it may be shorter than what matched."""
    written = " ".join(match["level"].lower().split())
    level = _SHORT.get(written) or _BARE.get(written) or written
    start, length = match.start("name"), len(match["name"])
    rest = f" {match.string[start:]}"  # what ends a name may stand where it should begin
    # of a line without accents; `re` keeps the pattern, which few files need
    name_ends = re.compile(strip_accents(_ENDS), re.IGNORECASE) if rest.isascii() else _NAME_ENDS
    for ends in (name_ends, _HIGHER_PLACE):
        stop = ends.search(rest)
        if stop is not None:
            length = min(length, max(stop.start() - 1, 0))
    return _Place(level, match["name"][:length].strip(" ."), start + length)


def _is_whole_line(named: _Named, line: str) -> bool:
    return fold(named.name) == fold(line)
