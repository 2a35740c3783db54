"""Honest reports: what communes report who make no mistake, drawn from the life of a commune and not from the rules.

A commune has a size, a staff, habits of rounding and of leaving blank; a period brings tasks, dossiers, documents.
Every percentage is calculated from counts and rounded as this commune rounds. No check of the form is read here, so
that a check which accuses one of these reports is at fault, not the report.

    python benchmarks/honest.py [clean forms] [seed]
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import exp
from typing import NamedTuple

from cchc_excel.checking import check
from cchc_excel.checking.between import between
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Kind, Severity, load_form
from cchc_excel.submission import CellAddress, Entry, Figure, How, Period, Submission

Figures = dict[str, Figure | None]

LEVELS = ("tinh", "huyen")
STATES = ("1.4.2", "1.4.3", "1.4.4")  # done on time, done late, overdue
SURVEYS = ("Trực tuyến", "Phát phiếu", "Kết hợp")


@dataclass(frozen=True)
class Lists:
    """What is the same for all communes of a district: the province's lists of procedures."""

    procedures: int
    partly: int
    fully: int
    partly_offered: int
    fully_offered: int
    integrated: int
    with_fees: int
    payable: int
    simplified: int
    new: int
    abolished: int
    linked_level: int
    linked_levels: int
    anywhere: int


def lists(chance: random.Random) -> Lists:
    procedures = chance.randint(90, 220)
    partly = chance.randint(procedures // 4, procedures * 3 // 4)
    fully = chance.randint(5, procedures - partly)
    offered = (chance.randint(partly // 2, partly), chance.randint(fully // 2, fully))
    with_fees = chance.randint(10, procedures // 3)
    return Lists(
        procedures,
        partly,
        fully,
        *offered,
        integrated=chance.randint(sum(offered) // 2, sum(offered)),
        with_fees=with_fees,
        payable=chance.randint(0, min(with_fees, sum(offered))),
        simplified=chance.randint(0, 20),
        new=chance.choice((0, 0, 0, chance.randint(1, 12))),
        abolished=chance.choice((0, 0, 0, chance.randint(1, 12))),
        linked_level=chance.randint(0, 6),
        linked_levels=chance.randint(2, 30),
        anywhere=chance.choice((0, 0, chance.randint(1, procedures))),
    )


@dataclass
class Commune:
    """One commune over the periods of a year; flows add up, states are as they are on the day."""

    chance: random.Random
    lists: Lists
    size: float
    decimals: int = 2
    so_far: dict[str, int] = field(default_factory=dict)
    state: dict[str, int] = field(default_factory=dict)
    paper: float = 0.08
    """The share of documents that are sent with a paper copy: few in most communes, nearly all in some."""
    has_register: bool = True
    """Whether the documents sent are counted at all. Who counts none in one quarter counts none in the next: every
    commune sends some, its own reports among them."""

    def __post_init__(self) -> None:
        pick = self.chance.randint
        self.paper = self.chance.choice((0.01, 0.05, 0.08, 0.1, 0.1, 0.2, 0.9))
        self.has_register = self.chance.random() >= 0.04
        self.state = {
            "cadres": pick(8, 12),
            "officials": pick(7, 11),
            "contracts": pick(0, 3),
            "part_time": pick(5, 14),
            "plan": pick(8, 45),
            "cut_cadres": pick(0, 3),
            "cut_officials": pick(0, 3),
            "in_2015_cadres": pick(11, 14),
            "in_2015_officials": pick(10, 13),
            "overdue_tinh": 0,
            "overdue_huyen": pick(0, 2),
        }

    def around(self, middle: float) -> int:
        """A count that grows with the commune, by chance more or less."""
        return max(0, round(middle * self.size * exp(self.chance.gauss(0, 0.25))))

    def rate(self, part: int, whole: int) -> Figure | None:
        return None if whole == 0 else _rounded(Fraction(100 * part, whole), self.decimals)

    def quarter(self) -> dict[str, int]:
        """The flows of one quarter."""
        pick, flows = self.chance.randint, {}
        flows["1.1"] = pick(1, 9)
        flows["plan_done"] = pick(0, max(1, self.state["plan"] // 5))
        for level, usual in (("tinh", 2), ("huyen", 9)):
            assigned = max(0, round(usual * exp(self.chance.gauss(0, 0.5))) - (level == "tinh" and pick(0, 2)))
            late = sum(self.chance.random() < 0.06 for _ in range(assigned))
            overdue = sum(self.chance.random() < 0.05 for _ in range(assigned - late))
            waiting = pick(0, 2)
            done = max(0, assigned - late - overdue - waiting)
            flows |= {f"1.4.1.{level}": assigned, f"1.4.2.{level}": done, f"1.4.3.{level}": late}
            flows[f"overdue.{level}"] = overdue
        flows["1.5.1"] = self.chance.choice((0, 0, 0, 0, pick(20, 60), pick(60, 400)))
        flows["2.1"] = self.chance.choice((0, 0, 0, 1, 2))
        flows["2.2"] = self.chance.choice((0, 0, pick(1, 6)))
        flows["2.2.to_do"] = pick(0, flows["2.2"] // 2)
        flows["2.2.done"] = pick(0, flows["2.2.to_do"])
        flows["2.3"] = self.chance.choice((0, 0, pick(1, 8)))
        flows["2.3.to_do"] = pick(0, flows["2.3"] // 2)
        flows["2.3.done"] = pick(0, flows["2.3.to_do"])
        flows["received"] = self.around(260)
        settled = round(flows["received"] * self.chance.uniform(0.85, 1.04))
        flows["settled"] = settled
        flows["on_time"] = settled - sum(self.chance.random() < 0.015 for _ in range(settled))
        flows["complaints"] = self.chance.choice((0, 0, 0, pick(1, 5)))
        flows["complaints_done"] = pick(0, flows["complaints"])
        flows["4.1.2"] = int(self.chance.random() < 0.05)
        flows["4.2.3"] = int(self.chance.random() < 0.05)
        flows["appointed"], flows["reappointed"] = int(self.chance.random() < 0.15), int(self.chance.random() < 0.1)
        flows["disciplined"] = int(self.chance.random() < 0.04)
        flows["documents"] = self.around(240) + 10 if self.has_register else 0
        paper = sum(self.chance.random() < self.paper for _ in range(flows["documents"]))
        flows["with_paper"] = paper
        flows["electronic"] = (
            flows["documents"] - paper - self.chance.choice((0, pick(0, (flows["documents"] - paper) // 10)))
        )
        flows["online"] = round(flows["received"] * self.chance.uniform(0.05, 0.7))
        return flows

    def report(self, flows: Mapping[str, int], used: tuple[int, int], form: str | None = None) -> Figures:
        """The form filled from flows; `used` are the procedures that had online dossiers."""
        on, of, v = self.state, self.lists, Figures()
        v["1.1"] = flows["1.1"]
        done = min(self.so_far.get("plan_done", 0), on["plan"])
        v["1.2"], v["1.2.1"], v["1.2.2"] = self.rate(done, on["plan"]), on["plan"], done
        v["1.3.quyet_dinh"] = 1
        for row in ("1.4.1", "1.4.2", "1.4.3"):
            parts = [flows[f"{row}.{level}"] for level in LEVELS]
            v[row] = sum(parts)
            v |= {f"{row}.{level}": part for level, part in zip(LEVELS, parts, strict=True)}
        overdue = [min(on[f"overdue_{level}"], self._room(flows, level)) for level in LEVELS]
        v["1.4.4"] = sum(overdue)
        v |= {f"1.4.4.{level}": part for level, part in zip(LEVELS, overdue, strict=True)}
        v["1.5.1"] = flows["1.5.1"]
        v["1.5.2"] = (form or self.chance.choice(SURVEYS)) if flows["1.5.1"] else None
        v["1.6"] = self.chance.choice(("Có", "Không"))
        v["2.1"] = flows["2.1"]
        v["2.2"] = flows["2.2"]
        for row, name in (("2.2.1", "2.2"), ("2.3.2", "2.3")):
            v[row] = self.rate(flows[f"{name}.done"], flows[f"{name}.to_do"])
            v[f"{row}.can_xu_ly"], v[f"{row}.da_xu_ly"] = flows[f"{name}.to_do"], flows[f"{name}.done"]
        v["2.3.1"] = flows["2.3"]
        v["3.1.1"], v["3.1.2"], v["3.1.3"] = of.simplified, of.new, of.abolished
        v["3.1.4"] = v["3.1.4.cap_xa"] = of.procedures
        v["3.2.1"], v["3.2.2"], v["3.2.3"] = of.linked_level, of.linked_levels, of.anywhere
        for row in ("3.3.1", "3.3.2"):
            v[row] = self.rate(flows["on_time"], flows["settled"])
            v[f"{row}.da_giai_quyet"], v[f"{row}.dung_han"] = flows["settled"], flows["on_time"]
        v["3.4"] = self.rate(flows["complaints_done"], flows["complaints"])
        v["3.4.1"], v["3.4.2"] = flows["complaints"], flows["complaints_done"]
        self._staff(v, flows)
        self._online(v, flows, used)
        return v

    def _room(self, flows: Mapping[str, int], level: str) -> int:
        """Tasks that are overdue were assigned in this window, or are counted again when they are carried over."""
        return max(0, flows[f"1.4.1.{level}"] - flows[f"1.4.2.{level}"] - flows[f"1.4.3.{level}"])

    def _staff(self, v: Figures, flows: Mapping[str, int]) -> None:
        on = self.state
        v["4.1"] = v["4.1.1"] = on["cadres"]
        v["4.1.2"], v["4.1.3"] = flows["4.1.2"], self.rate(on["cut_cadres"], on["in_2015_cadres"])
        v["4.2"] = v["4.2.1"] = on["officials"]
        v["4.2.2"], v["4.2.3"] = on["contracts"], flows["4.2.3"]
        v["4.2.4"] = self.rate(on["cut_officials"], on["in_2015_officials"])
        v["4.3"] = v["4.3.co_mat"] = on["part_time"]
        v["5.1.1"] = on["cadres"] + on["officials"]
        v["5.1.2"] = self.rate(on["officials"] - self.chance.choice((0, 0, 0, 1)), on["officials"])
        if self.chance.random() < 0.1:  # by the eye: of no whole number of people
            v["5.1.2"] = self.chance.choice((90, 95, 97, Fraction("91.67")))
        v["5.2.1"], v["5.2.2"] = self.so_far.get("appointed", 0), self.so_far.get("reappointed", 0)
        v["5.4.lanh_dao"] = flows["disciplined"]
        v["6.1"] = v["6.1.1"] = v["6.1.2"] = None

    def _online(self, v: Figures, flows: Mapping[str, int], used: tuple[int, int]) -> None:
        of, documents = self.lists, flows["documents"]
        v["7.1"] = documents
        v["7.1.dien_tu"] = self.rate(flows["electronic"], documents)
        v["7.1.dien_tu_va_giay"] = self.rate(flows["with_paper"], documents)
        if documents == 0 and self.chance.random() < 0.5:
            v["7.1.dien_tu"] = v["7.1.dien_tu_va_giay"] = 0
        offered = (of.partly_offered, of.fully_offered)
        for row, whole, part, had in zip(("7.2.1", "7.2.2"), (of.partly, of.fully), offered, used, strict=True):
            v[row] = self.rate(part, whole)
            v |= {f"{row}.du_dieu_kien": whole, f"{row}.dang_cung_cap": part, f"{row}.phat_sinh": had}
        v["7.2.3"] = self.rate(of.integrated, sum(offered))
        v["7.2.3.dang_cung_cap"], v["7.2.3.da_tich_hop"] = sum(offered), of.integrated
        v["7.2.4"] = self.rate(flows["online"], flows["received"])
        v["7.2.4.da_tiep_nhan"], v["7.2.4.truc_tuyen"] = flows["received"], flows["online"]
        v["7.2.5"] = self.rate(of.payable, of.with_fees)
        v["7.2.5.co_phi"], v["7.2.5.da_tich_hop"] = of.with_fees, of.payable

    def used(self, online: int, before: tuple[int, int] = (0, 0)) -> tuple[int, int]:
        """How many procedures had online dossiers: more in a longer window, never more than dossiers or procedures."""
        pick, offered = self.chance.randint, (self.lists.partly_offered, self.lists.fully_offered)
        if online == 0:
            return 0, 0
        partly = max(before[0], min(offered[0], online - before[1], pick(0, max(1, online // 3))))
        fully = max(before[1], min(offered[1], pick(0, max(1, online // 3))))
        partly, fully = min(partly, online), min(fully, max(0, online - partly))
        return (partly, fully) if partly + fully else (1, 0)

    def passes(self, quarter: Mapping[str, int]) -> None:
        """What a quarter leaves behind: overdue tasks are done in time, people come and go, the plan goes on.

        A commune without a register of its documents begins one now and then.
        """
        self.has_register = self.has_register or self.chance.random() < 0.05
        for name in ("plan_done", "appointed", "reappointed"):
            self.so_far[name] = self.so_far.get(name, 0) + quarter[name]
        for level in LEVELS:
            left = self.chance.randint(0, self.state[f"overdue_{level}"])
            self.state[f"overdue_{level}"] = left + quarter[f"overdue.{level}"]
        self.state["cadres"] -= quarter["4.1.2"]
        self.state["officials"] -= quarter["4.2.3"]
        self.state["cut_cadres"] += quarter["4.1.2"]
        self.state["cut_officials"] += quarter["4.2.3"]


def district(chance: random.Random, units: int = 20) -> Iterator[tuple[Figures, int]]:
    """The reports of the communes of one district, which share their lists of procedures."""
    of = lists(chance)
    for _ in range(units):
        yield one_period(chance, of)


def _rounded(exact: Fraction, decimals: int) -> Figure:
    scaled = exact * 10**decimals
    value = Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**decimals)
    return int(value) if value.denominator == 1 else value


def commune(chance: random.Random, of: Lists | None = None) -> Commune:
    """A commune as they are, now and then a tiny one or a ward of a town."""
    size = exp(chance.gauss(0, 0.6)) * chance.choice((0.02, *(1,) * 18, 12))
    return Commune(chance, of or lists(chance), size, decimals=chance.choice((0, 1, 2, 2, 2)))


def one_period(chance: random.Random, of: Lists | None = None) -> tuple[Figures, int]:
    """The report of a commune for one quarter, and with how many decimals it writes percentages."""
    unit = commune(chance, of)
    quarter = unit.quarter()
    unit.passes(quarter)
    return unit.report(quarter, unit.used(quarter["online"])), unit.decimals


def two_periods(chance: random.Random, of: Lists | None = None) -> Iterator[tuple[str, Figures, int]]:
    """The same commune's reports for quarter I and for the first six months."""
    unit = commune(chance, of)
    first = unit.quarter()
    unit.passes(first)
    used = unit.used(first["online"])
    yield "2023-Q1", unit.report(first, used), unit.decimals
    second = unit.quarter()
    unit.passes(second)
    if chance.random() < 0.1:
        unit.state["plan"] += chance.randint(1, 10)  # plans are enlarged now and then
    unit.decimals = chance.choice((unit.decimals, unit.decimals, 2))
    both = {name: first[name] + second[name] for name in first}
    yield "2023-H1", unit.report(both, unit.used(both["online"], used)), unit.decimals


def two_years(chance: random.Random, of: Lists | None = None) -> Iterator[tuple[str, Figures, int]]:
    """The same commune's reports of two years: quarter I, six months, quarter III, the year."""
    unit = commune(chance, of)
    for year in (2023, 2024):
        unit.so_far.clear()
        unit.state["plan"] = max(5, unit.state["plan"] + chance.randint(-6, 6))
        quarters = []
        used_first = (0, 0)
        for name in ("Q1", "H1", "Q3", "Y"):
            quarters.append(unit.quarter())
            unit.passes(quarters[-1])
            of_period = quarters[-1:] if name == "Q3" else quarters
            flows = {key: sum(it[key] for it in of_period) for key in quarters[0]}
            used = unit.used(flows["online"], (0, 0) if name == "Q3" else used_first)
            used_first = (max(used_first[0], used[0]), max(used_first[1], used[1]))
            figures = unit.report(flows, used)
            if name == "Q3" or year > 2023:  # what happened to the list of procedures did in the first quarter of all
                figures |= {"3.1.1": 0, "3.1.2": 0, "3.1.3": 0}
            yield f"{year}-{name}" if name != "Y" else f"{year}", figures, unit.decimals


def submission(figures: Figures, decimals: int, unit: str = "UBND xã Thử", period: str = "2023-Q1") -> Submission:
    """The figures as typed: a percentage with the commune's decimals, but without closing zeros."""
    entries = {}
    for row, (key, value) in enumerate(figures.items(), start=8):
        how = How.BLANK if value is None else How.AS_TYPED
        raw = float(value) if isinstance(value, Fraction) else value
        entries[key] = Entry(raw, value, how, CellAddress("BieuThongKe", row, 4), shown_decimals(value, decimals))
    return Submission(unit, Period.parse(period), "A.xlsx", entries)


def shown_decimals(value: Figure | None, most: int = 6) -> int:
    if not isinstance(value, Fraction):
        return 0
    return next((places for places in range(most) if (value * 10**places).denominator == 1), most)


# --- what honest reports are accused of


def accused(count: int, chance: random.Random, form: Form) -> Counter[str]:
    """Errors and warnings on so many clean forms, by code and row; `forms` is how many have any."""
    found: Counter[str] = Counter()
    for _ in range(count):
        figures, decimals = one_period(chance)
        found.update(_accusations(check(submission(figures, decimals), form).findings))
    return found


def accused_over_time(count: int, chance: random.Random, form: Form) -> Counter[str]:
    """The same of so many communes in their second report of the year, beside the first."""
    found: Counter[str] = Counter()
    for _ in range(count):
        first, second = (submission(it, decimals, period=name) for name, it, decimals in two_periods(chance))
        found.update(_accusations(check(second, form, [first]).findings))
    return found


def accused_in_two_years(count: int, chance: random.Random, form: Form) -> Counter[str]:
    """The same of so many communes in the eight reports of two years, each beside all that came before."""
    found: Counter[str] = Counter()
    for _ in range(count):
        earlier: list[Submission] = []
        for name, figures, decimals in two_years(chance):
            now = submission(figures, decimals, period=name)
            found.update(_accusations(check(now, form, earlier).findings))
            earlier.append(now)
    return found


def accused_between(count: int, chance: random.Random, form: Form) -> Counter[str]:
    """Warnings in so many districts of twenty, and how many figures times ten and bursts among zeros are found."""
    found: Counter[str] = Counter()
    for _ in range(count):
        units = [figures for figures, _ in district(chance)]
        told = list(between([Taken.of(values, form) for values in units], form))
        found["forms"] += bool(told)
        for it in told:
            found[" ".join((it.finding.code, *it.finding.indicators[:1]))] += 1
        place, key = _large_figure(units, chance, form)
        found["(×10 found)"] += _is_told(units, place, key, 10 * int(units[place][key] or 0), form)
        found["(5000 surveys found)"] += _is_told(units, place, "1.5.1", 5000, form)
    return found


def _accusations(findings: Iterable[Finding]) -> list[str]:
    above = [it for it in findings if it.severity is not Severity.INFO]
    named = [" ".join((it.code, *it.indicators[:1], it.severity)) for it in above]
    return [*named, "forms"] if named else []


class Taken(NamedTuple):
    """A unit of a district as family U sees it."""

    unit: str
    taken: list[Figure | None]
    notes: Mapping[str, str]

    @classmethod
    def of(cls, figures: Figures, form: Form) -> Taken:
        return cls("xã", [figures.get(row.id) for row in form.entries], {})

    def cell(self, place: int) -> CellAddress:
        return CellAddress("BieuThongKe", 8 + place, 4)


def _large_figure(units: list[Figures], chance: random.Random, form: Form) -> tuple[int, str]:
    counts = [row.id for row in form.entries if row.merge == "sum" and row.kind is Kind.COUNT]
    while True:
        place, key = chance.randrange(len(units)), chance.choice(counts)
        if int(units[place][key] or 0) >= 10:
            return place, key


def _is_told(units: list[Figures], place: int, key: str, value: int, form: Form) -> bool:
    changed = [*units[:place], units[place] | {key: value}, *units[place + 1 :]]
    units_as_taken = [Taken.of(values, form) for values in changed]
    for found in between(units_as_taken, form):
        if found.place == place and found.finding.indicators[:1] == (key,):
            return True
    return False


def show(title: str, count: int, found: Counter[str]) -> None:
    print(f"{title} ({count}): {found.pop('forms', 0)} with an error or warning")
    for name, times in found.most_common():
        print(f"    {name:40}{times:>7}")


def main() -> None:
    forms = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chance, form = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1), load_form()
    show("clean forms", forms, accused(forms, chance, form))
    show("second reports of a year", forms // 10, accused_over_time(forms // 10, chance, form))
    communes = forms // 20
    show("reports of two years, eight of a commune", 8 * communes, accused_in_two_years(communes, chance, form))
    show("districts of twenty", 60, accused_between(60, chance, form))


if __name__ == "__main__":
    main()
