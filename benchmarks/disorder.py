"""Disorder consistent workbooks in all the ways that are known, in each kind of file, and count how they are read.

    python benchmarks/disorder.py [entries] [seed]

An entry is read right, or what is wrong with it is said (flagged), or it is read wrongly without a word. The last must
be 0. The unit and the period count as entries. Where a disorder hides the truth, right is not to read a value, or to
say that it is in doubt.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "makers"))

from disorders import DISORDERS, HIDDEN, Sent, Truth, in_order
from sent_files import CANNOT_SAY, KINDS, data_of

from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.reading import Given
from cchc_excel.submission import How, Submission
from cchc_excel.vietnamese.unit_names import name_keys

RIGHT, FLAGGED, SILENT = "right", "flagged", "silently wrong"
MOST_DISORDERS = 5
_OF_ALL = ("S44", "C07")  # no column of figures is certain; nothing stands in any cell
UNIT, PERIOD = "unit", "period"


class Read(NamedTuple):
    """One entry of one file: how it was read, and for a wrong one what should stand there and what does."""

    key: str
    outcome: str
    truth: object = None
    read: object = None


class Trial(NamedTuple):
    """One file: its kind, what was done to it, and how each entry was read."""

    seed: int
    kind: str
    disorders: tuple[str, ...]
    reads: tuple[Read, ...]


def trial(seed: int, form: Form, only: Sequence[str] = ()) -> Trial:
    """Make, disorder and read one workbook; the same for the same seed. `only` names the disorders to choose from."""
    chance = random.Random(seed)
    kind = list(KINDS)[seed % len(KINDS)]
    sent = in_order(chance, form)
    names = sorted((set(only) or set(DISORDERS)) - CANNOT_SAY[kind])
    chosen = chance.sample(names, min(len(names), chance.randint(1, MOST_DISORDERS)))
    done = tuple(name for name in chosen if DISORDERS[name](chance, sent))
    source = Source(sent.file.replace(".xlsx", f".{kind}"), data_of(sent, kind))
    examined = examine(source, form, given=Given(period=sent.asked, only_chooses=True))
    return Trial(seed, kind, done, tuple(_reads(sent, examined)))


def trials(entries: int, seed: int, form: Form) -> Iterator[Trial]:
    """Trials until so many entries were read."""
    count = 0
    while count < entries:
        made = trial(seed, form)
        count, seed = count + len(made.reads), seed + 1
        yield made


# --- how an entry was read


def _reads(sent: Sent, examined: Examination) -> Iterator[Read]:
    submission, findings = examined.submission, examined.findings
    if submission is None:
        yield from (Read(key, RIGHT if truth == HIDDEN else FLAGGED, truth) for key, truth in sent.truth.items())
        yield from (Read(key, FLAGGED) for key in (UNIT, PERIOD))
        return
    flagged, all_flagged = _flagged(findings)
    for key, truth in sent.truth.items():
        yield _read(key, truth, submission, is_flagged=all_flagged or key in flagged)
    codes = {finding.code for finding in findings}
    yield _stated(UNIT, _key(sent.unit), _key(submission.unit), is_flagged=bool(codes & {"S30", "S39", "S42"}))
    period = submission.period
    yield _stated(PERIOD, sent.period, period, is_flagged=bool(codes & {"S31", "S34", "S40", "S46", "S50"}))


def _flagged(findings: Sequence[Finding]) -> tuple[set[str], bool]:
    """The entries that an error or a warning names, and whether one says that no entry can be relied on."""
    bad = [finding for finding in findings if finding.severity is not Severity.INFO]
    return {key for finding in bad for key in finding.indicators}, any(finding.code in _OF_ALL for finding in bad)


def _read(key: str, truth: Truth, submission: Submission, *, is_flagged: bool) -> Read:
    entry = submission.entries.get(key)
    value = entry.value if entry is not None else None
    is_read = entry is not None and entry.how is not How.UNREAD
    if truth == HIDDEN:
        return Read(key, RIGHT if not is_read or is_flagged else SILENT, truth, value)
    if is_read and _same(value, truth):
        return Read(key, RIGHT)
    return Read(key, FLAGGED if is_flagged else SILENT, truth, value)


def _same(value: Truth, truth: Truth) -> bool:
    if isinstance(value, int | Fraction) and isinstance(truth, int | Fraction):
        return abs(value - truth) <= Fraction(1, 10**6)
    return value == truth


def _stated(key: str, truth: object, read: object, *, is_flagged: bool) -> Read:
    if truth is None:
        return Read(key, RIGHT if read is None and is_flagged else SILENT, truth, read)
    return Read(key, RIGHT if truth == read else FLAGGED if is_flagged else SILENT, truth, read)


def _key(unit: str | None) -> tuple[str, str] | None:
    keys = name_keys(unit or "")
    return (keys[0].level, keys[0].bare) if keys else None


# --- the figures


def counts(made: Sequence[Trial]) -> Counter[str]:
    return Counter(read.outcome for it in made for read in it.reads)


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    form = load_form()
    made = list(trials(entries, seed, form))
    print(f"{len(DISORDERS)} disorders, {len(made)} workbooks, seed {seed}")
    print(f"{'':40}{'entries':>9}{RIGHT:>9}{FLAGGED:>9}{SILENT:>16}{'right':>9}")
    _row("all", made)
    for kind in KINDS:
        _row(f".{kind}", [it for it in made if it.kind == kind])
    print()
    for name in DISORDERS:
        _row(name, [it for it in made if name in it.disorders])
    for it in made:
        for read in it.reads:
            if read.outcome == SILENT:
                print(
                    f"seed {it.seed} .{it.kind} {read.key}: {read.read!r} for {read.truth!r}  {', '.join(it.disorders)}"
                )


def _row(name: str, made: Sequence[Trial]) -> None:
    found = counts(made)
    total = sum(found.values())
    if total:
        share = 100 * found[RIGHT] / total
        print(f"{name:40}{total:>9}{found[RIGHT]:>9}{found[FLAGGED]:>9}{found[SILENT]:>16}{share:>8.2f}%")


if __name__ == "__main__":
    main()
