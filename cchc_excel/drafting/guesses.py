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
    numbers = [it for it in under.get(row.place, []) if it.kind in _NUMBERS]
    if len(numbers) < 2 or not row.bare.startswith("ty le"):
        return
    whole = next((it for it in numbers if it.bare.startswith("tong")), None)
    whole = whole or next((it for it in numbers if any(word in it.bare for word in _WHOLES)), numbers[0])
    parts = [it for it in numbers if it is not whole and it.unit == whole.unit]
    if not parts:
        return
    after = [it for it in parts if it.place > whole.place]
    part = (after or parts)[0]
    row.relations |= {"part": part.id, "whole": whole.id}
    row.reasons["part"] = (
        f"dòng {part.number} và dòng {whole.number} đứng ngay dưới tỷ lệ, cùng đơn vị tính “{whole.unit}”"
    )


def _total(row: DraftRow, under: Mapping[int, list[DraftRow]]) -> None:
    """A number is the total of rows under it that have no number of their own, or of all if it says `Tổng`."""
    parts = under.get(row.place, [])
    if not parts or any(it.kind not in _NUMBERS or it.unit != row.unit or it.within for it in parts):
        return
    says_total = row.bare.startswith("tong")
    if any(it.stt for it in parts) and not (says_total and len(parts) > 1 and all(it.stt for it in parts)):
        return
    if len(parts) == 1 and not says_total:
        return
    row.relations["total_of"] = [it.id for it in parts]
    word = "tên có chữ “Tổng”" if says_total else "các dòng dưới không có số riêng"
    row.reasons["total_of"] = f"{word}, dòng {parts[0].number}–{parts[-1].number} cùng đơn vị tính “{row.unit}”"


def _share(row: DraftRow, rows: Sequence[DraftRow]) -> None:
    """A percentage without components, under a number: that number is its base."""
    if row.stt or row.above is None or rows[row.above].kind not in _NUMBERS:
        return
    row.relations["of"] = rows[row.above].id
    row.reasons["of"] = f"tỷ lệ đứng dưới dòng {rows[row.above].number}, không có dòng thành phần"


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
    row.relations["is"], row.reasons["is"] = what, why
