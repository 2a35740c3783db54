"""What a bound is and how it is told; run by itself, every benchmark that has bounds, one after another.

    python benchmarks/bounds.py

A bound is a ratio of two measurements of one run, so that a slow or busy machine slows both.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

WITH_BOUNDS = ("startup", "reading", "correcting", "consolidate", "intake")


class Bound(NamedTuple):
    """`ratio` was measured; it may be at most `most`, or must be at least `least`."""

    what: str
    ratio: float
    most: float | None = None
    least: float | None = None

    @property
    def is_held(self) -> bool:
        return (self.most is None or self.ratio <= self.most) and (self.least is None or self.ratio >= self.least)


def tell(*bounds: Bound) -> None:
    """Print each bound, what was measured, and whether it is held."""
    print(f"\n{'bound':74}{'limit':>12}{'ratio':>8}")
    for bound in bounds:
        limit = f"at most {bound.most:g}" if bound.most is not None else f"at least {bound.least:g}"
        print(f"{bound.what:74}{limit:>12}{bound.ratio:8.2f}  {'held' if bound.is_held else 'NOT HELD'}")


def main() -> None:
    for name in WITH_BOUNDS:
        print(f"\n===== {name}", flush=True)
        subprocess.run([sys.executable, Path(__file__).with_name(f"{name}.py")], check=True)


if __name__ == "__main__":
    main()
