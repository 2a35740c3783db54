"""The unit that a heading names as the one that reports, among all the authorities that it names.

In:     the texts of a heading, one a cell, as they stand there.
Out:    the unit, or two and more where nothing decides between them.
Never:  takes the authority that issued the form, or to which the report is addressed, for the unit that reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cchc_excel.vietnamese.offices import OFFICE, is_office
from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.places import (
    AUTHORITY,
    BETWEEN_PLACES,
    COMMUNE,
    LEVELS,
    MOST_WORDS_OF_NAME,
    NAME_OF,
    PLACE,
    PLACE_ABOVE,
    PLACE_BELOW,
    PROVINCE,
    RANK_OF_OFFICE,
    UNIT,
    any_of,
    communes_in_passing,
    place_of,
    rank_left_open,
)
from cchc_excel.vietnamese.text import LONGEST_LINE, clean, fold, strip_accents
from cchc_excel.vietnamese.unit_names import NameKey, level_gap, name_keys

__all__ = ["UnitStated", "cites_another_document", "lines_of", "one_of", "others_stated", "unit_stated"]

_AN_OFFICE = Pattern(rf"{OFFICE}\s+[^\n\[\]:;/]+", re.IGNORECASE)
_OF_AN_OFFICE = Pattern(rf"\bcủa\s+(?P<office>{OFFICE}\s+[^\n\[\]:;/]+)", re.IGNORECASE)
# `Văn phòng HĐND và UBND xã …` goes on where the name of a commune ends.
_OFFICE_ENDS = Pattern(
    r"\s+(?:về\s+việc|kỳ\s+báo|báo\s+cáo|số\s+liệu|cộng\s+h[oò][aà]|độc\s+lập)\b"
    r"|\s+quý\s+(?:[iv]+|\d+)\b|\s+(?:năm|ngày|tháng)\s+(?=[\d.…])|[.…_]{2,}"
    rf"|\s+[-–]+(?=\s+(?:{AUTHORITY}|(?:{any_of(LEVELS)})\s+(?!hội\b)\w))",  # `Phòng Văn hóa - Xã hội` is one name
    re.IGNORECASE,
)
_MOST_WORDS = 16  # of an office's name; a sentence has more
# A line that goes on in the next one: a part of `ỦY BAN NHÂN DÂN`, or `Kèm theo Công văn … của`.
_GOES_ON = Pattern(r"[ỦU][ỶỲYỴ](?:\s+BAN(?:\s+NH[ÂA]N)?)?|.*\bcủa", re.IGNORECASE)
_ONLY_AUTHORITY = Pattern(rf"(?:{AUTHORITY})(?:\s+(?:{any_of(LEVELS)}))?", re.IGNORECASE)
_BEGINS_ANEW = Pattern(rf"(?:{AUTHORITY})\s", re.IGNORECASE)
_LABEL = Pattern(
    r"\s*(?P<name>tên\s+)?(?:đơn\s+vị|cơ\s+quan)(?P<does>\s+(?:báo\s+cáo|gửi|lập|nộp|thực\s+hiện))?(?:\s+báo\s+cáo)?"
    r"\s*(?P<colon>:|$)",
    re.IGNORECASE,
)
_MOST_WORDS_BEHIND_LABEL = 6
# What `Đơn vị:` says before a unit of measure, which is not the name of anybody.
_MEASURES = Pattern(
    r"(?:(?:chục|trăm|nghìn|ngàn|triệu|tỷ|1 000) )*"
    r"(?:đồng|đ|vnđ|vnd|văn bản|hồ sơ|thủ tục|người|lượt|nhiệm vụ|phiếu|tthc)\b"
)
# A title of the form, which names whom the figures are of; and lines about a person or a house.
_A_TITLE = Pattern(r"\b(?:cchc|cải cách hành chính|số liệu|biểu|báo cáo|thống kê|kết quả)\b")
_TO_FILL_IN = Pattern(r"[.…_]{2,}|…")
_OF_A_PERSON = Pattern(r"\b(?:địa chỉ|trụ sở|điện thoại|đt|email|người)\b")
_OF_A_LETTER = Pattern(r",\s*ngày\b", re.IGNORECASE)  # `Thị trấn Bằng Lũng, ngày 10 tháng 3 năm 2023`
_NAMES_WHOM = Pattern(r"(?:^[\W\d]*|\bcủa\s+|:\s*)$", re.IGNORECASE)
_LINE_ENDS = Pattern(r"[\n\r\t\v]|[ \u00a0]{2,}")
# Two spaces by a slip of the hand: between all words, or before the last word of a short name (`UBND XÃ BẰNG  LĂNG`).
_SPACED_OUT = Pattern(r"\S+(?:[ \u00a0]{2,}\S+){3,}")
_TORN_NAME = Pattern(
    rf"(\b(?:{any_of(LEVELS)})[ \u00a0]+[^\W\d_]+)[ \u00a0]{{2}}"
    r"(?!(?:biểu|mẫu|phụ|số|quý|năm)\b)(?=[^\W\d_]+(?:$|[ \u00a0]*[\n,;(–-]|[ \u00a0]{2}))",
    re.IGNORECASE,
)
_MOTTO = Pattern(r"cộng hoà xã hội chủ nghĩa|độc lập tự do hạnh phúc")
_STATE = Pattern(r"cộng hoà xã hội chủ nghĩa việt nam|độc lập tự do hạnh phúc")
# Folded words that speak of another authority's document, or address one. Behind them its author or reader is named.
_OTHERS = Pattern(
    r"\b(?:kính gửi|gửi|nơi nhận|căn cứ|quyết định|công văn|văn bản|kế hoạch|nghị quyết|nghị định|thông tư|thông báo"
    r"|chỉ thị|hướng dẫn|ban hành|yêu cầu|đề nghị|chỉ đạo của|trình|qđ|(?:đơn vị|cơ quan) nhận|nhận báo cáo|chủ quản"
    r"|cấp trên)\b"
)
_DIGIT_OF = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_BULLETS = ("-", "–", "+", "•", "*")
_ADDRESSES = Pattern(r"\b(?:kính gửi|nơi nhận|nơi gửi)$")
_SENT_FROM_OR_TO = Pattern(r"\s*nơi\s+gửi(?:\s+báo\s+cáo)?\s*:", re.IGNORECASE)  # who sends it, or to whom
_GIVES_TASKS = Pattern(r"^\s*(?:giao|ban hành|phê duyệt|yêu cầu)\b", re.IGNORECASE)


class UnitStated(NamedTuple):
    """The unit that some texts name as the reporting one; `rivals` are two or more where nothing decides.

    `above` is the place that stands over the unit in the letterhead (`huyện Chợ Đồn`), None where there is none.
    """

    unit: str | None = None
    rivals: tuple[str, ...] = ()
    above: str | None = None


class _Named(NamedTuple):
    """One unit as a line names it: its name in full, and the rank of its level (0: an office, 1: a commune).

    `is_labelled` says that it stands behind `Đơn vị:`, `has_authority` that its committee is named: `UBND`. The name is
    empty where a line leaves it out: `UBND xã ………`. What is named in passing is not certain in a sentence that may
    speak of somebody else; what is left out is not in a printed title, which says for whom the form was made. `line`
    counts the lines, and `is_in_title` tells that this one is a title of the form.
    """

    name: str
    rank: int
    is_labelled: bool = False
    has_authority: bool = True
    in_passing: bool = False
    is_certain: bool = True
    line: int = 0
    is_in_title: bool = False

    @property
    def is_in_capitals(self) -> bool:
        own_name = self.name.split(" ", 2)[-1]  # without `UBND xã`
        return own_name.isupper()

    @property
    def rank_of_office(self) -> int | None:
        """The rank of the place that an office belongs to by its own name; None for a name that tells none."""
        if fold(self.name).startswith("sở "):
            return PROVINCE
        words = f" {fold(self.name)} ".replace(" xã hội ", " ")
        ranks = [rank for level, rank in LEVELS.items() if f" {level} " in words]
        return min(ranks, default=None)

    @property
    def rank_above(self) -> int:
        """The rank of its level, of an office that of the place that it belongs to, where its name tells that."""
        return self.rank if self.rank > RANK_OF_OFFICE else self.rank_of_office or RANK_OF_OFFICE


_LEFT_OUT = _Named("", COMMUNE)


def unit_stated(texts: Sequence[str]) -> UnitStated:
    """Return the unit that reports: the one behind `Đơn vị:`, else the lowest level that the texts name.

    `texts` are the cells of a heading, from the first to the last. A district whose letterhead stands over a commune's
    form does not report: not where a line names the commune in passing, nor where it leaves its name out.
    """
    found = list(_units_named(texts))
    named = [unit for unit in found if unit.name and not unit.in_passing]
    labelled = [unit for unit in named if unit.is_labelled]
    candidates = labelled or [unit for unit in named if unit.has_authority or unit.rank == COMMUNE]
    if not labelled and all(unit.rank_above > COMMUNE for unit in candidates):
        below = _commune_below(candidates, found)
        if below.is_open:
            return UnitStated()
        if below.rivals:
            return UnitStated(rivals=below.rivals)
        candidates = list(below.communes) or candidates
    if not candidates:
        return UnitStated()
    units = _each_once(_lowest(candidates))
    if len(units) > 1:
        return UnitStated(rivals=tuple(unit.name for unit in units))
    (unit,) = units
    others = _others_of_its_level(unit, found) if unit.is_labelled else ()
    if others:
        return UnitStated(rivals=(unit.name, *others))
    higher = [other for other in named if other.rank > unit.rank]
    if not higher:
        return UnitStated(unit.name)
    next_higher = min(higher, key=lambda other: other.rank)
    return UnitStated(unit.name, above=next_higher.name.removeprefix("UBND "))


def others_stated(unit: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the units of its level that the texts name as the one that reports, but for this one itself."""
    if not any(_STATE.sub("", fold(text)).strip() and PLACE.search(text) for text in texts):
        return ()  # the common case, at a tenth of the cost
    keys = name_keys(unit)
    if not keys or is_office(unit):
        return ()
    found = [named for named in _units_named(texts) if named.has_authority or named.is_in_title]  # not `XÃ BIÊN GIỚI`
    return _others_of_its_level(_Named(unit, LEVELS.get(keys[0].level, COMMUNE)), found)


def _others_of_its_level(unit: _Named, found: Sequence[_Named]) -> tuple[str, ...]:
    """The units of the same level that are named for certain; a letterhead may contradict `Đơn vị: …`.

    A line that names the unit itself contradicts nothing: `XÃ TÂN LẬP (gồm xã Bản Thi và xã Xuân Lạc)`.
    """
    own_lines = {other.line for other in found if other.name and other.rank == unit.rank and _are_alike(other, unit)}
    certain = [other for other in found if other.is_certain and other.rank == unit.rank >= COMMUNE]
    others = [other for other in certain if other.line not in own_lines and _is_a_name(other)]
    return tuple(dict.fromkeys(it.name for it in others if it.has_authority or it.rank == COMMUNE))


def _is_a_name(unit: _Named) -> bool:
    """Whether the name proper has a capital or a number: `UBND xã ký, đóng dấu` names nobody."""
    keys = name_keys(unit.name)
    proper = unit.name.split(",")[0].split()[-len(keys[0].core.split()) :] if keys else []
    return any(not word.islower() for word in proper)


def _are_alike(other: _Named, unit: _Named) -> bool:
    """Whether two names may be one but for accents, apostrophes, spaces and numerals, or the second holds the first."""
    keys, own_keys = name_keys(other.name), name_keys(unit.name)
    if not keys or not own_keys or _are_one(other, unit):
        return _are_one(other, unit)
    key, own = keys[0], own_keys[0]
    is_held = not own.level and f" {key.level} {key.core} " in f" {own.core} "  # `Công chức … xã Bằng Lăng`
    return is_held or (_letters_of(key) == _letters_of(own) and level_gap(key, own) is not None)


def _letters_of(key: NameKey) -> str:
    """The letters of the name proper without accents, its last word a digit where that is a numeral."""
    words = key.bare.split()
    return "".join((*words[:-1], _DIGIT_OF.get(words[-1], words[-1])))


class _Below(NamedTuple):
    """The commune whose form stands under a letterhead from above.

    `communes` are those named for certain; `rivals` are the authority and the communes that may be meant instead of it;
    `is_open` says that a name was left out.
    """

    communes: tuple[_Named, ...] = ()
    rivals: tuple[str, ...] = ()
    is_open: bool = False


def _commune_below(higher: Sequence[_Named], found: Sequence[_Named]) -> _Below:
    """What the lines say of a commune below those that they name; `found` is all that they name or leave out."""
    own_names = {_core(unit) for unit in higher}  # `Đơn vị báo cáo: Chợ Đồn` is the district itself
    spoken_of = [unit for unit in found if unit.name and unit.in_passing and _core(unit) not in own_names]
    certain = tuple(unit for unit in spoken_of if unit.is_certain)
    if certain or not higher:
        return _Below(certain)
    if spoken_of:
        return _Below(rivals=tuple(dict.fromkeys(unit.name for unit in (higher[-1], *spoken_of))))
    lowest = min(unit.rank_above for unit in higher)
    names_office = any(unit.rank == RANK_OF_OFFICE for unit in higher)  # it may fill in a form made for communes
    left_out = (unit for unit in found if not unit.name and (unit.is_certain or not names_office))
    return _Below(is_open=any(unit.rank < lowest for unit in left_out))


def _core(unit: _Named) -> str:
    """The name without its level and without the places above."""
    keys = name_keys(unit.name)
    return keys[0].core if keys else fold(unit.name)


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
    offices = [unit for unit in candidates if unit.rank == RANK_OF_OFFICE]
    are_above = all(office.rank_above > COMMUNE for office in offices)  # a place below such an office is not its own
    communes = [unit for unit in candidates if unit.rank == COMMUNE and (unit.has_authority or are_above)]
    if not offices:
        lowest = min(unit.rank for unit in candidates)
        return [unit for unit in candidates if unit.rank == lowest]
    if not communes:
        return _lowest_offices(offices)
    office, commune = offices[0], communes[0]
    is_higher = (office.rank_of_office or COMMUNE) > COMMUNE
    if candidates.index(office) < candidates.index(commune):
        begins_higher = candidates[0].rank > COMMUNE  # UBND HUYỆN …, PHÒNG …, UBND XÃ …
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
        for piece in _pieces(text) if len(text) <= LONGEST_LINE else ():
            line = clean(piece)
            if not line or _is_motto(line):
                continue
            if _ONLY_AUTHORITY.fullmatch(torn) and _BEGINS_ANEW.match(line):
                yield torn  # whose name was left out
                torn = ""
            line = f"{torn} {line}".strip()
            goes_on = _ONLY_AUTHORITY.fullmatch(line) or _GOES_ON.fullmatch(line)
            torn = line if goes_on else ""
            if not goes_on:
                yield line
    if torn:
        yield torn


def _is_motto(line: str) -> bool:
    """Whether a line is the motto of the state, and names no unit beside it."""
    return _MOTTO.search(fold(line)) is not None and not UNIT.search(line)


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
    """Every unit that the texts name or leave open as one that may report, in their order."""
    in_address = is_name_next = False
    for number, line in enumerate(lines_of(texts), start=1):
        if in_address and line.startswith(_BULLETS):
            continue
        in_address = bool(_ADDRESSES.search(fold(line)))
        sender = _SENT_FROM_OR_TO.match(line)
        if sender is not None:
            for commune in communes_in_passing(line[sender.end() :]):
                yield _passing(commune.name, is_certain=False)
        label = _LABEL.match(line)
        rest = line[label.end() :].strip() if label is not None else line
        if label is not None and not rest:
            is_name_next = True  # it stands in the next cell
            continue
        named = list(_units_in(rest, labelled=label is not None or is_name_next))
        if label is not None and not named:
            says_who = bool(label["name"] or label["does"])
            named = list(_behind_label(rest, says_who=says_who))
        elif is_name_next and not named:
            named = [_LEFT_OUT]
        is_name_next = False
        is_in_title = bool(named) and _A_TITLE.search(fold(line)) is not None
        yield from (unit._replace(line=number, is_in_title=is_in_title) for unit in named)
    if is_name_next:
        yield _LEFT_OUT


def _behind_label(text: str, *, says_who: bool) -> Iterator[_Named]:
    """The name without a level behind `Đơn vị báo cáo:`. Behind `Đơn vị:` it may be anything: nobody is named."""
    words = text.split()
    is_name = all(word[0].isupper() for word in words) and text.replace(" ", "").isalpha()
    is_name = is_name and 1 < len(words) <= _MOST_WORDS_BEHIND_LABEL
    if says_who and is_name:
        yield _Named(text, COMMUNE, has_authority=False, in_passing=True)
    elif (says_who or is_name) and not _MEASURES.match(fold(text)):
        yield _LEFT_OUT


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
    return _Named(name, RANK_OF_OFFICE, labelled), before


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
    if any(unit.name for unit in committees) or cites_another_document(line):
        return
    places = list(_places_in(NAME_OF.sub("", line), labelled=labelled))
    yield from places
    if not places:
        yield from _not_in_full(line)


def _committees_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    """The units whose committee a line names, and a place below one: `UBND huyện Chợ Đồn, xã Bằng Lăng`."""
    end = 0
    while match := UNIT.search(line, end):
        unit, end = _named(match, line, "UBND ", labelled=labelled)
        if not labelled and cites_another_document(line[: match.start()]):
            continue
        if unit is None:
            place = place_of(match)
            # `UBND XÃ QUÝ I NĂM 2023`; a whole line `UBND XÃ …` may hold a name that is taken for other words
            is_left_out = not place.is_nobody or (place.rank == COMMUNE and match.start() == 0)
            if is_left_out and not (place.name or _GIVES_TASKS.match(line[end:])):
                yield _Named("", place.rank, is_certain=not _A_TITLE.search(fold(line)))
            continue
        yield unit
        below = PLACE_BELOW.match(line, end)
        if below is not None and place_of(below).rank <= unit.rank:
            below_unit, end = _named(below, line, "", labelled=labelled)
            if below_unit is not None:
                yield below_unit


def _not_in_full(line: str) -> Iterator[_Named]:
    """A unit whose name a line leaves out, or the communes that it names in passing."""
    folded = fold(line)
    rank = rank_left_open(line)
    if rank is not None:
        yield _Named("", rank, is_certain=bool(_TO_FILL_IN.search(line) or not _A_TITLE.search(folded)))
        return
    if _OF_A_PERSON.search(folded) or _OF_A_LETTER.search(line):
        return
    for commune in communes_in_passing(line):
        is_certain = bool(_A_TITLE.search(folded) or _NAMES_WHOM.search(commune.ahead))
        yield _passing(commune.name, is_certain=is_certain)


def _passing(name: str, *, is_certain: bool) -> _Named:
    return _Named(name, COMMUNE, has_authority=False, in_passing=True, is_certain=is_certain)


def _places_in(line: str, *, labelled: bool) -> Iterator[_Named]:
    """The place that a line is, or those that it lists from the highest down: `HUYỆN CHỢ ĐỒN – XÃ BẰNG LĂNG`."""
    first = _place_at_start(line, labelled=labelled)
    if first is None:
        return
    if labelled or _is_whole_line(first, line):
        yield first
        return
    pieces = BETWEEN_PLACES.split(line)
    places = [_place_at_start(piece, labelled=False) for piece in pieces if PLACE.fullmatch(piece)]
    if len(places) == len(pieces):
        yield from (place for place in places if place is not None)


def _place_at_start(text: str, *, labelled: bool) -> _Named | None:
    """The place without a committee with which a text begins.

    A small letter may begin a name or other words: `Xã bằng lăng`, `Xã nào chưa có`. Behind a label it is a name.
    """
    match = PLACE.match(text)
    place = _named(match, text, "", labelled=labelled)[0] if match is not None else None
    if match is None or place is None:
        return None
    may_be_words = match["name"][0].islower() and not (text.islower() or labelled)
    if not may_be_words:
        return place._replace(has_authority=False)
    may_be_name = place.rank == COMMUNE and len(place_of(match).name.split()) <= MOST_WORDS_OF_NAME
    return _passing(place.name, is_certain=False) if may_be_name else None


def _named(match: re.Match[str], line: str, authority: str, *, labelled: bool) -> tuple[_Named | None, int]:
    """The unit that a match names, with the places above it that follow on the same line, and where all that ends.

    None where there is no name.
    """
    place = place_of(match)
    end = place.end
    if not place.name or _GIVES_TASKS.match(line[end:]):
        return None, end
    full_name = f"{authority}{place.level} {place.name}"
    while match_above := PLACE_ABOVE.match(line, end):
        above = place_of(match_above)
        if not above.name or above.rank <= place.rank:
            break
        full_name, end = f"{full_name}, {above.level} {above.name}", above.end
    return _Named(full_name, place.rank, labelled), end


def _is_whole_line(named: _Named, line: str) -> bool:
    return fold(named.name) == fold(line)
