"""Who decided is kept with what was decided: on the findings sheet, in the copies made after it, in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from consistent import as_typed, filled
from corrections import edited
from places import TYPED

from cchc_excel.correcting.history import name_of
from cchc_excel.form import load_form
from cchc_excel.workbook_form.filled import filled as workbook

NAME, DECISION, BY = TYPED.name, 11, 12
OFFICER = "Chánh Văn phòng"


def sheet_rows(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)["Phát hiện"].iter_rows(min_row=5, values_only=True))


def decided(path: Path, code: str, after: object, mark: str | None, name: str | None) -> Path:
    """The copy with a mark and a name beside a proposal; without `after` beside the finding's own row."""

    def write(book: openpyxl.Workbook) -> None:
        (row,) = [
            row
            for row in book["Phát hiện"].iter_rows(min_row=6)
            if row[1].value == code and (row[6].value or None) == after
        ]
        row[DECISION - 1].value, row[BY - 1].value = mark, name

    return edited(path, write)


def named(path: Path) -> set[tuple[object, object]]:
    """The code of each row that names somebody, and whom."""
    return {(row[1], row[BY - 1]) for row in sheet_rows(path)[1:] if row[BY - 1]}


@pytest.fixture
def proposed(cchc: Cchc, tmp_path: Path) -> Path:
    """A corrected copy in which A02 proposes 19.23 for the 100 of 7.2.4."""
    assert cchc("correct", TYPED, "-o", tmp_path / "mot")[0] == 0
    return tmp_path / "mot" / NAME


def test_the_name_written_beside_a_decision_stands_beside_it_in_every_later_copy(
    cchc: Cchc, tmp_path: Path, proposed: Path
) -> None:
    assert sheet_rows(proposed)[0][BY - 1] == "Người quyết định"
    marks = decided(proposed, "A02", 19.23, "nhận", f"  {OFFICER} ")
    for folder, file, options in (("hai", TYPED, ["--decisions", marks]), ("ba", tmp_path / "hai" / NAME, [])):
        assert cchc("correct", file, "-o", tmp_path / folder, *options)[0] == 0
        assert ("A02", OFFICER) in named(tmp_path / folder / NAME)


@pytest.mark.parametrize(
    "written", [OFFICER, f" {OFFICER}, ĐT: 0912 345 678", f"{OFFICER} (0912345678)", f"{OFFICER} +84 912"]
)
def test_a_name_is_kept_without_the_telephone_beside_it(written: str) -> None:
    assert name_of(written) == OFFICER


@pytest.mark.parametrize("name", [None, "Trưởng phòng Nội vụ"])
def test_who_hands_decisions_over_is_kept_where_the_sheet_names_nobody(
    cchc: Cchc, tmp_path: Path, proposed: Path, name: str | None
) -> None:
    marks = decided(proposed, "A02", 19.23, "nhận", name)
    options = ["--decisions", marks, "--decided-by", OFFICER, "--format", "json"]
    status, out, _ = cchc("correct", TYPED, "-o", tmp_path / "hai", *options)
    assert status == 0
    by = {it["indicator"]: it["decided_by"] for it in json.loads(out)["files"][0]["changes"]}
    assert by["7.2.4"] == (name or OFFICER)
    assert by["1.2"] is None  # carried out by itself, decided by nobody
    assert named(tmp_path / "hai" / NAME) == {("A02", name or OFFICER)}


def test_a_refusal_keeps_its_name_too(cchc: Cchc, tmp_path: Path, proposed: Path) -> None:
    marks = decided(proposed, "A02", 19.23, "bỏ", OFFICER)
    assert cchc("correct", TYPED, "-o", tmp_path / "hai", "--decisions", marks)[0] == 0
    assert cchc("correct", tmp_path / "hai" / NAME, "-o", tmp_path / "ba")[0] == 0
    assert named(tmp_path / "ba" / NAME) == {("A02", OFFICER)}


FORM = load_form()


def explained(tmp_path: Path) -> Path:
    """A form with a warning beside which the clerk wrote a reason."""
    figures = {key: value for key, value in filled({}).values.items() if value is not None}
    cells = as_typed(figures) | {"4.1.2": 0, "4.1.3": 1}
    note = {"4.1.3": "Chỉ có một người"}
    path = tmp_path / "bieu.xlsx"
    path.write_bytes(workbook(FORM, cells, unit="UBND xã A", period="2023-Q1", notes=note))
    return path


def accepted_by(cchc: Cchc, path: Path) -> object:
    _, out, _ = cchc("validate", path, "--format", "json")
    (finding,) = [it for it in json.loads(out)["workbooks"][0]["findings"] if it["code"] == "T30"]
    return finding["accepted_by"]


def test_who_let_the_reason_beside_a_warning_pass_is_kept_and_told_while_the_figures_are_the_same(
    cchc: Cchc, tmp_path: Path
) -> None:
    source = explained(tmp_path)
    assert accepted_by(cchc, source) is None
    assert cchc("correct", source, "-o", tmp_path / "mot")[0] == 0
    copy = tmp_path / "mot" / source.name
    marks = decided(copy, "T30", None, None, OFFICER)
    assert cchc("correct", source, "-o", tmp_path / "hai", "--decisions", marks)[0] == 0
    copy = tmp_path / "hai" / source.name
    assert accepted_by(cchc, copy) == OFFICER
    assert f"Đã giải trình: Chỉ có một người ({OFFICER} chấp nhận)" in " ".join(cchc("validate", copy)[1].split())

    def changed(book: openpyxl.Workbook) -> None:
        book["BieuThongKe"].cell(*next(reversed([(row, 4) for row in range(8, 110) if _is_413(book, row)]))).value = 0.5

    assert accepted_by(cchc, edited(copy, changed)) is None


def _is_413(book: openpyxl.Workbook, row: int) -> bool:
    return book["BieuThongKe"].cell(row, 1).value == "4.1.3"


def test_the_option_names_who_accepts_all_reasons_and_may_stand_in_the_settings(
    cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = explained(tmp_path)
    (tmp_path / "cchc.toml").write_text(f'decided-by = "{OFFICER}"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert cchc("correct", source, "-o", tmp_path / "mot")[0] == 0
    assert accepted_by(cchc, tmp_path / "mot" / source.name) == OFFICER


def test_a_decision_that_was_taken_back_names_nobody_beside_what_is_proposed_again(
    cchc: Cchc, tmp_path: Path, proposed: Path
) -> None:
    marks = decided(proposed, "A02", 19.23, "nhận", OFFICER)
    assert cchc("correct", TYPED, "-o", tmp_path / "hai", "--decisions", marks)[0] == 0
    assert ("A02", OFFICER) in named(tmp_path / "hai" / NAME)
    assert cchc("correct", tmp_path / "hai" / NAME, "-o", tmp_path / "ba", "--undo")[0] == 0
    (again,) = [row for row in sheet_rows(tmp_path / "ba" / NAME) if (row[1], row[6], row[7]) == ("A02", 19.23, "Hoặc")]
    assert again[BY - 1] is None
