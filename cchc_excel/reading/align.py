"""Which row of the sheet is which indicator.

Rows whose label occurs once in the form and is the same to the letter are anchors; the longest
rising run of anchors is certain, and between two anchors a small dynamic programme weighs label,
unit and STT (a duplicate, missing or wrong STT costs little), and joins rows torn by a page
break. Rows left over are then placed by label and neighbour, wherever they were moved to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cchc_excel.errors import WorkbookTooLarge
from cchc_excel.form import Indicator
from cchc_excel.reading.table import TableRow
from cchc_excel.reading.vocabulary import Labels
from cchc_excel.vietnamese.text import fold, similarity

LEAST = (
    0.62  # similarity below which a label is another label; the form's own nearest pair is far above by STT and unit
)
TIE = 0.04  # two labels that are this close fit a row equally well
LIKE = 0.85  # similarity from which a row that stands elsewhere may be an indicator's
SURE = 0.9  # similarity above which the place between two anchors is proof enough
LONGER, MOST_OF_A_REMARK = 3, 200  # times the form's label, and the letters of a remark that a clerk adds to it
MOST_STRANGE = 1_000  # rows whose label is no indicator's: each is compared with all, 6 ms a row
MOST_COMPARED = 30_000  # rows × indicators, of rows that stand where a form's own should and are none of it: 5 s
MOST_JOINED = 3  # rows; a label torn twice has been seen, thrice never


class Match(NamedTuple):
    """A row and the indicator it was taken for; `score` is the similarity of the labels, 0 to 1."""

    row: TableRow
    indicator: Indicator
    score: float
    moved: bool = False


class MatchedBy(StrEnum):
    """Why a row was taken for its indicator.

    LABEL     its label is the indicator's, to the letter
    SPELLING  its label is the indicator's, spelt or numbered in another way
    ORDER     several indicators have this label, and the rows around tell which of them it is
    SIMILAR   its label is nearest to the indicator's, with the STT and unit beside it
    TORN      its label is the indicator's once it is joined with the rows below it
    MOVED     its label is the indicator's, though it stands elsewhere
    """

    LABEL = "label"
    SPELLING = "spelling"
    ORDER = "order"
    SIMILAR = "similar"
    TORN = "torn"
    MOVED = "moved"


def matched_by(match: Match, labels: Labels) -> MatchedBy:
    """Return why a row was taken for its indicator: the one place where this is decided."""
    if match.moved:
        return MatchedBy.MOVED
    if match.row.more:
        return MatchedBy.TORN
    fits = labels.candidates(match.row.label)
    if not fits:
        return MatchedBy.SIMILAR
    if len(fits) > 1:
        return MatchedBy.ORDER
    return MatchedBy.LABEL if match.row.label == match.indicator.label else MatchedBy.SPELLING


@dataclass(slots=True)
class Alignment:
    """Every row of the sheet accounted for: matched, a repetition of a matched one, unclear, or of no indicator."""

    matches: list[Match] = field(default_factory=list)
    repeated: list[Match] = field(default_factory=list)
    unclear: list[tuple[TableRow, tuple[Indicator, ...]]] = field(default_factory=list)
    extra: list[TableRow] = field(default_factory=list)


def align(rows: Sequence[TableRow], labels: Labels) -> Alignment:
    """Return the alignment of all rows with the form. Raises WorkbookTooLarge for hundreds of rows of no form."""
    aligning = _Aligning(rows, labels)
    if aligning.candidates.count(()) > MOST_STRANGE:
        raise WorkbookTooLarge("rows")
    aligning.take_anchors()
    aligning.take_left_over()
    return aligning.alignment()


class _Taken(NamedTuple):
    """The row that was taken for an indicator, and how alike the labels are."""

    row: TableRow
    score: float


class _Aligning:
    """An alignment on its way: indicators and rows are named by their places, in the form and on the sheet.

    `candidates` are the indicators that have a row's label, `taken` the row of each indicator that has one, and `moved`
    the indicators whose rows stand elsewhere.
    """

    def __init__(self, rows: Sequence[TableRow], labels: Labels) -> None:
        self.rows, self.labels = rows, labels
        self.candidates = [labels.candidates(row.label) for row in rows]
        self.taken: dict[int, _Taken] = {}
        self.used: set[int] = set()
        self.moved: list[int] = []
        self.repeated: list[Match] = []
        self.unclear: list[tuple[TableRow, tuple[Indicator, ...]]] = []
        self.extra: list[TableRow] = []

    def alignment(self) -> Alignment:
        """What came of it: the matches in the order of the form, and behind them those of moved rows."""
        in_place = sorted(self.taken.keys() - self.moved)
        matches = [
            *(self._match(place, moved=False) for place in in_place),
            *(self._match(place, moved=True) for place in self.moved),
        ]
        return Alignment(matches, self.repeated, self.unclear, self.extra)

    def _match(self, indicator: int, *, moved: bool) -> Match:
        taken = self.taken[indicator]
        return Match(taken.row, self.labels.indicators[indicator], taken.score, moved)

    # --- in the order of the form

    def take_anchors(self) -> None:
        """Take the anchors, and what stands between each two of them."""
        row = indicator = 0
        for anchor in _anchors(self.candidates):
            self._take_between(range(row, anchor.row), range(indicator, anchor.indicator))
            self._take(anchor.indicator, anchor.row, 1.0)
            row, indicator = anchor.row + 1, anchor.indicator + 1
        self._take_between(range(row, len(self.rows)), range(indicator, len(self.labels.indicators)))

    def _take(self, indicator: int, row: int, score: float) -> None:
        self.taken[indicator] = _Taken(self.rows[row], score)
        self.used.add(row)

    def _take_between(self, rows: range, indicators: range) -> None:
        """Align the rows between two anchors with the indicators between them."""
        while rows and indicators and indicators[0] in self.candidates[rows[0]]:
            self._take(indicators[0], rows[0], 1.0)
            rows, indicators = rows[1:], indicators[1:]
        if not rows or not indicators:
            return
        if len(rows) * len(indicators) > MOST_COMPARED:
            raise WorkbookTooLarge("rows")
        window = self.labels.indicators[indicators.start : indicators.stop]
        for fit in _best(self.rows[rows.start : rows.stop], window):
            self.used.update(rows[place] for place in fit.rows)
            row = self._joined([rows[place] for place in fit.rows])
            chosen = window[fit.indicator]
            rivals = _rivals(row, chosen, fit.score, window)
            if rivals:
                self.unclear.append((row, (chosen, *rivals)))
            else:
                self.taken[indicators[fit.indicator]] = _Taken(row, fit.score)

    def _joined(self, places: Sequence[int]) -> TableRow:
        """The rows as one; several where a page break tore a row."""
        row = self.rows[places[0]]
        for place in places[1:]:
            row = row.joined(self.rows[place])
        return row

    # --- wherever a row stands

    def take_left_over(self) -> None:
        """Place the rows outside the rising run: moved ones, repetitions, unclear ones, and those of no indicator."""
        if len(self.used) == len(self.rows):
            return
        indicator_of = {taken.row.number: place for place, taken in self.taken.items()}
        like: dict[str, tuple[int, ...]] = {}  # the same strange row may stand there a thousand times
        for place, row in enumerate(self.rows):
            if place in self.used:
                continue
            fits = self.candidates[place]
            if not fits and row.label not in like:
                like[row.label] = _similar(row, self.labels, self._free(range(len(self.labels.indicators))))
            fits = fits or like[row.label]
            free = self._free(fits)
            above = indicator_of.get(self.rows[place - 1].number) if place else None
            meant = self._meant(free, above)
            if meant is not None:
                indicator_of[row.number] = meant
                self.taken[meant] = _Taken(row, label_score(row.label, self.labels.indicators[meant]))
                self.moved.append(meant)
            elif free:
                self.unclear.append((row, tuple(self.labels.indicators[fit] for fit in free)))
            elif self.candidates[place]:
                self._add_repeated(place, fits)
            else:
                self.extra.append(row)

    def _free(self, indicators: Iterable[int]) -> list[int]:
        """Those of the indicators that have no row yet."""
        return [indicator for indicator in indicators if indicator not in self.taken]

    def _meant(self, free: Sequence[int], above: int | None) -> int | None:
        """The one indicator that a row can be, by the row above it if several have its label; else None."""
        if len(free) < 2 or above is None:
            return free[0] if len(free) == 1 else None
        if above + 1 in free:
            return above + 1
        of_one_number = _of_one_number(above, free, self.labels)
        return of_one_number[0] if len(of_one_number) == 1 else None

    def _add_repeated(self, place: int, fits: Sequence[int]) -> None:
        """Take a row for a repetition of the nearest one above it that has its label.

        Where the row right above was left blank, and no other indicator has this label, the figure is the second one's.
        """
        row = self.rows[place]
        above = [fit for fit in fits if self.taken[fit].row.number < row.number]
        nearest = max(above, key=lambda fit: self.taken[fit].row.number, default=fits[0])
        first = self.taken[nearest].row
        is_right_above = place > 0 and first is self.rows[place - 1]
        if len(fits) == 1 and is_right_above and first.value is None and row.value is not None:
            self.taken[nearest] = _Taken(row, 1.0)
            row = first
        self.repeated.append(Match(row, self.labels.indicators[nearest], 1.0))


class _Anchor(NamedTuple):
    """A row that can be one indicator only."""

    row: int
    indicator: int


def _anchors(candidates: Sequence[tuple[int, ...]]) -> list[_Anchor]:
    """The longest rising run of rows that can be one indicator only (patience sorting, O(n log n))."""
    tops: list[int] = []
    piles: list[int] = []
    before: dict[int, int | None] = {}
    for row, of_row in enumerate(candidates):
        if len(of_row) != 1:
            continue
        pile = bisect_left(tops, of_row[0])
        if pile < len(tops) and tops[pile] == of_row[0]:
            continue  # the first of two equal rows leaves more room for those below it
        before[row] = piles[pile - 1] if pile else None
        tops[pile : pile + 1] = [of_row[0]]
        piles[pile : pile + 1] = [row]
    run: list[_Anchor] = []
    at: int | None = piles[-1] if piles else None
    while at is not None:
        run.append(_Anchor(at, candidates[at][0]))
        at = before[at]
    return run[::-1]


def _rivals(row: TableRow, chosen: Indicator, score: float, window: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Indicators that fit a half-legible row as well as the chosen one, with no STT to decide."""
    if score > SURE or (row.stt and same_stt(row.stt, chosen)):
        return ()
    return tuple(other for other in window if other is not chosen and label_score(row.label, other) >= score - TIE)


class _Fit(NamedTuple):
    """An indicator and the rows that are it together, by their places in a window, and how alike the labels are."""

    indicator: int
    rows: tuple[int, ...]
    score: float


def _best(rows: Sequence[TableRow], indicators: Sequence[Indicator]) -> list[_Fit]:
    """The fits with the greatest sum of evidence, by a dynamic programme over rows × indicators."""
    best = [[0.0] * (len(indicators) + 1) for _ in range(len(rows) + 1)]
    step: dict[tuple[int, int], tuple[int, float]] = {}
    for i in range(len(rows) - 1, -1, -1):
        for j in range(len(indicators) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            for count, row in _joinable(rows, i):
                score = label_score(row.label, indicators[j])
                if score < LEAST:
                    continue
                total = score + _evidence(row, indicators[j]) + best[i + count][j + 1]
                if total > best[i][j]:
                    best[i][j] = total
                    step[i, j] = (count, score)
    return list(_traced(best, step, len(rows), len(indicators)))


def _traced(
    best: list[list[float]], step: Mapping[tuple[int, int], tuple[int, float]], rows: int, indicators: int
) -> Iterable[_Fit]:
    """Walk through the table of sums from its beginning; `step` has how many rows a fit takes, and its score."""
    i = j = 0
    while i < rows and j < indicators:
        skipped = max(best[i + 1][j], best[i][j + 1])
        if (i, j) in step and best[i][j] > skipped:
            count, score = step[i, j]
            yield _Fit(j, tuple(range(i, i + count)), score)
            i, j = i + count, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1


def _joinable(rows: Sequence[TableRow], start: int) -> Iterable[tuple[int, TableRow]]:
    """The row alone, then with those below it that may be its torn-off rest: no STT, no second unit or value."""
    row = rows[start]
    yield 1, row
    for count in range(2, MOST_JOINED + 1):
        if start + count > len(rows):
            return
        rest = rows[start + count - 1]
        clash = (row.unit and rest.unit) or (row.value is not None and rest.value is not None)
        if rest.stt or clash:
            return
        row = row.joined(rest)
        yield count, row


def label_score(label: str, indicator: Indicator) -> float:
    """Similarity of a label as written and an indicator's label, 0 to 1.

    A label several times as long is another one: it is not compared letter by letter, which a pasted report of 32,767
    letters would make a matter of seconds. An equal label needs no comparing, whatever its length.
    """
    longest = max(len(indicator.label), len(indicator.printed.label or ""))
    if not label or len(label) > LONGER * longest + MOST_OF_A_REMARK:
        return 0.0
    score = similarity(label, indicator.label)
    return max(score, similarity(label, indicator.printed.label)) if indicator.printed.label else score


def _evidence(row: TableRow, indicator: Indicator) -> float:
    """What unit and STT add to the label: enough to decide between equal labels, not to overrule different ones."""
    unit = 0.05 if fold(row.unit) == fold(indicator.unit) else 0.0
    stt = 0.1 if same_stt(row.stt, indicator) else 0.0
    return unit + stt + (0.01 if row.value is not None else 0.0)


def same_stt(written: str, indicator: Indicator) -> bool:
    """Whether a row is numbered as the form, or as an older printing of it, numbers the indicator."""
    plain = written.rstrip(". ").replace(",", ".")
    return plain in {indicator.stt, indicator.printed.stt}


def _of_one_number(above: int, free: Sequence[int], labels: Labels) -> list[int]:
    """Those of the free indicators that stand under the same number as the one in the row above: `- UBND huyện`."""
    indicators = labels.indicators
    first, end = above, above + 1
    while first > 0 and not indicators[first].stt:
        first -= 1
    while end < len(indicators) and not indicators[end].stt:
        end += 1
    return [key for key in free if first < key < end]


def _similar(row: TableRow, labels: Labels, free: Sequence[int]) -> tuple[int, ...]:
    """The indicators whose label is nearest to the row's, and near enough; several if they tie.

    Whether it is like one that has a row already is only asked where it is like one of the `free`, which have none.
    """
    if len(row.label) < 4 or all(label_score(row.label, labels.indicators[key]) < LIKE - TIE for key in free):
        return ()
    scores = [(label_score(row.label, indicator), key) for key, indicator in enumerate(labels.indicators)]
    best = max(scores)[0]
    return tuple(key for score, key in scores if score >= best - TIE) if best >= LIKE else ()
