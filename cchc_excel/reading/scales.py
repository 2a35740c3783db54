"""The size that a text gives to all figures: `ĐVT: nghìn hồ sơ` makes each of them a thousand.

In:     a line above a table, or a title of its columns.
Out:    a Scale, or None where the text speaks of no size, as `Đơn vị: Triệu Phước`.
Never:  knows a form.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cchc_excel.reading.header import LONGEST_TITLE
from cchc_excel.vietnamese.text import clean, fold, strip_accents

__all__ = ["Scale", "scale_of_unit", "scale_stated"]

_SIZES = {"chục": 10, "trăm": 100, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9}
_BARE_SIZES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9}  # the others are other words too
_MONEY = frozenset({"đồng", "đ", "vnđ", "vnd", "việt nam đồng", "đồng việt nam", "dong", "d"})
_NOUNS = _MONEY | {
    "hồ sơ", "văn bản", "người", "lượt", "thủ tục", "tthc", "cuốn", "trường hợp", "việc", "phiếu", "bộ", "đơn vị",
    "ho so", "van ban", "nguoi", "luot", "thu tuc",
}  # fmt: skip
_SIZE = rf"(?P<size>{'|'.join((*_SIZES, *_BARE_SIZES))}|1 ?000(?: ?000)*|(?=(?:đồng|vnđ|vnd)\b))"
_STATED = re.compile(
    rf"\b(?P<label>đơn vị tính|don vi tinh|đvt|dvt|đơn vị|don vi)(?: theo| bằng| là)? {_SIZE} ?(?P<noun>.*)"
)
_ALONE = re.compile(rf"{_SIZE} ?(?P<noun>.*)")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_PERCENT = re.compile(r"(?:đơn vị(?: tính)?|đvt)\s*[:=]?\s*%\s*[)\]]?\s*", re.IGNORECASE)


class Scale(NamedTuple):
    """What a text says of all figures: how many ones each stands for, and of what; `is_percent` for `%`."""

    factor: int
    noun: str
    is_percent: bool = False

    @property
    def is_money(self) -> bool:
        return self.noun in _MONEY


def scale_of_title(title: str) -> Scale | None:
    """Return the size that the title over figures gives them: `Kết quả (%)`; None where it speaks of none."""
    return Scale(1, "", is_percent=True) if title.rstrip().endswith("(%)") else scale_stated(title)


def scale_stated(text: str) -> Scale | None:
    """Return the size that a line or a title gives to all figures; None where it speaks of none."""
    for line in text.splitlines():
        if len(line) > LONGEST_TITLE:
            continue
        if _PERCENT.fullmatch(clean(line).strip("([ ")):
            return Scale(1, "", is_percent=True)
        folded = fold(line)
        if (found := _STATED.search(folded)) and (scale := _scale(found, found["label"])):
            return scale
        for alone in (folded, *map(fold, _IN_BRACKETS.findall(line))):
            if (found := _ALONE.fullmatch(alone)) and (scale := _scale(found, "")):
                return scale
    return None


def _scale(found: re.Match[str], label: str) -> Scale | None:
    """The size that was found, if the words behind it are those of a unit: `Đơn vị: Triệu Phước` is a commune."""
    size, noun = found["size"], found["noun"].strip()
    known = next((it for it in sorted(_NOUNS, key=len, reverse=True) if f"{noun} ".startswith(f"{it} ")), None)
    says_unit = label in {"đơn vị tính", "don vi tinh", "đvt", "dvt"}
    is_long = len(noun.split()) > 3 and not label
    if (noun and known is None and not says_unit) or is_long or noun.startswith(("lệ", "le ", "trọng")):
        return None
    if size == "":
        return Scale(1, known or "") if noun in _MONEY else None
    factor = _SIZES.get(size) or _BARE_SIZES.get(size) or int(size.replace(" ", ""))
    return Scale(factor, noun if known is None else known)


def scale_of_unit(unit: str) -> int:
    """How many ones the form's own unit of a row stands for."""
    first, *_ = (*fold(unit).split(), "")
    return _SIZES.get(first) or _BARE_SIZES.get(strip_accents(first), 1)
