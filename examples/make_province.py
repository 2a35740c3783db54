"""Make the example province: communes of today, one of which sent months, an office, and a report of before the merger.

    python examples/make_province.py

In:     province.yaml beside this file, and the shipped forms.
Out:    tinh_vi_du/: what came in, the list of units, an earlier report; the same bytes every time.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import yaml
from district_workbooks import MARK, Sheet, as_xlsx, figures_of

from cchc_excel.form import Form, edition_for, form_asked_for
from cchc_excel.form.period import Period

HERE = Path(__file__).parent
FOLDER = HERE / "tinh_vi_du"
COLUMNS = ("Mã", "Tên đơn vị", "Từ ngày", "Đơn vị trước đây", "Điện thoại")
README = """# Tỉnh ví dụ

Số liệu mô phỏng, do `python examples/make_province.py` tạo ra. Từ 1/7/2025 không còn cấp huyện: xã, phường,
đặc khu và một sở báo cáo lên tỉnh. `UBND xã Bãi Ngang` gửi ba biểu tháng thay cho biểu quý; `ky_truoc/` có
biểu của một xã trước khi sáp nhập.

    cchc consolidate examples/tinh_vi_du/nop -o TongHop.xlsx --period 2025-Q3 --unit "UBND tỉnh Ví Dụ" \\
        --roster examples/tinh_vi_du/danh_sach.csv --previous examples/tinh_vi_du/ky_truoc
"""


def province() -> dict[str, Any]:
    """What province.yaml says."""
    found: dict[str, Any] = yaml.safe_load((HERE / "province.yaml").read_text("utf-8"))
    return found


def examples() -> dict[str, bytes]:
    """Every file of the folder by its path in it."""
    told = province()
    files = {"README.md": README.encode(), "danh_sach.csv": roster(told).encode("utf-8-sig")}
    for unit in told["units"]:
        for at, period in enumerate(unit.get("months", [told["period"]])):
            files[f"nop/{_file(unit['name'], period)}"] = workbook(told, unit["name"], period, {"1.2.2": 9 + at})
    for unit in told["earlier"]:
        files[f"ky_truoc/{_file(unit['name'], unit['period'])}"] = workbook(told, unit["name"], unit["period"], {})
    return files


def _file(name: str, period: str) -> str:
    return f"{name.removeprefix('UBND ')} {period}.xlsx"


def workbook(told: Mapping[str, Any], unit: str, period: str, pinned: Mapping[str, int]) -> bytes:
    """The form of the period as this unit typed it."""
    asked = Period.parse(period)
    form = _as_printed_now(edition_for(form_asked_for(""), asked))
    figures = figures_of(form, f"{told['seed']} {unit}", period, told["same"], {**told["plan"], **pinned})
    values = {key: value for key, value in figures.items() if key in form.by_id}
    day = date(asked.year, asked.last_month, Random(f"{told['seed']} {unit}").randint(15, 20))
    sign = "BC-UBND" if unit.startswith("UBND") else "BC-SNV"
    sheet = Sheet(form, unit, period, f"{day.day}/{sign}", day, values, {"1.1": MARK})
    return as_xlsx(sheet, "Biểu thống kê")


def _as_printed_now(form: Form) -> Form:
    """The form without the printing of before in the rows that spoke of the district."""
    rows = (
        replace(row, printed=row.printed._replace(label=None)) if row.id == "1.4" else row for row in form.indicators
    )
    return replace(form, indicators=tuple(rows))


def roster(told: Mapping[str, Any]) -> str:
    """The list of units that must report, with a column that no report needs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=",", lineterminator="\n")
    writer.writerows([COLUMNS, *_units(told)])
    return text.getvalue()


def _units(told: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for unit in told["units"]:
        yield unit["code"], unit["name"], unit.get("from", ""), "; ".join(unit.get("before", ())), "0900000000"


def write(folder: Path) -> None:
    """Write the folder anew; what stood in it is gone."""
    if folder.exists():
        shutil.rmtree(folder)
    for path, data in examples().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


if __name__ == "__main__":
    write(FOLDER)
    print(FOLDER)
