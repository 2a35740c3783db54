"""A corrected workbook's bytes → the same with earlier fixes undone: each cell holds again what it held before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cchc_excel.corrected_copy.findings_sheet import RESTORED
from cchc_excel.correcting.apply import Decision
from cchc_excel.correcting.history import Earlier, Made
from cchc_excel.excel.calculating import recalculated
from cchc_excel.excel.patching import CellChange, Original, patch
from cchc_excel.submission import CellAddress, Submission


class Undone(NamedTuple):
    """The bytes, the fixes undone, and those that were to be but could not: somebody has written there since.

    `is_calculated` is False where the results of formulas could not be renewed.
    """

    data: bytes
    fixes: tuple[Made, ...] = ()
    kept: tuple[Made, ...] = ()
    is_calculated: bool = True


def undone(
    data: bytes, earlier: Sequence[Earlier], submission: Submission, which: Collection[Decision] | None = None
) -> Undone:
    """Undo fixes, and whatever was fixed in their cells after them; `which` names them, None is all.

    Raises PatchRefused for a cell that must not be written.
    """
    fixes: list[Made] = []
    kept: list[Made] = []
    cells = []
    for indicator, group in groupby(earlier, key=lambda fix: fix.made.indicator):
        chain = list(group)
        first = _first_named(chain, which)
        if first is None:
            continue
        entry = submission.entries.get(indicator)
        back: list[Made] = []  # from the last fix to the first one undone
        if entry is not None and entry.formula is None:
            back = list(_standing(chain, first))
        kept += [fix.made for fix in chain[first : len(chain) - len(back)]]
        if back and entry is not None:
            fixes += reversed(back)
            cells.append(_cell(back[-1], entry.cell))
    if not cells:
        return Undone(data, (), tuple(kept))
    original = Original(data)
    calculated = recalculated(original, cells)
    patched = patch(original, cells, (), calculated.results)
    return Undone(patched.data, tuple(fixes), tuple(kept), calculated.is_complete)


def _first_named(chain: Sequence[Earlier], which: Collection[Decision] | None) -> int | None:
    """The place of the first fix that is to be undone; None if there is none."""
    for place, fix in enumerate(chain):
        if which is None or fix.made.decision in which:
            return place
    return None


def _standing(chain: Sequence[Earlier], first: int) -> Iterator[Made]:
    """The fixes of one cell from the last back to `first`, as far as each still held when the next was made."""
    for fix in reversed(chain[first:]):
        if not fix.stands:
            return
        yield fix.made


def _cell(made: Made, place: CellAddress) -> CellChange:
    before = made.before
    if before is None:
        return CellChange(*place, fill=RESTORED)
    if isinstance(before, str | bool):
        # in a text cell, or Excel would make a number of `02` as soon as somebody edits the cell
        text = before if isinstance(before, str) else str(before).upper()
        return CellChange(*place, text=text, number_format="@", fill=RESTORED)
    return CellChange(*place, number=repr(before), number_format=made.number_format or None, fill=RESTORED)
