"""Small files of every kind that arrives, from which fuzzing starts: made here, the same every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cache

from compound_file import Tree, compound_file
from disorders import DISORDERS, in_order
from packages import zipped
from places import ROOT
from sent_files import KINDS, data_of
from what_harms import letter

from cchc_excel.form import load_form

_DISORDERED = (
    "percent_cell",
    "excel_error",
    "struck_out_digits",
    "raised_footnote",
    "value_cells_merged",
    "hidden_rows",
)
FORM = ROOT / "rules" / "vi_du"
_ROSTER = "Đơn vị;Mã;Hạn nộp\nUBND xã A;01;15/04/2023\nUBND xã B;02;\n".encode()


@cache
def seeds() -> Mapping[str, bytes]:
    """Each kind's name, and one file of it."""
    found = {kind: _form(kind) for kind in KINDS}
    small = b"STT;a;b\n1;2;3\n2;3;4\n"
    attachment: Tree = {"__substg1.0_37010102": small, "__substg1.0_3707001F": "a.csv".encode("utf-16-le")}
    others: Mapping[str, Callable[[], bytes]] = {
        "zip": lambda: zipped({"xa A/a.csv": found["csv"], "b.zip": zipped({"a.xlsx": found["xlsx"]})}),
        "eml": lambda: letter(found["csv"], name="=?UTF-8?B?Qmnhu4N1LmNzdg==?="),
        "msg": lambda: compound_file({"__nameid_version1.0": {"a": b"x"}, "__attach_version1.0_#00000000": attachment}),
        "roster": lambda: _ROSTER,
        "form.yaml": (FORM / "form.yaml").read_bytes,
        "checks.yaml": (FORM / "checks.yaml").read_bytes,
    }
    return {**found, **{name: make() for name, make in others.items()}}


def _form(kind: str) -> bytes:
    """A form as a clerk of a small commune may have sent it: with several disorders."""
    chance = random.Random(kind)
    sent = in_order(chance, load_form())
    for name in _DISORDERED:
        if name in DISORDERS:
            DISORDERS[name](chance, sent)
    return data_of(sent, kind)
