"""A folder of mixed files, one in twenty of them refused, against the same folder in which all can be read.

    python benchmarks/intake.py [files] [runs]

Bound: merging the one takes no longer a file than merging the other (1,000 files; noise is 5 %). In both one in ten is
a .csv and one in a hundred stands in an archive; what is refused is a scan, a letter, a picture, an empty file, a
damaged workbook, a text, an encrypted workbook, a file that is too large, a page without cells, archives five deep.

Each run is a process of its own and the two take turns. Processor time is measured, of the workers too; the fastest
run counts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "makers"))
sys.path.insert(0, str(Path(__file__).parent))

from bounds import Bound, tell
from compound_file import compound_file
from consolidate import generate
from packages import zipped
from what_harms import packed

FILES, RUNS = 1_000, 3
ONE_IN = 20
NOISE = 0.05
_SPARSE = 70 * 2**20


def mix(folder: Path, *, with_refusals: bool) -> None:
    """Make one file in ten a .csv, pack one in a hundred, and replace one in twenty by one that is refused."""
    for number, path in enumerate(sorted(folder.glob("*.xlsx"))):
        if with_refusals and number % ONE_IN == 0:
            path.unlink()
            _refused(path, number // ONE_IN)
        elif number % 100 == 7:
            path.with_suffix(".zip").write_bytes(zipped({path.name: path.read_bytes()}))
            path.unlink()
        elif number % 10 == 3:
            path.with_suffix(".csv").write_bytes(_as_csv(path))
            path.unlink()


def _refused(path: Path, number: int) -> None:
    kinds = {
        ".pdf": b"%PDF-1.7\n" + bytes(20_000),
        ".docx": zipped({"word/document.xml": "<w/>", "_rels/.rels": "<r/>"}),
        ".jpg": b"\xff\xd8\xff\xe0" + bytes(50_000),
        ".empty.xlsx": b"",
        ".cut.xlsx": b"PK\x03\x04" + bytes(5_000),
        ".txt": "Kính gửi phòng Nội vụ".encode(),
        ".locked.xlsx": compound_file({"EncryptedPackage": bytes(2_000), "EncryptionInfo": bytes(100)}),
        ".large.csv": b"",
        ".xls": b"<html><table><tr><td></td></tr></table></html>",
        ".zip": packed(5),
    }
    ending = list(kinds)[number % len(kinds)]
    with path.with_suffix(ending).open("wb") as file:
        file.write(kinds[ending])
        if ending == ".large.csv":
            file.truncate(_SPARSE)


def _as_csv(path: Path) -> bytes:
    from sheet_writers import Page, Written, as_csv

    from cchc_excel.excel.opening import open_grid

    sheet = open_grid(path.read_bytes()).grid.sheets[0]
    cells = {(row, at): Written(str(it.value)) for row, line in sheet.rows.items() for at, it in line.items()}
    return as_csv([Page("CSV", cells)])


def seconds(folder: Path, out: Path) -> float:
    """Processor seconds of merging the folder, all processes together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "cchc_excel", "consolidate", str(folder), "-o", str(out), "--force"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    with tempfile.TemporaryDirectory() as place:
        clean, mixed = Path(place, "clean"), Path(place, "mixed")
        for folder in (clean, mixed):
            folder.mkdir()
            generate(folder, files)
            mix(folder, with_refusals=folder == mixed)
        best = {"clean": float("inf"), "mixed": float("inf")}
        for _ in range(runs):
            for name, folder in (("clean", clean), ("mixed", mixed)):
                best[name] = min(best[name], seconds(folder, Path(place, f"{name}.xlsx")))
    for name, taken in best.items():
        print(f"{name:6} {files:6} files {taken:8.2f} s  {1000 * taken / files:6.2f} ms a file")
    ratio = best["mixed"] / best["clean"]
    tell(Bound("a file of a folder with one in twenty refused, against a clean one", ratio, most=1 + NOISE))


if __name__ == "__main__":
    main()
