"""Make the pictures of the READMEs from the real program, into docs/pictures.

    python tools/make_pictures.py

Needs LibreOffice, poppler (pdftoppm, pdftotext), a headless Chromium, and Pillow for the palette. Each picture is of
the shipped examples, so that whoever runs the command beside it sees the same.
"""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from PIL import Image, ImageChops

from cchc_excel import load_form
from cchc_excel.workbook_form.filled import filled

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SPECIMEN, DISTRICT = "examples/BangLang_2023-Q1_mau.xlsx", "examples/huyen_vi_du"
COLOURS = 64  # of a picture's palette: text and a few fills
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars")
PAGE = """<meta charset="utf-8"><style>body {{ margin: 0; background: #1e1e1e; color: #d4d4d4; }}
pre {{ margin: 14px 18px; font: 13px/1.35 "Liberation Mono", monospace; }} b {{ color: #f48771; }} i {{ color: #dcdcaa;
font-style: normal; }} u {{ color: #9cdcfe; text-decoration: none; }}</style><pre>{}</pre>"""
TYPED: dict[str, int | float | str | None] = {
    "1.1": 2, "1.2": 2, "1.2.1": 7, "1.2.2": 2, "1.3.quyet_dinh": 1, "1.4.1.tinh": 5, "1.4.1.huyen": "04",
    "1.4.2.tinh": 5, "1.4.2.huyen": 3, "1.4.3.tinh": 1, "1.4.3.huyen": 0,
    "1.4.4.tinh": 0, "1.4.4.huyen": 0, "1.5.1": 45109, "1.6": "Có",
}  # fmt: skip


def main() -> None:
    """Make all four."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template(folder)
        findings(folder)
        district(folder)
        terminal(folder)
    for picture in sorted(PICTURES.glob("*.png")):
        print(picture.relative_to(ROOT), f"{picture.stat().st_size / 1000:.0f} kB")


def template(folder: Path) -> None:
    """The first rows of the template with what it says beside them, as on the screen."""
    data = filled(load_form("cchc_xa_quy"), TYPED, unit="UBND xã Bằng Lăng", period="2023-Q1")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    sheet.print_area, sheet.page_setup.orientation = "A1:F34", "landscape"
    path = folder / "template.xlsx"
    book.save(path)
    saved(page(pdf_of(path), 1, dots=115), "template")


def findings(folder: Path) -> None:
    """The sheet that `cchc correct` adds."""
    cchc("correct", SPECIMEN, "-o", str(folder / "corrected"))
    pdf = pdf_of(folder / "corrected" / Path(SPECIMEN).name)
    saved(page(pdf, number_of(pdf, "PHÁT HIỆN"), dots=110), "findings")


def district(folder: Path) -> None:
    """The figures of all units, on the district's workbook."""
    roster = ("--roster", f"{DISTRICT}/danh_sach.csv", "--unit", "UBND huyện Ví Dụ")
    cchc("consolidate", f"{DISTRICT}/nop", "-o", str(folder / "TongHop.xlsx"), *roster)
    pdf = pdf_of(folder / "TongHop.xlsx")
    saved(page(pdf, number_of(pdf, "TÌNH TRẠNG NỘP"), dots=110), "district")


def terminal(folder: Path) -> None:
    """What `cchc validate` prints."""
    command = f"cchc validate {Path(SPECIMEN).name} --select A"
    printed = cchc("validate", SPECIMEN, "--select", "A", "--fail-on", "never")
    text = html.escape(f"$ {command}\n{printed}")
    text = re.sub(r"^(✗ .*)$", r"<b>\1</b>", text, flags=re.MULTILINE)
    text = re.sub(r"^(! .*)$", r"<i>\1</i>", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s+→ .*)$", r"<u>\1</u>", text, flags=re.MULTILINE)
    path, picture = folder / "terminal.html", folder / "terminal.png"
    path.write_text(PAGE.format(text), "utf-8")
    lines = min(text.count("\n") + 1, 44)
    size = f"--window-size=1040,{24 + 18 * lines}"
    options = (size, f"--user-data-dir={folder}/profile", f"--screenshot={picture}")
    subprocess.run([*CHROMIUM, *options, path.as_uri()], check=True, capture_output=True)
    with Image.open(picture) as taken:
        saved(taken.convert("RGB"), "terminal", cropped=False)


def cchc(*arguments: str) -> str:
    """What a command prints, run at the root of this checkout."""
    command = [sys.executable, "-m", "cchc_excel", *arguments]
    surroundings = {**os.environ, "COLUMNS": "120", "CCHC_LANG": "vi", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env=surroundings, check=False)
    return done.stdout


def pdf_of(workbook: Path) -> Path:
    """The workbook as it is printed."""
    out = workbook.parent / "pdf"
    profile = f"-env:UserInstallation={(workbook.parent / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(workbook)]
    subprocess.run(command, check=True, capture_output=True)
    return out / f"{workbook.stem}.pdf"


def number_of(pdf: Path, title: str) -> int:
    """The first page on which a title stands."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    pages = done.stdout.split("\f")
    return next(number for number, text in enumerate(pages, 1) if title in text)


def page(pdf: Path, number: int, *, dots: int) -> Image.Image:
    """One page as a picture, `dots` an inch."""
    one_page = ("-f", str(number), "-l", str(number), "-r", str(dots), "-png", "-singlefile")
    target = pdf.with_suffix("")
    subprocess.run(["pdftoppm", *one_page, str(pdf), str(target)], check=True)
    with Image.open(target.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def saved(picture: Image.Image, name: str, *, cropped: bool = True) -> None:
    """Write a picture with a palette, without the white around it and the page's number below."""
    if cropped:
        body = picture.crop((0, 0, picture.width, int(picture.height * 0.93)))
        white = Image.new("RGB", body.size, "white")
        left, top, right, bottom = ImageChops.difference(body, white).getbbox() or (0, 0, *body.size)
        picture = body.crop((max(0, left - 12), max(0, top - 12), right + 12, bottom + 12))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
