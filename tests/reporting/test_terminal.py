"""The table on the terminal: each proposal in full once; as much beside it as there is room for."""

from __future__ import annotations

import pytest
from command_line import Cchc
from places import EXAMPLES, PRINTED

SWAPPED = EXAMPLES / "huyen_vi_du" / "nop" / "BC CCHC xa Ngoc Luong.xlsx"


def joined(text: str) -> str:
    return " ".join(text.split())


def test_a_proposal_that_puts_several_findings_right_is_told_in_full_once(cchc: Cchc) -> None:
    _, out, _ = cchc("validate", SWAPPED)
    assert out.count("có lẽ số liệu của hai dòng liền nhau") == 1
    assert out.count("Xem đề xuất ở ô D53 (A02).") == 3
    assert out.count("Ít nhất 2 ô ghi sai") == 1
    assert "Ô nghi ghi sai: xem ở ô D53 (A02)." in out


def test_a_narrow_terminal_gets_the_figures_on_a_line_of_their_own(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc_excel.reporting.terminal.WIDTH_OF_A_PIPE", 80)
    _, out, _ = cchc("validate", SWAPPED)
    assert "Đã ghi: 118 · Đối chiếu: 113" in out
    assert max(map(len, out.splitlines())) <= 80


def test_what_the_printed_form_itself_has_is_told_once_in_a_run(cchc: Cchc) -> None:
    _, alone, _ = cchc("validate", PRINTED)
    _, out, _ = cchc("validate", PRINTED, SWAPPED)
    assert (alone.count("S27 "), out.count("S27 "), out.count("S22 ")) == (1, 1, 1)
