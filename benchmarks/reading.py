"""Reading, aligning and checking one form inside a process, against calamine and openpyxl merely reading it.

    python benchmarks/reading.py [repetitions]

Aims: at most 5 × calamine, at least 8 × faster than openpyxl. The form is the template, filled without a mistake.
"""

from __future__ import annotations

import io
import random
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

import openpyxl
import python_calamine

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from consistent import consistent_figures

from cchc_excel.checking import check
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.ooxml import read_workbook
from cchc_excel.reading import read
from cchc_excel.template.filled import filled


def form_file() -> bytes:
    """A consistent form typed into the template, always the same."""
    form = load_form()
    figures = consistent_figures(random.Random(4).randint, form)
    values = {key: float(value) if isinstance(value, Fraction) else value for key, value in figures.items()}
    return filled(form, values, unit="UBND xã A", period="2023-Q1", number="12")


def timed(work: Callable[[], object], repetitions: int) -> float:
    """Median milliseconds."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    form, data = load_form(), form_file()
    submission = read(Source("a.xlsx", data), form).submission
    assert submission is not None

    def by_calamine() -> object:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return book.get_sheet_by_index(0).to_python()

    def whole() -> object:
        found = read(Source("a.xlsx", data), form).submission
        return found and check(found, form)

    rows = {
        "calamine": timed(by_calamine, repetitions),
        "openpyxl": timed(lambda: openpyxl.load_workbook(io.BytesIO(data)), repetitions // 3 + 1),
        "our reader": timed(lambda: read_workbook(data), repetitions),
        "checking": timed(lambda: check(submission, form), repetitions),
        "read, align, check": timed(whole, repetitions),
    }
    for name, value in rows.items():
        print(
            f"{name:20}{value:8.2f} ms{value / rows['calamine']:8.1f} × calamine"
            f"{rows['openpyxl'] / value:8.1f} × faster than openpyxl"
        )


if __name__ == "__main__":
    main()
