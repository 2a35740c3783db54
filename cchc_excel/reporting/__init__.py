"""Show what was found: on the terminal, as JSON (the contract), as one HTML page, and the reference of all checks.

In:     Examinations and the words of a language.
Out:    text.
Never:  decides what is a finding, or writes a file.

Each face is a front door of its own (`terminal`, `contract`, `page`, `reference`, `inspected`), so that JSON loads
no Rich and the terminal no Jinja2.
"""
