"""One sheet of cells as a file with tags: a web page as Excel saves it, a plain one, and Excel's XML of 2003."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape

from sheet_writers import Page, Written

_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def as_html(pages: Sequence[Page]) -> bytes:
    """As Excel 2003 saved it: numbers and formats beside the texts. One page alone; more are `as_web_archive`."""
    return _page(next(page for page in pages if page.visible)).encode("utf-8")


def as_plain_html(pages: Sequence[Page]) -> bytes:
    """As programs of administration write it: what is shown, and nothing else."""
    page = next(page for page in pages if page.visible)
    rows = _rows(page, lambda cell, spans: f"<td{spans}>{escape(_shown(cell))}</td>")
    return f"<html><head><meta charset='utf-8'></head><body><table border=1>{rows}</table></body></html>".encode()


def as_web_archive(pages: Sequence[Page]) -> bytes:
    """A page for each sheet, in one letter."""
    names = "".join(f"<x:ExcelWorksheet><x:Name>{escape(page.name)}</x:Name></x:ExcelWorksheet>" for page in pages)
    main = (
        f"<html xmlns:x='x'><head><!--[if gte mso 9]><xml>{names}</xml><![endif]--></head><frameset></frameset></html>"
    )
    parts = {"bieu.htm": main, "bieu_files/tabstrip.htm": "<table><tr><td>Trang 1</table>"}
    parts |= {f"bieu_files/sheet{number}.htm": _page(page) for number, page in enumerate(pages, start=1)}
    letter = "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
    letter += 'Content-Type: multipart/related; boundary="=x"\r\n\r\n'
    for name, text in parts.items():
        letter += f"--=x\r\nContent-Location: file:///C:/{name}\r\nContent-Transfer-Encoding: 8bit\r\n"
        letter += f"Content-Type: text/html; charset=utf-8\r\n\r\n{text}\r\n"
    return f"{letter}--=x--\r\n".encode()


def _page(page: Page) -> str:
    codes = sorted({cell.format for cell in page.cells.values()})
    classes = "".join(f".xl{number} {{mso-number-format:{_css(code)};}}\n" for number, code in enumerate(codes))
    fonts = sorted({cell.font for cell in page.cells.values()} - {""})
    classes += "".join(f".f{number} {{font-family:{font}, serif;}}\n" for number, font in enumerate(fonts))
    classes += ".crossed {text-decoration:line-through;}\n"

    def cell_of(cell: Written, spans: str) -> str:
        names = [f"xl{codes.index(cell.format)}"] if cell.format in codes else []
        names += [f"f{fonts.index(cell.font)}"] if cell.font else []
        names += ["crossed"] if cell.is_crossed_out else []
        is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        number = f' x:num="{cell.value!r}"' if is_number else ""
        text = "<br>".join(map(escape, _shown(cell).split("\n")))
        if cell.struck or cell.raised:
            text = f"<s>{cell.struck}</s>{escape(str(cell.value))}<font><sup>{cell.raised}</sup></font>"
        return f'<td class="{" ".join(names)}"{spans}{number}>{text}</td>'

    rows = _rows(page, cell_of)
    return (
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta charset='utf-8'>"
        f"<!--[if gte mso 9]><xml><x:Name>{escape(page.name)}</x:Name></xml><![endif]-->"
        f"<style>\n<!--table {{}}\n{classes}--></style></head><body>"
        f"<![if supportMisalignedColumns]><table>\n{rows}</table><![endif]></body></html>"
    )


def _rows(page: Page, cell_of: object) -> str:
    assert callable(cell_of)
    spans = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    width = max((column for _, column in page.cells), default=1)
    rows = ""
    for row in range(1, max((row for row, _ in page.cells), default=0) + 1):
        cells = ""
        for column in range(1, width + 1):
            at = (row, column)
            if at in covered:
                continue
            bottom, right = spans.get(at, at)
            about = f" rowspan={bottom - row + 1}" * (bottom > row) + f" colspan={right - column + 1}" * (
                right > column
            )
            cells += cell_of(page.cells.get(at, Written()), about)
        rows += f"<tr style='display:none'>{cells}</tr>\n" if row in page.hidden_rows else f"<tr>{cells}</tr>\n"
    return rows


def _shown(cell: Written) -> str:
    """About what a cell shows; where a number stands beside it, it does not count."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, bool):
        return str(cell.value).upper()
    return f"{cell.struck}{cell.value}{cell.raised}"


def _css(code: str) -> str:
    """A format as Excel writes it into a style: `"\\#\\,\\#\\#0"`."""
    return '"' + "".join("\\0022" if sign == '"' else sign if sign.isalnum() else f"\\{sign}" for sign in code) + '"'


# --- Excel's XML of 2003


def as_xml_2003(pages: Sequence[Page]) -> bytes:
    looks = sorted({_look(cell) for page in pages for cell in page.cells.values()})
    ids = {look: f"s{number}" for number, look in enumerate(looks, start=21)}
    styles = "<Style ss:ID='Default'><NumberFormat/></Style>"
    for (code, font, struck), name in ids.items():
        about = f" ss:FontName='{font}'" * bool(font) + " ss:StrikeThrough='1'" * struck
        styles += f"<Style ss:ID='{name}'><Font{about}/><NumberFormat ss:Format={_quoted(code)}/></Style>"
    sheets = "".join(_xml_sheet(page, ids) for page in pages)
    return (
        "<?xml version='1.0'?>\r\n<?mso-application progid='Excel.Sheet'?>\r\n"
        f"<Workbook xmlns='{_SPREADSHEET}' xmlns:ss='{_SPREADSHEET}' xmlns:x='urn:schemas-microsoft-com:office:excel'"
        f" xmlns:html='http://www.w3.org/TR/REC-html40'><Styles>{styles}</Styles>{sheets}</Workbook>"
    ).encode()


def _look(cell: Written) -> tuple[str, str, bool]:
    return cell.format, cell.font, cell.is_crossed_out


def _quoted(text: str) -> str:
    return "'" + escape(text) + "'"


def _xml_sheet(page: Page, ids: Mapping[tuple[str, str, bool], str]) -> str:
    spans = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
    rows = ""
    cells: dict[int, dict[int, Written]] = {row: dict(cells) for row, cells in page.rows()}
    for row, column in spans:
        cells.setdefault(row, {}).setdefault(column, Written())
    for row in page.hidden_rows:
        cells.setdefault(row, {})
    for row in sorted(cells):
        inside, before = "", 0
        for column, cell in sorted(cells[row].items()):
            if any(
                top <= row <= bottom and left <= column <= right and (top, left) != (row, column)
                for (top, left), (bottom, right) in spans.items()
            ):
                continue
            bottom, right = spans.get((row, column), (row, column))
            about = f" ss:Index='{column}'" * (column != before + 1)
            about += f" ss:MergeAcross='{right - column}'" * (right > column)
            about += f" ss:MergeDown='{bottom - row}'" * (bottom > row)
            about += f" ss:StyleID='{ids[_look(cell)]}'" if _look(cell) in ids else ""
            inside += f"<Cell{about}>{_xml_data(cell)}</Cell>"
            before = right
        hidden = " ss:Hidden='1'" * (row in page.hidden_rows)
        rows += f"<Row ss:Index='{row}'{hidden}>{inside}</Row>\n"
    options = "" if page.visible else "<Visible>SheetHidden</Visible>"
    return (
        f"<Worksheet ss:Name={_quoted(page.name)}><Table>{rows}</Table>"
        f"<WorksheetOptions xmlns='urn:schemas-microsoft-com:office:excel'>{options}</WorksheetOptions></Worksheet>"
    )


def _xml_data(cell: Written) -> str:
    if cell.value is None:
        return ""
    if cell.struck or cell.raised:
        text = f"<S>{cell.struck}</S>{escape(str(cell.value))}<Sup>{cell.raised}</Sup>"
        return f"<ss:Data ss:Type='String' xmlns='http://www.w3.org/TR/REC-html40'>{text}</ss:Data>"
    if isinstance(cell.value, bool):
        return f"<Data ss:Type='Boolean'>{int(cell.value)}</Data>"
    if cell.is_error:
        return f"<Data ss:Type='Error'>{cell.value}</Data>"
    if isinstance(cell.value, str):
        return f"<Data ss:Type='String'>{escape(cell.value).replace(chr(10), '&#10;')}</Data>"
    if set("dmyh") & set(cell.format.replace("_D", "").replace("_M", "")) and "General" not in cell.format:
        moment = datetime(1899, 12, 31) + timedelta(days=cell.value - (cell.value > 60))  # noqa: DTZ001
        return f"<Data ss:Type='DateTime'>{moment.isoformat(timespec='milliseconds')}</Data>"
    return f"<Data ss:Type='Number'>{cell.value!r}</Data>"
