"""Comments on cells are read as far as a file tells them, and a file is never refused for their sake."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from packages import PACKAGE, RELATION, workbook, worksheet

from cchc_excel.excel.ooxml import read_workbook
from cchc_excel.excel.opening.read_xls import _comments

SHEET = worksheet('<row r="2"><c r="D2"><v>882</v></c></row>')
THREADED = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
LEGACY = f"{RELATION}/comments"
AUTHORS = "<authors><author>Văn thư</author></authors>"


def comments(**parts: str) -> dict[tuple[int, int], str]:
    """What is read of a sheet with these comments parts: `legacy`, `threaded`."""
    kinds = {"legacy": LEGACY, "threaded": THREADED}
    links = "".join(
        f'<Relationship Id="r{name}" Type="{kinds[name]}" Target="../{name}.xml"/>' for name in sorted(parts)
    )
    more = {f"xl/{name}.xml": text for name, text in parts.items() if text}
    more["xl/worksheets/_rels/sheet1.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'
    grid = read_workbook(workbook(SHEET, more=more))
    assert grid.sheets[0].rows[2][4].value == 882
    return dict(grid.sheets[0].comments)


def legacy(*texts: tuple[str, str]) -> str:
    listed = "".join(f'<comment ref="{cell}" authorId="0"><text>{text}</text></comment>' for cell, text in texts)
    return f"<comments>{AUTHORS}<commentList>{listed}</commentList></comments>"


def threaded(*texts: tuple[str, str]) -> str:
    listed = "".join(f'<threadedComment ref="{cell}"><text>{text}</text></threadedComment>' for cell, text in texts)
    return f"<ThreadedComments>{listed}</ThreadedComments>"


def test_the_runs_of_a_comment_are_joined_and_its_author_is_left_out() -> None:
    runs = "<r><t>Văn thư:</t></r><r><t>\nĐúng là </t></r><r><t>890</t></r>"
    assert comments(legacy=legacy(("D2", runs), ("AB10", "<t>Xem: lại</t>"))) == {
        (2, 4): "Đúng là 890",
        (10, 28): "Xem: lại",
    }


def test_of_a_thread_all_is_read_and_not_the_text_about_excel_s_version() -> None:
    version = "<t>[Threaded comment] Your version of Excel …</t>"
    parts = {"legacy": legacy(("D2", version), ("D3", "<t>cũ</t>")), "threaded": threaded(("D2", "Sai"), ("D2", "890"))}
    assert comments(**parts) == {(2, 4): "Sai\n890", (3, 4): "cũ"}


@pytest.mark.parametrize(
    "part", ["", "<comments", "<!DOCTYPE x><comments/>", "<comments><comment ref='?'/></comments>"]
)
def test_comments_that_cannot_be_read_are_none(part: str) -> None:
    assert comments(legacy=part) == {}


def test_comments_of_openpyxl_are_read() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["D2"].comment = Comment("Đúng là 890", "Văn thư")
    book.worksheets[0]["D2"] = 882
    written = io.BytesIO()
    book.save(written)
    assert read_workbook(written.getvalue()).sheets[0].comments == {(2, 4): "Đúng là 890"}


def test_comments_of_an_xls_are_by_row_and_column_from_one() -> None:
    notes = {(1, 3): SimpleNamespace(text="Văn thư:\nĐúng là 890", author="Văn thư")}
    sheet: Any = SimpleNamespace(cell_note_map=notes)
    assert _comments(sheet) == {(2, 4): "Đúng là 890"}
