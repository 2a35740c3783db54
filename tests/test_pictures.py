"""The pictures of the READMEs: each that is named is there, small, and made by the script that makes them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"!\[([^\]]+)\]\((docs/pictures/[^)]+\.png)\)")
READMES = ("README.md", "README.vi.md")
HEAD, PALETTE = b"\x89PNG\r\n\x1a\n", 3  # the colour type of a picture with a palette
FOUR = {f"docs/pictures/{name}.png" for name in ("template", "findings", "district", "terminal")}


@pytest.mark.parametrize("readme", READMES)
def test_each_readme_shows_the_four_best_things_and_says_what_they_are(readme: str) -> None:
    found = NAMED.findall((ROOT / readme).read_text("utf-8"))
    assert {path for _, path in found} == FOUR
    assert all(title.strip() for title, _ in found)


@pytest.mark.parametrize("path", sorted(FOUR))
def test_a_picture_is_a_small_png_with_a_palette(path: str) -> None:
    data = (ROOT / path).read_bytes()
    assert data.startswith(HEAD)
    assert data[25] == PALETTE
    assert len(data) < 150_000


def test_every_picture_is_made_by_the_script() -> None:
    script = (ROOT / "tools" / "make_pictures.py").read_text("utf-8")
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == {Path(path).name for path in FOUR}
    for path in FOUR:
        assert f'"{Path(path).stem}"' in script
