"""Compare what this tree writes for the shipped examples with what an earlier commit writes, cell for cell.

    python tools/compare_with.py COMMIT

The commit is checked out beside this tree and removed again. Both run the same commands at the same time: validate
(table, JSON, HTML), correct (safe, suggested, none; again over the corrected copies; undo), consolidate with its tidy
table, template (alone and with the last period's figures), rules, explain, form show, check and scaffold, diff.

Texts are compared line by line. JSON is compared finding by finding, whatever its schema calls things. Workbooks are
compared by what openpyxl reads of them: contents, results of formulas, number formats, fonts, fills, borders,
alignment, merges, widths, heights, validations, conditional formats, names, comments, links. What openpyxl does not
model (drawings, charts) is compared as normalised XML. A list of findings is compared by the code and the cell of its
rows, not by where a row stands on the sheet, so that a row more does not make all below it differ.

The exit status is 1 if something differs that `tools/accepted_differences.yaml` does not give a reason for.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import yaml

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
DISTRICT = EXAMPLES / "huyen_vi_du"
ACCEPTED = Path(__file__).with_name("accepted_differences.yaml")
MOST_SHOWN = 5  # differences of one output
_VERSION = re.compile(r"\b0\.\d+\.\d+\b")  # of this program; 1.2.1 is a row of the form
_LISTS = {"Phát hiện": ("Mã", "Ô"), "Findings": ("Code", "Cell")}  # sheet → heads that tell its rows apart
_RENAMED = {  # what such a column was called before → what it is called
    "Nay là / nên là": "Đề xuất / nay là",
    "Nên là": "Đề xuất",
    "Is now / should be": "Proposed / is now",
    "Should be": "Proposed",
}
_EXPLAINED = ("A01", "A02", "A03", "C01", "C04", "L04", "P01", "S10", "T02", "T04", "T06", "U06")


class Difference(NamedTuple):
    """Where two outputs differ: the output's name, the place in it, and both contents."""

    output: str
    place: str
    before: Any
    after: Any


def commands(out: Path) -> Mapping[str, list[str]]:
    """The commands by the name of what they print; each writes into `out`."""
    specimen, printed = str(EXAMPLES / "BangLang_2023-Q1_mau.xlsx"), str(EXAMPLES / "BangLang_2023-Q1_inlai.xlsx")
    given = [specimen, printed, str(DISTRICT / "nop")]
    earlier = ["--previous", str(DISTRICT / "ky_truoc")]
    roster = ["--roster", str(DISTRICT / "danh_sach.csv"), "--unit", "UBND huyện Ví Dụ"]
    safe, again = str(out / "safe"), str(out / "again")
    return {
        "validate.txt": ["validate", *given, *earlier, "--verbose"],
        "validate_en.txt": ["validate", *given, "--lang", "en"],
        "validate.json": ["validate", *given, "--format", "json"],
        "validate.html": ["validate", *given, "--format", "html"],
        "correct.txt": ["correct", *given, "-o", safe],
        "correct_suggested.txt": [
            *("correct", *given, "-o", str(out / "suggested"), "--apply", "suggested", "--lang", "en"),
        ],
        "correct_none.txt": ["correct", specimen, "-o", str(out / "none"), "--apply", "none"],
        "correct_again.txt": ["correct", safe, "-o", again],
        "correct_undo.txt": ["correct", safe, "-o", str(out / "undone"), "--undo"],
        "consolidate.txt": [
            *("consolidate", str(DISTRICT / "nop"), "-o", str(out / "huyen.xlsx")),
            *roster,
            *earlier,
            *("--tidy", str(out / "huyen.csv")),
        ],
        "reported.txt": ["consolidate", str(DISTRICT / "nop"), "-o", str(out / "reported.xlsx"), "--as-reported"],
        "template.txt": ["template", "-o", str(out / "template.xlsx"), "--unit", "UBND xã A", "--period", "2023-Q1"],
        "template_filled.txt": [
            *("template", "-o", str(out / "filled.xlsx"), "--unit", "UBND xã Bằng Lăng", "--period", "2023-Q2"),
            *("--previous", specimen),
        ],
        "rules.txt": ["rules"],
        "rules_en.txt": ["rules", "--lang", "en"],
        "form.txt": ["form", "show", str(ROOT / "rules" / "cchc_xa_quy")],
        "form_check.txt": ["form", "check", str(ROOT / "rules" / "cchc_xa_quy")],
        "scaffold.txt": ["form", "scaffold", printed, "-o", str(out / "scaffold")],
        "inspect.txt": ["inspect", specimen],
        "letters.txt": ["letters", str(DISTRICT / "nop"), "-o", str(out / "letters"), *roster],
        "diff.txt": ["diff", specimen, printed],
        "diff_folders.txt": ["diff", str(DISTRICT / "ky_truoc"), str(DISTRICT / "nop")],
        **{f"explain_{code}.txt": ["explain", code] for code in _EXPLAINED},
    }


def make_outputs(tree: Path, out: Path) -> None:
    """Run the commands with the package of a tree; what they print stands beside what they write."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONUTF8": "1"}
    for name, command in commands(out).items():
        run = [sys.executable, "-m", "cchc_excel", *command]
        done = subprocess.run(run, capture_output=True, text=True, env=environment, cwd=tree, check=False)
        text = f"{done.stdout}\n{done.stderr}\nexit status {done.returncode}\n"
        (out / name).write_text(text.replace(str(out), "OUT"), "utf-8")


def differences(before: Path, after: Path) -> Iterator[Difference]:
    """Every difference between two folders of outputs."""
    names: set[Path] = set()
    for folder in (before, after):
        names |= {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(names, key=str):
        old, new = before / name, after / name
        if not (old.exists() and new.exists()):
            yield Difference(str(name), "the file", old.exists(), new.exists())
        elif name.suffix in {".xlsx", ".xlsm"}:
            yield from _unequal(str(name), workbook_facts(old), workbook_facts(new))
        elif name.suffix == ".docx":
            yield from _unequal(str(name), part_facts(old), part_facts(new))
        elif name.suffix == ".json":
            yield from _unequal(str(name), json_facts(old), json_facts(new))
        else:
            yield from _changed_lines(str(name), text_lines(old), text_lines(new))


def _unequal(output: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for place in [*before, *(key for key in after if key not in before)]:
        if before.get(place) != after.get(place):
            yield Difference(output, place, before.get(place), after.get(place))


def _changed_lines(output: str, before: list[str], after: list[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            old, new = "\n".join(before[old_start:old_end]), "\n".join(after[new_start:new_end])
            yield Difference(output, f"line {old_start + 1}", old, new)


def text_lines(path: Path) -> list[str]:
    """The lines of a text, without version numbers."""
    return _VERSION.sub("VERSION", path.read_text("utf-8")).splitlines()


def part_facts(path: Path) -> Mapping[str, bytes]:
    """The parts of a letter; the package around them bears the time."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def json_facts(path: Path) -> Mapping[str, Any]:
    """What `validate --format json` says, by file, and by code and rows of each finding; of any schema."""
    text = path.read_text("utf-8")
    document, end = json.JSONDecoder().raw_decode(text[text.index("{") :])
    facts: dict[str, Any] = {"exit status": text[text.index("{") + end :].split()[-1]}
    for workbook in document["workbooks"]:
        name = Path(workbook["path"]).name
        facts |= {f"{name} {what}": workbook[what] for what in ("sha256", "unit", "period", "readable")}
        facts |= {f"{name} value {key}": value for key, value in workbook["values"].items()}
        seen: Counter[str] = Counter()
        for finding in workbook["findings"]:
            of_rows = ",".join(finding["indicators"]) or ",".join(finding["cells"])
            place = f"{name} {finding['code']} {of_rows}"
            seen[place] += 1
            for what, value in _of_finding(finding).items():
                facts[f"{place} #{seen[place]} {what}"] = value
    return facts


def _of_finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    fix = finding.get("fix")
    ways = [fix, *fix["alternatives"]] if fix else []
    return {
        "severity": finding["severity"],
        "cells": finding["cells"],
        "observed": finding["observed"],
        "compared with": finding["compared_with"] if "compared_with" in finding else finding["expected"],
        "message": finding["message"],
        "certainty": fix and fix["certainty"],
        "proposal": ways and _changes(ways[0]),
        "alternatives": [_changes(way) for way in ways[1:]],
        "because": [way["because"] for way in ways],
        "explanations": [_changes(way) for way in finding.get("explanations", ())],
        "sets": finding.get("sets", []),
        "explained": finding.get("explained"),
    }


def _changes(way: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a proposal writes, by row; the first schema knew one row only."""
    return [(change["indicator"], change["after"]) for change in way.get("changes", [way])]


def workbook_facts(path: Path) -> Mapping[str, Any]:
    """All that openpyxl reads of a workbook, by place, and the drawings as XML."""
    facts: dict[str, Any] = {}
    formulas, results = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    facts["sheets"] = [(sheet.title, sheet.sheet_state) for sheet in formulas.worksheets]
    facts["names"] = sorted((name, defined.attr_text) for name, defined in formulas.defined_names.items())
    for sheet in formulas.worksheets:
        facts |= list_facts(sheet) if sheet.title in _LISTS else _sheet_facts(sheet, results[sheet.title])
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if "/charts/" in part or "/drawings/" in part:
                facts[part] = re.sub(rb"\s+", b" ", package.read(part))
    return facts


def _sheet_facts(sheet: Any, results: Any) -> dict[str, Any]:
    """What stands on a sheet and how it is drawn; `results` is the sheet with the stored results of its formulas."""
    facts: dict[str, Any] = {}
    title = f"'{sheet.title}'"
    for row in sheet.iter_rows():
        for cell in row:
            facts |= _cell_facts(f"{title}!{cell.coordinate}", cell, results[cell.coordinate].value)
    facts[f"{title} merges"] = sorted(map(str, sheet.merged_cells.ranges))
    facts[f"{title} widths"] = {
        letter: (column.width, column.hidden) for letter, column in sheet.column_dimensions.items()
    }
    for number, row in sheet.row_dimensions.items():
        facts[f"{title} height {number}"] = (row.height, row.hidden)
    facts[f"{title} validations"] = sorted(
        (str(rule.sqref), rule.type, rule.formula1, rule.formula2, rule.prompt)
        for rule in sheet.data_validations.dataValidation
    )
    facts[f"{title} conditions"] = sorted(
        (str(area.sqref), rule.type, str(rule.formula)) for area in sheet.conditional_formatting for rule in area.rules
    )
    facts[f"{title} page"] = (
        sheet.freeze_panes,
        sheet.print_area,
        sheet.print_title_rows,
        sheet.page_setup.orientation,
    )
    return facts


def list_facts(sheet: Any) -> dict[str, Any]:
    """A list of findings: what stands in each row, by its code, its cell and the title of the column."""
    facts: dict[str, Any] = {}
    heads: dict[int, str] = {}
    alike: dict[str, list[dict[str, str]]] = {}
    for row in sheet.iter_rows():
        texts = {cell.column: _VERSION.sub("VERSION", str(cell.value)) for cell in row if cell.value is not None}
        if not heads and set(_LISTS[sheet.title]) <= set(texts.values()):
            heads = {column: _RENAMED.get(text, text) for column, text in texts.items()}
        elif not heads:
            facts |= {f"'{sheet.title}' above {row[0].row} {column}": text for column, text in texts.items()}
        else:
            by_head = {heads.get(column, f"column {column}"): text for column, text in texts.items()}
            key = [by_head.get(head, "-") for head in _keys_of(sheet.title, by_head)]
            place = f"'{sheet.title}' {' '.join(key)}"
            alike.setdefault(place, []).append(by_head)
    for place, rows in alike.items():
        for number, by_head in enumerate(sorted(rows, key=lambda row: sorted(row.items())), 1):
            facts |= {f"{place} #{number} {head}": text for head, text in by_head.items()}
    facts[f"'{sheet.title}' heads"] = sorted(heads.values())
    return facts


def _keys_of(title: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """What tells the rows apart; in a district's list the file too."""
    return (*_LISTS[title], *(head for head in ("Tệp", "File") if head in row))


def _cell_facts(place: str, cell: Any, result: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if cell.value is not None:
        facts[place] = tuple(_VERSION.sub("VERSION", str(content)) for content in (cell.value, result))
    if cell.has_style:
        font, fill, border, alignment = cell.font, cell.fill, cell.border, cell.alignment
        facts[f"{place} style"] = (
            cell.number_format,
            (font.name, font.sz, font.b, font.i, font.strike, str(font.color and font.color.rgb)),
            (fill.fill_type, str(fill.fgColor.rgb)),
            tuple(getattr(border, side).style for side in ("left", "right", "top", "bottom")),
            (alignment.horizontal, alignment.vertical, alignment.wrap_text, alignment.indent),
        )
    if cell.hyperlink is not None:
        facts[f"{place} link"] = cell.hyperlink.target or cell.hyperlink.location
    if cell.comment is not None:
        facts[f"{place} comment"] = cell.comment.text
    return facts


def accepted_reason(difference: Difference, accepted: list[Mapping[str, str]]) -> str | None:
    """Why a difference is meant, if it is."""
    for rule in accepted:
        if fnmatch(difference.output, rule["output"]) and fnmatch(difference.place, rule["place"]):
            text = f"{difference.before} {difference.after}"
            if re.search(rule.get("text", ""), text):
                return rule["reason"]
    return None


def report(found: list[Difference], accepted: list[Mapping[str, str]]) -> int:
    """Print what differs, output by output; return how many differences have no reason."""
    reason_of = [accepted_reason(difference, accepted) for difference in found]
    without = [difference for difference, reason in zip(found, reason_of, strict=True) if reason is None]
    for output in dict.fromkeys(difference.output for difference in found):
        count = sum(difference.output == output for difference in found)
        left = [difference for difference in without if difference.output == output]
        print(f"{output}: {count} differences, {len(left)} without a reason")
        for difference in left[:MOST_SHOWN]:
            print(f"    {difference.place}\n      before {difference.before!r}\n      after  {difference.after!r}")
    for rule in accepted:
        if rule["reason"] not in reason_of:
            print(f"no difference needs this reason any more: {rule['reason']}")
    print(f"{len(found)} differences, {len(without)} without a reason")
    return len(without)


def main() -> int:
    """Compare this tree with a commit; return the exit status."""
    (commit,) = sys.argv[1:]
    accepted = yaml.safe_load(ACCEPTED.read_text("utf-8")) or []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        tree, before, after = place / "tree", place / "before", place / "after"
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(tree), commit], check=True)
        try:
            before.mkdir()
            after.mkdir()
            with ThreadPoolExecutor(2) as both:
                list(both.map(make_outputs, (tree, ROOT), (before, after)))
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree)], check=True)
        return 1 if report(list(differences(before, after)), accepted) else 0


if __name__ == "__main__":
    sys.exit(main())
