"""What documents and code name of each other is there: sections, files, names, options, set-up lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from places import ROOT
from renew_documents import command_line, fits, office, printed_by

import cchc_excel

READMES = ("README.md", "README.vi.md")
DESIGN = ROOT / "docs/design.md"
LONGEST_DESIGN = 250  # lines: it is a map, to be read in one sitting
CODE = ("cchc_excel", "tests", "tools", "examples", "benchmarks", "rules", "docs")
KINDS = (".py", ".yaml", ".toml", ".html", ".md")


def files() -> list[Path]:
    inside = [path for folder in CODE for path in (ROOT / folder).rglob("*") if path.suffix in KINDS]
    return [*inside, ROOT / "pyproject.toml", *ROOT.glob("*.md")]


TEXTS = {path: path.read_text("utf-8") for path in files() if path.name != "CHANGELOG.md"}
ALL = pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))


# --- documents and their sections


@cache
def headings(document: Path) -> frozenset[str]:
    """The headings of a document, and the words in bold that begin a paragraph."""
    found = re.findall(r"^#+ (.+)$|^\*\*([^*]+?)\.\*\*", document.read_text("utf-8"), re.MULTILINE)
    return frozenset(heading or bold for heading, bold in found)


@ALL
def test_every_document_and_section_that_is_named_is_there(path: Path) -> None:
    text = TEXTS[path]
    for name in re.findall(r"\bdocs/[\w/]+\.\w+", text):
        assert (ROOT / name).is_file(), name
    for name, section in re.findall(r"\b(docs/\w+\.md), \"([^\"\n]+)\"", text):
        assert section in headings(ROOT / name), (name, section)


def test_a_section_that_is_not_there_would_be_seen() -> None:
    assert "When a percentage is right" in headings(DESIGN)
    assert "What a program sees" not in headings(DESIGN)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_document_is_named_in_the_readme(name: str) -> None:
    assert f"docs/{name}" in TEXTS[ROOT / "README.md"]


# --- names in docs/design.md


@cache
def words_of_the_code() -> frozenset[str]:
    """Every word that code gives a meaning to: names, and texts that are no docstrings; all words of data files."""
    found: set[str] = set()
    for path, text in TEXTS.items():
        if path.is_relative_to(ROOT / "tests"):
            continue
        if path.suffix == ".py":
            found |= {word for piece in _pieces(ast.parse(text)) for word in re.findall(r"\w+", piece)}
        elif path.suffix != ".md":
            found |= set(re.findall(r"\w+", text))
    return frozenset(found)


def _pieces(tree: ast.AST) -> Iterator[str]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ImportFrom(module=str(name)) | ast.alias(name=name):
                yield name
            case ast.Constant(value=str(name)) if id(node) not in docstrings:
                yield name


PATHS = [path.relative_to(ROOT).as_posix() for folder in CODE for path in (ROOT / folder).rglob("*")] + [
    "pyproject.toml"
]
OPTIONS = set(re.findall(r"--[a-z][a-z-]+", command_line("")))
FOREIGN = {"INDIRECT", "constant_memory", "sys.modules"}  # of Excel, XlsxWriter, Python


def is_there(name: str) -> bool:
    """Whether a name in backticks means something: a file or folder, or words that all stand in the code."""
    if name in FOREIGN:
        return True
    if name.startswith("--"):
        return set(re.findall(r"--[a-z-]+", name)) <= OPTIONS
    if re.fullmatch(r"[\w…./]+(/|\.py|\.yaml|\.toml|\.md)", name) or re.fullmatch(r"\w+/\w+", name):
        place = name.removeprefix("…/").removeprefix("…").strip("/")
        return any(f"/{path}".endswith((f"/{place}", f"/{place}.py")) for path in PATHS)
    words = [word for word in re.findall(r"\w+", name) if not word.isdecimal()]
    return all(word in words_of_the_code() for word in words)


NAMES = sorted(set(re.findall(r"`([^`\n]+)`", DESIGN.read_text("utf-8"))))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_the_design_is_there(name: str) -> None:
    assert is_there(name)


@pytest.mark.parametrize(
    "name", ["Finding.expected_value", "pipelines.py", "excel/closing/", "Submision", "--no-such-option"]
)
def test_a_name_that_is_not_there_would_be_seen(name: str) -> None:
    assert not is_there(name)


def test_the_design_stays_short() -> None:
    assert len(DESIGN.read_text("utf-8").splitlines()) <= LONGEST_DESIGN


# --- commands and options


def test_every_option_in_the_documents_is_one_of_a_command() -> None:
    known = OPTIONS | {"--help", "--version", "--install-completion", "--show-completion"}
    of_others = {
        "--no-index",
        "--find-links",
        "--wheel-dir",
        "--only-binary",
        "--platform",
        "--python-version",
        "--dest",
    }
    for path in [*map(ROOT.joinpath, READMES), *(ROOT / "docs").glob("*.md")]:
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", TEXTS[path])) <= known | of_others, path


def test_every_command_stands_in_the_readme() -> None:
    names = [
        name for name in re.findall(r"^## cchc (.+)$", command_line(""), re.MULTILINE) if not name.startswith("form")
    ]
    assert [name for name in names if f"`cchc {name}" not in TEXTS[ROOT / "README.md"]] == []


@pytest.mark.parametrize("name", READMES)
def test_every_line_of_the_command_line_in_a_readme_is_one_that_is_run(name: str) -> None:
    """Lines behind `$`, rows of a table with what they print, and what comes after installing; no others."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", TEXTS[ROOT / name], re.MULTILINE | re.DOTALL)
    assert {kind for kind, _ in blocks} <= {"sh", "console", "python", "powershell"}
    for kind, text in blocks:
        for line in text.splitlines():
            if kind == "sh":
                assert not line.startswith("cchc")
                assert line in CI
            elif kind == "powershell":
                as_elsewhere = line.replace("py -m ", "python -m ").replace("\\", "/")
                assert any(as_elsewhere in command.split(" && ") for command in CI)
            elif kind == "console":
                assert not line.startswith("cchc")
                assert not line.startswith("$") or line.startswith("$ cchc ")


CI = [line.strip() for line in (ROOT / ".ci/run").read_text("utf-8").splitlines()]


def test_the_wheel_named_in_the_readmes_is_of_this_version() -> None:
    for name in READMES:
        assert set(re.findall(r"cchc_excel-([\d.]+)-py3", TEXTS[ROOT / name])) == {cchc_excel.__version__}


def test_every_example_of_the_help_can_be_carried_out() -> None:
    examples = re.findall(r"^cchc .+$", command_line(""), re.MULTILINE)
    assert len(examples) > 10
    with office():
        Path("da_sua").mkdir()
        for example in examples:
            status, printed = printed_by(example)
            assert status in {0, 1}, (example, printed)


def test_an_output_may_be_shortened_where_that_is_shown() -> None:
    printed = ["a", "b", "c"]
    assert fits(["a", "…", "c"], printed)
    assert fits(["…"], printed)
    assert fits(["a", "b", "…", "c"], printed)
    assert not fits(["a", "c"], printed)
    assert not fits(["…", "d"], printed)
    assert not fits([], printed)
