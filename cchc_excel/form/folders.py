"""Where rules/ and templates/ lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

from cchc_excel.errors import NoSuchForm

STANDARD = "cchc_xa_quy"
EDITIONS = (STANDARD, "cchc_xa_2025")
"""The shipped form, of before and from 1 July 2025 on; its period says of which a report is."""

_PACKAGE = Path(__file__).parents[1]


def _data(name: str) -> Path:
    inside = _PACKAGE / "_data" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def form_folder(form: str | Path = STANDARD) -> Path:
    """Return the folder of a form, given by path or by the name of a shipped form.

    Raises NoSuchForm if there is no form.yaml in it.
    """
    folder = Path(form)
    if (folder / "form.yaml").is_file():
        return folder
    is_bare_name = folder.name == str(form)
    shipped = _data("rules") / folder.name
    if is_bare_name and (shipped / "form.yaml").is_file():
        return shipped
    raise NoSuchForm(str(form))


def template_path() -> Path:
    """Return the shipped template of the standard form."""
    return _data("templates") / "BieuThongKe.xlsx"
