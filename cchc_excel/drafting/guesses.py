"""Relations guessed from numbering and words, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cchc_excel.drafting.rows import DraftRow, below
from cchc_excel.form import Kind

_WHOLES = ("tong so", "tong ", "de ra", "ke hoach", "du toan", "duoc giao", "can phai", "phai ")
_NUMBERS = frozenset({Kind.COUNT, Kind.MONEY})


def guess(rows: Sequence[DraftRow]) -> None:
    """Put into each row what follows from its place and words: part and whole, total, base of a share, what it is."""
    under = below(rows)
    for row in rows:
        if row.kind is Kind.PERCENT:
            _rate(row, under)
        elif row.kind in _NUMBERS:
            _total(row, under)
    for row in rows:
        if row.kind is Kind.PERCENT and "part" not in row.relations:
            _share(row, rows)
        _is(row)


def _rate(row: DraftRow, under: Mapping[int, list[DraftRow]]) -> None:
    """The components of a rate are the first two numbers of one unit that stand under it; the whole says `Tổng số`."""
    numbers = [number for number in under.get(row.place, []) if number.kind in _NUMBERS]
    if len(numbers) < 2 or not row.bare.startswith("ty le"):
        return
    whole = _whole_of(numbers)
    parts = [number for number in numbers if number is not whole and number.unit == whole.unit]
    if not parts:
        return
    # most forms print the whole first, then the part
    after_whole = [number for number in parts if number.place > whole.place]
    part = after_whole[0] if after_whole else parts[0]
    row.relations |= {"part": part.id, "whole": whole.id}
    row.reasons["part"] = (
        f"dòng {part.number} và dòng {whole.number} đứng ngay dưới tỷ lệ, cùng đơn vị tính “{whole.unit}”"
    )


def _whole_of(numbers: Sequence[DraftRow]) -> DraftRow:
    """The number that says `Tổng` first, else the first that has a word of wholes, else the first of all."""
    for number in numbers:
        if number.bare.startswith("tong"):
            return number
    for number in numbers:
        if any(word in number.bare for word in _WHOLES):
            return number
    return numbers[0]


def _total(row: DraftRow, under: Mapping[int, list[DraftRow]]) -> None:
    """A number is the total of rows under it that have no number of their own, or of all if it says `Tổng`."""
    parts = under.get(row.place, [])
    if not parts or not all(_adds_up_to(part, row) for part in parts):
        return
    says_total = row.bare.startswith("tong")
    if len(parts) == 1 and not says_total:
        return
    numbered = [part for part in parts if part.stt]
    if numbered:
        # rows with numbers of their own are indicators of their own, unless the label says that it counts them all
        all_numbered = len(numbered) == len(parts)
        if not says_total or not all_numbered or len(parts) == 1:
            return
    row.relations["total_of"] = [part.id for part in parts]
    word = "tên có chữ “Tổng”" if says_total else "các dòng dưới không có số riêng"
    row.reasons["total_of"] = f"{word}, dòng {parts[0].number}–{parts[-1].number} cùng đơn vị tính “{row.unit}”"


def _adds_up_to(part: DraftRow, row: DraftRow) -> bool:
    """Whether a row under another can be a part of its sum: of one unit, and not just some of it (`Trong đó`)."""
    return part.kind in _NUMBERS and part.unit == row.unit and not part.within


def _share(row: DraftRow, rows: Sequence[DraftRow]) -> None:
    """A percentage without components, under a number: that number is its base."""
    if row.stt or row.above is None:
        return
    base = rows[row.above]
    if base.kind not in _NUMBERS:
        return
    row.relations["of"] = base.id
    row.reasons["of"] = f"tỷ lệ đứng dưới dòng {base.number}, không có dòng thành phần"


def _is(row: DraftRow) -> None:
    """What the row is over time and over units."""
    if row.kind is Kind.HEADING:
        return
    if row.kind in _NUMBERS and "luy ke" in row.bare:
        what, why = "cumulative", "tên có chữ “lũy kế”"
    elif row.kind in _NUMBERS:
        what, why = "flow", "số phát sinh trong kỳ; nếu là số có tại cuối kỳ, đổi thành state; danh mục chung: common"
    elif row.kind is not Kind.PERCENT:
        what, why = "answer", "đếm các câu trả lời"
    elif "part" in row.relations:
        what, why = "share", "tính lại từ hai số thành phần"
    elif "of" in row.relations:
        what, why = "share", "bình quân theo số gốc"
    else:
        what, why = "share", "không có thành phần để tính lại"
    row.relations["is"] = what
    row.reasons["is"] = why
