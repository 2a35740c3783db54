"""A workbook's values and formulas alone, written the one way that every calculating engine reads.

In:     the bytes of a package.
Out:    the bytes of another: the same sheets, cells, formulas, names and tables, without styles and drawings.
Never:  shown to anybody; an engine calculates from it.

Given the package itself, IronCalc knows nothing of parts that stand elsewhere, of UTF-16 or of a sheet
that is a chart, dies of styles that have no names, and complains to the terminal of every formula
that was never calculated.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from cchc_excel.excel.ooxml.package import Package, Relationship
from cchc_excel.excel.ooxml.reader import read_workbook
from cchc_excel.excel.ooxml.xml_text import attribute_xml, content_xml, text_xml
from cchc_excel.excel.patching.positions import Element, as_utf8, elements
from cchc_excel.excel.patching.styles_edit import EMPTY_STYLES
from cchc_excel.grid import Cell, CellError, Sheet, column_letters, column_number

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_COLOURS = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
_BLACK = "".join(f'<a:{colour}><a:srgbClr val="000000"/></a:{colour}>' for colour in _COLOURS)
_THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="a"><a:themeElements>'
    f'<a:clrScheme name="a">{_BLACK}'
    "</a:clrScheme></a:themeElements></a:theme>"
)
_OF_A_FORMULA = ("t", "ref", "si")
_OUTSIDE = re.compile(
    r"(?:'\[(\d+)\]((?:[^']|'')+)'|\[(\d+)\]([^\W\d][\w.]*))!\$?([A-Z]{1,3})\$?(\d{1,7})(?![\w:(.])"
)  # a cell of another workbook: its number, the sheet, the cell
_LEAVES = re.compile(r"(?<![\w\]])\[\d+\][^\[\]\"]*!|(?<![\w\]])\[\d+\]!")  # `Table1[2023]` stays in the workbook


class Outside(NamedTuple):
    """What a workbook keeps of others: literals by the other's number from 1, its sheet and the cell; the sheets kept.

    Excel keeps nothing of a blank cell; of a workbook that was never opened it keeps no sheet at all.
    """

    cells: Mapping[tuple[int, str, str], str]
    sheets: frozenset[tuple[int, str]]


def model_of(data: bytes) -> Any:
    """The workbook as IronCalc's model, not calculated yet; None if the engine does not know something in it."""
    import ironcalc

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(plain_copy(data))
        try:
            return ironcalc.load_from_xlsx(str(path), "en", "UTC")
        except ironcalc.WorkbookError:
            return None


def plain_copy(data: bytes) -> bytes:
    """Return the copy. Its sheets stand in the order of `read_workbook`'s; it raises what that raises."""
    grid, package = read_workbook(data), Package(data)
    relations = package.relationships("").values()
    main = next(relation.target for relation in relations if relation.kind == "officeDocument")
    workbook, related = as_utf8(package.part(main)), package.relationships(main)
    part_of, outside = _parts_of_sheets(workbook, related), _outside(package, workbook, related)
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/styles.xml": EMPTY_STYLES.format(main=_MAIN),
        "xl/theme/theme1.xml": _THEME,
    }
    sheets: list[tuple[str, str]] = []
    tables = 0
    for number, sheet in enumerate(grid.sheets, start=1):
        part = part_of[sheet.name]
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet_xml(sheet, as_utf8(package.part(part)), outside)
        sheets.append(("worksheet", f"worksheets/sheet{number}.xml"))
        of_sheet: list[tuple[str, str]] = []
        for relation in package.relationships(part).values():
            if relation.kind == "table":
                tables += 1
                parts[f"xl/tables/table{tables}.xml"] = _table_xml(as_utf8(package.part(relation.target)), tables)
                of_sheet.append(("table", f"../tables/table{tables}.xml"))
        parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(of_sheet)
    styles_and_theme = [("styles", "styles.xml"), ("theme", "theme/theme1.xml")]
    parts["xl/_rels/workbook.xml.rels"] = _relations([*sheets, *styles_and_theme])
    parts["xl/workbook.xml"] = _workbook_xml([sheet.name for sheet in grid.sheets], workbook)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text.encode("utf-8"))
    return buffer.getvalue()


def _relations(related: Sequence[tuple[str, str]]) -> str:
    """A part of relationships, each given by its kind and its target."""
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, start=1)
    )
    return _RELATIONS.format(links)


def _parts_of_sheets(workbook: bytes, related: Mapping[str, Relationship]) -> dict[str, str]:
    """Sheet name → part."""
    found = {}
    for sheet in elements(workbook, {"sheet"}):
        relation = _relation_of(sheet)
        if relation in related:
            found[sheet.attributes.get("name", "")] = related[relation].target
    return found


def _relation_of(element: Element) -> str:
    """The id of the relationship that an element names, by whatever prefix; empty if it names none."""
    return next((value for name, value in element.attributes.items() if name.endswith(":id")), "")


def _outside(package: Package, workbook: bytes, related: Mapping[str, Relationship]) -> Outside:
    """What the workbook keeps of the cells of others that its formulas look up."""
    found = {}
    kept = set()
    for number, reference in enumerate(elements(workbook, {"externalReference"}), start=1):
        relation = _relation_of(reference)
        if relation not in related or not package.has(related[relation].target):
            continue
        link = as_utf8(package.part(related[relation].target))
        names: list[str] = []
        sheet = cell = kind = ""
        for element in elements(link, {"sheetName", "sheetData", "cell", "v"}):
            match element.name:
                case "sheetName":
                    names.append(element.attributes.get("val", ""))
                case "sheetData":
                    index = element.attributes.get("sheetId", "")
                    sheet = names[int(index)] if index.isdecimal() and int(index) < len(names) else ""
                    if element.attributes.get("refreshError") not in {"1", "true"}:
                        kept.add((number, sheet))
                case "cell":
                    cell, kind = element.attributes.get("r", ""), element.attributes.get("t", "n")
                case _:
                    text = unescape(link[element.inside : element.close].decode("utf-8"))
                    found[number, sheet, cell] = _literal(kind, text)
    return Outside(found, frozenset(kept))


def _literal(kind: str, text: str) -> str:
    """A value as a formula writes it."""
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    if kind == "str":
        return '"' + text.replace('"', '""') + '"'
    return text


def _workbook_xml(names: list[str], workbook: bytes) -> str:
    """The workbook part with these sheets, and those of its names that are somebody's own."""
    found = elements(workbook, {"sheet", "definedName"})
    order = [element.attributes.get("name", "") for element in found if element.name == "sheet"]
    sheets = "".join(
        f'<sheet name="{attribute_xml(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    own = []
    for element in found:
        name, local = element.attributes.get("name", ""), element.attributes.get("localSheetId")
        if element.name == "sheet" or name.startswith("_xlnm.") or element.is_empty:
            continue
        scope = ""
        if local is not None:  # a name of one sheet, told by the place of that sheet among all of the workbook
            sheet = order[int(local)] if local.isdecimal() and int(local) < len(order) else ""
            if sheet not in names:
                continue
            scope = f' localSheetId="{names.index(sheet)}"'
        text = workbook[element.inside : element.close].decode("utf-8")
        own.append(f'<definedName name="{attribute_xml(name)}"{scope}>{text}</definedName>')
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{sheets}</sheets>'
        f"<definedNames>{''.join(own)}</definedNames></workbook>"
    )


def _sheet_xml(sheet: Sheet, part: bytes, outside: Outside) -> str:
    formulas: Mapping[tuple[int, int], str] = {}
    if any(cell.formula is not None for cell in _cells(sheet)):
        formulas = _formulas(part, outside)
    rows: list[str] = []
    for row, cells in sheet.rows.items():
        written = [_cell(cell, formulas.get((row, cell.column), "")) for cell in cells.values()]
        rows.append(f'<row r="{row}">{"".join(written)}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def _cells(sheet: Sheet) -> Iterator[Cell]:
    return (cell for cells in sheet.rows.values() for cell in cells.values())


def _formulas(part: bytes, outside: Outside) -> dict[tuple[int, int], str]:
    """The `<f>` of each cell by row and column, without a prefix.

    Data tables, which no engine knows, stay values, and so does a formula that looks at another workbook of which
    nothing is kept: its stored result is all that is known of it.
    """

    def known(reference: re.Match[str]) -> str:
        number = int(reference[1] or reference[3])
        sheet = (reference[2] or reference[4]).replace("''", "'")
        if (number, sheet) not in outside.sheets:
            return reference[0]
        return outside.cells.get((number, sheet, reference[5] + reference[6]), "0")

    found = {}
    left_out: set[str | None] = set()
    row = column = 0
    for element in elements(part, {"row", "c", "f"}):
        written = element.attributes.get("r")
        match element.name, element.parent:
            case "row", "sheetData":
                row, column = int(written or row + 1), 0
            case "c", "row":
                column = column_number(written.rstrip("0123456789")) if written else column + 1
            case "f", "c" if element.attributes.get("t") != "dataTable":
                given = {key: element.attributes[key] for key in _OF_A_FORMULA if key in element.attributes}
                if "si" in given and given["si"] in left_out and element.inside == element.close:
                    continue  # a formula that others share
                attributes = "".join(f' {key}="{attribute_xml(value)}"' for key, value in given.items())
                text = part[element.inside : element.close].decode("utf-8")
                if "[" in text and "<" not in text:  # perhaps of another workbook
                    plain = _OUTSIDE.sub(known, unescape(text))
                    if _LEAVES.search(plain):
                        left_out.add(given.get("si"))
                        continue
                    text = content_xml(plain)
                found[row, column] = f"<f{attributes}>{text}</f>"
    return found


def _cell(cell: Cell, formula: str) -> str:
    address = f"{column_letters(cell.column)}{cell.row}"
    if formula:
        return f'<c r="{address}">{formula}<v>0</v></c>'  # the engine calculates it in any case
    match cell.value:
        case bool():
            return f'<c r="{address}" t="b"><v>{int(cell.value)}</v></c>'
        case int() | float():
            return f'<c r="{address}"><v>{cell.value!r}</v></c>'
        case str():
            return f'<c r="{address}" t="inlineStr">{text_xml(cell.value)}</c>'
        case CellError():
            return f'<c r="{address}" t="e"><v>{content_xml(cell.value.code)}</v></c>'
    return ""


def _table_xml(part: bytes, number: int) -> str:
    """A table's name, place and columns."""
    table, *found = elements(part, {"table", "tableColumn"})
    kept = ("ref", "headerRowCount", "totalsRowCount")
    given = {key: table.attributes[key] for key in kept if key in table.attributes}
    name = table.attributes.get("displayName") or table.attributes.get("name", "")
    attributes = "".join(f' {key}="{attribute_xml(value)}"' for key, value in given.items())
    titles = [attribute_xml(column.attributes.get("name", "")) for column in found]
    columns = "".join(f'<tableColumn id="{number}" name="{title}"/>' for number, title in enumerate(titles, start=1))
    return (
        f'<table xmlns="{_MAIN}" id="{number}" '
        f'name="{attribute_xml(name)}" displayName="{attribute_xml(name)}"{attributes}>'
        f'<tableColumns count="{len(found)}">{columns}</tableColumns></table>'
    )
