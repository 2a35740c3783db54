"""Say what would put a finding right and how sure that is, and write the corrected copy.

In:     findings and the submission they are about; for a copy, the workbook's bytes.
Out:    the same findings with their fixes; corrected bytes.
Never:  fills or changes a counted figure by itself, picks one of two explanations that fit as well,
        or hands over bytes that differ from the original in more than the cells it lists.
"""

from typing import TYPE_CHECKING, Any

from cchc_excel.correcting.propose import propose

if TYPE_CHECKING:
    from cchc_excel.correcting.apply import Decision, Policy, unknown_decisions
    from cchc_excel.correcting.copying import Corrected, corrected
    from cchc_excel.correcting.decisions import Decisions, contradicting, decisions_in, is_seen
    from cchc_excel.correcting.explaining import came_back
    from cchc_excel.correcting.findings_sheet import Past
    from cchc_excel.correcting.history import Made, earlier_fixes, put_back
    from cchc_excel.correcting.undoing import Undone, undone

_HOME = {
    **dict.fromkeys(("Decision", "Policy", "unknown_decisions"), "apply"),
    **dict.fromkeys(("Corrected", "corrected"), "copying"),
    **dict.fromkeys(("Decisions", "contradicting", "decisions_in", "is_seen"), "decisions"),
    "came_back": "explaining",
    "Past": "findings_sheet",
    **dict.fromkeys(("Made", "earlier_fixes", "put_back"), "history"),
    **dict.fromkeys(("Undone", "undone"), "undoing"),
}

__all__ = [
    "Corrected",
    "Decision",
    "Decisions",
    "Made",
    "Past",
    "Policy",
    "Undone",
    "came_back",
    "contradicting",
    "corrected",
    "decisions_in",
    "earlier_fixes",
    "is_seen",
    "propose",
    "put_back",
    "undone",
    "unknown_decisions",
]


def __getattr__(name: str) -> Any:
    """Load what writes a copy when it is first asked for: checking needs none of it."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"cchc_excel.correcting.{_HOME[name]}"), name)
    raise AttributeError(name)
