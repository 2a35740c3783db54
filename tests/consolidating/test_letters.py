"""Letters to the units: figures and cells, what to do, by when; the signer left blank. One page on all of them."""

from __future__ import annotations

import builtins
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from docx import Document
from places import EXAMPLES

from cchc_excel.commands.options import day_of
from cchc_excel.errors import BadOption

DISTRICT = EXAMPLES / "huyen_vi_du"
SWAPPED = "UBND xã Ngọc Lương"


@pytest.fixture
def letters(cchc: Cchc, tmp_path: Path) -> Path:
    options = ("--roster", DISTRICT / "danh_sach.csv", "--unit", "UBND huyện Ví Dụ", "--due", "20/03/2023")
    status, out, err = cchc("letters", DISTRICT / "nop", "-o", tmp_path / "thu", *options)
    assert status == 0, err
    assert out == f"Đã ghi 10 thư và TongHop.docx vào {tmp_path / 'thu'}.\n"
    return tmp_path / "thu"


def texts(path: Path) -> list[str]:
    """All paragraphs and cells of a document, in order."""
    document = Document(str(path))
    found = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        found += [cell.text for row in table.rows for cell in row.cells]
    return found


def test_each_unit_with_something_to_mend_gets_a_letter_and_the_others_none(letters: Path) -> None:
    names = {path.stem for path in letters.glob("*.docx")}
    assert {SWAPPED, "UBND xã Bằng Lăng", "UBND xã Nam Cường", "TongHop"} <= names
    assert not {"UBND xã An Bình", "UBND xã Hải Vân", "UBND xã Phù Lâm"} & names, "right, put right by itself, a name"
    assert names == {path.stem for path in letters.glob("*.txt")} | {"TongHop"}


def test_a_letter_names_cells_and_figures_what_to_do_and_by_when(letters: Path) -> None:
    said = texts(letters / f"{SWAPPED}.docx")
    assert "Kính gửi: UBND xã Ngọc Lương" in said
    assert any(text.startswith("Ô D55. 3.3.1 Số hồ sơ TTHC giải quyết đúng hạn") for text in said)
    assert "Ghi 118, nhưng tổng số tương ứng chỉ có 113." in said
    assert any(text.startswith("Đối chiếu hai số với sổ theo dõi") for text in said)
    assert any("gửi lại UBND huyện Ví Dụ trước ngày 20/03/2023." in text for text in said)


def test_the_layout_is_that_of_the_decree_and_number_day_and_signer_are_blank(letters: Path) -> None:
    document = Document(str(letters / f"{SWAPPED}.docx"))
    (section,) = document.sections
    sides = (section.left_margin, section.right_margin, section.top_margin, section.page_width)
    assert [round(side.mm) for side in sides if side is not None] == [30, 15, 20, 210]
    assert document.styles["Normal"].font.name == "Times New Roman"
    head, foot = document.tables[0], document.tables[-1]
    assert head.rows[0].cells[0].text.splitlines()[:2] == ["ỦY BAN NHÂN DÂN", "HUYỆN VÍ DỤ"]
    state, motto = head.rows[0].cells[1].text.splitlines()[:2]
    assert (state, motto) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    assert "ngày …… tháng …… năm" in head.rows[0].cells[1].text
    assert foot.rows[0].cells[1].text == "……………………………\n(Chức vụ, chữ ký, họ và tên)"


def test_the_text_of_the_e_mail_has_the_address_of_the_roster_and_every_point(letters: Path) -> None:
    text = (letters / f"{SWAPPED}.txt").read_text("utf-8")
    assert text.startswith("Người nhận: vanphong.ngocluong@example.invalid\nTiêu đề: Chỉnh sửa Biểu thống kê")
    assert "4. Ô D58, 3.3.2 Số hồ sơ TTHC giải quyết đúng hạn: " in text
    assert text.endswith("Trân trọng./.\n")


def test_the_summary_tells_who_is_missing_and_what_is_open(letters: Path) -> None:
    said = texts(letters / "TongHop.docx")
    assert any("19/21 đơn vị" in text for text in said)
    assert said[said.index("Chưa nộp") + 1 : said.index("Chưa nộp") + 3] == ["1", "UBND xã Mường Hoa"]
    at = said.index(SWAPPED)
    assert said[at + 1 : at + 4] == ["2", "2", "D53, D55, D57, D58"]


@pytest.mark.libreoffice
def test_the_summary_is_one_page(letters: Path, tmp_path: Path) -> None:
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(letters / "TongHop.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = (tmp_path / "TongHop.pdf").read_bytes().count(b"/Type/Page\n") or (
        (tmp_path / "TongHop.pdf").read_bytes().count(b"/Type/Page/")
    )
    assert pages == 1


def test_letters_that_are_there_stay_unless_forced(cchc: Cchc, letters: Path) -> None:
    options = ("letters", DISTRICT / "nop", "-o", letters, "--roster", DISTRICT / "danh_sach.csv")
    assert cchc(*options)[0] == 2
    assert "20/03/2023" in "".join(texts(letters / f"{SWAPPED}.docx"))
    assert cchc(*options, "--force")[0] == 0
    assert "……/……/………" in "".join(texts(letters / f"{SWAPPED}.docx"))


def test_a_file_whose_name_holds_control_characters_gets_its_letter_without_them(cchc: Cchc, tmp_path: Path) -> None:
    (tmp_path / "nop").mkdir()
    shutil.copy(DISTRICT / "nop" / "Bieu CCHC Binh Minh quy I.xlsx", tmp_path / "nop" / "Binh\x1b[31m Minh\u202e.xlsx")
    status, _, err = cchc("letters", tmp_path / "nop", "-o", tmp_path / "thu")
    assert status == 0, err
    told = "".join(texts(tmp_path / "thu" / "UBND xã Bình Minh.docx"))
    assert "(tệp “Binh�[31m Minh.xlsx”)" in told
    assert "(tệp “Binh�[31m Minh.xlsx”)" in (tmp_path / "thu" / "UBND xã Bình Minh.txt").read_text("utf-8")


def test_a_unit_with_a_very_long_name_gets_its_letter(cchc: Cchc, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(EXAMPLES / "BangLang_2023-Q1_mau.xlsx")
    workbook["BieuThongKe"]["B5"] = "UBND xã " + "Rất Dài " * 40
    workbook.save(tmp_path / "dai.xlsx")
    status, _, err = cchc("letters", tmp_path / "dai.xlsx", "-o", tmp_path / "thu")
    assert status == 0, err
    (written,) = (tmp_path / "thu").glob("UBND*.docx")
    assert "Rất Dài " * 40 in f"{''.join(texts(written))} "


def test_without_the_library_it_says_what_to_install(
    cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "docx":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    status, _, err = cchc("letters", DISTRICT / "nop", "-o", tmp_path / "thu")
    assert (status, "pip install 'cchc-excel[letters]'" in err) == (2, True)


@pytest.mark.parametrize("text", ["20/03/2023", "2023-03-20", " 20/3/2023 "])
def test_a_day_is_understood_as_people_write_it(text: str) -> None:
    day = day_of(text)
    assert day is not None
    assert (day.day, day.month, day.year) == (20, 3, 2023)


@pytest.mark.parametrize("text", ["20/3", "31/02/2023", "thứ sáu"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadOption):
        day_of(text)
