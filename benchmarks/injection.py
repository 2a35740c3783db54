"""Inject known mistakes into consistent forms, and count what is detected, located, restored, and wrongly restored.

    python benchmarks/injection.py [mistakes] [seed]

The last column of the first table must be 0: what is changed unasked must be the truth. The second table carries out
`--apply suggested` on honest forms with one, two or three mistakes: how many forms become right, in how many a right
figure is broken, how many look clean and are still wrong: because a mistake was left that no check sees, or because a
wrong figure was written. Its rows `beside Q1` are reports of six months that are judged beside the unit's own report of
quarter I, as an office has it: what one form cannot show, such as another number of procedures, shows there. Then come
totals and percentages that are blank or slipped over a component that is wrong: none may be filled or recomputed
unasked from it. What honest reports are accused of is told at the end.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "makers"))
sys.path.insert(0, str(Path(__file__).parent))

import honest
from consistent import Figures, consistent_figures, decimals_of, submission_of

from cchc_excel.checking import check
from cchc_excel.correcting import propose
from cchc_excel.correcting.apply import Policy, changes_of
from cchc_excel.correcting.locate import located
from cchc_excel.finding import EntryChange, Finding
from cchc_excel.form import Form, Kind, Scope, Severity, load_form
from cchc_excel.form.language import Agreement, Record, agreement, compile_condition
from cchc_excel.submission import Figure, Submission

MOST_DECIMALS = 6
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


class Mistaken(NamedTuple):
    """An honest form with mistakes: what is true, what stands there instead, and which kinds of mistake they are.

    `earlier` are the unit's reports of before that are at hand.
    """

    truth: Figures
    figures: Figures
    raws: Mapping[str, str]
    kinds: tuple[str, ...]
    period: str = "2023-Q1"
    earlier: tuple[Submission, ...] = ()

    def read(self, figures: Figures) -> Submission:
        """The form with these figures, each typed as a plain number."""
        return honest.submission(figures, MOST_DECIMALS, period=self.period)

    def submission(self, figures: Figures) -> Submission:
        read = self.read(figures)
        typed = {key: read.entries[key]._replace(raw=raw) for key, raw in self.raws.items()}
        return replace(read, entries={**read.entries, **typed})


def mistaken(chance: random.Random, form: Form, mistakes: int) -> Mistaken:
    """An honest form with so many mistakes, each in another entry."""
    truth, before = (honest.one_period(chance)[0] for _ in range(2))
    return _spoilt(chance, form, mistakes, truth, before)


def mistaken_beside_earlier(chance: random.Random, form: Form, mistakes: int) -> Mistaken:
    """The same of a report of six months, with the unit's honest report of quarter I at hand."""
    (first, before, decimals), (second, truth, _) = honest.two_periods(chance)
    earlier = honest.submission(before, decimals, period=first)
    return _spoilt(chance, form, mistakes, truth, before)._replace(period=second, earlier=(earlier,))


def _spoilt(chance: random.Random, form: Form, mistakes: int, truth: Figures, before: Figures) -> Mistaken:
    figures = dict(truth)
    raws: dict[str, str] = {}
    kinds: dict[str, str] = {}  # by entry
    while len(kinds) < mistakes:
        injector = chance.choice(INJECTORS)
        mistake = _possible(injector, chance, figures, form, before)
        if mistake is None or mistake[0] in kinds or mistake[1] == truth[mistake[0]]:
            continue
        key, figures[mistake[0]], raw = mistake
        kinds[key] = injector.__name__
        if raw:
            raws |= {key: raw, form[key].part or "": raw}
    return Mistaken(truth, figures, raws, tuple(kinds.values()))


def _possible(
    injector: Injector, chance: random.Random, figures: Figures, form: Form, before: Figures
) -> Injected | None:
    """The mistake, or None where this form, spoilt already, leaves no room for it."""
    try:
        mistake = injector(chance, figures, form, before)
    except (IndexError, TypeError):
        return None
    return mistake if mistake and mistake[0] else None


def outcome(form_with_mistakes: Mistaken, form: Form, policy: Policy) -> list[str]:
    """What became of a form once all that the policy asks for is carried out."""
    truth, figures = form_with_mistakes.truth, form_with_mistakes.figures
    earlier = form_with_mistakes.earlier
    submission = form_with_mistakes.submission(figures)
    found = [it for it in check(submission, form, earlier).findings if it.severity is not Severity.INFO]
    if not found:
        return ["unnoticed"]
    changes = changes_of(propose(found, submission, form), submission, form, policy)
    after = figures | {it.indicator: it.after for it in changes}
    wrong = {key for key in truth if not is_truth(key, after[key], truth, form)}
    mended = check(form_with_mistakes.read(after), form, earlier).findings
    left = [it for it in mended if it.severity is not Severity.INFO]
    news = {(it.code, it.indicators[:1]) for it in left} - {(it.code, it.indicators[:1]) for it in found}
    clean_but_wrong = bool(wrong) and not left
    written_wrong = any(it.indicator in wrong for it in changes)
    said = {
        "right": not wrong,
        "broken": any(is_truth(key, figures[key], truth, form) for key in wrong),
        "clean but wrong": clean_but_wrong,
        "of it unseen": clean_but_wrong and not written_wrong,
        "of it written": clean_but_wrong and written_wrong,
        "new finding": bool(news),
    }
    return [name for name, true in said.items() if true]


def run_suggested(forms: int, seed: int) -> dict[str, Counter[str]]:
    """Carry out the suggestions on so many forms with one, two and three mistakes each, and on each kind alone.

    And on as many with the unit's earlier report at hand.
    """
    form, chance = load_form(), random.Random(seed)
    by_number, by_number_beside, by_kind = (dict[str, Counter[str]]() for _ in range(3))
    for mistakes in (1, 2, 3):
        for _ in range(forms):
            spoilt = mistaken(chance, form, mistakes)
            became = [*outcome(spoilt, form, Policy.SUGGESTED), "forms"]
            by_number.setdefault(f"{mistakes} mistakes", Counter()).update(became)
            if mistakes == 1:
                by_kind.setdefault(spoilt.kinds[0], Counter()).update(became)
    for mistakes in (1, 2, 3):
        for _ in range(forms):
            spoilt = mistaken_beside_earlier(chance, form, mistakes)
            became = [*outcome(spoilt, form, Policy.SUGGESTED), "forms"]
            by_number_beside.setdefault(f"{mistakes} mistakes, beside Q1", Counter()).update(became)
    return {
        **by_number,
        "1 to 3 mistakes": _added_up(by_number.values()),
        **by_number_beside,
        "1 to 3, beside Q1": _added_up(by_number_beside.values()),
        **by_kind,
    }


def _added_up(rows: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row)
    return total


def over_a_wrong_component(chance: random.Random, form: Form) -> Mistaken:
    """An honest form in which a total or a percentage is blank or slipped, and one that it is made of is wrong."""
    while True:
        truth, before = (honest.one_period(chance)[0] for _ in range(2))
        derived = chance.choice([row for row in form.entries if (row.part or row.total_of) and not row.reported_by])
        made_of = derived.total_of or (derived.part, derived.whole)
        components = {key: figure if key in made_of else None for key, figure in truth.items()}
        mistake = _possible(chance.choice(OF_A_COUNT), chance, components, form, before)
        if truth[derived.id] is None or mistake is None or mistake[1] == truth[mistake[0]]:
            continue
        of_it = truth | {key: None for key in truth if form[key].part and key != derived.id}
        slip = _possible(chance.choice(OF_A_RATE), chance, of_it, form, before) if derived.part else None
        slipped, raw = slip[1:] if slip else (None, None)
        raws = {derived.id: raw, derived.part or "": raw} if raw else {}
        return Mistaken(truth, truth | {mistake[0]: mistake[1], derived.id: slipped}, raws, ("over a wrong component",))


OF_A_COUNT = (swapped_digits, extra_digit, missing_digit, wrong_digit, previous_value)
OF_A_RATE = (blanked_derived, part_typed_with_padding, fraction_typed, comma_moved, whole_typed)


def written_unasked(spoilt: Mistaken, form: Form) -> str | None:
    """What a figure that is filled or recomputed unasked, and is not the truth, was made of; None where none is.

    Of entries that another finding names, which must never be; or of such as nothing but the truth shows to be wrong.
    """
    submission = spoilt.submission(spoilt.figures)
    found = [finding for finding in check(submission, form).findings if finding.severity is not Severity.INFO]
    changes = changes_of(propose(found, submission, form), submission, form)
    wrong = {
        (change.code, change.indicator)
        for change in changes
        if not is_truth(change.indicator, change.after, spoilt.truth, form)
    }
    if not wrong:
        return None
    own = [finding for finding in found if (finding.code, finding.indicators[0]) in wrong]
    named_by_others = {key for finding in found if finding not in own for key in finding.indicators}
    if any(named_by_others.intersection(finding.indicators) for finding in own):
        return "named by another finding"
    return "seen by nothing"


def show_suggested(table: Mapping[str, Counter[str]]) -> None:
    columns = ("unnoticed", "right", "broken", "clean but wrong", "of it unseen", "of it written", "new finding")
    heads = "".join(f"{column:>17}" for column in columns)
    print(f"\n{'--apply suggested':26}{'forms':>9}{heads}")
    for name, row in table.items():
        shares = "".join(f"{row[column] / row['forms']:>17.1%}" for column in columns)
        print(f"{name:26}{row['forms']:>9}{shares}")


def main() -> None:
    mistakes = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    table = run(mistakes, seed)
    total = _added_up(table.values())
    heads = "".join(f"{head:>10}" for head in ("detected", "located", "automatic", "1st/auto", "listed"))
    print(f"{'kind':26}{'injected':>9}{'breaks':>7}{heads}{'WRONG':>7}")
    for name, row in (*table.items(), ("all", total)):
        found = row["detected"] or 1
        shares = [row["detected"] / (row["breaks"] or 1)]
        shares += [row[column] / found for column in ("located", "automatic", "first", "listed")]
        columns = "".join(f"{share:>10.1%}" for share in shares)
        print(f"{name:26}{row['injected']:>9}{row['breaks']:>7}{columns}{row['wrong']:>7}")
    show_suggested(run_suggested(mistakes // 10, seed))
    chance, form = random.Random(seed), load_form()
    over_wrong = Counter(written_unasked(over_a_wrong_component(chance, form), form) for _ in range(600))
    told = [
        f"{over_wrong[made_of]} from figures {made_of}" for made_of in ("named by another finding", "seen by nothing")
    ]
    print(f"\nblank or slipped over a wrong component (600), written wrong unasked: {', '.join(told)}\n")
    honest.show("clean forms", mistakes, honest.accused(mistakes, chance, form))
    honest.show("second reports of a year", mistakes // 10, honest.accused_over_time(mistakes // 10, chance, form))
    honest.show("districts of twenty", 15, honest.accused_between(15, chance, form))


if __name__ == "__main__":
    main()
