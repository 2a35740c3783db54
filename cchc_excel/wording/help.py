"""The help of the command line in another language than the one in which it stands beside the options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cchc_excel.form import Language
from cchc_excel.form.documents import plain

__all__ = ["translations"]


def translations(language: Language) -> Mapping[str, str]:
    """What each Vietnamese sentence of the help is in the language; nothing for Vietnamese itself."""
    if language == "vi":
        return {}
    texts: Mapping[str, str] = plain(Path(__file__).with_name("help.yaml"))
    return texts
