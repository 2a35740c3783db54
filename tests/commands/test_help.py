"""Help and refusals are in one language throughout, whole sentences, and name the option and the remedy."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Cchc
from places import EXAMPLES, ROOT, TYPED
from typer.main import get_command

from cchc_excel.cli import app
from cchc_excel.wording.help import translations

ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|commands?|show|message|exit|default|required|missing|invalid|value|such|error|range|"
    r"install|completion|customize|shell|unexpected|got|text|path|integer|env)\b",
    re.IGNORECASE,
)
OF_TYPER = {"help", "install_completion", "show_completion"}


def commands(command: Any = None, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    command = command or get_command(app)
    yield names, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *names, name)


def own_texts() -> set[str]:
    texts: list[str] = []
    for _, command in commands():
        texts.append(command.help)
        for parameter in command.params:
            if parameter.name not in OF_TYPER:
                texts += [parameter.help, parameter.metavar or ""]
    return {" ".join(text.split()) for text in texts if text}


def test_every_sentence_of_the_help_has_its_english_and_no_english_is_without_one() -> None:
    assert set(translations("en")) == own_texts()


def test_every_sentence_of_the_help_ends_as_a_sentence() -> None:
    for text in own_texts() | set(translations("en").values()):
        assert text.isupper() or text in {"TỆP…", "FILE…"} or text.endswith((".", ")")), text


@pytest.mark.parametrize("names", [names for names, _ in commands()], ids=" ".join)
def test_the_help_is_vietnamese_or_english_and_nothing_of_both(cchc: Cchc, names: tuple[str, ...]) -> None:
    status, vietnamese, err = cchc(*names, "--help")
    assert (status, err) == (0, "")
    said = re.sub(
        r"^Cách dùng[^\n]*|--?[\w-]+|\[[\w|]+\]|cchc[^\n]*|\(TOML\)|: error|^  [a-z]+  |cchc_excel form show",
        "",
        vietnamese,
        flags=re.MULTILINE,
    )
    assert ENGLISH.findall(said) == []
    assert vietnamese.startswith("Cách dùng: ")
    status, english, _ = cchc(*names, "--help", "--lang", "en") if names and names[0] != "form" else (0, "", "")
    if english:
        before_examples = english.partition("Examples:")[0]
        assert not re.findall(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", before_examples)


def test_the_environment_asks_for_english_help_too(cchc: Cchc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_LANG", "en")
    for names in ((), ("form",), ("form", "check"), ("validate",)):
        assert cchc(*names, "--help")[1].startswith("Usage: ")
    assert "There is no command “nix”" in cchc("nix")[2]


def test_no_sentence_of_the_list_of_commands_is_cut(cchc: Cchc) -> None:
    _, out, _ = cchc("--help")
    said = " ".join(out.split())
    assert "biểu chung, chi tiết, phát hiện, tình trạng nộp, so sánh, nguồn." in said
    assert "..." not in said


REFUSED = {
    ("nix",): "Không có lệnh “nix”.",
    ("validat",): "Không có lệnh “validat”.\n→ Các lệnh có thể dùng: validate.",
    ("form", "nix"): "Không có lệnh “nix”.\n→ Các lệnh có thể dùng: scaffold, check, coverage, show.",
    ("validate",): "Lệnh còn thiếu TỆP.",
    ("explain",): "Lệnh còn thiếu MÃ.",
    ("diff", "a.xlsx"): "Lệnh còn thiếu SAU.",
    ("correct", "a.xlsx"): "Lệnh cchc correct cần tùy chọn --output.\n→ Thêm --output vào lệnh",
    ("validate", "a.xlsx", "--nix"): "Không có tùy chọn --nix.",
    ("validate", "a.xlsx", "--forc"): "Không có tùy chọn --forc.\n→ Tùy chọn gần giống: --force",
    ("--nix",): "Không có tùy chọn --nix.",
    ("validate", "a.xlsx", "--jobs", "x"): "Giá trị của tùy chọn --jobs không dùng được."
    "\n→ Ghi sau --jobs một số nguyên từ 1 trở lên.",
    ("validate", "a.xlsx", "--jobs", "0"): "Giá trị của tùy chọn --jobs không dùng được.",
    ("validate", "a.xlsx", "--jobs"): "Sau --jobs chưa ghi giá trị.",
    ("validate", "a.xlsx", "-o"): "Sau -o chưa ghi giá trị.",
    ("validate", "a.xlsx", "--force=3"): "Tùy chọn --force không nhận giá trị nào.",
    ("validate", "a.xlsx", "--format", "pdf"): "Tùy chọn --format không dùng được."
    "\n→ Chọn một trong các giá trị: table, json, html.",
    ("validate", "a.xlsx", "--lang", "fr"): "Tùy chọn --lang không dùng được.\n→ Chọn một trong các giá trị: vi, en.",
    ("explain", "A02", "b"): "Lệnh nhận thừa: b.",
    ("validate", str(TYPED), "--select", "A99"): "Tùy chọn “--select A99”",
    ("template", "--roster", "ds.csv"): "Tùy chọn --roster cần thêm --period."
    "\n→ Thêm --period vào lệnh, hoặc bỏ --roster.",
    ("correct", "a.xlsx", "-o", "b", "--undo", "--decisions", "c"): "Không dùng --undo cùng với --decisions.",
    ("correct", str(TYPED), "-o", str(TYPED)): f"“{TYPED}” không phải là thư mục.",
    ("letters", str(TYPED), "-o", str(TYPED)): f"“{TYPED}” không phải là thư mục.",
}  # fmt: skip


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_the_command_line_refuses_is_said_whole_and_in_vietnamese(cchc: Cchc, arguments: tuple[str, ...]) -> None:
    status, out, err = cchc(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(REFUSED[arguments])
    assert "→ " in err
    assert not re.search(r": \.|\(\)|“”|  |\{", err)
    for word in ("Invalid", "Missing", "No such", "requires", "unexpected", "not a valid"):
        assert word not in err


def test_an_empty_file_is_called_empty_by_every_command(cchc: Cchc, tmp_path: Path) -> None:
    for name in ("rong.xlsx", "rong.csv", "rong.ods", "rong.xls"):
        empty = tmp_path / name
        empty.write_bytes(b"")
        for arguments in (
            ("validate", empty),
            ("inspect", empty),
            ("correct", empty, "-o", tmp_path / "ra"),
            ("diff", empty, TYPED),
            ("consolidate", EXAMPLES / "BangLang_2023-Q1_mau.xlsx", empty, "-o", tmp_path / "t.xlsx", "--force"),
            ("consolidate", TYPED, "-o", tmp_path / "t.xlsx", "--force", "--roster", empty),
            ("consolidate", TYPED, "-o", tmp_path / "t.xlsx", "--force", "--decisions", empty),
            ("consolidate", TYPED, "-o", tmp_path / "t.xlsx", "--force", "--own", empty),
            ("correct", TYPED, "-o", tmp_path / "ra", "--decisions", empty),
            ("form", "scaffold", empty, "-o", tmp_path / "mau"),
            ("form", "coverage", empty),
            ("template", "--previous", empty, "-o", tmp_path / "b.xlsx", "--force"),
        ):
            _, out, err = cchc(*arguments)
            assert re.search(r"[Tt]ệp rỗng", out + err), (arguments, out, err)


def test_what_came_through_no_pipe_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cchc_excel", "validate", "-"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=ROOT, env=None,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Tệp rỗng" in done.stdout
    assert list(tmp_path.iterdir()) == []
