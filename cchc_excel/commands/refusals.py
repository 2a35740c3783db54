"""The edge of a command: whatever is refused becomes a sentence on stderr and an exit status, never a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cchc_excel.errors import BadOption, BadRoster, FormDefinitionError, UsageError

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
        print(f"{says}\n→ {do}", file=sys.stderr)
    except FormDefinitionError as error:
        print("\n".join(_words(arguments).mistakes(error)), file=sys.stderr)
    except BadRoster as error:
        from cchc_excel.wording.roster import roster_mistakes

        print("\n".join(roster_mistakes(error, _words(arguments))), file=sys.stderr)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of the pipe has gone; nothing is left to say
        return DONE
    except Exception as error:  # noqa: BLE001 - the edge: what the argument parser refuses, and our own defects
        if hasattr(error, "format_message"):
            says, do = _words(arguments).error(BadOption(" ".join(arguments), error.format_message()))
            print(f"{says}\n→ {do}", file=sys.stderr)
        elif "--debug" in arguments:
            traceback.print_exc()
        else:
            print(_words(arguments).internal(type(error).__name__), file=sys.stderr)
    else:
        return status if isinstance(status, int) else DONE
    return FAILED


def _asks_for_english(arguments: Sequence[str]) -> bool:
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    if any(now == "--lang=en" or (now == "--lang" and then == "en") for now, then in pairs):
        return True
    return os.environ.get("CCHC_LANG") == "en"
