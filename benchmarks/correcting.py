"""Correcting one form (changes, findings sheet, comparison with the original) against openpyxl loading and saving it.

    python benchmarks/correcting.py [repetitions]

The aim is a quarter. The forms are the shipped specimen as typed into the template, with the 3,000 formulas of its
sheet `Kiểm tra` (76 cells change, 87 findings are listed); the same as it is printed, without formulas; and the
template filled without a mistake but for one rate left blank, whose change spreads through the formulas. Both programs
take turns on one file; what a process remembers of a template is told by itself, as the time of the first form. What
comes before (reading, checking, proposing) is not in the ratio; together with it the last figure of a line is.
"""

from __future__ import annotations

import io
import random
import sys
from fractions import Fraction
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent))

from reading import consistent_figures, timed, timed_in_turns

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


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    form, spoken = load_form(), words("vi")
    forms = {
        "typed into the template": (EXAMPLES / "BangLang_2023-Q1_mau.xlsx").read_bytes(),
        "one mistake": one_mistake(),
        "as printed": (EXAMPLES / "BangLang_2023-Q1_inlai.xlsx").read_bytes(),
    }
    for name, data in forms.items():
        found = examine(Source(name, data), form)
        submission = found.submission
        assert submission is not None

        def correct(given: bytes, f=found, s=submission):  # type: ignore[no-untyped-def]
            return corrected(given, f.findings, s, form, spoken)

        first = timed(lambda d=data: correct(d), 1)
        cells = len(correct(data).changes)
        works = {"ours": correct, "openpyxl": load_and_save, "before": lambda it, n=name: examine(Source(n, it), form)}
        times = timed_in_turns(works, [data], repetitions)
        ours, theirs = times["ours"], times["openpyxl"]
        print(
            f"{name:24} {cells:3} cells  first {first:6.1f} ms, then {ours:6.1f} ms   "
            f"openpyxl {theirs:6.1f} ms   ratio {ours / theirs:5.2f}   "
            f"with reading {(ours + times['before']) / theirs:5.2f}"
        )


if __name__ == "__main__":
    main()
