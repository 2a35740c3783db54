"""Formulas that kill, fatten or stop a calculating engine: their workbook is corrected without it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from books import saved
from command_line import Cchc
from places import PRINTED

from cchc_excel.excel import calculating
from cchc_excel.excel.kept_child import KeptChild

NESTED = "=" + "(" * 3_000 + "Figures!D9+0" + ")" * 3_000
DOUBLED = {"A1": '=Figures!D9&REPT("x",1000)', **{f"A{row}": f"=A{row - 1}&A{row - 1}" for row in range(2, 40)}}
LOOKED_UP = {f"A{row}": f"=VLOOKUP(Figures!D9+{row},Figures!A:ZZ,2,0)" for row in range(1, 80)}
HOSTILE = {"nested": {"A1": NESTED}, "doubled": DOUBLED, "looked up": LOOKED_UP}


def specimen_with(formulas: dict[str, str]) -> bytes:
    """The printed specimen, whose correction changes D9, with formulas on a sheet of their own."""
    book = openpyxl.load_workbook(PRINTED)
    book.worksheets[0].title = "Figures"
    sheet = book.create_sheet("More")
    for at, formula in formulas.items():
        sheet[at] = formula
    return saved(book)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_workbook_whose_formulas_harm_is_corrected_without_them_and_told_and_its_neighbours_are_finished(
    kind: str, cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = KeptChild("cchc_excel.excel.calculating.engine:answer", seconds=3.0)
    monkeypatch.setattr(calculating, "_ENGINE", engine)
    given, made = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    for name, formulas in {"a": {"A1": "=Figures!D9*2"}, "b": HOSTILE[kind], "c": {"A1": "=Figures!D9*3"}}.items():
        (given / f"{name}.xlsx").write_bytes(specimen_with(formulas))
    status, _, said = cchc("correct", given, "-o", made)
    assert status == 0
    (told,) = [line for line in said.splitlines() if "chưa được tính lại" in line]
    assert told.startswith(str(made / "b.xlsx"))
    figures = {name: openpyxl.load_workbook(made / f"{name}.xlsx", data_only=True) for name in "abc"}
    assert [book["Figures"]["D9"].value for book in figures.values()] == [28.57, 28.57, 28.57]
    assert b'fullCalcOnLoad="1"' in zipfile.ZipFile(made / "b.xlsx").read("xl/workbook.xml")
    assert "Excel sẽ tính khi mở tệp" in figures["b"]["Phát hiện"]["A3"].value
    assert "Excel sẽ tính" not in figures["a"]["Phát hiện"]["A3"].value


def test_the_engine_is_loaded_by_no_process_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(specimen_with({"A1": "=Figures!D9*2"}))
    program = (
        "import sys\nfrom cchc_excel.cli import main\n"
        f"sys.argv = ['cchc', 'correct', {str(tmp_path / 'a.xlsx')!r}, '-o', {str(tmp_path / 'out')!r}]\n"
        "try:\n    main()\nfinally:\n    print('ironcalc' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.stdout.splitlines()[-1] == "False"
    assert (tmp_path / "out" / "a.xlsx").is_file()
