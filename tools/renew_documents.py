"""Make anew whatever in the documents the program itself says.

    python tools/renew_documents.py

docs/rules.md and docs/cli.md are what the program prints. In docs/library.md and in both READMEs stand examples with
what they print: each is run in a folder of its own, and its output put behind it. A line `…` in such an output stands
for whatever lines there are; an output that has one is kept as long as it fits.

`tests/test_documents.py` compares every document with what is made here.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@contextlib.contextmanager
def office() -> Iterator[Path]:
    """A folder to run examples in, the working folder while it lasts: what an office has, and the shipped examples."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples")
        shutil.copytree(ROOT / "rules", folder / "rules")
        _fill(folder)
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


def _fill(folder: Path) -> None:
    """The files that the documents speak of: one commune's of two quarters, a district's, the roster, blank forms."""
    district = folder / "examples/huyen_vi_du"
    typed = (folder / "examples/BangLang_2023-Q1_mau.xlsx").read_bytes()
    second_quarter, blank = _made()
    for file in ("BangLang.xlsx", "BangLang_Q1.xlsx", "bieu_quy1/BangLang.xlsx", "nop_lan_1/BangLang.xlsx"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(typed)
    for file in ("BangLang_Q2.xlsx", "nop_lan_2/BangLang.xlsx"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(second_quarter)
    for name in ("BC CCHC Q1 xa Tan Hoa.xlsx", "Cẩm Giang - Quý I.2023.xlsx"):
        shutil.copy(district / "nop" / name, folder / "bieu_quy1")
    shutil.copytree(folder / "bieu_quy1", folder / "quarter1")
    first_units = (district / "danh_sach.csv").read_bytes().splitlines(keepends=True)[:4]
    (folder / "danh_sach.csv").write_bytes(b"".join(first_units))
    for file in ("BieuTrong.xlsx", "BieuKhac.xlsx"):
        (folder / file).write_bytes(blank)


@cache  # each takes half a second, and every document has an office of its own
def _made() -> tuple[bytes, bytes]:
    """The commune's workbook of the second quarter, and the blank form."""
    from cchc_excel import load_form, make_template, read
    from cchc_excel.workbook_form.filled import filled

    form = load_form()
    submission = read((ROOT / "examples/BangLang_2023-Q1_mau.xlsx").read_bytes(), form).submission
    entries = submission.entries if submission is not None else {}
    figures = {indicator: entry.raw for indicator, entry in entries.items()}
    later = filled(form, figures | {"2.1": 9}, unit="UBND xã Bằng Lăng", period="2023-Q2")
    return later, make_template(form)


def printed_by(command: str) -> tuple[int, list[str]]:
    """What a line of the command line returns and prints, on both streams, as on a screen that is no terminal."""
    from cchc_excel.cli import app
    from cchc_excel.commands.refusals import guarded

    words = shlex.split(command)[1:]
    screen = io.StringIO()
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        status = guarded(lambda: app(words, standalone_mode=False), words)
    return status, [line.rstrip() for line in screen.getvalue().rstrip().splitlines()]


def with_commands_run(text: str) -> str:
    """The document with what each command in it prints: all behind `$ cchc …`, the last line beside one in a table.

    Commands are run in their order, so that one may use what another has written.
    """
    with office():
        return RUN.sub(lambda found: _with_output(found[0]), text)


def _with_output(found: str) -> str:
    if found.startswith("|"):
        first, command, _ = _CELLS.findall(found)
        _, printed = printed_by(command.strip().strip("`"))
        last_line = f"`{printed[-1]}`" if printed else ""
        return f"|{first}|{command}| {last_line} |"
    lines = ["```console"]
    for command, shown in _CONSOLE.findall(found):
        _, printed = printed_by(command)
        kept = shown.splitlines()
        lines += [f"$ {command}", *(kept if fits(kept, printed) else printed)]
    return "\n".join([*lines, "```"])


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether an output is the one shown, where a line `…` stands for any lines."""
    pieces = [r"(?:.*\n)*" if line == "…" else f"{re.escape(line)}\n" for line in shown]
    text = "".join(f"{line}\n" for line in printed)
    return re.fullmatch("".join(pieces), text) is not None


RUN = re.compile(r"^```console\n.*?^```$|^\|[^|\n]*\| `cchc [^|\n]*` \|[^|\n]*\|$", re.MULTILINE | re.DOTALL)
_CELLS = re.compile(r"(?<=\|)[^|]*(?=\|)")
_CONSOLE = re.compile(r"^\$ (cchc .*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)


def with_python_run(text: str) -> str:
    """The document with the output of each line of Python in it; the lines of one document share their names."""
    names: dict[str, object] = {}
    with office():
        return _PYTHON.sub(lambda block: f"```python\n{_run(block[1], names)}```", text)


def _run(block: str, names: dict[str, object]) -> str:
    lines: list[str] = []
    for example in doctest.DocTestParser().get_examples(block):
        first, *others = example.source.rstrip("\n").split("\n")
        lines += [f">>> {first}", *(f"... {other}" for other in others)]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example.source, "<document>", "single"), names)
        lines += [line or "<BLANKLINE>" for line in printed.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in lines)


def rules(_: str) -> str:
    """The reference of all checks."""
    from cchc_excel.form import load_form
    from cchc_excel.reporting.reference import reference
    from cchc_excel.wording import words

    return reference(load_form(), words("vi"))


def command_line(_: str) -> str:
    """Every command with its options, from what its help says."""
    from typer.main import get_command

    from cchc_excel.cli import app

    sections: list[str] = []
    for name, command in _commands("cchc", get_command(app)):
        sections += _command(name, command)
    return "\n\n".join([_CLI, *sections]) + "\n"


_CLI = """# Các lệnh

Trang này được lập từ chính phần trợ giúp của chương trình: `cchc LỆNH --help` in ra những điều dưới đây."""


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command, or those in a group, each with all its words."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    if command.invoke_without_command and command.epilog:  # a group that is a command itself
        yield name, command
    for word, subcommand in inner.items():
        yield from _commands(f"{name} {word}", subcommand)


def _command(name: str, command: Any) -> Iterator[str]:
    needed = sorted((parameter for parameter in command.params if parameter.required), key=_is_option)
    names = [_name(parameter).replace(", ", "|") for parameter in needed]
    yield f"## {name}"
    yield command.help.strip()
    yield f"`{' '.join([name, *names])}`"
    rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
    yield "\n".join(["| | ý nghĩa | mặc định |", "| --- | --- | --- |", *rows])
    examples = command.epilog.removeprefix("Ví dụ:").split("·")
    yield "\n".join(["```sh", *(example.strip() for example in examples), "```"])


def _is_option(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "option")


def _row(parameter: Any) -> str:
    cells = (f"`{_name(parameter)}`", parameter.help, _default(parameter))
    escaped = [text.replace("|", "\\|") for text in cells]
    return f"| {' | '.join(escaped)} |"


def _name(parameter: Any) -> str:
    """`TỆP…`, `--form THƯ MỤC`, `--lang vi|en`, `-o, --output PATH`."""
    if not _is_option(parameter):
        return str(parameter.metavar)
    names = ", ".join(sorted((*parameter.opts, *parameter.secondary_opts), key=len))
    if parameter.is_flag:
        return names
    choices = "|".join(map(_word, getattr(parameter.type, "choices", ())))
    kind = parameter.type.name
    takes = parameter.metavar or choices or _KINDS.get(kind, kind.upper())
    return f"{names} {takes}"


_KINDS = {"integer range": "SỐ", "text": "CHỮ", "path": "TỆP"}


def _default(parameter: Any) -> str:
    """What stands where the option is not given; nothing where that is nothing."""
    if _is_option(parameter) and parameter.is_flag:
        return f"`{parameter.opts[0]}`" if parameter.default else ""
    return f"`{_word(parameter.default)}`" if parameter.default else ""


def _word(value: Any) -> str:
    return str(getattr(value, "value", value))


def in_english(text: str) -> str:
    """The README in English, whose examples were run with CCHC_LANG=en."""
    before = os.environ.get("CCHC_LANG")
    os.environ["CCHC_LANG"] = "en"
    try:
        return with_python_run(with_commands_run(text))
    finally:
        if before is None:
            del os.environ["CCHC_LANG"]
        else:
            os.environ["CCHC_LANG"] = before


MADE: Mapping[str, Callable[[str], str]] = {
    "README.md": in_english,
    "README.vi.md": with_commands_run,
    "docs/rules.md": rules,
    "docs/cli.md": command_line,
    "docs/library.md": with_python_run,
}
"""How each document is made from what stands there now."""


def main() -> None:
    """Write the documents that have changed, and name them."""
    for name, make in MADE.items():
        path = ROOT / name
        before = path.read_text("utf-8") if path.is_file() else ""
        after = make(before)
        if after != before:
            path.write_text(after, "utf-8")
            print(name)


if __name__ == "__main__":
    main()
