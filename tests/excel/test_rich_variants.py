"""The rich workbook as other programs would have written it: the same figures are put right, and nothing else."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from corrections import corrected_copy, rich, rich_once
from packages import MAIN, RELATION, STRICT, STRICT_RELATION, parts, zipped
from rich_workbook import FORM_SHEET
from validator import audit

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.ooxml.package import part_key

TYPES = "[Content_Types].xml"
REWRITTEN = ("xl/workbook.xml", "xl/styles.xml", FORM_SHEET)


def contents(data: bytes) -> list[dict[tuple[int, int], tuple[object, str | None]]]:
    return [
        {(row, at): (cell.value, cell.formula) for row, cells in sheet.rows.items() for at, cell in cells.items()}
        for sheet in read_workbook(data).sheets
    ]


def rewritten(edit: Callable[[str, str], str | bytes], *names: str) -> bytes:
    """The rich workbook with these parts (all XML, if none is named) written another way."""
    return zipped(
        {
            name: edit(name, data.decode("utf-8"))
            if (name in names if names else name.endswith((".xml", ".rels")))
            else data
            for name, data in parts(rich()).items()
        }
    )


def renamed(spelling: Callable[[str], str]) -> bytes:
    return zipped({spelling(name): data for name, data in parts(rich()).items()})


def in_utf_16(_: str, text: str) -> bytes:
    return re.sub('encoding="[^"]*"', 'encoding="UTF-16"', text, count=1).encode("utf-16")


def with_absolute_targets(name: str, text: str) -> str:
    folder = posixpath.dirname(posixpath.dirname(name))

    def absolute(match: re.Match[str]) -> str:
        target = "/" + posixpath.normpath(posixpath.join(folder, match[2]))
        return match[0] if "External" in match[0] else f'{match[1]}"{target}"'

    return re.sub(r'(<Relationship [^>]*Target=)"([^"/][^"]*)"(?! TargetMode)', absolute, text)


def with_a_prefix(_: str, text: str) -> str:
    return re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", r"<\1z:\2", text.replace(f'xmlns="{MAIN}"', f'xmlns:z="{MAIN}"'))


def in_the_strict_namespaces(_: str, text: str) -> str:
    return text.replace(MAIN, STRICT).replace(RELATION, STRICT_RELATION)


def elsewhere(data: bytes) -> bytes:
    """All that stands in `xl` stands in another folder, and only relationships say so."""
    named = {
        name: part.replace(b"xl/", b"so/lieu/") if name in {"_rels/.rels", TYPES} else part
        for name, part in parts(data).items()
    }
    return zipped({re.sub("^xl/", "so/lieu/", name): part for name, part in named.items()})


VARIANTS: dict[str, Callable[[], bytes]] = {
    "UTF-16": lambda: rewritten(in_utf_16),
    "absolute targets": lambda: rewritten(with_absolute_targets),
    "roundabout target": lambda: rewritten(
        lambda _, text: text.replace('"worksheets/sheet1.xml"', '"../xl/./worksheets/../worksheets/Sheet1.XML"'),
        "xl/_rels/workbook.xml.rels",
    ),
    "capitals": lambda: renamed(lambda name: name if name == TYPES or name.endswith(".rels") else name.upper()),
    "leading slashes": lambda: renamed(lambda name: f"/{name}"),
    "another folder": lambda: elsewhere(rich()),
    "windows line ends": lambda: rewritten(lambda _, text: text.replace("><", ">\r\n<"), *REWRITTEN, TYPES),
    "apostrophes": lambda: rewritten(lambda _, text: re.sub('="([^"\']*)"', r"='\1'", text), *REWRITTEN, TYPES),
    "no dimension": lambda: rewritten(lambda _, text: re.sub("<dimension[^>]*>", "", text), FORM_SHEET),
    "prefixes": lambda: rewritten(with_a_prefix, *REWRITTEN),
    "strict": lambda: rewritten(in_the_strict_namespaces),
}


@pytest.mark.parametrize("make", VARIANTS.values(), ids=VARIANTS.keys())
def test_the_rich_workbook_of_another_maker_is_corrected_as_the_first_is(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    before = make()
    done = corrected_copy(before)
    old, new = parts(before), parts(done.data)
    assert before != rich()
    assert contents(done.data) == contents(rich_once().data)
    assert done.recalculated == rich_once().recalculated
    changed = {name for name in old if new[name] != old[name]}
    assert {posixpath.basename(part_key(name)) for name in changed} == {
        "[content_types].xml",
        "workbook.xml.rels",
        "workbook.xml",
        "styles.xml",
        "sheet1.xml",
    }
    assert len(changed) == 5
    assert len(new) == len(old) + 1
    assert audit(done.data, tmp_path / "a.xlsm") <= audit(before, tmp_path / "a.xlsm")


@pytest.mark.parametrize("make", VARIANTS.values(), ids=VARIANTS.keys())
def test_correcting_it_again_changes_nothing_more(make: Callable[[], bytes]) -> None:
    twice = corrected_copy(corrected_copy(make()).data).data
    assert corrected_copy(twice).data == twice
    assert [sheet.name for sheet in read_workbook(twice).sheets].count("Phát hiện") == 1
