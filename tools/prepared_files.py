"""What a wheel holds beside the shipped YAML files, so that nobody has to read them (cchc_excel/form/prepared.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cchc_excel.form.documents import plain
from cchc_excel.form.folders import EDITIONS
from cchc_excel.form.loader import load_form, sources
from cchc_excel.form.prepared import as_prepared

ROOT = Path(__file__).resolve().parents[1]
WORDING = ROOT / "cchc_excel" / "wording"


def prepared_files() -> Iterator[tuple[str, bytes]]:
    """The shipped forms and the sentences of each language, by their places in the wheel."""
    for folder in sorted(path.parent for path in ROOT.glob("rules/*/form.yaml")):
        editions = EDITIONS[1:] if folder.name == EDITIONS[0] else ()  # as a command asks for it
        form = load_form(folder, editions)
        yield f"cchc_excel/_data/rules/{folder.name}/form.pickle", as_prepared(sources(folder), form)
    for file in (WORDING / "vi.yaml", WORDING / "en.yaml"):
        yield f"cchc_excel/wording/{file.stem}.pickle", as_prepared([file], plain(file))
