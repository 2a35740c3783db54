"""What was parsed in advance is what the YAML says, and nothing shipped is missing from it."""

from __future__ import annotations

import pytest

from cchc_excel.form import parsed
from cchc_excel.form.lines import Mistakes, load, load_yaml

WORDING, FORM = parsed.shipped_texts()


@pytest.mark.parametrize("text", FORM, ids=["checks", "form"])
def test_a_shipped_form_is_parsed_in_advance_just_as_its_yaml_reads(text: str) -> None:
    assert parsed.with_lines(text) is not None
    assert load(text, Mistakes("")) == load_yaml(text, Mistakes(""))


@pytest.mark.parametrize("text", WORDING, ids=["en", "vi", "template"])
def test_the_wording_is_parsed_in_advance_just_as_its_yaml_reads(text: str) -> None:
    assert parsed._key(text) in parsed._parsed()["plain"]
    assert parsed.plain(text) == parsed._plain_yaml(text)


def test_a_text_changed_by_one_letter_is_read_anew() -> None:
    changed = FORM[1].replace("Số văn bản chỉ đạo", "Số văn bản lãnh đạo")
    assert parsed.with_lines(changed) is None
    assert load(changed, Mistakes("")) != load(FORM[1], Mistakes(""))
