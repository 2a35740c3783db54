"""Make the example district's mail: the reports of huyen_vi_du as they come in, with all that comes beside them.

    python examples/make_mail.py

In:     what make_district.py makes.
Out:    the folder thu_huyen, and beside it thu_huyen.md, which says what is in it; the same bytes every time.
"""

from __future__ import annotations

import io
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from make_district import LAST_DAY, district
from make_district import examples as of_district

from cchc_excel.excel.opening import open_grid

HERE = Path(__file__).parent
FOLDER = HERE / "thu_huyen"
_DAY = (2023, 3, 9, 8, 0, 0)
README = """# Thư của một huyện ví dụ

Do `python examples/make_mail.py` tạo ra từ `examples/huyen_vi_du/`; không sửa bằng tay. Các biểu là của
huyện ví dụ, như khi đến theo đường thư: trong thư mục con, tệp nén, thư điện tử, bảng trang web đặt tên `.xls`, kèm bản
quét, ảnh và văn bản. Gộp bằng một lệnh:

    cchc consolidate examples/thu_huyen --roster examples/huyen_vi_du/danh_sach.csv -o TongHop.xlsx

| tệp | là gì | được coi là |
| --- | --- | --- |
| `xa Kim Duong/Kim Duong bieu 01.xlsx` | biểu trong thư mục con | đọc được |
| `xa Long Son.zip` | hai tệp của xã Long Sơn | đọc được cả hai |
| `Fw bao cao CCHC xa Hai Van.eml` | thư có biểu đính kèm | đọc được |
| `Duc Phong xuat tu phan mem.xls` | bảng HTML do phần mềm xuất ra | đọc được |
| `xa Muong Hoa - ban quet.pdf`, `xa Muong Hoa trang 2.png` | bản quét và ảnh chụp | S61: đề nghị gửi tệp Excel |
| `Cong van xa Nam Cuong.docx` | công văn gửi kèm biểu | S61: đề nghị gửi tệp Excel |
| các tệp khác | như trong `examples/huyen_vi_du/nop` | xem README ở đó |
"""


def mail() -> dict[str, bytes]:
    """Every file of the folder by its path in it."""
    nop = {path.removeprefix("nop/"): data for path, data in of_district().items() if path.startswith("nop/")}

    def taken(*names: str) -> dict[str, bytes]:
        return {name: nop.pop(name) for name in names}

    kim_duong = taken("Kim Duong bieu 01.xlsx")
    long_son = taken("Long Son - bieu TK CCHC Q1 2023.xlsx", "Long Son - bieu TK CCHC Q1 2023 - Copy.xlsx")
    (hai_van,) = taken("Hai Van_CCHC_quy1.xlsx").values()
    (duc_phong,) = taken("Đức Phong - Biểu thống kê CCHC.xlsx").values()
    return {
        **nop,
        **{f"xa Kim Duong/{name}": data for name, data in kim_duong.items()},
        "xa Long Son.zip": archive(long_son),
        "Fw bao cao CCHC xa Hai Van.eml": letter("Báo cáo CCHC quý I/2023 xã Hải Vân", "Biểu thống kê.xlsx", hai_van),
        "Duc Phong xuat tu phan mem.xls": page(duc_phong),
        "xa Muong Hoa - ban quet.pdf": scan(),
        "xa Muong Hoa trang 2.png": picture(),
        "Cong van xa Nam Cuong.docx": archive(
            {"_rels/.rels": b"<Relationships/>", "word/document.xml": b"<document/>"}
        ),
    }


def archive(members: Mapping[str, bytes]) -> bytes:
    """A .zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(zipfile.ZipInfo(name, _DAY), data)
    return buffer.getvalue()


def letter(subject: str, name: str, data: bytes) -> bytes:
    """An e-mail with a workbook attached."""
    message = EmailMessage(SMTP)
    message["From"] = "vanphong.haivan@example.invalid"
    message["To"] = "noivu@example.invalid"
    message["Subject"] = subject
    message["Date"] = "Thu, 09 Mar 2023 08:00:00 +0700"
    message.set_content("Kính gửi biểu thống kê quý I năm 2023. Số liệu mô phỏng.")
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    message.add_attachment(data, maintype="application", subtype=kind, filename=name)
    message.set_boundary("==thu_huyen==")
    return message.as_bytes()


def page(workbook: bytes) -> bytes:
    """A workbook as a program of administration exports it: an HTML table, merged cells and all."""
    sheet = open_grid(workbook).grid.sheets[0]
    spans = {(it.top, it.left): it for it in sheet.merges}
    covered = {
        (row, column)
        for it in sheet.merges
        for row in range(it.top, it.bottom + 1)
        for column in range(it.left, it.right + 1)
    } - set(spans)
    width = max(max(cells) for cells in sheet.rows.values())
    rows = []
    for row in range(1, max(sheet.rows) + 1):
        cells = ""
        for column in range(1, width + 1):
            if (row, column) in covered:
                continue
            it, cell = spans.get((row, column)), sheet.cell(row, column)
            span = "" if it is None else f' rowspan="{it.bottom - it.top + 1}" colspan="{it.right - it.left + 1}"'
            text = "" if cell is None or cell.value is None else str(cell.value)
            cells += f"<td{span}>{escape(text).replace(chr(10), '<br>')}</td>"
        rows.append(f"<tr>{cells}</tr>")
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
    lines = "\n".join(rows)
    return f'{head}<body><table border="1">\n{lines}\n</table></body></html>\n'.encode()


def scan() -> bytes:
    """A .pdf of one blank page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
    )


def picture() -> bytes:
    """A .png of one grey point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def write(folder: Path) -> None:
    """Write the folder anew, each file with the day on which it came; what stood in it is gone."""
    if folder.exists():
        shutil.rmtree(folder)
    received = {it["file"]: it["received"] for it in district()["files"] if "received" in it}
    for path, data in mail().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        seconds = datetime.combine(received.get(path, LAST_DAY), time(12), UTC).timestamp()
        os.utime(folder / path, (seconds, seconds))


if __name__ == "__main__":
    write(FOLDER)
    FOLDER.with_suffix(".md").write_text(README, "utf-8")
    print(FOLDER)
