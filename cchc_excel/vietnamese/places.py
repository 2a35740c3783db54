"""Places as headings name them: `xã Bằng Lăng`, `P. 12`, `THÀNH PHỐ HÀ NỘI`, and where such a name ends in a line.

In:     a line of a heading.
Out:    patterns of places, and the level and the name that a match of one holds.
Never:  decides which place reports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cchc_excel.vietnamese.patterns import Accented, Pattern
from cchc_excel.vietnamese.text import fold, strip_accents
from cchc_excel.vietnamese.unit_names import SHORT_LEVELS

RANK_OF_OFFICE, COMMUNE, DISTRICT, CITY, PROVINCE = range(5)
LEVELS = {
    "xã": COMMUNE, "phường": COMMUNE, "thị trấn": COMMUNE, "đặc khu": COMMUNE,
    "huyện": DISTRICT, "quận": DISTRICT, "thị xã": DISTRICT, "thành phố": CITY, "tỉnh": PROVINCE,
}  # fmt: skip
_SHORT = {f"{short}.": level for short, level in SHORT_LEVELS.items()}
_SHORT |= {"t.": "tỉnh", "tt": SHORT_LEVELS["tt"], "tp": SHORT_LEVELS["tp"]}
_BARE = {strip_accents(level): level for level in LEVELS}


def any_of(words: Iterable[str]) -> str:
    """A pattern for these words and the spaces in them; the longer first, or `tt` would be found where `tt.` stands."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


_LEVEL = rf"(?:{any_of([*LEVELS, *_BARE])})(?=\s|:)|(?:{any_of(_SHORT)})(?=\s|\w)"
AUTHORITY = r"(?:HĐND\s*(?:và|-|,|&)?\s*)?(?:U\.?B\.?N\.?D|[ỦU][ỶỲYỴ]\s+BAN\s+NH[ÂA]N\s+D[ÂA]N)\.?"
NAME = r"[^\W_][^()\[\]\n,;:/–]*"
_PLACE_ITSELF = rf"(?P<level>{_LEVEL})\s*:?\s*(?P<name>{NAME})"
UNIT = Pattern(rf"\b(?:{AUTHORITY})(?:\s*:)?\s+{_PLACE_ITSELF}", re.IGNORECASE)
PLACE = Pattern(_PLACE_ITSELF, re.IGNORECASE)
PLACE_ABOVE = Pattern(rf"\s*[,;(–-]?\s*{_PLACE_ITSELF}", re.IGNORECASE)
PLACE_BELOW = Pattern(rf"\s*[,;/–-]\s*{_PLACE_ITSELF}", re.IGNORECASE)
BETWEEN_PLACES = Pattern(r"\s*[,;/–]\s*|\s+-+\s+")
NAME_OF = Pattern(rf"tên\s+(?=(?:{_LEVEL}))", re.IGNORECASE)  # `Tên xã: Bằng Lăng`
# Năm Căn and Phú Quý are names: only a word with a number behind it is the period.
_ENDS = (
    r"\s+(?:về|kỳ\s+báo|báo\s+cáo|số\s+liệu|thực\s+hiện|ban\s+hành|(?:và|&)\s+(?:UBND|xã|phường|thị\s+trấn|đặc\s+khu)|cộng\s+h[oò][aà])\b"
    r"|\s+giao(?=\s+(?:UBND|các|cho|chỉ|nhiệm)\b)|\s+độc\s+lập(?=\s*[-–])"
    r"|\s+(?:mẫu|biểu)\s+(?:số|mẫu|\d)|\s+quý\s+(?:[iv]+|\d+(?!\s+tháng))\b|\s+(?:năm|ngày|tháng)\s+(?=[\d.…])|[.…_]{2,}|\s+[-–]+(?=\s)"
    r"|\s+(?:(?:kính\s+)?gửi|phụ\s+lục|kết\s+quả|công\s+tác|tình\s+hình|cải\s+cách|cchc|thống\s+kê)\b|\s+đã(?=\s)"
    r"|\s+(?:trong|từ|đến|lần)\s+(?:quý|năm|kỳ|tháng|ngày|thứ|\d)|\s+\d{1,2}\s+tháng\b|\s+số\s*(?::|\d+\s*/)"
    r"|\s+q\.?\s*(?:[1-4]|[iv]+)\s*[/.-]\s*\d{2}"
    r"|\s+(?:biểu\s+thống\s+kê|tổng\s+hợp|định\s+kỳ|nay\s+là|sáp\s+nhập)\b|\s+thuộc\s+(?=huyện|quận|thị\s+xã|thành|tỉnh)"
    r"|-\s*(?=(?:x|p|tt|h|q|tx|tp)\.\s*\w|(?:xã|phường|thị\s+trấn|đặc\s+khu|huyện|quận|thành\s+phố|tỉnh)\s+\w)"
)
_NAME_ENDS = Accented.of(_ENDS, re.IGNORECASE)
_HIGHER = any_of(level for level, rank in LEVELS.items() if rank > COMMUNE)
_HIGHER_PLACE = Pattern(rf"\s+(?:{_HIGHER})\s+(?=\w)", re.IGNORECASE)  # `xã Bằng Lăng huyện Chợ Đồn`


# What stands behind a level and is no name, folded: `xã hội`, `xã nông thôn mới`, `UBND xã trên địa bàn`. There are
# communes called Hội An, Nông Hạ, Trực Thái, Tự Lập, Các Sơn, Bản Lầu, Văn Hóa, Biên Giới, Bãi Ngang, Liên Quan, Đạt
# Hiếu, and without accents Phương Độ: a word that may begin a name counts where nothing else or a known word follows.
_NOBODY = Accented(
    Pattern(
        r"hội(?: (?:hoá|học|chủ nghĩa|và|của|trên|tại|theo|xã|phường|thị trấn|huyện|tỉnh)\b.*)?$"
        r"|(?:xã|phường|thị trấn|đặc khu)\b"
        r"|(?:thôn|bản|ấp|đảo|viên|luận|năm|quý|tháng)$|viên (?:hợp tác xã|htx)\b|(?:trên|thuộc|có|được|và|theo)\b"
        r"|(?:đạt|điểm|vùng|loại|sau|mới)$|đạt (?:\d|(?:chuẩn|tiêu chí|chỉ tiêu|mức|tỷ lệ|điểm|loại|yêu cầu|kết quả)\b)"
        r"|đạt (?:danh hiệu|trên|dưới|từ|nông thôn)\b"
        r"|vùng (?:cao|sâu|xa|biên|núi|dân tộc|đồng bào|khó khăn|đặc biệt|[iv\d]+)\b"
        r"|điểm (?:nông thôn|về|của|số|cao|thấp|trung bình)\b|loại (?:[iv\d]+|một|hai|ba|a|b|c|tốt|khá|giỏi)\b"
        r"|sau (?:sáp nhập|sắp xếp|khi|đây|hợp nhất|chia tách)\b"
        r"|mới (?:thành lập|sáp nhập|sắp xếp|hình thành|chia tách)\b"
        r"|(?:nông thôn|trực thuộc|trực tiếp|chuyên trách|phụ trách|khó khăn|đặc biệt|khu vực|miền núi)\b"
        r"|(?:kiểu mẫu|thông minh|chuyển đổi)\b|tự (?:đánh giá|chấm|kiểm|rà|nhận|công bố)\b"
        r"|các (?:cấp|xã|phường|đơn vị|cơ quan|ngành|phòng|ban|huyện|tỉnh)\b|kỳ (?:[ivx]+|\d+)\b|đợt\b|\d{3}"
    ),
    Pattern(
        r"hoi(?: (?:hoa|hoc|chu nghia)\b.*)?$|(?:nong thon|thi tran|dac khu|tren dia ban|truc thuoc|theo quyet dinh)\b"
        r"|(?:co lien quan|chuyen doi|kieu mau|khu vuc|mien nui|dac biet|tu danh gia|tu cham)\b|sau(?: sap nhap)?$"
        r"|ky (?:[ivx]+|\d+)\b|dot\b|\d{3}"
    ),
)


class Place(NamedTuple):
    """A place that a line names: its level in full, its name, empty where there is none, and where the name ends.

    `is_nobody` says that other words stand where the name should, so that none was left out.
    """

    level: str
    name: str
    end: int
    is_nobody: bool = False

    @property
    def rank(self) -> int:
        return LEVELS[self.level]


def _level_of(match: re.Match[str]) -> str:
    """The level that a match names, in full and with its accents."""
    written = " ".join(match["level"].lower().split())
    return _SHORT.get(written) or _BARE.get(written) or written


def place_of(match: re.Match[str]) -> Place:
    """Return the place that a match names, up to where its name ends; it may be shorter than what matched."""
    level = _level_of(match)
    start, length = match.start("name"), len(match["name"])
    rest = f" {match.string[start:]}"  # what ends a name may stand where it should begin
    for ends in (_NAME_ENDS, _HIGHER_PLACE):
        stop = ends.search(rest)
        if stop is not None:
            length = min(length, max(stop.start() - 1, 0))
    name = match["name"][:length].strip(" .*_=~-")
    folded = fold(name)
    if folded.startswith("uỷ "):  # `TỈNH ỦY BẮC KẠN`, a committee of the Party
        name = ""
    is_nobody = _NOBODY.of_text(folded).match(folded) is not None
    return Place(level, "" if is_nobody else name, start + length, is_nobody)


# --- a name that was left out, and one in the midst of a sentence

_OPEN = Accented.of(
    rf"(?:^|\b(?:{AUTHORITY})\s*:?\s*)(?P<level>{any_of(LEVELS)})(?:\s*[,/]\s*(?:{any_of(LEVELS)}))*"
    r"(?:\s*[,/]\s*|\s*:?\s*(?:[.…_]{2,}|…|[\[(]|$))",
    re.IGNORECASE,
)
_NOT_ONE = "".join(rf"(?<!{word} )" for word in ("cấp", "các", "từng", "mỗi", "thị", "liên", "toàn", "cụm", "tác"))
_IN_PASSING = Accented.of(
    rf"(?<!\w){_NOT_ONE}(?P<level>{any_of(level for level, rank in LEVELS.items() if rank == COMMUNE)})"
    rf"\s+(?!\d+\s*/)(?P<name>{NAME})",
    re.IGNORECASE,
)
MOST_WORDS_OF_NAME = 4


class InPassing(NamedTuple):
    """A commune that a sentence names; `ahead` is what stands before it."""

    name: str
    ahead: str


def rank_left_open(line: str) -> int | None:
    """The rank of the place whose name a line leaves out: `UBND xã ………`; None where none is."""
    if line.isalnum():  # `STT`
        return None
    found = _OPEN.search(line)
    return None if found is None else LEVELS[_level_of(found)]


def communes_in_passing(line: str) -> Iterator[InPassing]:
    """The communes that a sentence names: `Số liệu CCHC xã Bằng Lăng quý I`. A name begins with a capital."""
    if line.isalnum():
        return
    end = 0
    while found := _IN_PASSING.search(line, end):
        place = place_of(found)
        end = found.start("name") if place.is_nobody else place.end
        is_name = place.name[:1].isupper() or place.name[:1].isdigit()
        if is_name and len(place.name.split()) <= MOST_WORDS_OF_NAME:
            yield InPassing(f"{place.level} {place.name}", line[: found.start()])
