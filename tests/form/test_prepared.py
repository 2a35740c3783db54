"""A wheel holds what its YAML files come to: the same as they do, and nothing that is not the package's own."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
from prepared_files import prepared_files

from cchc_excel.form import load_form, prepared
from cchc_excel.form.folders import EDITIONS
from cchc_excel.form.form import Form
from cchc_excel.form.loader import sources
from cchc_excel.form.prepared import as_prepared, prepared_from
from cchc_excel.wording import words

PREPARED = dict(prepared_files())
ROOT = Path(__file__).parents[2]


def made(name: str) -> object:
    return pickle.loads(PREPARED[name])[1]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that counts as the installed package."""
    monkeypatch.setattr(prepared, "_PACKAGE", tmp_path / "package")
    (tmp_path / "package").mkdir()
    return tmp_path / "package"


@pytest.mark.parametrize("name", [*EDITIONS, "vi_du"])
def test_a_prepared_form_is_the_one_that_its_files_make(name: str) -> None:
    form = made(f"cchc_excel/_data/rules/{name}/form.pickle")
    assert isinstance(form, Form)
    assert form.in_full() == load_form(name, EDITIONS[1:] if name == EDITIONS[0] else ()).in_full()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_prepared_sentences_are_those_of_the_file(language: str) -> None:
    assert made(f"cchc_excel/wording/{language}.pickle") == words("vi" if language == "vi" else "en").texts


def test_what_is_prepared_is_taken_while_the_files_are_as_they_were(package: Path) -> None:
    source = package / "a.yaml"
    source.write_text("a: 1", "utf-8")
    source.with_suffix(".pickle").write_bytes(as_prepared([source], {"a": "one"}))
    assert prepared_from([source], source) == {"a": "one"}
    source.write_text("a: 2", "utf-8")
    assert prepared_from([source], source) is None


def test_nothing_outside_the_package_is_unpickled(tmp_path: Path, package: Path) -> None:
    source = tmp_path / "form.yaml"
    source.write_text("a: 1", "utf-8")
    source.with_suffix(".pickle").write_bytes(b"not to be looked at")
    assert package.is_dir()
    assert prepared_from([source], source) is None


def test_what_lies_beside_an_offices_form_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = tmp_path / "bieu"
    shutil.copytree(ROOT / "rules" / "vi_du", office)
    looked_for: list[str] = []
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda path, pattern: looked_for.append(pattern) or glob(path, pattern))  # type: ignore[func-returns-value]
    load_form(office)
    assert looked_for == ["*.yaml"]


def test_a_form_is_made_of_the_files_of_its_own_folder_and_of_those_beside_it() -> None:
    named = {f"{path.parent.name}/{path.name}" for path in sources(ROOT / "rules" / "cchc_xa_2025")}
    assert {"cchc_xa_2025/form.yaml", "cchc_xa_quy/form.yaml", "cchc_xa_quy/checks.yaml"} <= named
