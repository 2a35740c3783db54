"""The verbs of the front door: any source gives the same, and each does what the command of its name does."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from json_contract import complaints
from places import EXAMPLES, PRINTED, TYPED

from cchc_excel import (
    CchcError,
    Corrected,
    Examination,
    Finding,
    Form,
    Severity,
    as_json,
    check,
    consolidate,
    correct,
    examine,
    make_template,
    read,
    words,
)
from cchc_excel.errors import NoSuchFile, NotCorrected, NothingToConsolidate, UnusableSource

DISTRICT = EXAMPLES / "huyen_vi_du"
CAME_IN, BEFORE, ROSTER = DISTRICT / "nop", DISTRICT / "ky_truoc", DISTRICT / "danh_sach.csv"
MAIL = EXAMPLES / "thu_huyen"
ODS = CAME_IN / "Xa Trung Nghia bao cao CCHC quy 1.ods"


def opened(path: Path) -> io.BytesIO:
    file = io.BytesIO(path.read_bytes())
    file.read(100)  # whatever was read of it before
    return file


SOURCES: dict[str, Callable[[Path], Any]] = {
    "path": lambda path: path,
    "text": str,
    "bytes": Path.read_bytes,
    "bytearray": lambda path: bytearray(path.read_bytes()),
    "open file": opened,
    "openpyxl": openpyxl.load_workbook,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_gives_the_same_figures_and_findings(form: Form, kind: str) -> None:
    plain, other = examine(TYPED, form), examine(SOURCES[kind](TYPED), form, name=str(TYPED))
    assert other.submission is not None
    assert plain.submission is not None
    assert other.submission.values == plain.submission.values
    assert other.findings == plain.findings
    assert other.name == plain.name


def test_an_open_file_keeps_its_position_and_a_file_on_disk_its_name(form: Form) -> None:
    with TYPED.open("rb") as file:
        file.seek(7)
        submission = read(file, form).submission
        assert file.tell() == 7
    assert submission is not None
    assert submission.source == str(TYPED)


def contents(workbook: openpyxl.Workbook) -> list[list[object]]:
    return [[cell.value for cell in row] for row in workbook["BieuThongKe"].iter_rows()]


def test_a_workbook_of_openpyxl_is_never_changed(form: Form) -> None:
    workbook = openpyxl.load_workbook(TYPED)
    modified = workbook.properties.modified
    before = contents(workbook)
    examine(workbook, form)
    correct(workbook, form)
    assert contents(workbook) == before
    assert workbook.properties.modified == modified
    assert workbook.sheetnames == openpyxl.load_workbook(TYPED).sheetnames


def test_of_a_workbook_of_openpyxl_results_of_formulas_are_not_there_so_they_are_calculated_and_told(
    form: Form,
) -> None:
    workbook = openpyxl.load_workbook(TYPED)
    workbook["BieuThongKe"]["D9"] = "=1+1"
    examination = examine(workbook, form)
    assert examination.submission is not None
    assert examination.submission["1.1"].value == 2
    assert "T22" in {finding.code for finding in examination.findings}


@pytest.mark.parametrize("options", [{"read_only": True}, {"write_only": True}])
def test_a_workbook_that_openpyxl_cannot_save_is_refused_with_a_sentence(form: Form, options: dict[str, bool]) -> None:
    of_a_file = "read_only" in options
    workbook = openpyxl.load_workbook(TYPED, **options) if of_a_file else openpyxl.Workbook(**options)
    with pytest.raises(UnusableSource, match="openpyxl"):
        read(workbook, form)
    workbook.close()


@pytest.mark.parametrize("source", [3, None, ["a.xlsx"], io.StringIO("a")])
def test_what_is_no_source_is_refused_with_a_sentence(form: Form, source: Any) -> None:
    with pytest.raises(UnusableSource, match="bytes"):
        read(source, form)


def test_a_path_that_is_not_there_is_refused_and_a_file_that_is_no_workbook_is_a_finding(
    form: Form, tmp_path: Path
) -> None:
    with pytest.raises(NoSuchFile, match=r"no\.xlsx"):
        examine(tmp_path / "no.xlsx", form)
    with pytest.raises(NoSuchFile):
        examine(tmp_path, form)
    assert [it.code for it in examine(b"Not a workbook", form).findings] == ["S04"]


# --- findings and examinations


def examined(form: Form, path: Path = TYPED) -> Examination:
    return examine(path, form)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_says_its_sentence(form: Form, language: Any) -> None:
    spoken = words(language)
    reading = read(TYPED, form)
    assert reading.submission is not None
    checked = check(reading.submission, form)
    for finding in (*reading.findings, *checked.findings, *examined(form).findings):
        assert finding.sentence(spoken) == spoken.message(finding, form)


def test_a_finding_that_knows_no_form_says_so() -> None:
    with pytest.raises(ValueError, match="without its form"):
        Finding("A02", Severity.ERROR).sentence(words("en"))


def test_reading_and_checking_one_after_the_other_finds_what_examining_finds(form: Form) -> None:
    reading = read(TYPED, form)
    assert reading.submission is not None
    both = [*reading.findings, *check(reading.submission, form).findings]
    assert {(it.code, it.cells) for it in both} == {(it.code, it.cells) for it in examined(form).findings}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_examinations_become_the_json_of_the_command(cchc: Cchc, form: Form, language: Any) -> None:
    paths = [TYPED, PRINTED, *sorted(CAME_IN.glob("[BK]*.xlsx"))]
    text = as_json([examine(path, form) for path in paths], form, language)
    assert complaints(json.loads(text)) == []
    _, out, _ = cchc("validate", *paths, "--format", "json", "--lang", language)
    assert out.rstrip("\n") == text


def test_unit_and_period_fill_choose_and_replace_as_the_command_s_options_do(form: Form) -> None:
    kept = examine(TYPED, form, unit="UBND xã Khác", period="2024-Q4").submission
    replaced = examine(TYPED, form, unit="UBND xã Khác", period="2024-Q4", override=True).submission
    assert kept is not None
    assert replaced is not None
    assert (kept.unit, str(kept.period)) == ("UBND xã Bằng Lăng", "2023-Q1")
    assert (replaced.unit, str(replaced.period)) == ("UBND xã Khác", "2024-Q4")


# --- correct


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ({}, ()),
        ({"apply": "none"}, ("--apply", "none")),
        ({"apply": "suggested", "language": "en"}, ("--apply", "suggested", "--lang", "en")),
        ({"apply": "suggested", "decided_by": "Cán bộ A"}, ("--apply", "suggested", "--decided-by", "Cán bộ A")),
    ],
    ids=["safe", "none", "suggested", "decided by"],
)
@pytest.mark.parametrize("path", [TYPED, ODS], ids=["xlsx", "ods"])
def test_correcting_gives_the_bytes_that_the_command_writes(
    cchc: Cchc, form: Form, tmp_path: Path, path: Path, options: dict[str, Any], arguments: tuple[str, ...]
) -> None:
    assert cchc("correct", path, "-o", tmp_path, *arguments)[0] == 0
    (written,) = tmp_path.glob("*.xlsx")
    assert correct(path, form, **options).data == written.read_bytes()


def test_a_correction_tells_what_was_done_and_what_is_left(form: Form) -> None:
    made = correct(TYPED, form)
    (rate,) = [it for it in made.changes if it.indicator == "1.2"]
    assert (rate.cell.local, rate.before, float(rate.after or 0), rate.code) == ("D10", "02", 28.57, "A02")
    codes = {(it.code, it.indicators[:1]) for it in made.findings}
    assert ("A02", ("1.2",)) not in codes
    assert ("L10", ("7.1.dien_tu",)) in codes
    assert made.left.submission is not None
    assert all(made.left.submission[it.indicator].value == it.after for it in made.changes)
    assert all(finding.sentence(words("vi")) for finding in made.findings)


def test_nothing_is_changed_unasked_where_that_is_asked_for(form: Form) -> None:
    assert correct(TYPED, form, apply="none").changes == ()


def marked(made: Corrected, code: str, mark: str) -> bytes:
    """The copy, with a mark beside the first row of that code."""
    workbook = openpyxl.load_workbook(io.BytesIO(made.data))
    sheet = workbook["Phát hiện"]
    (head,) = [row for row in sheet.iter_rows(max_row=10) if "Quyết định" in [cell.value for cell in row]]
    at = {str(cell.value): place for place, cell in enumerate(head, start=1)}
    rows = range(int(head[0].row or 0) + 1, sheet.max_row)
    row = next(row for row in rows if sheet.cell(row, at["Mã"]).value == code)
    sheet.cell(row, at["Quyết định"]).value = mark
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_decisions_are_carried_out_as_by_the_command(cchc: Cchc, form: Form, tmp_path: Path) -> None:
    decisions = tmp_path / "decided.xlsx"
    decisions.write_bytes(marked(correct(TYPED, form), "L10", "nhận"))
    made = correct(TYPED, form, decisions=decisions)
    assert "7.1.dien_tu_va_giay" in {change.indicator for change in made.changes}
    cchc("correct", TYPED, "-o", tmp_path / "out", "--decisions", decisions)
    assert (tmp_path / "out" / TYPED.name).read_bytes() == made.data


def test_what_cannot_be_carried_out_is_remarked(form: Form) -> None:
    made = correct(TYPED, form, decisions=marked(correct(TYPED, form), "L10", "có lẽ"))
    assert any("có lẽ" in remark for remark in made.remarks)


def test_what_a_person_says_of_the_workbook_is_obeyed_as_by_the_command(cchc: Cchc, form: Form, tmp_path: Path) -> None:
    said = {"unit": "UBND xã Khác", "period": "2023-Q2"}
    made = correct(TYPED, form, unit="UBND xã Khác", period="2023-Q2", override=True)
    assert made.left.submission is not None
    assert {"unit": made.left.submission.unit, "period": str(made.left.submission.period)} == said
    cchc("correct", TYPED, "-o", tmp_path, "--unit", said["unit"], "--period", said["period"], "--override")
    assert (tmp_path / TYPED.name).read_bytes() == made.data


def test_undoing_gives_the_figures_back(form: Form) -> None:
    back = correct(correct(TYPED, form).data, form, undo=True)
    before = examined(form).submission
    assert back.changes == ()
    assert back.left.submission is not None
    assert before is not None
    assert {key: it.raw for key, it in back.left.submission.entries.items()} == {
        key: it.raw for key, it in before.entries.items()
    }


@pytest.mark.parametrize("source", [b"Not a workbook", TYPED.read_bytes()[:3000]], ids=["text", "torn"])
def test_of_a_file_that_cannot_be_read_there_is_no_copy_and_it_is_said_why(form: Form, source: bytes) -> None:
    (finding,) = examine(source, form).findings
    with pytest.raises(NotCorrected) as caught:
        correct(source, form, name="a.xlsx")
    assert finding.sentence(words("vi")) in str(caught.value)
    assert "a.xlsx" in str(caught.value)


def test_an_input_is_never_written_to(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    shutil.copy(TYPED, path)
    correct(path, form, apply="suggested")
    consolidate([path], form)
    assert [it.name for it in tmp_path.iterdir()] == ["a.xlsx"]
    assert path.read_bytes() == TYPED.read_bytes()


# --- consolidate


def test_consolidating_gives_the_bytes_that_the_command_writes(cchc: Cchc, form: Form, tmp_path: Path) -> None:
    output = tmp_path / "huyen.xlsx"
    whole = ("--roster", ROSTER, "--unit", "UBND huyện Ví Dụ", "--previous", BEFORE, "--exclude-errors")
    assert cchc("consolidate", CAME_IN, "-o", output, *whole)[0] == 0
    made = consolidate(
        CAME_IN, form, unit="UBND huyện Ví Dụ", roster=ROSTER, previous=BEFORE, output=output, exclude_errors=True
    )
    assert made.data == output.read_bytes()
    assert made.left_out != ()


def test_all_that_lies_in_a_folder_its_archives_and_its_messages_is_consolidated_as_by_the_command(
    cchc: Cchc, form: Form, tmp_path: Path
) -> None:
    output = tmp_path / "huyen.xlsx"
    _, _, told = cchc("consolidate", MAIL, "-o", output, "--roster", ROSTER, "--unit", "UBND huyện Ví Dụ")
    made = consolidate(MAIL, form, unit="UBND huyện Ví Dụ", roster=ROSTER, output=output)
    assert made.data == output.read_bytes()
    assert list(made.remarks) == told.splitlines()
    inside = [it.counts for it in made.standing if (it.counts and ".eml/" in it.counts) or ".zip/" in str(it.counts)]
    assert inside != []


def test_an_archive_that_a_program_holds_is_opened_as_well(form: Form) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xlsx", TYPED.read_bytes())
    (line,) = consolidate({"mail.zip": buffer.getvalue()}, form).standing
    assert line.counts == "mail.zip/a.xlsx"


def test_what_was_merged_can_be_asked_figure_by_figure_and_stands_in_the_workbook(form: Form) -> None:
    paths = [it for it in sorted(CAME_IN.iterdir()) if not it.name.startswith("~$")]
    made = consolidate(paths, form, roster=ROSTER.read_bytes(), unit="UBND huyện Ví Dụ", corrected=False)
    again = read(made.data, form).submission
    assert again is not None
    assert made.submission.values == again.values
    assert (made.submission.unit, made.submission.level) == ("UBND huyện Ví Dụ", "huyen")
    assert [it.name for it in made.standing if it.status == "missing"] == ["UBND xã Mường Hoa"]
    first = made.findings[0]
    assert first.effect >= made.findings[-1].effect
    assert first.finding.sentence(words("vi"))
    assert first.unit.startswith("UBND xã")


def test_files_without_names_are_told_apart_by_their_place_or_by_the_names_given(form: Form) -> None:
    data = [TYPED.read_bytes(), (CAME_IN / "Cẩm Giang - Quý I.2023.xlsx").read_bytes()]
    numbered, named = consolidate(data, form), consolidate(dict(zip("ab", data, strict=True)), form)
    assert [it.counts for it in numbered.standing] == ["1", "2"]
    assert [it.counts for it in named.standing] == ["a", "b"]
    assert numbered.submission.values == named.submission.values


def test_a_single_file_is_a_source_too(form: Form) -> None:
    assert len(consolidate(TYPED, form).standing) == 1
    with pytest.raises(NothingToConsolidate):
        consolidate(b"Not a workbook", form)


# --- make_template


def test_a_template_is_the_one_that_the_command_writes(cchc: Cchc, form: Form, tmp_path: Path) -> None:
    output = tmp_path / "a.xlsx"
    cchc("template", "-o", output, "--unit", "UBND xã A", "--period", "2024-H1")
    assert make_template(form, unit="UBND xã A", period="2024-H1") == output.read_bytes()
    with pytest.raises(CchcError, match="2024-X"):
        make_template(form, period="2024-X")


def test_figures_of_the_period_before_stand_in_the_template(form: Form) -> None:
    previous = examined(form).submission
    assert make_template(form, previous=previous) != make_template(form)


def test_a_finding_of_the_front_door_carries_its_form_and_is_otherwise_the_same_value(form: Form) -> None:
    names = [it.name for it in fields(Finding) if it.name != "form"]
    for finding in examined(form).findings:
        assert finding.form is form
        assert Finding(*(getattr(finding, name) for name in names)) == finding
