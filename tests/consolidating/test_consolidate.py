"""Consolidating: the figures that a plain script also gives, live in the workbook, and itself a form one level up."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from books import saved
from communes import FORM, NUMBERED, arrived, communes, consistent, values_of, workbook_of
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from cchc_excel.checking import check
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.district.book import district_workbook
from cchc_excel.consolidating.filing import Arrived, kept
from cchc_excel.consolidating.merging import merge
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import RosterUnit, load_roster
from cchc_excel.consolidating.standing import Standing
from cchc_excel.errors import NothingToConsolidate
from cchc_excel.form import Kind, Severity
from cchc_excel.grid import Source
from cchc_excel.merging.way import Bounds
from cchc_excel.pipeline import examine
from cchc_excel.submission import Figure, Period
from cchc_excel.wording import words
from cchc_excel.workbook_form import template

DISTRICT = Path(__file__).parents[2] / "examples" / "huyen_vi_du"
SHEETS = ["BieuThongKe", "Chi tiết", "Phát hiện", "Tình trạng nộp", "So sánh", "Nguồn"]


@cache
def example() -> Outcome:
    files = sorted((DISTRICT / "nop").glob("[!~]*"))
    roster = load_roster(Source("danh_sach.csv", (DISTRICT / "danh_sach.csv").read_bytes()))
    earlier = [Arrived(Source(it.name, it.read_bytes())) for it in sorted((DISTRICT / "ky_truoc").iterdir())]
    choices = Choices(roster=roster, unit="UBND huyện Ví Dụ", corrected=False)
    return consolidate([Arrived(Source(it.name, it.read_bytes())) for it in files], FORM, choices, earlier)


@cache
def example_book() -> bytes:
    return workbook_of(example())


# --- against a plain script


def plainly_merged(files: Sequence[bytes]) -> dict[str, float | None]:
    """openpyxl and a dictionary: the sum of each count, the commonest of the common figures, the rates anew."""
    columns: dict[str, list[float]] = {row.id: [] for row in FORM.entries}
    for data in files:
        sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["BieuThongKe"]
        cells = {(str(row[1].value), row[0].row): row[3].value for row in sheet.iter_rows(min_row=8, max_row=120)}
        for key, number in NUMBERED.items():
            value = next((it for (_, row), it in cells.items() if row == number), None)
            if key in columns and value is not None and re.fullmatch(r"\d+(\.\d+)?", str(value)):
                columns[key].append(float(str(value)))
    merged: dict[str, float | None] = {}
    for row in FORM.entries:
        figures = columns[row.id]
        match row.merge:
            case "sum":
                merged[row.id] = sum(figures) if figures else None
            case "same":
                merged[row.id] = Counter(figures).most_common(1)[0][0] if figures else None
            case "max":
                merged[row.id] = max(figures, default=None)
        if row.merge == "weighted":
            pairs = list(zip(columns[row.id], columns[row.weight or ""], strict=True))
            merged[row.id] = sum(share * base for share, base in pairs) / sum(base for _, base in pairs)
    for row in FORM.entries:
        if row.merge == "rate":
            part, whole = merged[row.part or ""], merged[row.whole or ""]
            merged[row.id] = None if part is None or not whole else float(round(Fraction(100 * part / whole), 2))
    return merged


def test_a_plain_script_gives_the_same_figures() -> None:
    files = [it.source.data for it in communes()]
    shown = values_of(workbook_of(consolidate(communes(), FORM)))
    for key, value in plainly_merged(files).items():
        assert shown[key] == (None if value is None else pytest.approx(value, abs=0.006)), key


def test_the_example_district_gives_the_figures_of_a_plain_script_over_the_units_that_count() -> None:
    outcome = example()
    for place, row in enumerate(FORM.entries):
        if row.merge == "sum" and row.reported_by is None:
            figures = [it.reported[place] for it in outcome.merged.units]
            assert outcome.merged.figures[row.id] == sum(it for it in figures if isinstance(it, int | Fraction))
            assert outcome.merged.aggregates[row.id].units == sum(it is not None for it in figures)


def test_the_cells_of_the_example_say_what_was_merged() -> None:
    shown = values_of(example_book())
    for key, value in example().merged.figures.items():
        assert shown[key] in ({None, ""} if value is None else {float(value)}), key


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same_figures(tmp_path: Path) -> None:
    path = tmp_path / "tong_hop.xlsx"
    with zipfile.ZipFile(io.BytesIO(example_book())) as package, zipfile.ZipFile(path, "w") as without:
        for name in package.namelist():  # without any result beside its formulas
            data = package.read(name)
            without.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data) if "worksheets/s" in name else data)
    done = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out")]
    subprocess.run([*done, str(path)], check=True, capture_output=True, timeout=180)
    assert values_of(path.read_bytes())["1.1"] is None, "what LibreOffice is given holds no result"
    calculated = values_of((tmp_path / "out" / path.name).read_bytes())
    for key, value in example().merged.figures.items():
        if value is None:
            assert calculated[key] in {None, ""}, key
        else:
            assert calculated[key] == pytest.approx(float(value), abs=1e-9), key
    _assert_the_same(example_book(), (tmp_path / "out" / path.name).read_bytes())


def _assert_the_same(stored: bytes, calculated: bytes) -> None:
    """Beside every formula of every sheet stands what it comes to."""
    formulas, cached, anew = (
        openpyxl.load_workbook(io.BytesIO(data), data_only=shown)
        for data, shown in ((stored, False), (stored, True), (calculated, True))
    )
    live = [
        (sheet.title, cell.coordinate)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "TODAY()" not in str(cell.value)  # the list of periods to choose from is today's
    ]
    different = [it for it in live if not _is_same(*(book[it[0]][it[1]].value for book in (cached, anew)))]
    assert different == []
    compared = Counter(title for title, _ in live)
    assert compared["BieuThongKe"] > 75
    assert compared["Chi tiết"] == len(FORM.entries)
    assert compared["So sánh"] > 100


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, abs=1e-9)
    return (one or "") == (other or "")


# --- one level up


def test_a_merged_workbook_is_a_form_of_the_level_above_and_has_no_error() -> None:
    data = workbook_of(consolidate(communes(), FORM, Choices(unit="UBND huyện Ví Dụ")))
    examination = examine(Source("tong_hop.xlsx", data), FORM)
    assert examination.submission is not None
    assert examination.submission.level == "huyen"
    assert examination.submission.unit == "UBND huyện Ví Dụ"
    assert examination.submission.period == Period(2023, "Q1")
    assert [it.code for it in examination.findings if it.severity is Severity.ERROR] == []


@pytest.mark.parametrize("at", [0, 1, 3, 6])
def test_merging_the_merged_workbooks_of_two_parts_is_merging_all(at: int) -> None:
    parts = [part for part in (communes()[:at], communes()[at:]) if part]
    books = [workbook_of(consolidate(part, FORM, Choices(unit=f"UBND huyện {n}"))) for n, part in enumerate(parts)]
    halves = consolidate([Arrived(Source(f"{n}.xlsx", it)) for n, it in enumerate(books)], FORM)
    whole = consolidate(communes(), FORM)
    assert halves.merged.level == "tinh"
    assert halves.merged.figures == whole.merged.figures
    assert halves.merged.aggregates == whole.merged.aggregates


def test_the_order_of_the_files_changes_nothing_but_the_order_of_the_lines() -> None:
    forwards, backwards = consolidate(communes(), FORM), consolidate(communes()[::-1], FORM)
    assert forwards.merged.figures == backwards.merged.figures
    assert workbook_of(forwards) == workbook_of(consolidate(communes(), FORM))


def test_a_merged_figure_that_was_typed_over_is_found_when_the_workbook_comes_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate(communes(), FORM))))
    book["BieuThongKe"].cell(NUMBERED["1.1"], 4).value = 999
    found = examine(Source("a.xlsx", saved(book)), FORM).findings
    assert ("U06", ("1.1",), 999) in [(it.code, it.indicators, it.observed) for it in found]


def test_the_consolidation_of_last_time_in_the_same_folder_is_passed_over() -> None:
    last = Arrived(Source("TongHop.xlsx", workbook_of(consolidate(communes(), FORM))))
    again = consolidate([*communes(), last], FORM)
    assert [it.path for it in again.passed_over] == ["TongHop.xlsx"]
    assert again.merged.figures == consolidate(communes(), FORM).merged.figures


# --- what is taken, and what is left open


def test_a_safe_correction_is_merged_and_the_report_as_it_is_only_when_asked_for() -> None:
    broken = {**consistent(1), "1.4.2": None, "1.4.2.tinh": 2, "1.4.2.huyen": 3, "1.4.1": 9, "1.4.1.tinh": 4}
    broken |= {"1.4.1.huyen": 5, "1.4.3": 0, "1.4.3.tinh": 0, "1.4.3.huyen": 0}
    file = arrived("a.xlsx", {key: it for key, it in broken.items() if it is not None}, "UBND xã A")
    blank = openpyxl.load_workbook(io.BytesIO(file.source.data))
    blank["BieuThongKe"].cell(NUMBERED["1.4.2"], 4).value = None
    file = Arrived(Source("a.xlsx", saved(blank)))
    assert consolidate([file], FORM).merged.figures["1.4.2"] == 5
    assert consolidate([file], FORM, Choices(corrected=False)).merged.figures["1.4.2"] is None


def test_a_blank_is_no_zero_and_leaves_the_sum_open_above() -> None:
    blank = {key: it for key, it in consistent(1).items() if key != "1.1"}
    outcome = consolidate([arrived("a.xlsx", {**consistent(2), "1.1": 5}, "A"), arrived("b.xlsx", blank, "B")], FORM)
    assert outcome.merged.figures["1.1"] == 5
    assert outcome.merged.aggregates["1.1"].units == 1
    assert outcome.merged.bounds["1.1"] == Bounds(5, None)


def test_a_unit_with_errors_is_merged_and_marked_or_left_out() -> None:
    wrong = {**consistent(0), "1.1": -3}
    files = [arrived("sai.xlsx", wrong, "UBND xã Sai"), *communes()[1:4]]
    marked, without = consolidate(files, FORM), consolidate(files, FORM, Choices(exclude_errors=True))
    assert {it.path for it in marked.merged.units} == {"1.xlsx", "2.xlsx", "3.xlsx", "sai.xlsx"}
    assert [it.path for it in without.merged.left_out] == ["sai.xlsx"]
    assert without.merged.figures == consolidate(communes()[1:4], FORM).merged.figures
    assert without.merged.expected == 4


def test_a_calculated_percentage_of_a_unit_that_is_left_out_is_shown_with_two_decimals_too() -> None:
    endless = {**consistent(0), "1.1": -3, "1.2": 100 * 2 / 7}
    files = [arrived("sai.xlsx", endless, "UBND xã Sai"), *communes()[1:4]]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate(files, FORM, Choices(exclude_errors=True)))))
    (left_out,) = [row for row in book["Chi tiết"].iter_rows() if row[1].value == "UBND xã Sai"]
    assert [it.number_format for it in left_out if it.value == pytest.approx(100 * 2 / 7)] == ["0.00"]


def test_a_row_of_the_upper_level_comes_from_its_own_workbook_only() -> None:
    stray = {**consistent(0), "6.1.1": 77}
    own = arrived("huyen.xlsx", {"6.1.1": 2000, "6.1.2": 500, "1.1": 40}, "UBND huyện Ví Dụ")
    files = [arrived("a.xlsx", stray, "UBND xã A"), communes()[1]]
    assert consolidate(files, FORM).merged.figures["6.1.1"] is None
    merged = consolidate(files, FORM, Choices(own=own)).merged
    assert (merged.figures["6.1.1"], merged.figures["6.1"]) == (2000, 25)
    assert merged.figures["1.1"] == consolidate(files, FORM).merged.figures["1.1"]
    assert merged.unit == "UBND huyện Ví Dụ"


def test_answers_are_counted_and_said_beside_the_blank_cell() -> None:
    files = [
        arrived(f"{n}.xlsx", {**consistent(n), "1.6": answer}, f"UBND xã {n}")
        for n, answer in enumerate(["Có", "Không", "Có"])
    ]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate(files, FORM))))
    row = NUMBERED["1.6"]
    assert (book["BieuThongKe"].cell(row, 4).value, book["BieuThongKe"].cell(row, 5).value) == (None, "Có: 2; Không: 1")


def test_findings_are_ranked_by_what_hangs_on_them() -> None:
    ranked = [it for it in example().findings if it.finding.severity is Severity.ERROR]
    assert [it.effect for it in ranked] == sorted((it.effect for it in ranked), reverse=True)
    assert ranked[0].effect > 0
    rates = [it for it in ranked if it.finding.code == "A02" and it.finding.fix is None]
    assert all(it.effect == 0 for it in rates), "a percentage of a unit is recomputed, never merged"


def test_two_periods_are_never_merged() -> None:
    other = arrived("cu.xlsx", consistent(3), "UBND xã Cũ", "2022-Q4")
    outcome = consolidate([*communes()[:2], other], FORM)
    assert outcome.merged.period == Period(2023, "Q1")
    assert "cu.xlsx" not in {it.path for it in outcome.merged.units}
    assert [(it.finding.code, it.filed.path) for it in outcome.findings if it.finding.code == "U08"] == [
        ("U08", "cu.xlsx")
    ]


def test_the_period_asked_for_is_the_one_that_is_merged() -> None:
    other = arrived("cu.xlsx", consistent(3), "UBND xã Cũ", "2022-Q4")
    outcome = consolidate([*communes()[:2], other], FORM, Choices(period=Period(2022, "Q4")))
    assert [it.path for it in outcome.merged.units] == ["cu.xlsx"]


def test_of_nothing_readable_nothing_is_made() -> None:
    with pytest.raises(NothingToConsolidate):
        consolidate([Arrived(Source("hong.xlsx", b"PK\x03\x04")), Arrived(Source("rong.xlsx", b""))], FORM)


# --- the workbook


def test_the_workbook_has_its_six_sheets_and_the_same_bytes_each_run() -> None:
    assert openpyxl.load_workbook(io.BytesIO(example_book())).sheetnames == SHEETS
    assert workbook_of(example()) == example_book()


def test_the_open_xml_validator_finds_nothing(tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit")
    path = tmp_path / "tong_hop.xlsx"
    path.write_bytes(example_book())
    assert [str(error) for error in audit.OpenXmlValidator().validate(str(path)).errors] == []


@pytest.mark.parametrize("count", [1, 310])
def test_it_finds_nothing_in_a_workbook_of_one_unit_nor_of_many(count: int, tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit")
    path = tmp_path / "tong_hop.xlsx"
    path.write_bytes(workbook_of(many_units(count)))
    assert [str(error) for error in audit.OpenXmlValidator().validate(str(path)).errors] == []


def test_the_open_xml_validator_would_find_something(tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit")
    path = tmp_path / "hong.xlsx"
    with zipfile.ZipFile(io.BytesIO(example_book())) as package, zipfile.ZipFile(path, "w") as broken:
        for name in package.namelist():
            data = package.read(name)
            broken.writestr(name, data.replace(b"<autoFilter ", b"<autoFiltre ") if "worksheets/s" in name else data)
    assert [str(error) for error in audit.OpenXmlValidator().validate(str(path)).errors] != []


@cache
def many_units(count: int) -> Outcome:
    """So many units, each with its own name."""
    one = examine(communes()[0].source, FORM)
    base = Arrived(communes()[0].source)
    units = [
        kept(one, base, FORM, corrected=True)._replace(path=f"{n}.xlsx", unit=f"UBND xã Số {n}") for n in range(count)
    ]
    names = {it.path: it.unit or "" for it in units}
    lines = tuple(Standing(it.unit or "", RosterUnit(it.unit or ""), "received", it.path, why="only") for it in units)
    return Outcome(merge(units, FORM, level="huyen", period=Period(2023, "Q1")), tuple(units), lines, (), names=names)


@pytest.mark.parametrize("count", [201, 310])
def test_beyond_two_hundred_units_each_row_still_leads_to_its_file_and_the_sources_to_its_figures(count: int) -> None:
    links = {f"{n}.xlsx": f"nop/{n}.xlsx" for n in range(count)}
    book = openpyxl.load_workbook(io.BytesIO(district_workbook(many_units(count), words("vi"), links.get)))
    details, sources = book["Chi tiết"], book["Nguồn"]
    assert "trang Nguồn" in details["A2"].value
    link = details.cell(7 + count, 2).hyperlink
    assert link is not None
    assert link.target == f"nop\\{count - 1}.xlsx"
    assert {sources.cell(row, 5).value for row in range(5, 5 + count)} == {
        f"BieuThongKe!D{NUMBERED['1.1']}:D{NUMBERED['7.2.5.da_tich_hop']}"
    }


def test_up_to_two_hundred_units_each_figure_leads_to_its_cell() -> None:
    links = {f"{n}.xlsx": f"nop/{n}.xlsx" for n in range(200)}
    data = district_workbook(many_units(200), words("vi"), links.get)
    with zipfile.ZipFile(io.BytesIO(data)) as package:  # openpyxl takes a minute for 17,000 links
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
    assert re.search(rf'<hyperlink ref="E207" r:id="rId\d+" location="BieuThongKe!D{NUMBERED["1.1"]}"', sheet)


def test_figures_are_live_formulas_over_the_details() -> None:
    formulas = values_of(example_book(), calculated=False)
    assert formulas["1.1"] == "=IF(COUNT('Chi tiết'!$E$8:$E$26)=0,\"\",SUM('Chi tiết'!$E$8:$E$26))"
    assert str(formulas["1.2"]).startswith("=IF(AND(ISNUMBER(D")


PRINTED = "ABCDE"  # columns of the printed form; the figures and notes of the district are its own


def test_the_districts_form_is_printed_as_the_template_is() -> None:
    district = openpyxl.load_workbook(io.BytesIO(workbook_of(consolidate(communes(), FORM))))["BieuThongKe"]
    blank = openpyxl.load_workbook(io.BytesIO(template(FORM)))["BieuThongKe"]
    rows = range(1, max(NUMBERED.values()) + 7)
    with_its_note = [row for row in rows if district[f"E{row}"].value == blank[f"E{row}"].value]
    # the template has room for the longest message beside a row, too
    assert [it for it in with_its_note if (_height(district, it) or 0) > (_height(blank, it) or 0)] == []
    for column in PRINTED:
        assert district.column_dimensions[column].width == blank.column_dimensions[column].width
    cells = [f"{column}{row}" for column in "ABC" for row in rows if row not in {1, 5}]  # who reports stands there
    assert [district[cell].value for cell in cells] == [blank[cell].value for cell in cells]
    assert [_style(district[cell]) for cell in cells] == [_style(blank[cell]) for cell in cells]


def _height(sheet: Worksheet, row: int) -> float | None:
    height: float | None = sheet.row_dimensions[row].height
    return height


def _style(cell: Cell) -> tuple[object, ...]:
    return tuple(map(repr, (cell.font, cell.fill, cell.border, cell.alignment)))


def test_a_text_from_a_commune_is_never_a_formula() -> None:
    attack = '=HYPERLINK("http://example.invalid","x")'
    notes = {"1.1": "=cmd|' /C calc'!A0", "1.2": "@SUM(A1)"}
    file = arrived("=1+1.xlsx", {**consistent(0), "1.6": attack}, "=1+1", notes=notes)
    data = workbook_of(consolidate([file, communes()[1]], FORM))
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.match(r"=(IF\(|SUBSTITUTE|IFERROR|\")", str(cell.value)), (sheet.title, cell.coordinate)
    texts = {cell.value for row in book["Phát hiện"].iter_rows() for cell in row if isinstance(cell.value, str)}
    assert any(attack in text for text in texts)
    assert {"U10"} <= {cell.value for cell in book["Phát hiện"]["C"]}


def test_every_finding_leads_to_the_row_of_its_unit() -> None:
    """Of a file that is merged among the details; of one that could not be read where it is told who has reported."""
    book = openpyxl.load_workbook(io.BytesIO(example_book()))
    rows = list(book["Phát hiện"].iter_rows(min_row=5))
    assert len(rows) == len(example().findings) > 10
    merged = {Path(it.path).name for it in example().merged.units}
    for row in rows:
        unit, file = row[3], row[5].value
        assert unit.hyperlink is not None
        sheet, _, target = str(unit.hyperlink.location).rpartition("!")
        assert book[sheet.strip("'")][target].value == unit.value
        assert sheet == ("'Chi tiết'" if file in merged else "'Tình trạng nộp'")


def test_of_three_hundred_files_of_six_units_six_count_and_all_are_sources() -> None:
    files = [Arrived(Source(f"{n}.xlsx", communes()[n % 6].source.data)) for n in range(310)]
    outcome = consolidate(files, FORM)
    assert len(outcome.merged.units) == 6, "one workbook of each unit counts"
    data = workbook_of(outcome)
    sources = openpyxl.load_workbook(io.BytesIO(data))["Nguồn"]
    assert sources.max_row == 4 + 310
    assert values_of(data) == values_of(workbook_of(consolidate(communes(), FORM)))


def test_earlier_periods_are_shown_with_a_sparkline_only_where_they_are_of_the_same_units() -> None:
    (last,) = example().earlier
    assert (str(last.period), last.units, last.same_units) == ("2022-Q4", 4, False)
    before = [arrived(f"{n}.xlsx", consistent(n), f"UBND xã Thứ {'AB'[n]}", "2022-Q4") for n in range(2)]
    same = workbook_of(consolidate(communes(2), FORM, Choices(), before))
    for data, shown in ((example_book(), False), (same, True)):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert (b"sparklineGroup" in package.read("xl/worksheets/sheet5.xml")) is shown


def test_the_tidy_table_has_a_row_for_each_figure_with_its_file_and_cell() -> None:
    from cchc_excel.consolidating.tidy import tidy

    frame = tidy(example())
    entries = list(FORM.entries)
    now = frame[(frame["period"] == "2023-Q1") & frame["merged"]]
    assert len(now) == len(example().merged.units) * len(entries)
    row = frame[(frame["unit"] == "UBND xã Bằng Lăng") & (frame["indicator"] == "1.1")].iloc[0]
    assert (row["value"], row["file"], row["cell"]) == (2, "BangLang_2023-Q1_mau.xlsx", f"D{NUMBERED['1.1']}")
    numbers = [it.id for it in entries if it.kind is not Kind.CHOICE and it.merge == "sum" and it.reported_by is None]
    for key in numbers:
        assert now[now["indicator"] == key]["value"].sum() == float(_number(example().merged.figures[key]))


def _number(value: Figure | None) -> int | Fraction:
    assert isinstance(value, int | Fraction)
    return value


def test_a_consistent_district_has_no_check_that_fails_for_being_merged() -> None:
    """Every check that holds for each of its units, and is not about one unit only, holds for the district."""
    data = workbook_of(consolidate(communes(), FORM))
    submission = examine(Source("a.xlsx", data), FORM).submission
    assert submission is not None
    failing = {it.code for it in check(submission, FORM).findings if it.severity is Severity.ERROR}
    assert failing == set()
