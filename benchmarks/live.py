"""Fill the template as clerks do, let LibreOffice calculate it, and hold its sheet `Kiểm tra` against the program.

    python benchmarks/live.py [forms] [seed]

Each form is honest but for one to three mistakes of `injection.py`, and has some cells typed as clerks type them: as
texts, with percent signs, dashes and words, as days, as cells formatted as percentages. Half of them have last
quarter's figures beside the new ones. What the sheet says of each row is compared with what `cchc validate` finds in
the very file that LibreOffice saved. A row counts once a form; a text that cannot be read has many codes in the
program and one row in the sheet.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import injection  # and with it the makers of the tests
import openpyxl
from consistent import as_typed, consistent_figures, submission_of

from cchc_excel.form import Form, Indicator, Severity, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.submission import Figure, Submission
from cchc_excel.workbook_form.contents import Value
from cchc_excel.workbook_form.filled import filled
from cchc_excel.workbook_form.live import rules_of
from cchc_excel.workbook_form.printed.layout import CHECK_LEVEL, CHECK_SHEET, FIRST_CHECK, SHEET, Layout

A_RUN = 100  # files that LibreOffice is given at once
NOTES = ("x", "Người", "Đã báo cáo", " đã  kiểm tra ", "Có 1 người biệt phái", "Do cấp trên giao thêm việc", "")

Typed = tuple[Value, str]  # what stands in the cell, and its number format or ""
Typist = Callable[[random.Random, Figure], Typed]


def _text(figure: Figure) -> str:
    return str(figure) if isinstance(figure, int | str) else str(float(figure)).replace(".", ",")


def _share_of_one(figure: Figure, shown: str) -> Typed:
    return (round(float(figure) / 100, 8), shown)


OF_COUNTS: tuple[Typist, ...] = (
    lambda _, figure: (f"0{figure}", ""),
    lambda _, figure: (f" {figure}\u00a0", ""),
    lambda _, figure: (f"{figure}.", ""),
    lambda dice, figure: (f"{figure} {dice.choice(('văn bản', 'người', 'hồ sơ', 'TTHC'))}", ""),
    lambda dice, _: (dice.choice(("-", " - ", "không", "Không", "KPS", "x", "…", "......", "", " ")), ""),
    lambda dice, _: (dice.randint(44_900, 45_300), dice.choice(("d-mmm", "dd/mm/yyyy", "General", "0"))),
    lambda dice, _: (dice.choice(("2/7", "17/19", "2+1", "khoảng 10", "1.234", "1,234", "12,5", "-3", "(5)")), ""),
    lambda dice, _: (dice.choice((2.04, 1.234, 0.5, -3, 7.0000000000000009, 1e16, 0.1 + 0.2)), ""),
    lambda dice, figure: (figure, dice.choice(("0%", "#,##0,", "0.00", "@"))),
)
OF_PERCENTAGES: tuple[Typist, ...] = (
    lambda _, figure: (f"{_text(figure)}%", ""),
    lambda _, figure: (f"{_text(figure)} %", ""),
    lambda _, figure: (_text(figure).replace(",", "."), ""),
    lambda dice, figure: _share_of_one(figure, dice.choice(("0%", "0.00%", "0.0%"))),
    lambda _, figure: _share_of_one(figure, ""),
    lambda dice, _: (dice.choice(("-", "không", "KPS", "2/7", "100%", "100", "28,571", "28,57 phần trăm", "%")), ""),
    lambda dice, _: (dice.choice((1, 0.5, 100, 100.0000001, 120, -1, 33.333333333, 45_109)), ""),
    lambda dice, _: (dice.randint(44_900, 45_300), "d-mmm"),
)
OF_ANSWERS: tuple[Typist, ...] = (
    lambda dice, _: (dice.choice(("Có ", "có", "CÓ", "Khong", "x", 1, "Phát phiếu", "trực tuyến", "-", "")), ""),
)


class Filled(NamedTuple):
    data: bytes
    previous: Submission | None


def _typists(row: Indicator) -> tuple[Typist, ...]:
    return OF_ANSWERS if row.kind.is_text else OF_PERCENTAGES if row.kind.value == "percent" else OF_COUNTS


def a_form(dice: random.Random, form: Form) -> Filled:
    """A template with mistakes in it, some of its cells typed in other ways, and notes beside some rows."""
    figures = injection.mistaken(dice, form, dice.randint(1, 3)).figures
    cells: dict[str, Value] = as_typed(figures)
    for row in form.entries:
        if (row.part or row.total_of) and dice.random() < 0.5:
            cells.pop(row.id)  # the template's own formula stays
    formats = {}
    for row in dice.sample(list(form.entries), dice.choice((0, 1, 4, 12))):
        cells[row.id], formats[row.id] = dice.choice(_typists(row))(dice, figures[row.id] or 0)
    notes = {row.id: dice.choice(NOTES) for row in dice.sample(list(form.entries), 20)}
    before = None
    if dice.random() < 0.5:
        before = submission_of(consistent_figures(dice.randint, form), "UBND xã Bằng Lăng", "2023-Q1")
    data = filled(form, cells, unit="UBND xã Bằng Lăng", period="2023-H1", notes=notes, previous=before)
    return Filled(_formatted(data, {key: shown for key, shown in formats.items() if shown}, form), before)


def _formatted(data: bytes, formats: dict[str, str], form: Form) -> bytes:
    """The workbook without the results that the program stored, some cells in another number format."""
    book, layout, buffer = openpyxl.load_workbook(BytesIO(data)), Layout(form), BytesIO()
    for key, shown in formats.items():
        book[SHEET][layout.value(key)].number_format = shown
    book.save(buffer)
    return buffer.getvalue()


def calculated(files: list[bytes]) -> Iterator[bytes]:
    """The files as LibreOffice saves them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for at, data in enumerate(files):
            (folder / f"{at}.xlsx").write_bytes(data)
        command = [shutil.which("soffice") or "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        for at in range(0, len(files), A_RUN):
            paths = [str(folder / f"{number}.xlsx") for number in range(at, min(at + A_RUN, len(files)))]
            command_line = [*command, "--convert-to", "xlsx", "--outdir", str(folder / "out"), *paths]
            subprocess.run(command_line, check=True, capture_output=True)
        for at in range(len(files)):
            yield (folder / "out" / f"{at}.xlsx").read_bytes()


def on_sheet(data: bytes, form: Form, *, with_previous: bool) -> set[tuple[str, str]]:
    """What the sheet counts: the code and the row of each check that fails."""
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=True)[CHECK_SHEET]
    rules = rules_of(form, with_previous=with_previous)
    levels = [sheet[f"{CHECK_LEVEL}{FIRST_CHECK + at}"].value for at in range(len(rules))]
    return {(rule.code, rule.target) for rule, level in zip(rules, levels, strict=True) if level}


def by_program(data: bytes, form: Form, previous: Submission | None) -> set[tuple[str, str, str]]:
    """What `cchc validate` counts: the code as the sheet has it, the row, and the code as the program has it."""
    on_sheet_too = {rule.code for rule in rules_of(form, with_previous=True)}
    counted: set[tuple[str, str, str]] = set()
    for finding in examine(Source("a.xlsx", data), form, previous=[previous] if previous else []).findings:
        if finding.severity is Severity.INFO or finding.explained or not finding.indicators:
            continue
        # the sheet has one code for a text that cannot be read, whatever is wrong with it
        is_reading = finding.code[0] == "T" and finding.code not in on_sheet_too
        counted.add(("T02" if is_reading else finding.code, finding.indicators[0], finding.code))
    return counted


class Told(NamedTuple):
    """What both tell of the forms, and what only one of them does, with what stands in these cells."""

    both: Counter[str]
    only_sheet: defaultdict[str, list[str]]
    only_program: defaultdict[str, list[str]]


def run(forms: int, seed: int) -> Told:
    dice, form = random.Random(seed), load_form()
    layout, told = Layout(form), Told(Counter(), defaultdict(list), defaultdict(list))
    made = [a_form(dice, form) for _ in range(forms)]
    for data, (_, before) in zip(calculated([it.data for it in made]), made, strict=True):
        cells = openpyxl.load_workbook(BytesIO(data), data_only=True)[SHEET]
        shown = {row.id: f"{row.id} = {cells[layout.value(row.id)].value!r}" for row in form.entries}
        live, program = on_sheet(data, form, with_previous=before is not None), by_program(data, form, before)
        for code, key in sorted(live - {(code, key) for code, key, _ in program}):
            told.only_sheet[code].append(shown[key])
        for code, key, own in sorted(program):
            if (code, key) in live:
                told.both[code] += 1
            else:
                told.only_program[own].append(shown[key])
    return told


def main() -> None:
    forms = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    told = run(forms, seed)
    kinds = ", ".join(f"{code} {count}" for code, count in told.both.most_common())
    print(f"{forms} forms; told by both: {told.both.total()} ({kinds})")
    for name, found in (("sheet", told.only_sheet), ("program", told.only_program)):
        print(f"told by the {name} alone: {sum(map(len, found.values()))}")
        for code in sorted(found, key=lambda code: len(found[code]), reverse=True):
            places = found[code]
            print(f"  {code:5}{len(places):6}  {'; '.join(places[:4])}")


if __name__ == "__main__":
    main()
