"""Who reports, and for when: what headings as offices write them state, and what they leave open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from drawing import drawn, grid_of

from cchc_excel.excel.opening import open_grid
from cchc_excel.form import Form, load_form, names
from cchc_excel.grid import Cell, Grid, column_number
from cchc_excel.reading import NOTHING_GIVEN, Given, Reading, read_grid
from cchc_excel.submission import Period, Submission
from cchc_excel.vietnamese.periods import period_stated
from cchc_excel.vietnamese.reporting_unit import UnitStated, unit_stated
from cchc_excel.wording.cases import Example, filled_sheet
from cchc_excel.workbook_form.filled import filled

TEMPLATE = load_form("cchc_xa_quy")


@pytest.mark.parametrize(
    "line",
    ["XÃ HỘI", "CẤP XÃ", "CÁC XÃ, PHƯỜNG", "XÃ, THỊ TRẤN", "XÃ NÔNG THÔN MỚI", "PHƯỜNG/XÃ", "THÔN, XÃ", "XÃ PHƯỜNG",
     "UBND XÃ PHƯỜNG THỊ TRẤN", "UBND XÃ HỘI", "UBND CÁC XÃ, PHƯỜNG", "UBND XÃ/PHƯỜNG", "XÃ PHƯỜNG ĐẶC KHU",
     "SỐ LIỆU CCHC XÃ PHƯỜNG ĐẶC KHU", "SỐ LIỆU CCHC XÃ NÔNG THÔN MỚI", "SỐ LIỆU CCHC XÃ, THỊ TRẤN", "XÃ MỚI", "XÃ BẢN",
     "SỐ LIỆU XÃ TỰ ĐÁNH GIÁ", "SỐ LIỆU CCHC XÃ SAU SÁP NHẬP", "SỐ LIỆU CCHC XÃ ĐẶC BIỆT KHÓ KHĂN", "XÃ CHUYỂN ĐỔI SỐ",
     "SỐ LIỆU CCHC XÃ KHU VỰC III", "KẾT QUẢ CCHC CỦA UBND XÃ THEO QUYẾT ĐỊNH 876", "CÁC UBND XÃ TRÊN ĐỊA BÀN HUYỆN",
     "UBND XÃ CÓ LIÊN QUAN", "UBND XÃ LOẠI I", "UBND XÃ VÀ CÁC ĐƠN VỊ", "CÔNG CHỨC XÃ PHỤ TRÁCH",
     "UBND XÃ NÔNG THÔN MỚI", "Xã hội hóa giáo dục", "Xã viên hợp tác xã", "UBND XA NONG THON MOI",
     "TÌNH HÌNH KINH TẾ - XÃ HỘI TRÊN ĐỊA BÀN", "SỐ LIỆU CCHC XÃ ĐẠT CHUẨN NÔNG THÔN MỚI", "XÃ VÙNG CAO", "XÃ VÙNG III",
     "SỐ LIỆU XÃ ĐIỂM NÔNG THÔN MỚI", "XÃ MỚI THÀNH LẬP", "SỐ LIỆU CCHC XÃ SAU KHI SẮP XẾP", "XÃ ĐẠT"],
)  # fmt: skip
def test_what_stands_behind_a_level_and_is_no_name_is_no_unit(line: str) -> None:
    assert unit_stated([line]) == UnitStated()
    assert unit_stated(["UBND xã Bằng Lăng", line]).unit == "UBND xã Bằng Lăng"
    assert unit_stated(["UBND HUYỆN CHỢ ĐỒN", line]).unit in {"UBND huyện CHỢ ĐỒN", None}


@pytest.mark.parametrize("name", ["PHƯỜNG ĐẠT HIẾU", "XÃ ĐẠT LÝ", "XÃ MỚI PHÚ", "XÃ VÙNG LIÊM", "XÃ ĐIỂM HY"])
def test_a_commune_whose_name_begins_like_other_words_does_not_become_its_district(name: str) -> None:
    level, own_name = name.split(" ", 1)
    unit = f"{level.lower()} {own_name}"
    assert unit_stated(["UBND THỊ XÃ BUÔN HỒ", f"UBND {name}"]).unit == f"UBND {unit}"
    assert unit_stated(["UBND THỊ XÃ BUÔN HỒ", name]).unit == unit
    assert unit_stated([f"Đơn vị báo cáo: UBND {name}"]).unit == f"UBND {unit}"


@pytest.mark.parametrize("line", ["UBND XÃ BẢN", "UBND XÃ ĐẠT", "UBND XÃ CÓ LÝ", "Đơn vị: UBND xã Thuộc Hạ"])
def test_a_line_of_a_committee_never_makes_the_district_report_whatever_stands_where_the_name_should(line: str) -> None:
    assert unit_stated(["UBND HUYỆN CHỢ ĐỒN", line]) == UnitStated()


def test_a_commune_in_small_letters_is_named_behind_a_label_and_contradicts_a_letterhead_from_above() -> None:
    line = "Xã bằng lăng"
    assert unit_stated([f"Đơn vị: {line}"]).unit == "xã bằng lăng"
    assert unit_stated(["UBND huyện Chợ Đồn", f"Đơn vị báo cáo: {line}"]).unit == "xã bằng lăng"
    assert unit_stated(["UBND huyện Chợ Đồn", line]) == UnitStated(rivals=("UBND huyện Chợ Đồn", "xã bằng lăng"))
    assert unit_stated([f"HUYỆN CHỢ ĐỒN – {line}", "UBND huyện Chợ Đồn"]).unit is None
    assert unit_stated(["UBND xã Bằng Lãng", line]).unit == "UBND xã Bằng Lãng"
    for words in ("Xã viên hợp tác xã", "Xã nào chưa có thì ghi 0"):
        assert unit_stated(["UBND huyện Chợ Đồn", words]).unit == "UBND huyện Chợ Đồn"


@pytest.mark.parametrize("line", ["Nơi gửi: UBND xã Bằng Lăng", "Nơi gửi báo cáo: xã Bằng Lăng"])
def test_from_where_it_is_sent_or_where_to_is_not_certain(line: str) -> None:
    assert unit_stated([line]) == UnitStated()
    assert unit_stated(["UBND HUYỆN CHỢ ĐỒN", line]).rivals == ("UBND huyện CHỢ ĐỒN", "xã Bằng Lăng")
    assert unit_stated(["UBND XÃ BẰNG LĂNG", line]).unit == "UBND xã BẰNG LĂNG"
    assert unit_stated(["UBND XÃ BẰNG LĂNG", "Nơi gửi:\n- UBND xã Khác"]).unit == "UBND xã BẰNG LĂNG"


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["UBND xã Bằng Lăng"], "UBND xã Bằng Lăng"),
        (["UBND HUYỆN CHỢ ĐỒN", "UBND XÃ CẨM GIANG"], "UBND xã CẨM GIANG"),
        (["UBND TỈNH BẮC KẠN\nUBND HUYỆN CHỢ ĐỒN\nUBND XÃ NGHĨA TÁ"], "UBND xã NGHĨA TÁ"),
        (["THÀNH PHỐ HÀ NỘI", "UBND PHƯỜNG TÂY HỒ"], "UBND phường TÂY HỒ"),
        (["UBND TỈNH QUẢNG NINH", "UBND ĐẶC KHU VÂN ĐỒN"], "UBND đặc khu VÂN ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN"], "UBND huyện CHỢ ĐỒN"),
        (["UBND TỈNH NINH BÌNH", "UBND XÃ GIAO MINH"], "UBND xã GIAO MINH"),
        (["UBND TỈNH CAO BẰNG", "XÃ ĐỘC LẬP"], "xã ĐỘC LẬP"),
        (["UBND TINH LAM DONG", "UBND XA NAM DA"], "UBND xã NAM DA"),
        (["UBND HUYỆN CHỢ ĐỒN", "Đơn vị báo cáo: Chợ Đồn"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "KẾT QUẢ CCHC XÃ PHƯỜNG THỊ TRẤN"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "BÁO CÁO CCHC XÃ KỲ I NĂM 2023"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "Đánh giá CCHC xã 22/22 đơn vị"], "UBND huyện CHỢ ĐỒN"),
        (["UBND XA PHUONG DO"], "UBND xã PHUONG DO"),
        (["SỐ LIỆU CCHC XÃ TRỰC ĐẠO"], "xã TRỰC ĐẠO"),
        (["SỐ LIỆU CCHC XÃ NÔNG HẠ"], "xã NÔNG HẠ"),
        (["UBND XÃ HỘI AN"], "UBND xã HỘI AN"),
        (["UBND XÃ BÃI NGANG"], "UBND xã BÃI NGANG"),
        (["UBND THỊ TRẤN LIÊN QUAN"], "UBND thị trấn LIÊN QUAN"),
        (["SỐ LIỆU CCHC XÃ TỰ LẬP"], "xã TỰ LẬP"),
        (["BÁO CÁO KINH TẾ - XÃ HỘI XÃ BẰNG LĂNG"], "xã BẰNG LĂNG"),
        (["ỦY BAN NHÂN DÂN\nXÃ BẰNG LĂNG\n————"], "UBND xã BẰNG LĂNG"),
        (["ỦY BAN NHÂN DÂN", "XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["Uỷ ban nhân dân phường Đức Xuân"], "UBND phường Đức Xuân"),
        (["UBND xa Bang Lang"], "UBND xã Bang Lang"),
        (["UBND P. 12, Quận 3"], "UBND phường 12, quận 3"),
        (["UBND TT. Bằng Lũng"], "UBND thị trấn Bằng Lũng"),
        (["HĐND VÀ UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        # what issues, attaches or addresses names somebody else
        (["UBND XÃ A LƯỚI", "(Ban hành kèm theo Quyết định số 45/QĐ-UBND của UBND tỉnh Bắc Kạn)"], "UBND xã A LƯỚI"),
        (["Kính gửi: UBND huyện Chợ Đồn", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["Kính gửi:\n- UBND xã Khác", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["Căn cứ Công văn số 12 của UBND xã Khác", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["Nhiệm vụ UBND tỉnh Bắc Kạn giao", "UBND huyện Chợ Đồn"], "UBND huyện Chợ Đồn"),
        # a name ends at a line break, at two spaces, at the motto, at the period
        (["UBND XÃ BẰNG LĂNG      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], "UBND xã BẰNG LĂNG"),
        (["UBND XÃ BẰNG LĂNG\nBỘ PHẬN MỘT CỬA"], "UBND xã BẰNG LĂNG"),
        (["UBND XÃ BẰNG LĂNG CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"], "UBND xã BẰNG LĂNG"),
        (["UBND xã Bằng Lăng quý I năm 2023"], "UBND xã Bằng Lăng"),
        (["UBND thị trấn Năm Căn, huyện Phú Quý năm 2023"], "UBND thị trấn Năm Căn, huyện Phú Quý"),
        (["UBND xã Bằng Lăng 06 tháng đầu năm 2023"], "UBND xã Bằng Lăng"),
        (["UBND xã Phú Quý 6 tháng đầu năm 2023"], "UBND xã Phú Quý"),
        (["UBND xã Bằng Lăng từ ngày 15/12/2022 đến ngày 14/3/2023"], "UBND xã Bằng Lăng"),
        (["UBND xã Bằng Lăng Q1/2023"], "UBND xã Bằng Lăng"),
        (["UBND xa Bang Lang trong quy I nam 2023"], "UBND xã Bang Lang"),
        (["UBND XÃ BẰNG LĂNG SỐ: 12/BC-UBND"], "UBND xã BẰNG LĂNG"),
        (["UBND xã Số 61"], "UBND xã Số 61"),
        (["UBND XÃ BẰNG LĂNG PHỤ LỤC I"], "UBND xã BẰNG LĂNG"),
        (["Báo cáo của UBND xã Bằng Lăng gửi UBND huyện Chợ Đồn"], "UBND xã Bằng Lăng"),
        # the period is no name, not even where the name was left out
        (["SỐ LIỆU CÔNG TÁC CCHC UBND XÃ QUÝ I NĂM 2023"], None),
        (["UBND xã Bằng Lăng", "SỐ LIỆU CÔNG TÁC CCHC UBND XÃ QUÝ I NĂM 2023"], "UBND xã Bằng Lăng"),
        # several authorities on one line
        (["UBND HUYỆN CHỢ ĐỒN - UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["UBND HUYỆN CHỢ ĐỒN, XÃ BẰNG LĂNG"], "xã BẰNG LĂNG"),
        (["TỈNH BẮC KẠN – HUYỆN CHỢ ĐỒN – XÃ BẰNG LĂNG"], "xã BẰNG LĂNG"),
        # a line that goes on in the next one
        (["Kèm theo Công văn số 12/UBND ngày 5/1/2023 của", "UBND huyện Chợ Đồn"], None),
        (["(Ban hành theo QĐ số 12\nngày 05/01/2023 của\nUBND xã Khác)", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["ỦY\nBAN NHÂN DÂN\nXÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        # a colon behind the kind of unit
        (["UBND xã: Bằng Lăng"], "UBND xã Bằng Lăng"),
        (["Tên xã: Bằng Lăng; huyện: Chợ Đồn"], "xã Bằng Lăng, huyện Chợ Đồn"),
        # an office stands over a commune, or in it
        (["SỞ NỘI VỤ", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["SỞ NỘI VỤ", "XÃ BẰNG LĂNG"], "xã BẰNG LĂNG"),
        (["SỞ NỘI VỤ", "SỐ LIỆU CCHC XÃ BẰNG LĂNG QUÝ I NĂM 2023"], "xã BẰNG LĂNG"),
        (["PHÒNG NỘI VỤ HUYỆN CHỢ ĐỒN", "Đơn vị báo cáo: ………"], None),
        (["PHÒNG NỘI VỤ HUYỆN CHỢ ĐỒN", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        # an office above communes fills in a form whose printed title speaks of communes
        (["SỞ NỘI VỤ", "BIỂU SỐ LIỆU CCHC UBND XÃ"], "SỞ NỘI VỤ"),
        (["UBND TỈNH BẮC KẠN", "THANH TRA TỈNH", "SỐ LIỆU CCHC UBND XÃ QUÝ I NĂM 2023"], "THANH TRA TỈNH"),
        (["VĂN PHÒNG UBND TỈNH", "SỐ LIỆU CCHC UBND XÃ, PHƯỜNG"], "VĂN PHÒNG UBND TỈNH"),
        (["PHÒNG NỘI VỤ HUYỆN CHỢ ĐỒN", "BIỂU SỐ LIỆU CCHC UBND XÃ"], "PHÒNG NỘI VỤ HUYỆN CHỢ ĐỒN"),
        (["SỞ NỘI VỤ", "XÃ BẰNG LĂNG", "BIỂU SỐ LIỆU CCHC UBND XÃ"], "xã BẰNG LĂNG"),
        (["SỞ NỘI VỤ", "BIỂU SỐ LIỆU CCHC UBND XÃ ………"], None),
        (["SỞ NỘI VỤ", "UBND XÃ"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "BIỂU SỐ LIỆU CCHC UBND XÃ"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "PHÒNG NỘI VỤ", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["UBND XÃ CHỢ ĐỒN", "PHÒNG KINH TẾ"], "PHÒNG KINH TẾ"),
        (["CÔNG AN TỈNH THÁI NGUYÊN", "CÔNG AN XÃ CHỢ ĐỒN"], "CÔNG AN XÃ CHỢ ĐỒN"),
        # what follows a comma, a dash or stands in brackets tells units apart
        (["UBND XÃ BẰNG LĂNG HUYỆN CHỢ ĐỒN TỈNH BẮC KẠN"], "UBND xã BẰNG LĂNG, huyện CHỢ ĐỒN, tỉnh BẮC KẠN"),
        (["(Kèm theo Báo cáo số 12/BC-UBND của UBND xã Tân Lập, huyện Ba Bể)"], "UBND xã Tân Lập, huyện Ba Bể"),
        (["UBND XÃ BẰNG LĂNG - HUYỆN CHỢ ĐỒN"], "UBND xã BẰNG LĂNG, huyện CHỢ ĐỒN"),
        (["Đơn vị: xã Chợ Đồn (tỉnh Thái Nguyên)"], "xã Chợ Đồn, tỉnh Thái Nguyên"),
        # the unit behind a label is certain, unless another one of its level is named beside it
        (["UBND HUYỆN CHỢ ĐỒN", "Đơn vị báo cáo: UBND xã Bằng Lăng"], "UBND xã Bằng Lăng"),
        (["UBND XA BANG LANG", "Đơn vị báo cáo: UBND xã Bằng Lăng"], "UBND xã Bằng Lăng"),
        (["VĂN PHÒNG HĐND VÀ UBND", "Đơn vị báo cáo: UBND xã Bằng Lăng"], "UBND xã Bằng Lăng"),
        (["UBND xã Khác", "Đơn vị báo cáo: UBND xã Bằng Lăng"], None),
        (["Đơn vị tính: triệu đồng", "UBND xã A Lưới"], "UBND xã A Lưới"),
        # one unit written twice is one, in ordinary letters
        (["UBND XÃ BẰNG LĂNG", "Số liệu của UBND xã Bằng Lăng"], "UBND xã Bằng Lăng"),
        (["SỐ LIỆU VỀ KẾT QUẢ CÔNG TÁC CCHC UBND XÃ"], None),
        # the district's letterhead stands over a form that a title or a label gives to a commune
        (["UBND HUYỆN CHỢ ĐỒN", "SỐ LIỆU CCHC XÃ BẰNG LĂNG QUÝ I NĂM 2023"], "xã BẰNG LĂNG"),
        (["UBND HUYỆN CHỢ ĐỒN", "Kết quả CCHC của xã Bằng Lăng quý I/2023"], "xã Bằng Lăng"),
        (["UBND HUYỆN CHỢ ĐỒN", "BIỂU SỐ LIỆU QUÝ I NĂM 2023 (XÃ BẰNG LĂNG)"], "xã BẰNG LĂNG"),
        (["UBND HUYEN CHO DON", "SO LIEU CCHC XA BANG LANG"], "xã BANG LANG"),
        (["UBND HUYỆN CHỢ ĐỒN", "Đơn vị báo cáo: Bằng Lăng"], "Bằng Lăng"),
        # or over one that leaves the name out
        (["UBND HUYỆN CHỢ ĐỒN", "UBND XÃ ………"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "UBND xã (ghi tên xã)"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "Xã: ...................."], None),
        (["UBND HUYỆN CHỢ ĐỒN", "UBND xã/phường/thị trấn: Bằng Lăng"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "Đơn vị báo cáo: ……………"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "Tên đơn vị:"], None),
        (["UBND HUYỆN CHỢ ĐỒN", "Đơn vị: Bằng Lăng"], None),
        (["UBND TỈNH", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["5. Xã Bằng Lăng"], "xã Bằng Lăng"),
        # who receives reports, and who stands above, does not report
        (["Đơn vị nhận báo cáo: UBND huyện Chợ Đồn"], None),
        (["Cơ quan chủ quản: UBND huyện Chợ Đồn", "Biểu số 01"], None),
        (["UBND XÃ BẰNG LĂNG", "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ"], "UBND xã BẰNG LĂNG"),
        # a district reports all the same where no line speaks of one commune
        (["UBND HUYỆN CHỢ ĐỒN", "TỔNG HỢP SỐ LIỆU CCHC CÁC XÃ"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "SỐ LIỆU CCHC CẤP XÃ QUÝ I NĂM 2023"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "KẾT QUẢ KINH TẾ - XÃ HỘI"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "Đơn vị: Triệu đồng"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "Thị trấn Bằng Lũng, ngày 10 tháng 3 năm 2023"], "UBND huyện CHỢ ĐỒN"),
        (["UBND HUYỆN CHỢ ĐỒN", "Địa chỉ: thị trấn Bằng Lũng"], "UBND huyện CHỢ ĐỒN"),
        # two spaces by a slip of the hand, signs behind a name, a dash without spaces
        (["UBND  XÃ  BẰNG  LĂNG"], "UBND xã BẰNG LĂNG"),
        (["UBND XÃ BẰNG  LĂNG"], "UBND xã BẰNG LĂNG"),
        (["UBND XÃ BẰNG LĂNG-------"], "UBND xã BẰNG LĂNG"),
        (["UBND TP. BẮC KẠN-P. SÔNG CẦU"], "phường SÔNG CẦU"),
        # a dash within the name of an office
        (["UBND XÃ CHỢ ĐỒN", "PHÒNG VĂN HÓA - XÃ HỘI"], "PHÒNG VĂN HÓA - XÃ HỘI"),
        (["UBND HUYỆN CHỢ ĐỒN", "PHÒNG TÀI CHÍNH - KẾ HOẠCH"], "PHÒNG TÀI CHÍNH - KẾ HOẠCH"),
        (["PHÒNG NỘI VỤ - UBND HUYỆN CHỢ ĐỒN", "UBND XÃ BẰNG LĂNG"], "UBND xã BẰNG LĂNG"),
        (["UBND HUYỆN CHỢ ĐỒN", "TRƯỜNG TH&THCS BẰNG LĂNG"], "TRƯỜNG TH&THCS BẰNG LĂNG"),
    ],
)
def test_the_unit_is_the_lowest_level_that_reports_by_the_heading_s_own_words(
    texts: list[str], unit: str | None
) -> None:
    assert unit_stated(texts).unit == unit


@pytest.mark.parametrize(
    ("texts", "rivals"),
    [
        (["UBND xã An Bình", "UBND xã Bình An"], ("UBND xã An Bình", "UBND xã Bình An")),
        (["UBND xã An Bình và UBND xã Bình An"], ("UBND xã An Bình", "UBND xã Bình An")),
        (["UBND HUYỆN ĐÔNG SƠN", "Kết quả của xã An Bình và xã Bình An"], ("xã An Bình", "xã Bình An")),
        (["UBND XÃ BẰNG LĂNG", "UBND xã Bằng Lãng"], ("UBND xã BẰNG LĂNG", "UBND xã Bằng Lãng")),
        (
            ["UBND xã Tân Lập, huyện Chợ Đồn", "UBND xã Tân Lập, huyện Ba Bể"],
            ("UBND xã Tân Lập, huyện Chợ Đồn", "UBND xã Tân Lập, huyện Ba Bể"),
        ),
        (["PHÒNG KINH TẾ", "UBND XÃ CHỢ ĐỒN"], ("PHÒNG KINH TẾ", "UBND xã CHỢ ĐỒN")),
        (
            ["UBND XÃ BẰNG LĂNG", "Phòng Nội vụ huyện Chợ Đồn"],
            ("UBND xã BẰNG LĂNG", "Phòng Nội vụ huyện Chợ Đồn"),
        ),
        (["UBND XÃ BẰNG LĂNG, XÃ YÊN THỊNH"], ("UBND xã BẰNG LĂNG", "xã YÊN THỊNH")),
        (["UBND XÃ BẰNG LÃNG NAY LÀ UBND XÃ CHỢ ĐỒN"], ("UBND xã BẰNG LÃNG", "UBND xã CHỢ ĐỒN")),
        (["UBND HUYỆN CHỢ ĐỒN", "ĐẢNG ỦY XÃ BẰNG LĂNG"], ("UBND huyện CHỢ ĐỒN", "xã BẰNG LĂNG")),
    ],
)
def test_where_nothing_decides_between_two_units_they_are_rivals_and_none_is_taken(
    texts: list[str], rivals: tuple[str, str]
) -> None:
    stated = unit_stated(texts)
    assert (stated.unit, stated.rivals) == (None, rivals)


@pytest.mark.parametrize("other", ["UBND xã Bằng Lăng", "UBND XA BANG LANG", "UBND xã Bằng Lang"])
def test_a_name_that_lost_accents_is_no_second_unit(other: str) -> None:
    assert unit_stated(["UBND XÃ BẰNG LĂNG", other]).rivals == ()


def test_a_report_pasted_into_a_cell_names_nobody_and_no_period() -> None:
    report = "UBND xã Bằng Lăng, quý I năm 2023. " * 100
    assert unit_stated([report]).unit is None
    assert period_stated([report]).period is None


def test_many_outlooks_in_one_line_are_one() -> None:
    assert period_stated(["phương hướng 1 " * 100]).period is None


def test_the_place_over_the_unit_in_the_letterhead_is_kept() -> None:
    assert unit_stated(["UBND HUYỆN CHỢ ĐỒN", "UBND XÃ TÂN LẬP"]).above == "huyện CHỢ ĐỒN"


def test_a_committee_of_the_party_is_no_place_over_the_unit() -> None:
    assert unit_stated(["TỈNH ỦY BẮC KẠN", "UBND XÃ TÂN LẬP"]).above is None


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (["Quý I năm 2023"], "2023-Q1"),
        (["SỐ LIỆU CCHC QUÝ I, NĂM 2023"], "2023-Q1"),
        (["SỐ LIỆU CCHC QUÝ I", "NĂM 2023"], "2023-Q1"),
        (["QUÝ II", "2023"], "2023-Q2"),
        (["Quý I - 2023"], "2023-Q1"),
        (["Quý IV/2022"], "2022-Q4"),
        (["Q1/2023"], "2023-Q1"),
        (["Q.III năm 2023"], "2023-Q3"),
        (["quý 01 năm 2023"], "2023-Q1"),
        (["Quý một năm 2023"], "2023-Q1"),
        (["quy I nam 2023"], "2023-Q1"),
        (["03 tháng đầu năm 2023"], "2023-Q1"),
        (["6 tháng đầu năm 2023"], "2023-H1"),
        (["CHÍN THÁNG ĐẦU NĂM", "NĂM 2023"], "2023-9M"),
        (["12 tháng năm 2023"], "2023"),
        (["Cả năm 2023"], "2023"),
        (["từ ngày 15/12/2022 đến ngày 14/3/2023"], "2023-Q1"),
        (["(Từ 15/12/2022 - 14/06/2023)"], "2023-H1"),
        (["từ ngày 01 tháng 4 năm 2023 đến ngày 30 tháng 6 năm 2023"], "2023-Q2"),
        (["Từ 15/12 đến 14/12/2023"], "2023"),
        (["6 tháng cuối năm 2023"], "2023-H2"),
        (["Nửa cuối năm 2023"], "2023-H2"),
        (["tháng 8 năm 2025"], "2025-08"),
        (["BÁO CÁO THÁNG 08/2025"], "2025-08"),
        (["THÁNG 8", "NĂM 2025"], "2025-08"),
        (["T8/2025"], "2025-08"),
        (["thang 8 nam 2025"], "2025-08"),
        (["từ ngày 15/7/2025 đến ngày 14/8/2025"], "2025-08"),
        (["(Sử dụng trong kỳ báo cáo tháng 7 năm 2025)", "ngày 23/07/2025"], "2025-07"),
        (["từ ngày 16/12/2022 đến ngày 14/3/2023"], "2022-12-16..2023-03-14"),
        (["Từ ngày 01/7/2025 đến ngày 15/8/2025", "Năm 2025"], "2025-07-01..2025-08-15"),
        (["Quý I năm 2023", "(từ ngày 16/12/2022 đến ngày 13/3/2023)"], "2023-Q1"),
        (["6T/2024"], "2024-H1"),
        (["6T đầu năm 2024"], "2024-H1"),
        (["Nửa đầu năm 2023"], "2023-H1"),
        (["Quý thứ nhất năm 2023"], "2023-Q1"),
        (["2023 - Quý I"], "2023-Q1"),
        (["Năm báo cáo: 2023; quý: I"], "2023-Q1"),
        (["6 thang dau nam 2023"], "2023-H1"),
        # months that are a quarter or a half together
        (["Từ tháng 1 đến tháng 3 năm 2023"], "2023-Q1"),
        (["T1-T6/2023"], "2023-H1"),
        (["từ tháng 1 đến hết tháng 9", "NĂM 2023"], "2023-9M"),
        # the next period is no second one, and may tell the year of this one
        (["Quý I năm 2023 và phương hướng quý II năm 2023"], "2023-Q1"),
        (["Quý I, nhiệm vụ trọng tâm quý II năm 2023"], "2023-Q1"),
        (["Quý IV và phương hướng quý I năm 2024"], "2023-Q4"),
        (["9 tháng đầu năm, phương hướng 3 tháng cuối năm 2023"], "2023-9M"),
        (["Năm 2023, phương hướng năm 2024"], "2023"),
        # what is no period of a report
        (["tháng 1 đến tháng 2 năm 2023"], None),
        (["tháng 12/2022 - tháng 3/2023"], None),
        (["Ke hoach CCHC nam 2023"], None),
        (["năm học 2022-2023"], None),
        # a year is not the whole year where a quarter is left open, unclear, or one of several to choose from
        (["QUÝ …… NĂM 2023"], None),
        (["Quý", "Năm 2023"], None),
        (["QUÝ l NĂM 2023"], None),
        (["Quý 5 năm 2023"], None),
        (["Báo cáo hằng quý năm 2023"], None),
        (["Học kỳ I năm 2023"], None),
        (["BÁO CÁO QUÝ/6 THÁNG/NĂM 2023"], None),
        (["Báo cáo (quý, 6 tháng, 9 tháng, năm): quý I năm 2023"], "2023-Q1"),
        (["UBND xã Phú Quý năm 2023"], "2023"),
        (["Kế hoạch CCHC năm 2023"], None),
        (["Bằng Lăng, ngày 07 tháng 03 năm 2023"], None),
        (["Bằng Lăng, 09 tháng 3 năm 2023"], None),
        (["giai đoạn 2021-2030"], None),
        (["Bằng Lăng, ngày … tháng 8 năm 2025"], None),
        (["tính đến tháng 8 năm 2025"], None),
        (["từ ngày 14/3/2023 đến ngày 16/12/2022"], None),
        (["từ ngày 02/1/0001 đến ngày 14/3/0001"], None),
        (["từ ngày 1/10/9999 đến ngày 31/12/9999"], None),
        (["3 tháng cuối năm 2023"], None),
        (["Quý I năm 2023 so với quý IV năm 2022"], "2023-Q1"),
        (["UBND Q.1", "Năm 2023"], "2023"),
        # the year of a decision, a law or a form is no year of a report
        (["(Theo Quyết định số 876/QĐ-BNV năm 2022)"], None),
        (["QUÝ I", "(Theo QĐ 876/QĐ-BNV năm 2022)"], None),
        (["QUÝ I", "Luật Tổ chức chính quyền địa phương năm 2015"], None),
        (["QUÝ I", "Biểu mẫu ban hành năm 2022"], None),
        (["Xử lý kỷ luật cán bộ năm 2023"], "2023"),
        (["BIỂU MẪU SỐ LIỆU CCHC NĂM 2023"], "2023"),
        # figures up to a day in the midst of the year are not those of the year
        (["Số liệu CCHC năm 2023 (tính đến ngày 14/3/2023)"], None),
        (["NĂM 2023", "Số liệu tính đến hết ngày 14 tháng 6 năm 2023"], None),
        (["Số liệu CCHC năm 2023 (tính đến ngày 14/12/2023)"], "2023"),
        (["Quý I năm 2023 (tính đến 14/3/2023)"], "2023-Q1"),
        # a period that is left blank, or that is none of the form's
        (["NĂM 2023", "Kỳ báo cáo: ………"], None),
        (["Kỳ I năm 2023"], None),
        (["Báo cáo đợt 2 năm 2023"], None),
        # where and when a letter was written
        (["QUÝ I NĂM 2023", "Chợ Đồn, tháng 3 năm 2023"], "2023-Q1"),
        (["BÁO CÁO CCHC", "Chợ Đồn, tháng 3 năm 2023"], None),
        (["Báo cáo CCHC, tháng 3 năm 2023"], "2023-03"),
        (["Quý I/2023", "Kỳ trước: Quý IV/2022"], "2023-Q1"),
        (["Quý báo cáo: I", "Năm báo cáo: 2023"], "2023-Q1"),
        (["Quý I/23"], "2023-Q1"),
        (["UBND đặc khu Phú Quý 3 tháng đầu năm 2026"], "2026-Q1"),
        (["BC Q1-23"], "2023-Q1"),
        (["UBND xã", "QUÝ I"], None),
    ],
)
def test_the_period_is_what_all_lines_state_together(texts: list[str], period: str | None) -> None:
    assert str(period_stated(texts).period) == str(period)


def test_two_periods_are_rivals_and_none_is_taken() -> None:
    stated = period_stated(["BÁO CÁO QUÝ II", "(Số liệu quý I năm 2023)"])
    assert (stated.period, list(map(str, stated.rivals))) == (None, ["2023-Q1", "2023-Q2"])


@pytest.mark.parametrize(
    ("text", "rivals"),
    [
        ("Quý I + II năm 2023", ["2023-Q1", "2023-Q2"]),
        ("Quý I và quý II năm 2023", ["2023-Q1", "2023-Q2"]),
        ("Quý 1, 2/2023", ["2023-Q1", "2023-Q2"]),
        ("Quý II và 6 tháng đầu năm 2023", ["2023-H1", "2023-Q2"]),
        ("QUÝ IV VÀ CẢ NĂM 2023", ["2023-Q4", "2023"]),
        ("Quý IV và năm 2023", ["2023-Q4", "2023"]),
        ("Quý IV năm 2023 và cả năm", ["2023-Q4", "2023"]),
        ("Quý I năm 2022-2023", ["2022-Q1", "2023-Q1"]),
    ],
)
def test_two_periods_of_one_line_are_rivals_too(text: str, rivals: list[str]) -> None:
    assert list(map(str, period_stated([text]).rivals)) == rivals


# --- through the whole reading


@pytest.fixture(scope="module")
def demonstration() -> Form:
    return load_form(filled_sheet().form)


def reading(
    form: Form, *above: str, name: str = "a.xlsx", given: Given = NOTHING_GIVEN, cover: tuple[str, ...] = ()
) -> Reading:
    return read_grid(grid_of(Example("", above=above, cover=cover)), form, name, given)


def submission_in(reading: Reading) -> Submission:
    assert reading.submission is not None
    return reading.submission


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


@pytest.mark.parametrize(
    "name",
    [
        "xa A Q1 2023.xlsx",
        "Q1.2023.xlsx",
        "quý I năm 2023.xlsx",
        "quy 1-2023.xlsx",
        "bieu_2023-Q1.xlsx",
        "Quý I_2023.ods",
    ],
)
def test_the_period_in_a_file_s_name_is_understood_and_said(demonstration: Form, name: str) -> None:
    found = reading(demonstration, "UBND xã A", name=name)
    assert str(submission_in(found).period) == "2023-Q1"
    assert "S36" in codes(found)


@pytest.mark.parametrize("name", ["Quý I-2023/xa A.xlsx", "Năm 2023/Quý I/xa A.xlsx", "2023/Q1/xa A.xlsx"])
def test_folders_of_a_year_and_of_its_quarters_tell_the_period_of_what_is_in_them(
    demonstration: Form, name: str
) -> None:
    assert str(submission_in(reading(demonstration, "UBND xã A", name=name)).period) == "2023-Q1"


def test_a_name_and_a_folder_of_two_periods_tell_none(demonstration: Form) -> None:
    found = reading(demonstration, "UBND xã A", name="Năm 2023/Quý I/xa A quý I, II năm 2023.xlsx")
    assert submission_in(found).period is None


def test_quarter_and_year_may_stand_in_cells_of_their_own_beside_their_words() -> None:
    grid = drawn("""UBND xã A
| Quý | 1 | Năm | 2024 |
| TT | Nội dung | ĐVT | Kết quả |
| | Sách in | Cuốn | 5 |
| | Sách số | Cuốn | 6 |
| | Số sách bổ sung trong kỳ | Cuốn | 7 |
| | Tổng số lượt mượn đã đến hạn | Lượt | 8 |
| | Số lượt mượn đã trả đúng hạn | Lượt | 8 |
| | Số thẻ bạn đọc cấp từ đầu năm (lũy kế) | Thẻ | 9 |
| | Tổng số sách trong kho | Cuốn | 11 |""")
    assert str(submission_in(read_grid(grid, load_form("vi_du"), "a.xlsx")).period) == "2024-Q1"


def test_a_year_alone_in_a_file_s_name_is_no_period(demonstration: Form) -> None:
    found = reading(demonstration, "UBND xã A", name="CCHC năm 2023.xlsx")
    assert submission_in(found).period is None


def test_a_cover_sheet_tells_unit_and_period_and_that_is_said(demonstration: Form) -> None:
    found = reading(demonstration, "THƯ VIỆN", cover=("UBND XÃ BẰNG LĂNG", "QUÝ I NĂM 2023"))
    assert (submission_in(found).unit, str(submission_in(found).period)) == ("UBND xã BẰNG LĂNG", "2023-Q1")
    assert "S38" in codes(found)


def test_what_stands_above_the_table_counts_before_a_cover_sheet(demonstration: Form) -> None:
    found = reading(demonstration, "UBND xã A", "Quý II năm 2023", cover=("UBND XÃ B", "QUÝ I NĂM 2023"))
    assert (submission_in(found).unit, str(submission_in(found).period)) == ("UBND xã A", "2023-Q2")
    assert "S38" not in codes(found)


def test_what_a_person_says_fills_what_the_heading_does_not_say(demonstration: Form) -> None:
    found = reading(demonstration, "THƯ VIỆN", given=Given("UBND xã A", Period(2023, "Q1")))
    assert (submission_in(found).unit, str(submission_in(found).period)) == ("UBND xã A", "2023-Q1")
    assert not codes(found) & {"S30", "S31", "S39", "S40"}


def test_what_a_person_says_decides_between_rivals(demonstration: Form) -> None:
    heading = ("UBND xã A", "UBND xã B", "Quý I năm 2023", "Quý II năm 2023")
    assert {"S34", "S42"} <= codes(reading(demonstration, *heading))
    found = reading(demonstration, *heading, given=Given("UBND xã B", Period(2023, "Q2")))
    assert (submission_in(found).unit, str(submission_in(found).period)) == ("UBND xã B", "2023-Q2")
    assert not codes(found) & {"S34", "S42"}


def test_what_a_person_says_never_replaces_what_is_stated_but_is_told(demonstration: Form) -> None:
    given = Given("UBND xã B", Period(2023, "Q2"))
    found = reading(demonstration, "UBND xã A", "Quý I năm 2023", given=given)
    assert (submission_in(found).unit, str(submission_in(found).period)) == ("UBND xã A", "2023-Q1")
    assert {"S39", "S40"} <= codes(found)


def test_overriding_replaces_what_is_stated(demonstration: Form) -> None:
    given = Given("UBND xã B", Period(2023, "Q2"), override=True)
    found = reading(demonstration, "UBND xã A", "Quý I năm 2023", given=given)
    assert (submission_in(found).unit, str(submission_in(found).period)) == ("UBND xã B", "2023-Q2")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("(Kèm theo Báo cáo số 12/BC-UBND ngày 07/03/2023 của UBND xã A)", date(2023, 3, 7)),
        ("Ngày 07 tháng 3 năm 2023", date(2023, 3, 7)),
        ("(Kèm theo Công văn số 123/UBND-NC ngày 01/3/2023 của Phòng Nội vụ)", None),
        ("(Ban hành kèm theo Quyết định số 45/QĐ-UBND ngày 05/01/2022 của UBND tỉnh)", None),
        ("(Kèm theo Công văn số 8/UBND ngày 01/3/2023 của UBND xã A)", date(2023, 3, 1)),
    ],
)
def test_the_date_of_another_authority_s_letter_is_not_the_report_s(
    demonstration: Form, line: str, day: date | None
) -> None:
    assert submission_in(reading(demonstration, "UBND xã A", "Quý I năm 2023", line)).day == day


@pytest.mark.parametrize("place", ["$A$2", "$B$3", "$B$4"])
def test_a_name_left_where_it_was_when_rows_were_taken_out_is_not_believed(demonstration: Form, place: str) -> None:
    grid = grid_of(Example("", above=("UBND xã Bằng Lăng", "Đơn vị:", "Quý I năm 2023")))
    (sheet,) = grid.sheets
    first = next(number for number, cells in sheet.rows.items() if len(cells) > 3)
    place = place.replace("3", str(first)).replace("4", str(first + 2))
    stale = replace(grid, names={"don_vi": f"{sheet.name}!{place}"})
    assert submission_in(read_grid(stale, demonstration, "a.xlsx")).unit == "UBND xã Bằng Lăng"


# --- what was typed over the template's own lines


def template(**typed: str) -> Grid:
    """A filled template with these texts typed into cells above its table."""
    data = filled(TEMPLATE, {"1.1": 7}, unit="UBND xã Bằng Lăng", period="2023-Q1", number="12")
    grid = open_grid(data, leaving_out=names.CHECKS).grid
    sheet = grid.sheets[0]
    rows = {row: dict(cells) for row, cells in sheet.rows.items()}
    for place, text in typed.items():
        row, column = int(place[1:]), column_number(place[0])
        rows[row][column] = Cell(row, column, text)
    return replace(grid, sheets=(replace(sheet, rows=rows), *grid.sheets[1:]))


def stated_by(grid: Grid) -> tuple[str | None, str, set[str]]:
    reading = read_grid(grid, TEMPLATE, "bieu.xlsx")
    assert reading.submission is not None
    codes = {finding.code for finding in reading.findings}
    return reading.submission.unit, str(reading.submission.period), codes & {"S30", "S31", "S34", "S42"}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"A1": "UBND XÃ BẰNG LĂNG\n————"},
        {"A1": "UBND HUYỆN CHỢ ĐỒN\nUBND XÃ BANG LANG"},
        {"A1": "UBND TỈNH BẮC KẠN"},
        {"A3": "BIỂU THỐNG KÊ CCHC UBND XÃ QUÝ I NĂM 2023"},
        {"A3": "BIỂU THỐNG KÊ CCHC (THỰC HIỆN KẾ HOẠCH NĂM 2024)"},
        {"A4": "(Kèm theo Báo cáo số 12/BC-UBND ngày 15 tháng 3 năm 2023 của UBND xã Bằng Lăng)"},
        {"A4": "Kính gửi: UBND xã Nam Cường"},
        {"C2": "Nam Cường,"},
    ],
)
def test_what_says_the_same_as_the_template_s_own_cells_is_nothing_to_tell(typed: dict[str, str]) -> None:
    assert stated_by(template(**typed)) == ("UBND xã Bằng Lăng", "2023-Q1", set())


@pytest.mark.parametrize(
    "typed",
    [
        {"A1": "UBND XÃ NAM CƯỜNG\n————"},
        {"A1": "UBND HUYỆN CHỢ ĐỒN\nUBND XÃ NAM CƯỜNG"},
        {"A1": "UBND PHƯỜNG NAM CƯỜNG"},
        {"A3": "BIỂU THỐNG KÊ\nSỐ LIỆU CCHC XÃ NAM CƯỜNG"},
        {"A4": "(Kèm theo Báo cáo số 12/BC-UBND ngày 15 tháng 3 năm 2023 của UBND xã Nam Cường)"},
    ],
)
def test_another_unit_typed_over_the_template_s_lines_is_told_and_none_is_taken(typed: dict[str, str]) -> None:
    assert stated_by(template(**typed)) == (None, "2023-Q1", {"S42"})


@pytest.mark.parametrize(
    "typed",
    [
        {"A3": "BIỂU THỐNG KÊ CCHC UBND XÃ QUÝ II NĂM 2023"},
        {"A3": "BIỂU THỐNG KÊ CCHC UBND XÃ QUÝ II"},
        {"A3": "BIỂU THỐNG KÊ CCHC UBND XÃ 6 THÁNG ĐẦU NĂM 2023"},
        {"A4": "Số liệu từ ngày 15/3/2023 đến ngày 14/6/2023", "A3": "SỐ LIỆU QUÝ II/2023"},
    ],
)
def test_another_period_typed_over_them_is_told_and_none_is_taken(typed: dict[str, str]) -> None:
    assert stated_by(template(**typed)) == ("UBND xã Bằng Lăng", "None", {"S34"})


@pytest.mark.parametrize(
    ("own", "typed"),
    [
        ("6 tháng đầu năm 2023", {"A3": "SỐ LIỆU CCHC QUÝ II VÀ 6 THÁNG ĐẦU NĂM 2023"}),
        ("6 tháng đầu năm 2023", {"A3": "SỐ LIỆU CCHC QUÝ II VÀ 6 THÁNG ĐẦU NĂM"}),
        ("9 tháng đầu năm 2023", {"A3": "SỐ LIỆU CCHC QUÝ III VÀ 9 THÁNG ĐẦU NĂM 2023"}),
        ("Năm 2023", {"A3": "SỐ LIỆU CCHC quý IV và cả năm 2023"}),
        ("Năm 2023", {"A3": "SỐ LIỆU CCHC QUÝ IV VÀ CẢ NĂM"}),
        ("Quý I năm 2023", {"A3": "SỐ LIỆU CCHC THÁNG 3 VÀ QUÝ I NĂM 2023"}),
        ("Quý I năm 2023", {"A4": "(Kèm theo Báo cáo về CCHC quý I, nhiệm vụ quý II/2023)"}),
        ("Quý I năm 2023", {"A4": "Nhiệm vụ quý II/2023"}),
        ("Quý I năm 2023", {"A4": "Cập nhật tháng 4/2023"}),
        ("Quý I năm 2023", {"A4": "Mẫu ban hành quý II năm 2022"}),
        ("Quý I năm 2023", {"A4": "Ghi chú: lấy theo Quyết định 123/QĐ-UBND tháng 12 năm 2022"}),
    ],
)
def test_a_line_that_states_the_own_period_too_or_when_something_was_issued_contradicts_nothing(
    own: str, typed: dict[str, str]
) -> None:
    unit, period, codes = stated_by(template(D5=own, **typed))
    assert (unit, period, codes) == ("UBND xã Bằng Lăng", str(period_stated([own]).period), set())


@pytest.mark.parametrize(
    ("own", "typed"),
    [
        ("UBND xã Tân Lập", {"A3": "SỐ LIỆU CCHC XÃ TÂN LẬP (sáp nhập từ xã Bản Thi và xã Xuân Lạc)"}),
        ("UBND xã Tân Lập", {"A3": "SỐ LIỆU CCHC XÃ TÂN LẬP (gồm xã Bản Thi, xã Xuân Lạc cũ)"}),
        ("UBND xã Bằng Lăng", {"A4": "UBND xã ký, đóng dấu"}),
        ("UBND xã Bằng Lăng", {"A4": "XÃ BIÊN GIỚI"}),
        ("UBND xã Bằng Lăng", {"A4": "Xã An toàn khu"}),
        ("UBND xã Bằng Lăng", {"A4": "XÃ ANH HÙNG LLVTND"}),
        ("UBND xã Đắk Nông", {"A1": "UBND XÃ ĐĂK NÔNG"}),
        ("UBND xã Ea H'leo", {"A1": "UBND XÃ EAH'LEO"}),
        ("UBND phường 1", {"A1": "UBND PHƯỜNG I"}),
        ("Công chức Văn phòng - Thống kê xã Bằng Lăng", {"A1": "UBND XÃ BẰNG LĂNG"}),
    ],
)
def test_a_line_that_names_the_own_unit_too_or_no_other_for_certain_contradicts_nothing(
    own: str, typed: dict[str, str]
) -> None:
    assert stated_by(template(B5=own, **typed)) == (own, "2023-Q1", set())


@pytest.mark.parametrize(
    ("own", "letterhead"),
    [
        ("UBND phường 1", "UBND PHƯỜNG II"),
        ("UBND xã Bằng Lăng Thượng", "UBND XÃ BẰNG LĂNG"),
        ("Công chức Văn phòng - Thống kê xã Bằng Lăng", "UBND XÃ NAM CƯỜNG"),
    ],
)
def test_a_letterhead_of_another_unit_contradicts_however_alike_the_names_are(own: str, letterhead: str) -> None:
    assert stated_by(template(B5=own, A1=letterhead)) == (None, "2023-Q1", {"S42"})


def test_a_title_that_names_the_labelled_unit_among_others_contradicts_nothing() -> None:
    texts = ["UBND XÃ BẰNG LĂNG", "Đơn vị báo cáo: UBND xã Bằng Lăng", "SỐ LIỆU CHO XÃ BẰNG LĂNG VÀ XÃ BẢN THI"]
    assert unit_stated(texts) == UnitStated("UBND xã Bằng Lăng")
