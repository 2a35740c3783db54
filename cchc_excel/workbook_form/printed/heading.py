"""The lines above the table: letterhead, title, caption, and the four cells that say who reports and when.

The letterhead and the caption are formulas over those four cells. Their results are written beside
them, computed here in the same way, for programs that show a file without calculating it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from cchc_excel.excel.writing.strict import CREATED, StrictWorksheet
from cchc_excel.form import Form, names
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.printed import layout
from cchc_excel.workbook_form.printed.layout import (
    CAPTION,
    DAY_CELL,
    LETTERHEAD,
    NUMBER_CELL,
    PERIOD_CELL,
    TITLE,
    UNIT_CELL,
)
from cchc_excel.workbook_form.printed.lists import Lists, PeriodsOffered
from cchc_excel.workbook_form.printed.measure import height, lines
from cchc_excel.workbook_form.printed.signer import Signature
from cchc_excel.workbook_form.printed.styles import SIZE, STATE_SIZE, TITLE_SIZE, TO_FILL, Styles

_LONGEST_UNIT = 100
_TWO_WORDS = ("thị", "thành", "đặc")  # thị trấn, thị xã, thành phố, đặc khu
_OFFICE = "Ủy ban nhân dân"


@dataclass(frozen=True, slots=True)
class Who:
    """Who reports and when, as the four cells show it; empty where it is not known yet."""

    unit: str = ""
    period: str = ""
    number: str = ""
    day: date | None = None


def draw_heading(sheet: StrictWorksheet, styles: Styles, form: Form, who: Who, lists: Lists) -> None:
    """Write rows 1 to 5."""
    level = form.level if form.level in {"xa", "huyen", "tinh"} else "xa"
    office = form.office or say("level", level, "office")
    signature = Signature(form, who.unit, UNIT_CELL)
    texts = _Texts(who, office, form.office.upper() or say("level", level, "capitals"), signature)
    _letterhead(sheet, styles, texts)
    _title(sheet, styles, form, texts)
    _inputs(sheet, styles, who, signature)
    if form.signers:
        _open_sign(sheet, styles, signature)
    _guards(sheet, form, texts, lists)
    to_fill = styles.changed(bg_color=TO_FILL)
    for cell in (UNIT_CELL, PERIOD_CELL, NUMBER_CELL, DAY_CELL):
        is_blank = f'=SUBSTITUTE({layout.fixed(cell)}&"","{say("dots")}","")=""'
        sheet.conditional_format(_with_merge(cell), {"type": "formula", "criteria": is_blank, "format": to_fill})


def _with_merge(cell: str) -> str:
    """The cell, or the two that it spreads over."""
    return f"{cell}:E{cell[1:]}" if cell.startswith("D") else cell


class _Texts:
    """Each composed text as a formula, and what it comes to."""

    def __init__(self, who: Who, office: str, capitals: str, signature: Signature) -> None:
        self.who, self.office, self.capitals, self.dots = who, office, capitals, say("dots")
        self.sign = signature.sign()

    def letterhead(self) -> tuple[str, str]:
        blank = f"{self.capitals} {4 * self.dots}"
        rule = say("letterhead", "rule")
        formula = f'=IF({UNIT_CELL}="","{blank}",UPPER({UNIT_CELL}))&CHAR(10)&"{rule}"'
        unit = self.who.unit.upper() or blank
        return formula, f"{unit}\n{rule}"

    def title(self, title: str) -> tuple[str, str]:
        """The title, with the unit in the place that it leaves for it; without such a place no formula."""
        before, place, after = title.partition(names.UNIT_IN_TITLE)
        head = say("title")
        if not place:
            return "", f"{head}\n{title}"
        unit_formula = f'IF({UNIT_CELL}="","{self.capitals}",UPPER({UNIT_CELL}))'
        end = f'&"{after}"' if after else ""
        formula = f'="{head}"&CHAR(10)&"{before}"&{unit_formula}{end}'
        unit = self.who.unit.upper() or self.capitals
        return formula, f"{head}\n{before}{unit}{after}"

    def place(self) -> tuple[str, str]:
        """The unit's name without its office and level: where the report is signed."""
        short = f'SUBSTITUTE({UNIT_CELL},"{_OFFICE}","UBND")'
        level_of_two_words = ",".join(f'LEFT({short},{len(word) + 6})="UBND {word} "' for word in _TWO_WORDS)
        # the space behind UBND and the level becomes a mark that can be found
        marked = f'SUBSTITUTE({short}," ","|",IF(OR({level_of_two_words}),3,2))'
        name = f'MID({short},FIND("|",{marked})+1,{_LONGEST_UNIT})'
        dots = 3 * self.dots
        formula = f'=IFERROR(IF(UPPER(LEFT({short},5))="UBND ",{name},"{dots}"),"{dots}")&","'
        return formula, self._place() + ","

    def _place(self) -> str:
        """What the formula of the place comes to, without its comma."""
        unknown = 3 * self.dots
        parts = self.who.unit.replace(_OFFICE, "UBND").split(" ")
        if parts[0].upper() != "UBND":
            return unknown  # an office's name does not tell where it is
        level = parts[1].lower() if len(parts) > 2 else ""
        skipped = 3 if level in _TWO_WORDS else 2
        return " ".join(parts[skipped:]) if len(parts) > skipped else unknown

    def _of_day(self, function: str, number_format: str) -> str:
        """The formula of the day, the month or the year of the report."""
        return f'IF(ISNUMBER({DAY_CELL}),TEXT({function}({DAY_CELL}),"{number_format}"),"{self.dots}")'

    def caption(self) -> tuple[str, str]:
        """What stands below the title: which report of which unit, of when."""
        day, dots = self.who.day, self.dots
        formulas = {
            "number": f'IF({NUMBER_CELL}="","{dots}",{NUMBER_CELL})',
            "sign": self.sign.formula,
            "unit": f'IF({UNIT_CELL}="","{self.office} {dots}",{UNIT_CELL})',
            "day": self._of_day("DAY", "00"),
            "month": self._of_day("MONTH", "00"),
            "year": self._of_day("YEAR", "0"),
        }
        pieces = []
        for place, piece in enumerate(re.split(r"\{(\w+)\}", say("caption"))):
            is_name = place % 2 == 1  # `split` gives what stands between and the names in turn
            if piece:
                pieces.append(formulas[piece] if is_name else f'"{piece}"')
        return "=" + "&".join(pieces), say("caption").format(
            number=self.who.number or dots,
            sign=self.sign.result,
            unit=self.who.unit or f"{self.office} {dots}",
            day=f"{day.day:02}" if day else dots,
            month=f"{day.month:02}" if day else dots,
            year=day.year if day else dots,
        )


def _merged_formula(sheet: StrictWorksheet, cells: str, text: tuple[str, str], style: Any) -> None:
    """XlsxWriter merges blanks only; the formula goes into the first cell afterwards."""
    sheet.merge_range(cells, None, style)
    formula, result = text
    sheet.write_formula(cells.partition(":")[0], formula, style, result)


def _letterhead(sheet: StrictWorksheet, styles: Styles, texts: _Texts) -> None:
    middle = styles.get(bold=True, align="center", valign="top", text_wrap=True)
    _merged_formula(sheet, f"A{LETTERHEAD}:B{LETTERHEAD}", texts.letterhead(), middle)
    state = styles.get(bold=True, font_size=STATE_SIZE)
    motto = styles.get(bold=True, underline=1)
    sheet.merge_range(f"C{LETTERHEAD}:E{LETTERHEAD}", None, middle)
    lines_of_state = (state, say("letterhead", "state") + "\n", motto, say("letterhead", "motto"))
    sheet.write_rich_string(f"C{LETTERHEAD}", *lines_of_state, middle)
    sheet.set_row(LETTERHEAD - 1, height(2, SIZE))
    formula, place = texts.place()
    right = styles.get(italic=True, align="right", shrink=True)
    sheet.write_formula(f"C{layout.NUMBER_AND_DAY}", formula, right, place)
    sheet.write(f"A{layout.NUMBER_AND_DAY}", say("letterhead", "number"), styles.get(align="right"))
    sheet.set_row(layout.NUMBER_AND_DAY - 1, height(1, SIZE))


def _title(sheet: StrictWorksheet, styles: Styles, form: Form, texts: _Texts) -> None:
    across = sum(layout.WIDTHS.values())
    formula, title = texts.title(form.title)
    bold = styles.get(bold=True, font_size=TITLE_SIZE, align="center", text_wrap=True)
    if formula:
        _merged_formula(sheet, f"A{TITLE}:E{TITLE}", (formula, title), bold)
    else:
        sheet.merge_range(f"A{TITLE}:E{TITLE}", title, bold)
    sheet.set_row(TITLE - 1, height(lines(title, across, TITLE_SIZE, bold=True), TITLE_SIZE))
    formula, caption = texts.caption()
    italic = styles.get(italic=True, align="center", text_wrap=True)
    _merged_formula(sheet, f"A{CAPTION}:E{CAPTION}", (formula, caption), italic)
    longest = f"{caption} {20 * 'n'}"  # room for a number and a day that are typed later
    sheet.set_row(CAPTION - 1, height(lines(longest, across, SIZE), SIZE))


def _inputs(sheet: StrictWorksheet, styles: Styles, who: Who, signature: Signature) -> None:
    row = layout.INPUTS
    sheet.write(f"A{row}", say("unit_label"), styles.get())
    sheet.write(f"C{row}", say("period_label"), styles.get(align="right"))
    sheet.set_row(row - 1, height(1, SIZE) + 3)
    typed = {"locked": False, "align": "left"}
    line = {**typed, "bold": True, "bottom": 4}
    number = styles.get(**typed, num_format=say("letterhead", "number_format", sign=signature.sign().result))
    day = styles.get(**typed, italic=True, num_format=say("letterhead", "day_format"))
    sheet.write(UNIT_CELL, who.unit, styles.get(**line, shrink=True))
    sheet.merge_range(_with_merge(PERIOD_CELL), who.period, styles.get(**line))
    sheet.write(NUMBER_CELL, who.number or say("dots"), number)
    sheet.merge_range(_with_merge(DAY_CELL), None, day)
    if who.day is None:
        sheet.write(DAY_CELL, say("dots"), day)
    else:
        sheet.write_datetime(DAY_CELL, datetime.combine(who.day, time()), day)


def _open_sign(sheet: StrictWorksheet, styles: Styles, signature: Signature) -> None:
    """Leave the sign open where a name is typed that has another one: no format follows it; the caption says it."""
    left_open = styles.changed(num_format=say("letterhead", "number_format", sign=say("dots")))
    is_another = f"={signature.is_another()}"
    sheet.conditional_format(NUMBER_CELL, {"type": "formula", "criteria": is_another, "format": left_open})


def _guards(sheet: StrictWorksheet, form: Form, texts: _Texts, lists: Lists) -> None:
    periods = PeriodsOffered(form)
    year = periods.nearest(_year_of(texts.who.period))
    facts = {"example": next(iter(periods.names(year)), ""), "office": texts.office, "sign": texts.sign.result}
    limits: dict[str, tuple[str, dict[str, Any]]] = {
        "unit": (UNIT_CELL, {"validate": "length", "criteria": "<=", "value": _LONGEST_UNIT}),
        "period": (
            PERIOD_CELL,
            # A warning only: the list holds two years, and a late report may be of another.
            {"validate": "list", "source": lists.of_years(periods, year), "error_type": "warning"},
        ),
        "number": (NUMBER_CELL, {"validate": "custom", "value": f'=ISERROR(SEARCH("BC",{NUMBER_CELL}))'}),
        "day": (DAY_CELL, {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}),
    }
    for name, (cell, limit) in limits.items():
        options = {
            **limit,
            "input_title": say("meta", name, "title"),
            "input_message": say("meta", name, "says", **facts),
            "error_title": say("error", "title"),
            "error_message": say("meta", name, "error", **facts),
        }
        sheet.data_validation(cell, options)


def _year_of(period: str) -> int:
    found = re.search(r"20\d\d", period)
    return int(found[0]) if found else CREATED.year
