"""What a number format code makes of what stands in its cell (ECMA-376 part 1, 18.8.31).

In:     a code such as `#,##0.00_);[Red](#,##0.00)`, and the content of a cell.
Out:    what is shown: the figure itself, a hundred times it, a thousandth of it, another figure, a day, or nothing.
Never:  shows it; that takes a language.

A section for negative numbers alone draws no minus of its own: `0;[Red]0` shows -5 as a red 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from cchc_excel.excel.ooxml.format_code import TEXT, NumberFormat, Section, Shown, sections_of

__all__ = ["NumberFormat", "Shown", "may_hide", "number_format", "shows_numbers_as_they_are"]

_GENERAL, _HIDDEN = NumberFormat(Shown.GENERAL), NumberFormat(Shown.HIDDEN)
_UNFORMATTED = frozenset({"General", ""})  # an empty code hides nothing, unlike an empty section
_AS_STORED = _UNFORMATTED | {"@", "0", "0.00", "#,##0", "#,##0.00"}  # known without being taken apart: most cells' own
_HALF = 0.5  # by so much a whole number may be rounded
_MOST = 10**15  # of what Excel keeps every digit; an integer of 400 digits is more than a double holds


def number_format(code: str, content: str | int | float = 1) -> NumberFormat:
    """Return what a code makes of a cell's content; of a number above zero, if none is given."""
    if code in _UNFORMATTED:
        return TEXT if isinstance(content, str) else _GENERAL
    sections = sections_of(code)
    if isinstance(content, str):
        return _of_text(sections)
    of_numbers = _of_numbers(sections)
    default = _default(len(of_numbers), content)
    for index, section in enumerate(of_numbers):
        if section.takes(content) if section.comparison else index == default:
            return _of(section, content)
    return _of(of_numbers[-1], content)


def shows_numbers_as_they_are(code: str) -> bool:
    """Whether whatever number stands under a code is shown as it is stored, but for rounding.

    How a zero is shown does not count: a blank or a dash says the same, and codes such as `#,##0;-#,##0;` are common.
    """
    if code in _AS_STORED:
        return True
    of_numbers = _of_numbers(sections_of(code))
    has_conditions = any(section.comparison for section in of_numbers)
    counting = of_numbers if has_conditions else of_numbers[:2]
    of_zeros = [] if has_conditions else of_numbers[2:]
    return all(map(_is_as_stored, counting)) and not any(map(_draws_digits, of_zeros))


def may_hide(code: str) -> bool:
    """Whether a code shows nothing of some numbers or of texts; a fixed word (`"-"` for zero) is nothing of it."""
    return code not in _UNFORMATTED and any(section.format.shown is Shown.HIDDEN for section in sections_of(code))


def _default(sections: int, number: float) -> int:
    """The place of the section that takes a number where no condition says otherwise."""
    if sections == 1 or number > 0:
        return 0
    if number < 0:
        return 1
    return 2 if sections > 2 else 0


def _of_numbers(sections: Sequence[Section]) -> list[Section]:
    """The sections that numbers may fall in; a code for texts alone (`@`) shows numbers as they are."""
    return [section for section in sections[:3] if not section.takes_texts] or [Section(TEXT)]


def _of_text(sections: Sequence[Section]) -> NumberFormat:
    if len(sections) > 3 and not sections[3].takes_texts:
        return _HIDDEN
    of_texts = next((section for section in sections if section.takes_texts), None)
    return TEXT if of_texts is None else of_texts.format


def _of(section: Section, number: float) -> NumberFormat:
    """What a section makes of a number that falls in it."""
    meant = section.format
    has_minus = number < 0 and not section.is_of_negatives
    if meant.shown is Shown.HIDDEN:
        is_another = any(map(str.isnumeric, meant.before))  # `"5"`
    elif meant.shown in {Shown.DATE, Shown.TIME, Shown.TEXT}:
        is_another = False
    else:
        is_another = _turns(section, number) or _is_torn(meant, number) or _loses_digits(meant, number)
    return meant._replace(has_minus=has_minus, is_another=is_another) if has_minus or is_another else meant


def _turns(section: Section, number: float) -> bool:
    """Whether a minus is drawn that the number has not, or one is missing."""
    count = section.draws_a_minus + (number < 0 and not section.is_of_negatives)
    return number != 0 and (count == 1) != (number < 0)


def _is_as_stored(section: Section) -> bool:
    """Whether a section shows each number that falls in it as it is stored."""
    of_its_sign = -1 if section.is_of_negatives else 1
    return section.format.is_as_stored and not _turns(section, of_its_sign)


def _draws_digits(section: Section) -> bool:
    """Whether a section of zeros draws digits of its own: `"5"`, `"1"0`."""
    return any(map(str.isnumeric, section.format.before + section.format.after))


def _is_torn(meant: NumberFormat, number: float) -> bool:
    """Whether the letters among the digits make another figure of a number, as in `0","0`, or are no part of any.

    A blank, a point or a comma between thousands is part of it; before the first digit (`0"."000` of 882) it is not.
    """
    right = sum(piece.is_place for piece in meant.pieces) - (meant.decimals or 0)  # places up to the point
    for piece in meant.pieces:
        sign = piece.text.strip()
        if piece.is_place:
            right -= 1
            continue
        is_between_thousands = right > 0 and right % 3 == 0 and sign in {"", ".", ",", "'"}
        stands_before_all = sign != "" and 0 < abs(number) < 10**right
        if stands_before_all or not is_between_thousands:
            return True
    return False


def _loses_digits(meant: NumberFormat, number: float) -> bool:
    """Whether a power of ten hides digits before the point: `0.0E+0` shows 12345 as 1.2E+4."""
    if meant.significant is None or abs(number) >= _MOST:
        return False
    return abs(float(f"{number:.{meant.significant - 1}e}") - number) >= _HALF
