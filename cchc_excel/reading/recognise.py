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
from cchc_excel.grid import Grid, Source, column_letters, column_number
from cchc_excel.reading.align import Alignment, align
from cchc_excel.reading.columns import Choice, FigureColumn, choose, other_period
from cchc_excel.reading.common_unit import common_unit_findings
from cchc_excel.reading.given import NOTHING_GIVEN, Given
from cchc_excel.reading.header import unknown_titles
from cchc_excel.reading.heading import Heading, level_of, period_in_name, period_in_sheet_name, read_heading
from cchc_excel.reading.hidden import hidden_by_format
from cchc_excel.reading.legacy_grid import decoded
from cchc_excel.reading.notice import as_the_form_says, notice
from cchc_excel.reading.remarks import other_figures_in_notes
from cchc_excel.reading.row_entries import doubtful_rates, read_entries, unread_entries
from cchc_excel.reading.sheets import OnSheets, Part, form_on_sheets, names_of
from cchc_excel.reading.structure import structure_findings, totals_of_gone_rows
from cchc_excel.reading.table import Table, put_right_in_part, with_figures_in, with_sections_settled
from cchc_excel.reading.vocabulary import vocabulary_of
from cchc_excel.submission import CellAddress, Entry, Period, Submission
from cchc_excel.vietnamese.old_encodings import encoding_of_font
from cchc_excel.vietnamese.text import fold
from cchc_excel.vietnamese.unit_names import name_keys


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
    findings: list[Finding] = []
    found = form_on_sheets(grid, form, given)
    if found is None or _has_legacy_font(grid):
        converted = decoded(grid, _known_texts(form))
        if converted is not None:
            grid, encoding = converted
            findings.append(notice("S33", facts={"encoding": encoding}))
            found = form_on_sheets(grid, form, given)
    if found is None:
        titles = (title for sheet in grid.sheets if sheet.visible for title in unknown_titles(sheet, form))
        raise FormNotFound(", ".join(sheet.name for sheet in grid.sheets), "; ".join(dict.fromkeys(titles)))
    asked = given
    given = NOTHING_GIVEN._replace(known=given.known) if given.only_chooses else given
    tables = [part.table for part in found.parts]
    heading = _heading(grid, tables, form, given.known)
    unit, period, of_heading = _who_and_when(heading, found.parts[0].table, name, given)
    edition = _edition(grid, form, period)
    if edition is not form:
        return read_grid(grid, edition, name, asked)
    parts = [_with_its_figures(part, period, form) for part in found.parts]
    if any(len(part.table.figures) > 1 for part in found.parts):
        heading = _heading(grid, [part.table for part in parts], form, given.known)
        unit, period, of_heading = _who_and_when(heading, parts[0].table, name, given)
    entries: dict[str, Entry] = {}
    noticed: list[Finding] = []
    for part in parts:
        if part.choice.rivals:
            entries |= unread_entries(part.table, part.alignment.matches)
        else:
            of_part, noticed_in_part = read_entries(grid, part.table, part.alignment)
            entries |= of_part
            noticed += noticed_in_part
    if len(parts) > 1:
        entries = {row.id: entries[row.id] for row in form.entries if row.id in entries}
    findings += _of_sheets(found, heading)
    findings += [finding for part in parts for finding in _column_taken(part)]
    findings += of_heading
    findings += [finding for part in parts for finding in _of_titles(part, period, form)]
    findings += [finding for part in parts for finding in _of_sections(part)]
    findings += [finding for part in parts for finding in _put_right(part)]
    findings += [finding for part in parts for finding in common_unit_findings(part.table, part.alignment)]
    findings += _of_version(grid, form)
    findings += [notice("S47")] if grid.values_only else []
    of_structure = structure_findings([(part.table, part.alignment) for part in parts], form.at(period))
    findings += of_structure if grid.properties.get(names.FORM_PROPERTY) != form.id else _of_the_unit(of_structure)
    findings += noticed
    findings += doubtful_rates(entries, form)
    hidden = hidden_by_format(entries)
    findings += [hidden] if hidden else []
    notes = {
        match.indicator.id: match.row.note
        for part in parts
        for match in part.alignment.matches
        if match.row.note and fold(match.row.note) not in _printed_notes(match.indicator)
    }
    findings += other_figures_in_notes(entries, notes, form)
    level = _level_above(grid, form, unit)
    aggregates = _aggregates(grid, entries) if names.AGGREGATES in grid.names else {}
    underivable = _underivable(form, aggregates) if level is not None else frozenset()
    own = {part.table.sheet.name for part in parts}
    others = (sheet for sheet in grid.sheets if sheet.name not in own)
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
        number=heading.number,
        note_column=parts[0].table.columns.get("note", 0),
        above=heading.above if unit == heading.unit else None,
        open_totals=frozenset(key for part in parts for key in totals_of_gone_rows(part.alignment, form)),
    )
    return Reading(submission, as_the_form_says(findings, form), form=form, parts=tuple(parts))


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


class ReadPart(NamedTuple):
    """One part of the form with its column of figures chosen, as far as the titles allow; `figures` are all of them."""

    table: Table
    alignment: Alignment
    choice: Choice
    figures: tuple[FigureColumn, ...]


def _with_its_figures(part: Part, period: Period | None, form: Form) -> ReadPart:
    table, alignment = part.table, part.alignment
    choice = choose(table.figures, period)
    if choice.first is not None:
        others = [column for column in choice.rivals if column is not choice.first]
        in_part = put_right_in_part(with_figures_in(table, choice.first, form), others)
        if in_part is not None:
            table, choice = in_part, Choice(choice.first)
    if choice.taken is not None and len(table.figures) > 1:
        table = with_figures_in(table, choice.taken, form)
    if table.sections and not choice.rivals:
        table = with_sections_settled(table, choice.taken or table.own_title, period, form)
    if table is not part.table:
        alignment = align(table.rows, vocabulary_of(form).labels)
    return ReadPart(table, alignment, choice, part.table.figures)


def _heading(grid: Grid, tables: Sequence[Table], form: Form, known: Sequence[str]) -> Heading:
    """What the first sheet states, with what the next ones state and it does not."""
    heading, *others = (read_heading(grid, table, form, known) for table in tables if table.header_row)
    for other in others:
        if heading.unit is None and not heading.rival_units:
            heading = heading._replace(unit=other.unit, rival_units=other.rival_units, above=other.above)
        if heading.period is None and not heading.rival_periods:
            heading = heading._replace(
                period=other.period, rival_periods=other.rival_periods, year_of_plan=other.year_of_plan
            )
    return heading


def _of_sheets(found: OnSheets, heading: Heading) -> Iterator[Finding]:
    """S48 to S50: on which sheets the form was found, and where a sheet's name tells another period than it states."""
    names = names_of(found.parts)
    if len(names) > 1:
        yield notice("S48", cells=tuple(_top(part.table) for part in found.parts), facts={"sheets": names})
    if found.passed_over:
        facts: dict[str, Fact] = {"taken": names[0], "others": found.passed_over}
        yield notice("S49", cells=(_top(found.parts[0].table),), facts=facts)
    named = period_in_sheet_name(names[0], heading.period) if len(names) == 1 else None
    if named is not None and heading.period is not None and named != heading.period:
        facts = {"sheet": names[0], "first": str(named), "second": str(heading.period)}
        yield notice("S50", cells=(_top(found.parts[0].table),), facts=facts)


def _top(table: Table) -> CellAddress:
    return CellAddress(table.sheet.name, max(table.header_row, 1), 1)


def _column_taken(part: ReadPart) -> Iterator[Finding]:
    """S43: which of several columns of figures was read."""
    taken = part.choice.taken
    if part.table.header_row and taken is not None and len(part.figures) > 1:
        others = tuple(_called(column) for column in part.figures if column is not taken)
        facts: dict[str, Fact] = {"taken": _called(taken), "others": others}
        yield notice("S43", cells=(_title_cell(part.table, taken),), facts=facts)


def _of_titles(part: ReadPart, period: Period | None, form: Form) -> Iterator[Finding]:
    """What is to be said where titles do not decide, or where one is not the form's."""
    table, choice = part.table, part.choice
    if not table.header_row:  # the titles are those of the sheet before, of which it was said
        return
    if choice.rivals:
        cells = tuple(_title_cell(table, column) for column in choice.rivals)
        yield notice("S44", cells=cells, facts={"columns": tuple(map(_called, choice.rivals))})
    elif choice.taken is not None:
        named = other_period(choice.taken, period)
        if not choice.taken.own and len(part.figures) == 1:
            expected = next(column.title for column in form.columns if column.role == "value")
            facts: dict[str, Fact] = {"column": _called(choice.taken), "title": expected}
            yield notice("S45", cells=(_title_cell(table, choice.taken),), facts=facts)
        if named is not None:
            facts = {"column": _called(choice.taken), "first": str(named), "second": str(period)}
            yield notice("S46", cells=(_title_cell(table, choice.taken),), facts=facts)


def _of_sections(part: ReadPart) -> Iterator[Finding]:
    """S52: a header within the table gives the figures below it a title that does not make them the period's."""
    table = part.table
    for section in table.sections:
        below = [it for it in part.alignment.matches if table.section_of(it.row.number) is section]
        named = tuple(match.indicator.id for match in below if match.indicator.is_entry)
        if section.unread and named:
            of_table = _title_cell(table, table.own_title)
            header = section.header
            under = table._replace(header_row=header.first, last_header=header.last)
            of_section = [_title_cell(under, column) for column in section.unread]
            if section.line is not None:
                of_section = [CellAddress(table.sheet.name, section.line.row, section.line.column)]
            facts: dict[str, Fact] = {
                "first": _quoted(of_table, table.own_title),
                "second": tuple(map(_quoted, of_section, section.unread)),
                "count": len(named),
            }
            yield notice("S52", named, (*of_section, of_table), facts=facts)


def _put_right(part: ReadPart) -> Iterator[Finding]:
    """S54: of some rows another column, in which somebody put figures right, holds another figure."""
    table, taken = part.table, part.choice.taken
    rows = [it for it in part.alignment.matches if it.row.number in table.put_right and it.indicator.is_entry]
    if taken is not None and rows:
        columns = (taken, *table.correcting)
        cells = tuple(
            CellAddress(table.sheet.name, match.row.number, column.column)
            for match in rows
            for column in columns
            if table.sheet.cell(match.row.number, column.column) is not None
        )
        facts: dict[str, Fact] = {
            "first": _called(taken),
            "second": tuple(map(_called, table.correcting)),
            "count": len(rows),
        }
        yield notice("S54", tuple(match.indicator.id for match in rows), cells, facts=facts)


def _quoted(cell: CellAddress, column: FigureColumn) -> str:
    """A title by its cell: `E3 “Số liệu”`."""
    return f"{cell.local} “{column.title}”"


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
    level = grid.properties.get(names.LEVEL_PROPERTY) or level_of(unit, form.levels)
    return level if level in form.levels_above else None


def _known_texts(form: Form) -> frozenset[str]:
    """Folded labels and answers: what a text is compared with to tell in which character set it was typed."""
    answers = (text for row in form.indicators for option, also in row.options.items() for text in (option, *also))
    return frozenset(map(fold, ("không", "không có", "có", *answers, *(row.label for row in form.indicators))))


def _has_legacy_font(grid: Grid) -> bool:
    """Whether any cell style uses a font of the time before Unicode."""
    return any(map(encoding_of_font, {style.font for style in grid.styles}))


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


def _of_the_unit(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Without what the printed form itself has: in the template of this program that is no news to anybody."""
    return (it for it in findings if not CODES[it.code].of_the_form or it.severity is not Severity.INFO)


def _of_version(grid: Grid, form: Form) -> Iterator[Finding]:
    made_for, version = grid.properties.get(names.FORM_PROPERTY), grid.properties.get(names.VERSION_PROPERTY)
    if made_for is not None and (made_for, version) != (form.id, form.version):
        facts = {"found": f"{made_for} {version or ''}".strip(), "expected": f"{form.id} {form.version}"}
        yield notice("S35", facts=facts)
