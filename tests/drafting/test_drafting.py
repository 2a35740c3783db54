"""A form drafted from a blank sheet: what a person would declare is found, and nothing is invented."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter

from cchc_excel.commands.form import FormFolderOptions, run_form_check, run_form_scaffold, run_form_show
from cchc_excel.commands.refusals import DONE, FAILED, FOUND
from cchc_excel.drafting.audit import Audit
from cchc_excel.drafting.draft import Draft, draft
from cchc_excel.drafting.show import remarks, shown
from cchc_excel.errors import FormNotFound, UnreadableWorkbook
from cchc_excel.form import Form, load_form
from cchc_excel.grid import Source
from cchc_excel.wording import words
from cchc_excel.workbook_form import template

ROOT = Path(__file__).parents[2]
HEAD = ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú")
Row = tuple[str, str, str]
LIBRARY: tuple[Row, ...] = (
    ("1", "Kho sách", ""),
    ("1.1", "Tổng số sách", "Cuốn"),
    ("", "Sách in", "Cuốn"),
    ("", "Sách số", "Cuốn"),
)


def sheet(*rows: Row, head: tuple[str, ...] = HEAD) -> Source:
    """A workbook with these rows (number, label, unit) under a header."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write(0, 0, "BIỂU THỐNG KÊ THƯ VIỆN")
    for column, title in enumerate(head):
        page.write(2, column, title)
    for number, row in enumerate(rows, 3):
        for column, text in enumerate(row):
            page.write_string(number, column, text)
    book.close()
    return Source("a.xlsx", buffer.getvalue())


def loaded(drafted: Draft, tmp_path: Path) -> Form:
    folder = tmp_path / drafted.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "form.yaml").write_text(drafted.text, "utf-8")
    return load_form(folder)


def relations(form: Form) -> set[tuple[int, str, int]]:
    """Every relation by the places of its rows, so that other ids do not matter."""
    place = {row.id: number for number, row in enumerate(form.indicators)}
    found = set()
    for row in form.indicators:
        for kind, others in (
            ("part", (row.part,)), ("whole", (row.whole,)), ("total", row.total_of), ("weight", (row.weight,))
        ):  # fmt: skip
            found |= {(place[row.id], kind, place[other]) for other in others if other}
    return found


BLANKS = {
    "template": ((ROOT / "templates" / "BieuThongKe.xlsx").read_bytes, "cchc_xa_quy"),
    "printed": ((ROOT / "examples" / "BangLang_2023-Q1_inlai.xlsx").read_bytes, "cchc_xa_quy"),
    "of another form": (lambda: template(load_form("vi_du")), "vi_du"),
}


@pytest.mark.parametrize("name", ["template", "printed"])
def test_nine_of_ten_relations_of_the_standard_form_are_found_and_none_is_invented(name: str, tmp_path: Path) -> None:
    data, standard = BLANKS[name]
    drafted, declared = (
        relations(loaded(draft(Source("a.xlsx", data()), "x"), tmp_path)),
        relations(load_form(standard)),
    )
    assert drafted - declared == set()
    assert len(drafted & declared) >= 0.9 * len(declared)


@pytest.mark.parametrize("name", BLANKS)
def test_rows_kinds_numbers_and_answers_are_those_of_the_form(name: str, tmp_path: Path) -> None:
    data, standard = BLANKS[name]
    drafted, declared = loaded(draft(Source("a.xlsx", data()), "x"), tmp_path), load_form(standard)
    assert [row.kind for row in drafted.indicators] == [row.kind for row in declared.indicators]
    assert [set(row.options) for row in drafted.indicators] == [set(row.options) for row in declared.indicators]


def test_another_form_is_drafted_without_inventing_a_relation(tmp_path: Path) -> None:
    drafted = relations(loaded(draft(Source("a.xlsx", template(load_form("vi_du"))), "x"), tmp_path))
    assert drafted <= relations(load_form("vi_du"))
    assert len(drafted) == 8


def test_every_guess_says_why_in_the_text_itself() -> None:
    drafted = draft(
        sheet(("1", "Kho sách", ""), ("1.1", "Tổng số sách", "Cuốn"), ("", "Sách in", "Cuốn"), ("", "Sách số", "Cuốn")),
        "x",
    )
    assert ("1.1", "total_of") in {(guess.indicator, guess.field) for guess in drafted.guesses}
    for guess in drafted.guesses:
        assert guess.because
        assert guess.because in drafted.text


def test_what_stands_after_in_that_case_is_not_all_of_the_whole(tmp_path: Path) -> None:
    rows = (
        ("1", "Kho sách", ""),
        ("1.1", "Tổng số sách", "Cuốn"),
        ("Trong đó", "Sách in", "Cuốn"),
        ("", "Sách số", "Cuốn"),
    )
    assert loaded(draft(sheet(*rows), "x"), tmp_path).by_id["1.1"].total_of == ()


def test_rows_of_another_unit_are_no_parts_of_a_total(tmp_path: Path) -> None:
    rows = (("1", "Kho sách", ""), ("1.1", "Tổng số sách", "Cuốn"), ("", "Số kệ", "Kệ"), ("", "Số phòng", "Phòng"))
    assert loaded(draft(sheet(*rows), "x"), tmp_path).by_id["1.1"].total_of == ()


def test_a_number_that_stands_twice_is_moved_on_and_said(tmp_path: Path) -> None:
    drafted = draft(sheet(("1", "Kho sách", ""), ("1.1", "Số kệ", "Cái"), ("1.1", "Số bàn", "Cái")), "x")
    assert list(loaded(drafted, tmp_path).by_id) == ["1", "1.1", "1.2"]
    assert "số 1.1 đã có" in drafted.text


def test_equal_labels_get_different_ids(tmp_path: Path) -> None:
    form = loaded(draft(sheet(("1", "Kho sách", ""), ("", "Sách in", "Cuốn"), ("", "Sách in", "Cuốn")), "x"), tmp_path)
    assert list(form.by_id) == ["1", "1.sach_in", "1.sach_in_2"]


def test_a_text_that_yaml_would_misread_stays_a_text(tmp_path: Path) -> None:
    label = 'Số "a": {b} # c - [d] & * ! | > % @ `'
    assert (
        loaded(draft(sheet(("1", "Kho sách", ""), ("1.1", label, "Cái: #1")), "x"), tmp_path).by_id["1.1"].label
        == label
    )


def test_two_thousand_rows_are_drafted(tmp_path: Path) -> None:
    rows = [("1", "Kho sách", ""), *((f"1.{n}", f"Chỉ tiêu {n}", "Cái") for n in range(1, 1_900))]
    assert len(loaded(draft(sheet(*rows), "x"), tmp_path).indicators) == 1_900


@pytest.mark.parametrize(
    "source",
    [
        Source("a.xlsx", b""),
        Source("a.xlsx", b"PK\x03\x04"),
        sheet(head=("a", "b")),
        sheet(),
        sheet(("1", "Chỉ có đề mục", "")),
    ],
    ids=["empty", "damaged", "another table", "no rows", "headings only"],
)
def test_what_holds_no_form_is_refused(source: Source) -> None:
    with pytest.raises(UnreadableWorkbook):
        draft(source, "x")


def test_a_table_without_numbers_is_drafted_by_its_labels(tmp_path: Path) -> None:
    form = loaded(draft(sheet(("", "Số sách", "Cuốn"), ("", "Số kệ", "Kệ")), "x"), tmp_path)
    assert [row.label for row in form.indicators] == ["Số sách", "Số kệ"]


# --- the commands


def test_scaffold_check_and_show_go_from_a_sheet_to_a_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank, folder = tmp_path / "a.xlsx", tmp_path / "mau"
    blank.write_bytes(
        sheet(
            ("1", "Kho sách", ""), ("1.1", "Tổng số sách", "Cuốn"), ("", "Sách in", "Cuốn"), ("", "Sách số", "Cuốn")
        ).data
    )
    assert run_form_scaffold(FormFolderOptions(source=blank, output=folder)) == DONE
    assert run_form_check(FormFolderOptions(source=folder, lang="vi")) == DONE
    assert run_form_show(FormFolderOptions(source=folder, lang="en")) == DONE
    assert "[1.1.sach_in] + [1.1.sach]" in capsys.readouterr().out


def test_scaffold_says_what_is_no_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = tmp_path / "a.xlsx"
    blank.write_bytes(b"PK\x03\x04")
    assert run_form_scaffold(FormFolderOptions(source=blank, output=tmp_path / "mau")) == FAILED
    assert "Tệp bị hỏng" in capsys.readouterr().err


def folder_with(tmp_path: Path, *checks: str) -> Path:
    folder = tmp_path / "mau"
    rows = (("1", "Kho sách", ""), ("1.1", "Số sách", "Cuốn"), ("1.2", "Số kệ", "Kệ"))
    loaded(draft(sheet(*rows), "mau"), tmp_path)
    lines = ["checks:"]
    for number, (text, holds, fails) in enumerate((check.split(" | ") for check in checks), 1):
        lines += [
            f"  - code: L0{number}", f'    assert: "{text}"', '    what: "a."', '    why: "a."', '    do: "a."',
            f"    holds_for: {holds}", f"    fails_for: {fails}", '    en: {what: "a.", why: "a.", do: "a."}',
        ]  # fmt: skip
    (folder / "checks.yaml").write_text("\n".join(lines), "utf-8")
    return folder


MORE = "[1.1] > [1.2] | {1.1: 2, 1.2: 1} | {1.1: 1, 1.2: 1}"
LESS = "[1.1] < [1.2] | {1.1: 0, 1.2: 1} | {1.1: 1, 1.2: 1}"
NOT_LESS = "[1.1] >= [1.2] | {1.1: 1, 1.2: 1} | {1.1: 0, 1.2: 1}"


def test_checks_that_contradict_each_other_are_said_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_form_check(FormFolderOptions(source=folder_with(tmp_path, MORE, LESS), lang="vi")) == FOUND
    said = capsys.readouterr().out
    assert "mau/checks.yaml:" in said
    assert "L01, L02 mâu thuẫn" in said


def test_a_check_that_another_implies_is_said(tmp_path: Path) -> None:
    found = list(Audit(load_form(folder_with(tmp_path, MORE, NOT_LESS))).mistakes("checks.yaml"))
    assert [(it.kind, dict(it.facts)["code"]) for it in found] == [("implied", "L02")]


def test_checks_that_say_different_things_are_fine(tmp_path: Path) -> None:
    assert list(Audit(load_form(folder_with(tmp_path, MORE))).mistakes("checks.yaml")) == []


def test_a_folder_with_mistakes_says_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_with(tmp_path, MORE, "[9.9] > 1 | {} | {}", "[1.1] >> 2 | {} | {}")
    assert run_form_check(FormFolderOptions(source=folder, lang="vi")) == FOUND
    assert len(capsys.readouterr().out.splitlines()) >= 2


def test_numbers_that_no_check_compares_are_remarked(tmp_path: Path) -> None:
    form = loaded(
        draft(sheet(("1", "Kho sách", ""), ("1.1", "Sách", "Cuốn"), ("1.2", "Tỷ lệ mượn", "%")), "x"), tmp_path
    )
    said = list(remarks(form, words("vi")))
    assert any("1.2" in line for line in said)
    assert "1.1" in said[-1]


def test_the_standard_form_can_be_shown_in_both_languages() -> None:
    form = load_form()
    assert all(row.id in shown(form, words("vi")) for row in form.indicators)
    assert "100 × [1.2.2] : [1.2.1]" in shown(form, words("en"))


def test_a_sheet_without_a_form_names_the_sheets() -> None:
    with pytest.raises(FormNotFound, match="Sheet1"):
        draft(sheet(head=("a", "b")), "x")
