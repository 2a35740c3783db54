"""`--select` and `--ignore`: what is not selected is as if it had not been found, in every command that finds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from communes import AS_SENT, consistent
from places import EXAMPLES, PRINTED, TYPED

from cchc_excel.workbook_form.filled import filled

WRONG_RATE = {"1.2.1": 19, "1.2.2": 15, "1.2": 50}  # A02: 15 of 19 is 78,95 %


def commune(path: Path, unit: str, **changed: float | str) -> Path:
    figures = {**consistent(0), **{key.lstrip("_").replace("_", "."): value for key, value in changed.items()}}
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(filled(AS_SENT, figures, unit=unit, period="2023-Q1"))
    return path


def with_wrong_rate(path: Path, unit: str = "UBND xã A") -> Path:
    return commune(path, unit, **{"_" + key.replace(".", "_"): value for key, value in WRONG_RATE.items()})


def texts_of(path: Path) -> str:
    """What stands in a workbook, without the checks that the template carries itself."""
    book = openpyxl.load_workbook(path)
    cells = (cell.value for sheet in book if sheet.title != "Kiểm tra" for row in sheet.iter_rows() for cell in row)
    return "\n".join(str(value) for value in cells if value is not None)


def rate_of(copy: Path) -> object:
    """What a copy of the example holds for 1.2, where `02` was typed for 28,57."""
    return openpyxl.load_workbook(copy).worksheets[0]["D10"].value


def test_what_is_ignored_is_neither_corrected_nor_listed_nor_counted(cchc: Cchc, tmp_path: Path) -> None:
    _, all_out, _ = cchc("correct", TYPED, "-o", tmp_path / "het")
    _, out, _ = cchc("correct", TYPED, "-o", tmp_path / "bot", "--ignore", "A02")
    whole, less = (tmp_path / folder / TYPED.name for folder in ("het", "bot"))
    assert (rate_of(whole), rate_of(less)) == (28.57, 2)
    assert "A02" in texts_of(whole)
    assert "A02" not in texts_of(less)
    assert "đã sửa 3 số liệu" in all_out
    assert "đã sửa 2 số liệu" in out
    left = [int(re.findall(r"còn (\d+) lỗi", said)[0]) for said in (all_out, out)]
    _, counted, _ = cchc("validate", less, "--ignore", "A02", "--format", "json")
    assert left[1] == json.loads(counted)["summary"]["errors"] < left[0]


def test_a_copy_that_was_made_by_another_selection_is_made_anew(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "ra", "--ignore", "A02")
    cchc("correct", TYPED, "-o", tmp_path / "ra")
    assert rate_of(tmp_path / "ra" / TYPED.name) == 28.57


def test_an_ignored_error_is_merged_as_reported_and_leaves_no_unit_out(cchc: Cchc, tmp_path: Path) -> None:
    with_wrong_rate(tmp_path / "nop" / "a.xlsx")
    commune(tmp_path / "nop" / "b.xlsx", "UBND xã B")
    book = tmp_path / "TongHop.xlsx"
    _, _, told = cchc("consolidate", tmp_path / "nop", "-o", book, "--exclude-errors", "--as-reported")
    assert "1/2 đơn vị" in told
    assert "A02" in texts_of(book)
    _, _, told = cchc(
        *(
            "consolidate",
            tmp_path / "nop",
            "-o",
            book,
            "--exclude-errors",
            "--force",
            "--ignore",
            "A",
            "--ignore",
            "S,U",
        ),
    )
    assert "2/2 đơn vị" in told
    assert "A02" not in texts_of(book)
    assert " 0 lỗi, 0 cảnh báo" in told


def test_what_the_office_finds_between_units_is_selected_too(cchc: Cchc, tmp_path: Path) -> None:
    roster = tmp_path / "ds.csv"
    roster.write_text("Tên đơn vị\nUBND xã A\n", "utf-8")
    commune(tmp_path / "nop" / "a.xlsx", "UBND xã A")
    commune(tmp_path / "nop" / "b.xlsx", "UBND xã Khác Hẳn")
    book = tmp_path / "TongHop.xlsx"
    cchc("consolidate", tmp_path / "nop", "-o", book, "--roster", roster)
    assert "U07" in texts_of(book)
    cchc("consolidate", tmp_path / "nop", "-o", book, "--roster", roster, "--force", "--ignore", "U07")
    assert "U07" not in texts_of(book)


def test_a_unit_whose_only_finding_is_ignored_gets_no_letter(cchc: Cchc, tmp_path: Path) -> None:
    commune(tmp_path / "nop" / "a.xlsx", "UBND xã A", _1_4_1=7, _1_4_2=9, _1_4_3=0, _1_4_4=0)
    cchc("letters", tmp_path / "nop", "-o", tmp_path / "thu")
    assert sorted(path.name for path in (tmp_path / "thu").glob("*.txt")) == ["UBND xã A.txt"]
    status, _, _ = cchc("letters", tmp_path / "nop", "-o", tmp_path / "it", "--select", "U")
    assert (status, list((tmp_path / "it").glob("*.txt"))) == (0, [])


def test_diff_tells_of_selected_findings_and_of_all_figures(cchc: Cchc, tmp_path: Path) -> None:
    one, other = commune(tmp_path / "a.xlsx", "UBND xã A"), with_wrong_rate(tmp_path / "b.xlsx")
    _, out, _ = cchc("diff", one, other, "--findings")
    assert "A02" in out
    status, out, _ = cchc("diff", one, other, "--findings", "--ignore", "A")
    assert status == 1
    assert "A02" not in out
    assert "→ 50" in out
    status, _, err = cchc("diff", one, other, "--ignore", "A")
    assert (status, err.splitlines()[0]) == (2, "Tùy chọn --ignore cần thêm --findings.")


def test_inspect_tells_what_was_noticed_as_selected(cchc: Cchc) -> None:
    def codes(*options: str) -> set[str]:
        _, out, _ = cchc("inspect", PRINTED, "--format", "json", *options)
        return {it["code"] for it in json.loads(out)["workbooks"][0]["noticed"]}

    assert {code[0] for code in codes()} == {"S", "T"}
    assert {code[0] for code in codes("--select", "T")} == {"T"}


def test_why_a_file_cannot_be_read_is_told_whatever_is_selected(cchc: Cchc, tmp_path: Path) -> None:
    bad = tmp_path / "hong.xlsx"
    bad.write_bytes(TYPED.read_bytes()[:5000])
    status, out, _ = cchc("validate", bad, "--select", "A", "--format", "json")
    assert status == 2
    assert [it["code"] for it in json.loads(out)["workbooks"][0]["findings"]] == ["S03"]
    folder = tmp_path / "nop"
    shutil.copytree(EXAMPLES / "huyen_vi_du" / "nop", folder)
    shutil.copy(bad, folder)
    _, _, told = cchc("consolidate", folder, "-o", tmp_path / "t.xlsx", "--select", "A")
    assert "hong.xlsx" in told


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("command", ["validate", "correct", "consolidate", "letters", "inspect", "diff"])
def test_a_code_that_there_is_not_is_refused_by_every_command(
    cchc: Cchc, tmp_path: Path, command: str, option: str
) -> None:
    rest: tuple[object, ...] = {
        "validate": (),
        "inspect": (),
        "diff": (TYPED, "--findings"),
        "correct": ("-o", tmp_path / "ra"),
        "consolidate": ("-o", tmp_path / "t.xlsx"),
        "letters": ("-o", tmp_path / "thu"),
    }[command]
    status, _, err = cchc(command, TYPED, *rest, option, "A99")
    assert status == 2
    assert f"{option} A99" in err
    assert "A02" in err, "the nearest codes"
    assert sorted(tmp_path.iterdir()) == []
