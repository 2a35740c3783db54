"""The example district against a plain script: openpyxl, csv and dictionaries, and nothing of the program's own code.

It is told which files count and what each row of the form is (`form.yaml` as data); it takes the rows of a file in the
order in which every file prints them, and of a cell the number that stands at its beginning.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import yaml

ROOT = Path(__file__).parents[2]
DISTRICT = ROOT / "examples" / "huyen_vi_du"
ROWS: Sequence[Mapping[str, Any]] = yaml.safe_load((ROOT / "rules" / "cchc_xa_quy" / "form.yaml").read_text("utf-8"))[
    "indicators"
]
EXPECTED = 21  # units in the roster
DO_NOT_COUNT = {
    "Bieu thong ke quy I 2023 - xã Yên Mỹ.xlsx": "there is a corrected version",
    "BieuThongKe_AnBinh (1).xlsx": "empty",
    "Long Son - bieu TK CCHC Q1 2023 - Copy.xlsx": "cut off",
    "BC CCHC Q1 xã Nam Cường.xlsx": "another quarter",
    "BC CCHC Q1-2023 xa Thanh Van.xlsx": "not of the district",
    "Lich tiep cong dan quy I.xlsx": "another form",
    "~$04-BC-UBND Xuan Loc.xlsx": "a lock file",
}
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
Cells = Sequence[object]
Figure = Fraction | str


def lines_of(path: Path) -> Iterator[Cells]:
    """The first five cells of each row."""
    if path.suffix == ".csv":
        for line in csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";"):
            yield [cell.replace(",", ".") if re.fullmatch(r"\d+,\d+", cell) else cell for cell in line]
    elif path.suffix == ".ods":
        with zipfile.ZipFile(path) as package:
            content = ElementTree.fromstring(package.read("content.xml"))
        for row in content.iter(f"{TABLE}table-row"):
            yield [it.get(f"{OFFICE}value", "".join(it.itertext())) for it in row.iter(f"{TABLE}table-cell")]
    else:
        book = openpyxl.load_workbook(path, data_only=True)
        yield from max((list(sheet.iter_rows(max_col=5, values_only=True)) for sheet in book), key=_filled)


def _filled(lines: Sequence[Cells]) -> int:
    return sum("Công tác chỉ đạo" in str(cells[1]) for cells in lines if len(cells) > 1)


def figures_in(path: Path) -> dict[str, Figure]:
    """By id what stands in each row that takes a value."""
    lines = list(lines_of(path))
    first = next(at for at, cells in enumerate(lines) if "Công tác chỉ đạo" in str(cells[1:2]))
    figures = {}
    for row, cells in zip(ROWS, lines[first:], strict=False):
        value = _read(cells[3], row) if row["kind"] != "heading" else None
        if value is not None:
            figures[str(row["id"])] = value
    return figures


def _read(cell: object, row: Mapping[str, Any]) -> Figure | None:
    text = str("" if cell is None else cell).strip()
    if row["kind"] in {"yes_no", "choice"}:
        return text if text and not text.isdigit() else None
    found = re.match(r"\d+([.,]\d+)?", text)
    if found is None:
        return None
    number = Fraction(found[0].replace(",", "."))
    is_count = row["kind"] != "percent"
    return None if is_count and number.denominator != 1 else number  # 1.012 is no number of documents


@cache
def units() -> tuple[dict[str, Figure], ...]:
    paths = sorted((DISTRICT / "nop").iterdir())
    assert {it.name for it in paths} > DO_NOT_COUNT.keys()
    return tuple(figures_in(it) for it in paths if it.name not in DO_NOT_COUNT)


def plainly_merged(row: Mapping[str, Any]) -> Fraction | None:
    key = str(row["id"])
    numbers = [{name: it for name, it in unit.items() if isinstance(it, Fraction)} for unit in units()]
    given = [unit[key] for unit in numbers if key in unit]
    match row.get("merge"):
        case _ if row.get("reported_by"):
            return None  # the district's own, which none of them reports
        case "sum":
            return sum(given, Fraction(0)) if given else None
        case "same":
            return Counter(given).most_common(1)[0][0] if given else None
        case "max":
            return max(given, default=None)
        case "rate":
            part, whole = (plainly_merged(_row(str(row[it]))) for it in ("part", "whole"))
            return 100 * part / whole if part is not None and whole else None
        case "weighted":
            weighted = [unit for unit in numbers if key in unit]
            if not all(str(row["weight"]) in unit for unit in weighted):
                return None
            pairs = [(unit[key], unit[str(row["weight"])]) for unit in weighted]
            return sum((share * base for share, base in pairs), Fraction(0)) / sum(base for _, base in pairs)
    return None


def _row(key: str) -> Mapping[str, Any]:
    return next(row for row in ROWS if str(row["id"]) == key)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Cells]:
    """By id what the form's own sheet of the district workbook shows from its value on."""
    import subprocess
    import sys

    output = tmp_path_factory.mktemp("district") / "TongHop.xlsx"
    roster = ["--roster", str(DISTRICT / "danh_sach.csv"), "--as-reported"]
    command = [sys.executable, "-m", "cchc_excel", "consolidate", str(DISTRICT / "nop"), "-o", str(output), *roster]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheet = openpyxl.load_workbook(output, data_only=True)["BieuThongKe"]
    lines = list(sheet.iter_rows(min_row=8, max_row=7 + len(ROWS), min_col=2, max_col=7, values_only=True))
    assert [cells[0] for cells in lines] == [" ".join(row["label"].split()) for row in ROWS]
    return {str(row["id"]): cells[2:] for row, cells in zip(ROWS, lines, strict=True)}


def test_the_script_is_tried_on_every_way_of_merging_and_on_nineteen_units() -> None:
    assert len(units()) == 19
    assert all(len(it) > 60 for it in units())
    ways = {row.get("merge") for row in ROWS if row["kind"] != "heading" and not row.get("reported_by")}
    assert ways == {"sum", "same", "max", "rate", "weighted", "tally", None}


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] != "heading"], ids=lambda row: str(row["id"]))
def test_the_figure_of_the_district_is_that_of_the_script(row: Mapping[str, Any], shown: Mapping[str, Cells]) -> None:
    value, expected = shown[str(row["id"])][0], plainly_merged(row)
    if expected is None:
        assert value in {None, ""}
    else:
        tolerance = Fraction(1, 200) if row.get("merge") == "rate" else Fraction(1, 10**9)
        assert isinstance(value, int | float)
        assert abs(Fraction(value) - expected) <= tolerance + Fraction(1, 10**9)


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] != "heading"], ids=lambda row: str(row["id"]))
def test_so_is_the_number_of_units_that_gave_it(row: Mapping[str, Any], shown: Mapping[str, Cells]) -> None:
    key = str(row["id"])
    needs = [str(row["part"]), str(row["whole"])] if row.get("merge") == "rate" else [key]
    count = sum(all(it in unit for it in needs) for unit in units())
    assert shown[key][2] == ("0/1" if row.get("reported_by") else f"{count}/{EXPECTED}")


@pytest.mark.parametrize("key", [str(row["id"]) for row in ROWS if row.get("merge") == "tally"])
def test_so_is_who_answered_what(key: str, shown: Mapping[str, Cells]) -> None:
    answers = Counter(str(it[key]) for it in units() if key in it)
    said = dict(it.rsplit(": ", 1) for it in str(shown[key][1]).split("; "))
    assert said == {answer: str(count) for answer, count in answers.items()}
    assert len(said) > 1
