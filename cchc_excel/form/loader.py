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

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from cchc_excel.codes import CODES, Severity
from cchc_excel.errors import FormDefinitionError
from cchc_excel.form.checks import load_checks
from cchc_excel.form.folders import STANDARD, form_folder
from cchc_excel.form.form import Column, Form
from cchc_excel.form.lines import Fields, Located, Mistakes, load
from cchc_excel.form.model import Indicator, Kind, Printed
from cchc_excel.form.relations import derived_checks

MERGES = ("sum", "rate", "same", "max", "tally", "weighted", "none")
_FORM = frozenset(
    {
        *("form", "version", "title", "level", "columns", "group_title", "nested", "indicators", "extends", "remove"),
        "severities",
    }
)
_COLUMN = frozenset({"title", "also"})
_PRINTED = frozenset({"stt", "label", "unit"})
_INDICATOR = frozenset(
    {
        *("id", "stt", "label", "unit", "kind", "merge", "part", "whole", "total_of", "weight", "cumulative"),
        *("annual_plan", "stock", "required", "may_exceed", "at_most", "reported_by", "same_as", "options", "note"),
        *("printed", "after"),
    }
)
ROLES = ("stt", "label", "unit", "value", "note")


@lru_cache(maxsize=16)  # forms: to load one takes 60 ms
def _loaded(folder: Path, _changed: tuple[float, ...]) -> Form:
    document = _merged_with_base(folder, ())
    return _form(document)


def load_form(form: str | Path = STANDARD) -> Form:
    """Return the form of a folder, or the shipped form of that name; loaded again only if its files change.

    Raises NoSuchForm if there is none, FormDefinitionError with every mistake in its files.
    """
    folder = form_folder(form).resolve()
    changed = tuple(path.stat().st_mtime for path in sorted(folder.glob("*.yaml")))
    return _loaded(folder, changed)


class _Document:
    """The raw fields of a form and its checks, after `extends` was followed."""

    def __init__(self, folder: Path) -> None:
        self.mistakes = Mistakes(f"{folder.name}/form.yaml")
        self.check_mistakes = Mistakes(f"{folder.name}/checks.yaml")
        form = load((folder / "form.yaml").read_text("utf-8"), self.mistakes)
        self.form = Fields(form, self.mistakes, _FORM)
        self.indicators = self.form.items("indicators")
        self.severities = _severities(self.form, self.mistakes)
        checks = folder / "checks.yaml"
        text = checks.read_text("utf-8") if checks.is_file() else ""
        self.checks = Fields(load(text, self.check_mistakes), self.check_mistakes, frozenset({"checks", "remove"}))
        self.check_items = self.checks.items("checks")


def _merged_with_base(folder: Path, seen: tuple[Path, ...]) -> _Document:
    """Read a folder; where it extends another form, put its changes over that one's rows and checks."""
    document = _Document(folder)
    base_name = document.form.text("extends")
    if not base_name:
        return document
    beside = folder.parent / base_name
    base_folder = (beside if (beside / "form.yaml").is_file() else form_folder(base_name)).resolve()
    if base_folder in (*seen, folder):
        document.mistakes.add(document.form.line_of("extends"), "cycle", ids=base_name)
        return document
    base = _merged_with_base(base_folder, (*seen, folder))
    document.mistakes.found[:0] = base.mistakes.found
    document.check_mistakes.found[:0] = base.check_mistakes.found
    document.severities = {**base.severities, **document.severities}
    document.form.fields = {**base.form.fields, **document.form.fields}
    removed, unwanted = document.form.texts("remove"), document.checks.texts("remove")
    document.indicators = _overlaid(base.indicators, document.indicators, "id", removed)
    document.check_items = _overlaid(base.check_items, document.check_items, "code", unwanted)
    return document


def _overlaid(base: list[Located], changes: list[Located], key: str, removed: Iterable[str]) -> list[Located]:
    """Base items without the removed ones; a change of the same key replaces fields; new ones go `after` another."""
    items = {_key(item, key): item for item in base if _key(item, key) not in set(removed)}
    order = list(items)
    for change in changes:
        name = _key(change, key)
        if name in items:
            items[name] = Located({**items[name].value, **change.value}, change.line)
            continue
        items[name] = change
        after = change.value.get("after") if isinstance(change.value, dict) else None
        order.insert(order.index(after.value) + 1 if after and after.value in order else len(order), name)
    return [items[name] for name in order]


def _key(item: Located, key: str) -> str:
    located = item.value.get(key) if isinstance(item.value, dict) else None
    return str(located.value) if located else f"line {item.line}"


def _form(document: _Document) -> Form:
    fields, mistakes = document.form, document.mistakes
    indicators = _indicators(document.indicators, mistakes)
    by_id = {row.id: row for row in indicators}
    columns = _columns(fields, mistakes)
    if not by_id:
        mistakes.add(fields.line, "empty_form")
    _check_relations(indicators, by_id, mistakes)
    own = load_checks(document.check_items, by_id, document.check_mistakes)
    name, title = fields.needed("form"), fields.needed("title")
    version, level, group_title = fields.text("version"), fields.text("level", "xa"), fields.text("group_title")
    nested = _nested(fields)
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
        severities=document.severities,
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
        inner = Fields(column, mistakes, _COLUMN)
        columns.append(Column(role, inner.needed("title"), inner.texts("also")))
    return tuple(columns)


def _nested(fields: Fields) -> tuple[tuple[str, str], ...]:
    pairs = []
    for item in fields.items("nested"):
        names = [part.value for part in item.value] if isinstance(item.value, list) else []
        if len(names) == 2 and all(isinstance(name, str) for name in names):
            pairs.append((names[0], names[1]))
        else:
            fields.mistakes.add(item.line, "bad_value", field="nested", value=names or item.value, allowed="[Q1, H1]")
    return tuple(pairs)


def _severities(fields: Fields, mistakes: Mistakes) -> Mapping[str, Severity]:
    """The severities that a form sets for built-in codes."""
    located = fields.fields.get("severities")
    if located is None:
        return {}
    set_here = Fields(located, mistakes, frozenset(located.value) if isinstance(located.value, dict) else frozenset())
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
    rows: list[Indicator] = []
    seen: dict[str, int] = {}
    section = ""
    for item in items:
        row = _indicator(Fields(item, mistakes, _INDICATOR), mistakes, section)
        if row.id in seen:
            mistakes.add(row.line, "duplicate_id", id=row.id)
        seen[row.id] = row.line
        if row.depth == 1 and row.kind is Kind.HEADING:
            section = row.id
            object.__setattr__(row, "section", section)
        rows.append(row)
    return tuple(rows)


def _indicator(fields: Fields, mistakes: Mistakes, section: str) -> Indicator:
    kind = fields.one_of("kind", Kind, Kind.COUNT)
    if "kind" not in fields.fields:
        mistakes.add(fields.line, "missing_field", field="kind")
    merge = fields.text("merge", "none")
    if merge not in MERGES:
        fields.bad("merge", ", ".join(MERGES))
    options = _options(fields, mistakes)
    if kind is Kind.CHOICE and not options:
        mistakes.add(fields.line, "missing_field", field="options")
    return Indicator(
        id=fields.needed("id"),
        stt=fields.text("stt"),
        label=fields.needed("label"),
        unit=fields.text("unit"),
        kind=kind,
        merge=merge,
        part=fields.text("part") or None,
        whole=fields.text("whole") or None,
        total_of=fields.texts("total_of"),
        weight=fields.text("weight") or None,
        cumulative=fields.flag("cumulative"),
        annual_plan=fields.flag("annual_plan"),
        stock=fields.flag("stock"),
        required=fields.flag("required", default=True),
        may_exceed=fields.flag("may_exceed"),
        at_most=fields.number("at_most"),
        reported_by=fields.text("reported_by") or None,
        same_as=fields.text("same_as") or None,
        options=options or ({"Có": (), "Không": ()} if kind is Kind.YES_NO else {}),
        note=fields.text("note"),
        printed=_printed(fields, mistakes),
        section=section,
        line=fields.line,
    )


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
    inner = Fields(located, mistakes, _PRINTED)
    return Printed(*(inner.text(name) if name in inner.fields else None for name in ("stt", "label", "unit")))


def _check_relations(rows: Iterable[Indicator], by_id: Mapping[str, Indicator], mistakes: Mistakes) -> None:
    for row in rows:
        if (row.part is None) != (row.whole is None):
            mistakes.add(row.line, "missing_field", field="whole" if row.part else "part")
        for other in filter(None, (row.part, row.whole, row.weight, *row.total_of)):
            if other not in by_id:
                nearest = ", ".join(get_close_matches(other, by_id, 3))
                mistakes.add(row.line, "unknown_id", id=other, nearest=nearest)
            elif not by_id[other].kind.is_number:
                mistakes.add(row.line, "wrong_kind", id=other, kind=by_id[other].kind, wanted="count, percent, money")
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
