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
    """Where a mistake stands, as closely as that is known."""
    facts = dict(mistake.facts)
    if facts["cell"]:
        kind = "cell"
    elif facts["sheet"]:
        kind = "sheet"
    elif mistake.line:
        kind = "line"
    else:
        kind = "file"
    place = str(spoken.texts["roster"]["place"][kind])
    return place.format(file=mistake.file, line=mistake.line, **facts)


def _sentence(mistake: Mistake, spoken: Words) -> str:
    texts = spoken.texts["roster"]
    facts = dict(mistake.facts)
    for fact in _COLUMNS & facts.keys():
        titles = [str(texts["columns"][role]) for role in facts[fact].split(", ")]
        facts[fact] = ", ".join(titles)
    if "code" in facts:
        facts["reason"] = spoken.why_unreadable(facts["code"], facts["detail"])
    return str(texts["mistakes"][mistake.kind]).format(**facts)
