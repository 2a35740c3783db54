"""Make the example district: the workbooks of 20 communes for one quarter, with the mistakes that districts really get.

    python examples/make_district.py

In:     district.yaml beside this file, the specimen, and the standard form.
Out:    the folder huyen_vi_du; the same bytes every time.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import yaml
from district_workbooks import MARK, Figures, Sheet, Value, as_csv, as_ods, as_xlsx, figures_of, other_form

from cchc_excel.form import load_form
from cchc_excel.workbook_form.filled import filled

HERE = Path(__file__).parent
FOLDER = HERE / "huyen_vi_du"
LAST_DAY = date(2023, 3, 9)
COLUMNS = ("Đơn vị", "Mã", "Tên khác", "Email", "Hạn nộp", "Từ ngày", "Đến ngày", "Đơn vị trước đây")
SHEETS = ("Biểu thống kê", "Sheet1", "Bieu CCHC", "Quy")
ROMAN = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}
LOCK_LENGTH = 165  # bytes: Excel's owner file, always
FORM = load_form()


def district() -> dict[str, Any]:
    """What district.yaml says."""
    found: dict[str, Any] = yaml.safe_load((HERE / "district.yaml").read_text("utf-8"))
    return found


def examples() -> dict[str, bytes]:
    """Every file of the folder by its path in it."""
    told = district()
    ways: dict[str, Callable[[Mapping[str, Any]], bytes]] = {
        "specimen": lambda _: (HERE / told["specimen"]).read_bytes(),
        "template": lambda it: _in_template(_sheet(told, it)),
        "csv": lambda it: as_csv(_sheet(told, it)),
        "ods": lambda it: as_ods(_sheet(told, it), SHEETS[0]),
        "xlsx": lambda it: _as_xlsx(told, it),
        "truncated": lambda it: _cut_off(_as_xlsx(told, it)),
        "empty": lambda _: b"",
        "lock": lambda _: lock_file("Van phong"),
        "other_form": lambda _: other_form(),
    }
    earlier = told["earlier"]
    before = {
        f"ky_truoc/{unit.removeprefix('UBND xã ')} - quý IV 2022.xlsx": _as_xlsx(told, {"unit": unit, **earlier})
        for unit in earlier["units"]
    }
    return {
        "README.md": readme(told).encode(),
        "danh_sach.csv": roster(told).encode("utf-8-sig"),
        **before,
        **{f"nop/{it['file']}": ways[it.get("as", "xlsx")](it) for it in told["files"]},
    }


def _sheet(told: Mapping[str, Any], it: Mapping[str, Any]) -> Sheet:
    """The form as this unit typed it."""
    period = it.get("period", told["period"])
    random = Random(f"{told['seed']} {it['unit']}")
    number = it.get("number", f"{random.randint(5, 40)}/BC-UBND")
    day = it.get("day", LAST_DAY.replace(day=random.randint(6, LAST_DAY.day)))
    values: dict[str, Value] = {**_figures(told, it, period), **it.get("typed", {})}
    notes = {"1.1": MARK, **it.get("notes", {})}
    return Sheet(FORM, it.get("heading", it["unit"]), period, number, day, values, notes)


def _figures(told: Mapping[str, Any], it: Mapping[str, Any], period: str) -> Figures:
    seed = f"{told['seed']} {it.get('figures_of', it['unit'])}"
    return figures_of(FORM, seed, period, told["same"], it.get("pinned", {}))


def _as_xlsx(told: Mapping[str, Any], it: Mapping[str, Any]) -> bytes:
    name = Random(f"{told['seed']} {it['unit']}").choice(SHEETS)
    if name == "Quy":  # the period that the sheet is of
        name += f" {ROMAN[it.get('period', told['period'])[-2:]]}"
    return as_xlsx(_sheet(told, it), name)


def _in_template(sheet: Sheet) -> bytes:
    """The form in our own template: totals and percentages are its formulas."""
    typed = {row.id for row in FORM.entries if not row.total_of and row.part is None}
    values = {key: value for key, value in sheet.values.items() if key in typed}
    number = sheet.number.partition("/")[0]
    return filled(FORM, values, unit=sheet.unit, period=sheet.period, notes=sheet.notes, number=number, day=sheet.day)


def _cut_off(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def lock_file(name: str) -> bytes:
    """What Excel writes beside a workbook that is open: the user's name twice, padded with blanks."""
    narrow = bytes([len(name)]) + name.encode("ascii").ljust(54)
    wide = len(name).to_bytes(2, "little") + name.ljust(54).encode("utf-16-le")
    return (narrow + wide)[:LOCK_LENGTH].ljust(LOCK_LENGTH, b" ")


def roster(told: Mapping[str, Any]) -> str:
    """The list of units that must report."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, unit in enumerate(told["units"], start=1):
        also, before = ("; ".join(unit.get(key, ())) for key in ("also", "before"))
        mail = f"vanphong.{unit['mail']}@example.invalid"
        writer.writerow([unit["name"], f"VD{number:02}", also, mail, "", unit.get("from", ""), "", before])
    return text.getvalue()


def readme(told: Mapping[str, Any]) -> str:
    """What is in the folder, and which mistakes were planted where."""
    lines = [_row(it) for it in told["files"] if "mistake" in it]
    clean = [f"`{it['file']}`" for it in told["files"] if "mistake" not in it]
    return (HERE / "district_readme.md").read_text("utf-8").format(rows="\n".join(lines), clean=", ".join(clean))


def _row(it: Mapping[str, Any]) -> str:
    found = (", ".join(_code(*one) for one in it.get(verb, {}).items()) for verb in ("validate", "consolidate"))
    return f"| `{it['file']}` | {it['mistake']} | {' | '.join(found)} |"


def _code(code: str, rows: Sequence[str]) -> str:
    """`A02 (1.2)`, `L08 (1.3.quyet_dinh, explained)`, `S03`."""
    return f"{code} ({', '.join(rows)})" if rows else code


def write(folder: Path) -> None:
    """Write the folder anew, each file with the day on which it came; what stood in it is gone."""
    if folder.exists():
        shutil.rmtree(folder)
    told = district()
    received = {f"nop/{it['file']}": it["received"] for it in told["files"] if "received" in it}
    for path, data in examples().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        day = received.get(path, told["received"])
        seconds = datetime.combine(day, time(12), UTC).timestamp()
        os.utime(folder / path, (seconds, seconds))


if __name__ == "__main__":
    write(FOLDER)
    print(FOLDER)
