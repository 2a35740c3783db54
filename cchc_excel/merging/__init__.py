"""How the figures of many units become one: one file a way of merging; no files, no units.

In:     columns of figures, one for each row of the form; or aggregates that were kept of them.
Out:    aggregates that can be added up again, in any order; figures and bounds that are read off them.
Never:  merges figures in a way that their row does not declare.
"""
