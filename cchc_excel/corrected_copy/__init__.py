"""A workbook's corrected copy: its changed and marked cells, its findings sheet, and what people decided on it.

In:     an examined workbook's bytes, its findings with their fixes, an officer's decisions.
Out:    other bytes, and what was changed in them.
Never:  fills or changes a counted figure by itself, picks one of two explanations that fit as well,
        or hands over bytes that differ from the original in more than the cells it lists.
"""

from cchc_excel.corrected_copy.copying import Corrected, corrected
from cchc_excel.corrected_copy.decisions import Decisions, contradicting, decisions_in, is_seen
from cchc_excel.corrected_copy.findings_rows import Past
from cchc_excel.corrected_copy.undoing import Undone, undone

__all__ = [
    "Corrected",
    "Decisions",
    "Past",
    "Undone",
    "contradicting",
    "corrected",
    "decisions_in",
    "is_seen",
    "undone",
]
