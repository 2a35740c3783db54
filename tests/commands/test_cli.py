"""The command line: what a clerk types and what comes back."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from json_contract import complaints
from places import EXAMPLES, PRINTED, TYPED

from cchc_excel import cli, pipeline
from cchc_excel.commands.consolidate import ConsolidateOptions
from cchc_excel.commands.correct import CorrectOptions
from cchc_excel.commands.options import FormOptions
from cchc_excel.commands.template import TemplateOptions
from cchc_excel.commands.validate import ValidateOptions
from cchc_excel.grid import Source
from cchc_excel.reading import read


def test_findings_at_or_above_the_threshold_make_the_status_1(cchc: Cchc) -> None:
    assert cchc("validate", TYPED)[0] == 1
    assert cchc("validate", TYPED, "--fail-on", "never")[0] == 0
    assert cchc("validate", PRINTED, "--select", "S2", "--fail-on", "warning")[0] == 0
    assert cchc("validate", PRINTED, "--select", "S2", "--fail-on", "info")[0] == 1


def test_select_and_ignore_take_codes_and_families(cchc: Cchc) -> None:
    _, out, _ = cchc("validate", TYPED, "--format", "json", "--select", "A,L", "--ignore", "L28")
    codes = {finding["code"] for finding in json.loads(out)["workbooks"][0]["findings"]}
    assert codes == {"A02", "L01", "L10", "L11"}


def test_json_has_the_shape_of_the_contract(cchc: Cchc) -> None:
    _, out, err = cchc("validate", TYPED, PRINTED, "--format", "json")
    found = json.loads(out)
    assert err == ""
    assert complaints(found) == []
    assert (found["schema"], found["tool"], found["form"]) == (2, "cchc-excel", "cchc_xa_quy")


def test_the_table_groups_findings_by_section_and_sums_up(cchc: Cchc) -> None:
    _, out, _ = cchc("validate", TYPED)
    assert "7. Xây dựng và phát triển chính quyền điện tử" in out
    assert re.search(r"1\.2 Tỷ lệ hoàn thành Kế hoạch CCHC năm .* 2 +28,57 +28,57\n", out)
    assert out.rstrip().splitlines()[-1].startswith("1 tệp · ")


def test_everything_is_there_in_english_too(cchc: Cchc) -> None:
    _, out, _ = cchc("validate", TYPED, "--lang", "en")
    assert re.search(r" 2 +28\.57 +28\.57\n", out)
    status, _, err = cchc("validate", "no.xlsx", "--lang", "en")
    assert status == 2
    assert "no.xlsx" in err


def test_the_page_stands_by_itself_and_escapes_what_came_from_a_workbook(cchc: Cchc, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    cchc("validate", TYPED, "--format", "html", "-o", page, "--unit", "<script>alert(1)</script>")
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not [word for word in ("http://", "https://", "src=", "@import") if word in text]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("validate", "khong-co.xlsx"), "khong-co.xlsx"),
        (("validate", "{folder}"), "không có tệp bảng tính"),
        (("validate", "{text}"), "không phải là tệp bảng tính"),
        (("validate", TYPED, "--form", "{folder}"), "Không có mẫu biểu"),
        (("validate", TYPED, "--period", "quý 1"), "--period"),
        (("validate", TYPED, "--format", "pdf"), "--format"),
        (("validate",), "còn thiếu TỆP"),
        (("explain", "Z99"), "Z99"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_so_and_returns_2(
    cchc: Cchc, tmp_path: Path, arguments: tuple[object, ...], says: str
) -> None:
    folder = tmp_path / "trong"
    folder.mkdir()
    text = tmp_path / "thu.xlsx"
    text.write_text("Kính gửi", "utf-8")
    filled = [str(it).format(folder=folder, text=text) for it in arguments]
    status, out, err = cchc(*filled)
    assert status == 2
    assert says in out + err
    assert "Traceback" not in out + err


def test_one_bad_file_does_not_stop_the_others(cchc: Cchc, tmp_path: Path) -> None:
    bad = tmp_path / "hong.xlsx"
    bad.write_bytes(TYPED.read_bytes()[:5000])
    status, out, _ = cchc("validate", bad, TYPED, "--format", "json")
    found = json.loads(out)
    assert [workbook["readable"] for workbook in found["workbooks"]] == [False, True]
    assert (status, found["summary"]["unreadable"]) == (1, 1)


def test_a_defect_of_the_program_is_one_files_finding_and_no_traceback(
    cchc: Cchc, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = read

    def failing(source: Source, *rest: object) -> object:
        if "inlai" in source.name:
            raise RuntimeError("defect")
        return real(source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "read", failing)
    _, out, err = cchc("validate", PRINTED, TYPED, "--format", "json")
    first, second = json.loads(out)["workbooks"]
    assert ([one["code"] for one in first["findings"]], second["readable"]) == (["S08"], True)
    assert "Traceback" not in out + err
    assert "RuntimeError: defect" in cchc("validate", PRINTED, "--debug")[2]


def test_an_output_that_exists_is_replaced_only_by_force(cchc: Cchc, tmp_path: Path) -> None:
    output = tmp_path / "a.json"
    output.write_text("mine", "utf-8")
    assert cchc("validate", TYPED, "--format", "json", "-o", output)[0] == 2
    assert output.read_text("utf-8") == "mine"
    cchc("validate", TYPED, "--format", "json", "-o", output, "--force")
    assert json.loads(output.read_text("utf-8"))["tool"] == "cchc-excel"


def test_a_workbook_is_never_replaced_by_what_is_said_of_it_not_even_by_force(cchc: Cchc, tmp_path: Path) -> None:
    victim = tmp_path / "a.xlsx"
    before = TYPED.read_bytes()
    victim.write_bytes(before)
    assert cchc("validate", victim, "-o", victim, "--force")[0] == 2
    assert cchc("validate", tmp_path, "-o", victim, "--force")[0] == 2
    assert cchc("validate", TYPED, "--previous", victim, "-o", victim, "--force")[0] == 2
    assert victim.read_bytes() == before


def test_a_folder_is_all_its_workbooks_without_excels_lock_files(cchc: Cchc, tmp_path: Path) -> None:
    for name in ("b.xlsx", "a.xlsx", "~$a.xlsx"):
        (tmp_path / name).write_bytes(TYPED.read_bytes())
    _, out, _ = cchc("validate", tmp_path, "--format", "json")
    assert [Path(it["path"]).name for it in json.loads(out)["workbooks"]] == ["a.xlsx", "b.xlsx"]


def test_explain_prints_what_why_and_what_to_do_with_examples(cchc: Cchc) -> None:
    status, out, _ = cchc("explain", "a02")
    assert status == 0
    for part in ("A02", "Điều được kiểm tra", "Vì sao", "Việc cần làm", "Ví dụ đúng", "Ví dụ sai"):
        assert part in out


def test_template_writes_the_blank_workbook_of_a_unit(cchc: Cchc, tmp_path: Path) -> None:
    output = tmp_path / "moi.xlsx"
    assert cchc("template", "-o", output, "--unit", "UBND xã A", "--period", "2024-H1")[0] == 0
    status, out, _ = cchc("validate", output, "--format", "json")
    workbook = json.loads(out)["workbooks"][0]
    assert (workbook["unit"], workbook["period"]) == ("UBND xã A", "2024-H1")
    assert "C07" in {finding["code"] for finding in workbook["findings"]}
    assert status == 1


@pytest.mark.parametrize("command", ["validate", "explain", "rules", "template"])
def test_the_help_of_every_command_carries_an_example(cchc: Cchc, command: str) -> None:
    status, out, _ = cchc(command, "--help")
    assert status == 0
    assert f"cchc {command}" in out.split("Ví dụ", 1)[1]


def fresh(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )


def test_it_runs_as_a_module_and_speaks_utf8_on_any_console() -> None:
    done = fresh("-m", "cchc_excel", "validate", str(TYPED), "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["workbooks"][0]["unit"] == "UBND xã Bằng Lăng"


HEAVY = (
    *("pandas", "numpy", "openpyxl", "xlsxwriter", "jinja2", "rich", "highspy", "cchc_excel.localise"),
    *("xlrd", "python_calamine", "cchc_excel.excel.opening.in_child", "cchc_excel.excel.opening.separated"),
)
CLEAN = EXAMPLES / "huyen_vi_du" / "nop" / "Cẩm Giang - Quý I.2023.xlsx"


@pytest.mark.parametrize("shown", ["table", "json"])
@pytest.mark.parametrize(
    ("workbook", "came_of_it"),
    [(CLEAN, "0 []"), (TYPED, "1 ['cchc_excel.localise']")],
    ids=["consistent", "with figures that contradict each other"],
)
def test_validate_loads_no_heavy_library_and_the_solver_only_for_a_contradiction(
    workbook: Path, came_of_it: str, shown: str
) -> None:
    script = f"""
import sys
sys.argv = ["cchc", "validate", {str(workbook)!r}, "--format", {shown!r}]
from cchc_excel.cli import main
try:
    main()
except SystemExit as left:
    print(left.code, sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
"""
    assert fresh("-c", script).stderr.strip() == came_of_it


def test_correct_loads_no_library_that_is_slow_to_start(tmp_path: Path) -> None:
    slow = tuple(name for name in HEAVY if name not in {"highspy", "cchc_excel.localise"})
    script = f"""
import sys
sys.argv = ["cchc", "correct", {str(TYPED)!r}, "-o", {str(tmp_path)!r}]
from cchc_excel.cli import main
try:
    main()
except SystemExit as left:
    print(left.code, sorted(set({slow!r}) & set(sys.modules)))
"""
    assert fresh("-c", script).stdout.strip().splitlines()[-1] == "0 []"


COMMANDS = [
    line.split() for line in ("", "form", "validate", "correct", "consolidate", "diff", "explain", "form check")
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_without_its_arguments_says_what_it_needs(command: list[str]) -> None:
    done = fresh("-m", "cchc_excel", *command)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Cách dùng:" in done.stdout if command in ([], ["form"]) else "còn thiếu" in done.stderr


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(("language", "named"), [("vi", "gần giống"), ("en", "nearest")])
def test_a_code_that_there_is_not_is_refused_with_the_nearest_ones(
    cchc: Cchc, option: str, language: str, named: str
) -> None:
    status, out, err = cchc("validate", TYPED, option, "A02,L1Z", "--lang", language)
    assert (status, out) == (2, "")
    assert f"“{option} L1Z”" in err
    assert named in err
    assert "L11" in err


def test_a_family_and_a_code_of_the_form_s_own_are_known(cchc: Cchc) -> None:
    assert cchc("validate", TYPED, "--select", "A,L0", "--fail-on", "never")[0] == 0


def test_an_unknown_code_is_explained_by_the_nearest_ones(cchc: Cchc) -> None:
    status, _, err = cchc("explain", "A20")
    assert status == 2
    assert "A02" in err


# --- options


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("validate", ValidateOptions),
        ("correct", CorrectOptions),
        ("template", TemplateOptions),
        ("consolidate", ConsolidateOptions),
    ],
)
def test_every_parameter_of_a_command_is_an_option_of_the_same_name(command: str, options: type[FormOptions]) -> None:
    parameters = inspect.signature(getattr(cli, command)).parameters
    assert set(parameters) == {field.name for field in fields(options)}


def test_what_a_workbook_states_is_kept_though_another_unit_and_period_are_given(cchc: Cchc) -> None:
    unit, period = stated(cchc, "--unit", "UBND xã Khác", "--period", "2024-Q4")
    assert (unit, period) == ("UBND xã Bằng Lăng", "2023-Q1")


def test_override_puts_the_unit_and_period_given_in_place_of_what_the_workbook_states(cchc: Cchc) -> None:
    unit, period = stated(cchc, "--unit", "UBND xã Khác", "--period", "2024-Q4", "--override")
    assert (unit, period) == ("UBND xã Khác", "2024-Q4")


def stated(cchc: Cchc, *options: str) -> tuple[str, str]:
    """Whose the workbook is, and of which period."""
    _, out, _ = cchc("validate", TYPED, "--format", "json", *options)
    (workbook,) = json.loads(out)["workbooks"]
    return workbook["unit"], workbook["period"]


def test_correcting_takes_override_too(cchc: Cchc, tmp_path: Path) -> None:
    cchc("correct", TYPED, "-o", tmp_path, "--unit", "UBND xã Khác", "--override")
    sheet = openpyxl.load_workbook(tmp_path / TYPED.name)["Phát hiện"]
    assert any("UBND xã Khác" in str(cell.value) for row in sheet.iter_rows() for cell in row)
