"""On which sheets the form stands: parts of one form are put together, and of two forms none is taken unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawing import drawn, grid_of

from cchc_excel.errors import SeveralForms
from cchc_excel.form import Form, load_form
from cchc_excel.grid import Grid
from cchc_excel.reading import NOTHING_GIVEN, Given, Reading, read_grid
from cchc_excel.submission import Period
from cchc_excel.wording.cases import Example, filled_sheet

Q1, Q2 = Period(2024, "Q1"), Period(2024, "Q2")
TITLES = "| TT | Nội dung | ĐVT | Số liệu |"
FIRST = """
| 1.1 | Tổng số sách trong kho | Cuốn | 1260 |
|     | Sách in | Cuốn | 1200 |
|     | Sách số | Cuốn | 60 |
| 1.2 | Số sách bổ sung trong kỳ | Cuốn | 7 |
"""
SECOND = """
|     | Tổng số lượt mượn đã đến hạn | Lượt | 200 |
|     | Số lượt mượn đã trả đúng hạn | Lượt | 180 |
| 2.2 | Số thẻ bạn đọc cấp từ đầu năm (lũy kế) | Thẻ | 150 |
| 2.5 | Tổ chức ngày hội đọc sách | Có/không | Có |
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("vi_du")


def book(**sheets: str) -> Grid:
    """A workbook of drawn sheets; `Quy_I` is the sheet `Quy I`."""
    grids = [drawn(text, name.replace("_", " ")) for name, text in sheets.items()]
    return Grid(tuple(sheet for grid in grids for sheet in grid.sheets))


def sheet(heading: str, rows: str, titles: str = TITLES) -> str:
    return "\n".join((*heading.splitlines(), titles, *rows.strip().splitlines()))


def read(grid: Grid, form: Form, given: Given = NOTHING_GIVEN) -> Reading:
    return read_grid(grid, form, "thu_vien.xlsx", given)


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def figures(reading: Reading) -> dict[str, object]:
    assert reading.submission is not None
    return {key: entry.value for key, entry in reading.submission.entries.items() if entry.value is not None}


HEADING = "UBND xã Suối Mây\nQuý I năm 2024"
WHOLE = figures(read(Grid(tuple(drawn(sheet(HEADING, FIRST + SECOND)).sheets)), load_form("vi_du")))


@pytest.mark.parametrize(
    "second",
    [
        sheet(HEADING, SECOND),
        sheet("", SECOND),
        sheet("", SECOND, "| TT | Ghi chú | Nội dung | ĐVT | Số liệu |").replace("|     |", "| | x |").replace(
            "| 2.", "| 2. | x | 2."
        ).replace("| x | 2.2", "| x").replace("| x | 2.5", "| x"),
        SECOND,
    ],
    ids=["own heading", "titles alone", "other columns", "no titles at all"],
)  # fmt: skip
def test_sheets_without_a_row_in_common_are_parts_of_one_form(second: str, form: Form) -> None:
    found = read(book(Phan_1=sheet(HEADING, FIRST), Phan_2=second), form)
    assert figures(found) == WHOLE
    assert "S48" in codes(found)
    assert found.submission is not None
    assert found.submission["luot_muon"].cell.sheet == "Phan 2"
    assert list(found.submission.entries) == [row.id for row in form.entries if row.id in found.submission.entries]


def with_another_column(rows: str) -> str:
    """The rows with a 9 before each figure."""
    cut = (line.rstrip("| ").rpartition("|") for line in rows.strip().splitlines())
    return "\n".join(f"{labels}| 9 | {figure} |" for labels, _, figure in cut)


@pytest.mark.parametrize(("left", "right"), [("Kỳ trước", "Kỳ này"), ("Quý IV/2023", "Quý I/2024")])
def test_a_sheet_that_repeats_no_titles_has_its_figures_where_the_sheet_before_has_them(
    left: str, right: str, form: Form
) -> None:
    titles = f"| TT | Nội dung | ĐVT | {left} | {right} |"
    first = sheet("UBND xã Suối Mây\nQuý I năm 2024", with_another_column(FIRST), titles)
    found = read(book(Phan_1=first, Phan_2=with_another_column(SECOND)), form)
    assert figures(found) == WHOLE


def test_where_titles_do_not_decide_nothing_is_read_from_a_sheet_that_repeats_none(form: Form) -> None:
    titles = "| TT | Nội dung | ĐVT | Số liệu | Số liệu điều chỉnh |"
    first = sheet("UBND xã Suối Mây\nQuý I năm 2024", with_another_column(FIRST), titles)
    found = read(book(Phan_1=first, Phan_2=with_another_column(SECOND)), form)
    assert figures(found) == {}
    assert [finding.code for finding in found.findings].count("S44") == 1


def test_of_a_sheet_without_titles_it_is_said_that_nothing_is_read_though_the_one_before_is(form: Form) -> None:
    """A column in which somebody put figures right is full on the second sheet alone: which is which nobody knows."""
    first = sheet(HEADING, FIRST.replace("|\n", "| |\n"), TITLES.replace("Số liệu |", "Số liệu | Đính chính |"))
    found = read(book(Phan_1=first, Phan_2=with_another_column(SECOND)), form)
    assert set(figures(found).values()) == {1260, 1200, 60, 7}
    assert "S44" in codes(found)


def test_a_row_that_stands_on_no_part_is_missing_once(form: Form) -> None:
    found = read(book(Phan_1=sheet(HEADING, FIRST), Phan_2=sheet("", SECOND)), form)
    missing = [finding.indicators for finding in found.findings if finding.code == "S10"]
    assert len(missing) == len(set(missing)) > 0


def test_a_size_stated_above_the_first_sheet_holds_for_the_next_one_too(form: Form) -> None:
    second = {row.id for row in form.entries} - {"tong_sach", "sach_in", "sach_so", "sach_moi"}
    for above, titles in (("", TITLES), ("Đơn vị tính: lượt", TITLES), ("", "")):
        first = sheet(f"{HEADING}\nĐơn vị tính: nghìn", FIRST)
        rest = sheet(above, SECOND, titles) if titles else SECOND
        found = read(book(Phan_1=first, Phan_2=rest), form)
        named = {key for finding in found.findings if finding.code == "S53" for key in finding.indicators}
        assert "sach_in" in named
        assert bool(named & second) == (not above)


def test_parts_that_name_two_units_or_two_periods_are_no_form(form: Form) -> None:
    other_unit, other_period = HEADING.replace("Suối", "Núi"), HEADING.replace("Quý I", "Quý II")
    for other in (other_unit, other_period):
        with pytest.raises(SeveralForms):
            read(book(A=sheet(HEADING, FIRST), B=sheet(other, SECOND)), form)


# --- tables beside each other


def beside(left: str, right: str) -> Grid:
    """One sheet with two drawings, the second one from column F on."""
    (one,), (other,) = drawn(left).sheets, drawn(right).sheets
    moved = {
        row: {cell.column + 5: cell._replace(column=cell.column + 5) for cell in cells.values()}
        for row, cells in other.rows.items()
    }
    rows = {row: {**one.rows.get(row, {}), **moved.get(row, {})} for row in sorted({*one.rows, *moved})}
    return Grid((replace(one, rows=rows),))


def test_parts_of_a_form_may_stand_beside_each_other_on_a_sheet(form: Form) -> None:
    found = read(beside(sheet(HEADING, FIRST), sheet("", SECOND)), form)
    assert figures(found) == WHOLE
    (said,) = (finding for finding in found.findings if finding.code == "S48")
    assert said.facts["sheets"] == ("Biểu!A3", "Biểu!F1")


@pytest.mark.parametrize("heading", ["", HEADING.replace("Quý I", "Quý IV").replace("2024", "2023")])
def test_of_two_whole_forms_beside_each_other_none_is_read_unasked(heading: str, form: Form) -> None:
    other = sheet(heading, FIRST.replace(" 7 ", " 9 ") + SECOND)
    with pytest.raises(SeveralForms) as refused:
        read(beside(sheet(HEADING, FIRST + SECOND), other), form)
    assert "Biểu!A3" in str(refused.value)


def test_of_two_quarters_beside_each_other_the_one_asked_for_is_read(form: Form) -> None:
    other = sheet(HEADING.replace("Quý I", "Quý II"), FIRST.replace(" 7 ", " 9 ") + SECOND)
    grid = beside(sheet(HEADING, FIRST + SECOND), other)
    assert figures(read(grid, form, Given(period=Q1)))["sach_moi"] == 7
    assert figures(read(grid, form, Given(period=Q2)))["sach_moi"] == 9


def two_quarters() -> Grid:
    other = sheet(HEADING.replace("Quý I", "Quý II"), FIRST.replace(" 7 ", " 9 ") + SECOND)
    return book(A=sheet(HEADING, FIRST + SECOND), B=other)


@pytest.mark.parametrize(("period", "moi"), [(Q1, 7), (Q2, 9)])
def test_of_a_sheet_for_each_quarter_the_one_asked_for_is_read(period: Period, moi: int, form: Form) -> None:
    found = read(two_quarters(), form, Given(period=period))
    assert (figures(found)["sach_moi"], found.submission and found.submission.period) == (moi, period)
    assert "S49" in codes(found)


def test_of_a_sheet_for_each_commune_the_one_asked_for_is_read(form: Form) -> None:
    other = sheet(HEADING.replace("Suối", "Núi"), FIRST.replace(" 7 ", " 9 ") + SECOND)
    grid = book(A=sheet(HEADING, FIRST + SECOND), B=other)
    assert figures(read(grid, form, Given(unit="xã Núi Mây")))["sach_moi"] == 9
    with pytest.raises(SeveralForms):
        read(grid, form)


def test_without_being_asked_for_a_quarter_none_is_read(form: Form) -> None:
    for given in (NOTHING_GIVEN, Given(period=Period(2024, "Q3")), Given(unit="xã Suối Mây")):
        with pytest.raises(SeveralForms):
            read(two_quarters(), form, given)


def test_the_name_of_a_sheet_tells_its_period_where_its_heading_was_left_as_it_was(form: Form) -> None:
    grid = two_quarters()
    copied = replace(
        grid.sheets[1], name="Quý II", rows=drawn(sheet(HEADING, FIRST.replace(" 7 ", " 9 ") + SECOND)).sheets[0].rows
    )
    found = read(replace(grid, sheets=(grid.sheets[0], copied)), form, Given(period=Q2))
    assert figures(found)["sach_moi"] == 9
    assert {"S40", "S50"} <= codes(found)


def test_a_sheet_that_says_the_very_same_is_a_copy(form: Form) -> None:
    text = sheet(HEADING, FIRST + SECOND)
    for given in (NOTHING_GIVEN, Given(period=Q2)):
        found = read(book(Bieu=text, Bieu_2=text), form, given)
        assert figures(found) == WHOLE
        assert "S49" in codes(found)
    with pytest.raises(SeveralForms):
        read(book(Bieu=text, Bieu_2=text.replace(" 7 ", " 8 ")), form)


def hidden(grid: Grid, *names: str) -> Grid:
    return replace(grid, sheets=tuple(replace(it, visible=it.name not in names) for it in grid.sheets))


def without_figures(rows: str) -> str:
    return "\n".join(f"{line.rstrip('| ').rpartition('|')[0]}| |" for line in rows.strip().splitlines())


@pytest.mark.parametrize("waiting", [" ", " =D5+D6 ", " 1260 "])
def test_a_filled_form_on_a_hidden_sheet_is_told_where_the_one_that_is_seen_is_blank(waiting: str, form: Form) -> None:
    first = without_figures(FIRST).replace("| |", f"|{waiting}|", 1)
    blank, filled = sheet(HEADING, f"{first}\n{without_figures(SECOND)}"), sheet(HEADING, FIRST + SECOND)
    found = read(hidden(book(A=blank, B=filled, C=filled), "B", "C"), form)
    assert figures(found) == ({"tong_sach": 1260} if "1260" in waiting else {})
    said = [finding.facts["where"] for finding in found.findings if finding.code == "S20"]
    assert said == [("sheet", "B"), ("sheet", "C")]


def test_an_old_form_on_a_hidden_sheet_is_nothing_to_tell_beside_one_that_is_filled(form: Form) -> None:
    old, new = sheet(HEADING, (FIRST + SECOND).replace(" 7 ", " 9 ")), sheet(HEADING, FIRST + SECOND)
    found = read(hidden(book(A=new, B=old), "B"), form)
    assert figures(found) == WHOLE
    assert "S20" not in codes(found)


def test_of_blank_forms_a_hidden_one_is_nothing_to_tell(form: Form) -> None:
    blank = sheet(HEADING, without_figures(FIRST + SECOND))
    assert "S20" not in codes(read(hidden(book(A=blank, B=blank), "B"), form))


def test_the_period_of_a_form_may_stand_in_the_name_of_its_sheet_alone(form: Form) -> None:
    found = read(book(Quý_I_2024=sheet("UBND xã Suối Mây", FIRST + SECOND)), form)
    assert found.submission is not None
    assert found.submission.period == Q1
    assert "S38" in codes(found)


def test_a_report_of_some_sections_is_told_to_be_a_part_with_one_finding() -> None:
    form = load_form(filled_sheet().form)
    gone = {row.id: None for row in form.indicators if row.section == "giai_quyet" or row.id == "giai_quyet"}
    found = read(grid_of(Example("", rows=gone)), form)
    (partial,) = (finding for finding in found.findings if finding.code == "S51")
    assert partial.facts["sections"] == ("2",)
    assert "S10" not in codes(found)
    assert set(filled_sheet().cells) - set(gone) <= figures(found).keys()
