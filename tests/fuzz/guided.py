"""The same by Atheris, which watches which lines a file reaches and keeps what reaches new ones.

    python tests/fuzz/guided.py --seconds 180 [--seed 12345]

In:     the seeds of `seeds.py`; a number to begin from, else one of chance. Atheris is in the extra `fuzz`; where it is
        not installed, that is said, with status 0.
Out:    0, or the status of Atheris and a file `crash-…` that is put through again by `python -m tests.fuzz --file`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "makers"), str(HERE.parents[1] / "examples")]


def main() -> None:
    seconds, seed = _option("--seconds", 60), _option("--seed", 0)
    try:
        import atheris
    except ImportError:
        print("Atheris is not installed: coverage-guided fuzzing is left out (pip install '.[fuzz]')")
        return
    with atheris.instrument_imports(include=["cchc_excel.excel", "cchc_excel.reading", "html.parser", "email"]):
        from targets import arrive, opened
    from seeds import seeds

    def attempt(data: bytes) -> None:
        """Every file is opened; one in sixteen goes the whole way, which takes fifty times as long."""
        opened(data)
        if data and sum(data[-4:]) % 16 == 0:
            arrive("any", data)

    with tempfile.TemporaryDirectory() as corpus:
        for name, data in seeds().items():
            if not name.endswith(".yaml"):
                (Path(corpus) / name.replace(" ", "_")).write_bytes(data)
        # A damaged .xlsb may keep its child for the ten seconds that it has, each of the two times that it is opened.
        options = [f"-seed={seed}", f"-max_total_time={seconds}", "-max_len=65536", "-timeout=60", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], corpus, *options], attempt)
        atheris.Fuzz()  # it does not come back: it ends the process


def _option(name: str, usual: int) -> int:
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else usual


if __name__ == "__main__":
    main()
