"""Who signs for a unit, and the sign that follows the number of its report: by the kind of office that it is.

In:     the unit's name, or the cell where it will stand, and the `signers` of the form (Decree 30/2020: the head of a
        people's committee signs on its behalf, the head of an office as such).
Out:    each answer, and the formula that gives it as soon as a name is typed.
Never:  knows a kind of office: those are the form's. A name of none of them is a people's committee's.
"""

from __future__ import annotations

from typing import NamedTuple

from cchc_excel.form import Form, Signer
from cchc_excel.wording.form import say

_PLACE_BEGINS = ("tỉnh", "thành phố", "huyện", "quận", "xã", "phường", "đặc khu", "thị trấn", "UBND", "trực thuộc")
_LEFT_OUT = ("và", "-", "–", "&")
_MOST_WORDS, _ROOM = 9, 40


class Told(NamedTuple):
    """A text as a formula without its `=`, and what it comes to."""

    formula: str
    result: str


class Signature:
    """Who signs for the unit of that name, which stands, or will, in that cell."""

    def __init__(self, form: Form, unit: str, cell: str) -> None:
        self._unit, self._cell = " ".join(unit.split()), cell
        self._signers = sorted(form.signers, key=lambda signer: -len(signer.of))
        begins = f"{self._unit.upper()} "
        self._own = next((one for one in self._signers if begins.startswith(f"{one.of.upper()} ")), None)

    def capacity(self) -> Told:
        """On whose behalf, or the head's own title."""
        title = say("signature", "right", "capacity")
        return self._by_kind(
            [f'"{one.title}"' for one in self._signers], title, self._own.title if self._own else title
        )

    def office(self) -> Told:
        """The title of who signs on behalf of others; nothing for the head of an office."""
        title = say("signature", "right", "office")
        return self._by_kind(['""' for _ in self._signers], title, "" if self._own else title)

    def sign(self) -> Told:
        """What stands behind `/BC-` in the number of the report."""
        usual = say("letterhead", "sign")
        letters = self._initials()
        formulas = [f'"{one.sign}"' if one.sign else letters.formula for one in self._signers]
        own = (self._own.sign or letters.result) if self._own else usual
        return self._by_kind(formulas, usual, own)

    def is_another(self) -> str:
        """The condition that the name in the cell has another sign than the one that this workbook was made with."""
        if self._own:
            return f'{self._cell}<>"{self._unit}"'
        return f"OR({','.join(map(self._is_of, self._signers))})"

    def _is_of(self, signer: Signer) -> str:
        """The condition that a name is of that kind, and of none that says more: Công an, but not Công an tỉnh."""
        more = [other for other in self._signers if other.of.startswith(f"{signer.of} ")]
        begins = self._begins(signer)
        return f"AND({begins},NOT(OR({','.join(map(self._begins, more))})))" if more else begins

    def _begins(self, signer: Signer) -> str:
        begins = f"{signer.of.upper()} "
        return f'LEFT(UPPER(TRIM({self._cell}))&" ",{len(begins)})="{begins}"'

    def _by_kind(self, formulas: list[str], usual: str, own: str) -> Told:
        formula = f'"{usual}"'
        alike: dict[str, list[str]] = {}
        for signer, then in zip(self._signers, formulas, strict=True):
            alike.setdefault(then, []).append(self._is_of(signer))
        for then, conditions in alike.items():
            formula = f"IF(OR({','.join(conditions)}),{then},{formula})"
        return Told(formula, own)

    def _initials(self) -> Told:
        """The first letter of each word, without the place and without `và`: Sở Nội vụ tỉnh An Giang is SNV."""
        text = f'TRIM({self._cell})&" "'
        ends = ",".join(f'FIND(" {word} ",{text}&" {word} ")' for word in _PLACE_BEGINS)
        name = f"LEFT({text},MIN({ends}))"
        for word in _LEFT_OUT:
            name = f'SUBSTITUTE({name}," {word} "," ")'
        spread = f'SUBSTITUTE({name}," ",REPT(" ",{_ROOM}))'
        letters = (f"LEFT(TRIM(MID({spread},{1 + place * _ROOM},{_ROOM})),1)" for place in range(_MOST_WORDS))
        return Told(f"UPPER({'&'.join(letters)})", self._letters())

    def _letters(self) -> str:
        text = f"{self._unit} "
        name = text[: min(f"{text} {word} ".find(f" {word} ") for word in _PLACE_BEGINS) + 1]
        words = [word for word in name.split() if word not in _LEFT_OUT]
        return "".join(word[0] for word in words[:_MOST_WORDS]).upper()
