"""Rules as rows of a sheet: what is exported comes back the same, and what is wrong in a row is told by its cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from small_forms import small_form

from cchc_excel.commands.refusals import DONE, FAILED, guarded
from cchc_excel.commands.rules import run_rules_export, run_rules_import
from cchc_excel.drafting.rule_cells import DecimalComma, NoCase, cell_of, condition_of, value_of
from cchc_excel.errors import OutputExists
from cchc_excel.form import Form, load_form

SHIPPED = ("cchc_xa_quy", "vi_du", "cchc_xa_2025")


def without_lines(form: Form) -> str:
    """All that a form is made of, but where it is written."""
    rows = tuple(replace(row, line=0) for row in form.indicators)
    checks = tuple(check._replace(line=0) for check in form.checks)
    return replace(form, indicators=rows, checks=checks).in_full()


def exported(tmp_path: Path, form: str = "cchc_xa_quy", language: Any = "vi") -> Path:
    sheet = tmp_path / "QuyTac.xlsx"
    run_rules_export(sheet, form=form, language=language, force=True)
    return sheet


def taken_over(sheet: Path, folder: Path) -> int:
    return run_rules_import(sheet, output=folder, form="", language="vi", force=True)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_rules_that_nobody_edited_come_back_exactly(name: str, language: str, tmp_path: Path) -> None:
    sheet = exported(tmp_path, name, language)
    assert taken_over(sheet, tmp_path / "moi") == DONE
    assert without_lines(load_form(tmp_path / "moi")) == without_lines(load_form(name))
    again = tmp_path / "lai.xlsx"
    run_rules_export(again, form=str(tmp_path / "moi"), language="vi", force=False)
    assert texts_of(again) == texts_of(exported(tmp_path, name))


def texts_of(sheet: Path) -> list[list[Any]]:
    """The sheet of rules without the column that tells the file."""
    page = load_workbook(sheet)["Quy tắc"]
    return [[cell.value for cell in row[:-1]] for row in page.iter_rows()]


EVERYTHING = (
    "code: L01, for: [a, b], soft: '[*] <= 10', hard: '[*] <= 100', only: [H1, month], from: 2025-Q1, own_level: true, "
    "says: 'Ghi {[*]}.', echo_of: [L02], en: {what: A., why: B., do: C., says: 'It is {[*]}.'}, "
    "hints: [{when: '[*] > 50', vi: Gợi ý., en: Hint.}, {when: '[*] > 70', vi: '=Nhiều'}], "
    "holds_for: {'*': 1}, warns_for: [{'*': 20}, {'*': 30}], fails_for: {'*': 200}",
    "code: L02, severity: warning, assert: '[a] + [b] > 0', missing: {left: as_zero, right: skip_if_all}, "
    "holds_for: {a: 1, b: 1}, fails_for: {a: 0, b: 0}",
    "code: P51, assert: '[a] >= just_before([b]) - 2', target: a, fix: suggest, expected: 'just_before([b])', "
    "beta: true, scope: just_before, holds_for: {a: 1, just_before: {b: 1}}, "
    "fails_for: {a: 1, b: ~, just_before: {b: 9, a: 2}}",
)


def test_every_field_of_a_rule_comes_back(tmp_path: Path) -> None:
    form = small_form(tmp_path, "a", "b", checks=EVERYTHING)
    sheet = exported(tmp_path, str(tmp_path / "bieu"))
    assert taken_over(sheet, tmp_path / "moi") == DONE
    assert without_lines(load_form(tmp_path / "moi")) == without_lines(form)


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).map(str.strip).filter(bool)
figures = st.dictionaries(names.filter(lambda it: it not in {"previous", "just_before"}), st.none() | names, min_size=1)


@given(st.lists(figures, min_size=1, max_size=3), figures)
def test_a_case_with_any_texts_comes_back_from_its_cell(cases: list[dict[str, Any]], before: dict[str, Any]) -> None:
    rule = {"holds_for": [cases[0] | {"just_before": before}, *cases]}
    assert value_of("holds_for", cell_of("holds_for", rule)) == rule["holds_for"]


@pytest.mark.parametrize("text", ["a", "a = 1; b", "a = 1 | khi: b = 2", "= 3", 'a = "1', "a = 1; ; b = 2"])
def test_what_is_no_case_is_refused(text: str) -> None:
    with pytest.raises(NoCase):
        value_of("holds_for", text)


# --- edited


def edited(sheet: Path, change: Callable[[Any], None], page: str = "Quy tắc") -> Path:
    book = load_workbook(sheet)
    change(book[page])
    book.save(sheet)
    return sheet


def put(**texts: Any) -> Callable[[Any], None]:
    def change(page: Any) -> None:
        for cell, text in texts.items():
            page[cell].value = text

    return change


def test_an_officer_changes_adds_and_takes_out_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(page: Any) -> None:
        page["B2"].value = "Cảnh báo"
        last = page.max_row + 2
        page.cell(last, 1).value, page.cell(last, 3).value = "L98", "[1.4.1] <= 500"
        for column, text in ((4, "Số nhiệm vụ ở mức thường có."), (5, "Ít xã có nhiều hơn."), (6, "Đối chiếu lại.")):
            page.cell(last, column).value = text
        page.cell(last, 13).value, page.cell(last, 14).value = "1.4.1 = 5", "1.4.1 = 501\n1.4.1 = 900"
        page.delete_rows(4)

    assert taken_over(edited(exported(tmp_path), change), tmp_path / "moi") == DONE
    before, now = load_form(), load_form(tmp_path / "moi")
    assert [check.code for check in before.own_checks()][2] not in now.own
    assert now.own["L04"].severity == "warning"
    assert len(now.own["L98"].fails_for) == 2
    assert "1 thay đổi, 1 thêm, 1 bỏ" in capsys.readouterr().err


def test_what_is_wrong_in_rows_is_told_by_cell_all_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = put(A2="", B3="nặng", C4="[9.9] > 1", C5="[1.4.1] >> 2", M6="năm", H7="=1+1", N8="1.4.1 = 0", A10=None)
    sheet = edited(exported(tmp_path), change)
    assert taken_over(sheet, tmp_path / "moi") == FAILED
    told = capsys.readouterr().err.splitlines()
    assert all(line.startswith("QuyTac.xlsx, trang “Quy tắc”, ô ") for line in told)
    cells = {line.split("ô ")[1].split(":")[0] for line in told}
    assert {"A2", "B3", "C4", "C5", "M6", "H7", "A10"} <= cells
    assert not (tmp_path / "moi").exists()
    assert {it.name for it in tmp_path.iterdir()} == {"QuyTac.xlsx"}


def mistakes_told(sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What is told of a sheet that is refused, by cell."""
    assert taken_over(sheet, tmp_path / "moi") == FAILED
    told = capsys.readouterr().err.splitlines()
    return dict(line.split(", ô ")[1].split(": ", 1) for line in told)


def test_mistakes_name_the_columns_and_the_words_of_the_sheet_and_not_those_of_yaml(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = put(B2="nghiêm trọng", H3="xóa", I4="2025-Q9", N5=None, D6=None, C7=None)
    assert mistakes_told(edited(exported(tmp_path), change), tmp_path, capsys) == {
        "B2": "Mục “Mức độ” ghi “nghiêm trọng”; chỉ được ghi: lỗi, cảnh báo, lưu ý.",
        "H3": "Mục “Việc sửa” ghi “xóa”; chỉ được ghi: tự sửa, đề xuất, không sửa.",
        "I4": "Mục “Từ kỳ” ghi “2025-Q9”; chỉ được ghi: 2025-Q3, 2025-08, 2025, 2025-07-01.",
        "A5": "Quy tắc L07 chưa có ví dụ ở mục “Trường hợp sai”; cần ít nhất một ví dụ.",
        "A6": "Quy tắc L08 thiếu câu ở mục “Nội dung kiểm tra”; cần bổ sung.",
        "A7": "Thiếu mục “Quy tắc”; cần bổ sung.",
    }


def test_what_is_wrong_in_a_cell_is_not_said_again_as_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = mistakes_told(edited(exported(tmp_path), put(C3="=A1", M5="năm")), tmp_path, capsys)
    assert set(told) == {"C3", "M5"}


def test_a_renamed_column_is_one_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mistakes_told(edited(exported(tmp_path), put(C1="Luật")), tmp_path, capsys) == {
        "C1": "Không có cột nào tên “Luật”; tiêu đề của cột này phải là “Quy tắc”."
    }


def test_signs_as_officers_write_them_are_those_of_the_rule_language(tmp_path: Path) -> None:
    def change(page: Any) -> None:
        last = page.max_row + 1
        row = ("L98", None, "[1.4.1] × 2 ≤ 500", "Ít.", "Vì vậy.", "Xem lại.")
        for column, text in enumerate(row, start=1):
            page.cell(last, column).value = text
        page.cell(last, 13).value, page.cell(last, 14).value = "1.4.1 = 250", "1.4.1 = 251"

    assert taken_over(edited(exported(tmp_path), change), tmp_path / "moi") == DONE
    assert "[1.4.1] * 2 <= 500" in (tmp_path / "moi" / "checks.yaml").read_text("utf-8")


def test_signs_within_an_answer_stay_as_they_are() -> None:
    assert condition_of("[1.6] ≠ 'a ≠ b' and [1.1] ≥ −1") == "[1.6] != 'a ≠ b' and [1.1] >= -1"


@pytest.mark.parametrize("text", ["[a] <= 1,5 * [b]", "[a] <= (1,5 + [b])", "max([a], (2,25)) > 1"])
def test_a_decimal_comma_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(DecimalComma):
        condition_of(text)


@pytest.mark.parametrize("text", ["max(1,5) <= [a]", "[a] in ('1,5', 'b')", "[1.4,5] > 1", "[a] <= 1.5"])
def test_a_comma_that_may_part_values_or_stands_in_an_answer_is_left_to_the_rule_language(text: str) -> None:
    assert condition_of(text) == text


def test_a_decimal_comma_is_told_by_its_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = mistakes_told(edited(exported(tmp_path), put(C3="[1.1] <= 1,5 * [7.1]")), tmp_path, capsys)
    assert set(told) == {"C3"}
    assert "tức là 1.5;" in told["C3"]


@pytest.mark.parametrize(
    ("change", "page", "said"),
    [
        (put(A1="Cột lạ"), "Quy tắc", "Không có cột nào tên “Cột lạ”"),
        (put(C1=None), "Quy tắc", "Thiếu cột “Quy tắc”"),
        (put(A2="L97"), "Gợi ý", "Không có quy tắc mã “L97”"),
        (lambda page: setattr(page, "title", "Trang khác"), "Quy tắc", "không có trang “Quy tắc”"),
        (lambda page: page.delete_rows(2, 100), "Quy tắc", "ghi ít nhất một quy tắc"),
    ],
)
def test_a_sheet_that_is_not_the_exported_one_is_told(
    tmp_path: Path, change: Callable[[Any], None], page: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taken_over(edited(exported(tmp_path), change, page), tmp_path / "moi") == FAILED
    assert said in capsys.readouterr().err


def test_columns_may_change_places_and_dates_and_numbers_are_taken_as_they_look(tmp_path: Path) -> None:
    def change(page: Any) -> None:
        page.move_range(f"A1:A{page.max_row}", cols=60)
        page["I2"].value, page["J2"].value = 2023, "2024-Q2"

    assert taken_over(edited(exported(tmp_path), change), tmp_path / "moi") == DONE
    when = load_form(tmp_path / "moi").own["L04"].when
    assert (str(when.first), str(when.last)) == ("2023-01-01", "2024-06-30")


def test_a_text_that_looks_like_a_formula_is_written_as_a_text(tmp_path: Path) -> None:
    texts = "what: '=HYPERLINK(\"x\")', why: '+1', do: '@SUM(1)', says: '-{[a]}'"
    rule = f"code: L01, assert: '-[a] <= 0', {texts}, holds_for: {{a: 1}}, fails_for: {{a: -1}}"
    (tmp_path / "bieu").mkdir()
    small_form(tmp_path, "a, negative: true")
    (tmp_path / "bieu" / "checks.yaml").write_text(f"checks:\n  - {{{rule}}}\n", "utf-8")
    sheet = exported(tmp_path, str(tmp_path / "bieu"))
    page = load_workbook(sheet)["Quy tắc"]
    for cell in ("C2", "D2", "E2", "F2", "G2"):
        assert page[cell].data_type == "s"
        assert page[cell].quotePrefix
    with zipfile.ZipFile(sheet) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets" in name)
    assert taken_over(sheet, tmp_path / "moi") == DONE


def test_what_is_there_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    sheet = exported(tmp_path)
    with pytest.raises(OutputExists):
        run_rules_export(sheet, form="", language="vi", force=False)
    assert taken_over(sheet, tmp_path / "moi") == DONE
    with pytest.raises(OutputExists):
        run_rules_import(sheet, output=tmp_path / "moi", form="", language="vi", force=False)


def test_rules_are_taken_over_into_the_form_that_is_there(tmp_path: Path) -> None:
    small_form(tmp_path, "a", checks=("code: L01, assert: '[a] <= 5', holds_for: {a: 5}, fails_for: {a: 6}",))
    sheet = edited(exported(tmp_path, str(tmp_path / "bieu")), put(C2="[a] <= 4", M2="a = 4"))
    form = (tmp_path / "bieu" / "form.yaml").read_bytes()
    assert taken_over(sheet, tmp_path / "bieu") == DONE
    assert (tmp_path / "bieu" / "form.yaml").read_bytes() == form
    assert load_form(tmp_path / "bieu").own["L01"].condition.args[1].value == 4


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"code;rule\nL01;x\n", b"<html></html>"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    sheet = tmp_path / "QuyTac.xlsx"
    sheet.write_bytes(data)
    assert guarded(lambda: taken_over(sheet, tmp_path / "moi"), []) == FAILED
    assert not (tmp_path / "moi").exists()


def test_an_empty_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    book.save(tmp_path / "QuyTac.xlsx")
    status = run_rules_import(
        tmp_path / "QuyTac.xlsx", output=tmp_path / "moi", form="cchc_xa_quy", language="en", force=False
    )
    assert status == FAILED
    assert "cchc rules export" in capsys.readouterr().err
