"""What the workbook that a commune fills must be, whatever the form."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from calculated import loaded
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import column_index_from_string
from packages import parts_of
from small_forms import shortened

from cchc_excel.form import Form, Kind, load_form, names
from cchc_excel.form.folders import template_path
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.submission import Period
from cchc_excel.workbook_form import template
from cchc_excel.workbook_form.contents import contents_of
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.live import LiveForm
from cchc_excel.workbook_form.printed.layout import CHECK_SHEET, MESSAGE, SHEET, WIDTHS, Layout
from cchc_excel.workbook_form.printed.measure import height, lines

ROOT = Path(__file__).parents[2]
UNIT = "UBND xã Bằng Lăng"

# A form unlike the standard one: of the district, without number and note columns, with ids that no name may hold.
SMALL_FORM = """
form: small
version: "1"
title: "BIỂU NHỎ"
level: huyen
columns:
  label: {title: "Nội dung"}
  value: {title: "Kết quả"}
nested: [[H1, Y]]
indicators:
  - {id: "A-1", stt: "1", kind: heading, label: "Phần một"}
  - {id: "a/b", stt: "1.1", kind: count, unit: "Việc", label: "Số việc"}
  - {id: "r1c1", stt: "1.2", kind: money, unit: "Đồng", label: "Số tiền", reported_by: xa}
  - {id: "chọn", kind: choice, options: {"Một, hai": [], "Ba": []}, label: "Mục được chọn"}
  - {id: "tinh", kind: count, unit: "Việc", reported_by: tinh, label: "Tỉnh ghi"}
"""


@pytest.fixture
def small(tmp_path: Path) -> Form:
    (tmp_path / "form.yaml").write_text(SMALL_FORM, "utf-8")
    return load_form(tmp_path)


@pytest.fixture(scope="module")
def blank() -> bytes:
    return template(load_form())


@pytest.fixture(scope="module")
def sheet(blank: bytes) -> Any:
    return opened(blank)[SHEET]


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data))


def named(sheet: Any, name: str) -> Any:
    place = sheet.parent.defined_names[name].attr_text
    return sheet[place.removeprefix(f"{SHEET}!").replace("$", "")]


def value_cell(sheet: Any, key: str) -> Any:
    return named(sheet, names.name_of(key))


def guard_of(sheet: Any, cell: Any) -> Any:
    (found,) = [rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref]
    return found


# --- the file


def test_the_same_form_gives_the_same_bytes(blank: bytes, form: Form) -> None:
    assert template(form) == blank


def test_the_shipped_template_is_not_stale(blank: bytes) -> None:
    assert parts_of(template_path().read_bytes()) == parts_of(blank), (
        "python -m cchc_excel template --form cchc_xa_quy -o templates/BieuThongKe.xlsx --force"
    )


def test_it_has_the_form_and_its_checks_and_says_which_form_it_is(blank: bytes, form: Form) -> None:
    book = opened(blank)
    assert book.sheetnames == [SHEET, CHECK_SHEET]
    assert {one.name: one.value for one in book.custom_doc_props.props} == {
        names.FORM_PROPERTY: form.id,
        names.VERSION_PROPERTY: form.version,
    }
    assert form.title in book.properties.title
    assert not book.properties.creator


def test_no_part_of_it_carries_a_time_of_the_clock(blank: bytes) -> None:
    with zipfile.ZipFile(BytesIO(blank)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.read("docProps/core.xml").count(b"2023-01-01T00:00:00Z") == 2


@pytest.mark.parametrize("make", [template, lambda form: filled(form, {}, unit=UNIT, period="2023-Q1")])
def test_a_validator_of_the_open_xml_format_finds_nothing(
    make: Callable[[Form], bytes], form: Form, tmp_path: Path
) -> None:
    assert audited(make(form), tmp_path) == []


def audited(data: bytes, folder: Path) -> list[str]:
    audit = pytest.importorskip("openxml_audit")
    path = folder / "audited.xlsx"
    path.write_bytes(data)
    return [str(error) for error in audit.OpenXmlValidator().validate(str(path)).errors]


# --- the names


def test_every_indicator_has_its_name_at_its_value_cell(sheet: Any, form: Form) -> None:
    for row in form.entries:
        cell = value_cell(sheet, row.id)
        assert (cell.column_letter, sheet[f"B{cell.row}"].value) == ("D", row.label)
    own = {names.UNIT, names.PERIOD, names.NUMBER, names.DAY, names.CHECKS}
    assert {names.id_of(name) for name in sheet.parent.defined_names if name not in own} == {
        row.id for row in form.entries
    }


def test_the_rate_of_plan_fulfilment_stands_in_row_10(sheet: Any) -> None:
    assert value_cell(sheet, "1.2").coordinate == "D10"


@given(st.text(st.characters(exclude_categories=("Cs", "Z", "C")), min_size=1) | st.from_regex(r"_x[0-9A-F]{4}."))
def test_an_id_is_read_back_from_its_name(key: str) -> None:
    name = names.name_of(key)
    assert names.id_of(name) == key
    assert all(sign.isascii() and (sign.isalnum() or sign in "._") for sign in name)


# --- what is printed


def test_every_row_stands_in_printed_order_with_number_label_and_unit(sheet: Any, form: Form) -> None:
    found = [tuple(sheet.cell(row, column).value or "" for column in (1, 2, 3)) for row in range(8, 8 + 103)]
    assert found == [(row.stt, row.label, row.unit) for row in form.indicators]


def test_the_header_has_unit_and_value_under_one_title(sheet: Any) -> None:
    assert [sheet[cell].value for cell in ("A6", "B6", "C6", "E6", "C7", "D7")] == [
        *("STT", "Chỉ tiêu thống kê", "Kết quả thống kê", "Ghi chú"),
        *("Đơn vị tính", "Số liệu"),
    ]
    assert {"A6:A7", "B6:B7", "C6:D6", "E6:E7"} <= {str(merge) for merge in sheet.merged_cells.ranges}


def test_it_prints_on_a4_with_the_margins_of_the_decree_and_the_header_on_each_page(sheet: Any) -> None:
    margins = sheet.page_margins
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert [round(25.4 * side) for side in (margins.top, margins.bottom, margins.left, margins.right)] == [
        *(20, 20, 30, 15)
    ]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)  # no fitToWidth means 1
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$6:$7"
    assert sheet.print_area == f"'{SHEET}'!$A$1:$E$116"
    assert sheet.oddFooter.center.text == "Trang &P/&N"
    assert sheet.freeze_panes == "A8"


def test_no_label_is_cut_off(sheet: Any) -> None:
    for row in range(8, 8 + 103):
        label = sheet[f"B{row}"]
        needed = lines(label.value, WIDTHS["B"] - 12 * label.alignment.indent, 12, bold=label.font.b)
        assert sheet.row_dimensions[row].height >= 15.75 * needed, label.value


@pytest.mark.parametrize("name", ["cchc_xa_quy", "cchc_xa_2025"])
def test_no_message_beside_a_row_is_cut_off_however_long_it_becomes(name: str) -> None:
    form = load_form(name)
    layout = Layout(form)
    figures = {row.id: 1234567 for row in form.entries if row.kind.is_number}
    for data in (template(form), filled(form, figures, unit="UBND xã A", period="2023-Q1")):
        sheet = openpyxl.load_workbook(BytesIO(data))[SHEET]
        assert sheet.column_dimensions[MESSAGE].width * 7 >= 500
        live = LiveForm(layout, contents_of(layout, figures, None), "", {})
        for key, said in live.of_rows().items():
            number = layout.rows[key]
            assert sheet[f"{MESSAGE}{number}"].alignment.wrap_text, key
            needed = height(lines(str(said.message.result), 500, 10, bold=True), 10)
            assert sheet.row_dimensions[number].height >= needed - 0.5, key  # to the pixel


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 1), ("a", 1), ("a\nb", 2), ("nhiệm vụ " * 10, 3), ("W" * 40, 3), ("một\n" + "W" * 20, 3)],
)
def test_lines_are_counted_as_a_cell_breaks_them(text: str, expected: int) -> None:
    assert lines(text.strip(), 250, 12) == expected


def test_sections_are_bold_and_shaded_groups_bold_and_rows_without_number_italic(sheet: Any) -> None:
    looks = {key: sheet[f"B{row}"] for key, row in (("1", 8), ("1.1", 9), ("1.2.1", 11), ("1.3.quyet_dinh", 14))}
    assert {key: (cell.font.b, cell.font.i, bool(cell.alignment.indent)) for key, cell in looks.items()} == {
        "1": (True, False, False),
        "1.1": (True, False, False),
        "1.2.1": (False, False, False),
        "1.3.quyet_dinh": (False, True, True),
    }
    assert [cell.fill.fill_type for cell in looks.values()] == ["solid", None, None, None]
    assert {cell.font.name for row in sheet["A1:E116"] for cell in row} == {"Times New Roman"}


# --- what may be typed


def test_only_figures_notes_names_and_the_four_cells_above_can_be_changed(sheet: Any, form: Form) -> None:
    entries = {value_cell(sheet, row.id).row for row in form.entries}
    last = sheet.max_row
    expected = {f"{column}{row}" for column in "DE" for row in entries}
    expected |= {"B5", "D5", "E5", "B2", "D2", "E2", *(f"{column}{last}" for column in "ABCDE")}
    assert {cell.coordinate for row in sheet for cell in row if not cell.protection.locked} == expected


def test_the_sheet_is_protected_without_a_password_and_columns_and_rows_may_be_sized(sheet: Any) -> None:
    guard = sheet.protection
    assert guard.sheet
    assert guard.password is None
    forbidden = (guard.formatColumns, guard.formatRows, guard.selectLockedCells, guard.selectUnlockedCells)
    assert forbidden == (False, False, False, False)


def test_every_figure_is_guarded_as_its_kind_asks(sheet: Any, form: Form) -> None:
    expected = {
        Kind.COUNT: ("whole", "greaterThanOrEqual", "0", None),
        Kind.PERCENT: ("decimal", None, "0", "100"),  # no operator means between
        Kind.MONEY: ("decimal", "greaterThanOrEqual", "0", None),
        Kind.CHOICE: ("list", None, '"Trực tuyến,Phát phiếu,Kết hợp"', None),
        Kind.YES_NO: ("list", None, '"Có,Không"', None),
    }
    for row in form.entries:
        rule = guard_of(sheet, value_cell(sheet, row.id))
        found = (rule.type, rule.operator, rule.formula1, rule.formula2)
        assert found == (("decimal", "greaterThanOrEqual", "0", None) if row.may_exceed else expected[row.kind]), row.id


def test_every_figure_says_what_to_type_and_what_was_wrong(sheet: Any, form: Form) -> None:
    for row in form.entries:
        rule = guard_of(sheet, value_cell(sheet, row.id))
        assert 0 < len(rule.promptTitle) <= 32
        assert 0 < len(rule.prompt) <= 255
        assert rule.error
        assert rule.showInputMessage
        assert rule.showErrorMessage


def test_the_prompt_of_a_percentage_says_how_it_is_computed(sheet: Any) -> None:
    rule = guard_of(sheet, value_cell(sheet, "1.2"))
    assert rule.promptTitle == "Chỉ tiêu 1.2"
    assert "100 × [1.2.2 Số nhiệm vụ đã hoàn thành] : [1.2.1 Số nhiệm vụ đề ra trong kế hoạch]" in rule.prompt
    assert guard_of(sheet, value_cell(sheet, "1.4.1.tinh")).promptTitle == "Thuộc mục 1.4.1"


def test_a_row_that_a_level_above_reports_is_grey_and_says_so(sheet: Any) -> None:
    cell = value_cell(sheet, "6.1")
    assert cell.fill.fgColor.rgb.endswith("D9D9D9")
    assert "cấp trên báo cáo, để trống" in guard_of(sheet, cell).prompt
    assert sheet[f"E{cell.row}"].value == "Cấp huyện báo cáo"


def test_the_period_drops_down_from_the_form_s_own_periods(sheet: Any) -> None:
    rule = guard_of(sheet, named(sheet, names.PERIOD))
    # it ends where no more is offered: the form is no longer in force after the first half of 2025
    assert (rule.type, rule.formula1) == ("list", 'OFFSET($I$8,0,0,COUNTIF($I$8:$I$15,"?*"),1)')
    assert sheet.column_dimensions["I"].hidden
    newest = "MIN(YEAR(TODAY()),2025)"
    assert [cell.value for (cell,) in sheet["I8:I9"]] == [
        f'=IF({newest}=2025,"{before}2025","{before}"&({newest}-0)&"")' for before in ("Quý I năm ", "6 tháng đầu năm ")
    ]


# --- filled


def test_texts_stay_the_texts_they_are_and_numbers_numbers(form: Form) -> None:
    values: dict[str, int | float | str | None] = {"1.1": "02", "1.2": 28.57, "1.2.1": 7, "1.6": "Không", "2.1": None}
    sheet = opened(filled(form, values, unit=UNIT, period="2023-Q1"))[SHEET]
    assert {key: (value_cell(sheet, key).value, value_cell(sheet, key).data_type) for key in values} == {
        "1.1": ("02", "s"),
        "1.2": (28.57, "n"),
        "1.2.1": (7, "n"),
        "1.6": ("Không", "s"),
        "2.1": (None, "n"),
    }


def test_a_text_that_looks_like_a_formula_is_none(form: Form) -> None:
    sheet = opened(filled(form, {"1.1": "=1+1"}, unit="=A1", period="2023-Q1", notes={"1.1": "=HYPERLINK(1)"}))[SHEET]
    assert [(sheet[cell].value, sheet[cell].data_type) for cell in ("D9", "B5", "E9")] == [
        ("=1+1", "s"),
        ("=A1", "s"),
        ("=HYPERLINK(1)", "s"),
    ]


def test_a_figure_for_an_indicator_that_the_form_does_not_have_is_refused(form: Form) -> None:
    with pytest.raises(KeyError, match=r"9\.9"):
        filled(form, {"9.9": 1}, unit=UNIT, period="2023-Q1")


def test_what_is_filled_in_is_read_back(form: Form) -> None:
    data = filled(form, {"1.2.1": 7, "1.2": 28.57}, unit=UNIT, period="2023-Q1", number="12", day=date(2023, 3, 7))
    reading = read(Source("x.xlsx", data), form)
    assert reading.submission is not None
    assert (reading.submission.unit, reading.submission.period) == (UNIT, Period(2023, "Q1"))
    assert {key: value for key, value in reading.submission.values.items() if value is not None} == {
        "1.2.1": 7,
        "1.2": pytest.approx(28.57),
    }
    assert reading.findings == ()


@pytest.mark.parametrize("part", ["Q1", "H1", "Q3", "9M", "Y"])
def test_every_period_is_read_back(part: str, form: Form) -> None:
    short = shortened(form)
    reading = read(Source("x.xlsx", template(short, unit=UNIT, period=str(Period(2024, part)))), short)
    assert reading.submission is not None
    assert reading.submission.period == Period(2024, part)


def test_a_blank_template_names_no_unit_no_period_and_wants_number_and_day(blank: bytes, form: Form) -> None:
    reading = read(Source("x.xlsx", blank), form)
    assert reading.submission is not None
    assert (reading.submission.unit, reading.submission.period) == (None, None)
    assert {"S30", "S31", "S32"} <= {one.code for one in reading.findings}


# --- composed texts


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("UBND xã Bằng Lăng", "Bằng Lăng,"),
        ("UBND thị trấn Bằng Lũng", "Bằng Lũng,"),
        ("Ủy ban nhân dân phường Đức Xuân", "Đức Xuân,"),
        ("Bằng Lăng", "………,"),
        ("", "………,"),
    ],
)
@pytest.mark.parametrize("day", [None, date(2023, 3, 7)])
def test_stored_texts_are_what_a_spreadsheet_engine_calculates(
    unit: str, place: str, day: date | None, form: Form, tmp_path: Path
) -> None:
    ironcalc = pytest.importorskip("ironcalc")
    path = tmp_path / "x.xlsx"
    path.write_bytes(filled(shortened(form), {}, unit=unit, period="", number="12" if day else "", day=day))
    stored = openpyxl.load_workbook(path, data_only=True)[SHEET]
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
    model.evaluate()
    assert stored["C2"].value == place
    for row, column in ((1, 1), (2, 3), (4, 1)):
        assert stored.cell(row, column).value == model.get_cell_value(0, row, column)


def test_the_caption_repeats_number_day_and_unit(form: Form) -> None:
    data = filled(shortened(form), {}, unit=UNIT, period="2023-Q1", number="12", day=date(2023, 3, 7))
    caption = openpyxl.load_workbook(BytesIO(data), data_only=True)[SHEET]["A4"].value
    assert caption == f"(Kèm theo Báo cáo số 12/BC-UBND ngày 07 tháng 03 năm 2023 của {UNIT})"


# --- any form


def test_a_form_of_another_kind_gives_its_template_too(small: Form, tmp_path: Path) -> None:
    data = template(small)
    sheet = opened(data)[SHEET]
    assert [sheet[f"{column}6"].value for column in "ABCDE"] == ["STT", "Nội dung", "Đơn vị tính", "Kết quả", "Ghi chú"]
    assert "UBND HUYỆN …" in openpyxl.load_workbook(BytesIO(data), data_only=True)[SHEET]["A1"].value
    assert {row.id: value_cell(sheet, row.id).coordinate for row in small.entries} == {
        "a/b": "D9",
        "r1c1": "D10",
        "chọn": "D11",
        "tinh": "D12",
    }
    assert audited(data, tmp_path) == []


def test_an_answer_with_a_comma_in_it_comes_from_a_hidden_list(small: Form) -> None:
    sheet = opened(template(small))[SHEET]
    rule = guard_of(sheet, value_cell(sheet, "chọn"))
    column = column_index_from_string(rule.formula1[1])
    assert any(group.hidden and group.min <= column <= group.max for group in sheet.column_dimensions.values())
    assert [cell.value for (cell,) in sheet[rule.formula1.replace("$", "")]] == ["Một, hai", "Ba"]


def test_a_row_of_the_level_below_is_open_and_one_of_the_level_above_is_grey(small: Form) -> None:
    sheet = opened(template(small))[SHEET]
    assert value_cell(sheet, "r1c1").fill.fill_type is None
    assert value_cell(sheet, "tinh").fill.fill_type == "solid"


# --- the examples


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "examples" / "make_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_examples_are_not_stale() -> None:
    for name, data in maker().examples().items():
        assert parts_of((ROOT / "examples" / name).read_bytes()) == parts_of(data), "python examples/make_examples.py"


def test_both_examples_hold_the_same_figures(form: Form) -> None:
    first, second = (read(Source(name, data), form).submission for name, data in maker().examples().items())
    assert first is not None
    assert second is not None
    assert len([value for value in first.values.values() if value is not None]) == 74
    assert first.values == second.values
    assert (first.unit, first.period) == (second.unit, second.period) == (UNIT, Period(2023, "Q1"))


def test_the_printed_example_has_what_the_printout_did_to_the_table() -> None:
    data = maker().examples()["BangLang_2023-Q1_inlai.xlsx"]
    sheet = opened(data).worksheets[0]
    columns = [[row[column].value for row in sheet.iter_rows()] for column in range(5)]
    assert columns[0].count("STT") == 6
    assert columns[0].count("4.2") == 2
    assert "Trong đó" in columns[0]
    assert "giản hóa" in columns[1]
    assert "lũy kể" in sheet["B9"].value
    assert {cell.data_type for (cell,) in sheet["D8:D126"] if cell.value is not None} == {"s"}


# --- other programs


@pytest.fixture(scope="module")
def office() -> Callable[[Path, str], Path]:
    def convert(path: Path, to: str) -> Path:
        profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
        command = [shutil.which("soffice") or "", "--headless", profile, "--convert-to", to, "--outdir"]
        out = path.parent / "out"
        subprocess.run([*command, str(out), str(path)], check=True, capture_output=True, timeout=120)
        return out / f"{path.stem}.{to.partition(':')[0]}"

    return convert


@pytest.mark.libreoffice
def test_libreoffice_keeps_names_guards_and_protection(
    blank: bytes, form: Form, tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(blank)
    sheet = openpyxl.load_workbook(office(path, "xlsx"))[SHEET]
    assert sheet.protection.sheet
    for row in form.entries:
        assert guard_of(sheet, value_cell(sheet, row.id)).type
    assert sheet["A1"].value.startswith("=")


# --- what it says of its head, and what of it is printed


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ({"unit": "", "period": ""}, "Phần đầu biểu chưa ghi: đơn vị; kỳ báo cáo; số báo cáo; ngày báo cáo"),
        ({"unit": "UBND xã A", "period": "2023-Q1"}, "Phần đầu biểu chưa ghi: số báo cáo; ngày báo cáo"),
        ({"unit": "UBND xã A", "period": "2023-Q1", "number": "12", "day": date(2023, 3, 7)}, ""),
    ],
)
def test_the_form_says_what_its_head_does_not_tell_yet(who: dict[str, Any], says: str) -> None:
    data = filled(load_form(), {}, **who)
    assert (openpyxl.load_workbook(BytesIO(data), data_only=True)[SHEET]["F4"].value or "") == says
    model = loaded(data)
    model.evaluate()
    assert model.get_cell_value(0, 4, 6) == says


def test_of_the_checks_no_more_is_printed_than_how_the_form_stands() -> None:
    book = openpyxl.load_workbook(BytesIO(template(load_form())))
    assert book["Kiểm tra"].print_area == "'Kiểm tra'!$A$1:$F$3"
