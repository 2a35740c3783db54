"""Consolidating 1,000 and 10,000 workbooks against a plain openpyxl and pandas merge, and against reading them alone.

    python benchmarks/consolidate.py [small] [large]

`small` and `large` are numbers of workbooks (1000 and 10000). Bounds: at least 6 × faster than the plain merge of the
small number; the large number in at most 1.1 × its share of the time, and twice the peak memory of the main process.
For information stand beside it: our own reading without the drawing, which is done by one process alone; and calamine
reading the same cells with as many processes.

Each run is a process of its own, and what is compared takes turns. The fastest run counts: others on the machine only
ever make a run slower. The memory is the peak of the main process and, separately, of its largest worker.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
sys.path.insert(0, str(Path(__file__).parent))

from bounds import Bound, tell

SMALL, LARGE = 1_000, 10_000
RUNS_OF_SMALL, RUNS_OF_LARGE, RUNS_OF_PLAIN = 4, 2, 2
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
UNIT, NUMBER = "UBND xã Số 99999", "99999/BC-UBND"  # of the template package

# --- the workbooks


def generate(folder: Path, count: int) -> None:
    """`count` workbooks of different units and figures, as Excel would store them; one in ten with a mistake."""
    with ProcessPoolExecutor() as pool:
        size = max(1, count // 8)
        list(pool.map(partial(_write_some, folder), [range(at, min(at + size, count)) for at in range(0, count, size)]))


def _write_some(folder: Path, numbers: range) -> None:
    import district_workbooks
    import make_district

    from cchc_excel.form import load_form

    form, same = load_form(), make_district.district()["same"]
    package = TemplatePackage(form)
    for number in numbers:
        figures = district_workbooks.figures_of(form, f"xã {number}", "2023-Q1", same, {})
        if number % 10 == 0:
            figures["1.1"] = -1
        (folder / f"{number:05}.xlsx").write_bytes(package.filled(figures, number))


class TemplatePackage:
    """One workbook, drawn once. Of each unit's copy the figures, the unit and the number are its own.

    What is read is as it would be had each been drawn by itself: a whole package with its own sheet and own texts.
    """

    def __init__(self, form: Any) -> None:
        import district_workbooks

        ids = [row.id for row in form.entries]
        placeholders: dict[str, Any] = {key: 7_000_000 + place for place, key in enumerate(ids)}
        sheet = district_workbooks.Sheet(form, UNIT, "2023-Q1", NUMBER, date(2023, 3, 7), placeholders, {})
        with zipfile.ZipFile(io.BytesIO(district_workbooks.as_xlsx(sheet, "Biểu"))) as package:
            self.parts = {name: package.read(name).decode("utf-8") for name in package.namelist()}
        # text between the values, and for each value the row of the form
        self.pieces = re.split(r"><v>7(\d{6})</v></c>", self.parts[SHEET])
        self.ids = [ids[int(place)] for place in self.pieces[1::2]]
        assert sorted(self.ids) == sorted(ids)
        self.count = int(re.search(r'uniqueCount="(\d+)"', self.parts[STRINGS]).group(1))  # type: ignore[union-attr]

    def filled(self, figures: Mapping[str, Any], number: int) -> bytes:
        """The package of one unit."""
        answers = sorted({it for it in figures.values() if isinstance(it, str)})
        cells = [_cell(figures[key], answers, self.count) for key in self.ids]
        sheet = "".join(map("".join, zip(self.pieces[::2], [*cells, ""], strict=True)))
        strings = self.parts[STRINGS].replace("99999", f"{number:05}")
        strings = strings.replace("</sst>", "".join(f"<si><t>{answer}</t></si>" for answer in answers) + "</sst>")
        strings = re.sub(r'uniqueCount="\d+"', f'uniqueCount="{self.count + len(answers)}"', strings)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in {**self.parts, SHEET: sheet, STRINGS: strings}.items():
                package.writestr(name, content)
        return buffer.getvalue()


def _cell(value: Any, answers: list[str], first: int) -> str:
    """The rest of a cell after its style; `first` is the place of the first answer among the shared strings."""
    if value is None:
        return "/>"
    if isinstance(value, str):
        return f' t="s"><v>{first + answers.index(value)}</v></c>'
    return f"><v>{float(value) if isinstance(value, Fraction) else value}</v></c>"


# --- the ways of working


def ours(folder: Path, output: Path) -> None:
    """What an officer types."""
    from cchc_excel.cli import main

    sys.argv = ["cchc", "consolidate", str(folder), "-o", str(output), "--unit", "UBND huyện A", "--force", "--debug"]
    try:
        main()
    except SystemExit as done:
        if done.code:
            raise


def reading(folder: Path, _: Path) -> None:
    """The part of it that more processors share."""
    from cchc_excel.commands.consolidate import arrived
    from cchc_excel.consolidating.choices import Choices
    from cchc_excel.consolidating.receiving import receive
    from cchc_excel.form import load_form
    from cchc_excel.workers import Where

    print(len(receive(arrived(sorted(folder.iterdir())), load_form(), Choices(where=Where())).units))


def by_calamine(folder: Path, _: Path) -> None:
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        print(sum(pool.map(_cells, sorted(folder.iterdir()), chunksize=32)))


def _cells(path: Path) -> int:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return len(book.get_sheet_by_index(0).to_python())


def plainly(folder: Path, output: Path) -> None:
    """What a colleague would write: openpyxl, the value column, pandas, to_excel."""
    import openpyxl
    import pandas

    frames = []
    for path in sorted(folder.iterdir()):
        sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        rows = [(row[1].value, row[3].value) for row in sheet.iter_rows(min_row=6, max_row=110)]
        frames.append(pandas.DataFrame(rows, columns=["label", "value"]).assign(unit=path.stem))
    whole = pandas.concat(frames)
    table = whole.pivot_table(index="unit", columns="label", values="value", aggfunc="first")
    with pandas.ExcelWriter(output, engine="xlsxwriter") as writer:
        table.to_excel(writer, sheet_name="Chi tiết")
        table.apply(pandas.to_numeric, errors="coerce").sum().to_excel(writer, sheet_name="Tổng hợp")


WAYS = {"ours": ours, "reading": reading, "calamine": by_calamine, "plain": plainly}

# --- measuring


class Run(dict[str, float]):
    """`seconds`, those of the processors (`busy`), and the peak MiB of the `main` process and its largest `worker`."""


def measured(way: str, folder: Path, output: Path) -> Run:
    """Run one way in a process of its own, which keeps the bytecode it compiles, as an installed package has it."""
    command = [sys.executable, __file__, "--run", way, str(folder), str(output)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return Run(json.loads(done.stdout.splitlines()[-1]))


def run(way: str, folder: str, output: str) -> None:
    start = time.perf_counter()
    WAYS[way](Path(folder), Path(output))
    seconds = time.perf_counter() - start
    main, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    busy = sum(used.ru_utime + used.ru_stime for used in (main, workers))
    peaks = {"main": main.ru_maxrss / 1024, "worker": workers.ru_maxrss / 1024}
    print(json.dumps({"seconds": seconds, "busy": busy, **peaks}))


def fastest(runs: list[Run]) -> Run:
    return min(runs, key=lambda it: it["seconds"])


def main() -> None:
    small, large = (int(sys.argv[at]) if len(sys.argv) > at else usual for at, usual in ((1, SMALL), (2, LARGE)))
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        start = time.perf_counter()
        for count in (small, large):
            (base / f"in{count}").mkdir()
            generate(base / f"in{count}", count)
        print(f"{small + large} workbooks made in {time.perf_counter() - start:.0f} s")
        taken: dict[tuple[str, int], list[Run]] = {}
        turns = [("ours", small), ("reading", small), ("calamine", small), ("plain", small), ("ours", large)]
        often = {small: RUNS_OF_SMALL, large: RUNS_OF_LARGE}
        for turn in range(RUNS_OF_SMALL):
            for way, count in turns:
                if turn < (RUNS_OF_PLAIN if way == "plain" else often[count]):
                    done = measured(way, base / f"in{count}", base / f"out {way} {count}.xlsx")
                    taken.setdefault((way, count), []).append(done)
        best = {key: fastest(runs) for key, runs in taken.items()}
        for (way, count), one in best.items():
            print(
                f"{way:9}{count:6} workbooks: {one['seconds']:7.2f} s, {one['seconds'] / count * 1000:6.2f} ms each; "
                f"processors busy {one['busy']:6.2f} s; peak {one['main']:4.0f} MiB, worker {one['worker']:4.0f} MiB"
            )
        size = (base / f"out ours {large}.xlsx").stat().st_size / 2**20
        print(f"the district's workbook of {large}: {size:.1f} MiB")
    share = large / small
    of_small, of_large = best["ours", small], best["ours", large]
    memory = min(it["main"] for it in taken["ours", large]) / min(it["main"] for it in taken["ours", small])
    tell(
        Bound(f"{small} workbooks: times faster than a plain merge", _seconds(best, "plain", small, of_small), least=6),
        Bound(f"{large} workbooks: time of {small}", of_large["seconds"] / of_small["seconds"], most=1.1 * share),
        Bound(f"{large} workbooks: peak memory of {small}", memory, most=2),
    )


def _seconds(best: Mapping[tuple[str, int], Run], way: str, count: int, against: Run) -> float:
    return best[way, count]["seconds"] / against["seconds"]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:5])
    else:
        main()
