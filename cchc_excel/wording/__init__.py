"""Every sentence that a person reads, in Vietnamese or English.

In:     facts: findings, exceptions, reasons, numbers.
Out:    text. The sentences themselves stand in vi.yaml and en.yaml beside this file.
Never:  decides anything; adds a fact that the finding does not hold.
"""

from cchc_excel.wording.say import Words, words

__all__ = ["Words", "words"]
