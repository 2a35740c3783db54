"""All cheapest sets that hit every refutation, proposed by HiGHS: for the rare record with too many to search.

HiGHS sees only 0/1 variables and weights, never a figure of the record, so no big-M and no
tolerance can blame an accepted figure: whether a proposal stands is decided by the exact oracle,
which answers with the next refutation to hit. What rests on HiGHS alone is that no cheaper
proposal exists.
Source: E. Moreno-Centeno, R. Karp, The implicit hitting set approach, Operations Research 2013.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import lcm
from typing import Any

from cchc_excel.localise.exact import Names, Oracle, Search
from cchc_excel.localise.system import Number, Undecided


def cheapest_by_highs(oracle: Oracle, weights: Mapping[str, Number], known: list[Names], limit: int) -> Search:
    """As `cheapest_by_search`, asking the oracle `limit` times at most. Raises ImportError without highspy."""
    found = Search(refutations=list(known), sets=[], cost=None)
    if frozenset() in known:
        return found  # nothing that may be doubted would help
    master = _Master(weights)
    for refutation in known:
        master.hit(refutation)
    while (proposal := master.solve()) is not None:
        cost = sum(weights[name] for name in proposal)
        if found.cost is not None and cost > found.cost:
            return found
        # HiGHS works with floats: where a proposal misses what it had to hit, it is not believed any more
        hits_all = all(refutation & proposal for refutation in found.refutations)
        if limit <= 0 or not hits_all:
            found.complete = False
            return found
        limit -= 1
        try:
            answer = oracle(proposal)
        except Undecided:
            found.complete = False
            return found
        if answer is None:
            found.cost = cost
            found.sets.append(proposal)
            master.forbid(proposal)
        elif answer:
            found.refutations.append(answer)
            master.hit(answer)
        else:
            return found
    return found


class _Master:
    """A set-covering problem that grows; columns come into being when a refutation first names them."""

    def __init__(self, weights: Mapping[str, Number]) -> None:
        import highspy  # 3 MB and 0.2 s: only where it is needed

        self._whole = lcm(*(weight.denominator for weight in weights.values()))
        self._weights = weights
        self._columns: dict[str, int] = {}
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._integer = highspy.HighsVarType.kInteger
        # The public class writes a banner to stdout when it is made (1.16), where results and JSON go.
        self._model: Any = getattr(highspy, "_Highs", highspy.Highs)()
        options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
        for option, value in options.items():
            self._model.setOptionValue(option, value)

    def hit(self, names: Names) -> None:
        """At least one of these is released."""
        columns = [self._column(name) for name in sorted(names, key=list(self._weights).index)]
        self._model.addRow(1.0, float(len(columns)), len(columns), columns, [1.0] * len(columns))

    def forbid(self, names: Names) -> None:
        """Not all of these are released: the set is known already."""
        columns = sorted(self._columns[name] for name in names)
        self._model.addRow(0.0, len(columns) - 1.0, len(columns), columns, [1.0] * len(columns))

    def solve(self) -> Names | None:
        """A cheapest set, or None if there is none left."""
        if not self._columns:
            return frozenset()
        self._model.run()
        if self._model.getModelStatus() != self._optimal:
            return None
        solution = self._model.getSolution().col_value
        return frozenset(name for name, column in self._columns.items() if solution[column] > 0.5)

    def _column(self, name: str) -> int:
        if name not in self._columns:
            self._columns[name] = column = len(self._columns)
            self._model.addVar(0.0, 1.0)
            self._model.changeColCost(column, float(self._weights[name] * self._whole))
            self._model.changeColIntegrality(column, self._integer)
        return self._columns[name]
