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
    candidates = [labels.candidates(row.label) for row in rows]
    if candidates.count(()) > MOST_STRANGE:
        raise WorkbookTooLarge("rows")
    found: dict[int, tuple[TableRow, float]] = {}
    used: set[int] = set()
    unclear: list[tuple[TableRow, tuple[Indicator, ...]]] = []
    at_row = at_indicator = 0
    ends = [*_anchors(candidates), (len(rows), len(labels.indicators))]
    for row, indicator in ends:
        if at_row < row and at_indicator < indicator:
            _fill(rows, candidates, labels, (at_row, row), (at_indicator, indicator), found, used, unclear)
        if row < len(rows):
            found[indicator] = (rows[row], 1.0)
            used.add(row)
        at_row, at_indicator = row + 1, indicator + 1
    alignment = Alignment(unclear=unclear)
    alignment.matches = [Match(row, labels.indicators[key], score) for key, (row, score) in sorted(found.items())]
    _place_left_over(rows, candidates, labels, found, used, alignment)
    return alignment


def _anchors(candidates: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
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
    run: list[tuple[int, int]] = []
    at: int | None = piles[-1] if piles else None
    while at is not None:
        run.append((at, candidates[at][0]))
        at = before[at]
    return run[::-1]


def _fill(
    rows: Sequence[TableRow],
    candidates: Sequence[tuple[int, ...]],
    labels: Labels,
    row_span: tuple[int, int],
    span: tuple[int, int],
    found: dict[int, tuple[TableRow, float]],
    used: set[int],
    unclear: list[tuple[TableRow, tuple[Indicator, ...]]],
) -> None:
    """Align the rows between two anchors with the indicators between them (the anchor row before may be torn)."""
    start, stop = row_span
    at, end = span
    while start < stop and at < end and at in candidates[start]:
        found[at] = (rows[start], 1.0)
        used.add(start)
        start, at = start + 1, at + 1
    if start == stop or at == end:
        return
    if (stop - start) * (end - at) > MOST_COMPARED:
        raise WorkbookTooLarge("rows")
    for index, taken, score in _best(rows[start:stop], labels.indicators[at:end]):
        row = rows[start + taken[0]]
        for other in taken[1:]:
            row = row.joined(rows[start + other])
        used.update(start + other for other in taken)
        rivals = _rivals(row, labels.indicators[at + index], score, labels.indicators[at:end])
        if rivals:
            unclear.append((row, (labels.indicators[at + index], *rivals)))
        else:
            found[at + index] = (row, score)


def _rivals(row: TableRow, chosen: Indicator, score: float, window: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """Indicators that fit a half-legible row as well as the chosen one, with no STT to decide."""
    if score > SURE or (row.stt and same_stt(row.stt, chosen)):
        return ()
    return tuple(other for other in window if other is not chosen and label_score(row.label, other) >= score - TIE)


def _best(rows: Sequence[TableRow], indicators: Sequence[Indicator]) -> list[tuple[int, tuple[int, ...], float]]:
    """Dynamic programme over rows × indicators: (indicator, its rows, similarity) with the greatest sum of evidence."""
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
) -> Iterable[tuple[int, tuple[int, ...], float]]:
    i = j = 0
    while i < rows and j < indicators:
        skipped = max(best[i + 1][j], best[i][j + 1])
        if (i, j) in step and best[i][j] > skipped:
            count, score = step[i, j]
            yield j, tuple(range(i, i + count)), score
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


def _place_left_over(
    rows: Sequence[TableRow],
    candidates: Sequence[tuple[int, ...]],
    labels: Labels,
    found: dict[int, tuple[TableRow, float]],
    used: set[int],
    alignment: Alignment,
) -> None:
    """Rows outside the rising run: moved ones, repetitions, unclear ones, and those of no indicator."""
    if len(used) == len(rows):
        return
    by_number = {row.number: key for key, (row, _) in found.items()}
    like: dict[str, tuple[int, ...]] = {}  # the same strange row may stand there a thousand times
    for index, row in enumerate(rows):
        if index in used:
            continue
        if not candidates[index] and row.label not in like:
            like[row.label] = _similar(row, labels, [key for key in range(len(labels.indicators)) if key not in found])
        fits = candidates[index] or like[row.label]
        free = [key for key in fits if key not in found]
        above = by_number.get(rows[index - 1].number) if index else None
        following = [key for key in free if above is not None and key == above + 1]
        if above is not None and len(free) > 1 and not following:
            following = _of_one_number(above, free, labels)
        if len(free) == 1 or len(following) == 1:
            key = (following or free)[0]
            found[key] = (row, label_score(row.label, labels.indicators[key]))
            by_number[row.number] = key
            alignment.matches.append(Match(row, labels.indicators[key], found[key][1], moved=True))
        elif free:
            alignment.unclear.append((row, tuple(labels.indicators[key] for key in free)))
        elif fits and candidates[index]:
            _add_repeated(rows[index - 1] if index else row, row, fits, labels, found, alignment)
        else:
            alignment.extra.append(row)


def _of_one_number(above: int, free: Sequence[int], labels: Labels) -> list[int]:
    """Those of the free indicators that stand under the same number as the one in the row above: `- UBND huyện`."""
    indicators = labels.indicators
    first, end = above, above + 1
    while first > 0 and not indicators[first].stt:
        first -= 1
    while end < len(indicators) and not indicators[end].stt:
        end += 1
    return [key for key in free if first < key < end]


def _add_repeated(
    before: TableRow,
    row: TableRow,
    fits: Sequence[int],
    labels: Labels,
    found: dict[int, tuple[TableRow, float]],
    alignment: Alignment,
) -> None:
    """Take a row for a repetition of the nearest one above it that has its label.

    Where the row right above was left blank, and no other indicator has this label, the figure is the second one's.
    """
    above = [key for key in fits if found[key][0].number < row.number]
    key = max(above, key=lambda fit: found[fit][0].number, default=fits[0])
    indicator, first = labels.indicators[key], found[key][0]
    if len(fits) == 1 and first is before and first.value is None and row.value is not None:
        at = next(at for at, match in enumerate(alignment.matches) if match.row is first)
        alignment.matches[at] = Match(row, indicator, 1.0)
        found[key], row = (row, 1.0), first
    alignment.repeated.append(Match(row, indicator, 1.0))


def _similar(row: TableRow, labels: Labels, free: Sequence[int]) -> tuple[int, ...]:
    """The indicators whose label is nearest to the row's, and near enough; several if they tie.

    Whether it is like one that has a row already is only asked where it is like one of the `free`, which have none.
    """
    if len(row.label) < 4 or all(label_score(row.label, labels.indicators[key]) < LIKE - TIE for key in free):
        return ()
    scores = [(label_score(row.label, indicator), key) for key, indicator in enumerate(labels.indicators)]
    best = max(scores)[0]
    return tuple(key for score, key in scores if score >= best - TIE) if best >= LIKE else ()
