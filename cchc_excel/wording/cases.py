"""For every built-in code, examples that hold and examples that fail (cases.yaml): its tests, and its page's examples.

In:     a code, and which of the two.
Out:    Examples; each can be shown, and the test suite makes a workbook of it (tests/makers/drawing.py).
Never:  reads or checks a workbook; knows whether an example does what it says, for that is the tests' affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml

from cchc_excel.form import Form, Language, load_form
from cchc_excel.submission import Period
from cchc_excel.wording.say import Words, words

Raw: TypeAlias = str | int | float | bool | None
"""What a case puts into a value cell, as YAML types it."""

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier sheet, of the same unit unless another is named, with these value cells changed.

    An empty period: the sheet names none.
    """

    period: str
    unit: str = ""
    cells: Mapping[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a code: the filled sheet with something changed. The fields are those of cases.yaml, told there."""

    code: str
    cells: Mapping[str, Raw] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str | None] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    drawn: str = ""
    columns: tuple[str, ...] = ()
    beside: Mapping[str, Raw] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    split: str = ""
    cover: tuple[str, ...] = ()
    font: str = ""
    made_for: str = ""
    file: str = ""
    bytes: str | bytes | None = None
    values_only: bool = False
    what: Mapping[str, str] = field(default_factory=dict)
    breaks: str = ""
    unopened: str = ""
    period: str = ""
    said_unit: str = ""
    said_period: str = ""
    previous: tuple[Earlier, ...] = ()
    severity: str = ""
    also: tuple[str, ...] = ()

    def shown(self, language: Language) -> str:
        """What makes this case, in one line; rows, where there are any, follow as a fenced block."""
        spoken = words(language)
        form = load_form(filled_sheet().form)
        line = "; ".join(_said(self, form, spoken))
        block = self._block(form)
        if not line and not block:
            return spoken.word("example", "sheet")
        return "\n\n".join(part for part in (line, block) if part)

    def _block(self, form: Form) -> str:
        """The rows that the case draws, under the titles of the columns, as a fenced block; blank without rows."""
        rows: list[str] = []
        for drawing in self.rows.values():
            if drawing:
                rows += [line.strip() for line in drawing.strip().splitlines()]
        if rows:
            titles = " | ".join(column.title for column in form.columns)
            rows.insert(0, f"| {titles} |")
        rows += self.drawn.strip().splitlines()  # a whole table, with titles of its own
        if not rows:
            return ""
        return "\n".join(("```", *_aligned(rows), "```"))


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The sheet that the cases change: its form by name, the lines above the table, its value cells, its file name."""

    form: str
    above: tuple[str, ...]
    cells: Mapping[str, Raw]
    file: str


def filled_sheet() -> FilledSheet:
    """Return the sheet that all cases start from; it contradicts nothing."""
    return FilledSheet(
        form=_DOCUMENT["form"],
        above=tuple(_DOCUMENT["above"]),
        cells=_DOCUMENT["filled"],
        file=_DOCUMENT["file"],
    )


def examples_of(code: str, which: Literal["holds", "fails"]) -> tuple[Example, ...]:
    """Return the examples of a built-in code; none for a code that is not built in."""
    return _EXAMPLES.get((code, which), ())


def codes_with_examples() -> frozenset[str]:
    """The codes that cases.yaml speaks of."""
    return frozenset(code for code, _ in _EXAMPLES)


def _example(code: str, case: Mapping[str, Any]) -> Example:
    """The example that a case of cases.yaml describes."""
    fields: dict[str, Any] = {}
    for name, value in case.items():
        fields[name] = tuple(value) if isinstance(value, list) else value
    if "previous" in case:
        # one earlier sheet may stand there alone, without a list around it
        previous = case["previous"]
        sheets = previous if isinstance(previous, list) else [previous]
        fields["previous"] = tuple(Earlier(**sheet) for sheet in sheets)
    return Example(code, **fields)


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# read when the module is loaded: nobody but the reference of rules and its tests does
_DOCUMENT: Any = yaml.load(Path(__file__).with_name("cases.yaml").read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - safe
_EXAMPLES: Mapping[tuple[str, str], tuple[Example, ...]] = {
    (code, which): tuple(_example(code, case) for case in cases)
    for code, both in _DOCUMENT["codes"].items()
    for which, cases in both.items()
}


# --- an example told


def _said(example: Example, form: Form, spoken: Words) -> Iterator[str]:
    """Yield what is special about an example, one phrase a field."""

    def say(key: str, **facts: object) -> str:
        return spoken.word("example", key, **facts)

    def names(ids: tuple[str, ...]) -> str:
        return ", ".join(form[key].label for key in ids)

    what = example.what.get(spoken.language, "")
    yield from (text for text in (what, *example.above) if text)
    if example.values_only:
        yield say("values_only")
    if example.file:
        yield say("file", file=example.file)
    if example.made_for:
        yield say("property", name=example.made_for)
    if example.sheets:
        yield say("sheets", names=", ".join(example.sheets))
    if example.split:
        yield say("split", name=form[example.split].label)
    if example.cover:
        yield say("cover", lines="; ".join(example.cover))
    if example.said_unit:
        yield f"--unit {example.said_unit!r}"
    if example.said_period:
        yield f"--period {example.said_period}"
    if example.font:
        yield say("font", font=example.font)
    for key in _gone(example, form):
        yield say("row_gone", name=form[key].label)
    if example.columns:
        yield say("columns", titles=", ".join(example.columns))
    yield from (f"{example.columns[-1]} – {text}" for text in _figures(example.beside, {}, form, spoken))
    if example.merged:
        yield say("merged", names=names(example.merged))
    if example.hidden:
        whole_sheet = EVERY in example.hidden
        yield say("hidden_sheet") if whole_sheet else say("hidden", names=names(example.hidden))
    if example.period:
        yield say("period", period=spoken.period(Period.parse(example.period)))
    yield from _figures(example.cells, example.formats, form, spoken)
    yield from (_earlier(earlier, form, spoken) for earlier in example.previous)


def _gone(example: Example, form: Form) -> Iterator[str]:
    """Yield the ids of rows left out and not drawn elsewhere."""
    drawn = [drawing for drawing in example.rows.values() if drawing]
    for key, drawing in example.rows.items():
        label_cell = f"| {form[key].label} "
        if drawing is None and not any(label_cell in text for text in drawn):
            yield key


def _figures(cells: Mapping[str, Raw], formats: Mapping[str, str], form: Form, spoken: Words) -> Iterator[str]:
    """Yield `label: content` for each cell, with its number format where one is set."""
    for key, raw in cells.items():
        name = spoken.word("example", "every_number") if key == EVERY else form[key].label
        figure = f"{name}: {_raw(raw, spoken)}"
        if key in formats:
            figure += f" ({spoken.word('example', 'format', format=formats[key])})"
        yield figure


def _raw(raw: Raw, spoken: Words) -> str:
    """A raw content as it must be told apart: texts in quotes; errors, formulas and truths as Excel shows them."""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, str) and not raw.startswith(("#", "=")):
        return f'"{raw}"'
    return spoken.value(raw)


def _earlier(earlier: Earlier, form: Form, spoken: Words) -> str:
    """An earlier sheet: its period, its unit where that is another, and what stands there otherwise."""
    before = spoken.word("explain", "before")
    period = Period.parse(earlier.period) if earlier.period else None
    changes = [earlier.unit] if earlier.unit else []
    changes += _figures(earlier.cells, {}, form, spoken)
    shown = "; ".join(changes) or spoken.word("example", "same")
    return f"{before} ({spoken.period(period)}): {shown}"


def _aligned(rows: list[str]) -> Iterator[str]:
    """Drawn rows with their bars one under the other."""
    table = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        yield f"| {' | '.join(padded)} |"
