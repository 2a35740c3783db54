"""A whole correction, and the bare patch in it, against openpyxl loading and saving the same file.

    python benchmarks/patching.py [repetitions]

For information: the bound on the whole correction is measured by correcting.py. Reading and checking are not counted on
either side. The three are timed in turns, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from correcting import EXAMPLES, load_and_save

from cchc_excel.corrected_copy import corrected
from cchc_excel.excel.patching import CellChange, patch
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.wording import words

SPECIMEN = EXAMPLES / "BangLang_2023-Q1_mau.xlsx"


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    form, spoken, data = load_form(), words("vi"), SPECIMEN.read_bytes()
    found = examine(Source(SPECIMEN.name, data), form)
    submission = found.submission
    assert submission is not None
    done = corrected(data, found.findings, submission, form, spoken)
    cells = [submission.entries[change.indicator].cell for change in done.changes]
    changes = [CellChange(*cell, number="1", fill="FFE699") for cell in cells]
    works = {
        "openpyxl": lambda: load_and_save(data),
        "corrected": lambda: corrected(data, found.findings, submission, form, spoken),
        "patch": lambda: patch(data, changes),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repetitions):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - start) * 1000)
    against = median(times["openpyxl"])
    for name, taken in times.items():
        print(f"{name:10} {median(taken):7.1f} ms   ratio {median(taken) / against:5.2f}")
    print(f"{len(changes)} cells changed, {len(found.findings)} findings listed")


if __name__ == "__main__":
    main()
