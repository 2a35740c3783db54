"""From a file to a submission: open, find the form, align its rows, read its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc_excel.codes import CODES
from cchc_excel.errors import FormNotFound, UnreadableWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator, Severity, edition_for, edition_named, names
from cchc_excel.grid import Grid, Source, column_number
from cchc_excel.reading.given import NOTHING_GIVEN, Given
from cchc_excel.reading.header import unknown_titles
from cchc_excel.reading.heading import level_of
from cchc_excel.reading.hidden import hidden_by_format
from cchc_excel.reading.legacy_grid import decoded
from cchc_excel.reading.notice import as_the_form_says, notice
from cchc_excel.reading.parts import (
    ReadPart,
    column_taken,
    rows_moved,
    sheet_findings,
    title_findings,
    with_its_figures,
)
from cchc_excel.reading.remarks import comments_on, other_figures_in_notes
from cchc_excel.reading.row_entries import doubtful_rates, read_entries, unread_entries
from cchc_excel.reading.sheets import OnSheets, form_on_sheets
from cchc_excel.reading.stated import Stated, stated_in
from cchc_excel.reading.structure import structure_findings, totals_of_gone_rows
from cchc_excel.submission import Entry, Period, Submission
from cchc_excel.vietnamese.old_encodings import encoding_of_font
from cchc_excel.vietnamese.text import fold


class Reading(NamedTuple):
    """What came of a file: a submission, or none, what was noticed on the way, and the kind of file it was.

    `form` is the one that it was read by: of several editions that of its period.
    `parts` are the tables that were read, with the rows and columns as they were understood.
    """

    submission: Submission | None
    findings: tuple[Finding, ...]
    kind: str = "xlsx"
    form: Form | None = None
    parts: tuple[ReadPart, ...] = ()


def read(source: Source, form: Form, given: Given = NOTHING_GIVEN) -> Reading:
    """Return the reading of a file's bytes. A file that cannot be read is one finding."""
    if source.refused is not None:
        return Reading(None, (unreadable(source.refused),))
    try:
        grid, kind = open_grid(source.data, leaving_out=names.CHECKS)
        reading = read_grid(grid, form, source.name, given)
        if kind == "xlsx":  # of the other kinds formulas are not known
            return _calculated(reading, grid, source, form, given)
        return reading._replace(kind=kind)
    except UnreadableWorkbook as error:
        return Reading(None, (unreadable(error),))


def _calculated(reading: Reading, grid: Grid, source: Source, form: Form, given: Given) -> Reading:
    """The same, with results for formulas that were never calculated, and told for each that it is ours."""
    submission = reading.submission
    if submission is None or all(it.code != "T14" for it in reading.findings):
        return reading
    from cchc_excel.reading.never_calculated import never_calculated, with_results

    waiting = never_calculated(submission)
    filled = with_results(grid, source.data, waiting) if waiting else grid
    if filled is grid:
        return reading
    form = reading.form or form
    anew = read_grid(filled, form, source.name, given)
    entries = anew.submission.entries if anew.submission is not None else {}
    said = []
    for cell, key in waiting.items():
        entry = entries.get(key)
        if entry is not None and entry.raw is not None:
            facts = {"formula": f"={entry.formula}", "value": entry.raw}
            said.append(notice("T22", (key,), (cell,), observed=entry.raw, facts=facts))
    return anew._replace(findings=(*anew.findings, *as_the_form_says(said, form)))


def unreadable(error: UnreadableWorkbook) -> Finding:
    """The one finding that a file becomes which cannot be read."""
    facts: dict[str, Fact] = dict.fromkeys(("detail", "sheets", "document", "archive"), error.detail)
    if isinstance(error, FormNotFound) and error.titles:
        facts["titles"] = error.titles
    return notice(error.code, facts=facts)


def read_grid(grid: Grid, form: Form, name: str, given: Given = NOTHING_GIVEN) -> Reading:
    """Return the reading of a grid. Raises FormNotFound or SeveralForms where there is not one form in it."""
    located = _located(grid, form, given)
    grid, found = located.grid, located.found
    said = NOTHING_GIVEN._replace(known=given.known) if given.only_chooses else given
    stated = stated_in(grid, [part.table for part in found.parts], form, name, said)
    edition = _edition(grid, form, stated.period)
    if edition is not form:
        return read_grid(grid, edition, name, given)
    parts = rows_moved([with_its_figures(part, stated.period, form) for part in found.parts])
    if any(len(part.table.figures) > 1 for part in found.parts):
        stated = stated_in(grid, [part.table for part in parts], form, name, said)
    entries, of_entries = _entries_of(grid, parts, form)
    notes = _notes_of(parts)
    findings = (
        *located.findings,
        *sheet_findings(found, stated.heading),
        *(finding for part in parts for finding in column_taken(part)),
        *stated.findings,
        *title_findings(parts, stated.period, form),
        *_of_version_and_rows(grid, parts, stated.period, form),
        *of_entries,
        *other_figures_in_notes(entries, notes, form),
        *other_figures_in_notes(entries, comments_on(entries, grid), form),
    )
    submission = _submission(grid, form, name, parts, entries, notes, stated)
    return Reading(submission, as_the_form_says(findings, form), form=form, parts=tuple(parts))


class _Located(NamedTuple):
    """The grid, in Unicode, and where the form stands in it."""

    grid: Grid
    found: OnSheets
    findings: tuple[Finding, ...] = ()


def _located(grid: Grid, form: Form, given: Given) -> _Located:
    """Find the form on the sheets; in a workbook from before Unicode after its texts are decoded."""
    found = form_on_sheets(grid, form, given)
    findings: tuple[Finding, ...] = ()
    if found is None or _has_legacy_font(grid):
        converted = decoded(grid, _known_texts(form))
        if converted is not None:
            grid, encoding = converted
            findings = (notice("S33", facts={"encoding": encoding}),)
            found = form_on_sheets(grid, form, given)
    if found is None:
        titles = (title for sheet in grid.sheets if sheet.visible for title in unknown_titles(sheet, form))
        raise FormNotFound(", ".join(sheet.name for sheet in grid.sheets), "; ".join(dict.fromkeys(titles)))
    return _Located(grid, found, findings)


def _entries_of(grid: Grid, parts: Sequence[ReadPart], form: Form) -> tuple[dict[str, Entry], list[Finding]]:
    """The entries of all parts in the order of the form, and what is to be said of them."""
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []
    for part in parts:
        if part.choice.rivals:
            entries |= unread_entries(part.table, part.alignment.matches)
        else:
            of_part, noticed = read_entries(grid, part.table, part.alignment)
            entries |= of_part
            findings += noticed
    if len(parts) > 1:
        entries = {row.id: entries[row.id] for row in form.entries if row.id in entries}
    findings += doubtful_rates(entries, form)
    hidden = hidden_by_format(entries)
    return entries, findings if hidden is None else [*findings, hidden]


def _notes_of(parts: Sequence[ReadPart]) -> dict[str, str]:
    """The notes that somebody wrote beside the rows; not those that the form prints."""
    return {
        match.indicator.id: match.row.note
        for part in parts
        for match in part.alignment.matches
        if match.row.note and fold(match.row.note) not in _printed_notes(match.indicator)
    }


def _of_version_and_rows(grid: Grid, parts: Sequence[ReadPart], period: Period | None, form: Form) -> Iterator[Finding]:
    """What is to be said of the form's version, of a kind of file without number formats, and of rows."""
    yield from _of_version(grid, form)
    if grid.values_only:
        yield notice("S47")
    of_structure = structure_findings([(part.table, part.alignment) for part in parts], form.at(period))
    is_our_template = grid.properties.get(names.FORM_PROPERTY) == form.id
    yield from _of_the_unit(of_structure) if is_our_template else of_structure


def _submission(
    grid: Grid,
    form: Form,
    name: str,
    parts: Sequence[ReadPart],
    entries: Mapping[str, Entry],
    notes: Mapping[str, str],
    stated: Stated,
) -> Submission:
    """What was read, with what a workbook of this program keeps beside the form."""
    heading = stated.heading
    level = _level_above(grid, form, stated.unit)
    aggregates = _aggregates(grid, entries) if names.AGGREGATES in grid.names else {}
    own = {part.table.sheet.name for part in parts}
    others = (sheet for sheet in grid.sheets if sheet.name not in own)
    return Submission(
        unit=stated.unit,
        period=stated.period,
        source=name,
        entries=entries,
        notes=notes,
        level=level,
        underivable=_underivable(form, aggregates) if level is not None else frozenset(),
        aggregates=aggregates,
        earlier=tuple(text for sheet in others for text in sheet.texts_for_programs(names.HISTORY)),
        day=heading.day,
        number=heading.number,
        note_column=parts[0].table.columns.get("note", 0),
        above=heading.above if stated.unit == heading.unit else None,
        open_totals=frozenset(key for part in parts for key in totals_of_gone_rows(part.alignment, form)),
    )


def _edition(grid: Grid, form: Form, period: Period | None) -> Form:
    """The edition of the form that the period asks for, else the one that the workbook was made of."""
    if period is None:
        return edition_named(form, grid.properties.get(names.FORM_PROPERTY, ""))
    return edition_for(form, period)


def _printed_notes(row: Indicator) -> set[str]:
    """What the form prints beside the row, now and in older printings."""
    return {fold(row.note), fold(row.printed.note or row.note)}


def _underivable(form: Form, aggregates: Mapping[str, str]) -> frozenset[str]:
    """Rows that a consolidated workbook may leave blank."""
    from cchc_excel.merging.ways import underivable, without_common_value  # most files are no consolidated workbook

    return underivable(form) | without_common_value(aggregates, form)


def _aggregates(grid: Grid, entries: Mapping[str, Entry]) -> dict[str, str]:
    """What stands beside each figure in the column where a consolidated workbook keeps its aggregates."""
    found = re.fullmatch(r"'?(?P<sheet>.+?)'?!\$?(?P<column>[A-Z]{1,3})\$?\d+", grid.names[names.AGGREGATES])
    sheet = next((sheet for sheet in grid.sheets if found and sheet.name == found["sheet"]), None)
    if found is None or sheet is None:
        return {}
    cells = {key: sheet.cell(entry.cell.row, column_number(found["column"])) for key, entry in entries.items()}
    return {key: str(cell.value) for key, cell in cells.items() if cell is not None and cell.value is not None}


def _level_above(grid: Grid, form: Form, unit: str | None) -> str | None:
    """The unit's level where it is above the form's: said by the workbook if it was consolidated, else by the name."""
    level = grid.properties.get(names.LEVEL_PROPERTY) or level_of(unit, form.levels)
    return level if level in form.levels_above else None


def _known_texts(form: Form) -> frozenset[str]:
    """Folded labels and answers: what a text is compared with to tell in which character set it was typed."""
    answers = (text for row in form.indicators for option, also in row.options.items() for text in (option, *also))
    return frozenset(map(fold, ("không", "không có", "có", *answers, *(row.label for row in form.indicators))))


def _has_legacy_font(grid: Grid) -> bool:
    """Whether any cell style uses a font of the time before Unicode."""
    return any(map(encoding_of_font, {style.font for style in grid.styles}))


def _of_the_unit(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Without what the printed form itself has: in the template of this program that is no news to anybody."""
    return (it for it in findings if not CODES[it.code].of_the_form or it.severity is not Severity.INFO)


def _of_version(grid: Grid, form: Form) -> Iterator[Finding]:
    made_for, version = grid.properties.get(names.FORM_PROPERTY), grid.properties.get(names.VERSION_PROPERTY)
    if made_for is not None and (made_for, version) != (form.id, form.version):
        facts = {"found": f"{made_for} {version or ''}".strip(), "expected": f"{form.id} {form.version}"}
        yield notice("S35", facts=facts)
