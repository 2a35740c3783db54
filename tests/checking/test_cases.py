"""Every built-in code by its cases: what fails yields the code and nothing worse, what holds does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from drawing import bytes_of, cells_of, drawn, earlier_grid_of, grid_of

from cchc_excel import codes
from cchc_excel.checking import check
from cchc_excel.errors import Unopened, UnreadableWorkbook
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, load_form
from cchc_excel.grid import Cell, CellError, Grid, Range, Sheet, Source
from cchc_excel.pipeline import examine_all
from cchc_excel.reading import Given, Reading, read, read_grid, unreadable
from cchc_excel.reporting.reference import all_codes, explanation
from cchc_excel.submission import Period, Submission
from cchc_excel.wording import words
from cchc_excel.wording.cases import Earlier, Example, codes_with_examples, examples_of, filled_sheet

FORM = load_form(filled_sheet().form)
CODES = all_codes(FORM)
BUILT_IN = sorted(codes_with_examples())
OF_FILES = frozenset(
    {"S02", "S03", "S04", "S05", "S06", "S60", "S61", "S62", "S63", "T14", "T22"}
)  # told by the bytes alone


def cases(which: Literal["holds", "fails"]) -> list[object]:
    return list(_cases(which))


def _cases(which: Literal["holds", "fails"]) -> Iterator[object]:
    for code in BUILT_IN:
        for place, example in enumerate(examples_of(code, which)):
            yield pytest.param(example, id=f"{code}-{place}")


@pytest.fixture(autouse=True)
def _broken_where_a_case_says_so(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program itself fail where a case is about that."""
    example = getattr(request.node, "callspec", None) and request.node.callspec.params.get("example")
    if isinstance(example, Example) and example.breaks:

        def fail(*_: object) -> Reading:
            raise IndexError(example.breaks)

        monkeypatch.setattr("cchc_excel.pipeline.read", fail)


def reading_of(example: Example) -> Reading:
    name = example.file or filled_sheet().file
    if example.period:  # the sheet's own, in the place of what stands above its table
        given = Given(period=Period.parse(example.period), override=True)
    else:
        said = example.said_period
        given = Given(example.said_unit or None, Period.parse(said) if said else None)
    if example.code in OF_FILES:
        return read(Source(name, bytes_of(example)), FORM, given)
    try:
        return read_grid(grid_of(example), FORM, name, given)
    except UnreadableWorkbook as error:
        return Reading(None, (unreadable(error),))


def earlier_of(example: Example) -> list[Submission]:
    return [_earlier(earlier) for earlier in example.previous]


def _earlier(earlier: Earlier) -> Submission:
    given = Given(period=Period.parse(earlier.period)) if earlier.period else Given()
    submission = read_grid(earlier_grid_of(earlier), FORM, "truoc.xlsx", given).submission
    assert submission is not None
    return submission


def found(example: Example) -> tuple[Finding, ...]:
    if example.breaks:
        source = Source(filled_sheet().file, bytes_of(Example("")))
        (examination,) = examine_all([source], FORM)
        return examination.findings
    if example.unopened:
        return (unreadable(Unopened(example.unopened)),)
    reading = reading_of(example)
    if reading.submission is None:
        return reading.findings
    return reading.findings + check(reading.submission, FORM, earlier_of(example)).findings


def worse_than_info(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings if finding.severity is not Severity.INFO}


@pytest.mark.parametrize("example", cases("fails"))
def test_what_fails_yields_its_code_and_nothing_else_above_information(example: Example) -> None:
    findings = found(example)
    wanted = Severity(example.severity or CODES[example.code])
    assert wanted in {finding.severity for finding in findings if finding.code == example.code}
    assert worse_than_info(findings) - {example.code} == set(example.also)


@pytest.mark.parametrize("example", cases("holds"))
def test_what_holds_does_not_yield_the_code_nor_anything_above_information(example: Example) -> None:
    findings = found(example)
    assert example.code not in {finding.code for finding in findings}
    assert worse_than_info(findings) == set(example.also)


@pytest.mark.parametrize("example", cases("fails"))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_fails_is_said_in_a_whole_sentence(example: Example, language: Literal["vi", "en"]) -> None:
    sentences = {finding.code: words(language).message(finding, FORM) for finding in found(example)}
    assert example.code in sentences
    for sentence in sentences.values():
        assert re.search(r"[.)]$", sentence)
        assert not re.search(r"[{}]|\(\)|: \.$| [;,]", sentence)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_component_that_its_percentage_does_not_determine_is_not_called_blank(language: Literal["vi", "en"]) -> None:
    for example in examples_of("C04", "fails"):
        (finding,) = found(example)
        unknown = finding.compared_with is None
        sentence = words(language).message(finding, FORM)
        assert words(language).word("blank") not in sentence
        assert unknown or words(language).value(finding.compared_with) in sentence


def test_every_built_in_code_has_a_case_that_holds_and_one_that_fails() -> None:
    # what stands between units cannot be shown on one sheet: tests/checking/test_between.py has the cases of family U
    built_in = {name for name, code in codes.CODES.items() if code.family != "U"}
    assert built_in == codes_with_examples()
    assert [code for code in built_in if not (examples_of(code, "holds") and examples_of(code, "fails"))] == []


def test_the_standard_form_knows_at_least_60_codes() -> None:
    assert len(all_codes(load_form())) >= 60


def test_the_demonstration_form_lacks_no_built_in_code_that_the_standard_form_has() -> None:
    standard = load_form()
    own = {check.code for check in standard.own_checks()}
    assert set(all_codes(standard)) - own <= set(CODES)


def test_the_sheet_that_all_cases_start_from_says_nothing_at_all() -> None:
    assert found(Example("T01")) == ()


@pytest.mark.parametrize("code", BUILT_IN)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_every_code_shows_its_examples(code: str, language: Literal["vi", "en"]) -> None:
    page = explanation(code, FORM, words(language))
    for example in (*examples_of(code, "holds"), *examples_of(code, "fails")):
        assert example.shown(language)
        assert example.shown(language) in page


def test_an_example_is_shown_as_it_stands_in_the_sheet() -> None:
    (text, *_), (error, *_), (formula, *_) = (examples_of(code, "fails") for code in ("T02", "T13", "T14"))
    assert text.shown("vi") == 'Số TTHC công bố mới: "sáu mươi"'
    assert "Tỷ lệ hồ sơ TTHC tiếp nhận được giải quyết đúng hạn: #DIV/0!" in error.shown("vi")
    assert formula.shown("en") == "Tỷ lệ hồ sơ TTHC tiếp nhận được giải quyết đúng hạn: =TY_LE(D10,D9)"


def test_rows_are_shown_as_a_fenced_table_under_the_form_s_own_header() -> None:
    (example, *_) = examples_of("S24", "fails")
    lines = example.shown("vi").splitlines()
    assert (lines[0], lines[-1]) == ("```", "```")
    assert [cell.strip() for cell in lines[1].split("|")[1:3]] == ["TT", "Nội dung"]
    assert len({line.rindex("|") for line in lines[1:-1]}) == 1


def test_a_drawing_keeps_apart_numbers_texts_errors_formulas_and_blanks() -> None:
    sheet = drawn('Phiếu\n\n| 1 | a | 2.5 | "2" | 02 | #N/A | =A1+B1 | TRUE | |').sheets[0]
    assert sheet.cell(1, 1).value == "Phiếu"  # type: ignore[union-attr]
    values = [cell.value for cell in sheet.rows[3].values()]
    assert values == [1, "a", 2.5, "2", "02", CellError("#N/A"), None, True]
    assert sheet.rows[3][7].formula == "A1+B1"
    assert list(sheet.rows) == [1, 3]
    assert cells_of("") == []


def test_a_form_of_another_shape_is_read_without_a_word_of_code(form: Form) -> None:
    assert {column.title for column in FORM.columns}.isdisjoint({column.title for column in form.columns})
    submission = reading_of(Example("T01")).submission
    assert submission is not None
    assert (submission.unit, str(submission.period)) == ("UBND xã Suối Mây", "2024-Q1")
    assert submission.values["tong_tthc"] == 1260


def test_a_value_merged_over_the_unit_column_is_a_value_and_a_printed_unit_there_is_not() -> None:
    (sheet,) = grid_of(Example("")).sheets
    at = next(row for row, cells in sheet.rows.items() if 2 in cells and cells[2].value == "Số TTHC cấp xã")
    merged = (Range(at, 3, at, 4),)
    as_unit = {**sheet.rows, at: {column: cell for column, cell in sheet.rows[at].items() if column != 4}}
    as_value = {**as_unit, at: {**as_unit[at], 3: Cell(at, 3, "1200")}}
    for rows, wanted in ((as_unit, None), (as_value, 1200)):
        grid = Grid((Sheet(sheet.name, rows, merges=merged),))
        submission = read_grid(grid, FORM, "a.xlsx").submission
        assert submission is not None
        assert submission["cap_xa"].value == wanted


def test_the_examples_speak_of_what_offices_report() -> None:
    form = load_form("cchc_xa_quy")
    known = " ".join(row.label for row in form.indicators)
    assert sum(row.label in known for row in FORM.indicators) >= len(FORM.indicators) // 3
    told = " ".join(example.shown("vi") for code in BUILT_IN for example in examples_of(code, "fails")).lower()
    assert "tthc" in told
    assert [word for word in ("thư viện", "lượt mượn", "bạn đọc", "cuốn sách") if word in told] == []
