"""Files called after units: names that every system takes, each once."""

from __future__ import annotations

import pytest

from cchc_excel.commands.file_names import file_stems


@pytest.mark.parametrize(
    ("unit", "stem"),
    [
        ("UBND xã Yên Mỹ", "UBND xã Yên Mỹ"),
        ("UBND xã A/B: <nháp>?", "UBND xã A B   nháp"),
        ("Trung tâm PVHCC.", "Trung tâm PVHCC"),
        ("com1", "_com1"),
        ("NUL.cũ", "_NUL.cũ"),
        ("...", "Bieu"),
        ("", "Bieu"),
    ],
)
def test_a_file_is_called_after_its_unit_as_far_as_every_system_takes_the_name(unit: str, stem: str) -> None:
    assert list(file_stems([unit], "Bieu")) == [stem]


def test_units_whose_names_differ_in_capitals_alone_get_files_of_their_own() -> None:
    assert list(file_stems(["Xã Yên", "XÃ YÊN", "xã yên"], "Bieu")) == ["Xã Yên", "XÃ YÊN (2)", "xã yên (3)"]


def test_a_name_that_is_taken_already_is_given_to_nobody() -> None:
    assert list(file_stems(["Tổng hợp"], "Bieu", taken=["Tổng Hợp"])) == ["Tổng hợp (2)"]


def test_a_long_name_is_cut_between_letters_to_what_a_file_system_takes() -> None:
    (stem,) = file_stems(["ễ" * 200], "Bieu")
    assert stem == "ễ" * 66
