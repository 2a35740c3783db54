"""Reading, aligning and checking one form, against openpyxl and calamine merely reading it.

    python benchmarks/reading.py [repetitions]

Bounds, as times faster than openpyxl loads the same workbook: at least 8 where a workbook is the first of its look
(in a process that has read one of another look; median of 20 fresh processes), at least 20 where it is the
hundredth, one after another as a run reads them. The rest is there for information. The hundred are the template
filled without a mistake: by the communes of the example district, and once more with figures drawn at random, which
have less in common than those of any real communes.

All is done by one thread of one process, so the time of the processor is measured: others on the machine do not
count.
"""

from __future__ import annotations

import gc
import io
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median

import openpyxl
import python_calamine

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests" / "makers"), str(ROOT / "examples")]

from bounds import Bound, tell
from communes import consistent as commune
from consistent import consistent_figures

from cchc_excel.checking import check
from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.form import Form, load_form, names
from cchc_excel.grid import Source
from cchc_excel.reading import read
from cchc_excel.workbook_form.filled import filled

OTHER_LOOK = ROOT / "examples" / "huyen_vi_du" / "nop" / "BC CCHC Q1 xã Nam Cường.xlsx"
PROCESSES, BEFORE, IN_A_ROW = 20, 99, 20


def form_file(seed: int = 4) -> bytes:
    """A consistent form typed into the template, the same for the same seed."""
    form = load_form()
    figures = consistent_figures(random.Random(seed).randint, form)
    values = {key: float(value) if isinstance(value, Fraction) else value for key, value in figures.items()}
    return filled(form, values, unit=f"UBND xã {unit_name(seed)}", period="2023-Q1", number="12")


def commune_file(number: int) -> bytes:
    """The form of a commune of the example district, with a number instead of its name."""
    return filled(load_form(), commune(number), unit=f"UBND xã {unit_name(number)}", period="2023-Q1", number="12")


def unit_name(number: int) -> str:
    return " ".join("ABCDEFGHIJ"[int(digit)] + "n" for digit in str(number))


def timed_in_turns(works: Mapping[str, Callable[[bytes], object]], files: Sequence[bytes]) -> Mapping[str, float]:
    """Median milliseconds of each work, all of them on one file after another."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for data in files:
        for name, work in works.items():
            gc.collect()  # what the other one left behind is not at this one's cost
            times[name].append(_once(partial(work, data)))
    return {name: median(taken) for name, taken in times.items()}


def _once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def by_openpyxl(data: bytes) -> object:
    return openpyxl.load_workbook(io.BytesIO(data))


def by_calamine(data: bytes) -> object:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def read_and_checked(data: bytes, form: Form) -> object:
    submission = read(Source("a.xlsx", data), form).submission
    assert submission is not None
    return check(submission, form)


def first_of_its_look(path: Path) -> Mapping[str, float]:
    """Milliseconds of the first workbook of a look, in this process, after one workbook of another look."""
    works: dict[str, Callable[[bytes], object]] = {
        "read, align, check": partial(read_and_checked, form=load_form()),
        "openpyxl": by_openpyxl,
    }
    timed_in_turns(works, [OTHER_LOOK.read_bytes()])
    return timed_in_turns(works, [path.read_bytes()])


def first_of_its_look_in_fresh_processes(data: bytes) -> Mapping[str, float]:
    """The medians of many processes."""
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "first.xlsx")
        path.write_bytes(data)
        for _ in range(PROCESSES):
            command = [sys.executable, __file__, "--first", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            for line in done.stdout.splitlines():
                name, taken = line.split("\t")
                times.setdefault(name, []).append(float(taken))
    return {name: median(taken) for name, taken in times.items()}


def hundredth_of_its_look(files: Sequence[bytes]) -> Mapping[str, float]:
    """The fewest milliseconds over the files after the first 99, one workbook after another as a run reads them.

    Each is read once, some in a row, then openpyxl loads the same, and so on: a machine that slows down slows both.
    They are much alike, so the fastest is what a file takes while nobody else is at the processor and its caches.
    """
    form = load_form()
    gc.collect()
    gc.freeze()  # what making the files left behind is at nobody's cost
    for data in files[:BEFORE]:
        read_and_checked(data, form)
    submission = read(Source("a.xlsx", files[0]), form).submission
    assert submission is not None
    works: dict[str, Callable[[bytes], object]] = {
        "read, align, check": partial(read_and_checked, form=form),
        "openpyxl": by_openpyxl,
        "calamine": by_calamine,
        "our reader alone": lambda data: read_workbook(data, leaving_out=names.CHECKS),
        "checking alone": lambda _: check(submission, form),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for first in range(BEFORE, len(files), IN_A_ROW):
        for name, work in works.items():
            gc.collect()  # what the other one left behind is not at this one's cost
            times[name] += [_once(partial(work, data)) for data in files[first : first + IN_A_ROW]]
    return {name: min(taken) for name, taken in times.items()}


def main() -> None:
    if sys.argv[1:2] == ["--first"]:
        for name, taken in first_of_its_look(Path(sys.argv[2])).items():
            print(name, taken, sep="\t")
        return
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    numbers = range(BEFORE + repetitions)
    found = {
        "first of its look": (first_of_its_look_in_fresh_processes(form_file()), 8),
        "hundredth of its look": (hundredth_of_its_look([*map(commune_file, numbers)]), 20),
        "hundredth, figures at random": (hundredth_of_its_look([*map(form_file, numbers)]), 20),
    }
    bounds = []
    for title, (times, least) in found.items():
        print(title)
        for name, taken in times.items():
            print(f"  {name:20}{taken:8.2f} ms{times['openpyxl'] / taken:8.1f} × faster than openpyxl")
        ratio = times["openpyxl"] / times["read, align, check"]
        bounds.append(Bound(f"{title}: times faster than openpyxl loads it", ratio, least=least))
    tell(*bounds)


if __name__ == "__main__":
    main()
