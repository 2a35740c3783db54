"""What a cell's text means by its type: number, text, truth, error, date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.grid import DAY_0, CellError, CellValue

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Characters that XML cannot hold are written `_x000D_`; half a surrogate pair, which no text can hold, is �."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def whole_number(text: str | None) -> int:
    """Return what an attribute counts, 0 if it is not there. Raises DamagedWorkbook for anything but a number."""
    if not text:
        return 0
    try:
        return int(text)
    except ValueError as error:
        raise DamagedWorkbook(f"number: {text[:20]}") from error


def _number(text: str, _: list[str]) -> CellValue:
    try:
        if text.isdecimal() and len(text) < 310:
            return int(text)
        return _float(text) if text.strip() else None
    except ValueError as error:
        raise DamagedWorkbook(f"number: {text[:20]}") from error


def _float(text: str) -> int | float:
    if len(text) < 310 and text[1:].isdecimal() and text[0] == "-":
        return int(text)
    if "_" in text:  # 1_000 is a number to Python only
        raise ValueError(text)
    number = float(text)
    if number != number or number in {float("inf"), float("-inf")}:
        raise ValueError(text)
    return number


def _shared(text: str, strings: list[str]) -> CellValue:
    if not text.strip():
        return None
    index = int(text) if text.isdecimal() and len(text) < 10 else whole_number(text)
    if not 0 <= index < len(strings):
        raise DamagedWorkbook(f"shared string {text[:20]}")
    return strings[index] or None


def _text(text: str, _: list[str]) -> CellValue:
    return unescaped(text) or None


_MOMENT = re.compile(
    r"(?:(?P<date>\d{4}-\d\d-\d\d|\d{8}))?T?"
    r"(?:(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?"
)
_MOST_DIGITS = 15  # of a fraction of a second; a double knows no more


def date_serial(text: str, day_0: date) -> CellValue:
    """A date of strict OOXML (`2023-07-02T12:00:00`) as the serial number that transitional files hold for it.

    A time without a date (`12:30:00`) is the part of a day. Of a time zone nothing is kept, as Excel knows none.
    """
    found = _MOMENT.fullmatch(text)
    if found is None or (found["date"] is None and found["hour"] is None):
        return text or None
    seconds = _seconds(found)
    if seconds is None:
        return text
    if found["date"] is None:
        return seconds / 86400 if seconds % 86400 else int(seconds) // 86400
    try:
        days = (date.fromisoformat(found["date"]) - day_0).days
    except ValueError:
        return text
    if days < 61 and day_0 == DAY_0:
        days -= 1  # Excel has a 29 February 1900
    if days < 0:
        return text  # before the first day of the system: Excel keeps it as a text too
    return days + seconds / 86400 if seconds else days


def _seconds(found: re.Match[str]) -> float | None:
    """The seconds since midnight, to 24:00:00; None for a time that there is not."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    seconds = hour * 3600 + minute * 60 + second + float(f"0.{(found['fraction'] or '0')[:_MOST_DIGITS]}")
    return seconds if minute < 60 and second < 60 and seconds <= 86400 else None


READERS: Mapping[str, Callable[[str, list[str]], CellValue]] = {
    "n": _number,
    "s": _shared,
    "str": _text,
    "inlineStr": _text,
    "b": lambda text, _: text.strip() in {"1", "true"} if text.strip() else None,
    "e": lambda text, _: CellError(text.strip()) if text.strip() else None,
}
