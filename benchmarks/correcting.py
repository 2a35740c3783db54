"""Correcting one form (changes, findings sheet, comparison with the original) against openpyxl loading and saving it.

    python benchmarks/correcting.py [repetitions]

Bound: from the second workbook on at most 0.33 on each form. The forms are the shipped specimen as typed into the
template, with the 3,000 formulas of its sheet `Kiểm tra` (76 cells change, 87 findings are listed); the same as it
is printed, without formulas; and the template filled without a mistake but for one rate left blank, whose change
spreads through the formulas. Both programs take turns on one file, and the fastest run of each counts: others on the
machine only ever make a run slower. What a process remembers of a template is told by itself, as the time of the
first form. What comes before (reading, checking, proposing) is not in the ratio; together with it the last figure of
a line is.
"""

from __future__ import annotations

import gc
import io
import random
import sys
import time
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent))

from bounds import Bound, tell
from reading import consistent_figures

from cchc_excel.corrected_copy import corrected
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.wording import words
from cchc_excel.workbook_form.filled import filled

EXAMPLES = Path(__file__).parent.parent / "examples"


def load_and_save(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.save(io.BytesIO())


def one_mistake() -> bytes:
    form = load_form()
    figures = consistent_figures(random.Random(4).randint, form)
    values = {key: float(value) if isinstance(value, Fraction) else value for key, value in figures.items()}
    return filled(form, {**values, "1.2": None}, unit="UBND xã A", period="2023-Q1", number="12")


def fastest_in_turns(works: Mapping[str, Callable[[], object]], repetitions: int) -> Mapping[str, float]:
    """The fewest milliseconds that each work took."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repetitions):
        for name, work in works.items():
            gc.collect()  # what the other one left behind is not at this one's cost
            times[name].append(timed(work))
    return {name: min(taken) for name, taken in times.items()}


def timed(work: Callable[[], object]) -> float:
    """Milliseconds, those of a child process too, in which formulas are calculated."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    form, spoken = load_form(), words("vi")
    forms = {
        "typed into the template": (EXAMPLES / "BangLang_2023-Q1_mau.xlsx").read_bytes(),
        "one mistake": one_mistake(),
        "as printed": (EXAMPLES / "BangLang_2023-Q1_inlai.xlsx").read_bytes(),
    }
    bounds = []
    for name, data in forms.items():
        source = Source(name, data)
        found = examine(source, form)
        assert found.submission is not None
        correct = partial(corrected, data, found.findings, found.submission, form, spoken)
        first = timed(correct)
        works = {"ours": correct, "openpyxl": partial(load_and_save, data), "before": partial(examine, source, form)}
        times = fastest_in_turns(works, repetitions)
        ours, theirs = times["ours"], times["openpyxl"]
        print(
            f"{name:24} {len(correct().changes):3} cells  first {first:6.1f} ms, then {ours:6.1f} ms   "
            f"openpyxl {theirs:6.1f} ms   with reading {(ours + times['before']) / theirs:5.2f} of it"
        )
        bounds.append(Bound(f"correcting, {name}: of openpyxl's load and save", ours / theirs, most=0.33))
    tell(*bounds)


if __name__ == "__main__":
    main()
