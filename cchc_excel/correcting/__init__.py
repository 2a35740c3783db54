"""Say what would put a finding right and how sure that is.

In:     findings and the submission they are about.
Out:    the same findings with their fixes, and which of these are carried out.
Never:  reads or writes a workbook.
"""

from cchc_excel.correcting.apply import Decision, Policy, unknown_decisions
from cchc_excel.correcting.explaining import came_back
from cchc_excel.correcting.history import Made, earlier_fixes, put_back, source_in
from cchc_excel.correcting.propose import propose

__all__ = [
    "Decision",
    "Made",
    "Policy",
    "came_back",
    "earlier_fixes",
    "propose",
    "put_back",
    "source_in",
    "unknown_decisions",
]
