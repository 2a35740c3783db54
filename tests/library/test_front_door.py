"""`import cchc_excel`: what a program finds there, and what it costs to import."""

from __future__ import annotations

import ast
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from places import TYPED

import cchc_excel
from cchc_excel import Finding, Form, Period, Severity, errors
from cchc_excel.errors import BadPeriod, CchcError
from cchc_excel.form import Language

PACKAGE = Path(cchc_excel.__file__)
MOST_NAMES = 25


def shown_to_the_type_checker() -> dict[str, str]:
    """The imports under `if TYPE_CHECKING`: name → module inside the package."""
    tree = ast.parse(PACKAGE.read_text("utf-8"))
    (block,) = [it for it in tree.body if isinstance(it, ast.If)]
    found = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        assert node.module is not None
        for alias in node.names:
            assert alias.asname == alias.name  # exported, as the type checker sees it
            found[alias.name] = node.module.removeprefix("cchc_excel.")
    return found


def test_the_names_for_the_type_checker_and_for_loading_are_the_same() -> None:
    assert shown_to_the_type_checker() == cchc_excel._HOME
    assert list(cchc_excel._HOME) == sorted(cchc_excel._HOME)


def test_the_public_names_are_few_documented_and_can_be_had() -> None:
    assert len(cchc_excel.__all__) <= MOST_NAMES
    assert set(cchc_excel.__all__) <= set(dir(cchc_excel))
    assert [name for name in cchc_excel.__all__ if not getattr(cchc_excel, name).__doc__] == []
    with pytest.raises(AttributeError, match="nonsense"):
        cchc_excel.nonsense  # noqa: B018


HEAVY = ("pandas", "numpy", "openpyxl", "xlsxwriter", "typer", "yaml", "highspy", "ironcalc", "importlib.metadata")


def loaded_by(script: str) -> list[str]:
    """Which of the heavy libraries, and of this package's modules, a script loads in a process of its own."""
    told = f"""{script}
import sys
own = [it for it in sys.modules if it.startswith("cchc_excel")]
print(*sorted(set({HEAVY!r}) & set(sys.modules)), len(own))"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_package_loads_nothing_but_itself() -> None:
    assert loaded_by("import cchc_excel") == ["1"]


def test_examining_a_workbook_loads_no_library_but_that_of_the_forms_files() -> None:
    script = f"import cchc_excel\ncchc_excel.read({str(TYPED)!r}, cchc_excel.load_form())"
    assert [name for name in loaded_by(script) if name in HEAVY] in ([], ["yaml"])


def test_openpyxl_pandas_and_xlsxwriter_are_loaded_only_for_what_they_do() -> None:
    template = loaded_by("from cchc_excel import load_form, make_template\nmake_template(load_form())")
    assert {"pandas", "openpyxl", "xlsxwriter", "typer"} & set(template) == {"xlsxwriter"}
    frames = loaded_by("from cchc_excel import figures_frame\nfigures_frame([])")
    assert {"pandas", "openpyxl", "xlsxwriter", "typer"} & set(frames) == {"pandas"}


def test_a_form_shows_itself_on_one_line(form: Form) -> None:
    assert repr(form) == f"<Form cchc_xa_quy 2023: 103 rows, {len(form.checks)} checks>"


@pytest.mark.parametrize("text", ["2023-Q1", "2023-H1", "2023-9M", "2023"])
def test_a_period_is_parsed_from_what_it_shows(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["", "quý I", "2023-Q5", "23-Q1", "2023-Q1 "])
def test_what_is_no_period_is_a_value_error_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="2023-H1") as caught:
        Period.parse(text)
    assert isinstance(caught.value, BadPeriod)


# --- exceptions


def exceptions() -> list[type[CchcError]]:
    """Every exception of the program; those that stand outside errors.py are found by loading all of it."""
    from pkgutil import walk_packages

    for module in walk_packages([str(PACKAGE.parent)], "cchc_excel."):
        if not module.name.endswith("__main__"):
            __import__(module.name)
    found: list[type[CchcError]] = [CchcError]
    for known in found:
        found += [it for it in known.__subclasses__() if it not in found and it.__module__.startswith("cchc_excel.")]
    return found


MISTAKE = errors.Mistake("form.yaml", 3, "missing_field", (("field", "kind"),))
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "ExpressionError": ("unexpected", "[1.1] ++ 2", 6, 8),
    "FormDefinitionError": ((MISTAKE, MISTAKE),),
    "BadSettings": (
        (errors.Mistake("cchc.toml", 3, "bad_value", (("field", "lang"), ("value", "fr"), ("allowed", "vi, en"))),),
    ),
    "NotCorrected": ("a.xlsx", "", (Finding("S04", Severity.ERROR, form=cchc_excel.load_form()),)),
    "NothingToConsolidate": ("a.xlsx", "", (errors.Reason("other_period", 2, ("2023-Q1",)),)),
    "BadRoster": ((errors.Mistake("ds.csv", 0, "no_units", (("sheet", ""), ("cell", ""))),),),
}


def made(kind: type[CchcError]) -> CchcError:
    parameters = inspect.signature(kind.__init__).parameters.values()
    taken = sum(it.kind is it.POSITIONAL_OR_KEYWORD for it in parameters) - 1
    return kind(*ARGUMENTS.get(kind.__name__, ("D10", "=A1", "x")[: max(taken, 1)]))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_exception_says_a_sentence_as_its_text(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("CCHC_LANG", language)
    for kind in exceptions():
        for line in str(made(kind)).splitlines():
            assert line.endswith("."), kind
            assert " " in line, kind
            assert kind.__name__ not in line
            assert "{" not in line, kind


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_sentence_stands_there_for_an_exception_that_there_is_not(language: Language) -> None:
    assert set(cchc_excel.words(language).texts["refusals"]) <= {kind.__name__ for kind in exceptions()}


def test_the_text_of_an_exception_is_vietnamese_unless_the_environment_asks_for_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = errors.NoSuchFile("a.xlsx")
    monkeypatch.delenv("CCHC_LANG", raising=False)
    assert str(error) == "Không có tệp hoặc thư mục “a.xlsx”. Kiểm tra lại tên và đường dẫn."
    assert error.sentence(cchc_excel.words("en")).startswith("There is no file or folder")


def test_an_exception_keeps_what_the_library_below_said() -> None:
    assert "bad CRC" in str(errors.DamagedWorkbook("bad CRC"))


def test_every_exception_crosses_to_another_process_and_says_the_same() -> None:
    for kind in exceptions():
        error = made(kind)
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
