"""Workbooks as bytes: read in one pass, patched without loss.

In:     the bytes of an .xlsx or .xlsm package.
Out:    a Grid, or other bytes.
Never:  runs a macro, follows an external link, loads a part it does not need.
"""

from cchc_excel.ooxml.reader import read_workbook

__all__ = ["read_workbook"]
