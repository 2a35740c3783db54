"""Which column holds the figures, where a sheet has several or the clerk gave it a title of his own.

In:     the columns that may hold the figures, each with its title, and the period reported on.
Out:    the one column that the titles make certain, or those between which they do not decide.
Never:  takes one of two columns because it stands further left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cchc_excel.form.period import tiling
from cchc_excel.submission import Period
from cchc_excel.vietnamese.patterns import Accented
from cchc_excel.vietnamese.periods import part_stated, period_stated
from cchc_excel.vietnamese.text import fold

__all__ = [
    "Choice",
    "FigureColumn",
    "choose",
    "is_of_something_else",
    "is_of_the_figures",
    "is_remark_of_something_else",
    "is_title_alone",
    "may_be_of_this_period",
    "other_period",
    "says_this_period",
    "speaks_of_another",
]


# The patterns are of folded text, where `lũy` is `luỹ` and `tỉ` is `tỷ`.
# What stands beside the figures of the period: figures of another time, plans, marks, and what is calculated of them.
# KH, TH, LK, CK, ƯTH: kế hoạch, thực hiện, lũy kế, cùng kỳ, ước thực hiện.
_SOMETHING_ELSE = Accented.of(
    r"\b(?:(?:kỳ|quý|tháng|năm|lần) (?:trước|ngoái)|cùng kỳ|ck|trước đó"
    r"|kế hoạch|kh|chỉ tiêu|được giao|giao|mục tiêu|dự toán|dự kiến|ước|ưth|định mức|phấn đấu|đăng ký"
    r"|luỹ k[ếể]|lk|cộng dồn|từ đầu (?:năm|kỳ|nhiệm kỳ)|đầu kỳ"
    r"|(?<!thời )(?<!địa )điểm|chấm|xếp (?:loại|hạng|thứ)|thứ hạng"
    r"|tỷ (?:lệ|trọng)|tốc độ|phần trăm|so sánh|so với|chênh lệch|tăng|giảm|biến động)\b"
)
_SAYS_HOW = Accented.of(r"\b(?:tỷ lệ|tỷ trọng|phần trăm)\b|^(?:không|chưa|trừ|theo)\b")
# `Đơn vị thực hiện`, `Nguồn số liệu`: who did it and where it is from, in words.
_IN_WORDS = Accented.of(r"^(?:đơn vị|cơ quan|bộ phận|người|nguồn|ngày|nơi|văn bản|căn cứ|đầu mối)\b")
_THIS_PERIOD = Accented.of(r"\b(?:kỳ (?:này|nay|báo cáo|hiện tại)|trong kỳ)\b")
# `Quý này` is the period of a report of a quarter; in one of another length it is a part of it, or more than it.
_THIS_MONTH = Accented.of(r"\b(?:tháng (?:này|nay|báo cáo|hiện tại)|trong tháng)\b")
_THIS_QUARTER = Accented.of(r"\b(?:quý (?:này|nay|báo cáo|hiện tại)|trong quý)\b")
_THIS_YEAR = Accented.of(r"\b(?:năm (?:này|nay|báo cáo|hiện tại)|trong năm)\b")
_SOME_YEAR = 2000  # to ask whether a title names a part of any
_WHOLE_YEAR = Accented.of(r"\bcả năm\b")
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS_OF = ((_THIS_MONTH, 1), (_THIS_QUARTER, 3), (_THIS_YEAR, 12))
_RESULT = Accented.of(r"\b(?:thực hiện|th|kết quả|thực tế|số liệu)\b")
_OF_A_PLAN = Accented.of(  # `Kết quả thực hiện kế hoạch`: no plan
    r"\bthực hiện (?:kế hoạch|kh|chỉ tiêu(?: kế hoạch)?(?: được giao)?|nhiệm vụ(?: được giao)?)\b"
)
# The same figures once more, as somebody put them right: which of the two is meant nobody knows but the two.
_PUT_RIGHT = Accented.of(
    r"\b(?:đính chính|điều chỉnh|hiệu chỉnh|sửa(?: lại| đổi)?|thẩm định|phê duyệt|duyệt|rà soát|kiểm tra|cập nhật"
    r"|chính thức|chốt|bổ sung|xác nhận|đối chiếu)\b|\bsố (?:liệu )?(?:đúng|mới)$"
)
# Of these no more is needed: `Đính chính` right of the notes is where an officer puts a figure right. What was checked
# (`Kiểm tra`, `Rà soát`) may be a mark beside the figure.
_CORRECTED = Accented.of(
    r"\b(?:đính chính|điều chỉnh|hiệu chỉnh|sửa|thẩm định|duyệt|chính thức|chốt)\b|\bsố (?:liệu )?(?:đúng|mới)$"
)
_FINAL = Accented.of(r"\b(?:chính thức|chốt|cập nhật|nháp|dự thảo)\b")
_CHANGES = Accented.of(r"^(?:không|chưa|đã|tăng|giảm|đạt|so)\b")  # `Tăng 5 so với kỳ trước` is a remark, no title
LONGEST_ALONE = 40  # characters of a title that stands by itself within the table
_SUMS = frozenset({"cộng", "tổng", "tổng cộng", "tổng số", "cong", "tong", "tong cong", "tong so"})
# `Q1` and `T3`, whose year is known; the year of `TH 2023`.
_SHORT_TIME = re.compile(r"\b(?:q(?P<quarter>[1-4])|t(?P<month>1[0-2]|0?[1-9]))\b(?! \d)")
_ONLY_YEAR = re.compile(r"\D*\b(?P<year>20\d\d)\b\D*")

# How much a title says for its column.
NOT_THE_FIGURES, NOTHING, A_RESULT, THE_PERIOD = range(4)


class FigureColumn(NamedTuple):
    """A column that may hold the figures. `own` says that the form itself gives it this title.

    `filled` says that figures stand in it. `titles` are all that stand over it, those of a group too.
    """

    column: int
    title: str
    own: bool
    filled: bool
    titles: str = ""


class Choice(NamedTuple):
    """The column that was taken, or None; `rivals` are then those between which the titles do not decide.

    Where the rivals are one column and those that put its figures right, `first` is the one: it is certain in the rows
    that nobody put right.
    """

    taken: FigureColumn | None
    rivals: tuple[FigureColumn, ...] = ()
    first: FigureColumn | None = None


def choose(columns: Sequence[FigureColumn], period: Period | None) -> Choice:
    """Return the column that the titles make certain for the period."""
    if len(columns) < 2:
        return Choice(columns[0] if columns else None)
    said = _said_for_each(columns, period)
    most = max(said.values())
    best = _best(columns, said)
    put_right = tuple(it for it in columns if it not in best and said[it.column] >= NOTHING and _is_put_right(it))
    if put_right and most > NOTHING:
        rivals = tuple(it for it in columns if it in best or it in put_right)
        is_in_part = len(best) == 1 and _may_be_put_right_in_part(best[0], put_right)
        return Choice(None, rivals, best[0] if is_in_part else None)
    if len(best) > 1:
        return Choice(None, best)
    if most <= NOTHING:
        return Choice(None, tuple(columns))
    full = tuple(it for it in columns if it.filled and said[it.column] > NOT_THE_FIGURES)
    if not best[0].filled and full:  # a title over two columns, of which the other holds the figures
        return Choice(None, (*best, *full))
    return Choice(best[0])


def _says(title: str, words: Accented) -> bool:
    """Whether a title holds these words, with its accents or without."""
    return words.search(fold(title)) is not None


def _said_for_each(columns: Sequence[FigureColumn], period: Period | None) -> dict[int, int]:
    """How much its title says for each column; the sum of all months of the period is a result."""
    said = {column.column: _said_for(column, period) for column in columns}
    sum_of_all = _sum_of_its_parts(columns, period)
    if sum_of_all is not None:
        said[sum_of_all.column] = max(said[sum_of_all.column], A_RESULT)
    return said


def _best(columns: Sequence[FigureColumn], said: Mapping[int, int]) -> tuple[FigureColumn, ...]:
    """The columns for which their titles say most: of several the filled ones, and the one that puts nothing right."""
    most = max(said.values())
    best = tuple(column for column in columns if said[column.column] == most)
    if len(best) > 1 and most > NOT_THE_FIGURES:
        best = tuple(column for column in best if column.filled) or best
    typed = tuple(column for column in best if not _is_put_right(column))
    return typed if len(typed) == 1 else best


def _said_for(column: FigureColumn, period: Period | None) -> int:
    """How much the title of a column says for it, as one of the levels above."""
    named = _period_named(column, period)
    if is_of_something_else(column.title) or (named is not None and period is not None and named != period):
        return NOT_THE_FIGURES
    if period is not None and named is None and _says(column.title, _WHOLE_YEAR):
        return THE_PERIOD if period.part == "Y" else NOT_THE_FIGURES
    months = next((months for words, months in _MONTHS_OF if _says(column.title, words)), None)
    if _says(column.title, _THIS_PERIOD) or (named is not None and named == period):
        return THE_PERIOD
    if months is not None and period is not None:
        length = period.length[0]
        if months == length:
            return THE_PERIOD
        if months < length:  # a month of the quarter
            return NOT_THE_FIGURES
    is_result = column.own or months is not None or named is not None or _says(column.title, _RESULT)
    return A_RESULT if is_result else NOTHING


def _is_put_right(column: FigureColumn) -> bool:
    return column.filled and _says(column.title, _PUT_RIGHT)


def _may_be_put_right_in_part(first: FigureColumn, others: Sequence[FigureColumn]) -> bool:
    """Whether the others correct some figures of the first; final figures would be all there are."""
    return first.filled and not any(_says(it.title, _FINAL) for it in (first, *others))


def _sum_of_its_parts(columns: Sequence[FigureColumn], period: Period | None) -> FigureColumn | None:
    """The column `Cộng` beside those of all months of the period; None if there is none."""
    sums = [column for column in columns if fold(column.title) in _SUMS]
    if period is None or len(sums) != 1:
        return None
    named = [_period_named(column, period) for column in columns if column is not sums[0]]
    pieces = [(it.calendar_days, it) for it in named if it is not None]
    return sums[0] if len(named) > 1 and tiling(period.calendar_days, pieces) == named else None


def is_of_something_else(title: str) -> bool:
    """Whether a title says that what stands below is of another time, of a plan, a comparison, or no figure at all."""
    folded = fold(title)
    if "%" in title or _says(title, _IN_WORDS):
        return True
    without_plan = _OF_A_PLAN.of_text(folded).sub("thuc hien" if folded.isascii() else "thực hiện", folded)
    return _says(without_plan, _SOMETHING_ELSE)


def is_remark_of_something_else(remark: str) -> bool:
    """Whether a remark behind a title says so: `Số liệu (lũy kế)`.

    `(số lượng, tỷ lệ %)` says what may be filled in, `(không tính lũy kế)` and `(theo kế hoạch)` say how.
    """
    return _says(remark, _SOMETHING_ELSE) and not _says(remark, _SAYS_HOW)


def is_of_the_figures(column: FigureColumn, period: Period | None) -> bool:
    """Whether the title of a column makes it one of the period's figures, though no other column stands beside it."""
    return _said_for(column, period) > NOTHING and not _is_put_right(column)


def is_title_alone(text: str) -> bool:
    """Whether a text that stands where figures do is a title for those below: `Kỳ trước`, `Lũy kế`, `Quý I`."""
    if not text:
        return False
    if not any(map(str.isalpha, text)) and _A_YEAR.search(text) is None:  # most of them: a figure typed as a text
        return False
    if len(text) > LONGEST_ALONE or _says(text, _CHANGES) or _says(text, _IN_WORDS):
        return False
    return _says(text, _SOMETHING_ELSE) or says_this_period(text) or _names_a_time(text)


def speaks_of_another(line: str) -> bool:
    """Whether a line above figures says that they are of a time, of a plan or of a comparison."""
    return not _says(line, _IN_WORDS) and (_says(line, _SOMETHING_ELSE) or _names_a_time(line))


def says_this_period(title: str) -> bool:
    """Whether a title speaks of the period reported on: `Kỳ này`."""
    return any(_says(title, words) for words in (_THIS_PERIOD, _THIS_MONTH, _THIS_QUARTER, _THIS_YEAR))


def may_be_of_this_period(title: str) -> bool:
    """Whether a title alone makes a column one of figures, wherever it stands: by its time, or as figures put right."""
    is_put_right = _says(title, _CORRECTED) or (_says(title, _PUT_RIGHT) and _says(title, _RESULT))
    return is_put_right or says_this_period(title) or _names_a_time(title)


def other_period(column: FigureColumn, period: Period | None) -> Period | None:
    """The period that a title names, where it is not the one reported on."""
    named = _period_named(column, period)
    return named if period is not None and named != period else None


def _names_a_time(title: str) -> bool:
    """Whether a title names a period, or a part of a year."""
    stated = period_stated([title])
    return stated.period is not None or bool(stated.rivals) or part_stated(title, _SOME_YEAR) is not None


def _period_named(column: FigureColumn, period: Period | None) -> Period | None:
    """The period that a title names; `Quý I` is one of the year that stands over it, else of the one reported on."""
    title = _SHORT_TIME.sub(_in_words, fold(column.title)) if period is not None else column.title
    if not _names_a_time(title):
        year = _ONLY_YEAR.fullmatch(fold(title))
        return Period(int(year["year"]), "Y") if year is not None else None
    with_group = period_stated([column.titles]).period
    if with_group is not None and with_group.part != "Y":
        return with_group
    stated = period_stated([title])
    if stated.period is not None or stated.rivals or period is None:
        return stated.period
    return part_stated(title, period.year)


def _in_words(found: re.Match[str]) -> str:
    return f"quý {found['quarter']}" if found["quarter"] else f"tháng {found['month']}"
