"""The example district: its files are what the script makes, and in each is found what was planted there, no more."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from packages import parts_of

from cchc_excel.commands.files import sources, workbook_paths
from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import load_roster
from cchc_excel.finding import Finding
from cchc_excel.form import Form, Severity
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.submission import Submission

ROOT = Path(__file__).parents[2]
EXAMPLES, FOLDER = ROOT / "examples", ROOT / "examples" / "huyen_vi_du"

make_district: Any = importlib.import_module("make_district")
TOLD: Mapping[str, Any] = make_district.district()
FILES: Mapping[str, Mapping[str, Any]] = {it["file"]: it for it in TOLD["files"]}
FORMS = [name for name, it in FILES.items() if it.get("as", "xlsx") in {"specimen", "template", "csv", "ods", "xlsx"}]
EARLIER = sorted((FOLDER / "ky_truoc").glob("*.xlsx"))


def source(path: Path) -> Source:
    return Source(path.name, path.read_bytes())


def submission(path: Path, form: Form) -> Submission:
    found = examine(source(path), form).submission
    assert found is not None
    return found


def by_code(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Codes with their rows in order, as district.yaml writes them."""
    found: dict[str, set[str]] = {}
    for one in findings:
        found.setdefault(one.code, set()).update(one.indicators[:1], ["explained"] if one.explained else [])
    return {code: sorted(rows) for code, rows in found.items()}


def above_info(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is not Severity.INFO]


def planted(file: str, verb: str) -> dict[str, list[str]]:
    return {code: sorted(rows) for code, rows in FILES[file].get(verb, {}).items()}


@pytest.fixture(scope="module")
def outcome(form: Form) -> Outcome:
    arrived = [Arrived(Source(Path(it.name).name, it.data)) for it in sources(workbook_paths([FOLDER / "nop"]))]
    return consolidate(arrived, form, Choices(roster=load_roster(source(FOLDER / "danh_sach.csv"))))


# --- the folder


def content_of(path: Path) -> object:
    """The bytes of a file; of a workbook its parts, which releases of XlsxWriter order differently."""
    data = path.read_bytes()
    return parts_of(data) if zipfile.is_zipfile(path) and path.suffix == ".xlsx" else data


def test_the_folder_is_what_the_script_makes(tmp_path: Path) -> None:
    make_district.write(tmp_path / "made")
    made, here = (
        {path.relative_to(folder).as_posix(): content_of(path) for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "made", FOLDER)
    )
    assert made.keys() == here.keys()
    assert [name for name in made if made[name] != here[name]] == [], "python examples/make_district.py"


def test_the_specimen_is_in_it_as_it_is() -> None:
    assert (FOLDER / "nop" / TOLD["specimen"]).read_bytes() == (EXAMPLES / TOLD["specimen"]).read_bytes()


def test_it_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 1_000_000


@pytest.mark.parametrize("name", [name for name in FORMS if FILES[name].get("as") != "specimen"])
def test_every_invented_form_says_so_in_its_notes(name: str, form: Form) -> None:
    assert submission(FOLDER / "nop" / name, form).notes["1.1"] == "Số liệu mô phỏng"


@pytest.mark.parametrize("path", EARLIER, ids=lambda path: path.stem)
def test_so_does_every_earlier_one(path: Path, form: Form) -> None:
    assert submission(path, form).notes["1.1"] == "Số liệu mô phỏng"


def test_every_code_of_the_readme_is_in_the_rule_reference() -> None:
    codes = {code for it in TOLD["files"] for verb in ("validate", "consolidate") for code in it.get(verb, {})}
    reference = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert [code for code in sorted(codes) if f"### {code} " not in reference] == []


# --- what is found in one workbook


@pytest.mark.parametrize("name", [name for name, it in FILES.items() if it.get("as") != "lock"])
def test_in_each_file_is_found_what_was_planted_and_nothing_else(name: str, form: Form) -> None:
    assert by_code(above_info(examine(source(FOLDER / "nop" / name), form).findings)) == planted(name, "validate")


def test_at_least_eight_communes_have_nothing_wrong_in_their_workbook() -> None:
    assert len([name for name in FORMS if "validate" not in FILES[name]]) >= 8


def test_the_lock_file_is_passed_over() -> None:
    seen = {path.name for path in workbook_paths([FOLDER / "nop"])}
    assert seen == {name for name, it in FILES.items() if it.get("as") != "lock"}


@pytest.mark.parametrize("path", EARLIER, ids=lambda path: path.stem)
def test_nothing_is_wrong_in_the_earlier_workbooks_nor_since_then(path: Path, form: Form) -> None:
    former = submission(path, form)
    assert above_info(examine(source(path), form).findings) == []
    unit = path.name.partition(" - ")[0]
    ((name, _),) = [(name, it) for name, it in FILES.items() if name in FORMS and _clean_one_of(unit, it)]
    now = examine(source(FOLDER / "nop" / name), form, [former]).findings
    assert [one for one in now if one.code == "P07"] == [], "the earlier workbook was not taken for this unit's"
    assert above_info(now) == []


def _clean_one_of(unit: str, it: Mapping[str, Any]) -> bool:
    return it["unit"] == f"UBND xã {unit}" and "validate" not in it


# --- what all files together tell


@pytest.mark.parametrize("name", FORMS)
def test_between_the_files_is_found_what_was_planted_and_nothing_else(name: str, outcome: Outcome) -> None:
    of_file = [it.finding for it in outcome.findings if it.filed.path == name and it.finding.code.startswith("U")]
    assert by_code(of_file) == planted(name, "consolidate")


def test_nineteen_communes_count_one_sent_another_quarter_and_one_nothing(outcome: Outcome) -> None:
    expected = [it for it in outcome.standings if it.unit is not None]
    assert len(expected) == 21
    assert len([it for it in expected if it.counts]) == 19
    assert {it.name: it.status for it in expected if not it.counts} == {
        "UBND xã Nam Cường": "wrong_period",
        "UBND xã Mường Hoa": "missing",
    }


def test_of_two_versions_the_corrected_one_counts(outcome: Outcome) -> None:
    (twice,) = [it for it in outcome.standings if it.status == "twice"]
    assert (twice.name, twice.counts) == ("UBND xã Yên Mỹ", "Bieu thong ke quy I 2023 - xã Yên Mỹ_sửa.xlsx")


def test_the_figures_that_one_list_makes_equal_are_the_specimens(outcome: Outcome) -> None:
    assert {key: outcome.merged.figures[key] for key in TOLD["same"]} == TOLD["same"]
