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
from cchc_excel.vietnamese.places import (
    AUTHORITY,
    BETWEEN_PLACES,
    COMMUNE,
    LEVELS,
    NAME_OF,
    PLACE,
    PLACE_ABOVE,
    PLACE_BELOW,
    PROVINCE,
    RANK_OF_OFFICE,
    UNIT,
    any_of,
    communes_in_passing,
    level_and_name,
    rank_left_open,
)
from cchc_excel.vietnamese.text import clean, fold, strip_accents
from cchc_excel.vietnamese.unit_names import level_gap, name_keys

__all__ = ["UnitStated", "cites_another_document", "lines_of", "one_of", "unit_stated"]

_AN_OFFICE = re.compile(rf"{OFFICE}\s+[^\n\[\]:;/]+", re.IGNORECASE)
_OF_AN_OFFICE = re.compile(rf"\bcủa\s+(?P<office>{OFFICE}\s+[^\n\[\]:;/]+)", re.IGNORECASE)
# `Văn phòng HĐND và UBND xã …` goes on where the name of a commune ends.
_OFFICE_ENDS = re.compile(
    r"\s+(?:về\s+việc|kỳ\s+báo|báo\s+cáo|số\s+liệu|cộng\s+h[oò][aà]|độc\s+lập)\b"
    r"|\s+quý\s+(?:[iv]+|\d+)\b|\s+(?:năm|ngày|tháng)\s+(?=[\d.…])|[.…_]{2,}"
    rf"|\s+[-–]+(?=\s+(?:{AUTHORITY}|(?:{any_of(LEVELS)})\s+(?!hội\b)\w))",  # `Phòng Văn hóa - Xã hội` is one name
    re.IGNORECASE,
)
_MOST_WORDS = 16  # of an office's name; a sentence has more
# A line that goes on in the next one: a part of `ỦY BAN NHÂN DÂN`, or `Kèm theo Công văn … của`.
_GOES_ON = re.compile(r"[ỦU][ỶỲYỴ](?:\s+BAN(?:\s+NH[ÂA]N)?)?|.*\bcủa", re.IGNORECASE)
_ONLY_AUTHORITY = re.compile(rf"(?:{AUTHORITY})(?:\s+(?:{any_of(LEVELS)}))?", re.IGNORECASE)
_BEGINS_ANEW = re.compile(rf"(?:{AUTHORITY})\s", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?P<name>tên\s+)?(?:đơn\s+vị|cơ\s+quan)(?P<does>\s+(?:báo\s+cáo|gửi|lập|nộp|thực\s+hiện))?(?:\s+báo\s+cáo)?"
    r"\s*(?P<colon>:|$)",
    re.IGNORECASE,
)
_MOST_WORDS_BEHIND_LABEL = 6
# What `Đơn vị:` says before a unit of measure, which is not the name of anybody.
_MEASURES = re.compile(
    r"(?:(?:chục|trăm|nghìn|ngàn|triệu|tỷ|1 000) )*"
    r"(?:đồng|đ|vnđ|vnd|văn bản|hồ sơ|thủ tục|người|lượt|nhiệm vụ|phiếu|tthc)\b"
)
# A title of the form, which names whom the figures are of; and lines about a person or a house.
_A_TITLE = re.compile(r"\b(?:cchc|cải cách hành chính|số liệu|biểu|báo cáo|thống kê|kết quả)\b")
_OF_A_PERSON = re.compile(r"\b(?:địa chỉ|trụ sở|điện thoại|đt|email|người)\b")
_OF_A_LETTER = re.compile(r",\s*ngày\b", re.IGNORECASE)  # `Thị trấn Bằng Lũng, ngày 10 tháng 3 năm 2023`
_NAMES_WHOM = re.compile(r"(?:^[\W\d]*|\bcủa\s+|:\s*)$", re.IGNORECASE)
_LINE_ENDS = re.compile(r"[\n\r\t\v]|[ \u00a0]{2,}")
# Two spaces by a slip of the hand: between all words, or before the last word of a short name (`UBND XÃ BẰNG  LĂNG`).
_SPACED_OUT = re.compile(r"\S+(?:[ \u00a0]{2,}\S+){3,}")
_TORN_NAME = re.compile(
    rf"(\b(?:{any_of(LEVELS)})[ \u00a0]+[^\W\d_]+)[ \u00a0]{{2}}"
    r"(?!(?:biểu|mẫu|phụ|số|quý|năm)\b)(?=[^\W\d_]+(?:$|[ \u00a0]*[\n,;(–-]|[ \u00a0]{2}))",
    re.IGNORECASE,
)
_MOTTO = re.compile(r"cộng hoà xã hội chủ nghĩa|độc lập tự do hạnh phúc")
# Folded words that speak of another authority's document, or address one. Behind them its author or reader is named.
_OTHERS = re.compile(
    r"\b(?:kính gửi|gửi|nơi nhận|căn cứ|quyết định|công văn|văn bản|kế hoạch|nghị quyết|nghị định|thông tư|thông báo"
    r"|chỉ thị|hướng dẫn|ban hành|yêu cầu|đề nghị|chỉ đạo của|trình|qđ|(?:đơn vị|cơ quan) nhận|nhận báo cáo|chủ quản"
    r"|cấp trên)\b"
)
_ADDRESSES = re.compile(r"\b(?:kính gửi|nơi nhận)$")
_GIVES_TASKS = re.compile(r"^\s*(?:giao|ban hành|phê duyệt|yêu cầu)\b", re.IGNORECASE)


class UnitStated(NamedTuple):
    """The unit that some texts name as the reporting one; `rivals` are two or more where nothing decides.

    `above` is the place that stands over the unit in the letterhead (`huyện Chợ Đồn`), None where there is none.
    """

    unit: str | None = None
    rivals: tuple[str, ...] = ()
    above: str | None = None


class _Named(NamedTuple):
    """One unit as a line names it: its name in full, the rank of its level (1: commune), whether behind `Đơn vị:`.

    The name is empty where a line leaves it out: `UBND xã ………`. What is named in passing is not certain in a sentence
    that may speak of somebody else.
    """

    name: str
    rank: int
    is_labelled: bool = False
    has_authority: bool = True
    in_passing: bool = False
    is_certain: bool = True

    @property
    def is_in_capitals(self) -> bool:
        own = self.name.split(" ", 2)[-1]
        return own.isupper()

    @property
    def rank_of_office(self) -> int | None:
        """The rank of the place that an office belongs to by its own name; None for a name that tells none."""
        if fold(self.name).startswith("sở "):
            return PROVINCE
        words = f" {fold(self.name)} ".replace(" xã hội ", " ")
        ranks = [rank for level, rank in LEVELS.items() if f" {level} " in words]
        return min(ranks, default=None)


def unit_stated(texts: Sequence[str]) -> UnitStated:
    """Return the unit that reports: the one behind `Đơn vị:`, else the lowest level that the texts name.

    A district whose letterhead stands over a commune's form does not report: not where a line names the commune in
    passing, nor where it leaves its name out.
    """
    found = list(_units_named(texts))
    named = [it for it in found if it.name and not it.in_passing]
    own = [it for it in named if it.is_labelled]
    candidates = own or [it for it in named if it.has_authority or it.rank == COMMUNE]
    if not own and all(it.rank > COMMUNE for it in candidates):
        spoken_of = [it for it in found if it.name and it.in_passing]
        certain = [it for it in spoken_of if it.is_certain]
        if spoken_of and not certain and candidates:
            return UnitStated(rivals=tuple(dict.fromkeys(it.name for it in (candidates[-1], *spoken_of))))
        open_ranks = [it.rank for it in found if not it.name]
        lowest_rank = min((it.rank for it in candidates), default=None)
        if not certain and lowest_rank is not None and any(rank < lowest_rank for rank in open_ranks):
            return UnitStated()
        candidates = certain or candidates
    if not candidates:
        return UnitStated()
    lowest = _lowest(candidates)
    units: list[_Named] = []
    for it in lowest:
        at = next((at for at, known in enumerate(units) if _are_one(it, known)), None)
        if at is None:
            units.append(it)
        elif _is_better(it, units[at]):
            units[at] = it
    if len(units) > 1:
        return UnitStated(rivals=tuple(it.name for it in units))
    (unit,) = units
    higher = sorted((it for it in named if it.rank > unit.rank), key=lambda it: it.rank)
    above = _without_authority(higher[0].name) if higher else None
    return UnitStated(unit.name, above=above)


def _lowest(candidates: Sequence[_Named]) -> list[_Named]:
    """Those of the lowest level. An office is below the commune over it, and above the one that stands under it.

    Both are returned where neither the order nor the office's name tells which it is.
    """
    offices = [it for it in candidates if it.rank == RANK_OF_OFFICE]
    communes = [it for it in candidates if it.rank == COMMUNE and it.has_authority]
    if not offices:
        rank = min(it.rank for it in candidates)
        return [it for it in candidates if it.rank == rank]
    if communes:
        office, commune = offices[0], communes[0]
        is_higher = (office.rank_of_office or COMMUNE) > COMMUNE
        if candidates.index(office) < candidates.index(commune):
            begins_higher = candidates[0].rank > COMMUNE  # UBND HUYỆN …, PHÒNG …, UBND XÃ …
            return communes if is_higher or begins_higher else [office, *communes]
        if is_higher:
            return [*communes, office]
    ranks = [it.rank_of_office for it in offices]
    known = [rank for rank in ranks if rank is not None]
    if len(known) == len(ranks):  # CÔNG AN TỈNH … over CÔNG AN XÃ …
        return [it for it in offices if it.rank_of_office == min(known)]
    return offices


def _are_one(name: _Named, other: _Named) -> bool:
    """Whether two names may be writings of one unit: a word without accents may be any of those with them."""
    keys, others = name_keys(name.name)[:1], name_keys(other.name)[:1]
    if not keys or not others:
        return fold(name.name) == fold(other.name)
    (key,), (other_key,) = keys, others
    words, other_words = key.core.split(), other_key.core.split()
    return (
        len(words) == len(other_words)
        and all(map(_may_be_one_word, words, other_words))
        and level_gap(key, other_key) is not None
    )


def _may_be_one_word(word: str, other: str) -> bool:
    bare, other_bare = strip_accents(word), strip_accents(other)
    return word == other or (bare == other_bare and (word.isascii() or other.isascii()))


def _is_better(name: _Named, other: _Named) -> bool:
    """Whether the first writing of one unit says more: ordinary letters before capitals, then the longer name."""
    return (not name.is_in_capitals, len(name.name)) > (not other.is_in_capitals, len(other.name))


def _without_authority(name: str) -> str:
    return name.removeprefix("UBND ")


def one_of(texts: Sequence[str], names: Iterable[str]) -> str | None:
    """The only one of some known names that the texts hold, for a unit that is called like no kind of unit.

    A line that issues or addresses names somebody else; of two names of which one holds the other, the longer.
    """
    folded_lines = [fold(line) for line in lines_of(texts)]
    # spaces around both: a name is no part of a longer word
    lines = [f" {line} " for line in folded_lines if not _OTHERS.search(line)]
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
            if not line or (_MOTTO.search(fold(line)) and not UNIT.search(line)):
                continue
            if _ONLY_AUTHORITY.fullmatch(torn) and _BEGINS_ANEW.match(line):
                yield torn  # whose name was left out
                torn = ""
            line = f"{torn} {line}".strip()
            torn = ""
            if _ONLY_AUTHORITY.fullmatch(line) or _GOES_ON.fullmatch(line):
                torn = line
                continue
            yield line
    if torn:
        yield torn


def _pieces(text: str) -> Iterator[str]:
    """The lines of a cell; a bracket may go on over several of them."""
    open_bracket = ""
    if "  " in text:
        text = " ".join(text.split()) if _SPACED_OUT.fullmatch(text.strip()) else _TORN_NAME.sub(r"\1 ", text)
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
    in_address = label_before = False
    for line in lines_of(texts):
        folded = fold(line)
        if in_address and line.startswith(("-", "–", "+", "•", "*")):
            continue
        in_address = bool(_ADDRESSES.search(folded))
        label = _LABEL.match(line)
        labelled = bool(label) or label_before
        if label is not None and not line[label.end() :].strip():
            label_before = True  # the name stands in the next cell
            continue
        rest = line[label.end() :].strip() if label is not None else line
        named = list(_units_in(rest, labelled=labelled))
        if label is not None and not named:
            says_who = bool(label["name"] or label["does"])
            named = list(_behind_label(rest, says_who=says_who))
        elif label_before and not named:
            named = [_Named("", COMMUNE)]
        label_before = False
        yield from named
    if label_before:
        yield _Named("", COMMUNE)


def _behind_label(text: str, *, says_who: bool) -> Iterator[_Named]:
    """The name without a level behind `Đơn vị báo cáo:`. Behind `Đơn vị:` it may be anything: nobody is named."""
    words = text.split()
    is_name = all(word[0].isupper() for word in words) and text.replace(" ", "").isalpha()
    is_name = is_name and 1 < len(words) <= _MOST_WORDS_BEHIND_LABEL
    if says_who and is_name:
        yield _Named(text, COMMUNE, has_authority=False, in_passing=True)
    elif (says_who or is_name) and not _MEASURES.match(fold(text)):
        yield _Named("", COMMUNE)


def _office_in(line: str, *, labelled: bool) -> tuple[_Named, str] | None:
    """The office that a line names, and what stands before: `… của Sở Nội vụ`, or a line of its own."""
    whole = _AN_OFFICE.match(line)
    found = whole or _OF_AN_OFFICE.search(line)
    if found is None:
        return None
    written = found[0] if whole else found["office"]
    before = line[: found.start()]
    if _OTHERS.search(fold(before)) and not labelled:
        return None
    stop = _OFFICE_ENDS.search(written)
    name = _without_odd_bracket(written[: stop.start()] if stop else written).strip(" .,-–")
    is_name = len(name.split()) <= _MOST_WORDS and not re.search(r"\d", name)
    if not is_name or (whole and not labelled and fold(name) != fold(line)):
        return None
    return _Named(name, RANK_OF_OFFICE, labelled), before


def _without_odd_bracket(text: str) -> str:
    """The text up to a bracket that closes one opened before it."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return text[:at]
    return text


def _units_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    office = _office_in(line, labelled=labelled)
    if office is not None:
        named_office, line = office
        yield named_office
    found, at = False, 0
    while match := UNIT.search(line, at):
        named, at = _named(match, line, "UBND ", labelled=labelled)
        if _OTHERS.search(fold(line[: match.start()])) and not labelled:
            continue
        if named is None:
            level, name, _ = level_and_name(match)
            if not name and not _GIVES_TASKS.match(line[at:]):  # `UBND XÃ QUÝ I NĂM 2023`
                yield _Named("", LEVELS[level])
            continue
        found = True
        yield named
        below = PLACE_BELOW.match(line, at)
        if below is not None and LEVELS[level_and_name(below)[0]] <= named.rank:  # `UBND huyện Chợ Đồn, xã Bằng Lăng`
            place, at = _named(below, line, "", labelled=labelled)
            if place is not None:
                yield place
    folded = fold(line)
    if found or _OTHERS.search(folded):
        return
    places = list(_places_in(NAME_OF.sub("", line), labelled=labelled))
    yield from places
    rank = None if places else rank_left_open(line)
    if rank is not None:
        yield _Named("", rank)
    elif not places and not _OF_A_PERSON.search(folded) and not _OF_A_LETTER.search(line):
        for commune in communes_in_passing(line):
            is_certain = bool(_A_TITLE.search(folded) or _NAMES_WHOM.search(commune.ahead))
            yield _Named(commune.name, COMMUNE, has_authority=False, in_passing=True, is_certain=is_certain)


def _places_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    """The place that a line is, or those that it lists from the highest down: `HUYỆN CHỢ ĐỒN – XÃ BẰNG LĂNG`."""
    whole = PLACE.match(line)
    named = _named(whole, line, "", labelled=labelled)[0] if whole is not None else None
    if named is None:
        return
    if labelled or _is_whole_line(named, line):
        yield named._replace(has_authority=False)
        return
    pieces = BETWEEN_PLACES.split(line)
    places = [_named(match, piece, "", labelled=False)[0] for piece in pieces if (match := PLACE.fullmatch(piece))]
    if len(places) == len(pieces):
        yield from (place._replace(has_authority=False) for place in places if place is not None)


def _named(match: re.Match[str], line: str, authority: str, *, labelled: bool) -> tuple[_Named | None, int]:
    """The unit that a match names, with the places above it that follow on the same line, and where all that ends.

    None where there is no name.
    """
    level, name, end = level_and_name(match)
    if not name or _GIVES_TASKS.match(line[end:]):
        return None, end
    full = f"{authority}{level} {name}"
    while above := PLACE_ABOVE.match(line, end):
        level_above, name_above, after = level_and_name(above)
        if not name_above or LEVELS[level_above] <= LEVELS[level]:
            break
        full, end = f"{full}, {level_above} {name_above}", after
    return _Named(full, LEVELS[level], labelled), end


def _is_whole_line(named: _Named, line: str) -> bool:
    return fold(named.name) == fold(line)
