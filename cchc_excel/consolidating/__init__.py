"""Many submissions → one of the same form, one level up: the ledger, its merged figures, the workbook of six sheets.

In:     workbooks as they were sent, the roster of who should have sent one.
Out:    a workbook that is itself a valid submission, and the same as one tidy table.
Never:  adds what must not be added, takes a blank for a zero, or a missing unit for zeros.
"""
