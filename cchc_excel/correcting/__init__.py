"""Say what would put a finding right, and how sure that is.

In:     findings and the submission they are about.
Out:    the same findings, each with the fix it asks for where one is known.
Never:  fills or changes a counted figure by itself, or picks one of two explanations that fit as well.
"""

from cchc_excel.correcting.propose import propose

__all__ = ["propose"]
