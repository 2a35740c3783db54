"""Which column holds the figures, where a sheet has several or the clerk gave it a title of his own.

In:     the columns that may hold the figures, each with its title, and the period reported on.
Out:    the one column that the titles make certain, or those between which they do not decide.
Never:  takes one of two columns because it stands further left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cchc_excel.submission import Period
from cchc_excel.vietnamese.periods import period_stated
from cchc_excel.vietnamese.text import fold

__all__ = ["Choice", "FigureColumn", "choose", "is_of_something_else", "other_period", "says_this_period"]

# All patterns look at folded text, where `lũy` is `luỹ` and `tỉ` is `tỷ`.
# What stands beside the figures of the period: figures of another time, plans, and what is calculated of both.
_SOMETHING_ELSE = re.compile(
    r"\b(?:(?:kỳ|quý|tháng|năm|lần) (?:trước|ngoái)|cùng kỳ|trước đó"
    r"|kế hoạch|chỉ tiêu (?:giao|được giao)|được giao|giao|mục tiêu|dự toán|dự kiến|ước|định mức|phấn đấu"
    r"|luỹ k[ếể]|cộng dồn|từ đầu (?:năm|kỳ|nhiệm kỳ)|đầu kỳ"
    r"|tỷ (?:lệ|trọng)|tốc độ|phần trăm|so sánh|so với|chênh lệch|tăng|giảm|biến động)\b"
)
# `Đơn vị thực hiện`, `Nguồn số liệu`: who did it and where it is from, in words.
_IN_WORDS = re.compile(r"^(?:đơn vị|cơ quan|bộ phận|người|nguồn|ngày|nơi|văn bản|căn cứ|đầu mối)\b")
_THIS_PERIOD = re.compile(
    r"\b(?:(?:kỳ|quý|tháng|năm) (?:này|nay)|(?:kỳ|quý|năm) (?:báo cáo|hiện tại)|trong (?:kỳ|quý|tháng|năm))\b"
)
_RESULT = re.compile(r"\b(?:thực hiện|kết quả|thực tế|số liệu)\b")
_OF_A_PLAN = re.compile(r"\bthực hiện (?:kế hoạch|nhiệm vụ(?: được giao)?)\b")  # `Kết quả thực hiện kế hoạch`: no plan

# How much a title says for its column.
NOT_THE_FIGURES, NOTHING, A_RESULT, THE_PERIOD = range(4)


class FigureColumn(NamedTuple):
    """A column that may hold the figures. `own` says that the form itself gives it this title.

    `filled` says that figures stand in it.
    """

    column: int
    title: str
    own: bool
    filled: bool


class Choice(NamedTuple):
    """The column that was taken, or None; `rivals` are then those between which the titles do not decide."""

    taken: FigureColumn | None
    rivals: tuple[FigureColumn, ...] = ()


def choose(columns: Sequence[FigureColumn], period: Period | None) -> Choice:
    """Return the column that the titles make certain for the period."""
    if len(columns) < 2:
        return Choice(columns[0] if columns else None)
    said = {column.column: _said_for(column, period) for column in columns}
    most = max(said.values())
    best = tuple(column for column in columns if said[column.column] == most)
    if len(best) > 1 and most > NOT_THE_FIGURES:
        best = tuple(column for column in best if column.filled) or best
    if len(best) == 1 and most > NOTHING:
        full = tuple(it for it in columns if it.filled and said[it.column] > NOT_THE_FIGURES)
        if not best[0].filled and full:  # a title over two columns, of which the other holds the figures
            return Choice(None, (*best, *full))
        return Choice(best[0])
    return Choice(None, best if len(best) > 1 else tuple(columns))


def _said_for(column: FigureColumn, period: Period | None) -> int:
    """How much the title of a column says for it, as one of the levels above."""
    named = _period_named(column.title, period)
    if is_of_something_else(column.title) or (named is not None and period is not None and named != period):
        return NOT_THE_FIGURES
    if says_this_period(column.title) or (named is not None and named == period):
        return THE_PERIOD
    is_result = column.own or named is not None or bool(_RESULT.search(fold(column.title)))
    return A_RESULT if is_result else NOTHING


def is_of_something_else(title: str) -> bool:
    """Whether a title says that what stands below is of another time, of a plan, a comparison, or no figure at all."""
    folded = fold(title)
    if "%" in title or _IN_WORDS.search(folded):
        return True
    return bool(_SOMETHING_ELSE.search(_OF_A_PLAN.sub("thực hiện", folded)))


def says_this_period(title: str) -> bool:
    """Whether a title speaks of the period reported on: `Kỳ này`."""
    return bool(_THIS_PERIOD.search(fold(title)))


def other_period(column: FigureColumn, period: Period | None) -> Period | None:
    """The period that a title names, where it is not the one reported on."""
    named = _period_named(column.title, period)
    return named if period is not None and named != period else None


def _period_named(title: str, period: Period | None) -> Period | None:
    """The period that a title names; `Quý I` is one of the year reported on."""
    stated = period_stated([title])
    if stated.period is not None or stated.rivals or period is None:
        return stated.period
    in_the_year = period_stated([title, f"năm {period.year}"]).period
    return in_the_year if in_the_year is not None and in_the_year.part != "Y" else None
