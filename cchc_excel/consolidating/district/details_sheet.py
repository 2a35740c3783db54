"""The sheet `Chi tiết`: a row a unit, a column an indicator; what the merged figures are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cchc_excel.consolidating.district.drawing import (
    DETAILS_TOP,
    FIRST_FIGURE,
    FORMATS,
    MOST_LINKS,
    OUT_FILL,
    SEVERITY_FILLS,
    Context,
    details_column,
    details_rows,
    file_link,
    put_link,
    put_row,
    title_height,
)
from cchc_excel.consolidating.district.form_sheet import result_of, value_cell
from cchc_excel.consolidating.filing import Filed, place_of_figure
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.excel.writing.strict import StrictWorksheet
from cchc_excel.form import Indicator, Kind, Severity
from cchc_excel.merging.ways import way_of
from cchc_excel.submission import Figure
from cchc_excel.wording.say import stt_of
from cchc_excel.workbook_form.printed.styles import NUMBER_FORMATS, SECTION_FILL

MOST_LINKED = 200  # units whose every figure is a link into its workbook; Excel takes 65,530 links a sheet
_NUMBER_ROW, _LABEL_ROW, _MEASURE_ROW = 3, 4, 5  # 0-based: number, label and unit of an indicator
_MERGED_ROW = DETAILS_TOP - 1
_UNIT_COLUMN = 1
_FIGURE_WIDTH = 11
_LABEL_SIZE = 9  # points
_STRUCK: Mapping[str, Any] = {"bg_color": OUT_FILL, "font_strikeout": True}


def draw_details(sheet: StrictWorksheet, context: Context) -> None:
    """Write the header, the merged row, the units that are merged, and below them those that are not."""
    merged = context.outcome.merged
    _set_up(sheet, context)
    _header(sheet, context)
    _merged_row(sheet, context)
    rows, lines = details_rows(context.outcome), _Lines(sheet, context)
    for number, unit in enumerate(merged.units, 1):
        lines.draw_merged(rows[unit.path], number, unit)
    if merged.left_out:
        sheet.write(rows[merged.left_out[0].path] - 1, 1, context.say("left_out"), context.styles.get(bold=True))
    for unit in merged.left_out:
        lines.draw_left_out(rows[unit.path], unit)
    sheet.autofilter(_MERGED_ROW, 0, DETAILS_TOP + len(merged.units) - 1, FIRST_FIGURE + len(context.form.entries) - 1)
    _conditions(sheet, context)


def _set_up(sheet: StrictWorksheet, context: Context) -> None:
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 3, 7)
    sheet.set_column(FIRST_FIGURE, FIRST_FIGURE + len(context.form.entries) - 1, _FIGURE_WIDTH)
    sheet.freeze_panes(DETAILS_TOP, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(_NUMBER_ROW, _MERGED_ROW)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(70)
    sheet.print_across()
    sheet.set_footer(f"&C{context.say('footer')}")


def _header(sheet: StrictWorksheet, context: Context) -> None:
    styles, form = context.styles, context.form
    sheet.write(0, 0, context.say("title", "details"), styles.get(bold=True, font_size=14))
    many = len(context.outcome.merged.units) > MOST_LINKED
    links = context.say("remark", "found_at" if many else "linked")
    sheet.write(1, 0, f"{context.say('remark', 'details')} {links}", styles.get(italic=True))
    sheet.set_row(_LABEL_ROW, title_height([row.label for row in form.entries], _FIGURE_WIDTH, _LABEL_SIZE))
    head, label = styles.head(), styles.head(font_size=_LABEL_SIZE)
    for row in (_NUMBER_ROW, _LABEL_ROW, _MEASURE_ROW):
        for column, name in enumerate(("no", "unit", "errors", "warnings")):
            sheet.write(row, column, context.say("head", name) if row == _LABEL_ROW else None, head)
    for column, indicator in enumerate(form.entries, FIRST_FIGURE):
        sheet.write(_NUMBER_ROW, column, stt_of(indicator, form), head)
        sheet.write(_LABEL_ROW, column, indicator.label, label)
        sheet.write(_MEASURE_ROW, column, indicator.unit.split(";")[0], head)


def _merged_row(sheet: StrictWorksheet, context: Context) -> None:
    """The merged figures, taken over from the form's own sheet."""
    merged = context.outcome.merged
    bold: dict[str, Any] = {"bold": True, "border": 1, "bg_color": SECTION_FILL}
    plain = context.styles.get(**bold)
    put_row(sheet, _MERGED_ROW, [(None, plain), (context.say("merged_row"), plain), (None, plain), (None, plain)])
    for column, row in enumerate(context.form.entries, FIRST_FIGURE):
        style = context.styles.get(**bold, align="right", num_format=FORMATS[row.kind])
        cell = f"'{context.name_of_sheet('form')}'!{value_cell(context.form, row.id)}"
        result = result_of(merged.figures.get(row.id))
        sheet.write_formula(_MERGED_ROW, column, f'=IF({cell}="","",{cell})', style, result)


class _Lines:
    """Draws the lines of units; what all of them share is looked up once."""

    def __init__(self, sheet: StrictWorksheet, context: Context) -> None:
        self.sheet, self.context = sheet, context
        self.counts = context.outcome.counts()
        self.flags = _flags(context.outcome)
        self.figures_are_links = len(context.outcome.merged.units) <= MOST_LINKED
        self.plain = self._figure_styles({})
        self.struck = self._figure_styles(_STRUCK)
        self.flagged = {severity: self._figure_styles({"bg_color": fill}) for severity, fill in SEVERITY_FILLS.items()}
        entries = context.form.entries
        self.percentages = [place for place, row in enumerate(entries) if row.kind is Kind.PERCENT]

    def _figure_styles(self, more: Mapping[str, Any]) -> list[Any]:
        """A style for each figure of a line."""
        return [self._figure_style(row, NUMBER_FORMATS, more) for row in self.context.form.entries]

    def _figure_style(self, row: Indicator, formats: Mapping[Kind, str], more: Mapping[str, Any]) -> Any:
        align = "right" if row.kind.is_number else "center"
        return self.context.styles.get(border=1, align=align, num_format=formats[row.kind], **more)

    def draw_merged(self, row: int, number: int, unit: Filed) -> None:
        """Draw a unit that is merged, its figures on the colour of the worst finding about them."""
        styles = list(self.plain)
        flags = self.flags.get(unit.path, {})
        for place, severity in flags.items():
            if severity in self.flagged:
                styles[place] = self.flagged[severity][place]
        for place in self._calculated(unit):
            fill = SEVERITY_FILLS.get(flags[place]) if place in flags else None
            more = {"bg_color": fill} if fill else {}
            styles[place] = self._figure_style(self.context.form.entries[place], FORMATS, more)
        self._draw(row, number, unit, styles, {})

    def draw_left_out(self, row: int, unit: Filed) -> None:
        """Draw a unit that is not merged, struck through and without a number."""
        styles = list(self.struck)
        for place in self._calculated(unit):
            styles[place] = self._figure_style(self.context.form.entries[place], FORMATS, _STRUCK)
        self._draw(row, None, unit, styles, _STRUCK)

    def _calculated(self, unit: Filed) -> list[int]:
        """The places of the percentages that have more decimals than people type."""
        return [place for place in self.percentages if _is_calculated(unit.taken[place])]

    def _draw(
        self, row: int, number: int | None, unit: Filed, figure_styles: Sequence[Any], more: Mapping[str, Any]
    ) -> None:
        """Draw a line; `more` are properties of the style of what stands before the figures."""
        middle = self.context.styles.get(border=1, align="center", **more)
        text = self.context.styles.get(border=1, text_wrap=True, **more)
        name = self.context.outcome.name(unit) or self.context.words.word("unit_unknown")
        link = self.context.link_of(unit.path) if row < MOST_LINKS else None
        if link and self.figures_are_links:
            _link_figures(self.sheet, row, unit, link, figure_styles)
        before = [
            (number, middle),
            (name, text),
            (self.counts[unit.path, Severity.ERROR], middle),
            (self.counts[unit.path, Severity.WARNING], middle),
        ]
        put_row(self.sheet, row, [*before, *zip(unit.taken, figure_styles, strict=True)])
        if link:
            put_link(self.sheet, row, _UNIT_COLUMN, file_link(link), name, text)


def _is_calculated(percentage: Figure | None) -> bool:
    """Whether a percentage has more decimals than people type: one put together from months, or of a formula."""
    return percentage is not None and not isinstance(percentage, str) and round(percentage, 2) != percentage


def _link_figures(sheet: StrictWorksheet, row: int, unit: Filed, link: str, styles: Sequence[Any]) -> None:
    """Make each figure a link to its cell; the figures themselves are written over the links' texts."""
    for place, value in enumerate(unit.taken):
        cell = unit.cell(place)
        if value is not None and cell is not None:
            sheet.write_url(row, FIRST_FIGURE + place, file_link(link, cell), styles[place], "")


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


def _conditions(sheet: StrictWorksheet, context: Context) -> None:
    """Bars behind rates; a figure that should be the same in all units and is not."""
    first, last = DETAILS_TOP + 1, DETAILS_TOP + len(context.outcome.merged.units)
    differs = context.styles.changed(font_color="#C00000", bold=True)
    for place, row in enumerate(context.form.entries):
        column = details_column(place)
        cells = f"{column}{first}:{column}{last}"
        if way_of(row).is_recomputed:
            sheet.conditional_format(cells, dict(_BAR))
        elif way_of(row).is_common:
            common = f"${column}${DETAILS_TOP}"
            criteria = f'=AND({common}<>"",{column}{first}<>"",{column}{first}<>{common})'
            sheet.conditional_format(cells, {"type": "formula", "criteria": criteria, "format": differs})


_BAR: Mapping[str, Any] = {
    "type": "data_bar",
    "bar_solid": True,
    "bar_color": "#BDD7EE",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 100,
}
