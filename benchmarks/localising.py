"""Localising against brute force: 10,000 random systems of up to 12 entries, counts and times.

    python benchmarks/localising.py [--systems 10000] [--seed 1] [--method auto|exact|highs]

Prints how many records were accepted, explained and hopeless, how many ties there were, how often
the answer differed from brute force (it must be never: the exit status says so), and the times.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "makers")]

from random_systems import Case, answer, brute_force, form_like, random_case

from cchc_excel.localise import localise

MOST_ENTRIES = 12


def main() -> int:
    """Run and print; 1 if any answer differed or was incomplete."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--method", choices=("auto", "exact", "highs"), default="auto")
    options = parser.parse_args()
    seen, times, brute_times = Counter[str](), [], []
    for number in range(options.systems):
        case = random_case(random.Random(f"{options.seed}/{number}").randint, MOST_ENTRIES)
        start = perf_counter()
        found = localise(*case, method=options.method)
        times.append(1000 * (perf_counter() - start))
        start = perf_counter()
        truth = brute_force(case)
        brute_times.append(1000 * (perf_counter() - start))
        seen.update([kind_of(truth), "ties" if len(truth[1]) > 1 else "one set or none"])
        seen["incomplete"] += not found.complete
        if answer(found) != truth:
            seen["different"] += 1
            print(f"differs: seed {options.seed}/{number}", file=sys.stderr)
    print(f"systems {options.systems}, method {options.method}, seed {options.seed}")
    for name in ("accepted", "explained", "hopeless", "ties", "incomplete", "different"):
        print(f"  {name:12}{seen[name]:7}")
    print("  localising  " + spread(times))
    print("  brute force " + spread(brute_times))
    forms(options.seed)
    return 1 if seen["different"] or seen["incomplete"] else 0


def kind_of(truth: tuple[int | None, object]) -> str:
    return "hopeless" if truth[0] is None else "explained" if truth[0] else "accepted"


def forms(seed: int) -> None:
    """A form of 85 entries and about 150 relations, with 0 to 5 mistakes: 100 records each."""
    for mistakes in range(6):
        times: list[float] = []
        incomplete = 0
        for number in range(100):
            case: Case = form_like(random.Random(f"{seed}/{mistakes}/{number}").randint, mistakes)
            start = perf_counter()
            found = localise(*case)
            times.append(1000 * (perf_counter() - start))
            incomplete += not found.complete
        print(f"  form of 85 entries, {mistakes} mistakes: incomplete {incomplete}, {spread(times)}")


def spread(times: list[float]) -> str:
    return f"median {median(times):.2f} ms, 99 % below {quantiles(times, n=100)[98]:.2f} ms, most {max(times):.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
