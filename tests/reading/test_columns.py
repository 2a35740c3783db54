"""Which column of a sheet holds the figures: the titles make it certain, or nothing is read."""

from __future__ import annotations

import pytest
from drawing import drawn

from cchc_excel.errors import FormNotFound
from cchc_excel.form import Form, load_form
from cchc_excel.reading import NOTHING_GIVEN, Given, Reading, read_grid
from cchc_excel.submission import How, Period
from cchc_excel.vietnamese.text import strip_accents

ROWS = ("Sách in", "Sách số", "Số sách bổ sung trong kỳ", "Tổng số lượt mượn đã đến hạn",
        "Số lượt mượn đã trả đúng hạn", "Số thẻ bạn đọc cấp từ đầu năm (lũy kế)", "Tổng số sách trong kho")  # fmt: skip
UNITS = ("Cuốn", "Cuốn", "Cuốn", "Lượt", "Lượt", "Thẻ", "Cuốn")
HEADING = "UBND xã Suối Mây\nBáo cáo quý I năm 2024"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("vi_du")


def sheet(*titles: str, heading: str = HEADING, over: str = "", below: str = "", note: str = "Giải trình") -> str:
    """A form whose columns of figures have these titles; the first holds 101, 102 …, the second 201, 202 …"""
    blanks = " | ".join("" for _ in titles)
    above = f"| TT | Nội dung | ĐVT | {over or blanks} | {note} |\n" if over else ""
    start = "| | | |" if over else "| TT | Nội dung | ĐVT |"
    lines = [heading, f"{above}{start} {' | '.join(titles)} | {'' if over else note} |"]
    lines += [below] if below else []
    for number, (label, unit) in enumerate(zip(ROWS, UNITS, strict=True), start=1):
        figures = " | ".join(
            str(100 * column + number) if title != "" else "" for column, title in enumerate(titles, 1)
        )
        lines.append(f"| | {label} | {unit} | {figures} | |")
    return "\n".join(lines)


def reading_of(text: str, form: Form, given: Given = NOTHING_GIVEN) -> Reading:
    return read_grid(drawn(text), form, "thu_vien.xlsx", given)


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def column_read(reading: Reading) -> int | None:
    """1 for the first column of figures, 2 for the second; None where none was read."""
    assert reading.submission is not None
    first = reading.submission["sach_in"]
    if first.how is How.UNREAD:
        return None
    assert isinstance(first.value, int)
    return first.value // 100


@pytest.mark.parametrize(
    ("titles", "taken"),
    [
        (("Quý IV/2023", "Quý I/2024"), 2),
        (("Quý I/2024", "Quý IV/2023"), 1),
        (("Quý IV", "Quý I"), 2),
        (("Q4/2023", "Q1/2024"), 2),
        (("Kỳ trước", "Kỳ này"), 2),
        (("Kỳ này", "Kỳ trước"), 1),
        (("Quý trước", "Quý này"), 2),
        (("Cùng kỳ năm trước", "Kết quả"), 2),
        (("Cùng kỳ năm 2023", "Quý I/2024"), 2),
        (("Kế hoạch", "Thực hiện"), 2),
        (("Thực hiện", "Kế hoạch"), 1),
        (("Kế hoạch năm 2024", "Kết quả thực hiện"), 2),
        (("Kế hoạch quý I/2024", "Thực hiện quý I/2024"), 2),
        (("Chỉ tiêu giao", "Kết quả thực hiện nhiệm vụ được giao"), 2),
        (("Trong kỳ", "Lũy kế"), 1),
        (("Lũy kế từ đầu năm", "Trong kỳ"), 2),
        (("Luỹ kế thực hiện", "Thực hiện trong quý"), 2),
        (("Kế hoạch", "Thực hiện", "Tỷ lệ (%)"), 2),
        (("Kế hoạch", "% thực hiện", "Thực hiện"), 3),
        (("Kỳ trước", "Kỳ này", "Tăng/giảm"), 2),
        (("Kỳ trước", "Chênh lệch", "Kỳ này"), 3),
        (("Cùng kỳ năm trước", "Kỳ trước", "Kỳ này", "So sánh (%)"), 3),
        (("Năm 2023", "Kế hoạch 2024", "Quý I/2024", "Tỉ lệ đạt"), 3),
        (("Tháng 1", "Tháng 2", "Tháng 3", "Quý I"), 4),
        (("Mã số", "Kết quả"), 2),
        # short words, years alone, no accents
        (("KH", "TH"), 2),
        (("TH quý I", "KH quý I"), 1),
        (("Q4", "Q1"), 2),
        (("T1", "T2", "T3", "Q1"), 4),
        (("TH 2023", "Kết quả"), 2),
        (("ƯTH quý I/2024", "TH quý I/2024"), 2),
        (("Ky truoc", "Ky nay"), 2),
        (("Ke hoach", "Thuc hien"), 2),
        # targets and marks are no figures, whatever period they are of
        (("Chỉ tiêu quý I/2024", "Kết quả"), 2),
        (("Kết quả", "Điểm quý I"), 1),
        (("Kết quả", "Số liệu tại thời điểm báo cáo quý I"), 2),
        # `this month` is not the quarter, and `this year` is more than it
        (("Trong tháng", "Trong quý"), 2),
        (("Tháng này", "Kết quả"), 2),
        (("Trong năm", "Trong quý"), 2),
        (("Năm nay", "Năm trước"), 1),
        # all months of the quarter and their sum
        (("Tháng 1", "Tháng 2", "Tháng 3", "Cộng"), 4),
        (("Kết quả", "Điểm tự chấm"), 1),
    ],
)
def test_the_column_whose_title_speaks_of_the_period_is_read(titles: tuple[str, ...], taken: int, form: Form) -> None:
    assert column_read(reading_of(sheet(*titles), form)) == taken


def test_which_of_several_columns_was_taken_is_said_with_those_that_were_not(form: Form) -> None:
    reading = reading_of(sheet("Kế hoạch", "Thực hiện", "Tỷ lệ"), form)
    (said,) = (finding for finding in reading.findings if finding.code == "S43")
    assert dict(said.facts) == {"taken": "E “Thực hiện”", "others": ("D “Kế hoạch”", "F “Tỷ lệ”")}
    assert [cell.local for cell in said.cells] == ["E3"]


@pytest.mark.parametrize(
    "titles",
    [
        ("Kết quả", "Kết quả"),
        ("Thực hiện", "Kết quả"),
        ("Xã", "Thôn"),
        ("Kỳ này", "Quý I/2024"),
        ("Quý IV/2023", "Quý III/2023"),
        ("Kế hoạch", "Cùng kỳ"),
        ("Kế hoạch", "Điểm"),
        ("Trong năm", "Kết quả"),
        ("Trong tháng", "Từ đầu quý"),
        # somebody put the figures right
        ("Kết quả", "Đính chính"),
        ("Kết quả", "Huyện duyệt"),
        ("Quý I/2024", "Số thẩm định"),
        ("Kết quả (bản nháp)", "Kết quả chính thức"),
    ],
)
def test_where_the_titles_do_not_decide_none_is_read_and_one_error_names_both(
    titles: tuple[str, ...], form: Form
) -> None:
    reading = reading_of(sheet(*titles), form)
    assert reading.submission is not None
    assert {entry.how for entry in reading.submission.entries.values()} == {How.UNREAD}
    (error,) = (finding for finding in reading.findings if finding.code == "S44")
    assert error.facts["columns"] == (f"D “{titles[0]}”", f"E “{titles[1]}”")
    assert not {"S43", "S45"} & set(codes(reading))


def test_a_column_that_is_not_certain_is_one_error_and_not_a_blank_in_every_row(form: Form) -> None:
    from cchc_excel.checking import check

    reading = reading_of(sheet("Kết quả", "Kết quả"), form)
    assert reading.submission is not None
    assert not [finding for finding in check(reading.submission, form).findings if finding.code == "C01"]


def test_without_a_period_two_named_quarters_do_not_decide(form: Form) -> None:
    reading = reading_of(sheet("Quý IV/2023", "Quý I/2024", heading="UBND xã Suối Mây"), form)
    assert column_read(reading) is None
    assert reading.submission is not None
    assert reading.submission.period is None


def test_the_period_that_a_person_gives_decides_between_two_named_quarters(form: Form) -> None:
    text = sheet("Quý IV/2023", "Quý I/2024", heading="UBND xã Suối Mây")
    assert column_read(reading_of(text, form, Given(period=Period(2024, "Q1")))) == 2


def test_months_that_are_not_all_of_the_quarter_have_no_sum_that_is_its_figure(form: Form) -> None:
    assert column_read(reading_of(sheet("Tháng 1", "Tháng 2", "Cộng"), form)) is None


TOP = "| TT | Nội dung | ĐVT |"


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ((f"{TOP} Quý I | | |", "| | | | Năm 2023 | Năm 2024 | |"), 2),
        ((f"{TOP} Quý I | | |", "| | | | 2023 | 2024 | |"), 2),
        ((f"{TOP} Năm 2023 | | |", "| | | | Quý I | Quý II | |"), None),
        (
            (
                f"{TOP} Kết quả | | |",
                "| | | | Năm 2024 | | |",
                "| | | | Quý I | | |",
                "| | | | Kế hoạch | Thực hiện | |",
            ),
            2,
        ),
    ],
)
def test_the_title_of_a_group_tells_the_year_or_the_quarter_of_those_under_it(
    header: tuple[str, ...], taken: int | None, form: Form
) -> None:
    rows = "\n".join(
        f"| | {label} | {unit} | 10{at} | 20{at} | |" for at, (label, unit) in enumerate(zip(ROWS, UNITS, strict=True))
    )
    assert column_read(reading_of("\n".join((HEADING, *header, rows)), form)) == taken


@pytest.mark.parametrize(
    ("titles", "place", "taken"),
    [
        (("Kết quả quý này", "TT", "Nội dung", "ĐVT", "Kết quả"), (0, 4), 1),
        (("Kỳ trước", "TT", "Nội dung", "ĐVT", "Kết quả"), (0, 4), 2),
        (("TT", "Nội dung", "ĐVT", "Kết quả", "Giải trình", "Quý I/2024"), (3, 5), 2),
        (("TT", "Nội dung", "ĐVT", "Kết quả", "Giải trình", "Số liệu sửa lại"), (3, 5), None),
        (("TT", "Nội dung", "ĐVT", "Kết quả", "Giải trình", "Nhận xét"), (3, 5), 1),
    ],
)
def test_a_column_that_speaks_of_the_period_counts_before_the_labels_and_behind_the_notes(
    titles: tuple[str, ...], place: tuple[int, int], taken: int | None, form: Form
) -> None:
    lines = [HEADING, f"| {' | '.join(titles)} |"]
    for at, (label, unit) in enumerate(zip(ROWS, UNITS, strict=True)):
        cells = dict.fromkeys(range(len(titles)), "") | {titles.index("Nội dung"): label, titles.index("ĐVT"): unit}
        cells |= {place[0]: f"10{at}", place[1]: f"20{at}"}
        lines.append(f"| {' | '.join(cells[column] for column in range(len(titles)))} |")
    assert column_read(reading_of("\n".join(lines), form)) == taken


def test_a_sheet_that_lost_all_accents_is_read_by_its_bare_titles(form: Form) -> None:
    bare = strip_accents(sheet("Kết quả", heading="UBND xã Suối Mây\n6 tháng đầu năm 2024"))
    found = reading_of(bare, form)
    assert (column_read(found), str(found.submission and found.submission.period)) == (1, "2024-H1")


def test_titles_under_the_title_of_a_group_decide(form: Form) -> None:
    text = sheet("Quý IV/2023", "Quý I/2024", over="Kết quả | ")
    assert column_read(reading_of(text, form)) == 2


def test_the_title_of_a_group_stands_over_all_of_its_columns(form: Form) -> None:
    text = sheet("Năm", "Quý trước", "Quý này", over="Kế hoạch | Thực hiện | ")
    assert column_read(reading_of(text, form)) == 3


def test_a_column_of_units_is_never_one_of_figures_whatever_its_title(form: Form) -> None:
    text = sheet("Kỳ trước", "Kỳ này").replace("| ĐVT |", "| Kết quả |")
    assert column_read(reading_of(text, form)) == 2


def test_titles_of_units_and_figures_that_were_exchanged_do_not_exchange_their_columns(form: Form) -> None:
    text = sheet("ĐVT").replace("| ĐVT |", "| Kết quả |", 1)
    assert column_read(reading_of(text, form)) == 1


@pytest.mark.parametrize("title", ["Kết quả quý I", "Quý I/2024", "Thực hiện", "Số liệu báo cáo", "Đạt được"])
def test_one_column_under_the_clerk_s_own_title_is_read_and_its_title_told(title: str, form: Form) -> None:
    reading = reading_of(sheet(title), form)
    assert column_read(reading) == 1
    assert "S45" in codes(reading)


@pytest.mark.parametrize(
    "title",
    ["Kết quả", "Số liệu", "Kết quả (quý I/2024)", "Kết quả (số lượng, tỷ lệ %)", "Số liệu (không tính lũy kế)"],
)
def test_one_column_under_a_title_of_the_form_is_read_without_a_word(title: str, form: Form) -> None:
    reading = reading_of(sheet(title), form)
    assert column_read(reading) == 1
    assert not {"S43", "S44", "S45", "S46"} & set(codes(reading))


def test_a_title_that_names_another_period_than_the_heading_is_told(form: Form) -> None:
    assert "S46" in codes(reading_of(sheet("Quý IV/2023"), form))


def test_a_column_of_the_whole_year_is_that_of_a_report_of_a_year_alone(form: Form) -> None:
    of_year = "UBND xã Suối Mây\nBáo cáo năm 2024"
    assert column_read(reading_of(sheet("Quý IV", "Cả năm", heading=of_year), form)) == 2
    assert column_read(reading_of(sheet("Quý I", "Cả năm"), form)) == 1


@pytest.mark.parametrize("title", ["Kế hoạch", "Cùng kỳ năm trước", "Số liệu (lũy kế)", "Kết quả (dự kiến)"])
def test_a_plan_alone_is_not_read_and_its_title_is_said_to_be_unknown(title: str, form: Form) -> None:
    with pytest.raises(FormNotFound) as error:
        reading_of(sheet(title), form)
    assert error.value.titles == title


def test_a_blank_column_of_this_period_is_not_passed_over_for_the_figures_of_another(form: Form) -> None:
    text = sheet("Kỳ trước", "").replace("Kỳ trước |  |", "Kỳ trước | Kỳ này |")
    reading = reading_of(text, form)
    assert reading.submission is not None
    assert reading.submission["sach_in"].is_blank


def test_titles_that_stand_in_each_cell_of_a_merge_are_read(form: Form) -> None:
    lines = sheet("Kết quả").splitlines()
    lines[2:3] = [
        "| TT | Nội dung | Kết quả | Kết quả | Giải trình |",
        "| TT | Nội dung | ĐVT | Kết quả | Giải trình |",
    ]
    reading = reading_of("\n".join(lines), form)
    assert column_read(reading) == 1
    assert not {"S17", "S16", "T02"} & set(codes(reading))


def test_a_column_of_running_numbers_beside_the_stt_is_no_stt(form: Form) -> None:
    text = f"""
{HEADING}
| STT | TT  | Nội dung                      | ĐVT   | Kết quả |
| 1   | 1   | Kho sách                      |       |         |
| 2   | 1.1 | Tổng số sách trong kho        | Cuốn  | 1260    |
| 3   |     | Sách in                       | Cuốn  | 1200    |
| 4   |     | Sách số                       | Cuốn  | 60      |
| 5   | 1.2 | Số sách bổ sung trong kỳ      | Cuốn  | 60      |
| 6   | 2   | Phục vụ bạn đọc               |       |         |
| 7   |     | Tổng số lượt mượn đã đến hạn  | Lượt  | 200     |
"""
    reading = reading_of(text, form)
    assert reading.submission is not None
    assert reading.submission["sach_in"].value == 1200
    assert "S14" not in codes(reading)


SHORT = """
UBND xã Suối Mây
| STT | Chỉ tiêu           | Đơn vị tính | Số liệu | Ghi chú |
| A   | B                  | C           | 1       | 2       |
| 1   | Tổng số nhân khẩu  | Người       | 15      |         |
| 1.1 | Nam                | Người       | 7       |         |
| 1.2 | Nữ                 | Người       | 9       |         |
"""


@pytest.mark.parametrize(
    "numbering",
    [
        "A | B | C | 1 | 2",
        "1 | 2 | 3 | 4 | 5",
        "(1) | (2) | (3) | (4) | (5)",
        "A | B | 1 | 2 | 3=1:2",
        "A | B | C | 1 | D",
    ],
)
def test_a_row_that_numbers_the_columns_is_known_by_all_its_cells_and_a_label_may_be_short(numbering: str) -> None:
    from cchc_excel.reading.table import find_tables

    (sheet_,) = drawn(SHORT.replace("A   | B                  | C           | 1       | 2      ", numbering)).sheets
    (table,) = find_tables(sheet_, load_form())
    assert [row.label for row in table.rows] == ["Tổng số nhân khẩu", "Nam", "Nữ"]


# --- what the generator of disorders showed


def test_a_title_over_an_empty_column_beside_figures_without_a_title_is_not_certain(form: Form) -> None:
    text = sheet("Số liệu").replace("| Số liệu |", "| Số liệu | |").replace(" | 10", " | | 10")
    reading = reading_of(text, form)
    assert column_read(reading) is None
    assert "S44" in codes(reading)


@pytest.mark.parametrize("title", ["Đơn vị thực hiện", "Người phụ trách số liệu", "Nguồn số liệu", "Ngày cập nhật"])
def test_a_column_that_tells_who_when_or_whence_holds_no_figures(title: str, form: Form) -> None:
    assert column_read(reading_of(sheet("Số liệu", title), form)) == 1
    assert column_read(reading_of(sheet(title, "Số liệu"), form)) == 2


def test_labels_of_lower_rows_may_stand_in_the_column_beside(form: Form) -> None:
    text = """
UBND xã Suối Mây
Quý I năm 2024
| TT  | Nội dung | | ĐVT | Số liệu |
| 1.1 | Tổng số sách trong kho | | Cuốn | 5 |
|     | | Sách in | Cuốn | 4 |
|     | | Sách số | Cuốn | 1 |
| 1.2 | Số sách bổ sung trong kỳ | | Cuốn | 7 |
|     | | Tổng số lượt mượn đã đến hạn | Lượt | 9 |
|     | | Số lượt mượn đã trả đúng hạn | Lượt | 8 |
| 2.5 | Tổ chức ngày hội đọc sách | | Có/không | Có |
"""
    submission = reading_of(text, form).submission
    assert submission is not None
    assert [submission[key].value for key in ("sach_in", "sach_so", "tra_dung_han")] == [4, 1, 8]
    lines = text.replace("| | ĐVT", "| | Nguồn | ĐVT").splitlines()
    beside = [line.replace("| Cuốn", "| x | Cuốn").replace("| Lượt", "| x | Lượt") for line in lines]
    another = reading_of("\n".join(beside).replace("| Có/không", "| x | Có/không"), form).submission
    assert another is not None
    assert another["sach_in"].value == 4
    among = reading_of(text.replace("| | Sách in", "| Trong đó | Sách in"), form).submission
    assert among is not None
    assert among["sach_in"].value == 4


@pytest.mark.parametrize(
    "label", ["1.1. Sách in", "a) Sách in", "- Sách in", "II. Sách in", "(2) Sách in", "1 - Sách in", "+ SÁCH IN:"]
)
def test_a_label_with_a_number_or_a_letter_before_it_is_that_label(label: str, form: Form) -> None:
    reading = reading_of(sheet("Số liệu").replace("| Sách in |", f"| {label} |"), form)
    assert column_read(reading) == 1
    assert "S15" not in codes(reading)


@pytest.mark.parametrize("stt", ["I", "IV.", "a)", "-", "Trong đó", "1,1", "1.1.", "②"])
def test_roman_numbers_letters_and_dashes_as_stt_change_no_figure(stt: str, form: Form) -> None:
    plain = reading_of(sheet("Số liệu"), form)
    marked = reading_of(sheet("Số liệu").replace("| | ", f"| {stt} | "), form)
    assert plain.submission is not None
    assert marked.submission is not None
    assert marked.submission.values == plain.submission.values


def test_a_column_whose_figures_stand_beside_labels_of_the_next_column_alone_is_seen(form: Form) -> None:
    lines = [HEADING, "| TT | Nội dung | | ĐVT | Kết quả | Thẩm định | Giải trình |"]
    for number, (label, unit) in enumerate(zip(ROWS, UNITS, strict=True)):
        labels = f" | {label}" if number in {1, 4} else f"{label} | "
        lines.append(f"| | {labels} | {unit} | {101 + number} | {201 + number if number in {1, 4} else ''} | |")
    reading = reading_of("\n".join(lines), form)
    assert figures(reading) == [101, None, 103, 104, None, 106, 107]


# --- some figures were put right


def corrected(title: str, *others: str, behind_the_notes: bool = False) -> str:
    """A form with a further column, which holds these figures under this title beside the first rows."""

    def line(stt: str, label: str, unit: str, figure: str, other: str, note: str) -> str:
        cells = (stt, label, unit, figure, note, other) if behind_the_notes else (stt, label, unit, figure, other, note)
        return f"| {' | '.join(cells)} |"

    lines = [HEADING, line("TT", "Nội dung", "ĐVT", "Kết quả", title, "Giải trình")]
    for number, (label, unit) in enumerate(zip(ROWS, UNITS, strict=True)):
        other = others[number] if number < len(others) else ""
        lines.append(line("", label, unit, str(101 + number), other, ""))
    return "\n".join(lines)


def figures(reading: Reading) -> list[object]:
    """The figures in the order of the sheet; None for one that is unread."""
    assert reading.submission is not None
    return [it.value for it in sorted(reading.submission.entries.values(), key=lambda it: it.cell.row)]


@pytest.mark.parametrize("title", ["Thẩm định", "Đính chính", "Huyện duyệt", "Số liệu điều chỉnh"])
def test_only_the_rows_that_were_put_right_are_unread(title: str, form: Form) -> None:
    reading = reading_of(corrected(title, "", "192", "103"), form)
    assert figures(reading) == [101, None, 103, 104, 105, 106, 107]
    (error,) = (finding for finding in reading.findings if finding.code == "S54")
    assert error.indicators == ("sach_so",)
    assert [cell.local for cell in error.cells] == ["D5", "E5"]
    assert dict(error.facts) == {"first": "D “Kết quả”", "second": (f"E “{title}”",), "count": 1}
    assert "S44" not in codes(reading)


def test_where_most_rows_were_put_right_a_blank_is_not_certain_either(form: Form) -> None:
    reading = reading_of(corrected("Thẩm định", "191", "", "193", "194", "195"), form)
    assert figures(reading) == [None] * 7
    assert "S44" in codes(reading)


@pytest.mark.parametrize("title", ["Số liệu chính thức", "Số chốt"])
def test_final_figures_are_all_there_are(title: str, form: Form) -> None:
    assert figures(reading_of(corrected(title, "", "192"), form)) == [None] * 7


@pytest.mark.parametrize(
    "title", ["Đính chính", "Sửa lại", "Huyện duyệt", "Thẩm định", "Số đúng", "Đề nghị điều chỉnh"]
)
def test_a_figure_that_was_put_right_behind_the_notes_leaves_its_row_unread(title: str, form: Form) -> None:
    reading = reading_of(corrected(title, "", "192", behind_the_notes=True), form)
    assert figures(reading) == [101, None, 103, 104, 105, 106, 107]
    assert "S54" in codes(reading)


@pytest.mark.parametrize("title", ["Kiểm tra", "Rà soát", "Ngày cập nhật"])
def test_a_mark_behind_the_notes_puts_no_figure_right(title: str, form: Form) -> None:
    assert figures(reading_of(corrected(title, "1", "1", behind_the_notes=True), form)) == [
        101,
        102,
        103,
        104,
        105,
        106,
        107,
    ]
