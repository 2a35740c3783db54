"""A form as it is sent, laid out on sheets, and as the bytes of a file of some kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from disorders import PARTS, Line, Sent
from sheet_writers import Page, Written, as_csv, as_ods, as_xls, as_xlsb, as_xlsx
from tag_writers import as_html, as_plain_html, as_web_archive, as_xml_2003

from cchc_excel.submission import Period

KINDS: Mapping[str, Callable[[list[Page]], bytes]] = {
    "xlsx": as_xlsx, "xls": as_xls, "ods": as_ods, "xlsb": as_xlsb, "csv": as_csv,
    "xml": as_xml_2003, "mht": as_web_archive, "html": as_html, "plain html": as_plain_html,
}  # fmt: skip

_LOOKS = {
    "percent_cell", "became_a_date", "became_a_time", "shown_in_thousands", "hidden_by_its_format",
    "unit_in_the_format", "percent_sign_in_the_format", "accounting_format", "a_hundred_times_too_much",
    "a_count_shown_as_a_percentage", "a_word_for_thousands_in_the_format", "a_sign_in_the_format",
    "no_minus_in_the_format", "letters_among_the_digits",
}  # fmt: skip
_SHEETS = {
    "over_two_sheets", "two_sheets_of_which_one_has_titles", "a_further_column_on_a_page_without_titles",
    "a_copy_of_the_sheet", "blank_sheets_beside", "a_hidden_old_sheet", "a_sheet_for_each_quarter",
    "a_cover_sheet",
}  # fmt: skip
_SHOWN_ALONE: set[str] = {"a_hidden_old_sheet"}
"""What a page cannot say although Excel saved it: which sheet is hidden."""
_COLOURS = {"digits_in_two_colours"}
"""What our readers of .xlsx and .xls alone know."""
CANNOT_SAY: Mapping[str, set[str]] = {
    "xlsx": set(),
    "xls": {"never_calculated"},
    "ods": {"never_calculated", "tcvn3", *_COLOURS},
    "xlsb": {
        *_COLOURS,
        "never_calculated",
        "struck_out_digits",
        "raised_footnote",
        "shown_in_thousands",
        "tcvn3",
        "value_cells_merged",
        "title_over_two_columns",
        "struck_out_cell",
        "excel_error",
        "a_hundred_times_too_much",
        "a_count_shown_as_a_percentage",
        "a_word_for_thousands_in_the_format",
        "a_sign_in_the_format",
        "no_minus_in_the_format",
        "letters_among_the_digits",
    },
    "csv": {
        "never_calculated",
        "struck_out_cell",
        "thousands_taken_for_a_fraction",
        "struck_out_digits",
        "raised_footnote",
        "value_cells_merged",
        "title_over_two_columns",
        "tcvn3",
    }
    | _LOOKS
    | _COLOURS
    | _SHEETS,
    "xml": {"never_calculated", *_COLOURS},
    "mht": {"never_calculated", *_SHOWN_ALONE, *_COLOURS},
    "html": {"never_calculated", *_SHOWN_ALONE, *_SHEETS, *_COLOURS},
    "plain html": {
        "never_calculated", "struck_out_cell", "thousands_taken_for_a_fraction", "struck_out_digits", "raised_footnote",
        "tcvn3",
    } | _LOOKS | _SHEETS | _COLOURS,
}  # fmt: skip
"""The disorders that a kind of file does not show: what it cannot say cannot be read, and S47 says that once."""


def pages_of(sent: Sent) -> list[Page]:
    """The sheets of a form as it is sent."""
    own = _page(sent, sent.lines, sent.above, sent.sheet)
    pages = [own]
    if sent.second_from:
        at = next(number for number, line in enumerate(sent.lines) if line.id == sent.second_from)
        value = sent.columns.index("value")
        more = ["xmore"] if sent.second_is_wider else []
        second = replace(sent, columns=[*sent.columns[:value], *more, *sent.columns[value:]])
        pages = [
            _page(sent, sent.lines[:at], sent.above, f"{sent.sheet} 1"),
            _page(second, sent.lines[at:], [["(tiếp theo)"]], f"{sent.sheet} 2", titled=sent.second_has_titles),
        ]
    for copy in sent.copies:
        if copy == "the same":
            pages.append(replace(own, name=f"{sent.sheet} (2)"))
        elif copy == "hidden":
            pages.append(replace(_page(sent, _other(sent), sent.above, "Cũ"), visible=False))
        else:
            pages.insert(0, _page(sent, _other(sent), _of_another_period(sent), "Kỳ khác"))
    return [*sent.before, *pages, *sent.after]


def data_of(sent: Sent, kind: str) -> bytes:
    return KINDS[kind](pages_of(sent))


def _other(sent: Sent) -> list[Line]:
    """The same lines with other figures."""
    chance = random.Random(len(sent.lines))

    def other(line: Line) -> Line:
        value = line.value.value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return replace(line, value=Written(chance.randint(100, 199))) if is_number else line

    return [other(line) for line in sent.lines]


def _of_another_period(sent: Sent) -> list[list[str]]:
    if sent.period is None:
        return sent.above
    other = Period(sent.period.year, "Q1" if sent.period.part != "Q1" else "Q2")
    return [[text.replace(PARTS[sent.period.part], PARTS[other.part]) for text in texts] for texts in sent.above]


def _page(sent: Sent, lines: list[Line], above: list[list[str]], name: str, *, titled: bool = True) -> Page:
    page = Page(name)
    row, first = 1 + sent.down, 1 + sent.right
    columns = {role: first + place for place, role in enumerate(sent.columns)}
    titles = dict(sent.titles)

    def put(column: int, cell: Written) -> None:
        if cell.value is not None or cell.formula:
            text = cell.value
            if sent.old_letters and isinstance(text, str):
                cell = replace(cell, value="".join(sent.old_letters.get(it, it) for it in text), font=sent.font)
            page.cells[row, column] = cell

    def put_header() -> None:
        nonlocal row
        if sent.over:
            for role, column in columns.items():
                if role in sent.over_columns:
                    is_first = role == min(sent.over_columns, key=columns.__getitem__)
                    put(column, Written(sent.over if is_first or sent.repeat_titles else None))
                else:
                    put(column, Written(titles[role] or None))
            left, right = (choose(columns[it] for it in sent.over_columns) for choose in (min, max))
            if not sent.repeat_titles and right - left == len(sent.over_columns) - 1:
                page.merges.append((row, left, row, right))
            row += 1
        for role, column in columns.items():
            if not sent.over or role in sent.over_columns or sent.repeat_titles:
                put(column, Written(titles[role] or None))
        row += 1

    for texts in above:
        for place, text in enumerate(texts):
            put(first + place, Written(text))
        row += 1
    if titled:
        put_header()
    if sent.numbered_columns and titled:
        for number, column in enumerate(columns.values(), start=1):
            mark = (
                "ABCDEFGH"[number - 1]
                if sent.numbered_columns == "A" and number < 3
                else str(number - (2 if sent.numbered_columns == "A" else 0))
            )
            put(column, Written(f"({mark})" if sent.numbered_columns == "(1)" else mark))
        row += 1
    if sent.wide_title and titled and abs(columns["value"] - columns["xblank"]) == 1:
        left = min(columns["value"], columns["xblank"])
        title_row = max(it for it, column in page.cells if column == columns["value"] and it < row)
        title = page.cells.pop((title_row, columns["value"]))
        page.cells[title_row, left] = title
        page.merges.append((title_row, left, title_row, left + 1))
    rows: dict[str, int] = {}
    for number, line in enumerate(lines):
        if line.id and line.id == sent.again_from:
            titles["value"] = sent.title_again
            if sent.line_again:
                put(first, Written(sent.line_again))
                row += 1
            put_header()
        elif number in sent.header_again and titled and not sent.merged:
            put_header()
        rows.setdefault(line.id, row)
        cells = {"stt": Written(line.stt if line.stt != "" else None), "label": Written(line.label or None)}
        cells |= {
            "unit": Written(line.unit or None),
            "value": line.value,
            "note": Written(line.note or None),
            **line.others,
        }
        for role, column in columns.items():
            put(column, cells.get(role, Written()))
        if line.id in sent.hidden:
            page.hidden_rows.add(row)
        row += 1
    if sent.form_below:
        for texts in _of_another_period(sent):
            for place, text in enumerate(texts):
                put(first + place, Written(text))
            row += 1
        put_header()
        for line in _other(sent):
            cells = {"stt": Written(line.stt if line.stt != "" else None), "label": Written(line.label or None)}
            cells |= {"unit": Written(line.unit or None), "value": line.value, "note": Written(line.note or None)}
            for role, column in columns.items():
                put(column, {**cells, **line.others}.get(role, Written()))
            row += 1
    for text in sent.below:
        put(columns["label"], Written(text or None))
        row += 1
    for one, other in sent.merged:
        if one in rows and other in rows and rows[other] == rows[one] + 1:
            page.merges.append((rows[one], columns["value"], rows[other], columns["value"]))
    return page
