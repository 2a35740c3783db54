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
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder to run examples in, the working folder while it lasts; the shipped examples are copied into it."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(ROOT / "examples", Path(name) / "examples")
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def with_python_run(text: str) -> str:
    """The document with the output of each line of Python in it; the lines of one document share their names."""
    names: dict[str, object] = {}
    with scratch_folder():
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


MADE: Mapping[str, Callable[[str], str]] = {
    "docs/rules.md": rules,
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
