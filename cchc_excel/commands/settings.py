"""The settings file of an office: what would otherwise be typed with every command.

In:     the words of the command line; the folder in which it is run.
Out:    the Settings, as defaults of the commands' options. Raises BadSettings with all mistakes of the file.
Never:  outweighs what is typed; loads the reader of TOML where there is no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cchc_excel.errors import BadSettings, Mistake

__all__ = ["NO_SETTINGS", "Settings", "settings_for"]

OWN, SHARED = "cchc.toml", "pyproject.toml"
MOST_BYTES = 2**20  # a settings file has ten lines
_OURS = re.compile(rb"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*['\"]?cchc\b", re.MULTILINE)
_LINE = re.compile(r"\(at line (\d+), column \d+\)")

_FINDING = ("validate", "correct", "inspect", "consolidate", "letters", "diff")
_BY_FORM = (*_FINDING, "explain", "rules", "template")
_OF_FORMS = ("scaffold", "check", "coverage", "show")


@dataclass(frozen=True)
class Settings:
    """What a settings file says, each by the name of its option; `path` is the file, None where there is none."""

    path: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language to speak; empty where the file does not say."""
        return str(self.values.get("lang", ""))

    def defaults(self, arguments: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What each command takes for what is not typed, by the names of its options."""
        defaults = {command: self._only("lang", "form") for command in _BY_FORM}
        for command in _FINDING:
            if command != "diff" or "--findings" in arguments:
                defaults[command] |= self._only("select", "ignore")
        defaults["correct"] |= self._only("decided_by")
        defaults["consolidate"] |= self._only("roster")
        defaults["letters"] |= self._only("roster", "due")
        defaults["rules"] |= {command: self._only("lang", "form") for command in ("export", "import")}
        defaults["form"] = {command: self._only("lang") for command in _OF_FORMS}
        defaults["form"]["coverage"] |= self._only("form")
        return defaults

    def told_by(self, error: Exception) -> bool:
        """Whether an error may come from what stands in the file: it names one of its values."""
        if self.path is None:
            return False
        said = " ".join(map(str, error.args))
        for value in self.values.values():
            items = value if isinstance(value, list) else [value]
            if any(str(item) in said for item in items):
                return True
        return False

    def _only(self, *names: str) -> dict[str, Any]:
        return {name: self.values[name] for name in names if name in self.values}


NO_SETTINGS = Settings()


def settings_for(arguments: Sequence[str]) -> Settings:
    """The settings that hold for a command: of `--config FILE`, of none with `--no-config`, else of the folder.

    The folder is the one in which the command is run, or the nearest above it that has such a file.
    Raises BadSettings; NoSuchFile for a file that was named and is not there.
    """
    named, isolated = _asked_for(arguments)
    if isolated:
        return NO_SETTINGS
    path = _found() if named is None else Path(named)
    if path is None:
        return NO_SETTINGS
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        from cchc_excel.commands.files import not_opened

        raise not_opened(path, error) from error
    return Settings(path, _values(path, data))


def _asked_for(arguments: Sequence[str]) -> tuple[str | None, bool]:
    """The file after `--config`, and whether `--no-config` was typed."""
    named, isolated = None, False
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--config" and place + 1 < len(arguments):
            named = arguments[place + 1]
        elif word.startswith("--config="):
            named = word.removeprefix("--config=")
        isolated = isolated or word == "--no-config"
    return named, isolated


def _found() -> Path | None:
    """The nearest settings file, from the working folder upward; `cchc.toml` before `pyproject.toml`."""
    try:
        here = Path.cwd()
    except OSError:  # the working folder was removed
        return None
    for folder in (here, *here.parents):
        if (folder / OWN).is_file():
            return folder / OWN
        shared = folder / SHARED
        if shared.is_file() and _speaks_of_us(shared):
            return shared
    return None


def _speaks_of_us(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _OURS.search(file.read(MOST_BYTES)) is not None
    except OSError:
        return False


# --- what stands in the file


class _Key(NamedTuple):
    """One setting: its option, what it may be, and how its value is taken; None if it is not that."""

    option: str
    allowed: str
    taken: Callable[[Any, Path], Any]


def _text(value: Any, _: Path) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _form(value: Any, folder: Path) -> str | None:
    """A form's folder, as seen from the settings file; else the name of a form that is shipped."""
    text = _text(value, folder)
    return str(folder / text) if text is not None and (folder / text).is_dir() else text


def _file(value: Any, folder: Path) -> str | None:
    text = _text(value, folder)
    return None if text is None else str(folder / text)


def _codes(value: Any, folder: Path) -> list[str] | None:
    texts = value if isinstance(value, list) else [value]
    return texts if texts and all(_text(text, folder) is not None for text in texts) else None


def _language(value: Any, _: Path) -> str | None:
    return value if value in ("vi", "en") else None


def _days(value: Any, _: Path) -> str | None:
    """One day for all periods, or a day for each: written as what `--due` takes."""
    if not isinstance(value, dict):
        return _day(value)
    days = {period: _day(day) for period, day in value.items()}
    if not days or not all(_is_period(period) and day for period, day in days.items()):
        return None
    return ",".join(f"{period}={day}" for period, day in days.items())


def _day(value: Any) -> str | None:
    from cchc_excel.commands.options import day_of
    from cchc_excel.errors import BadOption

    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    try:
        return value if isinstance(value, str) and day_of(value) is not None else None
    except BadOption:
        return None


def _is_period(text: str) -> bool:
    from cchc_excel.submission import Period

    try:
        Period.parse(text)
    except ValueError:
        return False
    return True


KEYS: Mapping[str, _Key] = {
    "form": _Key("form", "text", _form),
    "roster": _Key("roster", "text", _file),
    "select": _Key("select", "codes", _codes),
    "ignore": _Key("ignore", "codes", _codes),
    "due": _Key("due", "days", _days),
    "decided-by": _Key("decided_by", "text", _text),
    "lang": _Key("lang", "languages", _language),
}


def _values(path: Path, data: bytes) -> dict[str, Any]:
    """What the file sets, by option. Raises BadSettings with all its mistakes."""
    table = _table(path, data)
    lines = data.decode("utf-8", "replace").splitlines()
    values: dict[str, Any] = {}
    mistakes = []
    for name, value in table.items():
        line = _line_of(name, lines)
        key = KEYS.get(name)
        if key is None:
            mistakes.append(_mistake(path, line, "unknown_setting", field=name, nearest=_nearest(name)))
            continue
        taken = key.taken(value, path.parent)
        if taken is None:
            mistakes.append(_mistake(path, line, f"setting_{key.allowed}", field=name, value=_shown(value)))
        elif name == "roster" and not Path(taken).is_file():
            mistakes.append(_mistake(path, line, "setting_no_file", field=name, value=taken))
        else:
            values[key.option] = taken
    if mistakes:
        raise BadSettings(tuple(sorted(mistakes, key=lambda mistake: mistake.line)))
    return values


def _table(path: Path, data: bytes) -> Mapping[str, Any]:
    """The table of our settings. Raises BadSettings for what is no TOML."""
    import tomllib

    if len(data) > MOST_BYTES:
        raise BadSettings((_mistake(path, 1, "setting_too_large"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadSettings((_mistake(path, line, "not_utf8"),)) from error
    try:
        table: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else max(text.rstrip().count("\n") + 1, 1)
        detail = _LINE.sub("", str(error)).strip()
        raise BadSettings((_mistake(path, line, "not_toml", detail=detail),)) from error
    if path.name == SHARED:
        for name in ("tool", "cchc"):
            table = table.get(name, {})
            if not isinstance(table, dict):
                raise BadSettings((_mistake(path, 1, "setting_table", field=name),))
    return dict(table)


def _line_of(name: str, lines: Sequence[str]) -> int:
    """Where a setting stands: the first line that begins with its name, or with the head of its table."""
    spelt = rf"['\"]?{re.escape(name)}['\"]?"
    wanted = re.compile(rf"^\s*(?:{spelt}\s*[=.]|\[(?:[^\]]*\.)?\s*{spelt}\s*[\].])")
    return next((number for number, line in enumerate(lines, 1) if wanted.match(line)), 1)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(name, KEYS, 2)) or ", ".join(KEYS)


def _shown(value: object) -> str:
    return str(value)[:60]


def _mistake(path: Path, line: int, kind: str, **facts: str) -> Mistake:
    return Mistake(str(path), line, kind, tuple(facts.items()))
