"""A long name of a row is cut where it still tells the row from every other, and never inside a bracket."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_forms import small_form

from cchc_excel.form import load_form
from cchc_excel.form.row_names import names_of


def short_names(tmp_path: Path, *labels: str) -> list[str]:
    rows = [f'r{number}, label: "{label}"' for number, label in enumerate(labels)]
    return list(names_of(small_form(tmp_path, *rows).indicators).values())


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Số văn bản đã gửi (điện tử)", "Số văn bản đã gửi (điện tử)"),
        ("Số văn bản đã gửi (điện tử).", "Số văn bản đã gửi (điện tử)"),  # sentences go on behind it
        ("Họp báo, tờ rơi, v.v.", "Họp báo, tờ rơi, v.v."),
        (
            "Số văn bản chỉ đạo đã ban hành (kết luận, chỉ thị, công văn chỉ đạo, quán triệt)",
            "Số văn bản chỉ đạo đã ban hành …",
        ),
        (
            "Số văn bản (trừ văn bản mật) đã gửi cho các cơ quan cấp trên và cấp dưới trong kỳ",
            "Số văn bản (trừ văn bản mật) đã gửi cho các cơ quan cấp …",
        ),
        (
            "Số vị trí “lãnh đạo, quản lý của các phòng, ban và đơn vị sự nghiệp trực thuộc” đã bổ nhiệm",
            "Số vị trí …",
        ),
        (
            "(chỉ các đơn vị có thủ tục hành chính cung cấp dịch vụ công trực tuyến) Số hồ sơ",
            "(chỉ các đơn vị có thủ tục hành chính cung cấp dịch vụ công trực tuyến) …",
        ),
        (
            "a) Số hồ sơ đã tiếp nhận và giải quyết ở các đơn vị (kể cả hồ sơ của kỳ trước)",
            "a) Số hồ sơ đã tiếp nhận và giải quyết ở các đơn vị …",
        ),
    ],
)
def test_a_long_name_is_cut_outside_of_brackets(tmp_path: Path, label: str, name: str) -> None:
    assert short_names(tmp_path, label) == [name]


def test_what_stands_in_brackets_is_kept_whole_where_it_alone_tells_two_rows_apart(tmp_path: Path) -> None:
    beginning = "Tỷ lệ văn bản được gửi hoàn toàn dưới dạng điện tử"
    in_brackets = f"{beginning} (sử dụng chữ ký số và gửi trên môi trường điện tử)"
    names = short_names(tmp_path, f"{in_brackets} trong kỳ báo cáo", f"{beginning} và song song với văn bản giấy")
    assert names == [f"{in_brackets} …", f"{beginning} và song …"]


def test_the_names_of_the_standard_form_are_whole_and_differ_where_the_labels_do() -> None:
    rows = load_form().indicators
    names = names_of(rows)
    assert [it for it in names.values() if it.count("(") != it.count(")")] == []
    labels = {(row.label, names[row.id].split(" ")[0]) for row in rows}
    assert len(set(names.values())) == len(labels)
