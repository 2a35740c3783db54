"""Reading, aligning and checking one form inside a process, against calamine and openpyxl merely reading it.

    python benchmarks/reading.py [repetitions]

Aims: at most 5 × calamine, at least 8 × faster than openpyxl. The forms are the template filled without a mistake, by
eight units with different figures, in turns; all are timed in turns too, so that a machine that slows down slows all of
them. What a process remembers of a template is at no form's cost but the first's, which is told by itself.
"""

from __future__ import annotations

import gc
import io
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

import openpyxl
import python_calamine

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from consistent import consistent_figures

from cchc_excel.checking import check
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.form import load_form, names
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.workbook_form.filled import filled


def form_file(seed: int = 4) -> bytes:
    """A consistent form typed into the template, the same for the same seed."""
    form = load_form()
    figures = consistent_figures(random.Random(seed).randint, form)
    values = {key: float(value) if isinstance(value, Fraction) else value for key, value in figures.items()}
    return filled(form, values, unit=f"UBND xã {chr(61 + seed)}", period="2023-Q1", number="12")


def timed(work: Callable[[], object], repetitions: int) -> float:
    """Median milliseconds."""
    return median(_once(work) for _ in range(repetitions))


def timed_in_turns(
    works: Mapping[str, Callable[[bytes], object]], files: Sequence[bytes], repetitions: int
) -> Mapping[str, float]:
    """Median milliseconds of each work, all of them on one file after another."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for data, _ in zip(cycle(files), range(repetitions), strict=False):
        for name, work in works.items():
            times[name].append(_once(partial(work, data)))
    return {name: median(taken) for name, taken in times.items()}


def _once(work: Callable[[], object]) -> float:
    gc.collect()  # what the other one left behind is not at this one's cost
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def by_calamine(data: bytes) -> object:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    form, files = load_form(), [form_file(seed) for seed in range(4, 12)]

    def whole(data: bytes) -> object:
        submission = read(Source("a.xlsx", data), form).submission
        assert submission is not None
        return check(submission, form)

    first = _once(lambda: whole(files[0]))
    submission = read(Source("a.xlsx", files[0]), form).submission
    assert submission is not None
    works: dict[str, Callable[[bytes], object]] = {
        "calamine": by_calamine,
        "openpyxl": lambda data: openpyxl.load_workbook(io.BytesIO(data)),
        "our reader": lambda data: read_workbook(data, leaving_out=names.CHECKS),
        "checking": lambda _: check(submission, form),
        "read, align, check": whole,
    }
    rows = {"the first form": first, **timed_in_turns(works, files, repetitions)}
    for name, value in rows.items():
        print(
            f"{name:20}{value:8.2f} ms{value / rows['calamine']:8.1f} × calamine"
            f"{rows['openpyxl'] / value:8.1f} × faster than openpyxl"
        )


if __name__ == "__main__":
    main()
