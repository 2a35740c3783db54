"""Reading of a tree on many submissions at once, with NumPy.

A column is a float64 array of shape (units,), NaN where blank; a condition is a float64 array of
1 (holds), 0 (fails), NaN (not applicable). Text columns are object arrays, None where blank.
Counts and scaled percentages are whole numbers below 2**53, so that comparing them is exact;
elsewhere a relative tolerance far below the last written decimal stands in for exactness.

Not imported by the package's front door: one workbook needs no NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cchc_excel.expression.agreement import MAX_DECIMALS
from cchc_excel.expression.syntax import Node

Array: TypeAlias = npt.NDArray[Any]

TOLERANCE = 2.0**-46  # of the larger side: 1e12 đồng with two decimals is still told apart


@dataclass(frozen=True, slots=True)
class Columns:
    """A ledger as rules see it: per id an array of shape (units,).

    `unread[id]` marks, as a bool array, cells that are filled but could not be read (absent: none);
    `decimals[id]` the decimals of each percentage as written (absent: the fewest that show the figure).
    """

    values: Mapping[str, Array]
    unread: Mapping[str, Array] = field(default_factory=dict)
    decimals: Mapping[str, Array] = field(default_factory=dict)
    previous: Columns | None = None

    @property
    def units(self) -> int:
        return len(next(iter(self.values.values()))) if self.values else 0


def condition_of_columns(node: Node, columns: Columns, *, as_zero: bool = False) -> Array:
    """Return the verdicts of a condition: a float64 array of shape (units,) of 1, 0 and NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.broadcast_to(_read(node, columns, as_zero), (columns.units,)).astype(float)


def _read(node: Node, columns: Columns, as_zero: bool) -> Any:
    return OPERATORS_OF_COLUMNS[node.op](node, columns, as_zero)


def _is_text(side: Any) -> bool:
    return isinstance(side, str) or getattr(side, "dtype", None) == np.dtype(object)


def _no_text(side: Any) -> Any:
    return np.asarray([item is None for item in np.atleast_1d(np.asarray(side, dtype=object))])


def _entry(node: Node, columns: Columns, as_zero: bool) -> Array:
    key = str(node.value)
    column = columns.values[key]
    if not as_zero or _is_text(column):
        return column
    blank = np.isnan(column) & ~columns.unread.get(key, np.False_)
    return np.where(blank, 0.0, column)


def _previous(node: Node, columns: Columns, _: bool) -> Any:
    return columns.previous.values[str(node.args[0].value)] if columns.previous else np.nan


def _literal(node: Node, _columns: Columns, _: bool) -> Any:
    return float(node.value) if node.op == "number" else node.value


def _blank(node: Node, columns: Columns, _: bool) -> Array:
    key = str(node.args[0].value)
    column = columns.values[key]
    missing = _no_text(column) if _is_text(column) else np.isnan(column)
    return np.where(columns.unread.get(key, np.False_), np.nan, missing.astype(float))


def _numeric(function: Callable[..., Any]) -> Callable[[Node, Columns, bool], Any]:
    return lambda node, columns, as_zero: function(*(_read(arg, columns, as_zero) for arg in node.args))


def _compared(verdict: Callable[[Any, Any], Any]) -> Callable[[Node, Columns, bool], Any]:
    """`verdict(difference, slack)` judges left − right against the tolerance."""

    def read(node: Node, columns: Columns, as_zero: bool) -> Any:
        left, right = (_read(arg, columns, as_zero) for arg in node.args)
        slack = TOLERANCE * np.maximum(np.abs(left), np.abs(right))
        return _unless_unknown(verdict(left - right, slack), left, right)

    return read


def _equality(*, equal: bool) -> Callable[[Node, Columns, bool], Any]:
    numbers = _compared(lambda gap, slack: (np.abs(gap) <= slack) == equal)

    def read(node: Node, columns: Columns, as_zero: bool) -> Any:
        left, right = (_read(arg, columns, as_zero) for arg in node.args)
        if not any(_is_text(side) for side in (left, right)):
            return numbers(node, columns, as_zero)
        unknown = _no_text(left) | _no_text(right)
        return np.where(unknown, np.nan, (np.equal(left, right) == equal).astype(float))

    return read


def _unless_unknown(truth: Any, *operands: Any) -> Any:
    unknown = reduce(np.logical_or, [np.isnan(operand) for operand in operands])
    return np.where(unknown, np.nan, np.asarray(truth, dtype=float))


def _and(left: Any, right: Any) -> Any:
    return np.where((left == 0) | (right == 0), 0.0, left * right)


def _or(left: Any, right: Any) -> Any:
    return 1 - _and(1 - left, 1 - right)


def _rounded(number: Any, places: Any) -> Any:
    scaled = np.abs(number) * 10.0**places
    return np.sign(number) * np.floor(scaled + 0.5 + TOLERANCE * scaled) / 10.0**places


def _quotient(part: Any, whole: Any) -> Any:
    return np.where(np.asarray(whole) == 0, np.nan, part / np.asarray(whole, dtype=float))


def _judged(node: Node, columns: Columns, as_zero: bool) -> tuple[Any, Any]:
    """Whether a percentage is right, and whether it is cut off: multiplied out, whole numbers on both sides."""
    key = str(node.args[0].value)
    written = columns.values[key]
    part, whole = (_read(arg, columns, as_zero) for arg in node.args[1:])
    places = 10.0 ** np.minimum(columns.decimals.get(key, _fewest_decimals(written)), MAX_DECIMALS)
    scaled, exact = written * places * whole, 100 * part * places
    nearly = TOLERANCE * np.maximum(np.abs(scaled), np.abs(exact))
    right = 2 * np.abs(scaled - exact) <= np.abs(whole) + nearly
    # cut off: what was written is a whole number of steps, and less than one step below the exact value
    step, rest = np.abs(whole), (exact - scaled) * np.sign(whole)
    on_step = np.abs(written * places - np.rint(written * places)) <= TOLERANCE * np.abs(written * places)
    cut = ~right & on_step & (rest >= -nearly) & (rest < step - nearly)
    unknown = np.isnan(written) | np.isnan(part) | np.isnan(whole) | (np.asarray(whole) == 0)
    return np.where(unknown, np.nan, right.astype(float)), np.where(unknown, np.nan, cut.astype(float))


def _fewest_decimals(written: Array) -> Array:
    decimals = np.full(written.shape, MAX_DECIMALS)
    for places in range(MAX_DECIMALS - 1, -1, -1):
        scaled = written * 10.0**places
        decimals = np.where(np.abs(scaled - np.rint(scaled)) <= 1e-9 * np.maximum(1, np.abs(scaled)), places, decimals)
    return decimals


OPERATORS_OF_COLUMNS: dict[str, Callable[[Node, Columns, bool], Any]] = {
    "number": _literal,
    "text": _literal,
    "entry": _entry,
    "previous": _previous,
    "neg": _numeric(np.negative),
    "+": _numeric(np.add),
    "-": _numeric(np.subtract),
    "*": _numeric(np.multiply),
    "/": _numeric(_quotient),
    "abs": _numeric(np.abs),
    "min": _numeric(lambda *values: reduce(np.minimum, values)),
    "max": _numeric(lambda *values: reduce(np.maximum, values)),
    "sum": _numeric(lambda *values: reduce(np.add, values)),
    "round": _numeric(_rounded),
    "is_integer": _numeric(lambda value: _unless_unknown(np.abs(value - np.rint(value)) <= TOLERANCE, value)),
    "blank": _blank,
    "agrees": lambda node, columns, as_zero: _judged(node, columns, as_zero)[0],
    "truncated": lambda node, columns, as_zero: _judged(node, columns, as_zero)[1],
    "not": _numeric(lambda value: 1 - value),
    "and": _numeric(_and),
    "or": _numeric(_or),
    "=>": _numeric(lambda left, right: _or(1 - left, right)),
    "both_or_neither": _numeric(lambda left, right: _unless_unknown(left == right, left, right)),
    "not_both": _numeric(lambda left, right: 1 - _and(left, right)),
    "<": _compared(lambda gap, slack: gap < -slack),
    "<=": _compared(lambda gap, slack: gap <= slack),
    ">": _compared(lambda gap, slack: gap > slack),
    ">=": _compared(lambda gap, slack: gap >= -slack),
    "==": _equality(equal=True),
    "!=": _equality(equal=False),
}
