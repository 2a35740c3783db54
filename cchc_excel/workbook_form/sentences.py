"""What a live check says: the sentences of the program and of the form, with the figures put in by formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from cchc_excel.codes import CODES, InTemplate
from cchc_excel.form import Check, Indicator
from cchc_excel.form.checks import PLACEHOLDER
from cchc_excel.form.language import Node, compile_condition, compile_number, parse_number, prose
from cchc_excel.form.language.excel import Where, excel_number, excel_unread, excel_verdict
from cchc_excel.form.language.syntax import EARLIER
from cchc_excel.wording import words
from cchc_excel.wording.form import say
from cchc_excel.workbook_form.cell import Live, Piece, as_text, joined, result_of, shown
from cchc_excel.workbook_form.contents import Contents
from cchc_excel.workbook_form.in_time import InTime
from cchc_excel.workbook_form.printed.layout import SHOWN, SHOWN_BEFORE, Layout

_NO_PROSE = frozenset({"blank", "agrees", "truncated", "is_integer"})
_RATE = frozenset({"part", "whole", "written"})
_BEFORE = "<"  # before the id of an earlier figure
_NAME = re.compile("\0([^\0]*)\0")


class Sentences:
    """The sentences of one workbook's checks."""

    def __init__(self, layout: Layout, contents: Contents, where: Where) -> None:
        self.layout, self.form, self.contents, self.where = layout, layout.form, contents, where
        self.own = {check.code for check in self.form.own_checks()}
        previous = contents.previous
        self.period = words("vi").period(previous.period) if previous else ""

    def what(self, code: str, check: Check | None = None) -> str:
        """What is checked."""
        return self._page(code, "what", check)

    def do(self, code: str, check: Check | None = None) -> str:
        """What to do where it fails."""
        return self._page(code, "do", check)

    def _page(self, code: str, part: str, check: Check | None) -> str:
        if check is not None and check.texts:
            return check.texts[part]["vi"]
        built_in = CODES.get(code)
        if built_in and built_in.in_template is InTemplate.UNREAD:
            return say("live", "unread", code, part)
        return words("vi").page(code, self.form)[part]

    def message(self, code: str, in_time: InTime | None) -> Live:
        """What is wrong, should the check fail."""
        if in_time is None:
            return joined([say("live", "unread", code, "says")])
        check = in_time.check
        if code in self.own:
            return joined(self._own(check))
        if CODES[code].in_template is InTemplate.BY_TITLE:
            return joined([words("vi").title(code, self.form) + "."])
        return joined(self._facts(str(words("vi").texts["codes"][code]["says"]), check, in_time.row))

    def figures(self, target: str, check: Check | None) -> Live:
        """The figures that are compared, as a condition where that is short."""
        if check is None:
            return self.cell(target)
        operators = {node.op for node in check.condition.walk()}
        if not operators & _NO_PROSE:
            text = prose(_marked(check.condition), "vi", "\0{}\0".format)
            return joined(_put_in(text, _NAME, self.cell))
        if set(check.roles) >= _RATE:
            return joined(self._facts(say("live", "figures", "rate"), check, self.form[target]))
        return joined(self._listed("; ", check.involved))

    def _listed(self, separator: str, keys: Iterable[str]) -> Iterator[Piece]:
        for place, key in enumerate(keys):
            if place:
                yield separator
            yield self.cell(key)

    def cell(self, key: str) -> Live:
        """A row's figure as a text: the cell of the second sheet where it stands so."""
        if key.startswith(_BEFORE):
            key = key.removeprefix(_BEFORE)
            return Live(f"${SHOWN_BEFORE}${self.layout.rows[key]}", self._before(key))
        return Live(f"${SHOWN}${self.layout.rows[key]}", self._shown(key))

    def shown_cells(self) -> Iterator[tuple[str, Live]]:
        """Every figure as a text, with its cell."""
        blank, unread = say("live", "figures", "blank"), say("live", "figures", "unread")
        for row in self.form.entries:
            cell = self.where.at[row.id]
            given = cell if row.kind.is_text else _with_decimal_comma(cell)
            read = f'IF({excel_unread(row.id, self.where)},"{unread}",{given})'
            formula = f'IF(COUNTBLANK({cell})=1,"{blank}",{read})'
            yield f"{SHOWN}{self.layout.rows[row.id]}", Live(formula, self._shown(row.id))

    def shown_before(self) -> Iterator[tuple[str, Live]]:
        """Every earlier figure as a text, with its cell; nothing without an earlier submission."""
        if self.where.previous is None:
            return
        blank = say("live", "figures", "blank")
        for key, cell in self.where.previous.items():
            formula = f'IF(COUNT({cell})=1,{_with_decimal_comma(cell)},"{blank}")'
            yield f"{SHOWN_BEFORE}{self.layout.rows[key]}", Live(formula, self._before(key))

    def _shown(self, key: str) -> str:
        record = self.contents.record
        if key not in record.values:
            return say("live", "figures", "unread" if key in record.unread else "blank")
        return shown(record.values[key])

    def _before(self, key: str) -> str:
        previous = self.contents.record.previous
        figure = previous.values.get(key) if previous else None
        if figure is None or isinstance(figure, str):
            return say("live", "figures", "blank")
        return shown(figure)

    # --- the form's own sentences

    def _own(self, check: Check) -> Iterator[Piece]:
        says = check.texts["says"]["vi"]
        if says:
            yield from self._expressions(says)
        else:
            yield f"{check.texts['what']['vi']} ("
            for place, key in enumerate(check.involved):
                separator = "; " if place else ""
                yield f"{separator}{key} = "
                yield self.cell(key)
            yield ")"
        for hint in check.hints:
            holds = excel_verdict(hint.when, self.where)
            text = joined([" ", *self._expressions(hint.says["vi"])])
            result = text.result if compile_condition(hint.when)(self.contents.record) else ""
            yield Live(f'IF({holds}=1,{text.formula},"")', result)

    def _expressions(self, text: str) -> Iterator[Piece]:
        yield from _put_in(text, PLACEHOLDER, lambda expression: self._calculated(parse_number(expression)))

    def _calculated(self, node: Node) -> Live:
        if node.op == "entry":
            return self.cell(str(node.value))
        result = result_of(compile_number(node)(self.contents.record))
        return as_text(Live(excel_number(node, self.where), result))

    # --- the program's sentences

    def _facts(self, text: str, check: Check, row: Indicator) -> Iterator[Piece]:
        yield from _put_in(text, PLACEHOLDER, lambda name: self._fact(name, check, row))

    def _fact(self, name: str, check: Check, row: Indicator) -> Piece:
        match name:
            case "before":
                return self.cell(_BEFORE + check.target)
            case "period":
                return self.period
            case "expected" if check.expected is not None:
                return self._calculated(check.expected)
            case "parts":
                return joined(self._listed(" + ", row.total_of))
            case "at_most" if row.at_most is not None:
                return words("vi").number(row.at_most)
            case "at_least" if row.at_least is not None:
                return words("vi").number(row.at_least)
            case "unit":
                return row.unit
            case "value":
                return self.cell(check.target)
            case _:
                return self.cell(check.roles.get(name, check.target))


def _put_in(text: str, placeholder: re.Pattern[str], piece_for: Callable[[str], Piece]) -> Iterator[Piece]:
    """The pieces of a text, with something else for what the one group of each placeholder holds."""
    for place, piece in enumerate(placeholder.split(text)):
        is_placeholder = place % 2 == 1  # `split` gives what stands between and what the group holds in turn
        yield piece_for(piece) if is_placeholder else piece


def _with_decimal_comma(cell: str) -> str:
    return f'SUBSTITUTE({cell}&"",".",",")'


def _marked(node: Node) -> Node:
    """The tree with a mark on the ids of earlier figures, which prose would not tell from the others."""
    if node.op in EARLIER:
        entry = node.args[0]
        return node._replace(args=(entry._replace(value=f"{_BEFORE}{entry.value}"),))
    return node._replace(args=tuple(map(_marked, node.args)))
