"""A form folder → Form. Every mistake in it is found in one pass and said with file and line.

Beside its rows, a form.yaml may set how bad the findings of built-in codes are in this form:

    severities: {C05: warning, T16: error}

Whatever reads, checks, fills in or explains the form obeys that, and the solver takes errors alone for constraints. A
form that extends another one keeps what that one sets, unless it sets it otherwise. The severity of a rule of its own
stands with the rule; that of a file that could not be read at all (S01 to S08) cannot be set.

In:     a folder with form.yaml and, if the form has checks of its own, checks.yaml.
Out:    a Form, or FormDefinitionError with all mistakes.
Never:  a form half loaded; a check without a case that holds and a case that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cchc_excel.codes import CODES, Severity
from cchc_excel.errors import FormDefinitionError, NoSuchForm
from cchc_excel.form.checks import load_checks
from cchc_excel.form.documents import load_file
from cchc_excel.form.folders import STANDARD, form_folder
from cchc_excel.form.form import Column, Form
from cchc_excel.form.lines import Fields, Line, Located, Mistakes
from cchc_excel.form.model import LEVELS, Indicator, Kind, Limit, Printed, Signer
from cchc_excel.form.nature import MERGES, WORDS, Nature, Units, merge_of, nature_before, nature_of
from cchc_excel.form.period import ALL_PARTS, ALWAYS
from cchc_excel.form.prepared import prepared_from
from cchc_excel.form.relations import derived_checks

FORM_FIELDS = frozenset(
    {
        *("form", "version", "title", "level", "columns", "group_title", "nested", "indicators", "extends", "remove"),
        *("severities", "periods", "from", "until", "levels", "no_longer", "office", "signers"),
    }
)
PERIOD_FIELDS = frozenset({"closing_day", "listed"})
LIMIT_FIELDS = frozenset({"value", "from", "until", "only"})
_OF_ITSELF = ("extends", "remove", "from", "until")  # fields that a form does not hand on to one that extends it
_LAST_CLOSING_DAY = 28  # every month has one
SIGNER_FIELDS = frozenset({"of", "title", "sign"})
COLUMN_FIELDS = frozenset({"title", "also"})
PRINTED_FIELDS = frozenset({"stt", "label", "unit", "note"})
ROW_FIELDS = frozenset(
    {
        *("id", "stt", "label", "unit", "kind", "is", "part", "whole", "of", "total_of"),
        *("required", "may_exceed", "at_most", "at_least", "negative", "reported_by", "same_as", "options", "note"),
        *("printed", "after", "from", "until", "only", "may_be_absent", "fixed", "doubt", "comes_in_bursts"),
        "settled_by",
        *("merge", "weight", "cumulative", "annual_plan", "stock"),
    }
)
_FLAGS_BEFORE_IS = ("cumulative", "annual_plan", "stock")
_BEFORE_IS = ("merge", *_FLAGS_BEFORE_IS)  # fields that said what a row is before there was `is`
ROLES = ("stt", "label", "unit", "value", "note")


@lru_cache(maxsize=16)  # forms: to load one takes 60 ms
def _loaded(folder: Path, _changed: tuple[float, ...], editions: tuple[str, ...]) -> Form:
    prepared: Form | None = prepared_from(sources(folder), folder / "form.yaml")
    if prepared and prepared.editions == editions:
        return prepared
    return _form(_merged_with_base(folder, ()), editions)


def sources(folder: Path) -> Iterator[Path]:
    """The files that the form of a folder may be made of: its own, and those of the folders beside it.

    They are looked for when the first is asked for: beside an office's own form may lie thousands of folders.
    """
    yield from sorted(folder.parent.glob("*/*.yaml"))


def load_form(form: str | Path = STANDARD, editions: tuple[str, ...] = ()) -> Form:
    """Return the form of a folder, or the shipped form of that name; loaded again only if its files change.

    `editions` are the forms that may take its place where it does not hold.

    Raises NoSuchForm if there is none, FormDefinitionError with every mistake in its files.
    """
    folder = form_folder(form).resolve()
    changed = tuple(path.stat().st_mtime for path in sorted(folder.glob("*.yaml")))
    return _loaded(folder, changed, editions)


class Declared(NamedTuple):
    """The rules of a form as they are written: fields by name, and the codes that it has of the form it extends."""

    rules: tuple[Located, ...]
    inherited: tuple[str, ...]


def declared_rules(form: str | Path = STANDARD) -> Declared:
    """Return what the files of a form say of its rules, after `extends` was followed.

    Raises NoSuchForm if there is no such form.
    """
    document = _merged_with_base(form_folder(form).resolve(), ())
    return Declared(tuple(document.check_items), tuple(document.inherited))


class _Document:
    """The raw fields of a form and its checks, after `extends` was followed."""

    def __init__(self, folder: Path) -> None:
        self.mistakes = Mistakes(f"{folder.name}/form.yaml")
        self.check_mistakes = Mistakes(f"{folder.name}/checks.yaml")
        form = load_file(folder / "form.yaml", self.mistakes)
        self.form = Fields(form, self.mistakes, FORM_FIELDS)
        self.indicators = self.form.items("indicators")
        self.severities = _severities(self.form, self.mistakes)
        checks = folder / "checks.yaml"
        of_checks = load_file(checks, self.check_mistakes) if checks.is_file() else Located({}, 1)
        self.checks = Fields(of_checks, self.check_mistakes, frozenset({"checks", "remove"}))
        self.check_items = self.checks.items("checks")
        self.removed: dict[str, Line] = {}
        self.inherited: list[str] = []


def _merged_with_base(folder: Path, seen: tuple[Path, ...]) -> _Document:
    """Read a folder; where it extends another form, put its changes over that one's rows and checks."""
    document = _Document(folder)
    base_name = document.form.text("extends")
    if not base_name:
        return document
    try:
        base_folder = _folder_of_base(folder, base_name)
    except NoSuchForm:
        document.mistakes.add(document.form.line_of("extends"), "no_base", name=base_name)
        return document
    if base_folder in (*seen, folder):
        document.mistakes.add(document.form.line_of("extends"), "cycle", ids=base_name)
        return document
    _put_over(_merged_with_base(base_folder, (*seen, folder)), document)
    return document


def _folder_of_base(folder: Path, base_name: str) -> Path:
    """The folder of a form that is extended: one beside the form's own, else a shipped one. Raises NoSuchForm."""
    beside = folder.parent / base_name
    is_beside = (beside / "form.yaml").is_file()
    return (beside if is_beside else form_folder(base_name)).resolve()


def _put_over(base: _Document, document: _Document) -> None:
    """Let a document hold all that it takes over of its base, with its own changes over that."""
    document.mistakes.found = base.mistakes.found | document.mistakes.found
    document.check_mistakes.found = base.check_mistakes.found | document.check_mistakes.found
    document.severities = {**base.severities, **document.severities}
    handed_on = {name: value for name, value in base.form.fields.items() if name not in _OF_ITSELF}
    document.form.fields = {**handed_on, **document.form.fields}
    removed_rows = _removed(document.form, base.indicators, "id")
    document.removed = {**base.removed, **removed_rows}
    document.indicators = _overlaid(base.indicators, document.indicators, "id", removed_rows, document.mistakes)
    removed_checks = _removed(document.checks, base.check_items, "code")
    document.inherited = [_key(item, "code") for item in base.check_items]
    document.check_items = _overlaid(
        base.check_items, document.check_items, "code", removed_checks, document.check_mistakes
    )


def _removed(fields: Fields, base: Iterable[Located], key: str) -> dict[str, Line]:
    """What a form takes out of the one that it extends, each with the line where it says so."""
    fields.texts("remove")  # which adds a mistake for what is no list of texts
    listed = fields.get("remove")
    known = {_key(item, key) for item in base}
    removed: dict[str, Line] = {}
    if not isinstance(listed, list):
        return removed
    for item in listed:
        if item.value in known:
            removed[item.value] = item.line
        elif isinstance(item.value, str):
            nearest = ", ".join(get_close_matches(item.value, known, 3))
            fields.mistakes.add(item.line, "nothing_removed", name=item.value, nearest=nearest)
    return removed


def _overlaid(
    base: list[Located], changes: list[Located], key: str, removed: Mapping[str, Line], mistakes: Mistakes
) -> list[Located]:
    """The items of the base without those removed, with the changes over them.

    A change of an item that is there replaces its fields; another one is a new item, which goes behind the item that it
    names with `after`, else to the end.
    """
    items = {_key(item, key): item for item in base if _key(item, key) not in removed}
    order = list(items)
    for change in changes:
        name = _key(change, key)
        if name in items and isinstance(change.value, dict):
            items[name] = Located(_changed(items[name].value, change.value), change.line)
        else:
            items[name] = change
            order.insert(_place_of(change, order, mistakes), name)
    return [items[name] for name in order]


def _place_of(item: Located, order: list[str], mistakes: Mistakes) -> int:
    """Where a new item goes among the others, by its `after`."""
    after = item.value.get("after") if isinstance(item.value, dict) else None
    if after is None:
        return len(order)
    if after.value in order:
        return order.index(after.value) + 1
    nearest = ", ".join(get_close_matches(str(after.value), order, 3))
    mistakes.add(after.line, "unknown_id", id=after.value, nearest=nearest)
    return len(order)


def _changed(fields: Mapping[str, Located], changes: Mapping[str, Located]) -> Mapping[str, Located]:
    """The fields of an item with some replaced; `is` and the fields that it stands for take each other's place."""
    kept = dict(fields)
    if "is" in changes:
        kept = {name: value for name, value in kept.items() if name not in _BEFORE_IS}
    elif "is" in kept and not changes.keys().isdisjoint(_BEFORE_IS):
        kept = _without_is(kept)
    return {**kept, **changes}


def _without_is(fields: Mapping[str, Located]) -> dict[str, Located]:
    """The fields of a row with those that said what it is before there was `is`."""
    said_before = dict(fields)
    declared = said_before.pop("is")
    nature = nature_of(str(declared.value).split()) or Nature()
    merge = merge_of(nature, has_parts="part" in fields, has_base="of" in fields or "weight" in fields)
    said_before["merge"] = Located(merge, declared.line)
    for flag in _FLAGS_BEFORE_IS:
        if getattr(nature, flag):
            said_before[flag] = Located("true", declared.line)
    return said_before


def _key(item: Located, key: str) -> str:
    """What an item is called by; one that does not say it is told by its line."""
    located = item.value.get(key) if isinstance(item.value, dict) else None
    return str(located.value) if located else f"line {item.line}"


def _form(document: _Document, editions: tuple[str, ...]) -> Form:
    """Make the form of what its files say. Raises FormDefinitionError with all mistakes."""
    fields, mistakes = document.form, document.mistakes
    indicators = _indicators(document.indicators, mistakes)
    by_id = {row.id: row for row in indicators}
    columns = _columns(fields, mistakes)
    if not by_id:
        mistakes.add(fields.line, "empty_form")
    _check_relations(indicators, by_id, mistakes, document.removed)
    own = load_checks(document.check_items, by_id, document.check_mistakes, document.removed)
    when = fields.when()
    name, title = fields.needed("form"), fields.needed("title")
    version, level, group_title = fields.text("version"), fields.text("level", "xa"), fields.text("group_title")
    nested = _nested(fields) if "nested" in fields.fields else None
    periods = _periods(fields, mistakes, nested)
    found = (*mistakes.found, *document.check_mistakes.found)
    if found:
        raise FormDefinitionError(found)
    return Form(
        id=name,
        version=version,
        title=title,
        level=level,
        columns=columns,
        group_title=group_title,
        indicators=indicators,
        checks=(*derived_checks(indicators, document.severities), *own),
        nested=nested,
        closing_day=periods.closing_day,
        listed=periods.listed,
        holds_from=when.first,
        holds_until=when.last,
        levels=_levels(fields, level),
        no_longer=fields.texts("no_longer"),
        office=fields.text("office"),
        signers=_signers(fields, mistakes),
        severities=document.severities,
        editions=editions,
    )


def _columns(fields: Fields, mistakes: Mistakes) -> tuple[Column, ...]:
    located = fields.fields.get("columns")
    if located is None:
        mistakes.add(fields.line, "missing_field", field="columns")
        return ()
    named = Fields(located, mistakes, frozenset(ROLES))
    for role in ("label", "value"):
        if role not in named.fields:
            mistakes.add(located.line, "missing_field", field=f"columns.{role}")
    columns = []
    for role, column in named.fields.items():
        inner = Fields(column, mistakes, COLUMN_FIELDS)
        columns.append(Column(role, inner.needed("title"), inner.texts("also")))
    return tuple(columns)


def _signers(fields: Fields, mistakes: Mistakes) -> tuple[Signer, ...]:
    """Who signs for which kind of office."""
    items = (Fields(item, mistakes, SIGNER_FIELDS) for item in fields.items("signers"))
    return tuple(Signer(item.needed("of"), item.needed("title"), item.text("sign")) for item in items)


def _nested(fields: Fields) -> tuple[tuple[str, str], ...]:
    """The pairs of parts of a year of which the first lies within the second."""
    pairs = []
    for item in fields.items("nested"):
        names = [part.value for part in item.value] if isinstance(item.value, list) else []
        if len(names) == 2 and all(isinstance(name, str) for name in names):
            shorter, longer = names
            pairs.append((shorter, longer))
        else:
            fields.mistakes.add(item.line, "bad_value", field="nested", value=names or item.value, allowed="[Q1, H1]")
    return tuple(pairs)


class _Periods(NamedTuple):
    """What a form says of its periods: the day on which data close, and the parts of a year in their order."""

    closing_day: int | None
    listed: tuple[str, ...]


def _periods(fields: Fields, mistakes: Mistakes, nested: tuple[tuple[str, str], ...] | None) -> _Periods:
    """The day on which data close, and the parts of a year that the form is reported for, in their order."""
    usual = ALL_PARTS
    if nested:
        in_pairs = {part for pair in nested for part in pair}
        usual = tuple(part for part in ALL_PARTS if part in in_pairs)
    located = fields.fields.get("periods")
    if located is None:
        return _Periods(None, usual)
    inner = Fields(located, mistakes, PERIOD_FIELDS)
    closing_day = _closing_day(inner)
    return _Periods(closing_day, inner.parts("listed") or usual)


def _closing_day(fields: Fields) -> int | None:
    """The day of a month on which data close."""
    day = fields.number("closing_day")
    if day is None:
        return None
    if day.denominator != 1 or not 1 <= day <= _LAST_CLOSING_DAY:
        fields.bad("closing_day", f"1 … {_LAST_CLOSING_DAY}")
        return None
    return int(day)


def _levels(fields: Fields, level: str) -> tuple[str, ...]:
    """The levels that there are, the form's own among them."""
    levels = fields.texts("levels") or LEVELS
    in_order = tuple(name for name in LEVELS if name in levels)
    lacks_own = "levels" in fields.fields and level not in levels
    if levels != in_order or lacks_own:
        fields.bad("levels", ", ".join(LEVELS))
    return levels


def _severities(fields: Fields, mistakes: Mistakes) -> Mapping[str, Severity]:
    """The severities that a form sets for built-in codes."""
    located = fields.fields.get("severities")
    if located is None:
        return {}
    names = frozenset(located.value) if isinstance(located.value, dict) else frozenset()
    set_here = Fields(located, mistakes, names)
    severities = {}
    for name in set_here.fields:
        line = set_here.line_of(name)
        if name not in CODES:
            nearest = ", ".join(get_close_matches(name, CODES, 3))
            mistakes.add(line, "unknown_code", code=name, nearest=nearest)
        elif not CODES[name].settable:
            mistakes.add(line, "severity_not_settable", code=name)
        else:
            severities[name] = set_here.one_of(name, Severity, CODES[name].severity)
    return severities


def _indicators(items: list[Located], mistakes: Mistakes) -> tuple[Indicator, ...]:
    """The rows of a form, each with the section that it stands in."""
    rows: list[Indicator] = []
    seen: set[str] = set()
    section = ""
    for item in items:
        row = _indicator(Fields(item, mistakes, ROW_FIELDS), mistakes, section)
        if row.id in seen:
            mistakes.add(row.line, "duplicate_id", id=row.id)
        seen.add(row.id)
        if row.depth == 1 and row.kind is Kind.HEADING:
            section = row.id
            object.__setattr__(row, "section", section)  # a section stands in itself
        rows.append(row)
    return tuple(rows)


def _indicator(fields: Fields, mistakes: Mistakes, section: str) -> Indicator:
    kind = fields.one_of("kind", Kind, Kind.COUNT)
    if "kind" not in fields.fields:
        mistakes.add(fields.line, "missing_field", field="kind")
    options = _options(fields, mistakes)
    limits = tuple(_limits("at_most", fields, mistakes))
    floors = tuple(_limits("at_least", fields, mistakes))
    if kind is Kind.CHOICE and not options:
        mistakes.add(fields.line, "missing_field", field="options")
    if kind is Kind.YES_NO and not options:
        options = {"Có": (), "Không": ()}
    return Indicator(
        id=fields.needed("id"),
        stt=fields.text("stt"),
        label=fields.needed("label"),
        unit=fields.text("unit"),
        kind=kind,
        nature=_nature(fields, kind, mistakes),
        part=fields.text("part") or None,
        whole=fields.text("whole") or None,
        total_of=fields.texts("total_of"),
        settled_by=fields.texts("settled_by"),
        weight=fields.text("of") or fields.text("weight") or None,
        required=fields.flag("required", default=True),
        may_exceed=fields.flag("may_exceed"),
        may_be_absent=fields.flag("may_be_absent"),
        negative=fields.flag("negative"),
        comes_in_bursts=fields.flag("comes_in_bursts"),
        fixed=fields.flag("fixed"),
        doubt=_doubt(fields, mistakes),
        floors=floors,
        at_least=_always(floors),
        limits=limits,
        at_most=_always(limits),
        when=fields.when(),
        reported_by=fields.text("reported_by") or None,
        same_as=fields.text("same_as") or None,
        options=options,
        note=fields.text("note"),
        printed=_printed(fields, mistakes),
        section=section,
        line=fields.line,
    )


def _always(limits: Iterable[Limit]) -> Fraction | None:
    """The first limit that holds in all periods."""
    return next((limit.value for limit in limits if limit.when == ALWAYS), None)


def _doubt(fields: Fields, mistakes: Mistakes) -> Fraction | None:
    """What it costs to doubt the row's figure."""
    doubt = fields.number("doubt")
    if doubt is None:
        return None
    if doubt <= 0:
        fields.bad("doubt", "> 0")
    if "fixed" in fields.fields:
        mistakes.add(fields.line_of("doubt"), "not_beside", field="doubt", other="fixed")
    return doubt


def _limits(name: str, fields: Fields, mistakes: Mistakes) -> Iterator[Limit]:
    """The limits of a row: `at_most: 100`, or several with the time of each."""
    located = fields.fields.get(name)
    if located is None:
        return
    if isinstance(located.value, str):
        value = fields.number(name)
        if value is not None:
            yield Limit(value)
        return
    items = located.value if isinstance(located.value, list) else [located]
    for item in items:
        inner = Fields(item, mistakes, LIMIT_FIELDS)
        value = inner.number("value")
        if value is not None:
            yield Limit(value, inner.when())
        elif "value" not in inner.fields:
            mistakes.add(item.line, "missing_field", field=f"{name}.value")


def _nature(fields: Fields, kind: Kind, mistakes: Mistakes) -> Nature:
    """What the row is, by `is` or by the fields that said it before there was `is`."""
    merge = fields.text("merge", "none")
    if merge not in MERGES:
        fields.bad("merge", ", ".join(MERGES))
    flags = {name: fields.flag(name) for name in _FLAGS_BEFORE_IS}
    if "is" not in fields.fields:
        return nature_before(merge, **flags)
    for name in _BEFORE_IS:
        if name in fields.fields:
            mistakes.add(fields.line_of(name), "said_by_is", field=name, words=fields.text("is"))
    nature = nature_of(fields.text("is").split())
    if nature is None or kind is Kind.HEADING:
        fields.bad("is", ", ".join(WORDS))
        return Nature()
    if nature.units is not Units.APART:
        _refuse_units_of_another_kind(nature, kind, fields)
    return nature


def _refuse_units_of_another_kind(nature: Nature, kind: Kind, fields: Fields) -> None:
    """A percentage and nothing else is a share, a word and nothing else an answer."""
    for units, is_of_kind in ((Units.SHARE, kind is Kind.PERCENT), (Units.ANSWER, kind.is_text)):
        is_declared = nature.units is units
        if is_of_kind and not is_declared:
            fields.bad("is", units)
        elif is_declared and not is_of_kind:
            fields.bad("is", ", ".join(word for word in WORDS if word != units))


def _options(fields: Fields, mistakes: Mistakes) -> Mapping[str, tuple[str, ...]]:
    located = fields.fields.get("options")
    if located is None:
        return {}
    names = located.value if isinstance(located.value, dict) else {}
    inner = Fields(located, mistakes, frozenset(names))
    return {name: inner.texts(name) for name in names}


def _printed(fields: Fields, mistakes: Mistakes) -> Printed:
    located = fields.fields.get("printed")
    if located is None:
        return Printed()
    inner = Fields(located, mistakes, PRINTED_FIELDS)
    texts = {name: inner.text(name) for name in Printed._fields if name in inner.fields}
    return Printed(**texts)


def _check_relations(
    rows: Iterable[Indicator], by_id: Mapping[str, Indicator], mistakes: Mistakes, removed: Mapping[str, Line]
) -> None:
    """Say which relations between rows cannot be: of rows that are not there, that are no numbers, in a circle."""
    for row in rows:
        if (row.part is None) != (row.whole is None):
            mistakes.add(row.line, "missing_field", field="whole" if row.part else "part")
        related = [key for key in (row.part, row.whole, row.weight, *row.total_of, *row.settled_by) if key]
        for key in related:
            if key in removed and isinstance(row.line, Line):
                mistakes.add(removed[key], "still_used", id=key, user=row.id, place=row.line.place)
            elif key not in by_id:
                nearest = ", ".join(get_close_matches(key, by_id, 3))
                mistakes.add(row.line, "unknown_id", id=key, nearest=nearest)
            elif not by_id[key].kind.is_number:
                mistakes.add(row.line, "wrong_kind", id=key, kind=by_id[key].kind, wanted="count, percent, money")
        if row.part and row.kind is not Kind.PERCENT:
            mistakes.add(row.line, "wrong_kind", id=row.id, kind=row.kind, wanted="percent")
    for cycle in _cycles({row.id: row.total_of for row in rows}):
        mistakes.add(by_id[cycle[0]].line, "cycle", ids=" → ".join(cycle))


def _cycles(parts: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    """Yield each cycle of totals once, as the ids along it."""
    done: set[str] = set()

    def follow(key: str, path: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
        if key in path:
            yield (*path[path.index(key) :], key)
        elif key not in done:
            for part in parts.get(key, ()):
                yield from follow(part, (*path, key))
            done.add(key)

    for key in parts:
        yield from follow(key, ())
