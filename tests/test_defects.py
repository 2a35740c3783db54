"""A defect over one file, or over one finding, is said where it belongs; everything else is done all the same."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from books import saved
from communes import FORM, NUMBERED, arrived, communes, consistent, values_of, workbook_of
from unreadable import refuse_to_read

from cchc_excel import pipeline
from cchc_excel.cli import app
from cchc_excel.commands.refusals import DONE, FAILED, FOUND, guarded
from cchc_excel.consolidating import filing, ranking
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.merging import effect
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import Roster, RosterUnit
from cchc_excel.finding import Finding
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.wording import words
from cchc_excel.wording.say import Words

BAD = "2.xlsx"  # the third of the communes
BAD_UNIT = "UBND xã Thứ C"
HEADINGS = [row.id for row in FORM.indicators if not row.is_entry]


def sheet_of(outcome: Outcome, name: str) -> list[list[object]]:
    """The rows of a list in the district workbook, below its header."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(outcome)), read_only=True)
    rows: list[list[object]] = [list(row) for row in book[name].iter_rows(min_row=5, values_only=True)]
    book.close()
    return rows


def row_of(outcome: Outcome, name: str, file: str) -> list[object]:
    (row,) = [row for row in sheet_of(outcome, name) if file in row]
    return row


# --- findings about headings, which have no figure


def with_label(file: Arrived, key: str, label: str) -> Arrived:
    """The same workbook with another label in one row."""
    book = openpyxl.load_workbook(io.BytesIO(file.source.data))
    book["BieuThongKe"].cell(NUMBERED[key], 2).value = label
    return Arrived(Source(file.source.name, saved(book)))


def shortened(label: str) -> str:
    return " ".join(label.split()[: max(1, len(label.split()) * 3 // 4)])


def test_a_shortened_heading_is_told_and_stops_nothing() -> None:
    files = [with_label(communes()[0], "1.4", shortened(FORM["1.4"].label)), *communes()[1:]]
    outcome = consolidate(files, FORM)
    (told,) = [row for row in sheet_of(outcome, "Phát hiện") if "0.xlsx" in row and row[2] == "S15"]
    assert (told[2], told[9]) == ("S15", None), "no merged figure hangs on a heading"
    assert str(told[4]).startswith("1.4 Thực hiện nhiệm vụ")
    assert values_of(workbook_of(outcome)) == values_of(workbook_of(consolidate(communes(), FORM)))


@pytest.mark.parametrize("key", HEADINGS)
@pytest.mark.parametrize("change", [shortened, lambda _: "Nội dung khác", lambda _: None], ids=["cut", "new", "blank"])
def test_whatever_becomes_of_a_heading_all_communes_are_merged(key: str, change: Callable[[str], Any]) -> None:
    files = [with_label(communes()[0], key, change(FORM[key].label)), communes()[1]]
    outcome = consolidate(files, FORM)
    assert len(outcome.merged.units) == 2
    assert not outcome.tracebacks()
    workbook_of(outcome)


@pytest.mark.parametrize("key", HEADINGS)
def test_a_heading_in_the_place_of_a_row_is_told_and_stops_nothing(key: str) -> None:
    files = [with_label(communes()[0], "1.1", FORM[key].label), communes()[1]]
    outcome = consolidate(files, FORM)
    assert len(outcome.merged.units) == 2
    assert not outcome.tracebacks()
    workbook_of(outcome)


# --- a figure that no workbook can hold


@pytest.mark.parametrize(
    "typed",
    ["9" * 400, "1" + ".000" * 120, "9" * 400 + " người", f"{'9' * 200}/3", 10**15, -(10**20), 1e308],
    ids=["digits", "grouped", "with a unit", "fraction", "sixteen digits", "negative", "largest"],
)
@pytest.mark.parametrize("key", ["1.1", "3.1.4", "6.1.1", "1.2"])
def test_a_figure_too_large_for_any_form_is_unread_and_the_others_are_merged(key: str, typed: Any) -> None:
    files = [arrived("0.xlsx", {**consistent(0), key: typed}, "UBND xã Thứ A"), *communes()[1:]]
    outcome = consolidate(files, FORM, Choices(previous=()))
    figures = values_of(workbook_of(outcome))
    assert len(outcome.merged.units) == 6
    assert all(abs(it) < 10**15 for it in figures.values() if isinstance(it, int | float))
    assert any(it.finding.indicators[:1] == (key,) and it.filed.path == "0.xlsx" for it in outcome.findings)


# --- one file


def about(argument: object) -> str:
    """The file that an argument of a stage is about."""
    if isinstance(argument, Arrived):
        return argument.source.name
    return str(getattr(argument, "name", "") or getattr(argument, "source", ""))


def failing_over(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
    def stumbling(*arguments: Any, **more: Any) -> Any:
        if any(Path(about(it)).name == name for it in arguments):
            raise RuntimeError("a defect of ours")
        return stage(*arguments, **more)

    return stumbling


STAGES = [(pipeline, "read"), (pipeline, "check"), (pipeline, "propose"), (filing, "kept")]
EACH_STAGE = pytest.mark.parametrize(("module", "stage"), STAGES, ids=["reading", "checking", "proposing", "filing"])


def break_stage(monkeypatch: pytest.MonkeyPatch, module: object, stage: str, name: str = BAD) -> None:
    monkeypatch.setattr(module, stage, failing_over(name, getattr(module, stage)))
    if stage == "read":
        monkeypatch.setattr(filing, "read", failing_over(name, read))


@EACH_STAGE
def test_a_defect_over_one_file_leaves_the_others_merged(
    module: object, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = consolidate([it for it in communes() if it.source.name != BAD], FORM).merged.figures
    break_stage(monkeypatch, module, stage)
    outcome = consolidate(communes(), FORM)
    assert outcome.merged.figures == expected
    (found,) = [it.finding for it in outcome.findings if it.filed.path == BAD]
    assert found.code == "S08"
    (traceback,) = outcome.tracebacks()
    assert "RuntimeError: a defect of ours" in traceback


@EACH_STAGE
def test_the_standing_sheet_names_the_file_and_says_that_the_program_failed_on_it(
    module: object, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_stage(monkeypatch, module, stage)
    row = row_of(consolidate(communes(), FORM), "Tình trạng nộp", BAD)
    assert row[3] == "Chương trình gặp lỗi"
    assert "chưa tính" in str(row[10])
    assert row[1] == (BAD_UNIT if stage != "read" else "(chưa rõ đơn vị)"), "whose it is, where it can be read"


@EACH_STAGE
def test_a_defect_when_merging_the_files_of_an_earlier_period_is_told(
    module: object, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = [arrived("cu.xlsx", consistent(0), "UBND xã Thứ A", "2022-Q4")]
    break_stage(monkeypatch, module, stage, "cu.xlsx")
    outcome = consolidate(communes(), FORM, Choices(), earlier)
    assert (len(outcome.merged.units), outcome.earlier) == (6, ())
    assert [it.path for it in outcome.earlier_unused] == ["cu.xlsx"]


def test_a_unit_of_the_roster_whose_file_the_program_failed_on_is_not_called_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_stage(monkeypatch, pipeline, "check")
    roster = Roster(tuple(RosterUnit(f"UBND xã Thứ {letter}") for letter in "ABCDEF"), "danh_sach.csv")
    standings = {it.name: it.status for it in consolidate(communes(), FORM, Choices(roster=roster)).standings}
    assert standings[BAD_UNIT] == "failed"
    assert "missing" not in standings.values()


def test_of_two_files_of_a_unit_the_one_that_could_be_processed_counts_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_stage(monkeypatch, pipeline, "check", "sau.xlsx")
    later = arrived("sau.xlsx", consistent(2), BAD_UNIT)
    (line,) = [it for it in consolidate([*communes(), later], FORM).standings if it.name == BAD_UNIT]
    assert (line.status, line.counts, line.why) == ("twice", BAD, "others_failed")


# --- one finding


WRONG = {**consistent(2), "1.1": -3}


def with_a_finding() -> list[Arrived]:
    """The communes, one of which has a negative figure."""
    return [arrived(BAD, WRONG, BAD_UNIT) if it.source.name == BAD else it for it in communes()]


def findings_about_the_negative(outcome: Outcome) -> list[list[object]]:
    return [row for row in sheet_of(outcome, "Phát hiện") if BAD in row and row[2] == "T04"]


def test_a_finding_whose_effect_cannot_be_worked_out_stays_on_the_sheet_with_a_remark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = effect

    def stumbling(finding: Finding, *rest: Any) -> Fraction:
        if finding.code == "T04":
            raise KeyError("1.1")
        return real(finding, *rest)

    monkeypatch.setattr(ranking, "effect", stumbling)
    outcome = consolidate(with_a_finding(), FORM)
    assert len(outcome.merged.units) == 6
    (row,) = findings_about_the_negative(outcome)
    assert row[10] is None
    assert "Chưa tính được mức ảnh hưởng" in str(row[11])
    assert "KeyError: '1.1'" in outcome.tracebacks()[0]


def test_a_finding_that_cannot_be_worded_stays_on_the_sheet_with_its_file_and_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Words.message

    def stumbling(self: Words, finding: Finding, form: Any) -> str:
        if finding.code == "T04":
            raise ValueError("no words")
        return real(self, finding, form)

    outcome = consolidate(with_a_finding(), FORM)
    (before,) = findings_about_the_negative(outcome)
    monkeypatch.setattr(Words, "message", stumbling)
    (row,) = findings_about_the_negative(outcome)
    known = (1, 2, 3, 5, 6)  # severity, code, unit, file, cell
    assert [row[column] for column in known] == [before[column] for column in known]
    assert "Chương trình gặp lỗi" in str(row[11])
    assert len(sheet_of(outcome, "Phát hiện")) == len(outcome.findings)


# --- the commands


def cchc(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    given = [str(argument) for argument in arguments]
    status = guarded(lambda: app(given, standalone_mode=False), given)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "nop"
    inside.mkdir()
    for file in with_a_finding():
        (inside / file.source.name).write_bytes(file.source.data)
    return inside


@EACH_STAGE
@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["", "debug"])
def test_consolidating_goes_on_and_shows_the_traceback_to_whoever_asks_for_it(
    module: object,
    stage: str,
    debug: tuple[str, ...],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    break_stage(monkeypatch, module, stage)
    status, _, err = cchc(capsys, "consolidate", folder, "-o", folder.parent / "a.xlsx", "--jobs", 1, *debug)
    assert (status, (folder.parent / "a.xlsx").exists()) == (DONE, True)
    assert f"{BAD}: Chương trình gặp lỗi khi xử lý tệp này" in err
    assert ("Traceback" in err) == bool(debug)


@pytest.mark.parametrize("stage", ["read", "check", "propose"])
@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["", "debug"])
def test_validating_goes_on_too(
    stage: str,
    debug: tuple[str, ...],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    break_stage(monkeypatch, pipeline, stage)
    status, out, err = cchc(capsys, "validate", folder, "--format", "json", *debug)
    found = {Path(it["path"]).name: {one["code"] for one in it["findings"]} for it in json.loads(out)["workbooks"]}
    assert (status, len(found), found[BAD]) == (FOUND, 6, {"S08"})
    assert all("S08" not in codes for name, codes in found.items() if name != BAD)
    assert ("Traceback" in err) == bool(debug)


@pytest.mark.parametrize("shown", ["table", "json", "html"])
def test_a_file_whose_findings_cannot_be_shown_does_not_hide_those_of_the_others(
    shown: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = Words.message

    def stumbling(self: Words, finding: Finding, form: Any) -> str:
        if finding.code == "T04":
            raise ValueError("no words")
        return real(self, finding, form)

    monkeypatch.setattr(Words, "message", stumbling)
    status, out, _ = cchc(capsys, "validate", folder, "--format", shown)
    assert status == FOUND
    assert all(f"{number}.xlsx" in out for number in range(6))
    assert "S08" in out


@pytest.mark.parametrize("stage", ["read", "check", "propose"])
def test_correcting_goes_on_too(
    stage: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_stage(monkeypatch, pipeline, stage)
    _, _, err = cchc(capsys, "correct", folder, "-o", folder.parent / "sua")
    assert sorted(it.name for it in (folder.parent / "sua").iterdir()) == sorted(
        {it.name for it in folder.iterdir()} - {BAD}
    )
    assert f"{BAD}: Chương trình gặp lỗi" in err


@pytest.mark.parametrize("command", ["validate", "correct", "consolidate"])
def test_an_earlier_workbook_that_cannot_be_read_for_a_defect_is_told_and_stops_nothing(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cchc_excel.commands import earlier as many

    earlier = folder.parent / "cu.xlsx"
    earlier.write_bytes(arrived("cu.xlsx", consistent(0), "UBND xã Thứ A", "2022-Q4").source.data)
    break_stage(monkeypatch, pipeline, "read", "cu.xlsx")
    monkeypatch.setattr(many, "read", failing_over("cu.xlsx", read))
    output = {"validate": (), "correct": ("-o", folder.parent / "sua"), "consolidate": ("-o", folder.parent / "a.xlsx")}
    status, _, err = cchc(capsys, command, folder, "--previous", earlier, *output[command])
    assert status == (FOUND if command == "validate" else DONE)
    assert "cu.xlsx: Chương trình gặp lỗi" in err


def test_a_file_that_cannot_be_opened_is_named_and_the_others_are_merged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse_to_read(monkeypatch, lambda path: path.name == BAD)
    output = folder.parent / "a.xlsx"
    status, _, err = cchc(capsys, "consolidate", folder, "-o", output)
    assert status == DONE
    assert f"{BAD}: Không mở được tệp: không có quyền." in err
    monkeypatch.undo()
    standing = openpyxl.load_workbook(output)["Tình trạng nộp"]
    (row,) = [[cell.value for cell in row] for row in standing.iter_rows(min_row=5) if row[7].value == BAD]
    assert row[3] == "Không đọc được"


def test_an_own_workbook_that_cannot_be_opened_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder.parent / "huyen.xlsx"
    own.write_bytes(b"PK")
    refuse_to_read(monkeypatch, lambda path: path.name == "huyen.xlsx")
    assert cchc(capsys, "consolidate", folder, "-o", folder.parent / "a.xlsx", "--own", own)[0] == FAILED


def test_a_run_that_goes_on_tries_a_file_again_over_which_the_program_failed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("validate", folder, "--format", "json", "-o", folder.parent / "a.json", "--resume")
    with monkeypatch.context() as patched:
        break_stage(patched, pipeline, "check")
        cchc(capsys, *arguments)
    cchc(capsys, *arguments)
    found = json.loads((folder.parent / "a.json").read_text("utf-8"))["workbooks"]
    assert all(one["code"] != "S08" for it in found for one in it["findings"])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_only_where_others_are_done_all_the_same_it_is_said_so(language: Literal["vi", "en"]) -> None:
    others = {"vi": "các tệp khác", "en": "other files"}[language]
    assert others not in words(language).internal("KeyError")
    assert others in words(language).internal_file("a.xlsx")


def test_a_single_file_that_cannot_be_corrected_says_nothing_of_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cchc_excel import corrected_copy

    def stumbling(*_: object) -> None:
        raise KeyError("1.4")

    monkeypatch.setattr(corrected_copy, "corrected", stumbling)
    status, _, err = cchc(capsys, "correct", folder / BAD, "-o", folder.parent / "sua")
    assert status == FAILED
    assert "các tệp khác" not in err
