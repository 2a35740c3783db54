"""The edge of a command: whatever is refused becomes a sentence on stderr and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cchc_excel.errors import BadOption, BadRoster, FormDefinitionError, MissingArgument, UnknownOption, UsageError
from cchc_excel.grid import harmless

if TYPE_CHECKING:
    from cchc_excel.wording import Words

DONE, FOUND, FAILED, STOPPED = 0, 1, 2, 130
"""Exit statuses: nothing found, something found, could not be carried out, stopped by Ctrl-C."""


def _words(arguments: Sequence[str]) -> Words:
    from cchc_excel.wording import words

    return words("en" if _asks_for_english(arguments) else "vi")


def guarded(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Run a command; whatever it refuses becomes a sentence on stderr and exit status 2."""
    try:
        status = command()
    except UsageError as error:
        says, do = _words(arguments).error(error)
        print(harmless(f"{says}\n→ {do}"), file=sys.stderr)
    except FormDefinitionError as error:
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
            says, do = _words(arguments).error(_of_parser(error, arguments))
            print(harmless(f"{says}\n→ {do}"), file=sys.stderr)
        elif "--debug" in arguments:
            traceback.print_exc()
        else:
            print(_words(arguments).internal(type(error).__name__), file=sys.stderr)
    else:
        return status if isinstance(status, int) else DONE
    return FAILED


def _of_parser(error: Any, arguments: Sequence[str]) -> UsageError:
    """What the argument parser refuses, as one of our own errors: its messages are English."""
    parameter = getattr(error, "param", None)
    if type(error).__name__ == "MissingParameter" and parameter is not None:
        return MissingArgument(str(parameter.name).upper())
    if type(error).__name__ == "NoSuchOption":
        return UnknownOption(error.option_name, ", ".join(error.possibilities or ()))
    return BadOption(" ".join(arguments), error.format_message().rstrip("."))


def _asks_for_english(arguments: Sequence[str]) -> bool:
    if "--lang=en" in arguments or ("--lang", "en") in pairwise(arguments):
        return True
    return os.environ.get("CCHC_LANG") == "en"
