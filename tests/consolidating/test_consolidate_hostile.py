"""Consolidating what should not have been sent: refused with a sentence, or written as the text that it is."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from books import saved
from communes import FORM, NUMBERED, arrived, communes, consistent, workbook_of

from cchc_excel.commands.consolidate import links
from cchc_excel.commands.intake import TIDY_BEGINS
from cchc_excel.commands.refusals import DONE, FAILED
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.district.drawing import put
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.errors import NothingToConsolidate, OwnOfOtherPeriod, OwnUnread
from cchc_excel.excel.writing.strict import new_workbook
from cchc_excel.grid import Source
from cchc_excel.submission import Period

EXAMPLE = Path(__file__).parents[2] / "examples" / "huyen_vi_du"
PERIOD_CELL = "D5"


def cchc(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cchc_excel", "consolidate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def without_period(it: Arrived) -> Arrived:
    book = openpyxl.load_workbook(io.BytesIO(it.source.data))
    book["BieuThongKe"][PERIOD_CELL].value = None
    return Arrived(Source(it.source.name, saved(book)))


def column(data: bytes, sheet: str, letter: str) -> list[object]:
    return [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data))[sheet][letter]]


# --- the upper level's own workbook


def test_an_own_workbook_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    own = Arrived(Source("hong.xlsx", b"PK\x03\x04"))
    with pytest.raises(OwnUnread):
        consolidate(communes(), FORM, Choices(own=own))
    (tmp_path / "hong.xlsx").write_bytes(own.source.data)
    done = cchc(EXAMPLE / "nop", "-o", tmp_path / "a.xlsx", "--own", tmp_path / "hong.xlsx")
    assert (done.returncode, (tmp_path / "a.xlsx").exists()) == (FAILED, False)
    assert "hong.xlsx" in done.stderr


def test_an_own_workbook_of_another_period_is_refused() -> None:
    with pytest.raises(OwnOfOtherPeriod, match="2022-Q4"):
        consolidate(communes(), FORM, Choices(own=arrived("cu.xlsx", {"6.1.1": 1}, "UBND huyện Ví Dụ", "2022-Q4")))


def test_the_own_workbook_is_among_the_sources_and_what_is_found_in_its_rows_among_the_findings() -> None:
    own = arrived("huyen.xlsx", {"6.1.1": 2000, "6.1.2": -500, "1.1": -3}, "UBND huyện Ví Dụ")
    outcome = consolidate(communes(), FORM, Choices(own=own))
    assert "huyen.xlsx" in column(workbook_of(outcome), "Nguồn", "C")
    of_own = {it.finding.indicators for it in outcome.findings if it.filed.path == "huyen.xlsx"}
    assert ("6.1.2",) in of_own
    assert ("1.1",) not in of_own, "no figure of that row is taken from it"


# --- nothing that counts


@pytest.mark.parametrize("choices", [Choices(), Choices(period=Period(2024, "Q1"))], ids=["", "of another period"])
def test_where_no_workbook_counts_nothing_is_made(choices: Choices) -> None:
    files = communes() if choices.period else [without_period(it) for it in communes()[:2]]
    with pytest.raises(NothingToConsolidate):
        consolidate(files, FORM, choices)


def test_where_all_units_are_left_out_for_their_errors_nothing_is_made() -> None:
    wrong = arrived("sai.xlsx", {**consistent(0), "1.1": -3}, "UBND xã Sai")
    with pytest.raises(NothingToConsolidate):
        consolidate([wrong], FORM, Choices(exclude_errors=True))


def test_a_workbook_that_names_no_period_is_of_the_one_asked_for_and_that_is_said() -> None:
    files = [without_period(communes()[0]), communes()[1]]
    asked = consolidate(files, FORM, Choices(period=Period(2023, "Q1")))
    assert [it.path for it in asked.merged.units] == ["0.xlsx", "1.xlsx"]
    assert any(it.filed.path == "0.xlsx" and it.finding.code == "S31" for it in asked.findings)
    assert [it.path for it in consolidate(files, FORM).merged.units] == ["1.xlsx"], "else it is nobody's guess"


# --- texts and names


def test_a_text_longer_than_a_cell_is_cut_and_merged_all_the_same(tmp_path: Path) -> None:
    text = (EXAMPLE / "nop" / "Dong Tien Q1-2023.csv").read_text("utf-8-sig")
    assert "Số liệu mô phỏng" in text
    (tmp_path / "dai.csv").write_text(text.replace("Số liệu mô phỏng", "=cmd|x " + "z" * 50_000), "utf-8")
    done = cchc(tmp_path / "dai.csv", "-o", tmp_path / "a.xlsx")
    assert (done.returncode, done.stderr.count("Traceback")) == (DONE, 0)
    messages = column((tmp_path / "a.xlsx").read_bytes(), "Phát hiện", "L")
    assert any(str(it).startswith("Ô ghi “=cmd|x zzz") and len(str(it)) < 500 for it in messages)


def test_a_note_too_long_for_any_row_still_fits_the_template() -> None:
    data = arrived("a.xlsx", consistent(0), "UBND xã A", notes={"1.2": "dài " * 2000}).source.data
    sheet = openpyxl.load_workbook(io.BytesIO(data))["BieuThongKe"]
    assert sheet.row_dimensions[NUMBERED["1.2"]].height <= 409.5


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("a#1 100%.xlsx", r"nop\a%231%20100%25.xlsx"),
        ("b%20c.xlsx", r"nop\b%2520c.xlsx"),
        ("d [1].xlsx", r"nop\d%20%5b1%5d.xlsx"),
        ("=cmd|'C'!A0.xlsx", r"nop\=cmd|'C'!A0.xlsx"),
    ],
)
def test_a_link_leads_to_the_file_whatever_its_name(name: str, target: str, tmp_path: Path) -> None:
    (tmp_path / "nop").mkdir()
    (tmp_path / "nop" / name).write_bytes(communes()[0].source.data)
    assert cchc(tmp_path / "nop", "-o", tmp_path / "a.xlsx").returncode == DONE
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    unit, figure, source = book["Chi tiết"]["B8"], book["Chi tiết"]["E8"], book["Nguồn"]["C5"]
    assert {it.hyperlink.target for it in (unit, figure, source)} == {target}
    assert figure.hyperlink.location == f"BieuThongKe!D{NUMBERED['1.1']}"
    assert source.value == f"nop/{name}"


def test_a_file_on_another_drive_is_linked_in_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def other_drive(*_: Path) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", other_drive)
    path = tmp_path / "a.xlsx"
    assert links([str(path)], tmp_path / "b.xlsx")(str(path)) == path.resolve().as_posix()


# --- files beside each other


def test_of_two_copies_of_an_earlier_workbook_one_counts() -> None:
    earlier = [
        arrived("a.xlsx", {**consistent(0), "1.2.1": 10, "1.2.2": 9, "1.2": 90}, "UBND xã Thứ A", "2022-Q4"),
        arrived("b.xlsx", {**consistent(1), "1.2.1": 10, "1.2.2": 1, "1.2": 10}, "UBND xã Thứ B", "2022-Q4"),
    ]
    copy = Arrived(Source("a (1).xlsx", earlier[0].source.data))
    (last,) = consolidate(communes(), FORM, Choices(), [*earlier, copy]).earlier
    assert last.figures["1.2"] == 50


@pytest.mark.parametrize("name", ["a.docx", "a", "a.csv"])
def test_the_output_is_a_workbook_by_name_too(name: str, tmp_path: Path) -> None:
    done = cchc(EXAMPLE / "nop", "-o", tmp_path / name)
    assert (done.returncode, (tmp_path / name).exists()) == (FAILED, False)
    assert ".xlsx" in done.stderr


def test_every_bad_file_among_good_ones_is_named_and_stops_none(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "nop", tmp_path / "nop")
    (tmp_path / "nop" / "mật khẩu.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    assert cchc(tmp_path / "nop", "-o", tmp_path / "nop" / "TongHop.xlsx").returncode == DONE
    again = cchc(tmp_path / "nop", "-o", tmp_path / "lan_hai.xlsx")
    assert again.returncode == DONE
    assert "TongHop.xlsx: Bỏ qua: bản tổng hợp lần trước" in again.stderr
    data = (tmp_path / "lan_hai.xlsx").read_bytes()
    unread = {"mật khẩu.xlsx", "BieuThongKe_AnBinh (1).xlsx", "Lich tiep cong dan quy I.xlsx"}
    assert unread <= set(column(data, "Phát hiện", "F"))
    assert not any("~$" in str(it) for it in column(data, "Nguồn", "C"))


# --- outputs among the inputs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "nop"
    inside.mkdir()
    for it in communes()[:3]:
        (inside / it.source.name).write_bytes(it.source.data)
    shutil.copy(EXAMPLE / "nop" / "Dong Tien Q1-2023.csv", inside / "3.csv")
    (inside / "hong.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return inside


@pytest.mark.parametrize("name", ["0.xlsx", "hong.xlsx"])
def test_a_report_in_the_folder_is_never_replaced_by_the_output_not_even_by_force(name: str, folder: Path) -> None:
    before = (folder / name).read_bytes()
    done = cchc(folder, "-o", folder / name, "--force")
    assert (done.returncode, (folder / name).read_bytes()) == (FAILED, before)


def test_nor_by_the_tidy_table(folder: Path, tmp_path: Path) -> None:
    before = (folder / "3.csv").read_bytes()
    done = cchc(folder, "-o", tmp_path / "a.xlsx", "--tidy", folder / "3.csv", "--force")
    assert (done.returncode, (folder / "3.csv").read_bytes()) == (FAILED, before)


def test_nor_is_an_earlier_report(folder: Path) -> None:
    victim = folder / "0.xlsx"
    before = victim.read_bytes()
    done = cchc(EXAMPLE / "nop", "-o", victim, "--previous", folder, "--force")
    assert (done.returncode, victim.read_bytes()) == (FAILED, before)


def test_the_outputs_of_last_time_in_the_folder_are_replaced_by_force_and_are_no_reports(folder: Path) -> None:
    outputs: list[str | Path] = ["-o", folder / "TongHop.xlsx", "--tidy", folder / "TongHop.csv"]
    assert cchc(folder, *outputs).returncode == DONE
    first = [(folder / it).read_bytes() for it in ("TongHop.xlsx", "TongHop.csv")]
    done = cchc(folder, *outputs, "--force")
    assert done.returncode == DONE
    assert "5 tệp đã đọc" in done.stderr
    assert [(folder / it).read_bytes() for it in ("TongHop.xlsx", "TongHop.csv")] == first


def test_the_tidy_table_begins_as_it_is_recognised(folder: Path, tmp_path: Path) -> None:
    cchc(folder, "-o", tmp_path / "a.xlsx", "--tidy", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(TIDY_BEGINS)


@pytest.mark.parametrize("letter", ["a", "Ộ", "😀"])
def test_a_text_longer_than_a_cell_takes_is_cut_and_shows_it(letter: str) -> None:
    data = new_workbook(lambda book: put(book.add_worksheet("A"), 0, 0, 40_000 * letter, None), {})
    written = openpyxl.load_workbook(io.BytesIO(data))["A"]["A1"].value
    assert written.lstrip(letter) == "…"
    assert 32_000 <= len(written.encode("utf-16-le")) // 2 <= 32_767
