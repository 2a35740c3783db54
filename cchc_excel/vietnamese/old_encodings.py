"""Vietnamese from before Unicode: letters of other alphabets that only an old font draws as Vietnamese.

In an .xlsx such text is stored as the Latin-1 letters of its bytes: TCVN3 (fonts `.Vn…`, one letter each) as
`Sè nhiÖm vô`, VNI-Windows (fonts `VNI-…`, a letter and a mark) as `Soá nhieäm vuï`.
Never:  touches a text that is Unicode Vietnamese already, for half-converted workbooks are common.
Source: TCVN 5712:1993 (checked letter by letter against glibc's `iconv -f TCVN`); for VNI the published tables of
several converters, checked against each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum

from cchc_excel.vietnamese.patterns import Pattern
from cchc_excel.vietnamese.text import fold

__all__ = ["Encoding", "decode", "encoding_of_font", "vote"]


class Encoding(StrEnum):
    """A character set from before Unicode, named as its users know it."""

    TCVN3 = "TCVN3"
    VNI = "VNI"


# Codes 0xA1 and up, a dot where the set has no letter. ư is 0xAD, in Unicode a soft hyphen, which shows as nothing.
_TCVN_HIGH = "ĂÂÊÔƠƯĐăâêôơưđẰ.....àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
# Capitals with a tone, 0x80 to 0x9F and in the control range. Only the raw codes count: the curly quotes and dashes of
# cp1252 at 0x80–0x9F are quotes and dashes in the .Vn fonts too, whose capitals are a font of their own (.VnTimeH).
_TCVN_CAPITALS = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
_TCVN_CONTROL = {0x01: "Ú", 0x02: "Ụ", 0x04: "Ừ", 0x05: "Ử", 0x06: "Ữ", 0x11: "Ứ", 0x12: "Ự"} | {
    0x13 + index: letter for index, letter in enumerate("ỲỶỸÝỴ")
}
_TCVN = (
    {0xA1 + index: letter for index, letter in enumerate(_TCVN_HIGH) if letter != "."}
    | {0x80 + index: letter for index, letter in enumerate(_TCVN_CAPITALS)}
    | _TCVN_CONTROL
)

# What a VNI mark adds to the letter before it: a sign (mũ, trăng) or none, and no tone, sắc, huyền, hỏi, ngã, nặng.
_TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_VNI_PAIRS = (
    ("aeoôuöy", ("", *"ùøûõï"), ""),
    ("aeo", tuple("âáàåãä"), "\u0302"),
    ("a", tuple("êéèúüë"), "\u0306"),
)
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    """Every letter and pair, in lower case → the Unicode letter."""
    table = dict(_VNI_LETTERS)
    for bases, marks, sign in _VNI_PAIRS:
        for base in bases:
            for mark, tone in zip(marks, _TONES, strict=True):
                table[base + mark] = unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + sign + tone)
    return table


_VNI = _vni_table()
_VNI_TOKEN = Pattern("|".join(sorted(_VNI, key=len, reverse=True)), re.IGNORECASE)

# Letters that neither set can be stored as: a text that has one is Unicode, whatever its font. A mark on its own comes
# from composed Unicode (Windows-1258, "Unicode tổ hợp").
_SURELY_UNICODE = Pattern("[ăĂđĐĩĨũŨơƠưƯ\u0300-\u036f\u1ea0-\u1ef9]")


def decode(text: str, encoding: Encoding, known: Collection[str] = ()) -> str:
    """Return the text in Unicode; unchanged if it is Unicode Vietnamese, or one of the `known` (folded) texts, already.

    `known` is for words such as `Không` and `Có`, which are letters of the old sets too (`Khụng`, `Cú`).
    """
    if text.isascii() and text.isprintable():
        return text
    if _SURELY_UNICODE.search(text) or (known and fold(text) in known):
        return text
    if encoding is Encoding.TCVN3:
        return text.translate(_TCVN)
    return _VNI_TOKEN.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    """The Unicode letter that a letter of VNI or a pair is, in capitals where the first of them is."""
    letter = _VNI[found[0].lower()]
    return letter.upper() if found[0][0].isupper() else letter


def encoding_of_font(font_name: str) -> Encoding | None:
    """Return the set that a font draws: TCVN3 for `.VnTime`, VNI for `VNI-Times`, None for any other."""
    name = font_name.strip().lower()
    if name.startswith(".vn"):
        return Encoding.TCVN3
    return Encoding.VNI if name.startswith(("vni-", "vni ")) else None


def vote(texts: Iterable[str], known: Collection[str]) -> Encoding | None:
    """Return the encoding under which most texts are among the `known` (folded) labels; None if as they stand."""
    labels, distinct = frozenset(known), dict.fromkeys(texts)
    as_they_stand = sum(fold(text) in labels for text in distinct)
    hits = {encoding: sum(fold(decode(text, encoding)) in labels for text in distinct) for encoding in Encoding}
    best = max(hits, key=lambda encoding: hits[encoding])
    return best if hits[best] > as_they_stand else None
