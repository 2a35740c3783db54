"""Nothing that a correction changed is lost: later corrections keep the value before, and each fix can be undone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from corrections import edited, fixed, raws, rows, shuffled, submission
from openpyxl.worksheet.worksheet import Worksheet
from places import TYPED

from cchc_excel.correcting.history import earlier_fixes, same
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.form import load_form
from cchc_excel.submission import Submission
from cchc_excel.wording import words

FORM, VI = load_form(), words("vi")
NAME = TYPED.name


# --- kept


def test_a_second_correction_keeps_what_the_first_changed_with_the_value_before_and_after(
    once: Path, again: Callable[..., Path]
) -> None:
    first, second = fixed(once), fixed(again(once), "Đã sửa lần trước")
    assert len(first) == 76
    assert second == first
    assert second["D10"] == ("02", 28.57)
    assert second["D30"] == ("0", "(để trống)")


def test_the_kept_row_says_why_and_links_to_the_cell(once: Path, again: Callable[..., Path]) -> None:
    twice = again(once)
    (row,) = [row for row in rows(twice) if row["cell"] == "D10"]
    assert (row["severity"], row["code"]) == ("Đã sửa", "A02")
    assert row["status"] == "Đã sửa lần trước: tính lại"
    assert row["why"] == "Có lẽ đã ghi nhầm số thành phần (2) vào ô tỷ lệ."
    sheet = openpyxl.load_workbook(twice)["Phát hiện"]
    (link,) = [row[3].hyperlink for row in sheet.iter_rows(min_row=6) if row[3].value == "D10"]
    assert link is not None
    assert link.location == "'BieuThongKe'!D10"
    assert "76 sửa chữa lần trước" in sheet["A3"].value


def test_a_third_correction_gives_the_second_byte_for_byte(once: Path, again: Callable[..., Path]) -> None:
    twice = again(once)
    assert again(twice).read_bytes() == twice.read_bytes()


def test_what_is_kept_is_seen_by_programs_only(once: Path) -> None:
    sheet = openpyxl.load_workbook(once)["Phát hiện"]
    assert sheet["M1"].value.startswith("cchc_lich_su:")
    assert sheet.column_dimensions["M"].hidden
    assert sheet.auto_filter.ref == f"A5:L{sheet.max_row}"


def test_every_step_of_a_cell_that_is_changed_twice_is_kept(once: Path, again: Callable[..., Path]) -> None:
    edited(once, lambda book: accept(book["Phát hiện"], "D105", 19.23))
    last = again(again(once, "--decisions", once))
    steps = {(row["before"], row["after"], row["status"]) for row in rows(last) if row["cell"] == "D105"}
    assert steps == {
        ("100", 100, "Đã sửa lần trước: chuẩn hóa cách ghi"),
        (100, 19.23, "Đã sửa lần trước theo quyết định"),
    }


def accept(sheet: Worksheet, cell: str, value: object, mark: str = "nhận") -> None:
    (row,) = [
        row
        for row in sheet.iter_rows(min_row=6)
        if (row[3].value, row[6].value) == (cell, value) and row[7].value != "Đã sửa: chuẩn hóa cách ghi"
    ]
    row[10].value = mark


def test_a_fix_over_which_somebody_wrote_since_is_kept_and_told_so(once: Path, again: Callable[..., Path]) -> None:
    edited(once, lambda book: book["BieuThongKe"]["D10"].__setattr__("value", 28.6))
    twice = again(once)
    (row,) = [row for row in rows(twice) if row["cell"] == "D10" and row["severity"] == "Đã sửa"]
    assert (row["before"], row["after"]) == ("02", 28.57)
    assert row["status"] == "Đã sửa lần trước, sau đó có người ghi lại"
    assert "28,6" in row["message"]
    assert again(twice).read_bytes() == twice.read_bytes()


@pytest.mark.parametrize(("cell", "typed"), [("D10", "02"), ("D19", None), ("D30", "0")])
def test_a_fix_that_somebody_undid_is_no_fix_any_more(
    once: Path, again: Callable[..., Path], cell: str, typed: object
) -> None:
    edited(once, lambda book: book["BieuThongKe"][cell].__setattr__("value", typed))
    twice = again(once, "--apply", "none")
    assert cell not in fixed(twice)
    assert len(fixed(twice, "Đã sửa lần trước")) == 75


@pytest.mark.parametrize(("cell", "typed"), [("D10", "02"), ("D19", None)])
def test_a_figure_that_somebody_took_out_by_hand_is_not_written_again_unasked(
    once: Path, again: Callable[..., Path], cell: str, typed: object
) -> None:
    edited(once, lambda book: book["BieuThongKe"][cell].__setattr__("value", typed))
    twice = again(once)
    assert fixed(twice, "Giữ nguyên").keys() == {cell}
    assert [row["decision"] for row in rows(twice) if row["status"] == "Giữ nguyên theo quyết định"] == ["bỏ"]
    assert again(again(twice)).read_bytes() == again(twice).read_bytes()


def test_a_column_of_old_spellings_pasted_in_again_is_corrected_again(once: Path, again: Callable[..., Path]) -> None:
    original = openpyxl.load_workbook(TYPED)["BieuThongKe"]

    def paste(book: openpyxl.Workbook) -> None:
        for cell in original["D"][8:]:
            if isinstance(cell.value, str):
                book["BieuThongKe"][cell.coordinate].value = cell.value

    twice = again(edited(once, paste))
    assert len(fixed(twice)) >= 73
    assert submission(twice)["1.1"].raw == 2


def test_the_kept_fixes_are_told_in_the_language_of_the_last_correction(cchc: Cchc, once: Path, tmp_path: Path) -> None:
    cchc("correct", once, "-o", tmp_path / "en", "--lang", "en")
    book = openpyxl.load_workbook(tmp_path / "en" / NAME)
    statuses = [str(row[7].value) for row in book.worksheets[-1].iter_rows(min_row=6)]
    assert sum(it.startswith("Changed earlier: ") for it in statuses) == 76
    assert book.sheetnames == ["BieuThongKe", "Kiểm tra", "Phát hiện"]


# --- whatever people do to the sheet


@pytest.mark.parametrize(
    "edit",
    [
        shuffled,
        lambda sheet: sheet.delete_rows(7, 60),
        lambda sheet: sheet.insert_rows(1, 3),
        lambda sheet: sheet.insert_cols(2),
        lambda sheet: sheet["E9"].__setattr__("value", "đã hỏi xã"),
        lambda sheet: sheet.__setattr__("title", "Phát hiện quý 1"),
    ],
    ids=["sorted", "rows deleted", "rows put in", "a column put in", "typed in", "renamed"],
)
def test_nothing_is_lost_when_somebody_works_in_the_sheet(
    once: Path, again: Callable[..., Path], edit: Callable[[Worksheet], None]
) -> None:
    first = fixed(once)
    edited(once, lambda book: edit(book["Phát hiện"]))
    assert fixed(again(once), "Đã sửa lần trước") == first


def test_a_sheet_of_notes_into_which_somebody_copied_the_hidden_text_is_not_ours(
    once: Path, again: Callable[..., Path]
) -> None:
    def notes(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("Ghi chép", 1)
        sheet["A1"], sheet["B2"] = "của tôi", book["Phát hiện"]["L1"].value

    twice = again(edited(once, notes))
    book = openpyxl.load_workbook(twice)
    assert book.sheetnames == ["BieuThongKe", "Ghi chép", "Kiểm tra", "Phát hiện"]
    assert book["Ghi chép"]["A1"].value == "của tôi"
    assert fixed(twice, "Đã sửa lần trước") == fixed(once)


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_nothing_is_lost_when_libreoffice_saves_the_copy(
    once: Path, again: Callable[..., Path], tmp_path: Path, kind: str
) -> None:
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "lo"), str(once)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    twice = again(tmp_path / "lo" / f"{once.stem}.{kind}")
    assert fixed(twice, "Đã sửa lần trước") == fixed(once)
    assert openpyxl.load_workbook(twice).sheetnames == ["BieuThongKe", "Kiểm tra", "Phát hiện"]


ONE = '["1.1","T01","normalised","same_meaning",{},"02",2,""]'


@pytest.mark.parametrize(
    "text",
    [
        "cchc_lich_su:",
        "cchc_lich_su:[",
        "cchc_lich_su:{}",
        "cchc_lich_su:7",
        "cchc_lich_su:" + "[" * 20_000,
        *(
            f"cchc_lich_su:[{ONE.replace(*change)}]"
            for change in [
                ('"1.1"', '"9.9"'),
                ('"1.1"', '["1.1"]'),
                ('"1.1"', '"1.4"'),
                ('"T01"', '"=1+1"'),
                ('"T01"', "null"),
                ('"normalised"', '"certain"'),
                ('"same_meaning"', '"=HYPERLINK(1)"'),
                ('"same_meaning"', '"part_typed"'),
                ("{}", '{"part":"2"}'),
                ("{}", "[]"),
                (",2,", ",1e999999999,"),
                (",2,", ",NaN,"),
                (",2,", ",Infinity,"),
                (",2,", ",[2],"),
                (",2,", ",true,"),
                ('"02"', "1e400"),
                ('"02"', '{"a":1}'),
                (',""]', "]"),
                (',""]', ',"","",""]'),
                (ONE, "7"),
                (ONE, '"abcdefgh"'),
            ]
        ),
    ],
)
def test_what_is_no_fix_of_ours_is_ignored(text: str) -> None:
    found = submission(TYPED)
    later = {**found.entries, "1.1": found.entries["1.2.1"]}  # another figure than the fix found

    def understood(text: str) -> int:
        return len(earlier_fixes(Submission(None, None, "", later, earlier=(text,)), FORM, VI))

    assert understood(f"cchc_lich_su:[{ONE}]") == 1
    assert understood(text) == 0


def test_a_kept_text_that_looks_like_a_formula_stays_a_text(once: Path, again: Callable[..., Path]) -> None:
    edited(
        once,
        lambda book: book["Phát hiện"]["L1"].__setattr__(
            "value", 'cchc_lich_su:[["1.1","T01","normalised","same_meaning",{},"=1+1",2,""]]'
        ),
    )
    twice = again(once)
    sheet = next(it for it in read_workbook(twice.read_bytes()).sheets if it.name == "Phát hiện")
    assert any(cell.value == "=1+1" for row in sheet.rows.values() for cell in row.values())
    assert not any(cell.formula for row in sheet.rows.values() for cell in row.values())


@pytest.mark.parametrize(
    ("raw", "content", "is_same"),
    [
        (2, 2.0, True),
        (28.57, 28.57, True),
        ("2", 2, False),
        (" ", None, True),
        (0, None, False),
        (True, 1, False),
        ("Có", "Có", True),
    ],
)
def test_a_cell_holds_what_was_written_or_not(raw: Any, content: Any, is_same: bool) -> None:
    assert same(raw, content) is is_same


# --- the sheet for people


def test_another_way_says_which_proposal_it_would_replace(once: Path) -> None:
    found = {row["cell"]: row["message"] for row in rows(once) if row["status"] == "Hoặc" and row["code"] == "A02"}
    assert "ô D107" in found["D105"]


def test_a_spelling_that_gave_way_to_another_figure_shows_the_figure_the_cell_has_now(once: Path) -> None:
    (row,) = [row for row in rows(once) if (row["code"], row["cell"]) == ("T01", "D10")]
    assert (row["before"], row["after"], row["status"]) == ("02", 28.57, "Đã sửa: tính lại")


def test_every_row_names_its_place_and_shows_what_stands_there(once: Path) -> None:
    assert all(row["indicator"] for row in rows(once))
    (row,) = [row for row in rows(once) if row["code"] == "L28"]
    assert (row["cell"], row["before"]) == ("D97", "84")


def test_the_sheet_itself_says_what_to_do_with_the_last_column(once: Path) -> None:
    sheet = openpyxl.load_workbook(once)["Phát hiện"]
    assert "--decisions" in sheet["H3"].value


# --- undone


def test_by_the_values_before_alone_a_person_gets_the_original_back(cchc: Cchc, once: Path) -> None:
    def put_back(book: openpyxl.Workbook) -> None:
        for cell, (before, _) in fixed(once).items():
            book["BieuThongKe"][cell].value = None if before == "(để trống)" else before

    edited(once, put_back)
    assert cchc("diff", TYPED, once)[0] == 0
    assert raws(once) == raws(TYPED)


def test_undo_gives_every_cell_back_as_it_was_typed(cchc: Cchc, once: Path, again: Callable[..., Path]) -> None:
    for copy in (once, again(once)):
        back = again(copy, "--undo")
        assert raws(back) == raws(TYPED)
        assert cchc("diff", TYPED, back)[0] == 0
        assert len(fixed(back, "Đã trả lại")) == 76
        assert fixed(again(back, "--undo"), "Đã trả lại") == {}
        assert raws(again(back)) == raws(once)


def test_undo_goes_back_through_every_step(once: Path, again: Callable[..., Path]) -> None:
    edited(once, lambda book: accept(book["Phát hiện"], "D105", 19.23))
    assert raws(again(again(once, "--decisions", once), "--undo")) == raws(TYPED)


def test_undo_never_takes_away_what_somebody_wrote_since(cchc: Cchc, once: Path, tmp_path: Path) -> None:
    edited(once, lambda book: book["BieuThongKe"]["D10"].__setattr__("value", 28.6))
    _, _, err = cchc("correct", once, "-o", tmp_path / "lui", "--undo")
    assert "chỉ tiêu “1.2 Tỷ lệ hoàn thành Kế hoạch CCHC năm …” đã có người ghi lại" in err
    assert "75 ô được trả lại" in err
    assert submission(tmp_path / "lui" / NAME)["1.2"].raw == 28.6
    assert fixed(tmp_path / "lui" / NAME, "Đã sửa lần trước") == {"D10": ("02", 28.57)}


def test_undo_gives_a_percentage_its_format_back(tmp_path: Path, again: Callable[..., Path]) -> None:
    original = tmp_path / "a.xlsx"
    original.write_bytes(TYPED.read_bytes())

    def as_percent(book: openpyxl.Workbook) -> None:
        cell = book["BieuThongKe"]["D10"]
        cell.value, cell.number_format = 0.02, "0.0%"

    edited(original, as_percent)
    copy = again(original, "--apply", "suggested")
    assert submission(copy)["1.2"].raw == 28.57
    back = again(copy, "--undo")
    assert raws(back) == raws(original)
    assert submission(back)["1.2"].value == submission(original)["1.2"].value == 2


def test_a_number_is_kept_and_given_back_to_its_last_digit(tmp_path: Path, again: Callable[..., Path]) -> None:
    original = tmp_path / "a.xlsx"
    original.write_bytes(TYPED.read_bytes())
    edited(original, lambda book: book["BieuThongKe"].__setitem__("D10", 0.2857142857142857))
    copy = again(original, "--apply", "suggested")
    assert fixed(copy)["D10"] == (0.2857142857142857, 28.57)
    assert raws(again(copy, "--undo")) == raws(original)


def test_undo_renews_what_formulas_show(again: Callable[..., Path], tmp_path: Path) -> None:
    original = tmp_path / "a.xlsx"
    original.write_bytes(TYPED.read_bytes())
    edited(original, lambda book: book["BieuThongKe"].__setitem__("G1", "=D19*2"))
    back = again(again(original), "--undo")
    assert openpyxl.load_workbook(back, data_only=True)["BieuThongKe"]["G1"].value == 0


def test_undo_where_nothing_was_corrected_changes_nothing(cchc: Cchc, tmp_path: Path) -> None:
    _, _, err = cchc("correct", TYPED, "-o", tmp_path, "--undo")
    assert "không có ô nào đã sửa để trả lại" in err
    assert raws(tmp_path / NAME) == raws(TYPED)


def test_undo_and_decisions_are_two_commands(cchc: Cchc, once: Path, tmp_path: Path) -> None:
    assert cchc("correct", once, "-o", tmp_path / "lui", "--undo", "--decisions", once)[0] == 2
