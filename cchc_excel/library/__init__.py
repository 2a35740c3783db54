"""The front door for programs: what `import cchc_excel` offers beside the types.

In:     sources: paths, bytes, open files, openpyxl workbooks; a Form.
Out:    the same values that the commands work with, each with its form; bytes of workbooks; frames of pandas.
Never:  writes a file, changes a workbook that it is given, or does a thing otherwise than the command of that name.

`cchc_excel/__init__.py` lists the names; nothing here is loaded before one of them is asked for.
"""
