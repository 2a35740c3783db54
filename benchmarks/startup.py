"""Time of whole processes: `cchc validate` on the shipped example against `import pandas`, in one run.

    python benchmarks/startup.py [repetitions]

Run it with the package installed (`pip install .`), as its users have it; the aim is a ratio of at most 0.6.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

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
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(repetitions):
        for name, command in COMMANDS.items():  # in turn, so that all meet the same machine
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env=environment, cwd="/")
            seconds[name].append(time.perf_counter() - start)
    base = median(seconds["import pandas"])
    for name, times in seconds.items():
        print(f"{name:18}{median(times) * 1000:8.0f} ms{median(times) / base:8.2f} × import pandas")


if __name__ == "__main__":
    main()
