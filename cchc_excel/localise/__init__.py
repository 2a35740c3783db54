"""Which figures must be wrong, and which blanks are determined.

In:     values, variables with domains and weights, relations between them. No forms, no files.
Out:    all cheapest sets to doubt; the range a figure may take; blanks that follow.
Never:  a float in a verdict, a tie broken at random, a limit reached in silence.
"""

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
)

__all__ = [
    "Disjunction",
    "Group",
    "Linear",
    "Localisation",
    "Ratio",
    "Relation",
    "Undecided",
    "Variable",
    "deduce",
    "feasible",
    "localise",
    "possible_range",
]
