"""Sheets drawn with pipes, and the examples of cases.yaml, as Grids and as workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from cchc_excel.form import Form, Indicator, load_form
from cchc_excel.grid import Cell, CellError, CellStyle, CellValue, Grid, MarkedText, Range, Sheet, text_of_runs
from cchc_excel.vietnamese.old_encodings import Encoding, decode, encoding_of_font
from cchc_excel.wording.cases import EVERY, Earlier, Example, Raw, filled_sheet

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_STRUCK = re.compile(r"~~.*?~~")
_OTHER_LOOK = re.compile(r"\[\[(.*?)\]\]")
_TCVN3 = str.maketrans({decode(chr(code), Encoding.TCVN3): chr(code) for code in range(0xA1, 0x100)})
SHEET = "Biểu"


def drawn(table: str, name: str = SHEET) -> Grid:
    """A workbook of one sheet, from its first row on: `| 1 | Sách in | Cuốn | 1200 |`.

    A plain number is a number and all else a text; "02" in quotes is a text, and so is a number in
    quotes. `#DIV/0!` is an error, `=D7/D6` a formula never calculated, TRUE a truth; a line
    without a bar is a text in the first column, an empty line an empty row.
    """
    return _grid({number: cells_of(line) for number, line in enumerate(table.strip("\n").splitlines(), start=1)}, name)


def cells_of(line: str) -> list[Cell]:
    """One drawn row, its cells still at row 0."""
    if "|" not in line:
        return [Cell(0, 1, line.strip())] if line.strip() else []
    texts = line.strip().strip("|").split("|")
    cells = (cell_of(text.strip(), column) for column, text in enumerate(texts, start=1))
    return [cell for cell in cells if cell is not None]


def cell_of(text: str, column: int) -> Cell | None:
    """One drawn cell at row 0; None for a blank."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return Cell(0, column, text[1:-1])
    if _NUMBER.fullmatch(text):
        return Cell(0, column, float(text) if "." in text else int(text))
    return raw_cell(text == "TRUE" if text in {"TRUE", "FALSE"} else text or None, column)


def raw_cell(raw: Raw, column: int, style: int = 0) -> Cell | None:
    """A cell at row 0 of what stands in it; `#…` is an error and `=…` a formula never calculated."""
    if raw is None:
        return None
    if isinstance(raw, str) and raw.startswith("="):
        return Cell(0, column, None, style, raw[1:])
    if isinstance(raw, str) and "~~" in raw:
        return Cell(0, column, MarkedText(raw.replace("~~", ""), _STRUCK.sub("", raw)), style)
    if isinstance(raw, str) and "[[" in raw:
        pieces = _OTHER_LOOK.split(raw)
        return Cell(0, column, text_of_runs((piece, at % 2) for at, piece in enumerate(pieces) if piece), style)
    value: CellValue = CellError(raw) if isinstance(raw, str) and raw.startswith("#") else raw
    return Cell(0, column, value, style)


def _grid(rows: Mapping[int, Sequence[Cell]], name: str = SHEET) -> Grid:
    placed = {
        number: {cell.column: cell._replace(row=number) for cell in cells} for number, cells in rows.items() if cells
    }
    return Grid((Sheet(name, placed),))


# --- the examples of cases.yaml


def grid_of(example: Example) -> Grid:
    """The workbook that an example speaks of."""
    if example.drawn:
        return drawn(example.drawn)
    form = load_form(filled_sheet().form)
    styles = list(dict.fromkeys(["General", *example.formats.values()]))
    lines: list[list[Cell]] = [[Cell(0, 1, text)] for text in example.above or filled_sheet().above]
    titles = [it.title for it in form.columns if it.role != "value"]
    place = [it.role for it in form.columns].index("value")
    titles[place:place] = example.columns or [form.columns[place].title]
    lines += [[], [Cell(0, column, title) for column, title in enumerate(titles, start=1)]]
    first: dict[str, int] = {}
    for row in form.indicators:
        first[row.id] = len(lines) + 1
        if row.id in example.rows:
            lines += map(cells_of, (example.rows[row.id] or "").splitlines())
        else:
            style = styles.index(example.formats.get(row.id, "General"))
            raw = _raw(row, example.cells)
            raws = [raw] * (len(example.columns) or 1)
            if example.beside:
                raws[-1] = example.beside.get(row.id)
            lines.append(list(_printed(row, raws, style, form)))
    grid = _grid(dict(enumerate(lines, start=1)))
    grid = replace(grid, styles=tuple(CellStyle(code, example.font) for code in styles))
    grid = replace(grid, values_only=example.values_only)
    if example.split:
        return _split(grid, first[example.split], len(example.above or filled_sheet().above) + 2)
    return _in_its_font(_with_cover(_laid_out(grid, example, first, form), example), example)


def _split(grid: Grid, at: int, titles: int) -> Grid:
    """The rows from one on stand on a second sheet, under the same titles."""
    (sheet,) = grid.sheets
    upper = {number: cells for number, cells in sheet.rows.items() if number < at}
    lower = {number: cells for number, cells in sheet.rows.items() if number == titles or number >= at}
    return replace(grid, sheets=(replace(sheet, rows=upper), replace(sheet, name=f"{SHEET} 2", rows=lower)))


def earlier_grid_of(earlier: Earlier) -> Grid:
    """The workbook of an earlier period."""
    above = (earlier.unit or filled_sheet().above[0],)
    return grid_of(Example("", cells=earlier.cells, above=above))


def _raw(row: Indicator, cells: Mapping[str, Raw]) -> Raw:
    if row.id in cells:
        return cells[row.id]
    return cells[EVERY] if EVERY in cells and row.kind.is_number else filled_sheet().cells.get(row.id)


def _printed(row: Indicator, raws: Sequence[Raw], style: int, form: Form) -> Iterator[Cell]:
    of_role: dict[str, Raw] = {"stt": row.stt, "label": row.label, "unit": row.unit, "note": row.note}
    cells: list[tuple[Raw, int]] = []
    for it in form.columns:
        cells += [(raw, style) for raw in raws] if it.role == "value" else [(of_role[it.role] or None, 0)]
    for column, (raw, looks) in enumerate(cells, start=1):
        cell = raw_cell(raw, column, looks)
        if cell is not None:
            yield cell


def _laid_out(grid: Grid, example: Example, first: Mapping[str, int], form: Form) -> Grid:
    """The grid with its merges, hidden rows, names of sheets and properties."""
    (sheet,) = grid.sheets
    column = [it.role for it in form.columns].index("value") + 1
    if example.merged:
        top, bottom = (first[key] for key in example.merged)
        rows = {
            number: {at: cell for at, cell in cells.items() if at != column or not top < number <= bottom}
            for number, cells in sheet.rows.items()
        }
        sheet = replace(sheet, rows=rows, merges=(Range(top, column, bottom, column),))
    hidden = frozenset(first[key] for key in example.hidden if key != EVERY)
    sheet = replace(sheet, hidden_rows=hidden, visible=EVERY not in example.hidden)
    made_for, _, version = example.made_for.partition(" ")
    properties = {"cchc_form": made_for, "cchc_version": version} if made_for else {}
    names = example.sheets or (SHEET,)
    return replace(grid, sheets=tuple(replace(sheet, name=name) for name in names), properties=properties)


def _with_cover(grid: Grid, example: Example) -> Grid:
    """The grid with the lines of another sheet before its own sheets."""
    if not example.cover:
        return grid
    cover = _grid({number: [Cell(0, 1, text)] for number, text in enumerate(example.cover, start=1)}, "Bìa")
    return replace(grid, sheets=(*cover.sheets, *grid.sheets))


def _in_its_font(grid: Grid, example: Example) -> Grid:
    """The grid as a font of the time before Unicode needs it; any other font changes nothing."""
    if encoding_of_font(example.font) is not Encoding.TCVN3:
        return grid
    sheets = []
    for sheet in grid.sheets:
        rows = {number: {at: _in_tcvn3(cell) for at, cell in cells.items()} for number, cells in sheet.rows.items()}
        sheets.append(replace(sheet, rows=rows))
    return replace(grid, sheets=tuple(sheets))


def _in_tcvn3(cell: Cell) -> Cell:
    return cell._replace(value=cell.value.translate(_TCVN3)) if isinstance(cell.value, str) else cell


# --- as files


def bytes_of(example: Example) -> bytes:
    """The file that an example speaks of: its own bytes, or its workbook written by openpyxl, without looks."""
    if example.bytes is not None:
        return example.bytes.encode("utf-8") if isinstance(example.bytes, str) else example.bytes
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in grid_of(example).sheets:
        page = book.create_sheet(sheet.name)
        for cells in sheet.rows.values():
            for cell in cells.values():
                page.cell(cell.row, cell.column, f"={cell.formula}" if cell.formula else cell.value)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
