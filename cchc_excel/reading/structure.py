"""The sheet against the form: what is missing, twice, moved, renumbered or renamed (family S)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from cchc_excel.finding import Fact, Finding
from cchc_excel.form import Form, Indicator, Severity
from cchc_excel.grid import Cell, column_letters, merged_rows
from cchc_excel.reading.align import Alignment, Match, same_stt
from cchc_excel.reading.moved import is_figure
from cchc_excel.reading.notice import notice
from cchc_excel.reading.table import Table, TableRow
from cchc_excel.reading.units import RowUnit
from cchc_excel.submission import CellAddress
from cchc_excel.vietnamese.text import fold

_NUMBERED = re.compile(r"\d{1,9}(\.\d{1,9})*")  # a cell of 5,000 digits numbers nothing
_SCALES = ("nghìn", "ngàn", "triệu", "tỷ", "tỉ")
LEAST_SHIFTED = 3  # rows
LABEL_CHANGED = 0.97  # similarity under which a label is worth a word; above lie spelling and spaces


def structure_findings(parts: Sequence[tuple[Table, Alignment]], form: Form) -> tuple[Finding, ...]:
    """What is to be said of the rows of a form, which may stand on several sheets."""
    return (
        *(finding for table, alignment in parts for finding in _row_by_row(alignment, form, _Place(table))),
        *_missing([alignment for _, alignment in parts], form),
        *(finding for table, alignment in parts for finding in _shifted(table, alignment, _Place(table))),
        *(finding for table, alignment in parts for finding in _layout(table, alignment)),
    )


def _row_by_row(alignment: Alignment, form: Form, place: _Place) -> Iterator[Finding]:
    for match in alignment.matches:
        if not _is_as_printed(match):
            yield from _of_match(match, place)
    yield from _repeated(alignment, place)
    for row, candidates in alignment.unclear:
        facts: dict[str, Fact] = {
            "text": row.label,
            "candidates": tuple(f"{it.stt} {it.label}".strip() for it in candidates),
        }
        yield notice("S21", tuple(it.id for it in candidates), (place.label(row),), facts=facts)
    for row in alignment.extra:
        if row.label and row.value is not None and is_figure(_shown(row.value)):
            if _is_gone(row, form) and _holds_nothing(row):
                continue
            yield notice("S11", (), (place.value(row),), facts={"text": row.label})
    yield from _numbering(alignment, form, place)


def _is_gone(row: TableRow, form: Form) -> bool:
    """Whether only older printings have the row."""
    return fold(row.label) in {fold(label) for label in form.no_longer}


def _holds_nothing(row: TableRow) -> bool:
    return row.value is None or str(row.value.value or "0").strip() in {"0", "0.0", "00"}


def totals_of_gone_rows(alignment: Alignment, form: Form) -> frozenset[str]:
    """The totals under which a row that the form has no longer holds a figure: what they add up to is not known."""
    if not form.no_longer:
        return frozenset()
    gone = [row.number for row in alignment.extra if _is_gone(row, form) and not _holds_nothing(row)]
    above = [_numbered_above(number, alignment) for number in gone]
    return frozenset(indicator.id for indicator in above if indicator is not None and indicator.total_of)


def _numbered_above(number: int, alignment: Alignment) -> Indicator | None:
    """The nearest indicator above a row of the sheet that has a depth in the form's numbering."""
    above = [match for match in alignment.matches if match.indicator.depth and match.row.number < number]
    nearest = max(above, key=lambda match: match.row.number, default=None)
    return None if nearest is None else nearest.indicator


def _is_as_printed(match: Match) -> bool:
    """Whether a row stands to the letter as the form prints it, so that there is nothing to say."""
    row, indicator = match.row, match.indicator
    return (
        row.label == indicator.label
        and row.stt == indicator.stt
        and row.unit == indicator.unit
        and not (row.more or match.moved or (row.unit == "%" and _counts(indicator.label)))
    )


def _counts(label: str) -> bool:
    """Whether a label speaks of a number, though its unit may be a percentage."""
    return fold(label).startswith("số ")


class _Place:
    """Addresses of a row's cells, by the role of their column."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def of(self, row: TableRow, role: str) -> CellAddress:
        section = self.table.section_of(row.number)
        columns = self.table.columns if section is None else section.columns
        column = columns.get(role, columns["label"])
        return CellAddress(self.table.sheet.name, row.number, column)

    def label(self, row: TableRow) -> CellAddress:
        return self.of(row, "label")

    def value(self, row: TableRow) -> CellAddress:
        return self.of(row, "value")


def _of_match(match: Match, place: _Place) -> Iterator[Finding]:
    row, indicator = match.row, match.indicator
    named = (indicator.id,)
    if match.moved:
        yield notice("S13", named, (place.label(row),))
    if match.score < LABEL_CHANGED:
        facts: dict[str, Fact] = {"found": row.label, "score": round(100 * match.score)}
        yield notice("S15", named, (place.label(row),), facts=facts)
    if row.more:
        rows = tuple(dict.fromkeys(row.more))
        yield notice("S25", named, (place.label(row),), facts={"rows": rows})
    yield from _stt(row, indicator, place)
    yield from _unit(row, indicator, place)


def _stt(row: TableRow, indicator: Indicator, place: _Place) -> Iterator[Finding]:
    """A number that is no number, or that is another row's."""
    if not row.stt:
        return
    at = (place.of(row, "stt"),)
    if not any(letter.isdigit() for letter in row.stt):
        yield notice("S24", (indicator.id,), at, facts={"text": row.stt})
    elif not same_stt(row.stt, indicator):
        yield notice("S14", (indicator.id,), at, facts={"found": row.stt, "expected": indicator.stt})


def _unit(row: TableRow, indicator: Indicator, place: _Place) -> Iterator[Finding]:
    if "unit" not in place.table.columns or not indicator.is_entry:
        return
    at, named = (place.of(row, "unit"),), (indicator.id,)
    found, wanted = fold(row.unit), fold(indicator.unit)
    percent_sign = row.unit.strip() == "%"
    if percent_sign and indicator.unit == "%" and _counts(row.label):
        yield notice("S27", named, at, facts={"unit": row.unit})
    if row.unit == indicator.unit or (found == wanted and percent_sign == (indicator.unit == "%")):
        return
    if row.unit and not indicator.kind.is_text and RowUnit(indicator.kind.value, indicator.unit).owns(row.unit):
        return  # `Trđ`, `VB`: abbreviated, as beside a figure
    facts = {"found": row.unit, "expected": indicator.unit}
    if not row.unit:
        yield notice("S26", named, at, facts={"expected": indicator.unit})
    elif percent_sign or indicator.printed.unit is None or found != fold(indicator.printed.unit):
        yield notice("S17" if _other_scale(row.unit, indicator) else "S16", named, at, facts=facts)


def _other_scale(unit: str, indicator: Indicator) -> bool:
    """Whether a changed unit changes the size of the figure: đồng for triệu đồng, a number for a percentage."""
    found, wanted = fold(unit).split(), fold(indicator.unit).split()
    scales, own_scales = (
        [word for word in words if word in _SCALES or word.isdigit()]  # `1000 văn bản`
        for words in (found, wanted)
    )
    return scales != own_scales or (unit.strip() == "%") != (indicator.unit == "%")


def _missing(alignments: Sequence[Alignment], form: Form) -> Iterator[Finding]:
    if sum(len(alignment.matches) for alignment in alignments) == len(form.indicators):
        return
    found = {match.indicator.id for alignment in alignments for match in alignment.matches}
    found |= {it.id for alignment in alignments for _, candidates in alignment.unclear for it in candidates}
    asked = [row for row in form.entries if row.in_force and not row.may_be_absent]
    missing = [indicator for indicator in asked if indicator.id not in found]
    sections = _sections_missing(missing, form)
    if sections:
        yield notice("S51", facts={"sections": tuple(form[key].stt or form[key].label for key in sections)})
    for indicator in missing:
        if indicator.section not in sections:
            yield notice("S10", (indicator.id,))


def _sections_missing(missing: Sequence[Indicator], form: Form) -> tuple[str, ...]:
    """The sections of which no row is there, where they hold more than one."""
    rows = Counter(row.section for row in form.entries if row.section)
    gone = Counter(row.section for row in missing if row.section)
    return tuple(section for section, count in gone.items() if count == rows[section] > 1)


def _repeated(alignment: Alignment, place: _Place) -> Iterator[Finding]:
    if not alignment.repeated:
        return
    first = {match.indicator.id: match.row for match in alignment.matches}
    for match in alignment.repeated:
        original = first[match.indicator.id]
        values = tuple(_shown(row.value) for row in (original, match.row))
        if not match.indicator.is_entry or match.row.value is None:
            continue
        severity = Severity.WARNING if values[0] == values[1] else Severity.ERROR
        facts: dict[str, Fact] = {"rows": tuple(sorted((original.number, match.row.number))), "values": values}
        cells = (place.value(match.row), place.value(original))
        yield notice("S12", (match.indicator.id,), cells, severity=severity, facts=facts)


def _shown(cell: Cell | None) -> str:
    return "" if cell is None or cell.value is None else str(cell.value).strip()


def _shifted(table: Table, alignment: Alignment, place: _Place) -> Iterator[Finding]:
    """Figures in the unit or note column while their value cells are blank, or from some row on: they slipped."""
    if table.moved:
        moved = [it for it in alignment.matches if it.indicator.is_entry and it.row.number in table.moved]
        at = (CellAddress(table.sheet.name, match.row.number, table.moved_to) for match in moved)
        cells = tuple(cell for cell in at if table.sheet.cell(cell.row, cell.column) is not None)
        facts: dict[str, Fact] = {"column": column_letters(table.moved_to), "count": len(cells)}
        yield notice("S18", tuple(match.indicator.id for match in moved), cells, facts=facts)
    blank = [match for match in alignment.matches if match.row.value is None and match.indicator.is_entry]
    blank = [match for match in blank if match.row.number not in table.moved]
    for role in ("unit", "note"):
        if role not in table.columns:
            continue
        shifted = [match for match in blank if is_figure(getattr(match.row, role))]
        if len(shifted) >= LEAST_SHIFTED:
            cells = tuple(place.of(match.row, role) for match in shifted)
            facts = {"column": column_letters(cells[0].column), "count": len(shifted)}
            yield notice("S18", tuple(match.indicator.id for match in shifted), cells, facts=facts)


def _numbering(alignment: Alignment, form: Form, place: _Place) -> Iterator[Finding]:
    """The STT column by itself: one number twice, a number skipped. A defect of the printed form is information."""
    rows_of = _rows_of_numbers(alignment)
    for stt, matches in rows_of.items():
        if len(matches) == 1:
            continue
        own = all(same_stt(stt, match.indicator) for match in matches)
        yield notice(
            "S22",
            tuple(match.indicator.id for match in matches),
            tuple(place.of(match.row, "stt") for match in matches),
            severity=Severity.INFO if own else Severity.WARNING,
            facts={"stt": stt, "rows": tuple(match.row.number for match in matches)},
        )
    for missing, stt in _skipped(rows_of.keys()):
        if not any(indicator.stt == missing for indicator in form.indicators):
            match = rows_of[stt][0]
            cells = (place.of(match.row, "stt"),)
            yield notice("S23", (match.indicator.id,), cells, facts={"missing": missing, "after": stt})


def _rows_of_numbers(alignment: Alignment) -> dict[str, list[Match]]:
    """The rows that bear each number, in the order of the sheet."""
    rows_of: dict[str, list[Match]] = {}
    for match in alignment.matches:
        stt = match.row.stt.rstrip(". ").replace(",", ".")
        if stt and _NUMBERED.fullmatch(stt):
            rows_of.setdefault(stt, []).append(match)
    return rows_of


def _skipped(numbers: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each number that is not there though the one before it and the one after it are, with the one after it."""
    for stt in numbers:
        before = _sibling_before(stt)
        if before and before not in numbers and _sibling_before(before) in numbers:
            yield before, stt


def _sibling_before(stt: str) -> str | None:
    """`5.4` → `5.3`; None before a first number."""
    head, _, last = stt.rpartition(".")
    if int(last) <= 1:
        return None
    return f"{head}.{int(last) - 1}" if head else str(int(last) - 1)


def _layout(table: Table, alignment: Alignment) -> Iterator[Finding]:
    """Value cells merged over several rows, and figures that nobody sees."""
    yield from _merged_over_rows(table, alignment)
    yield from _out_of_sight(table, alignment)


def _merged_over_rows(table: Table, alignment: Alignment) -> Iterator[Finding]:
    """S19: one value cell covers several rows, each of which takes a value."""
    sheet = table.sheet
    merges = [
        merge
        for merge in sheet.merges
        if merge.top < merge.bottom and merge.left <= table.value_column(merge.top) <= merge.right
    ]
    entries = _entries_by_row(alignment) if merges else {}
    for merge, rows in merged_rows(merges, entries):
        covered = [entries[row] for row in rows]
        if len(covered) > 1:
            first = CellAddress(sheet.name, merge.top, merge.left)
            last = CellAddress(sheet.name, merge.bottom, merge.right)
            facts = {"range": f"{first.local}:{last.local}"}
            yield notice("S19", tuple(match.indicator.id for match in covered), (first,), facts=facts)


def _out_of_sight(table: Table, alignment: Alignment) -> Iterator[Finding]:
    """S20: figures stand in a hidden column, in hidden rows, or on a hidden sheet."""
    sheet, column = table.sheet, table.columns["value"]
    is_hidden_column = any(first <= column <= last for first, last in sheet.hidden_columns)
    if is_hidden_column or sheet.hidden_rows:
        entries = _entries_by_row(alignment)
        filled = [row for row, match in entries.items() if match.row.value is not None]
        hidden = [row for row in filled if is_hidden_column or row in sheet.hidden_rows]
        if hidden:
            named = tuple(entries[row].indicator.id for row in hidden)
            cells = tuple(CellAddress(sheet.name, row, column) for row in hidden)
            where = ("column", column_letters(column)) if is_hidden_column else _spans(hidden)
            yield notice("S20", named, cells, facts={"where": where})
    if not sheet.visible:
        yield notice("S20", (), (CellAddress(sheet.name, 1, 1),), facts={"where": ("sheet", sheet.name)})


def _entries_by_row(alignment: Alignment) -> dict[int, Match]:
    """The matched rows that take a value, by their number on the sheet."""
    return {match.row.number: match for match in alignment.matches if match.indicator.is_entry}


def _spans(rows: Sequence[int]) -> str:
    """`3, 5–7` of 3, 5, 6, 7."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
