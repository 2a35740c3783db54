"""Put mutated files through what happens to a file that arrives, for so many seconds.

    python -m tests.fuzz --seconds 180
    python -m tests.fuzz --seed 12345      # the round that failed, again
    python -m tests.fuzz --file crash.bin --name xlsx

In:     the seeds of `seeds.py`; a number to begin from, else one of chance, which is printed.
Out:    0, or 1 and the smallest file that Hypothesis found to fail, kept beside the traceback.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "makers"), str(HERE.parents[1] / "examples")]

from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from mutations import mutated  # noqa: E402
from targets import arrive  # noqa: E402

ROUND = 100  # files; the number that is printed repeats one round
MEMORY = 2 * 2**30  # bytes of this process; a file that needs more fails


def one_round(number: int, files: int = ROUND) -> tuple[str, bytes, BaseException] | None:
    """Try so many files; return the smallest one that fails, and with what."""
    failed: list[tuple[str, bytes, BaseException]] = []

    @seed(number)
    @settings(
        max_examples=files,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(mutated())
    def attempt(file: tuple[str, bytes]) -> None:
        try:
            arrive(*file)
        except Exception as error:
            failed[:] = [(*file, error)]
            raise

    try:
        attempt()
    except Exception as error:  # noqa: BLE001 - the edge of a round
        return failed[0] if failed else ("?", b"", error)
    return None


def main() -> int:
    options = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=0.0)
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--keep", type=Path, default=Path("fuzz_failures"))
    options.add_argument("--file", type=Path, default=None)
    options.add_argument("--name", default="xlsx")
    told = options.parse_args()
    if told.file is not None:
        arrive(told.name, told.file.read_bytes())
        return 0
    _limit_memory()
    number = random.SystemRandom().randrange(2**32) if told.seed is None else told.seed
    until, files = time.monotonic() + told.seconds, 0
    while True:
        print(f"seed {number}", flush=True)
        failure = one_round(number)
        files += ROUND
        if failure is not None:
            name, data, error = failure
            told.keep.mkdir(exist_ok=True)
            kept = told.keep / f"{number}.{name}"
            kept.write_bytes(data)
            import traceback

            traceback.print_exception(error)
            print(f"{name}: {type(error).__name__}: {error}\nagain: python -m tests.fuzz --seed {number}; kept: {kept}")
            return 1
        if time.monotonic() >= until:
            print(f"{files} files, nothing failed")
            return 0
        number = (number + 1) % 2**32


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))


if __name__ == "__main__":
    sys.exit(main())
