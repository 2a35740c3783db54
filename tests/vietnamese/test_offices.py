"""Offices report as communes do: how they are found in a heading, and what tells units of one name apart."""

from __future__ import annotations

import pytest

from cchc_excel.vietnamese.offices import is_office
from cchc_excel.vietnamese.reporting_unit import one_of, unit_stated
from cchc_excel.vietnamese.unit_names import level_gap, name_keys


@pytest.mark.parametrize(
    "name",
    [
        "Sở Nội vụ tỉnh Thái Nguyên",
        "Sở Văn hóa, Thể thao và Du lịch",
        "Văn phòng UBND tỉnh",
        "Văn phòng HĐND và UBND xã Chợ Đồn",
        "Ban Quản lý các Khu công nghiệp",
        "Thanh tra tỉnh",
        "Phòng Kinh tế xã Chợ Đồn",
        "Trung tâm Phục vụ hành chính công phường Đức Xuân",
        "Công an phường Đức Xuân",
        "Chi cục Thuế khu vực Chợ Đồn",
        "Trường Tiểu học Bằng Lũng",
    ],
)
def test_an_office_is_found_wherever_a_heading_names_it(name: str) -> None:
    for texts in (
        [f"(Kèm theo Báo cáo số: 23/BC-UBND ngày 07/09/2025 của {name})"],
        [f"Đơn vị: {name}"],
        ["UBND TỈNH THÁI NGUYÊN", name, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ):
        assert unit_stated(texts).unit == name


@pytest.mark.parametrize(
    "line",
    [
        "Ban hành kèm theo Quyết định số 12/QĐ-UBND",
        "Kính gửi: Phòng Nội vụ huyện Chợ Đồn",
        "Căn cứ hướng dẫn của Sở Nội vụ",
        "Ban Chỉ đạo CCHC tỉnh",
        "Phòng chống dịch bệnh",
        "Văn phòng phẩm đã mua trong kỳ",
    ],
)
def test_an_office_that_issues_is_addressed_or_is_none_is_not_the_unit(line: str) -> None:
    assert unit_stated([line, "UBND xã An Bình"]).unit == "UBND xã An Bình"


def test_an_office_of_a_commune_is_told_from_the_same_office_of_another() -> None:
    stated = unit_stated(["UBND XÃ CHỢ ĐỒN", "PHÒNG KINH TẾ"])
    assert (stated.unit, stated.above) == ("PHÒNG KINH TẾ", "xã CHỢ ĐỒN")
    one, other, open_ = (
        name_keys(it)[0] for it in ("Phòng Kinh tế xã Chợ Đồn", "Phòng Kinh tế xã Ba Bể", "Phòng Kinh tế")
    )
    assert level_gap(one, other) is None
    assert level_gap(one, open_) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("xã Chợ Đồn (tỉnh Thái Nguyên)", "Xã Chợ Đồn, tỉnh Thái Nguyên", True),
        ("xã Tân Lập (Chợ Đồn)", "xã Tân Lập, huyện Chợ Đồn", True),
        ("xã Tân Lập (Chợ Đồn)", "xã Tân Lập, huyện Ba Bể", False),
        ("xã Tân Lập, huyện Chợ Đồn", "xã Tân Lập, huyện Ba Bể", False),
        ("P. 12, Q. Gò Vấp", "Phường 12, Quận Gò Vấp", True),
        ("P.12, Quận 5", "Phường 12, Quận Gò Vấp", False),
        ("TT. Bằng Lũng", "UBND thị trấn Bằng Lũng", True),
    ],
)
def test_what_follows_a_comma_or_stands_in_brackets_tells_units_apart(one: str, other: str, same: bool) -> None:
    first, second = name_keys(one)[0], name_keys(other)[0]
    assert first.core == second.core
    assert (level_gap(first, second) == 0) == same


def test_any_name_of_the_roster_is_a_unit_and_the_longer_one_of_two() -> None:
    texts = ["(Kèm theo Báo cáo số 5 ngày 7/9/2025 của Tổ công tác số 3 Đức Xuân)"]
    assert unit_stated(texts).unit is None
    assert (
        one_of(texts, ["Tổ công tác số 3", "Tổ công tác số 3 Đức Xuân", "Tổ công tác số 4"])
        == "Tổ công tác số 3 Đức Xuân"
    )
    assert one_of([*texts, "Tổ công tác số 4"], ["Tổ công tác số 3", "Tổ công tác số 4"]) is None


def test_a_commune_is_no_office() -> None:
    assert [name for name in ("UBND xã Sở Thượng", "xã Ban Công", "phường Công An") if is_office(name)] == []


def test_society_in_the_name_of_an_office_is_no_commune() -> None:
    (key,) = name_keys("Phòng Văn hóa - Xã hội xã Chợ Đồn")
    assert (key.core, key.above) == ("phòng văn hoá xã hội", "xã chợ đồn")
    (key,) = name_keys("Trạm Y tế xã Hội An")
    assert (key.core, key.above) == ("trạm y tế", "xã hội an")
    assert unit_stated(["PHÒNG LAO ĐỘNG VÀ XÃ HỘI HUYỆN CHỢ ĐỒN", "UBND XÃ BẰNG LĂNG"]).unit == "UBND xã BẰNG LĂNG"
