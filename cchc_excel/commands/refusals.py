"""The edge of a command: whatever is refused becomes a sentence on stderr and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cchc_excel.errors import (
    BadChoice,
    BadOption,
    BadRoster,
    BadSettings,
    FormDefinitionError,
    MissingArgument,
    MissingOption,
    MissingValue,
    MisspeltOption,
    NeedlessValue,
    NotANumber,
    UnknownOption,
    UsageError,
)
from cchc_excel.grid import harmless

if TYPE_CHECKING:
    from cchc_excel.commands.settings import Settings
    from cchc_excel.wording import Words

DONE, FOUND, FAILED, STOPPED = 0, 1, 2, 130
"""Exit statuses: nothing found, something found, could not be carried out, stopped by Ctrl-C."""


def _words(arguments: Sequence[str]) -> Words:
    from cchc_excel.wording import words

    return words("en" if (language_typed(arguments) or _settings(arguments).language) == "en" else "vi")


def _settings(arguments: Sequence[str]) -> Settings:
    """The settings that hold for a command; none where they are themselves what is refused."""
    from cchc_excel.commands.settings import NO_SETTINGS, settings_for

    try:
        return settings_for(arguments)
    except (BadSettings, UsageError):
        return NO_SETTINGS


def guarded(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Run a command; whatever it refuses becomes a sentence on stderr and exit status 2."""
    try:
        status = command()
    except UsageError as error:
        _tell(error, arguments)
    except (FormDefinitionError, BadSettings) as error:
        print(harmless("\n".join(_words(arguments).mistakes(error))), file=sys.stderr)
    except BadRoster as error:
        from cchc_excel.wording.roster import roster_mistakes

        print(harmless("\n".join(roster_mistakes(error, _words(arguments)))), file=sys.stderr)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe has gone; nothing is left to say
        return DONE
    except Exception as error:  # noqa: BLE001 - the edge: what the argument parser refuses, and our own defects
        if type(error).__name__ == "NoArgsIsHelpError":  # a command group without a command: its message is the help
            print(getattr(error, "message", ""))
        elif hasattr(error, "format_message"):
            _tell(_of_parser(error, arguments), arguments)
        elif "--debug" in arguments:
            traceback.print_exc()
        else:
            print(_words(arguments).internal(type(error).__name__), file=sys.stderr)
    else:
        return status if isinstance(status, int) else DONE
    return FAILED


def _tell(error: UsageError, arguments: Sequence[str]) -> None:
    """Say what is refused and what to do; and where it may come from the settings, which file these stand in."""
    spoken, settings = _words(arguments), _settings(arguments)
    lines = list(spoken.error(error))
    if settings.told_by(error):
        lines.append(spoken.word("settings", "used", path=settings.path))
    print(harmless("\n→ ".join(lines)), file=sys.stderr)


def _of_parser(error: Any, arguments: Sequence[str]) -> UsageError:
    """What the argument parser refuses, as one of our own errors: its messages are English."""
    parameter, kind = getattr(error, "param", None), type(error).__name__
    name = _name_of(parameter, arguments)
    if kind == "MissingParameter" and parameter is not None:
        if parameter.param_type_name == "argument":
            return MissingArgument(name)
        return MissingOption(name, " ".join(["cchc", *_names_of(error.ctx)]))
    if kind == "NoSuchOption":
        alike = ", ".join(sorted(error.possibilities or ()))
        return MisspeltOption(error.option_name, alike) if alike else UnknownOption(error.option_name)
    if kind == "BadOptionUsage":
        if "does not take a value" in error.format_message():
            return NeedlessValue(error.option_name)
        return MissingValue(error.option_name)
    if kind == "BadParameter" and parameter is not None:
        choices = [str(getattr(choice, "value", choice)) for choice in getattr(parameter.type, "choices", ())]
        if choices:
            return BadChoice(name, ", ".join(choices))
        if parameter.type.name.startswith("integer"):
            return NotANumber(name, str(getattr(parameter.type, "min", None) or 0))
    return BadOption(" ".join(arguments), error.format_message().rstrip("."))


def _names_of(context: Any) -> list[str]:
    """The names of a command under the program: `form`, `scaffold`."""
    if context is None or context.parent is None:
        return []
    return [*_names_of(context.parent), str(context.info_name)]


def _name_of(parameter: Any, arguments: Sequence[str]) -> str:
    """What a person calls a parameter: `--output`, `TỆP`."""
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return _translated(str(parameter.metavar or parameter.name.upper()), arguments).rstrip("….")


PLACES = {"path": "FILE", "text": "TEXT", "integer": "NUMBER", "integer range": "NUMBER"}
"""What stands for a value of a type, as `wording` has it."""


def _translated(text: str, arguments: Sequence[str]) -> str:
    from cchc_excel.wording.help import translations

    return translations(_words(arguments).language).get(text, text)


def language_typed(arguments: Sequence[str]) -> str:
    """The language that is asked for by `--lang`, else by the environment; empty where by neither."""
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return os.environ.get("CCHC_LANG", "")
