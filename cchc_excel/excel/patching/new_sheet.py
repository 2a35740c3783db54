"""A worksheet part written from a plain description: the sheet that a correction adds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil, inf
from typing import Literal, NamedTuple

from cchc_excel.excel.ooxml.xml_text import attribute_xml, content_xml, text_xml
from cchc_excel.excel.patching.styles_edit import StylesEditor
from cchc_excel.grid import column_letters

Style = Literal["plain", "title", "head", "body", "number", "text", "link", "error", "warning", "info", "legend"]

_UNWRAPPED = frozenset({"plain", "title", "legend"})
MAX_TEXT = 32_767  # characters in a cell; Excel's own limit


class SheetCell(NamedTuple):
    """One cell: a text or a number as decimal text, its style, and the cell it links to (`'Biểu'!D10`)."""

    text: str = ""
    number: str | None = None
    style: Style = "body"
    link: str | None = None
    fill: str | None = None


class Choice(NamedTuple):
    """A drop-down list on the rows of one column."""

    column: int
    options: tuple[str, ...]
    prompt: str


class NewSheet(NamedTuple):
    """The added sheet: `rows` from the top, `head` the number of its header row, widths in characters.

    A text alone is a cell of the body.
    `hidden` are texts for programs, in the first row of columns that nobody sees; where the workbook has a sheet with
    such a text (it begins with `mark`) and one of the `titles`, that one is renewed, however it is called. `folded` are
    the numbers of rows that stand folded under the row above them.
    """

    name: str
    rows: Sequence[Sequence[SheetCell | str | None]]
    head: int
    widths: Sequence[float]
    choice: Choice | None = None
    tab: str = "C00000"
    hidden: Sequence[str] = ()
    mark: str = ""
    titles: Sequence[str] = ()
    folded: Collection[int] = frozenset()


_FONT = '<font>{bold}{underline}<sz val="{size}"/>{colour}<name val="Times New Roman"/><family val="1"/></font>'
_BORDER = (
    '<border><left style="thin"><color rgb="FFBFBFBF"/></left><right style="thin"><color rgb="FFBFBFBF"/></right>'
    '<top style="thin"><color rgb="FFBFBFBF"/></top><bottom style="thin"><color rgb="FFBFBFBF"/></bottom>'
    "<diagonal/></border>"
)


def _font(styles: StylesEditor, *, bold: bool = False, link: bool = False, size: int = 11, colour: str = "") -> int:
    if link:
        colour = "0563C1"  # Excel's own for links
    return styles.add(
        "fonts",
        _FONT.format(
            bold="<b/>" if bold else "",
            underline="<u/>" if link else "",
            size=size,
            colour=f'<color rgb="FF{colour}"/>' if colour else "",
        ),
    )


def add_styles(styles: StylesEditor) -> Mapping[str, int]:
    """Add the styles of the sheet to those of the workbook; return their numbers."""
    border = styles.add("borders", _BORDER)
    none = styles.add("borders", "<border><left/><right/><top/><bottom/><diagonal/></border>")
    head = styles.fill("D9E1F2")
    text = styles.number_format("@")

    def xf(font: int, fill: int, edge: int, horizontal: str, number_format: int = 0, *, wrapped: bool = True) -> int:
        wrapping = ' wrapText="1"' if wrapped else ""
        return styles.add(
            "cellXfs",
            f'<xf numFmtId="{number_format}" fontId="{font}" fillId="{fill}" borderId="{edge}" xfId="0" '
            'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<alignment horizontal="{horizontal}" vertical="top"{wrapping}/></xf>',
        )

    plain, bold = _font(styles), _font(styles, bold=True)
    return {
        "plain": xf(plain, 0, none, "left", wrapped=False),
        "title": xf(_font(styles, bold=True, size=14), 0, none, "left", wrapped=False),
        "legend": xf(plain, 0, none, "left", wrapped=False),
        "head": xf(bold, head, border, "center"),
        "body": xf(plain, 0, border, "left", text),
        "number": xf(plain, 0, border, "center"),
        "text": xf(plain, 0, border, "center", text),
        "link": xf(_font(styles, link=True), 0, border, "left", text),
        "error": xf(_font(styles, bold=True, colour="C00000"), 0, border, "left"),
        "warning": xf(_font(styles, bold=True, colour="7F6000"), 0, border, "left"),
        "info": xf(plain, 0, border, "left"),
    }


def sheet_xml(sheet: NewSheet, styles: StylesEditor, main: str) -> bytes:
    """Return the part. `main` is the workbook's own namespace, transitional or strict."""
    style_numbers = add_styles(styles)
    width = max(len(row) for row in sheet.rows)
    last = len(sheet.rows)
    shown = max(width, len(sheet.widths))
    hidden_columns = range(shown + 1, shown + 1 + len(sheet.hidden))

    writer = _Writer(style_numbers, styles, width, sheet.widths, sheet.folded)
    hidden = "".join(map(writer.hidden_cell, hidden_columns, sheet.hidden))
    rows = [writer.row(number, row, hidden if number == 1 else "") for number, row in enumerate(sheet.rows, start=1)]

    corner = f"{column_letters(max([width, *hidden_columns]))}{last}"
    columns = [
        f'<col min="{column}" max="{column}" width="{size}" customWidth="1"/>'
        for column, size in enumerate(sheet.widths, start=1)
    ]
    columns += [
        f'<col min="{column}" max="{column}" width="9" hidden="1" customWidth="1"/>' for column in hidden_columns
    ]
    links = "\n".join(writer.links)
    outline = ' outlineLevelRow="1"' if sheet.folded else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{main}"><sheetPr><tabColor rgb="FF{sheet.tab}"/>'
        '<outlinePr summaryBelow="0"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{corner}"/><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{sheet.head}" topLeftCell="A{sheet.head + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{sheet.head + 1}" sqref="A{sheet.head + 1}"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"{outline}/><cols>{"".join(columns)}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        f'<autoFilter ref="A{sheet.head}:{column_letters(width)}{max(last, sheet.head)}"/>'
        f"{_choice(sheet)}"
        f"{f'<hyperlinks>{links}</hyperlinks>' if links else ''}"
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C&amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
    ).encode()


class _Writer:
    """Writes rows; `links` are those of the rows that it has written."""

    def __init__(
        self,
        style_numbers: Mapping[str, int],
        styles: StylesEditor,
        width: int,
        widths: Sequence[float],
        folded: Collection[int],
    ) -> None:
        self.style_numbers, self.styles, self.folded = style_numbers, styles, folded
        unbroken = [inf] * (width - len(widths))
        sizes = (*widths, *unbroken)
        self.columns = [(column_letters(column), size) for column, size in enumerate(sizes, start=1)]
        self.links: list[str] = []

    def row(self, number: int, row: Sequence[SheetCell | str | None], hidden: str) -> str:
        """Write a row, as high as its longest wrapped text: no office program fits rows of a file when it prints.

        `hidden` are cells behind it, as they are written.
        """
        body = self.style_numbers["body"]
        cells: list[str] = []
        lines, points = 1, 15.0
        for (letters, width), cell in zip(self.columns, row, strict=False):
            if cell is None:
                continue
            address = f"{letters}{number}"
            if isinstance(cell, str):
                text, wraps = cell, True
                cells.append(_text(text, address, body))
            else:
                text, wraps = cell.text, cell.style not in _UNWRAPPED
                cells.append(self.cell(cell, address))
                if cell.link:
                    self.links.append(f'<hyperlink ref="{address}" location="{attribute_xml(cell.link)}"/>')
                if cell.style == "title":
                    points = 20.0
            if len(text) > width and wraps:
                lines = max(lines, ceil(len(text) / max(width * 0.95, 4)))  # lines break before a word, so not full
        height = f'ht="{points * lines}" customHeight="1"'
        return f'<row r="{number}" {height}{self.fold(number)}>{"".join(cells)}{hidden}</row>'

    def fold(self, number: int) -> str:
        """The attributes of a row that is folded away, or that others are folded under."""
        if number in self.folded:
            return ' hidden="1" outlineLevel="1"'
        return ' collapsed="1"' if number + 1 in self.folded else ""

    def cell(self, cell: SheetCell, address: str) -> str:
        style = self.style_numbers["link" if cell.link and cell.style == "body" else cell.style]
        if cell.fill:
            style = self.styles.derived(style, fill=cell.fill)
        if cell.number is None:
            return _text(cell.text, address, style)
        return f'<c r="{address}" s="{style}"><v>{cell.number}</v></c>'

    def hidden_cell(self, column: int, text: str) -> str:
        """A cell of the first row with a text for programs."""
        return _text(text, f"{column_letters(column)}1", self.style_numbers["plain"])


def _text(text: str, address: str, style: int) -> str:
    if not text:
        return f'<c r="{address}" s="{style}"/>'
    return f'<c r="{address}" s="{style}" t="inlineStr">{text_xml(text[:MAX_TEXT])}</c>'


def _choice(sheet: NewSheet) -> str:
    if sheet.choice is None or len(sheet.rows) <= sheet.head:
        return ""
    column = column_letters(sheet.choice.column)
    options = content_xml(",".join(sheet.choice.options))
    return (
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" showInputMessage="1" '
        f'showErrorMessage="1" prompt="{attribute_xml(sheet.choice.prompt)}" '
        f'sqref="{column}{sheet.head + 1}:{column}{len(sheet.rows)}"><formula1>"{options}"</formula1>'
        "</dataValidation></dataValidations>"
    )
