"""Consolidating 1,000 and 10,000 generated workbooks against calamine reading and a plain openpyxl + pandas merge.

    python benchmarks/consolidate.py [small] [large] [plain]

`small` and `large` are numbers of workbooks (1000 and 10000), `plain` how many of them the plain merge is timed on
(100; its time grows in proportion). Aims: at most 6 × calamine reading the same cells with as many processes; at least
6 × faster than the plain merge; growth from small to large at most 1.1 × their ratio; peak memory of the large run at
most 1.5 × that of the small one plus the size of its output. Each run is a process of its own; memory is the peak of
that process and, separately, of its largest worker. Ours and calamine, and the small and the large number, take turns,
five times over the small one and twice over the large, and the medians are compared: one run of two seconds says little
on a machine that others use too.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from fractions import Fraction
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "examples"))


def generate(folder: Path, count: int) -> None:
    """`count` workbooks of different units in the template; one in ten with a mistake."""
    with ProcessPoolExecutor() as pool:
        list(pool.map(_write, [(folder, number) for number in range(count)], chunksize=50))


def _write(job: tuple[Path, int]) -> None:
    import district_workbooks
    import make_district

    from cchc_excel.form import load_form

    folder, number = job
    form, same = load_form(), make_district.district()["same"]
    figures = district_workbooks.figures_of(form, f"xã {number}", "2023-Q1", same, {})
    if number % 10 == 0:
        figures["1.1"] = -1
    unit = f"UBND xã Số {number:05}"
    values = {key: float(it) if isinstance(it, Fraction) else it for key, it in figures.items() if it is not None}
    sheet = district_workbooks.Sheet(form, unit, "2023-Q1", f"{number}/BC-UBND", date(2023, 3, 7), values, {})
    (folder / f"{number:05}.xlsx").write_bytes(district_workbooks.as_xlsx(sheet, "Biểu"))


def ours(folder: Path, output: Path) -> None:
    from cchc_excel.commands.consolidate import run_consolidate
    from cchc_excel.commands.options import ConsolidateOptions

    options = ConsolidateOptions(files=[folder], output=output, unit="UBND huyện A", force=True, debug=True)
    run_consolidate(options)


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
        rows = [(row[1].value, row[3].value) for row in sheet.iter_rows(min_row=8, max_row=110)]
        frames.append(pandas.DataFrame(rows, columns=["label", "value"]).assign(unit=path.stem))
    whole = pandas.concat(frames)
    table = whole.pivot_table(index="unit", columns="label", values="value", aggfunc="first")
    with pandas.ExcelWriter(output, engine="xlsxwriter") as writer:
        table.to_excel(writer, sheet_name="Chi tiết")
        table.apply(pandas.to_numeric, errors="coerce").sum().to_excel(writer, sheet_name="Tổng hợp")


WAYS = {"ours": ours, "calamine": by_calamine, "plain": plainly}


def measured(way: str, folder: Path, output: Path) -> dict[str, float]:
    """Run one way in a process of its own, which keeps the bytecode it compiles, as an installed package has it."""
    command = [sys.executable, __file__, "--run", way, str(folder), str(output)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def _median(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    return {key: median(run[key] for run in runs) for key in runs[0]}


def run(way: str, folder: str, output: str) -> None:
    start = time.perf_counter()
    WAYS[way](Path(folder), Path(output))
    seconds = time.perf_counter() - start
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "main": peaks[0], "worker": peaks[1]}))


def main() -> None:
    small, large, plain = (
        int(sys.argv[at]) if len(sys.argv) > at else it for at, it in ((1, 1000), (2, 10000), (3, 100))
    )
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        turns: dict[int, list[tuple[dict[str, float], dict[str, float]]]] = {small: [], large: []}
        for count in turns:
            (base / f"in{count}").mkdir()
            generate(base / f"in{count}", count)
        for count in (small, small, large, small, large, small, small):
            folder, output = base / f"in{count}", base / f"out{count}.xlsx"
            turns[count].append((measured("ours", folder, output), measured("calamine", folder, output)))
        found = {}
        for count, taken in turns.items():
            it, calamine = (_median(runs) for runs in zip(*taken, strict=True))
            found[count], size = it, (base / f"out{count}.xlsx").stat().st_size / 2**20
            ratios = sorted(one["seconds"] / other["seconds"] for one, other in taken)
            print(
                f"{count:6} workbooks: {it['seconds']:7.1f} s ({it['seconds'] / count * 1000:.2f} ms each), "
                f"calamine {calamine['seconds']:.2f} s = {it['seconds'] / calamine['seconds']:.1f} × "
                f"({ratios[0]:.1f} to {ratios[-1]:.1f}); "
                f"peak {it['main']:.0f} MiB, worker {it['worker']:.0f} MiB, output {size:.1f} MiB"
            )
        folder = base / "plain"
        folder.mkdir()
        generate(folder, plain)
        other = measured("plain", folder, base / "plain.xlsx")
        each, mine = other["seconds"] / plain, found[small]["seconds"] / small
        growth = found[large]["seconds"] / found[small]["seconds"]
        print(f"plain merge of {plain}: {each * 1000:.1f} ms each = {each / mine:.1f} × ours")
        print(f"growth {growth:.1f} × for {large / small:.0f} × the workbooks")
        print(f"memory: {found[large]['main'] / found[small]['main']:.2f} × (main process)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:5])
    else:
        main()
