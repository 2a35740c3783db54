"""Facts → sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from cchc_excel.errors import (
    BadRoster,
    BadSettings,
    CchcError,
    ExpressionError,
    FormDefinitionError,
    Mistake,
    NothingToConsolidate,
    UnreadableWorkbook,
    UsageError,
)
from cchc_excel.finding import Allowed, Because, Fact, Finding, Formula, Suspects
from cchc_excel.form import Check, Form, Indicator, Language
from cchc_excel.form.checks import PLACEHOLDER
from cchc_excel.form.documents import plain
from cchc_excel.form.language import Record, compile_number, parse_number
from cchc_excel.form.prepared import prepared_from
from cchc_excel.submission import Period
from cchc_excel.wording.numbers import ALL_DECIMALS, localised

LISTED = frozenset({"alternatives", "candidates", "counts", "nearest"})  # facts that list what something may mean
_NAMED = {"got": "verdict", "kind": "kind", "wanted": "kind"}  # fact of a mistake → where its words stand
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "!=": "≠"}
_NUMBERS_OF_PLACES = frozenset({"rows", "year"})  # no figures: dots between thousands would make them some
_NO_PERIOD = frozenset({"?", "None"})
MOST_SETS = 5  # ways in which entries may be wrong that a sentence lists before it says how many there are


@lru_cache(maxsize=2)  # languages: to read one takes 20 ms
def words(language: Language = "vi") -> Words:
    """Return the sentences of a language; the file is read once. Raises ValueError for a language that has none."""
    if language not in get_args(Language):
        raise ValueError(f"language must be one of {', '.join(get_args(Language))}, not {language!r}")
    file = Path(__file__).with_name(f"{language}.yaml")
    return Words(language, prepared_from([file], file) or plain(file))


class _Counted(int):
    """A count that knows its noun: `{files:file|files}` is `1 file` or `2 files`."""

    def __format__(self, nouns: str) -> str:
        singular, bar, plural = nouns.partition("|")
        if not bar:  # a plain format, as of any number
            return format(int(self), nouns)
        return f"{int(self)} {singular if self == 1 else plural}"


def _counted(fact: object) -> object:
    """A count as one that knows its noun; any other fact, and yes and no, as it is."""
    return _Counted(fact) if type(fact) is int else fact


class Words:
    """All sentences of one language."""

    def __init__(self, language: Language, texts: Mapping[str, Any]) -> None:
        self.language, self.texts = language, texts

    # --- single words

    def explained(self, finding: Finding) -> str:
        """The clerk's reason beside a warning, and who let it pass where that is known; blank where there is none."""
        if finding.explained is None:
            return ""
        reason = f"{self.word('explained')}: {finding.explained}"
        if not finding.accepted_by:
            return reason
        return f"{reason} {self.word('accepted_by', name=finding.accepted_by)}"

    def word(self, *path: str, **facts: object) -> str:
        """A word or label by its path in the file: word("severity", "error")."""
        found: Any = self.texts["words"]
        for name in path:
            found = found[name]
        word = str(found)
        if "{" not in word:  # most words: to format them would take longer than to look
            return word
        return word.format(**{name: _counted(fact) for name, fact in facts.items()})

    def number(self, value: int | Fraction | float) -> str:
        return localised(value, self.language)

    def number_in_full(self, value: int | Fraction | float) -> str:
        """A number with all its decimals, so that no two look the same."""
        return localised(value, self.language, ALL_DECIMALS)

    def value(self, value: Fact | bool) -> str:
        """Any fact as a person would write it."""
        if value is None:
            return self.word("blank")
        if isinstance(value, bool):
            return self.word("boolean", "yes" if value else "no")
        if isinstance(value, str):
            return value or self.word("blank")
        if isinstance(value, Formula):
            pieces = [piece if isinstance(piece, str) else self.number(piece) for piece in value.pieces]
            return "".join(pieces)
        if isinstance(value, tuple):
            return "; ".join(self.value(item) for item in value)
        return self.number(value)

    def allowed(self, allowed: Allowed | None) -> str:
        """What an inequality would allow: `≤ 100`."""
        if allowed is None:
            return ""
        return f"{_SIGNS[allowed.sign]} {self.value(allowed.bound)}"

    def period(self, period: Period | None) -> str:
        if period is None:
            return self.word("period_unknown")
        if period.is_range:
            first, last = period.calendar_days
            return self.word("period", "range", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
        roman = ("", "I", "II", "III", "IV")[period.last_quarter]
        if period.is_month:
            key = "M"
        elif period.part.startswith("Q"):
            key = "Q"
        else:
            key = period.part
        return self.word("period", key, n=period.last_month, roman=roman, year=period.year)

    def indicator(self, indicator: Indicator, form: Form) -> str:
        """How an indicator is called beside a cell: its STT, or that of the row above it, and its label."""
        return form.names[indicator.id]

    def rows_named(self, keys: Iterable[str], form: Form) -> str:
        """Rows by their names, in quotation marks: an id such as 7.2.3.da_tich_hop stands on no sheet."""
        return ", ".join(f"“{self.indicator(form[key], form)}”" for key in keys)

    # --- findings

    def title(self, code: str, form: Form) -> str:
        """The short name of a check."""
        own = own_check(code, form)
        return own.texts["what"][self.language] if own else str(self.texts["codes"][code]["title"])

    def page(self, code: str, form: Form) -> Mapping[str, str]:
        """What, why and do of a check."""
        own = own_check(code, form)
        if own:
            return {name: own.texts[name][self.language] for name in ("what", "why", "do")}
        entry = self.texts["codes"][code]
        return {name: str(entry[name]) for name in ("what", "why", "do")}

    def message(self, finding: Finding, form: Form) -> str:
        """The sentence of a finding, with the hints that hold, and a note that was written for other figures."""
        said = self._message(finding, form)
        if finding.explained_before is None:
            return said
        return f"{said} {self.word('explained_before', note=finding.explained_before)}"

    def _message(self, finding: Finding, form: Form) -> str:
        own = _check_of(finding, form)
        if own is not None:
            says = own.texts["says"][self.language] or self._default_says(own, finding)
            hints = [own.hints[index].says[self.language] for index in finding.hints]
            return " ".join(self._filled(text, finding.facts) for text in (says, *hints))
        entry = self.texts["codes"][finding.code]
        says = entry["says"]
        nothing_expected = "expected" in finding.facts and finding.facts["expected"] is None
        if nothing_expected and "says_unknown" in entry:
            says = entry["says_unknown"]
        if "titles" in finding.facts:
            says = entry["says_titles"]
        return str(says).format_map(_Shown(self, finding, form))

    def suspects(self, finding: Finding, form: Form) -> str:
        """Which entries may be wrong, where figures contradict each other; nothing where none do."""
        suspects = finding.suspects
        if suspects is None:
            return ""
        more = "" if suspects.complete else f" {self.word('suspects', 'incomplete')}"
        if not suspects.sets:
            return f"{self.word('suspects', 'unknown')}{more}"
        ways = [self._entries(names, suspects, form) for names in suspects.sets[:MOST_SETS]]
        if len(suspects.sets) > MOST_SETS:
            ways.append(self.word("suspects", "further", count=len(suspects.sets) - MOST_SETS))
        elif len(ways) > 1:
            ways[-1] = self.word("suspects", "or", way=ways[-1])
        if suspects.least > 1:
            kind = "several"
        elif len(suspects.sets) > 1:
            kind = "one"
        else:
            kind = "only"
        sentence = self.word("suspects", kind, least=suspects.least, ways="; ".join(ways))
        return f"{sentence}{more}"

    def _entries(self, names: tuple[str, ...], suspects: Suspects, form: Form) -> str:
        """Entries that are wrong together, each by its row and cell."""
        named = [
            self.word("suspects", "entry", name=self.indicator(form[name], form), cell=suspects.cells[name].local)
            for name in names
        ]
        *all_but_last, last = named
        if not all_but_last:
            return last
        return f"{', '.join(all_but_last)} {self.word('suspects', 'and')} {last}"

    def shown(self, key: str, value: Fact, form: Form) -> str:
        """A fact of a built-in sentence: ids by name, and a word where nothing is left to list."""
        if isinstance(value, tuple) and not value and key in LISTED:
            return self.word("undetermined")
        if key in _NUMBERS_OF_PLACES and value is not None:
            return "; ".join(map(str, value if isinstance(value, tuple) else (value,)))
        if key == "where" and isinstance(value, str) and value[:1].isdigit():
            return self.word("rows", rows=value)
        if key == "where" and isinstance(value, tuple):
            kind, name = map(str, value)
            return self.word("place", kind, name=name)
        if key in {"period", "first", "second"} and isinstance(value, str):
            return self._period_or_unit(value)
        if key == "periods" and isinstance(value, tuple):
            return ", ".join(self.period(Period.parse(str(period))) for period in value)
        if key == "twin" and isinstance(value, str):
            return self.indicator(form[value], form)
        if key in {"moment", "document", "archive"} and isinstance(value, str):
            return str(self.texts["words"][key].get(value, value))
        if key == "detail" and isinstance(value, str):
            return self.of_system(value)
        if key in {"how", "why"} and isinstance(value, str):
            return str(self.texts["roster"][key][value])
        if isinstance(value, tuple) and key == "shares":
            return "; ".join(self.indicator(form[str(share)], form) for share in value)
        return self.value(value)

    def _period_or_unit(self, value: str) -> str:
        """A period by its name, a unit as it is called; a word where no period was stated."""
        if value in _NO_PERIOD:
            return self.word("period_unknown")
        return self.period(Period.parse(value)) if value[:1].isdigit() else value

    def _default_says(self, check: Check, finding: Finding) -> str:
        figures = "; ".join(f"{key} = {self.value(finding.facts.get(key))}" for key in check.involved)
        return f"{check.texts['what'][self.language]} ({figures})"

    def _filled(self, text: str, facts: Mapping[str, Fact]) -> str:
        """Fill the {expressions} of a form's own sentence with the figures of the finding."""
        values = {key: fact for key, fact in facts.items() if isinstance(fact, int | Fraction | str)}
        record = Record(values)

        def shown(expression: str) -> str:
            key = expression.strip().removeprefix("[").removesuffix("]")
            if key in facts:
                return self.value(facts[key])
            return self.value(compile_number(parse_number(expression))(record))

        return PLACEHOLDER.sub(lambda match: shown(match[1]), text)

    def because(self, because: Because) -> str:
        """The reason of a proposed change, without a final stop."""
        facts = {key: self.value(value) for key, value in because.facts.items()}
        return str(self.texts["because"][because.reason]).format_map(facts)

    # --- what cannot be carried out

    def refusal(self, error: CchcError) -> str:
        """Any exception of this program: what is wrong and what to do; mistakes in files on a line each."""
        match error:
            case FormDefinitionError():
                return "\n".join(self.mistakes(error))
            case BadSettings():
                return "\n".join(self.mistakes(error))
            case BadRoster():
                from cchc_excel.wording.roster import roster_mistakes

                return "\n".join(roster_mistakes(error, self))
            case ExpressionError():
                facts = {"text": error.text, "place": error.text[error.start : error.end], "problem": error.kind}
                return self.mistake(Mistake("", 0, "bad_expression", tuple(facts.items())))
            case UnreadableWorkbook():
                says = self.unreadable(error)
                detail = f" ({error.detail})" if error.detail and error.detail not in says else ""
                return f"{says}{detail} {self.remedy(error.code)}"
            case UsageError() if type(error).__name__ in self.texts["errors"]:
                return " ".join(self.error(error))
        entry = self._refusal_of(type(error))
        detail = "; ".join(map(str, error.args))
        return f"{entry['says']} {entry['do']}".format(detail=detail)

    def _refusal_of(self, kind: type[CchcError]) -> Mapping[str, str]:
        """The sentences of an exception, or of the nearest it is derived from. Raises KeyError if there are none."""
        refusals: Mapping[str, Mapping[str, str]] = self.texts["refusals"]
        for ancestor in kind.__mro__:
            if ancestor.__name__ in refusals:
                return refusals[ancestor.__name__]
        raise KeyError(kind.__name__)

    def error(self, error: UsageError) -> tuple[str, str]:
        """What is wrong with the command, and what to do."""
        entry = self.texts["errors"][type(error).__name__]
        entry = entry.get("options", {}).get(error.subject, entry)
        facts = {"subject": error.subject, "detail": self.of_system(error.detail)}
        says = str(entry["says"])
        do = str(entry["do"])
        if not error.detail:
            says = says.replace(": {detail}", "").replace(" ({detail})", "")
        if not error.subject:  # a list of files that names none
            says = says.replace(": {subject}", "")
        if isinstance(error, NothingToConsolidate) and error.reasons:
            says, do = f"{says} {self._kept_out(error)}", " ".join(self._kept_out_remedies(error))
        return says.format_map(facts), do.format_map(facts)

    def _kept_out(self, error: NothingToConsolidate) -> str:
        """What keeps how many workbooks out."""
        told = []
        for why, count, about in error.reasons:
            named = [self.period(Period.parse(it)) if why == "other_period" else it for it in about]
            told.append(self.word("kept_out", why, "says", count=count, about="; ".join(named)))
        return self.word("kept_out", "all", reasons="; ".join(told)).replace("{", "{{").replace("}", "}}")

    def _kept_out_remedies(self, error: NothingToConsolidate) -> list[str]:
        return [self.word("kept_out", reason.why, "do") for reason in error.reasons]

    def of_system(self, detail: str) -> str:
        """What the operating system says of a file, or a code, in words of this language as far as it is known."""
        if detail in self.texts["codes"]:
            title = str(self.texts["codes"][detail]["title"])
            return title[:1].lower() + title[1:]
        return str(self.texts["words"]["system"].get(detail, detail))

    def internal(self, subject: str) -> str:
        """A defect of the program itself that ended the command."""
        return self._defect("internal", subject)

    def internal_file(self, path: str) -> str:
        """A defect of the program itself over one of several files, where the others are done all the same."""
        return self._defect("internal_file", path)

    def _defect(self, name: str, subject: str) -> str:
        entry = self.texts["errors"][name]
        return f"{entry['says'].format(subject=subject)}\n→ {entry['do']}"

    def unreadable(self, error: UnreadableWorkbook) -> str:
        return self.why_unreadable(error.code, error.detail)

    def why_unreadable(self, code: str, detail: str) -> str:
        """Why a file could not be read, by the code and the detail of the error that said so."""
        facts = {"name": "", "detail": self.of_system(detail), "sheets": detail}
        # the detail of some codes is a kind of document, or of archive, which has a word of its own
        for key in ("document", "archive"):
            facts[key] = str(self.texts["words"][key].get(detail, detail))
        return str(self.texts["codes"][code]["says"]).format_map(facts)

    def remedy(self, code: str) -> str:
        """What the officer can do about a file that could not be read."""
        return str(self.texts["codes"][code]["do"])

    def mistakes(self, error: FormDefinitionError | BadSettings) -> list[str]:
        """Each mistake of a form folder or of a settings file as `file:line: sentence`."""
        return [f"{mistake.file}:{mistake.line}: {self.mistake(mistake)}" for mistake in error.mistakes]

    def mistake(self, mistake: Mistake) -> str:
        facts = dict(mistake.facts)
        if mistake.kind == "bad_expression":
            facts["problem"] = str(self.texts["expression"][facts["problem"]])
        if "nearest" in facts:
            facts["nearest"] = self.word("nearest", names=facts["nearest"]) if facts["nearest"] else ""
        for fact, path in _NAMED.items():
            if fact in facts:
                names = facts[fact].split(", ")
                facts[fact] = ", ".join(self.word(path, name) for name in names)
        return str(self.texts["mistakes"][mistake.kind]).format_map(facts)


class _Shown(dict[str, str]):
    """What a built-in sentence may name, each shown when the sentence asks for it: most findings have more facts."""

    def __init__(self, words: Words, finding: Finding, form: Form) -> None:
        self.words, self.finding, self.form = words, finding, form

    def __missing__(self, key: str) -> str:
        # `name` is the row that the finding is about, unless a fact is called so
        if key == "name" and key not in self.finding.facts:
            if not self.finding.indicators:
                return ""
            target = self.form[self.finding.indicators[0]]
            return self.words.indicator(target, self.form)
        return self.words.shown(key, self.finding.facts[key], self.form)


def own_check(code: str, form: Form) -> Check | None:
    """The form's own check of that code, if it has one."""
    return form.own.get(code)


def _check_of(finding: Finding, form: Form) -> Check | None:
    """The form's own check that found something: of one for several rows, that of the row."""
    own = own_check(finding.code, form)
    return None if own is None else form.by_target.get((finding.code, finding.indicators[0]), own)


def stt_of(indicator: Indicator, form: Form) -> str:
    """The STT of a row, or of the nearest numbered row above it."""
    return form.stts[indicator.id]
