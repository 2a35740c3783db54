"""How high a row must be for its text: neither Excel nor LibreOffice fits the rows of a file that they did not make.

Advance widths of Times New Roman in thousandths of the font size, read from the metrically equal
Liberation Serif. A letter with Vietnamese marks is as wide as the letter without them.
"""

from __future__ import annotations

import unicodedata

_WIDTHS = {
    False: {
        **dict.fromkeys("'|", 200),
        **dict.fromkeys(" ,.", 250),
        **dict.fromkeys("/:;\\ijlt", 278),
        **dict.fromkeys("!()-I[]`fr", 333),
        **dict.fromkeys('Js"', 400),
        **dict.fromkeys("?acez", 444),
        **dict.fromkeys("FPS+<=>", 560),
        **dict.fromkeys("ELTZ", 611),
        **dict.fromkeys("BCR", 667),
        **dict.fromkeys("ADGHKNOQUVXYwĐ", 722),
        **dict.fromkeys("&m%", 800),
        **dict.fromkeys("MW@…—", 1000),
    },
    True: {
        **dict.fromkeys(" ,.|", 250),
        **dict.fromkeys("'/\\il", 278),
        **dict.fromkeys("!()-:;[]`fjt", 333),
        **dict.fromkeys("Is", 389),
        **dict.fromkeys("cerz", 444),
        **dict.fromkeys('"Sbdhknpquđ+<=>', 560),
        **dict.fromkeys("FP", 611),
        **dict.fromkeys("BELTZ", 667),
        **dict.fromkeys("ACDNRUVXYwĐ", 722),
        **dict.fromkeys("GHKOQ", 778),
        **dict.fromkeys("&m", 833),
        **dict.fromkeys("%MW@…—", 1000),
    },
}
_OTHER = 500  # most small letters, and the digits
_RESERVE = 1.04  # viewers differ by a pixel or two a line, and ơ and ư are a little wider than o and u
_PADDING = 6  # pixels that a cell keeps free at its sides
_POINTS = 0.75  # a pixel
HIGHEST = 409.5  # points: Excel has no higher row, and a clerk's note may take more
LINE = 1.32  # Times New Roman's line, in font sizes: 15.75 points at size 12


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in points, without line breaks."""
    return size * _thousandths(text, bold) / 1000


def _thousandths(text: str, bold: bool) -> int:
    """The width of a text in thousandths of the font size."""
    widths = _WIDTHS[bold]
    letters = unicodedata.normalize("NFD", text)
    return sum(widths.get(sign, _OTHER) for sign in letters if not unicodedata.combining(sign))


def lines(text: str, pixels: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a cell of that width, broken between words; at least 1."""
    room = (pixels - _PADDING) * _POINTS / _RESERVE
    count = 0
    for paragraph in text.split("\n"):
        count += 1
        used = 0.0
        for word in paragraph.split(" "):
            wide = width(word, size, bold=bold)
            space = width(" ", size, bold=bold) if used else 0
            if used and used + space + wide > room:
                count += 1
                used = space = 0
            if wide > room:
                # a word wider than the cell goes on in the next line
                count += int(wide // room)
                wide %= room
            used += space + wide
    return count


def height(count: int, size: float) -> float:
    """The height in points of a row with that many lines, to the quarter point that Excel keeps."""
    return min(round((count * LINE * size + 3) * 4) / 4, HIGHEST)
