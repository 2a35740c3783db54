"""From a file to a submission: open, find the form, align its rows, read its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cchc_excel.errors import FormNotFound, SeveralForms, UnreadableWorkbook
from cchc_excel.excel.opening import open_grid
from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Severity, levels_above, names
from cchc_excel.grid import Grid, Source, column_letters, column_number
from cchc_excel.reading.align import Alignment, align
from cchc_excel.reading.columns import Choice, FigureColumn, choose, other_period
from cchc_excel.reading.heading import Heading, level_of, period_in_name, read_heading
from cchc_excel.reading.hidden import hidden_by_format
from cchc_excel.reading.legacy_grid import decoded
from cchc_excel.reading.notice import as_the_form_says, notice
from cchc_excel.reading.prepared import prepared
from cchc_excel.reading.row_entries import read_entries, unread_entries
from cchc_excel.reading.structure import structure_findings
from cchc_excel.reading.table import Table, find_tables, unknown_titles, with_figures_in
from cchc_excel.submission import CellAddress, Entry, Period, Submission
from cchc_excel.vietnamese.old_encodings import encoding_of_font
from cchc_excel.vietnamese.text import fold
from cchc_excel.vietnamese.unit_names import name_keys

LEAST_SHARE = 0.3  # of the form's rows; a table that shares fewer is another table


class Reading(NamedTuple):
    """What came of a file: a submission, or none, what was noticed on the way, and the kind of file it was."""

    submission: Submission | None
    findings: tuple[Finding, ...]
    kind: str = "xlsx"


class Given(NamedTuple):
    """What a person says of a file: it fills what the file does not say and chooses where the file says two things.

    What the file states is replaced only with `override`; without it a difference is told.
    """

    unit: str | None = None
    period: Period | None = None
    override: bool = False


NOTHING_GIVEN = Given()


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
    findings: list[Finding] = []
    chosen = _chosen(grid, form)
    if chosen is None or _has_legacy_font(grid):
        converted = decoded(grid, _known_texts(form))
        if converted is not None:
            grid, encoding = converted
            findings.append(notice("S33", facts={"encoding": encoding}))
            chosen = _chosen(grid, form)
    if chosen is None:
        titles = (title for sheet in grid.sheets if sheet.visible for title in unknown_titles(sheet, form))
        raise FormNotFound(", ".join(sheet.name for sheet in grid.sheets), "; ".join(dict.fromkeys(titles)))
    table, alignment = chosen
    heading = read_heading(grid, table, form)
    unit, period, of_heading = _who_and_when(heading, table, name, given)
    choice = choose(table.figures, period)
    of_several = len(table.figures) > 1
    if choice.taken is not None and of_several:
        findings += _column_taken(table, choice.taken)
        table = with_figures_in(table, choice.taken, form)
        alignment = align(table.rows, prepared(form).labels)
        heading = read_heading(grid, table, form)
        unit, period, of_heading = _who_and_when(heading, table, name, given)
    if choice.rivals:
        entries, noticed = unread_entries(table, alignment), list[Finding]()
    else:
        entries, noticed = read_entries(grid, table, alignment)
    findings += of_heading
    findings += _of_titles(table, choice, period, form, chosen_of_several=of_several)
    findings += _of_version(grid, form)
    findings += [notice("S47")] if grid.values_only else []
    findings += structure_findings(table, alignment, form)
    findings += noticed
    hidden = hidden_by_format(entries)
    findings += [hidden] if hidden else []
    notes = {
        match.indicator.id: match.row.note
        for match in alignment.matches
        if match.row.note and fold(match.row.note) != fold(match.indicator.note)
    }
    level = _level_above(grid, form, unit)
    underivable = _underivable(form) if level is not None else frozenset()
    aggregates = _aggregates(grid, entries) if names.AGGREGATES in grid.names else {}
    others = (sheet for sheet in grid.sheets if sheet is not table.sheet)
    earlier = tuple(text for sheet in others for text in sheet.texts_for_programs(names.HISTORY))
    submission = Submission(
        unit=unit,
        period=period,
        source=name,
        entries=entries,
        notes=notes,
        level=level,
        underivable=underivable,
        aggregates=aggregates,
        earlier=earlier,
        day=heading.day,
        note_column=table.columns.get("note", 0),
        above=heading.above if unit == heading.unit else None,
    )
    return Reading(submission, as_the_form_says(findings, form))


def _underivable(form: Form) -> frozenset[str]:
    """Rows that a consolidated workbook may leave blank."""
    from cchc_excel.merging.ways import underivable  # most files are no consolidated workbook

    return underivable(form)


def _column_taken(table: Table, taken: FigureColumn) -> Iterator[Finding]:
    """S43: which of several columns of figures was read."""
    others = tuple(_called(column) for column in table.figures if column is not taken)
    yield notice("S43", cells=(_title_cell(table, taken),), facts={"taken": _called(taken), "others": others})


def _of_titles(
    table: Table, choice: Choice, period: Period | None, form: Form, *, chosen_of_several: bool
) -> Iterator[Finding]:
    """What is to be said where titles do not decide, or where one is not the form's."""
    if choice.rivals:
        cells = tuple(_title_cell(table, column) for column in choice.rivals)
        yield notice("S44", cells=cells, facts={"columns": tuple(map(_called, choice.rivals))})
    elif choice.taken is not None:
        named = other_period(choice.taken, period)
        if not choice.taken.own and not chosen_of_several:
            expected = next(column.title for column in form.columns if column.role == "value")
            facts: dict[str, Fact] = {"column": _called(choice.taken), "title": expected}
            yield notice("S45", cells=(_title_cell(table, choice.taken),), facts=facts)
        if named is not None:
            facts = {"column": _called(choice.taken), "first": str(named), "second": str(period)}
            yield notice("S46", cells=(_title_cell(table, choice.taken),), facts=facts)


def _called(column: FigureColumn) -> str:
    """A column by its letter and its title: `E “Quý I/2023”`."""
    return f"{column_letters(column.column)} “{column.title}”" if column.title else column_letters(column.column)


def _title_cell(table: Table, column: FigureColumn) -> CellAddress:
    """The lowest cell of a column's title."""
    filled = (row for row in range(table.last_header, table.header_row, -1) if table.sheet.cell(row, column.column))
    return CellAddress(table.sheet.name, next(filled, table.header_row), column.column)


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
    level = grid.properties.get(names.LEVEL_PROPERTY) or level_of(unit)
    return level if level in levels_above(form.level) else None


def _known_texts(form: Form) -> frozenset[str]:
    """Folded labels and answers: what a text is compared with to tell in which character set it was typed."""
    answers = (text for row in form.indicators for option, also in row.options.items() for text in (option, *also))
    return frozenset(map(fold, ("không", "không có", "có", *answers, *(row.label for row in form.indicators))))


def _has_legacy_font(grid: Grid) -> bool:
    """Whether any cell style uses a font of the time before Unicode."""
    return any(encoding_of_font(style.font) for style in grid.styles)


def _chosen(grid: Grid, form: Form) -> tuple[Table, Alignment] | None:
    """The one table that is the form: of several, the only filled one; hidden sheets only if no other has it."""
    candidates = list(_candidates(grid, form))
    visible = [found for found in candidates if found[0].sheet.visible] or candidates
    if len(visible) > 1:
        filled = [found for found in visible if _filled(found[1])]
        if len(filled) > 1:
            raise SeveralForms(", ".join(table.sheet.name for table, _ in filled))
        visible = filled or visible
    if not visible:
        return None
    table, alignment = visible[0]
    twice = [match for match in alignment.repeated if match.row.value is not None]
    if twice and 2 * len(twice) > sum(match.indicator.is_entry for match in alignment.matches):
        raise SeveralForms(table.sheet.name)
    return table, alignment


def _candidates(grid: Grid, form: Form) -> Iterator[tuple[Table, Alignment]]:
    labels = prepared(form).labels
    for sheet in grid.sheets:
        for table in find_tables(sheet, form):
            alignment = align(table.rows, labels)
            if len(alignment.matches) >= LEAST_SHARE * len(form.indicators):
                yield table, alignment


def _filled(alignment: Alignment) -> bool:
    """Whether any entry holds something; the empty text of a formula that waits for its figures is nothing."""
    values = (match.row.value for match in alignment.matches if match.indicator.is_entry)
    return any(value is not None and value.value != "" for value in values)


def _who_and_when(
    heading: Heading, table: Table, name: str, given: Given
) -> tuple[str | None, Period | None, list[Finding]]:
    """The unit and the period of a file, and what is to be said of how they were found."""
    at = (CellAddress(table.sheet.name, table.header_row, 1),)
    unit, findings = _who(heading, given, at)
    period, of_period = _when(heading, name, given, at)
    findings += of_period
    if heading.found_on is not None:
        findings.append(notice("S38", cells=at, facts={"sheet": heading.found_on}))
    if heading.blanks:
        findings.append(notice("S32", cells=at, facts={"text": "; ".join(heading.blanks)}))
    return unit, period, findings


def _who(heading: Heading, given: Given, at: tuple[CellAddress, ...]) -> tuple[str | None, list[Finding]]:
    if heading.unit is not None:
        if given.unit is None or name_keys(given.unit)[:1] == name_keys(heading.unit)[:1]:
            return heading.unit, []
        facts: dict[str, Fact] = {"stated": heading.unit, "given": given.unit}
        if given.override:
            return given.unit, [notice("S39", cells=at, facts=facts, severity=Severity.INFO)]
        return heading.unit, [notice("S39", cells=at, facts=facts)]
    if given.unit is not None:
        return given.unit, []
    if heading.rival_units:
        first, second = heading.rival_units[:2]
        return None, [notice("S42", cells=at, facts={"first": first, "second": second})]
    return None, [notice("S30", cells=at)]


def _when(
    heading: Heading, name: str, given: Given, at: tuple[CellAddress, ...]
) -> tuple[Period | None, list[Finding]]:
    if heading.period is not None:
        if given.period is not None and given.period != heading.period:
            facts: dict[str, Fact] = {"stated": str(heading.period), "given": str(given.period)}
            if given.override:
                return given.period, [notice("S40", cells=at, facts=facts, severity=Severity.INFO)]
            return heading.period, [notice("S40", cells=at, facts=facts)]
        if heading.year_of_plan:
            return heading.period, [notice("S41", cells=at, facts={"period": str(heading.period)})]
        return heading.period, []
    if given.period is not None:
        return given.period, []
    if heading.rival_periods:
        first, second = (str(found) for found in heading.rival_periods[:2])
        return None, [notice("S34", cells=at, facts={"first": first, "second": second})]
    period = period_in_name(name)
    if period is None:
        return None, [notice("S31", cells=at)]
    return period, [notice("S36", cells=at, facts={"period": str(period)})]


def _of_version(grid: Grid, form: Form) -> Iterator[Finding]:
    made_for, version = grid.properties.get(names.FORM_PROPERTY), grid.properties.get(names.VERSION_PROPERTY)
    if made_for is not None and (made_for, version) != (form.id, form.version):
        facts = {"found": f"{made_for} {version or ''}".strip(), "expected": f"{form.id} {form.version}"}
        yield notice("S35", facts=facts)
