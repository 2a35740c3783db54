"""`--format json` of every command: its object has the shape of docs/json.md, and says what is so."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Cchc
from communes import AS_SENT, FORM, consistent
from json_contract import OF_OTHERS, complaints
from places import EXAMPLES, ROOT, TYPED

from cchc_excel.workbook_form.filled import filled

RULES = ROOT / "rules" / "cchc_xa_quy"


def told(cchc: Cchc, *arguments: object, status: int = 0) -> dict[str, Any]:
    """What a command tells to programs; held against the schema."""
    done, out, _ = cchc(*arguments, "--format", "json")
    assert done == status
    found: dict[str, Any] = json.loads(out)
    assert complaints(found) == []
    assert found["command"] == " ".join(str(it) for it in arguments[: found["command"].count(" ") + 1])
    return found


def test_correct_tells_each_cell_that_it_wrote(cchc: Cchc, tmp_path: Path) -> None:
    found = told(cchc, "correct", TYPED, "-o", tmp_path / "ra", "--sheet", tmp_path / "q.xlsx")
    (file,) = found["files"]
    assert file["copy"] == str(tmp_path / "ra" / TYPED.name)
    assert (file["figures"], file["spellings"], file["errors_left"], file["warnings_left"]) == (3, 73, 5, 3)
    (rate,) = [it for it in file["changes"] if it["indicator"] == "1.2"]
    assert (rate["cell"].rpartition("!")[2], rate["before"], rate["after"], rate["code"]) == ("D10", 2, 28.57, "A02")
    assert found["sheet"] == str(tmp_path / "q.xlsx")
    assert found["open"] > 0
    assert told(cchc, "correct", TYPED, "-o", tmp_path / "ra")["unchanged"] == 1
    dry = told(cchc, "correct", TYPED, "-o", tmp_path / "khac", "--dry-run")
    assert dry["dry_run"]
    assert dry["files"][0]["changes"] == file["changes"]
    assert not (tmp_path / "khac").exists()
    back = told(cchc, "correct", tmp_path / "ra" / TYPED.name, "-o", tmp_path / "lui", "--undo")
    assert back["undo"]
    assert back["files"][0]["changes"] == []


def test_correct_tells_what_it_could_not_read(cchc: Cchc, tmp_path: Path) -> None:
    (tmp_path / "rong.xlsx").write_bytes(b"")
    found = told(cchc, "correct", tmp_path / "rong.xlsx", TYPED, "-o", tmp_path / "ra")
    assert [(it["path"], it["code"]) for it in found["unread"]] == [(str(tmp_path / "rong.xlsx"), "S60")]


def test_consolidate_tells_how_each_unit_stands_and_the_merged_figures(cchc: Cchc, tmp_path: Path) -> None:
    for name, unit in (("a", "UBND xã A"), ("b", "UBND xã B")):
        (tmp_path / f"{name}.xlsx").write_bytes(filled(AS_SENT, {**consistent(0)}, unit=unit, period="2023-Q1"))
    roster = tmp_path / "ds.csv"
    roster.write_text("Mã;Tên đơn vị\n07;UBND xã A\n08;UBND xã B\n09;UBND xã C\n", "utf-8")
    found = told(
        *(cchc, "consolidate", tmp_path / "a.xlsx", tmp_path / "b.xlsx", "-o", tmp_path / "t.xlsx"),
        *("--roster", roster, "--unit", "UBND huyện D"),
    )
    assert (found["unit"], found["level"], found["period"]) == ("UBND huyện D", "huyen", "2023-Q1")
    assert (found["expected"], found["merged"]) == (3, 2)
    assert [(it["code"], it["status"]) for it in found["units"]] == [
        ("07", "received"), ("08", "received"), ("09", "missing")
    ]  # fmt: skip
    assert found["values"]["1.1"] == 2 * consistent(0)["1.1"]


def test_letters_tells_where_each_letter_stands(cchc: Cchc, tmp_path: Path) -> None:
    found = told(cchc, "letters", TYPED, "-o", tmp_path / "thu")
    (letter,) = found["letters"]
    assert letter["unit"] == "UBND xã Bằng Lăng"
    assert Path(letter["letter"]).is_file()
    assert Path(letter["text"]).is_file()
    assert Path(found["summary"]).is_file()
    assert "D10" not in [it["cell"] for it in letter["points"]], "what was put right while merging"


def test_diff_tells_figures_and_findings(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path / "ra")
    found = told(cchc, "diff", TYPED, tmp_path / "ra" / TYPED.name, "--findings", status=1)
    (pair,) = found["pairs"]
    assert {"indicator": "1.2", "cell": "D10", "before": 2, "after": 28.57} in pair["changes"]
    assert "A02" in [it["code"] for it in pair["findings"] if it["how"] == "mended"]
    assert found["differs"]
    assert not told(cchc, "diff", TYPED, TYPED)["differs"]
    folder = told(cchc, "diff", tmp_path / "ra", EXAMPLES / "huyen_vi_du" / "nop", status=2)
    assert len(folder["only"]) > 10
    assert "S60" in [it["code"] for it in folder["unread"]]


def test_the_other_commands_tell_what_they_print(cchc: Cchc, tmp_path: Path) -> None:
    assert told(cchc, "explain", "a02")["code"] == "A02"
    assert "A02" in [it["code"] for it in told(cchc, "rules")["codes"]]
    blank = tmp_path / "b.xlsx"
    assert told(cchc, "template", "--form", "cchc_xa_quy", "-o", blank)["files"] == [str(blank)]
    assert told(cchc, "inspect", TYPED)["workbooks"][0]["unit"] == "UBND xã Bằng Lăng"
    assert told(cchc, "form", "scaffold", blank, "-o", tmp_path / "mau")["rows"] == 103
    fine = told(cchc, "form", "check", RULES)
    assert (fine["mistakes"], fine["rows"]) == ([], len(FORM.indicators))
    (tmp_path / "mau" / "form.yaml").write_text("id: 1\nnix: 2\n", "utf-8")
    wrong = told(cchc, "form", "check", tmp_path / "mau", status=1)
    assert "unknown_field" in [it["kind"] for it in wrong["mistakes"]]
    assert [it["id"] for it in told(cchc, "form", "show", RULES)["rows"]] == [it.id for it in FORM.indicators]
    found = told(cchc, "form", "coverage", TYPED)
    assert 0 < found["caught"] < found["tried"]


@pytest.mark.parametrize("command", OF_OTHERS["properties"]["command"]["enum"])
def test_a_name_that_is_not_in_the_schema_is_seen(cchc: Cchc, command: str) -> None:
    document = told(cchc, "explain", "A02")
    wrong = copy.deepcopy(document) | {"command": command, "nix": 1}
    assert complaints(wrong)
