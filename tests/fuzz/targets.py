"""What a file is put through when it arrives, and what may come of that: a result, or a refusal in our own words."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from seeds import seeds

from cchc_excel.consolidating.roster.load import load_roster
from cchc_excel.corrected_copy import corrected
from cchc_excel.errors import CchcError, FormDefinitionError, UnreadableWorkbook
from cchc_excel.excel.opening import files_in, open_grid
from cchc_excel.excel.opening.kinds import kind_of
from cchc_excel.excel.patching import PatchRefused
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.wording import words

SECONDS = 10.0  # of processor time, for one file
_OWN_READERS = ("ods", "html", "mht", "xml")


class TooSlow(Exception):
    """A file that took longer than any may."""


def arrive(name: str, data: bytes) -> None:
    """Put a file through what happens to it. Raises what nobody expects, TooSlow among them."""
    started = time.process_time()
    if name.endswith(".yaml"):
        _form(name, data)
    elif name == "roster":
        _roster(data)
    else:
        _workbook(data)
    if time.process_time() - started > SECONDS:
        raise TooSlow(f"{name}: {time.process_time() - started:.1f} s")


def _workbook(data: bytes) -> None:
    inside = files_in(data)
    if inside is not None:
        for member in inside:
            member.name.encode("utf-8")  # it can be written
            if member.refused is None:
                _one(member.data)
        return
    _one(data)


def _one(data: bytes) -> None:
    read_in_this_process(data)
    examined = examine(Source("a", data), load_form())
    if examined.submission is None:
        assert examined.findings, "a file is refused with a reason"
    elif examined.kind == "xlsx":
        try:
            corrected(data, examined.findings, examined.submission, load_form(), words("vi"))
        except (UnreadableWorkbook, PatchRefused):
            return


def read_in_this_process(data: bytes) -> None:
    """A reader of ours that runs in a child process may raise nothing there, either: the parent would hide it."""
    kind = kind_of(data)
    if kind is None or kind.name not in _OWN_READERS or len(data) > kind.most:
        return
    from cchc_excel.excel.opening.in_child import answer

    answer(kind.name, data)


def _roster(data: bytes) -> None:
    try:
        load_roster(Source("danh_sach.csv", data))
    except CchcError as error:
        str(error)  # the sentence can be made


def _form(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for part, content in {**seeds(), name: data}.items():
            if part.endswith(".yaml"):
                (Path(folder) / part).write_bytes(content)
        try:
            load_form(folder)
        except FormDefinitionError as error:
            str(error)


def opened(data: bytes) -> None:
    """The shortest way in, for many files a second."""
    read_in_this_process(data)
    try:
        open_grid(data)
    except UnreadableWorkbook:
        return
