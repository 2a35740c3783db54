"""Inject known mistakes into consistent forms, and count what is detected, located, restored, and wrongly restored.

    python benchmarks/injection.py [mistakes] [seed]

The last column must be 0: what is changed unasked must be the truth.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "makers"))

from consistent import Figures, consistent_figures, decimals_of, submission_of

from cchc_excel.checking import check
from cchc_excel.correcting import propose
from cchc_excel.correcting.apply import changes_of
from cchc_excel.correcting.locate import located
from cchc_excel.finding import EntryChange, Finding
from cchc_excel.form import Form, Kind, Scope, Severity, load_form
from cchc_excel.form.language import Agreement, Record, agreement, compile_condition
from cchc_excel.submission import Figure, Submission

Injected = tuple[str, Figure | None, str | None]  # entry, wrong value, and its raw text where that matters
Injector = Callable[[random.Random, Figures, Form, Figures], Injected | None]


def _counts(figures: Figures, form: Form, least: int = 0) -> list[str]:
    return [
        row.id
        for row in form.entries
        if row.kind is Kind.COUNT and isinstance(figures[row.id], int) and int(figures[row.id]) >= least  # type: ignore[arg-type]
    ]


def _rates(figures: Figures, form: Form) -> list[str]:
    return [row.id for row in form.entries if row.part and figures[row.id] is not None]


def swapped_digits(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_counts(figures, form, 10) or [""])
    if not key:
        return None
    digits = list(str(figures[key]))
    at = chance.randrange(len(digits) - 1)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return key, int("".join(digits)), None


def extra_digit(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_counts(figures, form, 1))
    digits = str(figures[key])
    at = chance.randrange(len(digits) + 1)
    return key, int(digits[:at] + str(chance.randrange(10)) + digits[at:]), None


def missing_digit(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_counts(figures, form, 10) or [""])
    if not key:
        return None
    digits = str(figures[key])
    at = chance.randrange(len(digits))
    return key, int(digits[:at] + digits[at + 1 :]), None


def wrong_digit(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_counts(figures, form))
    digits = list(str(figures[key]))
    digits[chance.randrange(len(digits))] = str(chance.randrange(10))
    return key, int("".join(digits)), None


def part_typed(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_rates(figures, form) or [""])
    return (key, figures[form[key].part or ""], None) if key else None


def part_typed_with_padding(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    rates = [key for key in _rates(figures, form) if int(figures[form[key].part or ""]) < 10]  # type: ignore[arg-type]
    key = chance.choice(rates or [""])
    return (key, figures[form[key].part or ""], f"0{figures[form[key].part or '']}") if key else None


def fraction_typed(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_rates(figures, form) or [""])
    return (key, Fraction(figures[key]) / 100, None) if key else None  # type: ignore[arg-type]


def comma_moved(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_rates(figures, form) or [""])
    value = Fraction(figures[key]) * Fraction(10) ** chance.choice((-1, 1, 2)) if key else 0  # type: ignore[arg-type]
    return (key, int(value) if value.denominator == 1 else value, None) if key else None


def whole_typed(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice(_rates(figures, form) or [""])
    return (key, figures[form[key].whole or ""], None) if key else None


def row_off(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    keys = [row.id for row in form.entries if row.kind.is_number and figures[row.id] is not None]
    at = chance.randrange(len(keys) - 1)
    return keys[at], figures[keys[at + 1]], None


def previous_value(chance: random.Random, figures: Figures, form: Form, before: Figures) -> Injected | None:
    key = chance.choice(_counts(figures, form))
    return key, before[key], None


def blanked_derived(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    keys = [row.id for row in form.entries if (row.part or row.total_of) and figures[row.id] is not None]
    return chance.choice(keys), None, None


def blanked_count(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    return chance.choice(_counts(figures, form)), None, None


def total_of_others(chance: random.Random, figures: Figures, form: Form, _: Figures) -> Injected | None:
    key = chance.choice([row.id for row in form.entries if row.total_of and not row.reported_by])
    return key, int(figures[key]) + chance.choice((-10, -1, 1, 9, 10, 100)), None  # type: ignore[arg-type]


INJECTORS: tuple[Injector, ...] = (
    swapped_digits,
    extra_digit,
    missing_digit,
    wrong_digit,
    part_typed,
    part_typed_with_padding,
    fraction_typed,
    comma_moved,
    whole_typed,
    row_off,
    previous_value,
    blanked_derived,
    blanked_count,
    total_of_others,
)


def injected(figures: Figures, mistake: Injected) -> Submission:
    """The submission with one wrong entry."""
    key, value, raw = mistake
    submission = submission_of(figures | {key: value})
    if raw is None:
        return submission
    entries = dict(submission.entries)
    entries[key] = entries[key]._replace(raw=raw, decimals=decimals_of(value))
    part = load_form()[key].part or ""
    entries[part] = entries[part]._replace(raw=raw)
    return replace(submission, entries=entries)


def is_truth(key: str, value: Figure | None, truth: Figures, form: Form) -> bool:
    """The true figure, or for a percentage any that agrees with its true components."""
    if value == truth[key]:
        return True
    row = form[key]
    if row.part is None or value is None or isinstance(value, str):
        return False
    part, whole = truth[row.part], truth[row.whole or ""]
    return bool(whole) and agreement(value, decimals_of(value), part, whole) is Agreement.RIGHT  # type: ignore[arg-type]


def judge(submission: Submission, key: str, truth: Figures, form: Form) -> dict[str, bool]:
    """What became of one mistake."""
    found: list[Finding] = [one for one in check(submission, form).findings if one.severity is not Severity.INFO]
    if not found:
        return {"detected": False}
    findings = propose(found, submission, form)
    changes = changes_of(findings, submission, form)
    first = [one.ways[0].changes for one in findings if one.ways]
    listed = [way.changes for one in findings for way in one.ways]

    def restores(ways: Iterable[tuple[EntryChange, ...]]) -> bool:
        return any(it.indicator == key and is_truth(key, it.after, truth, form) for way in ways for it in way)

    sets = [name for group in located(submission, form).groups for one in group.sets for name in one]
    pinned = {one.indicators[0] for one in findings if one.indicators}
    return {
        "detected": True,
        "located": key in sets or key in pinned,
        "automatic": any(it.indicator == key and is_truth(key, it.after, truth, form) for it in changes),
        "first": restores(first),
        "listed": restores(listed),
        "wrong": any(not is_truth(it.indicator, it.after, truth, form) for it in changes),
    }


def breaks(submission: Submission, form: Form) -> bool:
    """Whether a submission breaks a check, told by the conditions alone: no echoes, no findings, no other period."""
    entries = submission.entries
    record = Record(
        {key: entry.value for key, entry in entries.items() if entry.value is not None},
        decimals={key: entry.decimals for key, entry in entries.items()},
    )
    checks = [it for it in form.checks if it.scope is Scope.NONE and it.severity is not Severity.INFO]
    return any(compile_condition(it.condition)(record) is False for it in checks)


def run(mistakes: int, seed: int) -> dict[str, Counter[str]]:
    """Inject that many mistakes, kinds in turn; return the counts by kind."""
    chance, form = random.Random(seed), load_form()
    table: dict[str, Counter[str]] = {one.__name__: Counter() for one in INJECTORS}
    done = 0
    while done < mistakes:
        truth = consistent_figures(chance.randint, form)
        before = consistent_figures(chance.randint, form)
        injector = INJECTORS[done % len(INJECTORS)]
        mistake = injector(chance, truth, form, before)
        if mistake is None or mistake[1] == truth[mistake[0]]:
            continue
        done += 1
        row = table[injector.__name__]
        row["injected"] += 1
        submission = injected(truth, mistake)
        row["breaks"] += breaks(submission, form)
        row.update(name for name, true in judge(submission, mistake[0], truth, form).items() if true)
    return table


def main() -> None:
    mistakes = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    table = run(mistakes, seed)
    total: Counter[str] = Counter()
    for row in table.values():
        total.update(row)
    heads = "".join(f"{head:>10}" for head in ("detected", "located", "automatic", "1st/auto", "listed"))
    print(f"{'kind':26}{'injected':>9}{'breaks':>7}{heads}{'WRONG':>7}")
    for name, row in (*table.items(), ("all", total)):
        found = row["detected"] or 1
        shares = [row["detected"] / (row["breaks"] or 1)]
        shares += [row[column] / found for column in ("located", "automatic", "first", "listed")]
        columns = "".join(f"{share:>10.1%}" for share in shares)
        print(f"{name:26}{row['injected']:>9}{row['breaks']:>7}{columns}{row['wrong']:>7}")


if __name__ == "__main__":
    main()
