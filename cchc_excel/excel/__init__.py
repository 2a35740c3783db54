"""The only room that knows a file format. Its doors are its sub-rooms, so that reading loads nothing that writes.

`opening`: any kind of file → Grid. `ooxml`: an .xlsx read part by part. `patching`: the same package with some cells
changed. `calculating`: results of formulas. `writing`: new workbooks.
"""
