"""A new form without a programmer: a blank sheet becomes a drafted form folder; a form folder is checked and shown.

In:     a workbook with a table of indicators; a form folder.
Out:    the text of a form.yaml whose every guess says why; the mistakes of a folder; the form as a table of text.
Never:  knows the rows of any one form; writes a file; guesses a relation that no word or number speaks for.
"""
