"""Time of whole processes: `cchc validate` on the shipped example against `import pandas`, in one run.

    python benchmarks/startup.py [repetitions]

Run it with the package installed (`pip install .`), as its users have it. Bound: at most 0.6. The commands take turns,
and the fastest run of each counts: others on the machine only ever make a run slower. The time that the processor was
busy stands beside it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bounds import Bound, tell

EXAMPLE = Path(__file__).parent.parent / "examples" / "BangLang_2023-Q1_mau.xlsx"
COMMANDS = {
    "import pandas": [sys.executable, "-c", "import pandas"],
    "import openpyxl": [sys.executable, "-c", "import openpyxl"],
    "cchc validate": [sys.executable, "-m", "cchc_excel", "validate", str(EXAMPLE)],
    "cchc --help": [sys.executable, "-m", "cchc_excel", "--help"],
}


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    busy: dict[str, list[float]] = {name: [] for name in COMMANDS}
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(repetitions):
        for name, command in COMMANDS.items():  # in turn, so that all meet the same machine
            start, busy_before = time.perf_counter(), _busy()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=environment, cwd="/")
            seconds[name].append(time.perf_counter() - start)
            busy[name].append(_busy() - busy_before)
    base, base_busy = min(seconds["import pandas"]), min(busy["import pandas"])
    for name, times in seconds.items():
        print(
            f"{name:18}{min(times) * 1000:8.0f} ms{min(times) / base:8.2f} × import pandas; "
            f"processor {min(busy[name]) * 1000:6.0f} ms{min(busy[name]) / base_busy:8.2f} ×"
        )
    tell(
        Bound("`cchc validate` as a whole process: time of `import pandas`", min(seconds["cchc validate"]) / base, 0.6)
    )


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
