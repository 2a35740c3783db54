"""A header that stands once more within the table: its own titles say what the rows below it hold."""

from __future__ import annotations

import pytest
from drawing import drawn

from cchc_excel.form import Form, load_form
from cchc_excel.reading import Reading, read_grid
from cchc_excel.submission import How

TOP = """
UBND xã Suối Mây
Báo cáo quý I năm 2024
| TT | Nội dung | ĐVT | {} | Giải trình |
| | Sách in | Cuốn | 101 | |
| | Sách số | Cuốn | 102 | |
| | Số sách bổ sung trong kỳ | Cuốn | 103 | |
"""
BELOW = """| | Tổng số lượt mượn đã đến hạn | Lượt | 104 | |
| | Số lượt mượn đã trả đúng hạn | Lượt | 105 | |
| | Số thẻ bạn đọc cấp từ đầu năm (lũy kế) | Thẻ | 106 | |
| | Tổng số sách trong kho | Cuốn | 107 | |
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("vi_du")


def reading_of(again: str, form: Form, *, top: str = "Kết quả", below: str = BELOW) -> Reading:
    """The reading of a sheet whose lower four rows stand below this line."""
    return read_grid(drawn(f"{TOP.format(top).strip()}\n{again}\n{below}"), form, "thu_vien.xlsx")


def figures(reading: Reading) -> list[int | None]:
    """The figures from 101 on that were read; None for one that is unread."""
    assert reading.submission is not None
    entries = sorted(reading.submission.entries.values(), key=lambda it: it.cell.row)
    return [None if it.how is How.UNREAD else int(str(it.value)) for it in entries]


def header(title: str) -> str:
    return f"| TT | Nội dung | ĐVT | {title} | Giải trình |"


READ, HALF_READ = [101, 102, 103, 104, 105, 106, 107], [101, 102, 103, None, None, None, None]


@pytest.mark.parametrize(
    "title",
    ["Kỳ trước", "Quý trước", "Lũy kế", "Kế hoạch", "Quý IV/2023", "Thẩm định", "Xã khác"],
)
@pytest.mark.parametrize("top", ["Kết quả", "Kỳ này", "Quý I/2024"])
def test_rows_below_a_repeated_header_with_another_title_are_unread(top: str, title: str, form: Form) -> None:
    reading = reading_of(header(title), form, top=top)
    assert figures(reading) == HALF_READ
    (said,) = (finding for finding in reading.findings if finding.code == "S52")
    assert dict(said.facts) == {"first": f"D3 “{top}”", "second": (f"D7 “{title}”",), "count": 4}
    assert [cell.local for cell in said.cells] == ["D7", "D3"]
    assert len(said.indicators) == 4


@pytest.mark.parametrize("title", ["Kết quả", "Kỳ này", "Quý I", "Quý I/2024", "Thực hiện", "Trong kỳ"])
def test_rows_below_a_repeated_header_that_means_the_same_are_read(title: str, form: Form) -> None:
    reading = reading_of(header(title), form)
    assert figures(reading) == READ
    assert "S52" not in {finding.code for finding in reading.findings}


def test_a_title_that_gives_the_figures_another_size_is_another_title(form: Form) -> None:
    assert figures(reading_of(header("Kết quả (nghìn cuốn)"), form)) == HALF_READ


def test_a_header_of_two_titles_alone_is_a_header(form: Form) -> None:
    assert figures(reading_of("| | Nội dung | | Kỳ trước | |", form)) == HALF_READ


def test_a_title_beside_nothing_but_the_figures_speaks_of_those_below(form: Form) -> None:
    assert figures(reading_of("| | | | Lũy kế từ đầu năm | |", form)) == HALF_READ


def test_a_title_in_two_rows_is_one_header(form: Form) -> None:
    again = "| TT | Nội dung | Kết quả | | Giải trình |\n| | | ĐVT | Kỳ trước | |"
    assert figures(reading_of(again, form)) == HALF_READ


def test_a_second_page_with_the_first_titles_again_is_read(form: Form) -> None:
    again = f"{header('Kỳ trước')}\n| | Tổng số lượt mượn đã đến hạn | Lượt | 104 | |\n{header('Kết quả')}"
    below = "\n".join(BELOW.splitlines()[1:])
    assert figures(reading_of(again, form, below=below)) == [101, 102, 103, None, 105, 106, 107]


def test_figures_that_moved_to_another_column_are_read_from_there(form: Form) -> None:
    again = "| TT | Nội dung | ĐVT | Kỳ trước | Kết quả | Giải trình |"
    below = """| | Tổng số lượt mượn đã đến hạn | Lượt | 9 | 104 | |
| | Số lượt mượn đã trả đúng hạn | Lượt | 9 | 105 | |
| | Số thẻ bạn đọc cấp từ đầu năm (lũy kế) | Thẻ | 9 | 106 | |
| | Tổng số sách trong kho | Cuốn | 9 | | |"""
    reading = reading_of(again, form, below=below)
    assert reading.submission is not None
    entries = sorted(reading.submission.entries.values(), key=lambda it: it.cell.row)
    assert [it.value for it in entries] == [101, 102, 103, 104, 105, 106, None]
    assert [it.cell.local for it in entries[3:]] == ["E8", "E9", "E10", "E11"]
    assert entries[6].how is How.BLANK


def test_two_titles_of_which_neither_decides_are_both_named(form: Form) -> None:
    again = "| TT | Nội dung | ĐVT | Kết quả | Kết quả | Giải trình |"
    below = """| | Tổng số lượt mượn đã đến hạn | Lượt | 9 | 104 | |
| | Số lượt mượn đã trả đúng hạn | Lượt | 9 | 105 | |
| | Số thẻ bạn đọc cấp từ đầu năm (lũy kế) | Thẻ | 9 | 106 | |
| | Tổng số sách trong kho | Cuốn | 9 | 107 | |"""
    reading = reading_of(again, form, below=below)
    assert figures(reading) == HALF_READ
    (said,) = (finding for finding in reading.findings if finding.code == "S52")
    assert said.facts["second"] == ("D7 “Kết quả”", "E7 “Kết quả”")


@pytest.mark.parametrize(
    "line",
    [
        "KẾ HOẠCH NĂM 2024",
        "Số liệu quý IV năm 2023",
        "UBND xã Núi Đá",
        "UBND xã Núi Đá - Quý I năm 2024",
        "Kết quả thực hiện của UBND xã Núi Đá",
        "Số liệu lũy kế",
        "Đơn vị tính: nghìn cuốn",
    ],
)
def test_rows_below_a_line_that_speaks_of_another_time_unit_or_size_are_unread(line: str, form: Form) -> None:
    reading = reading_of(f"{line}\n{header('Kết quả')}", form)
    assert figures(reading) == HALF_READ
    (said,) = (finding for finding in reading.findings if finding.code == "S52")
    assert dict(said.facts) == {"first": "D3 “Kết quả”", "second": (f"A7 “{line}”",), "count": 4}


@pytest.mark.parametrize(
    "line",
    ["(Tiếp theo)", "UBND xã Suối Mây", "ỦY BAN NHÂN DÂN XÃ SUỐI MÂY", "Báo cáo quý I năm 2024", "Quý I/2024 (tiếp)",
     "Đơn vị tính: triệu đồng"],
)  # fmt: skip
def test_rows_below_a_line_that_says_what_the_heading_says_are_read(line: str, form: Form) -> None:
    reading = reading_of(f"{line}\n{header('Kết quả')}", form)
    assert figures(reading) == READ


def test_below_such_a_line_the_figures_stand_in_the_column_that_was_taken(form: Form) -> None:
    lines = ["UBND xã Suối Mây", "Báo cáo quý I năm 2024", "| TT | Nội dung | ĐVT | Kỳ trước | Kỳ này |"]
    rows = [
        line.replace(" | 10", " | 9 | 10").removesuffix(" |") for line in (*TOP.splitlines()[4:], *BELOW.splitlines())
    ]
    again = ["Quý I/2024 (tiếp)", lines[2]]
    text = "\n".join((*lines, *rows[:3], *again, *rows[3:]))
    assert figures(read_grid(drawn(text), form, "thu_vien.xlsx")) == READ


@pytest.mark.parametrize(
    ("line", "title", "expected"),
    [
        ("SỐ LIỆU KỲ TRƯỚC", "Số liệu", HALF_READ),
        ("KẾ HOẠCH NĂM 2024", "Kỳ này", HALF_READ),
        ("UBND xã Núi Mây", "Số liệu", HALF_READ),
        ("Đơn vị tính: nghìn lượt", "Số liệu", HALF_READ),
        ("SỐ LIỆU QUÝ I NĂM 2024", "Số liệu", READ),
        ("SỐ LIỆU QUÝ I NĂM 2024", "Kỳ trước", HALF_READ),
        ("(Tiếp theo)", "Số liệu", READ),
    ],
)
def test_a_line_above_a_header_with_other_titles_counts_beside_these(
    line: str, title: str, expected: list[int | None], form: Form
) -> None:
    reading = reading_of(f"{line}\n{header(title)}", form)
    assert figures(reading) == expected
    assert [finding.code for finding in reading.findings].count("S52") == (expected == HALF_READ)


@pytest.mark.parametrize(("line", "expected"), [("(Tiếp theo)", READ), ("SỐ LIỆU KỲ TRƯỚC", HALF_READ)])
@pytest.mark.parametrize("top", ["Kết quả Quý I", "Quý I/2024"])
def test_a_title_of_the_form_on_the_second_page_does_not_hide_the_rows_above_it(
    top: str, line: str, expected: list[int | None], form: Form
) -> None:
    assert figures(reading_of(f"{line}\n{header('Số liệu')}", form, top=top)) == expected


def test_another_table_above_does_not_hide_the_form(form: Form) -> None:
    other = "| TT | Nội dung | Nơi họp |\n| 1 | Họp giao ban | Trụ sở |\n| 2 | Hội nghị | Nhà |\n| 3 | Họp | Nhà |"
    reading = read_grid(drawn(f"{other}\n{TOP.format('Số liệu').strip()}\n{BELOW}"), form, "thu_vien.xlsx")
    assert figures(reading) == READ


def test_under_such_a_line_the_figures_are_those_of_the_section_s_own_columns(form: Form) -> None:
    below = BELOW.replace("| 10", "| 99 | 10")
    again = "SỐ LIỆU QUÝ I NĂM 2024\n| TT | Nội dung | ĐVT | Kỳ trước | Kỳ này | Giải trình |"
    assert figures(reading_of(again, form, below=below)) == READ
