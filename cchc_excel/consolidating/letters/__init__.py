"""What goes out after the forms came in: a letter and an e-mail to each unit, a page for the head of the office.

In:     what consolidating comes to; who writes, and by when an answer is due.
Out:    texts and Word documents, one value each.
Never:  signs, dates or sends anything; names a figure without its cell.
"""
