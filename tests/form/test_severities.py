"""A form's folder sets how bad the findings of a built-in code are, and everybody obeys."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from consistent import submission_of
from drawing import bytes_of
from small_forms import findings_of, small_form

from cchc_excel.codes import CODES
from cchc_excel.correcting.locate import located
from cchc_excel.errors import FormDefinitionError
from cchc_excel.form import Form, Severity, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.reporting.reference import explanation
from cchc_excel.wording import words
from cchc_excel.wording.cases import Example, filled_sheet
from cchc_excel.workbook_form.live import rules_of

RATE = ('p, kind: percent, unit: "%", part: a, whole: n', "a", "n")


def demonstration(tmp_path: Path, severities: str) -> Form:
    """The demonstration form, but for these severities."""
    folder = tmp_path / "rieng"
    folder.mkdir()
    (folder / "form.yaml").write_text(f"extends: cchc_rut_gon\nseverities: {severities}\n", "utf-8")
    return load_form(folder)


def severities_in(form: Form, example: Example) -> dict[str, Severity]:
    source = Source(filled_sheet().file, bytes_of(example))
    return {finding.code: finding.severity for finding in examine(source, form).findings}


def test_reading_obeys(tmp_path: Path) -> None:
    form = demonstration(tmp_path, "{T01: warning, S30: error}")
    example = Example("T01", cells={"cong_bo_moi": "60"}, above=("Quý I năm 2024",), file="a.xlsx")
    found = severities_in(form, example)
    assert (found["T01"], found["S30"]) == (Severity.WARNING, Severity.ERROR)


def test_checking_obeys_for_relations_and_for_the_form_as_a_whole(tmp_path: Path) -> None:
    form = demonstration(tmp_path, "{C01: info, C07: warning, A02: warning}")
    assert severities_in(form, Example("C07", cells=dict.fromkeys(filled_sheet().cells)))["C07"] is Severity.WARNING
    found = severities_in(form, Example("A02", cells={"cong_bo_moi": None, "ty_le_dung_han": 12}))
    assert (found["C01"], found["A02"]) == (Severity.INFO, Severity.WARNING)


def test_a_milder_case_of_a_code_gets_what_the_form_says_too(tmp_path: Path) -> None:
    form = small_form(
        tmp_path, "p, kind: percent, part: a, whole: n, may_exceed: true", "a", "n", more="severities: {A05: error}"
    )
    assert findings_of(form, {"p": 200, "a": 8, "n": 4})["A05", "a"].severity is Severity.ERROR


def test_only_errors_are_constraints_of_the_solver(tmp_path: Path) -> None:
    figures = submission_of({"t": 9, "a": 2, "b": 3})
    rows = ("t, total_of: [a, b]", "a", "b")
    assert located(figures, small_form(tmp_path, *rows)).groups != ()
    assert located(figures, small_form(tmp_path, *rows, more="severities: {A01: warning}")).groups == ()


@pytest.mark.parametrize("code", ["T03", "T04", "T05"])
def test_a_bound_that_is_no_error_is_no_constraint_either(tmp_path: Path, code: str) -> None:
    values: dict[str, int | Fraction] = {"T03": Fraction(5, 2), "T04": -3, "T05": 130}
    row = "a, kind: percent" if code == "T05" else "a"
    assert located(submission_of({"a": values[code]}), small_form(tmp_path, row)).groups != ()
    milder = small_form(tmp_path, row, more=f"severities: {{{code}: warning}}")
    assert located(submission_of({"a": values[code]}), milder).groups == ()


def test_a_percentage_cut_off_is_a_constraint_where_the_form_calls_it_an_error(tmp_path: Path) -> None:
    figures = submission_of({"p": 78, "a": 15, "n": 19})
    assert located(figures, small_form(tmp_path, *RATE)).groups == ()
    (group,) = located(figures, small_form(tmp_path, *RATE, more="severities: {A03: error}")).groups
    assert group.sets == (("p",),)


def test_a_percentage_over_nothing_is_a_constraint_where_the_form_calls_it_an_error(tmp_path: Path) -> None:
    figures = submission_of({"p": 0, "a": 0, "n": 0})
    assert located(figures, small_form(tmp_path, *RATE)).groups == ()
    assert located(figures, small_form(tmp_path, *RATE, more="severities: {A04: error}")).groups != ()


def test_the_template_s_own_checks_obey(tmp_path: Path) -> None:
    form = demonstration(tmp_path, "{C05: warning, T02: warning}")
    found = {rule.code: rule.severity for rule in rules_of(form, with_previous=False)}
    assert (found["C05"], found["T02"], found["T12"]) == (Severity.WARNING, Severity.WARNING, Severity.ERROR)


def test_its_page_says_what_holds_in_this_form(tmp_path: Path) -> None:
    form = demonstration(tmp_path, "{C05: warning, U04: info}")
    assert "**Mức độ**: Cảnh báo" in explanation("C05", form, words("vi"))
    assert "**Mức độ**: Lưu ý" in explanation("U04", form, words("vi"))


def test_a_form_that_extends_another_keeps_its_severities_unless_it_sets_them_otherwise(tmp_path: Path) -> None:
    demonstration(tmp_path, "{C05: warning, T16: error}")
    (tmp_path / "con").mkdir()
    (tmp_path / "con" / "form.yaml").write_text("extends: rieng\nseverities: {T16: info}\n", "utf-8")
    form = load_form(tmp_path / "con")
    assert {code: form.severity_of(code) for code in ("C05", "T16", "A01")} == {
        "C05": Severity.WARNING,
        "T16": Severity.INFO,
        "A01": CODES["A01"].severity,
    }


def test_a_form_that_sets_nothing_has_the_severities_of_the_catalogue() -> None:
    form = load_form()
    assert all(form.severity_of(name) is code.severity for name, code in CODES.items())


@pytest.mark.parametrize(
    ("severities", "said"),
    [
        ("{A09: error}", "Không có mã “A09” trong các mã có sẵn"),
        ("{L01: error}", "Mức độ của quy tắc riêng ghi ngay tại quy tắc đó"),
        ("{C05: bad}", "Mục “C05” ghi “bad”; chỉ được ghi: error, warning, info."),
        ("{S02: info}", "Không đặt được mức độ của mã S02"),
        ("[C05]", "Mục “-” ghi"),
    ],
)
def test_what_cannot_be_set_is_refused_with_file_line_and_remedy(tmp_path: Path, severities: str, said: str) -> None:
    with pytest.raises(FormDefinitionError) as refused:
        demonstration(tmp_path, severities)
    (line,) = words("vi").mistakes(refused.value)
    assert line.startswith("rieng/form.yaml:2: ")
    assert said in line
