"""Turn a file into a submission.

In:     a Source (name, bytes) or a Grid, and the Form.
Out:    a Reading: the submission, or None, and what was noticed on the way.
Never:  writes anything, chooses between two possible readings, raises because a file is bad.
"""

from cchc_excel.reading.given import NOTHING_GIVEN, Given
from cchc_excel.reading.recognise import Reading, read, read_grid, unreadable

__all__ = ["NOTHING_GIVEN", "Given", "Reading", "read", "read_grid", "unreadable"]
