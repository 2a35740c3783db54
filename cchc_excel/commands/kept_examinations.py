"""Facts as JSON and back, equal to what they were: for a run that goes on where another stopped.

In:     values of the types named here: numbers, texts, dates, tuples, mappings, and the facts of this program.
Out:    what `json` can write; from that, an equal value.
Never:  makes anything but these types, whatever the file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from cchc_excel.finding import Allowed, Alternative, Because, Certainty, EntryChange, Finding, Fix, Formula, Suspects
from cchc_excel.form import Severity
from cchc_excel.pipeline import Examination
from cchc_excel.submission import CellAddress, Entry, How, Period, Submission

_TYPES: Mapping[str, Any] = {
    kept_type.__name__: kept_type
    for kept_type in (
        *(Examination, Submission, Entry, How, CellAddress, Period),
        *(Finding, Fix, Because, EntryChange, Alternative, Allowed, Suspects, Formula, Certainty, Severity),
    )
}


def as_plain(value: Any) -> Any:
    """The value as lists, dictionaries, texts and numbers. Raises TypeError for one of another type."""
    if isinstance(value, Enum):
        return {type(value).__name__: value.value}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if type(value).__name__ in _TYPES and isinstance(value, tuple):
        return {type(value).__name__: [as_plain(item) for item in value]}
    if is_dataclass(value) and type(value).__name__ in _TYPES:
        return {type(value).__name__: [as_plain(getattr(value, field.name)) for field in fields(value)]}
    if isinstance(value, tuple):
        return {"tuple": [as_plain(item) for item in value]}
    if isinstance(value, frozenset):
        return {"set": [as_plain(item) for item in sorted(value)]}
    if isinstance(value, Mapping):
        return {"map": [[as_plain(key), as_plain(item)] for key, item in value.items()]}
    raise TypeError(type(value).__name__)


def of_plain(plain: Any) -> Any:
    """The value that `as_plain` made this of. Raises ValueError for anything else."""
    if not isinstance(plain, dict):
        if isinstance(plain, list):
            raise ValueError(plain)
        return plain
    try:
        ((name, content),) = plain.items()
        match name:
            case "fraction":
                return Fraction(content)
            case "date":
                return date.fromisoformat(content)
            case "tuple":
                return tuple(of_plain(item) for item in content)
            case "set":
                return frozenset(of_plain(item) for item in content)
            case "map":
                return {of_plain(key): of_plain(item) for key, item in content}
        made = _TYPES[name]
        return made(content) if issubclass(made, Enum) else made(*(of_plain(item) for item in content))
    except (KeyError, TypeError, ZeroDivisionError) as error:
        raise ValueError(plain) from error
