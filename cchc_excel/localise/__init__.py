"""Which figures must be wrong, which blanks are determined, which slip explains a figure.

In:     values, variables with domains and weights, relations between them. No forms, no files.
Out:    all cheapest sets to doubt; the range a figure may take; blanks that follow; digit slips.
Never:  a float in a verdict, a tie broken at random, a limit reached in silence.
"""

from cchc_excel.digits import digit_slip
from cchc_excel.localise.balance import Balance, Slip, slips_for_balance
from cchc_excel.localise.deduce import deduce, feasible, possible_range
from cchc_excel.localise.groups import localise
from cchc_excel.localise.system import (
    Disjunction,
    Group,
    Linear,
    Localisation,
    Ratio,
    Relation,
    Undecided,
    Variable,
    implication,
    negations,
    unequal,
)

__all__ = [
    "Balance",
    "Disjunction",
    "Group",
    "Linear",
    "Localisation",
    "Ratio",
    "Relation",
    "Slip",
    "Undecided",
    "Variable",
    "deduce",
    "digit_slip",
    "feasible",
    "implication",
    "localise",
    "negations",
    "possible_range",
    "slips_for_balance",
    "unequal",
]
