"""An officer's decisions: read from whatever became of the sheet, carried out exactly, told where they cannot be."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from corrections import edited, fixed, raws, rows, shuffled, submission
from packages import parts
from places import TYPED, as_csv

from cchc_excel.corrected_copy import contradicting, is_seen
from cchc_excel.corrected_copy.decisions import Mark
from cchc_excel.correcting import Decision
from cchc_excel.correcting.apply import decided, decision_on
from cchc_excel.finding import Because, Certainty, EntryChange, Finding, Fix
from cchc_excel.form import Severity, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine

FORM = load_form()
NAME, SHEET = TYPED.name, "xl/worksheets/sheet1.xml"
SURE = {"1.2": 28.57, "1.4.2": 2, "1.4.3": 0, "1.5.2": None}
Choice = tuple[str, str, object, str]  # code, cell, value proposed, what is typed beside it


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part exchanged."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for part, old in parts(data).items():
            target.writestr(part, content if part == name else old)
    return buffer.getvalue()


def marked(path: Path, *choices: Choice) -> Path:
    """The corrected copy with marks beside these proposals."""

    def mark(book: openpyxl.Workbook) -> None:
        for code, cell, value, text in choices:
            (row,) = [
                row
                for row in book["Phát hiện"].iter_rows(min_row=6)
                if (row[1].value, row[3].value, row[6].value) == (code, cell, value)
            ]
            row[10].value = text

    return edited(path, mark)


def changed(path: Path) -> dict[str, object]:
    """The figures that differ from the specimen's, but for those that are corrected without asking."""
    old, new = submission(TYPED).values, submission(path).values
    found = {key: value for key, value in new.items() if value != old[key] and key not in SURE}
    return {key: value if value is None or isinstance(value, str) else float(value) for key, value in found.items()}


@pytest.fixture
def decide(cchc: Cchc, tmp_path: Path) -> Callable[..., tuple[dict[str, object], str]]:
    """Correct the specimen by the decisions in a file or folder; return what changed, and what was said."""

    def run(decisions: Path) -> tuple[dict[str, object], str]:
        status, _, err = cchc("correct", TYPED, "-o", tmp_path / "ra", "--decisions", decisions)
        assert status == 0, err
        return changed(tmp_path / "ra" / NAME), err.replace(str(tmp_path), "")

    return run


Decide = Callable[[Path], tuple[dict[str, object], str]]


def test_the_second_way_is_accepted_on_its_own_row(once: Path, decide: Decide) -> None:
    found, said = decide(marked(once, ("A02", "D105", 19.23, "nhận")))
    assert found == {"7.2.4": 19.23}
    assert said == ""


@pytest.mark.parametrize("text", ["Nhận", " NHẬN ", "nhận.", "nha\u0323\u0302n", "nhan", "nhận\u00a0", "“nhận”"])
def test_nhan_is_understood_however_it_is_typed(once: Path, decide: Decide, text: str) -> None:
    assert decide(marked(once, ("L01", "D65", 10, text)))[0] == {"4.1": 10}


@pytest.mark.parametrize("text", ["đồng ý", "x", "nhận 12", "không nhận", "1", "nhấn mạnh"])
def test_what_is_neither_yes_nor_no_is_told_and_never_taken_for_yes(once: Path, decide: Decide, text: str) -> None:
    found, said = decide(marked(once, ("L01", "D65", 10, text)))
    assert found == {}
    assert f"ghi “{text}”" in said


def test_two_ways_for_one_finding_are_told_and_neither_is_taken(once: Path, decide: Decide) -> None:
    found, said = decide(
        marked(once, ("A02", "D107", 104, "nhận"), ("A02", "D105", 19.23, "nhận"), ("L01", "D65", 10, "nhận"))
    )
    assert found == {"4.1": 10}
    assert "mâu thuẫn" in said
    assert "D105 = 19,23" in said
    assert "D107 = 104" in said


def test_yes_and_no_for_one_proposal_is_no_decision(once: Path, decide: Decide) -> None:
    found, said = decide(marked(once, ("A02", "D107", 104, "nhận"), ("L11", "D107", 104, "bỏ")))
    assert found == {}
    assert "mâu thuẫn" in said


def test_two_values_for_one_cell_are_told_and_neither_is_taken() -> None:
    def proposal(code: str, value: int, certainty: Certainty = Certainty.SUGGESTED) -> Finding:
        return Finding(
            code, Severity.ERROR, fix=Fix((EntryChange("4.1", 19, value),), certainty, Because("only_value_left"))
        )

    def against(*findings: Finding) -> Iterable[Decision]:
        return contradicting([Mark(it.code, decision_on(it.ways[0]), True) for it in findings], findings)

    assert against(proposal("L01", 10), proposal("L02", 12)) == {decided([("4.1", 10)]), decided([("4.1", 12)])}
    assert against(proposal("L01", 10), proposal("L02", 10)) == frozenset()
    assert against(proposal("L01", 10), proposal("T01", 19, Certainty.NORMALISED)) == frozenset()


def test_nhan_filled_down_the_whole_column_takes_what_contradicts_nothing(once: Path, decide: Decide) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for row in book["Phát hiện"].iter_rows(min_row=6):
            row[10].value = "nhận"

    found, said = decide(edited(once, fill))
    assert found == {"4.1": 10, "7.2.3.da_tich_hop": 104}
    assert "D107 = 104" in said
    assert "D105 = 19,23" in said


def test_the_sheet_may_be_sorted_and_its_columns_moved(once: Path, decide: Decide) -> None:
    marked(once, ("A02", "D105", 19.23, "nhận"), ("L01", "D65", 10, "nhận"))

    def moved(book: openpyxl.Workbook) -> None:
        shuffled(book["Phát hiện"])
        book["Phát hiện"].insert_cols(3)

    edited(once, moved)
    assert decide(once)[0] == {"7.2.4": 19.23, "4.1": 10}


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize("whole_folder", [False, True], ids=["file", "folder"])
def test_decisions_may_be_saved_by_libreoffice(
    once: Path, decide: Decide, tmp_path: Path, kind: str, whole_folder: bool
) -> None:
    marked(once, ("A02", "D105", 19.23, "nhận"))
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "lo"), str(once)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    saved = tmp_path / "lo" / f"{once.stem}.{kind}"
    assert decide(saved.parent if whole_folder else saved)[0] == {"7.2.4": 19.23}


def test_decisions_may_be_in_the_other_language(cchc: Cchc, decide: Decide, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "en", "--lang", "en")

    def accept(book: openpyxl.Workbook) -> None:
        for row in book["Findings"].iter_rows(min_row=6):
            if (row[3].value, row[6].value) == ("D105", 19.23):
                row[10].value = "accept"

    assert decide(edited(tmp_path / "en" / NAME, accept))[0] == {"7.2.4": 19.23}


def test_decisions_on_another_commune_are_not_applied(once: Path, decide: Decide) -> None:
    marked(once, ("L01", "D65", 10, "nhận"))
    edited(once, lambda book: book["Phát hiện"].__setitem__("A2", "UBND xã Khác · Quý I năm 2023"))
    found, said = decide(once)
    assert found == {}
    assert "UBND xã Khác" in said


def test_a_unit_that_one_side_does_not_know_is_no_other_unit(once: Path, decide: Decide) -> None:
    marked(once, ("L01", "D65", 10, "nhận"))
    edited(once, lambda book: book["Phát hiện"].__setitem__("A2", "(chưa rõ đơn vị) · Quý I năm 2023"))
    assert decide(once)[0] == {"4.1": 10}


@pytest.mark.parametrize(
    ("typed", "counts"), [("19", True), (19, True), ("19 người", True), ("019", True), (21, False), ("21", False)]
)
def test_a_decision_counts_only_while_the_cell_says_what_the_officer_saw(
    cchc: Cchc, once: Path, tmp_path: Path, typed: str | int, counts: bool
) -> None:
    marked(once, ("L01", "D65", 10, "nhận"))
    later = tmp_path / NAME
    later.write_bytes(TYPED.read_bytes())
    edited(later, lambda book: book["BieuThongKe"].__setitem__("D65", typed))
    _, _, err = cchc("correct", later, "-o", tmp_path / "ra", "--decisions", once)
    assert (submission(tmp_path / "ra" / NAME)["4.1"].value == 10) is counts
    assert ("“4.1 Số liệu về cán bộ” không còn phù hợp" in err) is not counts


def test_an_officer_who_saw_a_blank_decided_nothing_about_a_figure() -> None:
    found = submission(TYPED)
    assert not is_seen(Mark("L01", decided([("4.1", 10)]), True, (None,)), found, FORM)
    assert not is_seen(Mark("C02", decided([("1.4.2", 2)]), True, (3,)), found, FORM)
    assert is_seen(Mark("C02", decided([("1.4.2", 2)]), True, (None,)), found, FORM)


def test_a_file_without_a_findings_sheet_holds_no_decisions_and_that_is_told(decide: Decide) -> None:
    found, said = decide(TYPED)
    assert found == {}
    assert "không có trang Phát hiện" in said


def test_of_a_folder_each_file_takes_its_own_decisions(cchc: Cchc, once: Path, tmp_path: Path) -> None:
    sent = tmp_path / "nop"
    sent.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        (sent / name).write_bytes(TYPED.read_bytes())
    marked(once, ("L01", "D65", 10, "nhận")).rename(once.with_name("a.xlsx"))
    status, _, err = cchc("correct", sent, "-o", tmp_path / "ra", "--decisions", once.parent)
    assert status == 0
    assert [changed(tmp_path / "ra" / name) for name in ("a.xlsx", "b.xlsx")] == [{"4.1": 10}, {}]
    assert "không có tệp quyết định cho biểu này" in err


def test_decisions_on_the_fresh_copy_of_an_old_file_hold_for_the_old_file(
    cchc: Cchc, tmp_path: Path, again: Callable[..., Path]
) -> None:
    old = tmp_path / "a.csv"
    old.write_bytes(as_csv("utf-8-sig", ","))
    copy = marked(again(old), ("L01", "D65", 10, "nhận"))
    old.rename(copy.with_name("a.csv"))  # beside its copy, which alone has a findings sheet
    _, _, err = cchc("correct", copy.with_name("a.csv"), "-o", tmp_path / "ra", "--decisions", copy.parent)
    assert submission(tmp_path / "ra" / "a.xlsx")["4.1"].value == 10, err


def test_a_file_alone_without_its_decisions_stops_the_command(cchc: Cchc, tmp_path: Path) -> None:
    (tmp_path / "trong").mkdir()
    assert cchc("correct", TYPED, "-o", tmp_path / "ra", "--decisions", tmp_path / "trong")[0] == 2
    assert not (tmp_path / "ra").exists()


def test_a_value_that_the_officer_typed_over_the_proposal_is_told_and_not_applied(once: Path, decide: Decide) -> None:
    marked(once, ("L01", "D65", 10, "nhận"))

    def type_over(book: openpyxl.Workbook) -> None:
        (row,) = [row for row in book["Phát hiện"].iter_rows(min_row=6) if row[10].value == "nhận"]
        row[6].value = 12

    found, said = decide(edited(once, type_over))
    assert found == {}
    assert "“4.1 Số liệu về cán bộ” không còn phù hợp" in said


def test_accepted_where_a_formula_stands_now_is_told_and_the_formula_stays(
    cchc: Cchc, once: Path, tmp_path: Path
) -> None:
    marked(once, ("L01", "D65", 10, "nhận"))
    cell = rb'<c r="D65"( s="\d+")? t="s"><v>\d+</v></c>'
    sheet, count = re.subn(cell, rb'<c r="D65"\1><f>20-1</f><v>19</v></c>', parts(TYPED.read_bytes())[SHEET])
    assert count == 1
    original = tmp_path / NAME
    original.write_bytes(with_part(TYPED.read_bytes(), SHEET, sheet))
    _, _, err = cchc("correct", original, "-o", tmp_path / "ra", "--decisions", once)
    assert "“4.1 Số liệu về cán bộ” làm biểu sai ở chỗ khác, hoặc ô có công thức" in err
    assert submission(tmp_path / "ra" / NAME)["4.1"].formula == "20-1"


# --- no


def test_bo_leaves_a_sure_fix_undone_in_this_and_every_later_correction(once: Path, again: Callable[..., Path]) -> None:
    marked(once, ("A02", "D10", 28.57, "bỏ"))
    copy = again(TYPED, "--decisions", once)
    assert submission(copy)["1.2"].value == 2
    (row,) = [row for row in rows(copy) if (row["code"], row["cell"]) == ("A02", "D10")]
    assert (row["status"], row["decision"]) == ("Giữ nguyên theo quyết định", "bỏ")
    later = again(copy)
    assert submission(later)["1.2"].value == 2
    assert again(later).read_bytes() == later.read_bytes()


def test_bo_undoes_one_fix_of_the_corrected_copy_itself(once: Path, again: Callable[..., Path]) -> None:
    marked(once, ("C02", "D19", 2, "bỏ"), ("A02", "D10", 28.57, "bỏ"))
    copy = again(once, "--decisions", once)
    back, before = raws(copy), raws(TYPED)
    assert back["1.4.2"] == before["1.4.2"] == (type(None), None)
    assert submission(copy)["1.2"].value == 2
    assert fixed(copy, "Đã trả lại").keys() == {"D19", "D10"}
    assert len(fixed(copy, "Đã sửa lần trước")) == 74


def test_bo_of_a_proposal_holds_against_apply_suggested(once: Path, again: Callable[..., Path]) -> None:
    marked(once, ("L01", "D65", 10, "bỏ"))
    copy = again(TYPED, "--decisions", once, "--apply", "suggested")
    assert submission(copy)["4.1"].value == 19
    assert submission(copy)["7.2.3.da_tich_hop"].value == 104


def test_marks_on_the_own_sheet_stay_when_it_is_renewed_without_decisions(
    once: Path, again: Callable[..., Path]
) -> None:
    marked(once, ("A02", "D105", 19.23, "nhận"), ("L01", "D65", 10, "bỏ"))
    copy = again(again(once))
    assert changed(copy) == {}
    kept = {(row["cell"], row["after"]): row["decision"] for row in rows(copy) if row["decision"]}
    assert kept == {("D105", 19.23): "nhận", ("D65", 10): "bỏ"}
    assert changed(again(copy, "--decisions", copy)) == {"7.2.4": 19.23}


def test_accepting_again_what_is_done_already_says_nothing(cchc: Cchc, once: Path, tmp_path: Path) -> None:
    marked(once, ("A02", "D10", 28.57, "nhận"))
    _, _, err = cchc("correct", once, "-o", tmp_path / "ra", "--decisions", once)
    assert err == ""


def test_two_findings_of_the_specimen_propose_what_the_tests_mark() -> None:
    found = examine(Source(NAME, TYPED.read_bytes()), FORM).findings
    ways = {(it.code, change.indicator) for it in found for way in it.ways for change in way.changes}
    assert {("A02", "7.2.4"), ("A02", "7.2.4.truc_tuyen"), ("L11", "7.2.4.truc_tuyen"), ("L01", "4.1")} <= ways
