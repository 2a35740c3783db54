"""A district's workbook one level up: what its units could not agree on is no blank, and it must say whose it is."""

from __future__ import annotations

import pytest
from communes import FORM, arrived, communes, consistent, workbook_of

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.errors import NothingToConsolidate
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.wording import words

COMMON = ("3.1.1", "3.1.2", "3.1.3", "3.2.1", "3.2.2", "3.2.3")


def district(*files: Arrived, unit: str) -> bytes:
    return workbook_of(consolidate(files, FORM, Choices(unit=unit)))


def with_list(number: int) -> Arrived:
    """A commune whose figures of the common list are this number more than usual."""
    figures = consistent(0)
    own = {key: int(figures[key]) + number for key in COMMON}
    return arrived(f"{number}.xlsx", {**figures, **own}, f"UBND xã Thứ {'ABC'[number]}")


def test_a_row_that_is_blank_because_the_units_differ_is_no_missing_figure_one_level_up() -> None:
    data = district(with_list(0), with_list(1), unit="UBND huyện Ví Dụ")
    findings = examine(Source("h.xlsx", data), FORM).findings
    assert [it for it in findings if it.code == "C01"] == []


def test_a_row_that_was_emptied_by_hand_is_missing() -> None:
    from io import BytesIO

    import openpyxl
    from communes import NUMBERED

    book = openpyxl.load_workbook(BytesIO(district(*communes(2), unit="UBND huyện Ví Dụ")))
    book["BieuThongKe"].cell(NUMBERED["3.1.1"], 4).value = None
    buffer = BytesIO()
    book.save(buffer)
    found = examine(Source("h.xlsx", buffer.getvalue()), FORM).findings
    assert {"U06", "C01"} & {it.code for it in found if "3.1.1" in it.indicators}


def test_a_merged_workbook_without_a_name_is_not_taken_for_one_of_its_communes() -> None:
    submission = examine(Source("h.xlsx", district(*communes(2), unit="")), FORM).submission
    assert submission is not None
    assert submission.unit is None


def test_a_province_says_that_a_district_s_workbook_names_no_unit() -> None:
    unnamed = Arrived(Source("h.xlsx", district(*communes(2), unit="")))
    with pytest.raises(NothingToConsolidate) as refused:
        consolidate([unnamed], FORM, Choices(unit="UBND tỉnh Ví Dụ"))
    says, do = words("vi").error(refused.value)
    assert says == "Không có biểu nào tổng hợp được: h.xlsx. Cụ thể: 1 biểu chưa ghi tên đơn vị."
    assert do == "Với biểu chưa ghi tên đơn vị: ghi vào phần đầu biểu (bản tổng hợp: tổng hợp lại với --unit)."
