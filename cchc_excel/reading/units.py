"""The unit of a row, and whether a unit that a clerk wrote beside a figure is that one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from cchc_excel.form.language import as_number
from cchc_excel.vietnamese.text import fold, strip_accents

__all__ = ["RowUnit", "bare", "scale_of"]

_MONEY = re.compile(r"(nghin|ngan|k|trieu|tr|ty)? ?(dong|d|vnd|vn d)?")
_SCALES = {"nghin": 10**3, "ngan": 10**3, "k": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9}
# Names that neither initials nor lost accents explain.
_ALSO = {"thu tuc": {"tthc", "thu tuc hanh chinh"}, "ho so": {"bo ho so"}}


def bare(text: str) -> str:
    """Return the folded text without its accents."""
    return strip_accents(fold(text))


def scale_of(unit: str) -> int | None:
    """Return how many đồng, or ones, a word of money or of size stands for: `tr.đ` → 1,000,000; else None."""
    plain = bare(unit)
    found = _MONEY.fullmatch(plain)
    return _SCALES.get(found[1], 1) if plain and found else None


def _initials(plain: str) -> str:
    return "".join(word[0] for word in plain.split())


@dataclass(frozen=True, slots=True)
class RowUnit:
    """The kind of a row ("count", "percent", "money") and its unit as printed."""

    kind: str
    unit: str

    def owns(self, written: str) -> bool:
        """Whether a unit as written is the row's own: the same, abbreviated, or without its accents."""
        if self.kind == "percent":
            return written == "%" or bare(written) == "phan tram"
        if self.kind == "money":
            return scale_of(written) == self._scale
        found, own = bare(written), bare(self.unit)
        if not found or not own:
            return False
        abbreviated = len(found) > 1 and (found == _initials(own) or _initials(found) == own)
        return found == own or abbreviated or found in _ALSO.get(own, ())

    def converted(self, value: int | Fraction, unit: str) -> int | Fraction:
        """Return the value of another unit in that of the row; as it is where the units tell no factor."""
        scale = scale_of(unit)
        if unit == "‰" and self.kind == "percent":
            value = Fraction(value, 10)
        elif scale is not None:
            value = Fraction(value * scale, self._scale)
        return as_number(value)

    @property
    def _scale(self) -> int:
        """Money without a printed unit is in đồng."""
        return (scale_of(self.unit) or 1) if self.kind == "money" else 1
