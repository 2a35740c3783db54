"""A report with photographs is corrected: what nobody looks into is copied as it is packed."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from places import TYPED

from cchc_excel.errors import DamagedWorkbook, WorkbookTooLarge
from cchc_excel.excel.limits import UNPACKED
from cchc_excel.excel.patching import CellChange, patch
from cchc_excel.excel.patching.compare import differences
from cchc_excel.excel.patching.original import Original

_MIB = 2**20


def photo(seed: int, size: int = 3 * _MIB) -> bytes:
    return random.Random(seed).randbytes(size // 4) + bytes(size - size // 4)


def with_photos(count: int, size: int = 3 * _MIB) -> bytes:
    buffer = io.BytesIO(TYPED.read_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for number in range(count):
            package.writestr(f"xl/media/image{number}.png", photo(number, size))
    return buffer.getvalue()


def media(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if "media" in name}


def test_a_report_with_thirty_photos_is_corrected_and_the_photos_are_the_same(tmp_path: Path, cchc: Cchc) -> None:
    sent = with_photos(30)
    (tmp_path / "bieu.xlsx").write_bytes(sent)
    assert cchc("correct", tmp_path / "bieu.xlsx", "-o", tmp_path / "ra")[0] in {0, 1}
    corrected = (tmp_path / "ra" / "bieu.xlsx").read_bytes()
    assert media(corrected) == media(sent)
    assert openpyxl.load_workbook(io.BytesIO(corrected)).worksheets[0]["D10"].value == 28.57


def test_what_is_copied_is_whole_and_comes_to_no_more_than_an_archive_may() -> None:
    sent = bytearray(with_photos(1))
    at = sent.index(photo(0)[:100])
    sent[at] ^= 1
    with pytest.raises(DamagedWorkbook):
        patch(bytes(sent), [CellChange("BieuThongKe", 10, 4, number="1")])
    with pytest.raises(WorkbookTooLarge):
        patch(with_photos(3, UNPACKED // 3 + _MIB), [CellChange("BieuThongKe", 10, 4, number="1")])


def test_a_photo_that_is_another_one_or_gone_is_seen_by_the_comparison() -> None:
    original = Original(with_photos(2))
    copied = {info.filename: original.package.packed(info) for info in original.copied()}
    photos = {name for name in copied if name.startswith("xl/media/")}  # the sheet of checks is as large
    assert photos == {"xl/media/image0.png", "xl/media/image1.png"}
    before = original.contents()
    assert differences(before, original.data, (), copied)[:3] == (frozenset(), frozenset(), frozenset())
    assert differences(before, with_photos(1), (), copied).removed == {"xl/media/image1.png"}
    swapped = {
        **copied,
        "xl/media/image0.png": copied["xl/media/image1.png"],
        "xl/media/image1.png": copied["xl/media/image0.png"],
    }
    assert differences(before, original.data, (), swapped).changed == photos
