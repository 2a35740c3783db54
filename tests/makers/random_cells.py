"""Cells of any content at any place, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

NO_LETTERS = "\ufffe\uffff"  # no XML can hold them
Typed = int | float | bool | str
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=NO_LETTERS)
    | st.sampled_from("ắẶđĐ\n\t<>&'\"_x000D_ "),
    max_size=20,
)
values = (
    st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda it: abs(it) < 1e300)
    | st.booleans()
    | texts.filter(lambda it: not it.startswith("=") and not ILLEGAL_CHARACTERS_RE.search(it))
)
places = st.tuples(st.integers(1, 40), st.integers(1, 30))
