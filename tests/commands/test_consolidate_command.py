"""`cchc consolidate` as the officer runs it: files in, one workbook out, everything else said on stderr."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from cchc_excel.commands.refusals import DONE, FAILED
from cchc_excel.submission import Period

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "huyen_vi_du"
ROSTER = ["--roster", str(EXAMPLE / "danh_sach.csv")]


def cchc(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cchc_excel", "consolidate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three workbooks of the example."""
    inside = tmp_path / "nop"
    inside.mkdir()
    for name in ("BangLang_2023-Q1_mau.xlsx", "BC CCHC Q1 xa Tan Hoa.xlsx", "BC quy I xa Lac Thuy.xlsx"):
        shutil.copy(EXAMPLE / "nop" / name, inside)
    return inside


def test_the_example_district_becomes_one_workbook(tmp_path: Path) -> None:
    output = tmp_path / "TongHop.xlsx"
    done = cchc(EXAMPLE / "nop", "-o", output, *ROSTER, "--unit", "UBND huyện Ví Dụ")
    assert (done.returncode, done.stdout.strip()) == (DONE, str(output))
    assert "19/21 đơn vị được tổng hợp" in done.stderr
    assert "6.1.1" in done.stderr, "the rows that only the district can report"
    assert openpyxl.load_workbook(output)["BieuThongKe"]["B5"].value == "UBND huyện Ví Dụ"


def test_what_is_said_is_said_in_english_when_asked_for(folder: Path, tmp_path: Path) -> None:
    done = cchc(folder, "-o", tmp_path / "a.xlsx", "--lang", "en")
    assert "3 of 3 units merged" in done.stderr


def test_the_output_in_the_folder_itself_is_replaced_only_by_force_and_never_merged(folder: Path) -> None:
    output = folder / "TongHop.xlsx"
    assert cchc(folder, "-o", output).returncode == DONE
    first = output.read_bytes()
    again = cchc(folder, "-o", output)
    assert again.returncode == FAILED
    assert "đã có" in again.stderr
    forced = cchc(folder, "-o", output, "--force")
    assert forced.returncode == DONE
    assert output.read_bytes() == first


def test_an_input_is_never_written_to_not_even_by_force(folder: Path) -> None:
    victim = folder / "BC quy I xa Lac Thuy.xlsx"
    before = victim.read_bytes()
    done = cchc(victim, "-o", victim, "--force")
    assert done.returncode == FAILED
    assert victim.read_bytes() == before


def test_a_roster_with_a_mistake_is_refused_with_its_place(folder: Path, tmp_path: Path) -> None:
    roster = tmp_path / "ds.csv"
    roster.write_text("Đơn vị;Hạn nop\nUBND xã A;1/4/2023\n", "utf-8")
    done = cchc(folder, "-o", tmp_path / "a.xlsx", "--roster", roster)
    assert done.returncode == FAILED
    assert "Hạn nop" in done.stderr
    assert "ds.csv" in done.stderr
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.xlsx": b""},
        {"a.xlsx": b"PK\x03\x04 cut off"},
        {"~$a.xlsx": b"lock"},
        {"a.csv": b"ten,so\nx,1\n"},
    ],
    ids=["no file", "empty file", "damaged file", "only a lock file", "another table"],
)
def test_a_folder_without_a_readable_form_is_said_and_nothing_is_written(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    inside = tmp_path / "nop"
    inside.mkdir()
    for name, data in files.items():
        (inside / name).write_bytes(data)
    done = cchc(inside, "-o", tmp_path / "a.xlsx")
    assert done.returncode == FAILED
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("option", [("--level", "xa"), ("--period", "2023-13"), ("--tidy", "a.docx")])
def test_a_choice_that_cannot_be_is_refused(option: tuple[str, str], folder: Path, tmp_path: Path) -> None:
    done = cchc(folder, "-o", tmp_path / "a.xlsx", *option)
    assert done.returncode == FAILED
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.xlsx").exists()


def test_several_processes_give_the_same_bytes_as_one(tmp_path: Path) -> None:
    one, two = tmp_path / "1" / "a.xlsx", tmp_path / "2" / "a.xlsx"
    cchc(EXAMPLE / "nop", "-o", one, *ROSTER, "--jobs", "1")
    cchc(EXAMPLE / "nop", "-o", two, *ROSTER, "--jobs", "2")
    assert one.read_bytes() == two.read_bytes()


def test_the_tidy_table_is_written_as_csv_and_as_parquet(folder: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frames = []
    for name in ("t.csv", "t.parquet"):
        assert cchc(folder, "-o", tmp_path / f"{name}.xlsx", "--tidy", tmp_path / name).returncode == DONE
        frames.append(
            pandas.read_csv(tmp_path / name) if name.endswith("csv") else pandas.read_parquet(tmp_path / name)
        )
    assert list(frames[0]["value"].dropna()) == list(frames[1]["value"].dropna())
    assert set(frames[0]["period"]) == {str(Period(2023, "Q1"))}


CLUSTER = """
import sys
from pathlib import Path
import distributed
from cchc_excel.commands.consolidate import run_consolidate
from cchc_excel.commands.consolidate import ConsolidateOptions

if __name__ == "__main__":
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        options = ConsolidateOptions(files=[Path(sys.argv[1])], output=Path(sys.argv[2]), cluster=address, debug=True)
        run_consolidate(options)
"""


def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="pip install 'cchc-excel[cluster]'")
    script, one, two = tmp_path / "cluster.py", tmp_path / "1" / "a.xlsx", tmp_path / "2" / "a.xlsx"
    script.write_text(CLUSTER)
    cchc(folder, "-o", one)
    command = [sys.executable, str(script), str(folder), str(two)]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=path)
    assert two.exists(), done.stderr
    assert one.read_bytes() == two.read_bytes()
