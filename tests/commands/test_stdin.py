"""`-` for a file, and `--quiet`."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from places import ROOT, TYPED

from cchc_excel.excel.limits import file_limit


def piped(data: bytes, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "cchc_excel", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=False, cwd=ROOT)


class _Stream:
    """What stands in the place of standard input: bytes, or a screen."""

    def __init__(self, data: bytes, *, terminal: bool = False) -> None:
        self.buffer, self._terminal = io.BytesIO(data), terminal

    def isatty(self) -> bool:
        return self._terminal


def test_a_workbook_comes_through_a_pipe(cchc: Cchc) -> None:
    done = piped(TYPED.read_bytes(), "validate", "-", "--format", "json")
    through, (_, named, _) = json.loads(done.stdout), cchc("validate", TYPED, "--format", "json")
    file = json.loads(named)
    assert done.returncode == 1
    assert through["workbooks"][0].pop("path") == "-"
    file["workbooks"][0].pop("path")
    assert through == file


def test_inspect_reads_it_too(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Stream(TYPED.read_bytes()))
    status, out, _ = cchc("inspect", "-")
    assert (status, out.splitlines()[:2]) == (0, ["-", "UBND xã Bằng Lăng · Quý I năm 2023"])


def test_what_is_corrected_from_a_pipe_is_the_same_as_from_a_file(cchc: Cchc, tmp_path: Path) -> None:
    assert piped(TYPED.read_bytes(), "correct", "-", "-o", tmp_path / "a").returncode == 0
    cchc("correct", TYPED, "-o", tmp_path / "b")
    one, other = tmp_path / "a" / "BieuThongKe.xlsx", tmp_path / "b" / TYPED.name
    assert openpyxl.load_workbook(one).worksheets[0]["D10"].value == 28.57
    assert one.read_bytes() == other.read_bytes()
    again = piped(TYPED.read_bytes(), "correct", "-", "-o", tmp_path / "a")
    assert again.returncode == 0, "it is the copy of the same unit, which may be made anew"


def test_no_more_is_read_than_a_workbook_may_have(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    begins = b"PK\x03\x04"
    endless = _Stream(begins + bytes(file_limit(begins) + 2**20))
    monkeypatch.setattr(sys, "stdin", endless)
    _, out, _ = cchc("validate", "-", "--format", "json")
    assert [it["code"] for it in json.loads(out)["workbooks"][0]["findings"]] == ["S05"]
    assert endless.buffer.tell() <= file_limit(begins) + 1


def test_a_screen_hands_nothing_over(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Stream(b"", terminal=True))
    status, out, err = cchc("validate", "-")
    assert (status, out) == (2, "")
    assert "cchc validate - < BangLang.xlsx" in err


def test_other_commands_take_no_pipe(cchc: Cchc, tmp_path: Path) -> None:
    for command, output in (("consolidate", "t.xlsx"), ("letters", "thu")):
        assert cchc(command, "-", "-o", tmp_path / output)[0] == 2


# --- --quiet


def test_quiet_leaves_the_status_and_what_is_written(cchc: Cchc, tmp_path: Path) -> None:
    assert cchc("validate", TYPED, "--quiet") == (1, "", "")
    assert cchc("validate", TYPED, "-q", "--fail-on", "never") == (0, "", "")
    assert cchc("correct", TYPED, "-o", tmp_path / "ra", "-q") == (0, "", "")
    assert cchc("correct", TYPED, "-o", tmp_path / "ra", "-q") == (0, "", ""), "not even that nothing has changed"
    assert cchc("consolidate", TYPED, "-o", tmp_path / "t.xlsx", "-q") == (0, "", "")
    assert cchc("letters", TYPED, "-o", tmp_path / "thu", "-q") == (0, "", "")
    assert cchc("template", "-o", tmp_path / "b.xlsx", "-q") == (0, "", "")
    assert cchc("diff", TYPED, tmp_path / "ra" / TYPED.name, "-q") == (1, "", "")
    assert cchc("explain", "A02", "-q") == (0, "", "")
    assert cchc("form", "scaffold", tmp_path / "b.xlsx", "-o", tmp_path / "mau", "-q") == (0, "", "")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"ra", "t.xlsx", "thu", "b.xlsx", "mau"}


def test_quiet_still_tells_what_went_wrong(cchc: Cchc, tmp_path: Path) -> None:
    bad = tmp_path / "hong.xlsx"
    bad.write_bytes(TYPED.read_bytes()[:5000])
    assert "hong.xlsx" in cchc("correct", bad, TYPED, "-o", tmp_path / "ra", "-q")[2]
    assert "hong.xlsx" in cchc("consolidate", bad, TYPED, "-o", tmp_path / "t.xlsx", "-q")[2]
    assert cchc("explain", "Z99", "-q")[2].startswith("Không có mã “Z99”")
