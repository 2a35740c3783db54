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
        # the longest kind first: of `Công an tỉnh` and `Công an` the former says more
        self._signers = sorted(form.signers, key=lambda signer: len(signer.of), reverse=True)
        name = f"{self._unit.upper()} "
        of_this_kind = (signer for signer in self._signers if name.startswith(f"{signer.of.upper()} "))
        self._own = next(of_this_kind, None)

    def capacity(self) -> Told:
        """On whose behalf, or the head's own title."""
        usual = say("signature", "right", "capacity")
        formulas = [f'"{signer.title}"' for signer in self._signers]
        return self._by_kind(formulas, usual, self._own.title if self._own else usual)

    def office(self) -> Told:
        """The title of who signs on behalf of others; nothing for the head of an office."""
        usual = say("signature", "right", "office")
        formulas = ['""'] * len(self._signers)
        return self._by_kind(formulas, usual, "" if self._own else usual)

    def sign(self) -> Told:
        """What stands behind `/BC-` in the number of the report."""
        usual = say("letterhead", "sign")
        letters = self._initials()
        formulas = [f'"{signer.sign}"' if signer.sign else letters.formula for signer in self._signers]
        own = (self._own.sign or letters.result) if self._own else usual
        return self._by_kind(formulas, usual, own)

    def is_another(self) -> str:
        """The condition that the name in the cell has another sign than the one that this workbook was made with."""
        if self._own:
            return f'{self._cell}<>"{self._unit}"'
        return f"OR({','.join(map(self._is_of, self._signers))})"

    def _is_of(self, signer: Signer) -> str:
        """The condition that a name is of that kind, and of none that says more: Công an, but not Công an tỉnh."""
        begins = self._begins(signer)
        says_more = [self._begins(longer) for longer in self._signers if longer.of.startswith(f"{signer.of} ")]
        if not says_more:
            return begins
        return f"AND({begins},NOT(OR({','.join(says_more)})))"

    def _begins(self, signer: Signer) -> str:
        begins = f"{signer.of.upper()} "
        return f'LEFT(UPPER(TRIM({self._cell}))&" ",{len(begins)})="{begins}"'

    def _by_kind(self, formulas: list[str], usual: str, own: str) -> Told:
        """A text by the kind of office: `formulas` has one for each signer; `own` is what it comes to here."""
        conditions_of: dict[str, list[str]] = {}
        for signer, text in zip(self._signers, formulas, strict=True):
            conditions_of.setdefault(text, []).append(self._is_of(signer))
        formula = f'"{usual}"'
        for text, conditions in conditions_of.items():
            formula = f"IF(OR({','.join(conditions)}),{text},{formula})"
        return Told(formula, own)

    def _initials(self) -> Told:
        """The first letter of each word, without the place and without `và`: Sở Nội vụ tỉnh An Giang is SNV."""
        text = f'TRIM({self._cell})&" "'
        # each word is put behind the text, so that FIND never fails
        place_begins = ",".join(f'FIND(" {word} ",{text}&" {word} ")' for word in _PLACE_BEGINS)
        name = f"LEFT({text},MIN({place_begins}))"
        for word in _LEFT_OUT:
            name = f'SUBSTITUTE({name}," {word} "," ")'
        # with so much room between the words each stretch of that length holds one of them
        spread = f'SUBSTITUTE({name}," ",REPT(" ",{_ROOM}))'
        stretches = [f"MID({spread},{1 + number * _ROOM},{_ROOM})" for number in range(_MOST_WORDS)]
        letters = "&".join(f"LEFT(TRIM({stretch}),1)" for stretch in stretches)
        return Told(f"UPPER({letters})", self._letters())

    def _letters(self) -> str:
        """What the formula of the initials comes to."""
        text = f"{self._unit} "
        place_begins = [f"{text} {word} ".find(f" {word} ") for word in _PLACE_BEGINS]
        name = text[: min(place_begins) + 1]
        words = [word for word in name.split() if word not in _LEFT_OUT]
        return "".join(word[0] for word in words[:_MOST_WORDS]).upper()
