"""Thousands of workbooks of one template, each with figures of its own: one real package with a few texts replaced."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination

_ORIGINAL = Path(__file__).parents[2] / "examples" / "huyen_vi_du" / "nop" / "BC CCHC Q1 xã Nam Cường.xlsx"
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_UNIT = "UBND xã Nam Cường"  # in the letterhead in capitals, and in the line under the title
_BLANK_NOTE = re.compile(r'<c r="(E[0-9]+)" s="5"/>')
_DOCUMENTS = '<c r="D7" s="4"><v>7</v></c>'  # indicator 1.1
_SURVEYED = '<c r="D27" s="4"><v>23</v></c>'  # indicator 1.5.1
_DIGITS = ["Không", "Một", "Hai", "Ba", "Bốn", "Lăm", "Sáu", "Bảy", "Tám", "Chín"]


class Template:
    """The package, in which 1.1 and the notes are two shared strings more.

    Nearly all rows are written alike in all workbooks, then, and hold one of two texts.
    """

    def __init__(self) -> None:
        with zipfile.ZipFile(_ORIGINAL) as package:
            self._parts = {info.filename: package.read(info).decode("utf-8") for info in package.infolist()}
        sheet, strings = self._parts[_SHEET], self._parts[_STRINGS]
        assert _DOCUMENTS in sheet
        assert _SURVEYED in sheet
        assert _UNIT in strings
        documents = strings.count("<si>")
        note = documents + 1
        sheet = sheet.replace(_DOCUMENTS, f'<c r="D7" s="4" t="s"><v>{documents}</v></c>')
        self._parts[_SHEET] = _BLANK_NOTE.sub(rf'<c r="\1" s="5" t="s"><v>{note}</v></c>', sheet)

    def workbook(self, number: int) -> Source:
        """The workbook of the unit with this number, which is its figure in 1.5.1."""
        more = f"<si><t>{_documents(number)}</t></si><si><t>{_note(number)}</t></si></sst>"
        strings = self._parts[_STRINGS].replace("</sst>", more)
        strings = strings.replace(_UNIT, _unit(number)).replace(_UNIT.upper(), _unit(number).upper())
        sheet = self._parts[_SHEET].replace(_SURVEYED, f'<c r="D27" s="4"><v>{number}</v></c>')
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            for name, text in (self._parts | {_STRINGS: strings, _SHEET: sheet}).items():
                package.writestr(zipfile.ZipInfo(name), text)
        return Source(f"{number}.xlsx", buffer.getvalue())


def _unit(number: int) -> str:
    return "UBND xã " + " ".join(_DIGITS[int(digit)] for digit in str(number))


def _documents(number: int) -> int:
    return 7 + number % 2


def _note(number: int) -> str:
    return f"Số liệu của {'hai' if number % 2 else 'ba'} phòng"


def is_of(number: int, examination: Examination) -> bool:
    """Whether what was read, and what is said of it, is what stands in the workbook with this number."""
    submission = examination.submission
    if submission is None:
        return False
    own_note = set(submission.notes.values()) - {"Số liệu mô phỏng"}
    typed_as_text = [finding.observed for finding in examination.findings if finding.code == "T01"]
    return (
        submission.unit == _unit(number)
        and submission.values["1.1"] == _documents(number)
        and submission.values["1.5.1"] == number
        and own_note == {_note(number)}
        and typed_as_text == [str(_documents(number))]
    )
