"""Patterns that are compiled when they are first used.

A file made of the template needs a third of the patterns for what people write. To compile all of them at the start
took a tenth of the time in which such a file is checked. `re` keeps what it has compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cchc_excel.vietnamese.text import strip_accents

__all__ = ["Accented", "Pattern"]


class Pattern(NamedTuple):
    """A regular expression and its flags, with the methods of a compiled one."""

    expression: str
    flags: int = 0

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self._compiled().search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self._compiled().match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._compiled().fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled().finditer(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self._compiled().sub(by, text)

    def split(self, text: str) -> list[str]:
        return [piece or "" for piece in self._compiled().split(text)]

    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.expression, self.flags)


class Accented(NamedTuple):
    """A pattern of Vietnamese words, and the same for a text that has lost all accents."""

    whole: Pattern
    bare: Pattern

    @classmethod
    def of(cls, expression: str, flags: int = 0) -> Accented:
        return cls(Pattern(expression, flags), Pattern(strip_accents(expression), flags))

    def of_text(self, text: str) -> Pattern:
        """The pattern for a text: one without any accent may have lost them."""
        return self.bare if text.isascii() else self.whole

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self.of_text(text).search(text, start)
