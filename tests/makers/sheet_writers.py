"""One sheet of cells as a file of each kind that people send: .xlsx, .xls, .xlsb, .ods and .csv.

A `Written` cell holds what a clerk's program stored and how it is shown. What a kind cannot say is left out, as office
programs do when they save it: a .csv has neither formats nor errors.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
import xlwt

Place = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True)
class Written:
    """A cell: a number, a text, a truth or an error (`#N/A`), its number format and font.

    `struck` and `raised` are letters before and after the text that are struck out or raised, `red` are red ones
    behind it (.xlsx, .xls). `formula` is what the value was calculated from; without a value it was never calculated.
    """

    value: str | int | float | bool | None = None
    format: str = "General"
    font: str = ""
    struck: str = ""
    raised: str = ""
    red: str = ""
    formula: str = ""
    is_error: bool = False
    is_crossed_out: bool = False


@dataclass
class Page:
    """One worksheet. `merges` are (top, left, bottom, right)."""

    name: str
    cells: dict[Place, Written] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    visible: bool = True

    def rows(self) -> Iterator[tuple[int, dict[int, Written]]]:
        found: dict[int, dict[int, Written]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = cell
        yield from found.items()


def as_xlsx(pages: Sequence[Page]) -> bytes:
    buffer = io.BytesIO()
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    looks: dict[tuple[str, str, bool], Any] = {}
    struck, raised, red, plain = (
        book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1}),
        book.add_format({"font_color": "red"}), book.add_format()
    )  # fmt: skip

    def look(cell: Written) -> Any:
        key = (cell.format, cell.font, cell.is_crossed_out)
        if key not in looks:
            font = {"font_name": cell.font} if cell.font else {}
            looks[key] = book.add_format({"num_format": cell.format, "font_strikeout": cell.is_crossed_out, **font})
        return looks[key]

    for page in pages:
        sheet = book.add_worksheet(page.name)
        if not page.visible:
            sheet.hide()
        for (row, column), cell in page.cells.items():
            at = (row - 1, column - 1)
            if cell.struck or cell.raised or cell.red:
                runs = [struck, cell.struck] if cell.struck else []
                runs += [plain, str(cell.value)]
                runs += [red, cell.red] if cell.red else []
                runs += [raised, cell.raised] if cell.raised else []
                sheet.write_rich_string(*at, *runs)
            elif cell.formula:
                sheet.write_formula(*at, f"={cell.formula}", look(cell), "" if cell.value is None else cell.value)
            elif cell.is_error:
                sheet.write_formula(
                    *at, {"#N/A": "=NA()", "#DIV/0!": "=1/0"}.get(str(cell.value), "=A0"), look(cell), cell.value
                )
            elif isinstance(cell.value, bool):
                sheet.write_boolean(*at, cell.value, look(cell))
            elif isinstance(cell.value, str):
                sheet.write_string(*at, cell.value, look(cell))
            elif cell.value is not None:
                sheet.write_number(*at, cell.value, look(cell))
        for top, left, bottom, right in page.merges:
            corner = page.cells.get((top, left), Written())
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, corner.value, look(corner))
        for row in page.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
    book.get_worksheet_by_name(next(page.name for page in pages if page.visible)).activate()
    book.close()
    return buffer.getvalue()


def as_xls(pages: Sequence[Page]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    looks: dict[tuple[str, str, bool], Any] = {}

    def look(cell: Written) -> Any:
        key = (cell.format, cell.font, cell.is_crossed_out)
        if key not in looks:
            font = [*(["name " + cell.font] if cell.font else []), *(["struck_out on"] if cell.is_crossed_out else [])]
            looks[key] = xlwt.easyxf(f"font: {', '.join(font)}" if font else "", num_format_str=cell.format)
        return looks[key]

    for page in pages:
        sheet = book.add_sheet(page.name)
        sheet.visibility = 0 if page.visible else 1
        merged = {(top, left) for top, left, _, _ in page.merges}
        for (row, column), cell in page.cells.items():
            at = (row - 1, column - 1)
            if (row, column) in merged:
                continue
            if cell.struck or cell.raised or cell.red:
                runs = [(cell.struck, _xls_font(struck=True))] if cell.struck else []
                runs += [(str(cell.value), _xls_font())]
                runs += [(cell.red, _xls_font(red=True))] if cell.red else []
                runs += [(cell.raised, _xls_font(raised=True))] if cell.raised else []
                sheet.write_rich_text(*at, runs)
            elif cell.is_error:
                sheet.row(row - 1).set_cell_error(column - 1, _ERRORS[str(cell.value)], look(cell))
            else:
                sheet.write(*at, cell.value, look(cell))
        for top, left, bottom, right in page.merges:
            corner = page.cells.get((top, left), Written())
            sheet.write_merge(top - 1, bottom - 1, left - 1, right - 1, corner.value, look(corner))
        for row in page.hidden_rows:
            sheet.row(row - 1).hidden = True
    book.active_sheet = next(index for index, page in enumerate(pages) if page.visible)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xls_font(*, struck: bool = False, raised: bool = False, red: bool = False) -> Any:
    font = xlwt.Font()
    font.struck_out = struck
    font.colour_index = 10 if red else font.colour_index
    font.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT if raised else xlwt.Font.ESCAPEMENT_NONE
    return font


# --- .ods


def as_ods(pages: Sequence[Page]) -> bytes:
    formats = {cell.format for page in pages for cell in page.cells.values()} - {"General"}
    names = {code: f"c{number}" for number, code in enumerate(sorted(formats), start=1)}
    styles = "".join(_ods_style(code, name) for code, name in names.items())
    crossed = '<style:text-properties style:text-line-through-style="solid"/>'
    for family, name, look in (
        ("text", "struck", crossed),
        ("text", "raised", '<style:text-properties style:text-position="super 58%"/>'),
        ("table-cell", "crossed", crossed),
        ("table", "gone", '<style:table-properties table:display="false"/>'),
    ):
        styles += f'<style:style style:family="{family}" style:name="{name}">{look}</style:style>'
    tables = "".join(_ods_table(page, names) for page in pages)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return _packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _ods_style(code: str, name: str) -> str:
    kind, inside = _ods_format(code)
    number = ""
    if re.fullmatch(r"[#,0]+;(?:\[Red\])?[#,0]+(?:;0)?", code):  # the same digits for numbers above zero and below it
        number = f'<number:{kind}-style style:name="P{name}">{inside}</number:{kind}-style>'
        inside += f'<style:map style:condition="value()&gt;=0" style:apply-style-name="P{name}"/>'
    number += f'<number:{kind}-style style:name="N{name}">{inside}</number:{kind}-style>'
    return f'{number}<style:style style:family="table-cell" style:name="{name}" style:data-style-name="N{name}"/>'


def _ods_format(code: str) -> tuple[str, str]:
    """The kind of a number format and what stands in it, for the few codes that the disorders use."""
    with_word = re.fullmatch(r'(?:#,##0|0)( ?)"([^"%]*)"', code)
    if with_word is not None:
        word = escape("".join(with_word.groups()))
        return "number", f'<number:number number:decimal-places="0"/><number:text>{word}</number:text>'
    signed = re.fullmatch(r'"?([-–(])"?(?:#,##0|0)(\)?)', code)
    if signed is not None:
        before, after = (f"<number:text>{sign}</number:text>" if sign else "" for sign in signed.groups())
        return "number", f'{before}<number:number number:decimal-places="0"/>{after}'
    torn = re.fullmatch(r'0+(?:"([ .,])"|(-))(0+)', code)
    if torn is not None:
        letter = f'<number:embedded-text number:position="{len(torn[3])}">{torn[1] or torn[2]}</number:embedded-text>'
        return "number", f'<number:number number:decimal-places="0">{letter}</number:number>'
    if "%" in code and '"%"' not in code:
        decimals = len(code.partition(".")[2].rstrip("%"))
        return "percentage", f'<number:number number:decimal-places="{decimals}"/><number:text>%</number:text>'
    if "h" in code:
        return "time", "<number:hours/><number:text>:</number:text><number:minutes/>"
    if ("d" in code or "yy" in code) and "_D" not in code:
        return "date", '<number:day/><number:text>-</number:text><number:month number:textual="true"/>'
    if code == ";;;":
        return "number", ""
    scale = ' number:display-factor="1000"' if code.rstrip().endswith(",") else ""
    return "number", f'<number:number number:decimal-places="0"{scale}/>'


def _ods_table(page: Page, names: Mapping[str, str]) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    rows, last = "", 0
    everything = {row: dict(cells) for row, cells in page.rows()}
    for row, column in covered:
        everything.setdefault(row, {}).setdefault(column, Written())
    for row in sorted(everything):
        if row > last + 1:
            rows += f'<table:table-row table:number-rows-repeated="{row - last - 1}"/>'
        cells, at = "", 0
        for column, cell in sorted(everything[row].items()):
            if column > at + 1:
                cells += f'<table:table-cell table:number-columns-repeated="{column - at - 1}"/>'
            tag = "covered-table-cell" if (row, column) in covered else "table-cell"
            cells += _ods_cell(cell, names, tag, spans.get((row, column)))
            at = column
        hidden = ' table:visibility="collapse"' if row in page.hidden_rows else ""
        rows += f"<table:table-row{hidden}>{cells}</table:table-row>"
        last = row
    style = "" if page.visible else ' table:style-name="gone"'
    return f"<table:table table:name={quoteattr(page.name)}{style}>{rows}</table:table>"


def _ods_cell(cell: Written, names: Mapping[str, str], tag: str, span: tuple[int, int] | None) -> str:
    about = f' table:style-name="{names[cell.format]}"' if cell.format in names else ""
    about = ' table:style-name="crossed"' if cell.is_crossed_out else about
    if span:
        about += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    value = cell.value
    if cell.is_error:
        about += (
            ' table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"'
        )
    elif isinstance(value, bool):
        about += f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        kind = "percentage" if "%" in cell.format and '"%"' not in cell.format else "float"
        about += f' office:value-type="{kind}" office:value="{value!r}"'
    elif value is not None:
        about += ' office:value-type="string"'
    text = "" if value is None else "<text:line-break/>".join(_ods_text(line) for line in str(value).split("\n"))
    text = f'<text:span text:style-name="struck">{cell.struck}</text:span>{text}' if cell.struck else text
    text = f'{text}<text:span text:style-name="raised">{cell.raised}</text:span>' if cell.raised else text
    text = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:{tag}{about}>{text}</table:{tag}>"


def _ods_text(line: str) -> str:
    """Two spaces and more would be one if they were not written as an element, and a tab a space."""
    spaced = re.sub(" {2,}", lambda found: f' <text:s text:c="{len(found[0]) - 1}"/>', escape(line))
    return spaced.replace("\t", "<text:tab/>")


def _packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


# --- .csv


def as_csv(pages: Sequence[Page], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    page = next(page for page in pages if page.visible)
    width = max(column for _, column in page.cells)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    last = 0
    for row, cells in page.rows():
        for _ in range(row - last - 1):
            writer.writerow([""] * width)
        writer.writerow([_csv_text(cells.get(column)) for column in range(1, width + 1)])
        last = row
    return text.getvalue().encode(encoding)


def _csv_text(cell: Written | None) -> str:
    """What Excel writes of a cell where the decimal separator is a comma: what is shown."""
    if cell is None or cell.value is None:
        return ""
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0").replace(".", ",")
    return f"{cell.struck}{value}{cell.raised}"


# --- .xlsb


def as_xlsb(pages: Sequence[Page]) -> bytes:
    names = b"".join(
        _record(156, struct.pack("<II", 0 if page.visible else 1, number) + _wide(f"rId{number}") + _wide(page.name))
        for number, page in enumerate(pages, start=1)
    )
    book = _record(131) + _record(143) + names + _record(144) + _record(132)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    codes = sorted({cell.format for page in pages for cell in page.cells.values()} - {"General"})
    links = f'<Relationship Id="rId0" Type="{relation}/styles" Target="styles.bin"/>' + "".join(
        f'<Relationship Id="rId{number}" Type="{relation}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number, _ in enumerate(pages, start=1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        "xl/styles.bin": _xlsb_styles(codes),
    }
    for number, page in enumerate(pages, start=1):
        parts[f"xl/worksheets/sheet{number}.bin"] = _xlsb_sheet(page, codes)
    return _packed(parts)


def _record(kind: int, data: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(data)
    while rest > 127:
        size, rest = size + bytes([rest & 0x7F | 0x80]), rest >> 7
    return number + size + bytes([rest]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


_ERRORS = {"#DIV/0!": 7, "#N/A": 42, "#REF!": 23}


def _xlsb_styles(codes: Sequence[str]) -> bytes:
    formats = b"".join(_record(44, struct.pack("<H", 164 + number) + _wide(code)) for number, code in enumerate(codes))
    looks = [0, *(164 + number for number, _ in enumerate(codes))]
    cells = b"".join(_record(47, struct.pack("<HHHHHHI", 0, look, 0, 0, 0, 0, 0)) for look in looks)
    count = struct.pack("<I", len(codes))
    styles = (
        _record(615, count)
        + formats
        + _record(616)
        + _record(617, struct.pack("<I", len(looks)))
        + cells
        + _record(618)
    )
    return _record(278) + styles + _record(279)


def _xlsb_sheet(page: Page, codes: Sequence[str]) -> bytes:
    rows = list(page.rows())
    width = max((column for _, column in page.cells), default=1)
    data = (
        _record(129)
        + _record(148, struct.pack("<IIII", 0, rows[-1][0] - 1 if rows else 0, 0, width - 1))
        + _record(145)
    )
    for number, cells in rows:
        data += _record(0, struct.pack("<IIHBBBI", number - 1, 0, 300, 0, 0, 0, 0))
        for column, cell in cells.items():
            style = codes.index(cell.format) + 1 if cell.format in codes else 0
            at, value = struct.pack("<II", column - 1, style), cell.value
            if cell.is_error:
                data += _record(3, at + bytes([_ERRORS.get(str(value), 42)]))
            elif isinstance(value, bool):
                data += _record(4, at + bytes([value]))
            elif isinstance(value, int | float):
                data += _record(5, at + struct.pack("<d", value))
            elif value is not None:
                data += _record(6, at + _wide(f"{cell.struck}{value}{cell.raised}"))
    return data + _record(146) + _record(130)
