"""What `cchc rules export` and `import` do: the rules of a form as rows of a sheet, and back."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from cchc_excel.commands.files import sources, write_whole
from cchc_excel.commands.refusals import DONE, FAILED
from cchc_excel.errors import FormDefinitionError, Mistake, NoSuchForm, OutputExists, UnreadableWorkbook
from cchc_excel.form import Language, declared_rules, load_form
from cchc_excel.form.documents import without_lines
from cchc_excel.form.folders import STANDARD, form_folder
from cchc_excel.form.lines import Line, Located
from cchc_excel.grid import harmless
from cchc_excel.wording import Words, words

if TYPE_CHECKING:
    from cchc_excel.drafting.rule_sheet import Place, Row
    from cchc_excel.drafting.rule_yaml import Text

_MISSING = frozenset({"missing_field", "no_case", "no_text"})
"""Mistakes that say that nothing stands somewhere."""
HEAD = "Nhận từ trang tính của các quy tắc bằng lệnh `cchc rules import`."


def run_rules_export(sheet: Path, *, form: str, language: Language, force: bool) -> None:
    """Write the rules of a form to a workbook, one a row."""
    from cchc_excel.drafting.rule_sheet import rules_workbook

    named = form or STANDARD
    load_form(named)  # says every mistake, before any of it is written
    if sheet.exists() and not force:
        raise OutputExists(str(sheet))
    rules = [(_plain(item), _origin(item)) for item in declared_rules(named).rules]
    write_whole(sheet, rules_workbook(rules, named, words(language)), replace=force)
    print(sheet)


def run_rules_import(
    sheet: Path, *, output: Path, form: str, language: Language, force: bool, quiet: bool = False
) -> int:
    """Take the rules of a workbook over into a form folder; what is wrong is told by its cell, and nothing written."""
    from cchc_excel.drafting.rule_sheet import Place, rules_in
    from cchc_excel.excel.opening import open_grid

    spoken = words(language)
    checks = output / "checks.yaml"
    if checks.exists() and not force:
        raise OutputExists(str(checks))
    (source,) = sources([sheet])
    try:
        open_grid(source.data)  # refuses what is damaged, encrypted or larger than it may be
        found = rules_in(source.data)
    except UnreadableWorkbook as error:
        print(harmless(f"{sheet}: {spoken.unreadable(error)}"), file=sys.stderr)
        return FAILED
    except (BadZipFile, KeyError, ValueError, OSError) as error:  # a workbook, but none that openpyxl reads: .xls, .ods
        raise FormDefinitionError((Mistake(sheet.name, 1, "sheet_not_xlsx"),)) from error
    form_file = _form_file(output, form or found.form)
    mistakes = [(told.place, Mistake("", 0, told.kind, tuple(told.facts.items()))) for told in found.told]
    places_told = {place for place, _ in mistakes}
    rows_told = {_row_of(place) for place in places_told}
    if mistakes and not found.rows:  # the loader would only say that there are no rules
        return _told(sheet, mistakes, spoken)
    written, of_loader = _tried(form_file, found.rows, output)
    for mistake in of_loader:
        place = written.origin.get(mistake.line) if mistake.file.endswith("checks.yaml") else None
        if place is None:  # a mistake of the form that the rules are for has no cell
            place = Place("", f"{Path(mistake.file).name}:{mistake.line}")
        # what is wrong with a cell by itself makes the loader stumble too, and miss what stands there
        is_missed = mistake.kind in _MISSING and _row_of(place) in rows_told
        if place in places_told or is_missed:
            continue
        if place.sheet:
            facts = found.named(dict(mistake.facts))
            mistakes.append((place, replace(mistake, facts=tuple(facts.items()))))
        else:
            mistakes.append((place, mistake))
    if mistakes:
        return _told(sheet, mistakes, spoken)
    before = _rules_by_code(form_file.parent)
    if not (output / "form.yaml").exists():
        write_whole(output / "form.yaml", form_file.read_bytes())
    write_whole(checks, written.text.encode("utf-8"), replace=force)
    if not quiet:
        counts = _counts(before, _rules_by_code(output))
        print(spoken.word("rule_sheet", "imported", **counts), file=sys.stderr)
    print(output)
    return DONE


def _told(sheet: Path, mistakes: Sequence[tuple[Place, Mistake]], spoken: Words) -> int:
    """Say each mistake with its cell, once."""
    lines = (_line(sheet, place, spoken.mistake(mistake), spoken) for place, mistake in mistakes)
    for line in dict.fromkeys(lines):
        print(harmless(line), file=sys.stderr)
    return FAILED


def _row_of(place: Place) -> tuple[str, str]:
    """The sheet and the row of a cell."""
    return place.sheet, place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _tried(form_file: Path, rows: Sequence[Row], output: Path) -> tuple[Text, Sequence[Mistake]]:
    """The text of the rules' checks.yaml, and what the loader says of it beside that form."""
    from cchc_excel.drafting.rule_yaml import rules_text

    with tempfile.TemporaryDirectory(prefix=".rules", dir=_parent(output)) as name:
        folder = Path(name)
        shutil.copyfile(form_file, folder / "form.yaml")
        inherited = declared_rules(folder).inherited
        written = rules_text((row.fields for row in rows), inherited, HEAD)
        (folder / "checks.yaml").write_text(written.text, "utf-8")
        try:
            load_form(folder)
        except FormDefinitionError as error:
            return written, error.mistakes
    return written, ()


def _rules_by_code(folder: Path) -> dict[str, dict[str, Any]]:
    """The rules of a form folder as plain values."""
    rules = map(_plain, declared_rules(folder).rules)
    return {rule["code"]: rule for rule in rules}


def _counts(before: Mapping[str, dict[str, Any]], now: Mapping[str, dict[str, Any]]) -> dict[str, int]:
    """How many rules there are now, and how many mean something else, are new and are gone."""
    changed = [code for code in now.keys() & before.keys() if _meaning(now[code]) != _meaning(before[code])]
    return {
        "rules": len(now),
        "changed": len(changed),
        "added": len(now.keys() - before.keys()),
        "removed": len(before.keys() - now.keys()),
    }


def _form_file(output: Path, form: str) -> Path:
    """The form.yaml that the rules are for: the one that is there, or that of the form named."""
    there = output / "form.yaml"
    if there.is_file():
        return there
    if not form:
        raise NoSuchForm(str(there))
    return form_folder(form) / "form.yaml"


def _parent(output: Path) -> Path | None:
    """Where a folder beside the output can be made: a form may extend one that lies there."""
    return output.parent if output.parent.is_dir() else None


def _line(sheet: Path, place: Any, says: str, spoken: Words) -> str:
    if not place.sheet:
        return f"{place.cell}: {says}"
    return spoken.word("rule_sheet", "place", file=sheet.name, sheet=place.sheet, cell=place.cell, says=says)


def _plain(item: Located) -> dict[str, Any]:
    """The fields of a rule as texts, lists and mappings."""
    plain = without_lines(item)
    if not isinstance(plain, dict):
        return {}
    return {name: value for name, value in plain.items() if value is not None}


def _origin(item: Located) -> str:
    return item.line.place if isinstance(item.line, Line) else ""


def _meaning(rule: dict[str, Any]) -> dict[str, Any]:
    """What a rule says, however it is written: one case alone, or a list of one."""
    meaning = {name: value for name, value in rule.items() if name != "after"}
    for name in ("holds_for", "warns_for", "fails_for"):
        if name in meaning and not isinstance(meaning[name], list):
            meaning[name] = [meaning[name]]
    return meaning
