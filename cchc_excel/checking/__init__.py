"""Judge a submission by the checks of its form.

In:     a Submission, the Form, earlier submissions of any units.
Out:    a Checked: findings, and for each check not applied the blanks that stopped it; or which checks fail.
Never:  knows a file format, changes a figure, words a sentence.
"""

from cchc_excel.checking.of_one import cannot_be_of_one
from cchc_excel.checking.within import Checked, NotApplied, check, failing, record_of

__all__ = ["Checked", "NotApplied", "cannot_be_of_one", "check", "failing", "record_of"]
