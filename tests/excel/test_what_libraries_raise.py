"""Whatever a library raises over a bad file, or makes of it, is told in our own words."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO

import pytest
from packages import zipped
from places import TYPED
from sheet_writers import Page, Written, as_ods, as_xls
from what_harms import letter

from cchc_excel.errors import DamagedWorkbook
from cchc_excel.excel.ooxml.number_format import number_format
from cchc_excel.excel.opening import files_in, open_grid
from cchc_excel.excel.opening.packed import Member
from cchc_excel.excel.opening.read_ods import read_ods
from cchc_excel.form import load_form
from cchc_excel.grid import CellError, Range, Source, merged_rows
from cchc_excel.reading import read

CSV = b"STT;a;b\n1;2;3\n"
BEHIND_ALL = 2**64 - 1


def only_member(data: bytes) -> Member:
    inside = files_in(data)
    assert inside is not None
    (member,) = inside
    return member


def with_its_part_behind_the_end(data: bytes, place: int) -> bytes:
    """A package of one part, which its directory says to begin at this byte, in the field for large files."""
    start, end = data.rfind(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    line = bytearray(data[start:end])
    line[42:46] = b"\xff" * 4
    line[30:32] = struct.pack("<H", 12)
    directory = bytes(line) + struct.pack("<HHQ", 1, 8, place)
    return data[:start] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), start, 0)


@pytest.mark.parametrize("place", [2**31, 2**63, BEHIND_ALL])
def test_a_part_that_begins_behind_the_end_of_its_archive_is_damage(place: int) -> None:
    archive = with_its_part_behind_the_end(zipped({"xa.csv": CSV}), place)
    assert zipfile.ZipFile(BytesIO(archive)).infolist()[0].header_offset == place
    member = only_member(archive)
    assert isinstance(member.refused, DamagedWorkbook)


@pytest.mark.parametrize("encoding", ["no-such", "utf-8\u0111", "\ufffdtf-8", "hex", "x" * 300])
def test_an_attachment_whose_name_is_in_no_encoding_that_is_known_is_there_all_the_same(encoding: str) -> None:
    member = only_member(letter(CSV, name=f"=?{encoding}?B?Qmnhu4N1LmNzdg==?="))
    assert member.data.replace(b"\r", b"") == CSV


@pytest.mark.parametrize(
    "name", ["a" * 5_000, '"' + ";" * 200, "a" + "; b=c" * 200], ids=["long", "quoted", "parameters"]
)
def test_a_letter_whose_headers_would_take_minutes_is_damaged(name: str) -> None:
    """`email` looks at the whole header for each semicolon in it."""
    member = only_member(letter(CSV, name=name))
    assert member.refused is not None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_in_an_old_workbook_is_the_error_that_excel_shows(number: float) -> None:
    data = as_xls([Page("Biểu", {(1, 1): Written(1 / 3)})])
    stored = struct.pack("<d", 1 / 3)
    assert data.count(stored) == 1
    (sheet,) = open_grid(data.replace(stored, struct.pack("<d", number))).grid.sheets
    assert sheet.rows[1][1].value == CellError("#NUM!")


def test_a_time_of_more_days_than_a_number_can_count_is_one_too() -> None:
    data = as_ods([Page("Biểu", {(1, 1): Written(5)})])
    parts = {}
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    time = f'office:value-type="time" office:time-value="P{"9" * 400}DT0S"'.encode()
    parts["content.xml"], changed = re.subn(
        rb'office:value-type="float" office:value="[^"]*"', time, parts["content.xml"]
    )
    assert changed == 1
    assert read_ods(zipped(parts)).sheets[0].rows[1][1].value == CellError("#NUM!")


# --- what a file only says of itself


def test_of_a_merge_only_the_rows_that_there_are_are_gone_through() -> None:
    merges = [Range(2, 1, 10**15, 2), Range(5, 1, 6, 2), Range(9, 1, 8, 2), Range(1, 1, 1, 2)]
    assert list(merged_rows(merges, {5: "", 1: "", 7: ""})) == [(merges[0], [5, 7]), (merges[3], [1])]


def test_a_workbook_whose_merges_are_higher_than_any_sheet_is_read_as_without_them() -> None:
    parts = {}
    with zipfile.ZipFile(TYPED) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    high = b'<mergeCell ref="A900:E9999999"/>' * 1000
    parts[name] = re.sub(rb"<mergeCells[^>]*>", lambda found: found[0] + high, parts[name])
    assert high in parts[name]
    assert (
        read(Source("a", zipped(parts)), load_form()).submission
        == read(Source("a", TYPED.read_bytes()), load_form()).submission
    )


def test_no_more_of_a_number_format_is_looked_at_than_excel_takes() -> None:
    zeros = "0" * 100_000
    assert number_format(f"0.0;{zeros};@", -1) == number_format("0.0;0", -1)
    assert number_format(f'{"0" * 200}.{"0" * 20}" đồng"').decimals == 20
