"""Commands that speak one language throughout: their help, what they refuse, and what an office has set once.

In:     Typer's own classes, whose words are English.
Out:    a command and a group of commands, in the language asked for.
Never:  names an option or does what a command does.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

from cchc_excel.commands.refusals import PLACES, language_typed
from cchc_excel.commands.settings import NO_SETTINGS, Settings, settings_for
from cchc_excel.errors import BadSettings, NeedlessArgument, UnknownCommand, UsageError

__all__ = ["Command", "CommandGroup", "Group"]

_LANGUAGE = "cchc_excel.language"  # where the context of a command keeps it
_HELP = frozenset({"-h", "--help", "--version"})
_SETTINGS_HELP = "Tệp thiết đặt (TOML), thay cho cchc.toml của thư mục đang làm việc hoặc thư mục trên nó."
_NO_SETTINGS_HELP = "Không dùng tệp thiết đặt nào."


class Command(TyperCommand):
    """One command: it takes the settings of the office for what is not typed, and `--quiet` silences its results."""

    def __init__(self, *args: Any, params: list[Any] | None = None, **named: Any) -> None:
        super().__init__(*args, params=[*(params or ()), *_of_settings()], **named)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # what is too much is refused below, in our words
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise NeedlessArgument(" ".join(rest))
        return rest

    def invoke(self, ctx: Any) -> Any:
        with _quieted(ctx):
            return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _Help(self, ctx, formatter).write()


class Group(TyperGroup):
    """Commands under one name; the outermost reads the settings for all of them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.parent is None and not ctx.resilient_parsing:
            settings = _settings(args)
            ctx.default_map = settings.defaults(args)
            ctx.meta[_LANGUAGE] = language_of(args, settings)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            from difflib import get_close_matches

            raise UnknownCommand(args[0], ", ".join(get_close_matches(args[0], self.commands, 3) or self.commands))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _Help(self, ctx, formatter).write()


class CommandGroup(Group):
    """A command that has others under its name."""

    def __init__(self, *args: Any, params: list[Any] | None = None, **named: Any) -> None:
        super().__init__(*args, params=[*(params or ()), *_of_settings()], **named)

    def invoke(self, ctx: Any) -> Any:
        with _quieted(ctx):
            return super().invoke(ctx)


@contextlib.contextmanager
def _quieted(ctx: Any) -> Iterator[None]:
    """Nothing is printed of the results where `--quiet` asks for that."""
    if not ctx.params.get("quiet"):
        yield
        return
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
        yield


def _of_settings() -> Iterator[TyperOption]:
    """The options about the settings file, which is read before any other option is."""
    yield TyperOption(param_decls=["--config"], expose_value=False, metavar="TỆP", help=_SETTINGS_HELP)
    yield TyperOption(
        param_decls=["--no-config"], expose_value=False, is_flag=True, default=False, help=_NO_SETTINGS_HELP
    )


def _settings(arguments: Sequence[str]) -> Settings:
    """The settings that hold; for who only wants help none if they cannot be read."""
    try:
        return settings_for(arguments)
    except (BadSettings, UsageError):
        if _HELP.isdisjoint(arguments):
            raise
        return NO_SETTINGS


def language_of(arguments: Sequence[str], settings: Settings) -> str:
    """The language to speak: the one typed, else that of the environment, else that of the settings."""
    language = language_typed(arguments) or settings.language
    return language if language in ("vi", "en") else "vi"


class _Help:
    """The help of one command, in the language of its context."""

    def __init__(self, command: Any, ctx: Any, formatter: Any) -> None:
        from cchc_excel.wording import words
        from cchc_excel.wording.help import translations

        self.command, self.ctx, self.formatter = command, ctx, formatter
        language = ctx.meta.get(_LANGUAGE, "vi")
        self.words, self.translations = words(language), translations(language)

    def write(self) -> None:
        subcommands = getattr(self.command, "commands", {})
        parameters = self.command.get_params(self.ctx)
        arguments = [parameter for parameter in parameters if parameter.param_type_name == "argument"]
        options = [parameter for parameter in parameters if parameter.param_type_name == "option"]
        usage = [self._say("options_place"), *map(self._place, arguments)]
        if subcommands:
            usage.append(self._say("command_place"))
        self.formatter.write_usage(self.ctx.command_path, " ".join(usage), f"{self._say('usage')} ")
        self.formatter.write_paragraph()
        with self.formatter.indentation():
            self.formatter.write_text(self._own(self.command.help))
        self._section("arguments", [(self._place(argument), self._told(argument)) for argument in arguments])
        self._section("options", [(self._names(option), self._told(option)) for option in options])
        self._section("commands", [(name, self._own(command.help)) for name, command in subcommands.items()])
        if self.command.epilog:
            self._examples(self.command.epilog)

    def _say(self, name: str, **facts: object) -> str:
        return self.words.word("help", name, **facts)

    def _own(self, text: str | None) -> str:
        """One of our own sentences, which stand in Vietnamese beside what they are about."""
        plain = " ".join((text or "").split())
        return self.translations.get(plain, plain)

    def _section(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        if rows:
            with self.formatter.section(self._say(title)):
                self.formatter.write_dl(rows)

    def _examples(self, epilog: str) -> None:
        self.formatter.write_paragraph()
        self.formatter.write(f"{self._say('examples')}:\n")
        for example in epilog.removeprefix("Ví dụ:").split("·"):
            self.formatter.write(f"  {example.strip()}\n")

    def _place(self, parameter: Any) -> str:
        """What stands for a value: `TỆP…`, `THƯ MỤC`, `[vi|en]`."""
        if parameter.metavar:
            return self._own(parameter.metavar)
        choices = getattr(parameter.type, "choices", ())
        if choices:
            values = [str(getattr(choice, "value", choice)) for choice in choices]
            return f"[{'|'.join(values)}]"
        return self._say_place(PLACES.get(parameter.type.name, "TEXT"))

    def _say_place(self, name: str) -> str:
        return self.words.word("help", "places", name)

    def _names(self, option: Any) -> str:
        """The names of an option, the short one first; of a switch also those that turn it off, behind a stroke."""
        spellings = [spelt for spelt in (option.opts, option.secondary_opts) if spelt]
        names = " / ".join(", ".join(sorted(spelt, key=len)) for spelt in spellings)
        return names if option.is_flag else f"{names} {self._place(option)}"

    def _told(self, parameter: Any) -> str:
        """What a parameter is for, and in brackets what else holds of it."""
        texts = self.words.texts["words"]["help"]
        of_typer = parameter.name in {"help", "install_completion", "show_completion"}
        if of_typer:  # its own sentences are English
            return str(texts[parameter.name])
        purpose = self._own(parameter.help)
        more = "; ".join(self._more(parameter))
        return f"{purpose}  [{more}]" if more else purpose

    def _more(self, parameter: Any) -> Iterator[str]:
        if parameter.envvar:
            yield self._say("env", variable=parameter.envvar)
        if parameter.required:
            yield self._say("required")
        default = parameter.default
        if getattr(parameter, "is_flag", False):
            default = parameter.opts[0] if default and parameter.secondary_opts else None
        if default is not None and not callable(default) and not isinstance(default, list | tuple):
            yield self._say("default", value=getattr(default, "value", default))
        if getattr(parameter.type, "min", None) is not None:
            yield self._say("least", least=parameter.type.min)
