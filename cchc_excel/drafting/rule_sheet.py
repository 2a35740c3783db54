"""The rules of a form as rows of a sheet, for officers who read and edit them; and such a sheet as rules again.

In:     a form's rules as they are written; the bytes of a workbook.
Out:    the bytes of a workbook; rules whose every value knows its cell, and the mistakes of the sheet by themselves.
Never:  judges a rule: that is the loader's affair; takes a formula for a text, or lets a text become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from io import BytesIO
from math import ceil
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cchc_excel.codes import Severity
from cchc_excel.drafting.rule_cells import (
    CASES,
    CHOICES,
    COLUMNS,
    ENGLISH,
    HINT_COLUMNS,
    OFTEN,
    SENTENCES,
    DecimalComma,
    Fields,
    NoCase,
    cell_of,
    condition_of,
    value_of,
)
from cchc_excel.form import Language, Missing, Scope
from cchc_excel.grid import harmless
from cchc_excel.wording import Words, words

WIDTHS = {
    "assert": 44,
    "what": 44,
    "why": 44,
    "do": 38,
    "says": 44,
    "soft": 32,
    "hard": 32,
    "when": 44,
    "vi": 60,
    "en": 60,
}
WIDTHS |= {"holds_for": 34, "warns_for": 34, "fails_for": 34, "origin": 26, "missing": 16, "severity": 11, "fix": 12}
WIDTHS |= {"code": 8, "target": 14, "for": 18, "en_what": 40, "en_why": 40, "en_do": 36, "en_says": 40}
A3 = 8  # as Excel numbers paper
USUAL_WIDTH, LINE_HEIGHT, MOST_HEIGHT = 13, 15, 400
MOST_ROWS = 5_000  # of a sheet; the shipped form has fewer than a hundred rules
_EMPTY_IN_A_ROW = 200  # rows after which a sheet is taken to have ended
_HEAD = PatternFill("solid", fgColor="1F4E78")
_THIN = Side(style="thin", color="BFBFBF")
_LINE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SEVERITIES = {Severity.ERROR: "FCE4E4", Severity.WARNING: "FFF4D6", Severity.INFO: "E8F1FA"}


class Place(NamedTuple):
    """A cell of the workbook."""

    sheet: str
    cell: str


class Told(NamedTuple):
    """One mistake of the sheet itself, where it stands."""

    place: Place
    kind: str
    facts: Mapping[str, str]


class Row(NamedTuple):
    """One rule of a sheet: by field its value and the cell that it comes from."""

    fields: dict[str, tuple[Any, Place]]


class Sheet(NamedTuple):
    """What a workbook holds: the form that it was exported from, its rules, and what cannot be understood.

    `titles` are those of its columns by field, in the language in which it was exported.
    """

    form: str
    rows: tuple[Row, ...]
    told: tuple[Told, ...]
    titles: Mapping[str, str] = {}
    language: Language = "vi"

    def named(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The facts of a mistake in the words of the sheet: the titles of its columns, and what its lists offer."""
        kind = CHOICES.get(facts.get("field", ""))
        named = dict(facts)
        for fact in ("field", "other"):
            if fact in facts:
                named[fact] = ", ".join(self._title(name) for name in facts[fact].split(", "))
        if kind is not None and "allowed" in facts:
            shown = words(self.language).texts["words"]["rule_sheet"][kind]
            named["allowed"] = ", ".join(str(shown.get(word, word)) for word in facts["allowed"].split(", "))
        return named

    def _title(self, field: str) -> str:
        language, _, english = field.partition(".")
        return self.titles.get(f"en_{english}" if language == "en" and english else field, field)


# --- to a sheet


def rules_workbook(rules: Iterable[tuple[Fields, str]], form: str, spoken: Words) -> bytes:
    """The rules, each with where it is written, as a workbook."""
    rules = list(rules)
    book = Workbook()
    page: Any = book.active
    page.title = spoken.word("rule_sheet", "rules")
    table: list[list[str]] = []
    for fields, origin in rules:
        texts = [_shown(name, cell_of(name, fields), spoken) for name in COLUMNS[:-1]]
        table.append([*texts, origin])  # the last column
    _fill(page, COLUMNS, table, spoken)
    for number, (fields, _) in enumerate(rules, start=2):
        severity = fields.get("severity") or Severity.ERROR
        if severity in _SEVERITIES:
            page.cell(number, 2).fill = PatternFill("solid", fgColor=_SEVERITIES[Severity(severity)])
    _lists(page, len(rules) + 1, spoken)
    hints = [texts for fields, _ in rules for texts in _hints_of(fields)]
    _fill(book.create_sheet(spoken.word("rule_sheet", "hints")), HINT_COLUMNS, hints, spoken)
    about = book.create_sheet(spoken.word("rule_sheet", "about"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 14, 110
    _write(about, 1, 1, spoken.word("rule_sheet", "form"), bold=True)
    _write(about, 1, 2, form)
    for number, text in enumerate(spoken.texts["words"]["rule_sheet"]["says"].values(), start=3):
        _write(about, number, 2, str(text))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _hints_of(fields: Fields) -> Iterator[list[str]]:
    """The hints of a rule as rows of their own sheet."""
    code = str(fields.get("code") or "")
    for hint in fields.get("hints") or []:
        yield [code, *(str(hint.get(name) or "") for name in HINT_COLUMNS[1:])]


def _fill(page: Any, columns: tuple[str, ...], table: list[list[str]], spoken: Words) -> None:
    widths = [WIDTHS.get(name, USUAL_WIDTH) for name in columns]
    for column, (name, width) in enumerate(zip(columns, widths, strict=True), start=1):
        cell = _write(page, 1, column, spoken.word("rule_sheet", "columns", name))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        page.column_dimensions[get_column_letter(column)].width = width
    page.row_dimensions[1].height = 2 * LINE_HEIGHT
    for number, texts in enumerate(table, start=2):
        for column, text in enumerate(texts, start=1):
            _write(page, number, column, text)
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        page.row_dimensions[number].height = min(MOST_HEIGHT, LINE_HEIGHT * lines + 3)
    page.freeze_panes = "B2"
    last_row = len(table) + 1
    if table:
        page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last_row}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A3
    page.page_setup.fitToHeight = 0  # as many pages as it takes
    printed = min(len(OFTEN), len(columns))
    page.print_area = f"A1:{get_column_letter(printed)}{last_row}"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _write(page: Any, row: int, column: int, text: str, *, bold: bool = False) -> Any:
    """A text, whatever it begins with: no program takes it for a formula, nor when it is edited."""
    cell = page.cell(row, column)
    if text:
        cell.value = harmless(text)
        cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text[:1] in "=+-@"
    cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), _LINE
    if bold:
        cell.font = Font(bold=True)
    return cell


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width, in characters."""
    room = max(1, width - 2)
    return sum(max(1, ceil(len(line) / room)) for line in text.split("\n"))


def _lists(page: Any, last: int, spoken: Words) -> None:
    """Drop-downs where a cell takes one of few words; to some rows more than there are, for new rules."""
    texts = spoken.texts["words"]["rule_sheet"]
    options_of: dict[str, Iterable[Any]] = {name: texts[kind].values() for name, kind in CHOICES.items()}
    options_of |= {"missing": Missing, "scope": Scope}
    for name, options in options_of.items():
        joined = ",".join(map(str, options))
        # `missing` may also be said by side (`left = as_zero`), so its list must not refuse other texts
        strict = name in CHOICES
        validation = DataValidation("list", formula1=f'"{joined}"', allow_blank=True, showErrorMessage=strict)
        letter = get_column_letter(COLUMNS.index(name) + 1)
        validation.add(f"{letter}2:{letter}{last + 200}")
        page.add_data_validation(validation)


def _shown(name: str, text: str, spoken: Words) -> str:
    """What a cell shows: of a list its word in the language, any other text as it stands."""
    kind = CHOICES.get(name)
    if kind is None:
        return text
    return str(spoken.texts["words"]["rule_sheet"][kind].get(text, text))


# --- from a sheet


def rules_in(data: bytes) -> Sheet:
    """The rules of a workbook, in either language. Raises what openpyxl raises for bytes that are no workbook."""
    book = load_workbook(BytesIO(data), read_only=False, data_only=False)
    told: list[Told] = []
    rules = _read(book, "rules", COLUMNS, told)
    if not rules and not told:
        told.append(Told(Place(words("vi").word("rule_sheet", "rules"), "A2"), "sheet_empty", {}))
    if not rules:  # nothing more can be said of hints whose rules could not be read
        return Sheet(_form_of(book), (), tuple(told))
    rows = [Row(_fields(texts, told)) for texts in rules]
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(str(row.fields["code"][0]), []).append(row)
    for texts in _read(book, "hints", HINT_COLUMNS, told):
        _add_hint(texts, by_code, told)
    language = _language_of(book)
    titles = {name: words(language).word("rule_sheet", "columns", name) for name in (*COLUMNS, *HINT_COLUMNS)}
    return Sheet(_form_of(book), tuple(rows), tuple(told), titles, language)


def _language_of(book: Any) -> Language:
    """The language in which the sheet was exported, by the name of its first page."""
    return "vi" if words("vi").word("rule_sheet", "rules") in book.sheetnames else "en"


def _add_hint(texts: Mapping[str, tuple[str, Place]], by_code: Mapping[str, list[Row]], told: list[Told]) -> None:
    code, place = texts["code"]
    hint = {name: texts[name][0] for name in HINT_COLUMNS[1:] if texts[name][0]}
    if "when" in hint:
        try:
            hint["when"] = condition_of(hint["when"])
        except DecimalComma as comma:
            told.append(_of_comma(texts["when"][1], comma))
    if code not in by_code:
        sheet = words("vi").word("rule_sheet", "rules")
        told.append(Told(place, "sheet_hint_of_none", {"code": code, "sheet": sheet}))
        return
    # of a code that stands for several rules, the first has the hints; a mistake in any is told at the last
    fields = by_code[code][0].fields
    earlier = fields["hints"][0] if "hints" in fields else []
    _, place_of_when = texts["when"]
    fields["hints"] = ([*earlier, hint], place_of_when)


def _read(book: Any, name: str, columns: tuple[str, ...], told: list[Told]) -> list[dict[str, tuple[str, Place]]]:
    """The rows of a sheet that are not blank: the text of each column with its cell."""
    page = _sheet_called(book, name)
    if page is None:
        title = words("vi").word("rule_sheet", name)
        told.append(Told(Place(title, "A1"), "sheet_missing", {"sheet": title}))
        return []
    column_of = _columns_of(page, columns, told)
    if column_of is None:
        return []
    rows: list[dict[str, tuple[str, Place]]] = []
    blank_rows = 0  # since the last that is not blank
    for number in range(2, min(page.max_row, MOST_ROWS) + 1):
        cells: dict[str, tuple[str, Place]] = {}
        for key, column in column_of.items():
            text = _text(page, number, column, told)
            cells[key] = (text if key in SENTENCES else text.strip(), _place(page, number, column))
        # where a rule came from is no part of it: a row of which the rest was deleted is blank
        if any(text for key, (text, _) in cells.items() if key != "origin"):
            rows.append(cells)
            blank_rows = 0
            continue
        blank_rows += 1
        if blank_rows > _EMPTY_IN_A_ROW:
            break
    return rows


def _sheet_called(book: Any, name: str) -> Any:
    """The sheet with that title in either language, Vietnamese first; None where there is none."""
    for language in ("vi", "en"):
        title = words(language).word("rule_sheet", name)
        if title in book.sheetnames:
            return book[title]
    return None


def _columns_of(page: Any, columns: tuple[str, ...], told: list[Told]) -> dict[str, int] | None:
    """The place of each column, by its title in either language; the order is free. None where one is missing."""
    known = {
        words(language).word("rule_sheet", "columns", name).casefold(): name
        for language in ("en", "vi")
        for name in columns
    }
    found: dict[str, int] = {}
    for column in range(1, min(page.max_column, 200) + 1):
        title = str(page.cell(1, column).value or "").strip()
        name = known.get(title.casefold())
        if name is not None and name not in found:
            found[name] = column
        elif title and (wanted := _missing_here(page, column, columns, known)):
            facts = {"column": title, "title": wanted}
            told.append(Told(_place(page, 1, column), "sheet_column_renamed", facts))
        elif title:
            nearest = ", ".join(get_close_matches(title.casefold(), known, 2))
            told.append(Told(_place(page, 1, column), "sheet_unknown_column", {"column": title, "nearest": nearest}))
    renamed = {str(mistake.facts.get("title", "")) for mistake in told}
    for name in columns:
        if name not in found and name != "origin":
            if words(_language_of(page.parent)).word("rule_sheet", "columns", name) in renamed:
                continue
            title = words("vi").word("rule_sheet", "columns", name)
            told.append(Told(_place(page, 1, 1), "sheet_column", {"column": title}))
    return found if all(name in found or name == "origin" for name in columns) else None


def _missing_here(page: Any, column: int, columns: tuple[str, ...], known: Mapping[str, str]) -> str:
    """The title that stood in a column when the sheet was exported, if no column bears it now; else nothing."""
    titles = {str(page.cell(1, number).value or "").strip().casefold() for number in range(1, page.max_column + 1)}
    there = {known[title] for title in titles if title in known}
    if column > len(columns) or columns[column - 1] in there:
        return ""
    return words(_language_of(page.parent)).word("rule_sheet", "columns", columns[column - 1])


def _text(page: Any, row: int, column: int, told: list[Told]) -> str:
    cell = page.cell(row, column)
    value = cell.value
    if cell.data_type == "f":
        told.append(Told(_place(page, row, column), "sheet_formula", {}))
        return ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "date"):
        return str(value.date().isoformat())
    return str(value) if str(value).strip() else ""


def _place(page: Any, row: int, column: int) -> Place:
    return Place(page.title, f"{get_column_letter(column)}{row}")


def _fields(texts: Mapping[str, tuple[str, Place]], told: list[Told]) -> dict[str, tuple[Any, Place]]:
    """The fields of a rule; what is blank is not said, but its code."""
    fields: dict[str, tuple[Any, Place]] = {"code": texts["code"]}
    english: dict[str, str] = {}
    for name, (text, place) in texts.items():
        if not text or name in {"code", "origin"}:
            continue
        if name in ENGLISH:
            english[name.removeprefix("en_")] = text
            fields["en"] = english, place
            continue
        try:
            fields[name] = _meant(name, value_of(name, text)), place
        except NoCase:
            told.append(Told(place, "sheet_cases", {"text": text if name in CASES else text[:80]}))
        except DecimalComma as comma:
            told.append(_of_comma(place, comma))
    return fields


def _of_comma(place: Place, comma: DecimalComma) -> Told:
    text = str(comma)
    return Told(place, "sheet_decimal_comma", {"text": text, "right": text.replace(",", ".")})


def _meant(name: str, value: Any) -> Any:
    """The word of a list in either language as the rule says it; any other text as it stands."""
    if name not in CHOICES:
        return value
    for language in ("vi", "en"):
        for word, shown in words(language).texts["words"]["rule_sheet"][CHOICES[name]].items():
            if str(value).strip().casefold() in {str(shown).casefold(), word}:
                return word
    return value


def _form_of(book: Any) -> str:
    """The form that the workbook was exported from, as it says."""
    page = _sheet_called(book, "about")
    return "" if page is None else str(page["B1"].value or "").strip()
