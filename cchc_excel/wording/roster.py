"""The mistakes of a list of units, each with its place and a remedy."""

from __future__ import annotations

from cchc_excel.errors import BadRoster, Mistake
from cchc_excel.wording.say import Words

__all__ = ["roster_mistakes"]

_COLUMNS = frozenset({"role", "allowed"})  # facts that name columns


def roster_mistakes(error: BadRoster, spoken: Words) -> list[str]:
    """Each mistake as `file, sheet, cell: sentence and remedy`, in the order of the file."""
    return [f"{_place(mistake, spoken)}: {_sentence(mistake, spoken)}" for mistake in error.mistakes]


def _place(mistake: Mistake, spoken: Words) -> str:
    facts = dict(mistake.facts)
    kind = "cell" if facts["cell"] else "sheet" if facts["sheet"] else "line" if mistake.line else "file"
    return str(spoken.texts["roster"]["place"][kind]).format(file=mistake.file, line=mistake.line, **facts)


def _sentence(mistake: Mistake, spoken: Words) -> str:
    texts, facts = spoken.texts["roster"], dict(mistake.facts)
    for fact in _COLUMNS & facts.keys():
        facts[fact] = ", ".join(str(texts["columns"][role]) for role in facts[fact].split(", "))
    if "code" in facts:
        facts["reason"] = spoken.why_unreadable(facts["code"], facts["detail"])
    return str(texts["mistakes"][mistake.kind]).format(**facts)
