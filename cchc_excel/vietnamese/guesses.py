"""Words that make a figure a guess: `ước 10`, `10 (dự kiến)`, `trên 10`.

Never:  decides what becomes of the figure.
"""

from __future__ import annotations

import re

from cchc_excel.vietnamese.patterns import Accented

__all__ = ["A_GUESS", "BEFORE_A_GUESS"]

_ESTIMATES = "ước(?: tính| đạt| khoảng)?|dự kiến|khoảng|xấp xỉ|chừng"  # wherever they stand
_BOUNDS = "gần|hơn|trên|dưới|ít nhất|nhiều nhất|tối thiểu|tối đa|không quá"  # before the figure: `10 hồ sơ trên Cổng`

BEFORE_A_GUESS = f"{_ESTIMATES}|{_BOUNDS}"
"""The words before a figure that is only about right, as a pattern."""

A_GUESS = Accented.of(rf"\?|\b(?:{_ESTIMATES})\b", re.IGNORECASE)
"""What makes a figure a guess though it stands behind it."""
