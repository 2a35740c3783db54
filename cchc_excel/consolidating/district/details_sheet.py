"""The sheet `Chi tiết`: a row a unit, a column an indicator; what the merged figures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cchc_excel.consolidating.district.drawing import (
    DETAILS_TOP,
    ERROR_FILL,
    FIRST_FIGURE,
    FORMATS,
    OUT_FILL,
    WARNING_FILL,
    Context,
    Looks,
    details_column,
    file_link,
    put,
    put_row,
)
from cchc_excel.consolidating.filing import Filed, place_of_figure
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.form import Indicator, Kind, Severity
from cchc_excel.wording.say import stt_of
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.styles import SECTION_FILL

MOST_LINKED = 200  # units whose every figure is a link into its workbook; Excel takes 65,530 links a sheet
MOST_LINKS = 2_000  # units whose name is a link to its file; XlsxWriter keeps them all in memory
_FIGURE_WIDTH = 11
_LABEL_SIZE = 9  # points
_STRUCK: dict[str, Any] = {"bg_color": OUT_FILL, "font_strikeout": True}


def draw_details(sheet: Any, context: Context, looks: Looks) -> None:
    """Write the header, the merged row, the units that are merged, and below them those that are not."""
    merged = context.outcome.merged
    entries = tuple(context.form.entries)
    _set_up(sheet, context, len(entries))
    _header(sheet, context, looks, entries)
    _merged_row(sheet, context, looks, entries)
    rows = _Rows(sheet, context, looks, entries)
    for number, unit in enumerate(merged.units):
        rows.write(DETAILS_TOP + number, number + 1, unit)
    below = DETAILS_TOP + len(merged.units) + 1
    if merged.left_out:
        sheet.write_string(below, 1, context.say("left_out"), looks(bold=True))
        for number, unit in enumerate(merged.left_out, 1):
            rows.write(below + number, None, unit)
    _conditions(sheet, context, entries)


def details_rows(outcome: Outcome) -> dict[str, int]:
    """The row of each unit on the sheet, 0-based, by path."""
    merged = outcome.merged
    rows = {unit.path: DETAILS_TOP + number for number, unit in enumerate(merged.units)}
    below = DETAILS_TOP + len(merged.units) + 1
    return rows | {unit.path: below + number for number, unit in enumerate(merged.left_out, 1)}


def _set_up(sheet: Any, context: Context, columns: int) -> None:
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 3, 7)
    sheet.set_column(FIRST_FIGURE, FIRST_FIGURE + columns - 1, _FIGURE_WIDTH)
    sheet.freeze_panes(DETAILS_TOP, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(3, DETAILS_TOP - 1)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(70)
    sheet.print_across()
    sheet.set_footer(f"&C{context.say('footer')}")


def _header(sheet: Any, context: Context, looks: Looks, entries: Sequence[Indicator]) -> None:
    sheet.write_string(0, 0, context.say("title", "details"), looks.title())
    many = len(context.outcome.merged.units) > MOST_LINKED
    links = context.say("remark", "found_at" if many else "linked")
    sheet.write_string(1, 0, f"{context.say('remark', 'details')} {links}", looks.remark())
    most = max((lines(row.label, 7 * _FIGURE_WIDTH, _LABEL_SIZE, bold=True) for row in entries), default=1)
    sheet.set_row(4, height(most, _LABEL_SIZE))
    head, label = looks.head(), looks.head(font_size=_LABEL_SIZE)
    fixed = ("no", "unit", "errors", "warnings")
    for row in (3, 4, 5):
        for column, name in enumerate(fixed):
            put(sheet, row, column, context.say("head", name) if row == 4 else None, head)
        for place, indicator in enumerate(entries):
            text = (stt_of(indicator, context.form), indicator.label, indicator.unit.split(";")[0])[row - 3]
            put(sheet, row, FIRST_FIGURE + place, text, label if row == 4 else head)


def _merged_row(sheet: Any, context: Context, looks: Looks, entries: Sequence[Indicator]) -> None:
    """The merged figures, taken over from the form's own sheet."""
    from cchc_excel.consolidating.district.form_sheet import value_cell

    merged = context.outcome.merged
    bold: dict[str, Any] = {"bold": True, "border": 1, "bg_color": SECTION_FILL}
    put(sheet, DETAILS_TOP - 1, 0, None, looks(**bold))
    put(sheet, DETAILS_TOP - 1, 1, context.say("merged_row"), looks(**bold))
    for column in (2, 3):
        put(sheet, DETAILS_TOP - 1, column, None, looks(**bold))
    for place, row in enumerate(entries):
        value = merged.figures.get(row.id)
        look = looks(**bold, align="right", num_format=FORMATS.get(row.kind, "General"))
        cell = f"'{context.name_of_sheet('form')}'!{value_cell(context.form, row.id)}"
        shown = "" if value is None else value if isinstance(value, str) else float(value)
        sheet.write_formula(DETAILS_TOP - 1, FIRST_FIGURE + place, f'=IF({cell}="","",{cell})', look, shown)


class _Rows:
    """Writes the rows of units; what a thousand rows share is looked up once."""

    def __init__(self, sheet: Any, context: Context, looks: Looks, entries: Sequence[Indicator]) -> None:
        self.sheet, self.context, self.looks, self.entries = sheet, context, looks, entries
        self.counts = context.outcome.counts()
        self.flags = _flags(context.outcome)
        self.linked = len(context.outcome.merged.units) <= MOST_LINKED
        self.plain = [self.look(row, {}) for row in entries]
        self.fills = {
            severity: [self.look(row, {"bg_color": fill}) for row in entries]
            for severity, fill in ((Severity.ERROR, ERROR_FILL), (Severity.WARNING, WARNING_FILL))
        }
        self.struck = [self.look(row, _STRUCK) for row in entries]

    def look(self, row: Indicator, more: dict[str, Any]) -> Any:
        form = {"num_format": "General" if row.kind is Kind.PERCENT else FORMATS.get(row.kind, "General")}
        return self.looks(border=1, align="right" if row.kind.is_number else "center", **form, **more)

    def write(self, row: int, number: int | None, unit: Filed) -> None:
        """One unit's row; without a number it is one that was left out."""
        sheet, out = self.sheet, {} if number else _STRUCK
        middle, text = self.looks(border=1, align="center", **out), self.looks(border=1, text_wrap=True, **out)
        name = self.context.outcome.name(unit) or self.context.words.word("unit_unknown")
        link = self.context.link_of(unit.path) if row < MOST_LINKS else None
        looks = list(self.plain if number else self.struck)
        for place, severity in self.flags.get(unit.path, {}).items():
            if number and severity in self.fills:
                looks[place] = self.fills[severity][place]
        for place, value in enumerate(unit.taken) if link and self.linked else ():
            if value is not None and (cell := unit.cell(place)) is not None:
                sheet.write_url(row, FIRST_FIGURE + place, file_link(link or "", cell), looks[place], "")
        found = ((self.counts[unit.path, severity], middle) for severity in (Severity.ERROR, Severity.WARNING))
        put_row(sheet, row, [(number, middle), (name, text), *found, *zip(unit.taken, looks, strict=True)])
        if link:
            sheet.write_url(row, 1, file_link(link), text, name[:255])


def _flags(outcome: Outcome) -> dict[str, dict[int, Severity]]:
    """The worst severity found at each figure, by path and place."""
    flags: dict[str, dict[int, Severity]] = {}
    for ranked in outcome.findings:
        finding = ranked.finding
        if not finding.indicators or not finding.counts:
            continue
        place = place_of_figure(finding.indicators[0], outcome.merged.form)
        if place is None:  # a heading
            continue
        of_unit = flags.setdefault(ranked.filed.path, {})
        if place not in of_unit or finding.severity.rank > of_unit[place].rank:
            of_unit[place] = finding.severity
    return flags


def _conditions(sheet: Any, context: Context, entries: Sequence[Indicator]) -> None:
    """Bars behind rates; a figure that should be the same in all units and is not."""
    first, last = DETAILS_TOP + 1, DETAILS_TOP + len(context.outcome.merged.units)
    differs = context.book.add_format({"font_color": "#C00000", "bold": True})
    for place, row in enumerate(entries):
        column = details_column(place)
        cells = f"{column}{first}:{column}{last}"
        if row.merge == "rate":
            bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#BDD7EE", "min_type": "num", "min_value": 0}
            sheet.conditional_format(cells, {**bar, "max_type": "num", "max_value": 100})
        elif row.merge == "same":
            common = f"${column}${DETAILS_TOP}"
            criteria = f'=AND({common}<>"",{column}{first}<>"",{column}{first}<>{common})'
            sheet.conditional_format(cells, {"type": "formula", "criteria": criteria, "format": differs})
