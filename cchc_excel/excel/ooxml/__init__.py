"""Workbooks as bytes, read in one pass.

In:     the bytes of an .xlsx or .xlsm package.
Out:    a Grid.
Never:  runs a macro, follows an external link, loads a part it does not need.
"""

from cchc_excel.excel.ooxml.reader import read_workbook

__all__ = ["read_workbook"]
