"""Files that are built, or happen, to harm whoever opens them: each one's name and bytes."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping

from packages import workbook, worksheet, zipped
from places import TYPED

ESCAPE, TURN = "\x1b[31m", "\u202e"


def filled(**replaced: str) -> bytes:
    """The specimen, with texts of its shared strings replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(TYPED.read_bytes())) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/sharedStrings.xml":
                for before, after in replaced.items():
                    part = part.replace(before.encode(), after.encode())
            new.writestr(name, part)
    return buffer.getvalue()


def with_merges(merges: str) -> bytes:
    """The specimen, with more merges."""
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(TYPED) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    parts[name] = parts[name].replace(b"</mergeCells>", f"{merges}</mergeCells>".encode())
    return zipped(parts)


def with_formats(code: str) -> bytes:
    """The specimen, each of its own number formats being this one."""
    name = "xl/styles.xml"
    with zipfile.ZipFile(TYPED) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    parts[name] = re.sub(rb'formatCode="[^"]*"', f'formatCode="{code}"'.encode(), parts[name])
    return zipped(parts)


def cell(content: str) -> bytes:
    return workbook(worksheet(f'<row r="1"><c r="A1" {content}</c></row>'))


def of_csv(lines: str) -> bytes:
    return lines.encode("utf-8")


_HEAD = "STT;Nội dung;Đơn vị tính;Số liệu;Ghi chú\n"

HARMFUL: Mapping[str, Callable[[], bytes]] = {
    "spaces.xlsx": lambda: workbook(worksheet("", after=" " * (70 * 2**20))),
    "a value of spaces.xlsx": lambda: cell(f"><v>{' ' * (60 * 2**20)}5</v>"),
    "huge_label.xlsx": lambda: cell(f't="inlineStr"><is><t>{"Số văn bản " * 1_000_000}</t></is>'),
    "many_cells.xlsx": lambda: workbook(worksheet("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>" * 1).replace(
        "<sheetData>", "<sheetData>" + ("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>") * 40)),
    "many_parts.xlsx": lambda: zipped({f"xl/{number}.xml": "" for number in range(21_000)}),
    "deep.xlsx": lambda: workbook(f"<worksheet>{'<a>' * 200_000}"),
    "entities.xlsx": lambda: workbook('<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'),
    "encoding.xlsx": lambda: zipped({"[Content_Types].xml": '<?xml version="1.0" encoding="no-such"?><Types/>',
                                     "_rels/.rels": '<?xml version="1.0" encoding="no-such"?><a/>'}),
    "stt_5000_digits.xlsx": lambda: cell(f"><v>{'9' * 5000}</v>"),
    "a_line_of_a_million.csv": lambda: of_csv(_HEAD + "1.1;" + "x" * 1_000_000 + ";a;1;\n"),
    "never_closed.csv": lambda: of_csv(_HEAD + '1.1;"Số văn bản;a;1;\n' * 1000),
    "cr_line_ends.csv": lambda: of_csv((_HEAD + "1.1;Số văn bản;a;1;\n").replace("\n", "\r")),
    "utf32.csv": lambda: (_HEAD + "1.1;a;b;1;\n").encode("utf-32"),
    "strange_rows.csv": lambda: of_csv(TABLE + "".join(f"1.{at};Số văn bản {at};Văn bản;2;\n" for at in range(3000))),
    "many_fields.csv": lambda: of_csv((";" * 1000 + "\n").replace(";", "1;") * 600),
    "rows.html.xls": lambda: b"<table>" + b"<tr><td>1" * 310_000,
    "spans.html.xls": lambda: b"<table>" + b"<tr><td rowspan=65534 colspan=1000>1" * 3000,
    "tables.html.xls": lambda: b"<table><tr><td>" * 100_000,
    "comments.html.xls": lambda: b"<table><tr><td>" + b"<!--" * 3_000_000,
    "attributes.xml": lambda: b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' " + b" ".join(
        b"a%d='1'" % at for at in range(500_000)),
    "doctype.xml": lambda: b"<!DOCTYPE a [<!ENTITY b 'c'>]>"
                           b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>&b;</Workbook>",
    "parts.mht": lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
                         b"Content-Type: multipart/related; boundary=b\r\n\r\n"
                         + b"--b\r\nContent-Type: text/html\r\n\r\n<table><tr><td>1\r\n" * 200_000,
    "merges.xlsx": lambda: with_merges('<mergeCell ref="A9:E9999999"/>' * 1000),
    "formats.xlsx": lambda: with_formats("0;" * 500_000),
    "semicolons.eml": lambda: letter(b"x", name='"' + ";" * 500_000),
    "nothing.xlsx": lambda: b"",
    "zeros.xls": lambda: bytes(100_000),
    "cut.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "scan.pdf": lambda: b"%PDF-1.7\n" + bytes(1000),
    "photo.jpg": lambda: b"\xff\xd8\xff\xe0" + bytes(1000),
    "bomb.zip": lambda: zipped({"a.csv": bytes(201 * 2**20)}),
    "circle.zip": lambda: packed(5),
    "many.zip": lambda: zipped({f"{number}.txt": "x" for number in range(300)}),
    "letters.eml": lambda: letter(letter(letter(letter(b"x")))),
    "boundaries.eml": lambda: b"From: a\r\nSubject: b\r\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(500)),
}  # fmt: skip

READABLE = frozenset({"merges.xlsx", "formats.xlsx"})
"""Those that are forms all the same, once what harms in them is passed over."""

TABLE = "STT;Chỉ tiêu thống kê;Đơn vị tính;Số liệu;Ghi chú\n"


def packed(depth: int) -> bytes:
    """An archive in an archive in an archive …"""
    data = zipped({"BieuThongKe.xlsx": TYPED.read_bytes()})
    for _ in range(depth - 1):
        data = zipped({"trong.zip": data})
    return data


def letter(*attached: bytes, name: str = "thu.eml") -> bytes:
    """A letter with these attachments."""
    parts = [
        b'--=x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="%s"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n" % (name.encode(), base64.encodebytes(data))
        for data in attached
    ]
    head = (
        b'From: xa@example.vn\r\nSubject: Bieu\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=x"\r\n'
    )
    return head + b"\r\n" + b"".join(parts) + b"--=x--\r\n"
