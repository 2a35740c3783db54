"""The rule language: a text becomes a syntax tree once, and every reading walks that one tree.

In:     a text such as "[1.4.2] + [1.4.3] <= [1.4.1]".
Out:    a `Node`, and its readings: of one submission (exact, three-valued), as a formula of Excel,
        as prose (Vietnamese, English), as the ids involved.
Never:  evaluates text as Python, knows a form, or knows how a check is reported.
"""

from cchc_excel.form.language.agreement import Agreement, agreement, as_number, rounded
from cchc_excel.form.language.ids import earlier_functions, every_id, ids, previous_ids
from cchc_excel.form.language.one import Record, Truth, compile_condition, compile_number
from cchc_excel.form.language.prose import prose
from cchc_excel.form.language.rounding import with_rounding, without_rounding
from cchc_excel.form.language.syntax import Node, misused_texts, parse, parse_number, renamed, sides

__all__ = [
    "Agreement",
    "Node",
    "Record",
    "Truth",
    "agreement",
    "as_number",
    "compile_condition",
    "compile_number",
    "earlier_functions",
    "every_id",
    "ids",
    "misused_texts",
    "parse",
    "parse_number",
    "previous_ids",
    "prose",
    "renamed",
    "rounded",
    "sides",
    "with_rounding",
    "without_rounding",
]
