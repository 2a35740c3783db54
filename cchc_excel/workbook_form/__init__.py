"""A form becomes the workbook that a commune fills.

In:     a Form; the unit and the period, if they are known.
Out:    the bytes of an .xlsx; the same form gives the same bytes.
Never:  knows the ids of the standard form; writes a file; puts today's date into anything.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc_excel.workbook_form.make import template

__all__ = ["template"]


def __getattr__(name: str) -> Any:
    """Load what makes a template when it is first asked for: the district's workbook needs the printed form alone."""
    if name == "template":
        from cchc_excel.workbook_form.make import template

        return template
    raise AttributeError(name)
