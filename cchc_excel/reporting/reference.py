"""The reference of all checks: one page a code, for `cchc explain`, and all of them for docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal

from cchc_excel.codes import CODES, FAMILIES
from cchc_excel.errors import UnknownCode, UnknownSelection
from cchc_excel.form import Case, Check, Form, Severity
from cchc_excel.form.language import prose
from cchc_excel.wording import Words
from cchc_excel.wording.cases import Example, examples_of

MOST_NEAREST = 5  # codes named beside one that there is not
MOST_ROWS = 12  # indicators named on a page before it says "…"


def all_codes(form: Form) -> dict[str, Severity]:
    """Every code that a workbook of this form can meet, with its severity, in the order of the families."""
    codes = {name: form.severity_of(name) for name, code in CODES.items() if not code.from_relation}
    for check in form.checks:  # several rules may bear one code: it is as bad as the worst of them
        others = codes.get(check.code, check.reported_severity)
        codes[check.code] = max(others, check.reported_severity, key=lambda severity: severity.rank)
    return dict(sorted(codes.items(), key=lambda item: (FAMILIES.index(item[0][0]), item[0])))


def nearest(wanted: str, codes: Iterable[str]) -> list[str]:
    """The codes that are spelt most like the one that is wanted: those of its family first."""
    from rapidfuzz.distance import OSA

    def distance(code: str) -> tuple[float, bool, str]:
        return OSA.distance(wanted.upper(), code), code[0] != wanted[:1].upper(), code

    return sorted(codes, key=distance)[:MOST_NEAREST]


def refuse_unknown(option: str, selected: Iterable[str], form: Form) -> None:
    """Raise UnknownSelection for a code, or a beginning of codes, that no code of the form begins with."""
    codes = all_codes(form)
    for beginning in selected:
        if not any(code.startswith(beginning) for code in codes):
            raise UnknownSelection(f"{option} {beginning}", ", ".join(nearest(beginning, codes)))


def explanation(code: str, form: Form, words: Words) -> str:
    """The page of one code, in Markdown. Raises UnknownCode, with the nearest codes."""
    codes = all_codes(form)
    wanted = code.strip().upper()
    if wanted not in codes:
        raise UnknownCode(code, ", ".join(nearest(wanted, codes)))
    return "\n".join(_page(wanted, codes[wanted], form, words)) + "\n"


def code_document(code: str, form: Form, words: Words) -> dict[str, Any]:
    """The page of one code, for programs. Raises UnknownCode, with the nearest codes."""
    codes = all_codes(form)
    wanted = code.strip().upper()
    if wanted not in codes:
        raise UnknownCode(code, ", ".join(nearest(wanted, codes)))
    page = words.page(wanted, form)
    checks = [check for check in form.checks if check.code == wanted]
    return {
        "code": wanted,
        "title": words.title(wanted, form).rstrip("."),
        "severity": str(codes[wanted]),
        "fixing": str(form.fixing_of(wanted)),
        "what": page["what"],
        "why": page["why"],
        "do": page["do"],
        "formula": prose(checks[0].condition, words.language) if checks else None,
        "indicators": [] if not checks or checks[0].texts else [check.target for check in checks],
        "right": [_shown(case, words) for case in _cases(wanted, checks, "holds")],
        "wrong": [_shown(case, words) for case in _cases(wanted, checks, "fails")],
    }


def reference(form: Form, words: Words) -> str:
    """All pages, family by family, in Markdown."""
    codes = all_codes(form)
    lines = [f"# {words.word('explain', 'all')}: {form.titled()}", "", words.word("explain", "generated"), ""]
    for family in FAMILIES:
        of_family = [code for code in codes if code[0] == family]
        if not of_family:
            continue
        lines += [f"## {family} · {words.word('family', family, 'name')}", ""]
        lines += [words.word("family", family, "says"), ""]
        for code in of_family:
            lines += _page(code, codes[code], form, words, level="###")
    return "\n".join(lines).rstrip() + "\n"


def _page(code: str, severity: Severity, form: Form, words: Words, level: str = "#") -> Iterator[str]:
    page = words.page(code, form)
    checks = [check for check in form.checks if check.code == code]
    yield f"{level} {code} · {words.title(code, form).rstrip('.')}"
    yield ""
    yield f"**{words.word('explain', 'severity')}**: {words.word('severity', severity)}"
    yield ""
    yield f"**{words.word('explain', 'fixing')}**: {words.word('fixing', form.fixing_of(code))}"
    yield ""
    for name in ("what", "why", "do"):
        yield f"**{words.word('explain', name)}**: {page[name]}"
        yield ""
    for condition in _conditions(checks, words):
        yield f"**{words.word('explain', 'formula')}**: {condition}"
        yield ""
    if checks and not checks[0].texts:
        names = [check.target for check in checks]
        more = " …" if len(names) > MOST_ROWS else ""
        yield f"**{words.word('explain', 'applies_to')}**: {', '.join(names[:MOST_ROWS])}{more}"
        yield ""
    for title, examples in (("right", _cases(code, checks, "holds")), ("wrong", _cases(code, checks, "fails"))):
        for example in examples:
            yield f"**{words.word('explain', title)}**: {_shown(example, words)}"
            yield ""


def _conditions(checks: list[Check], words: Words) -> Iterator[str]:
    """What is asked: of a check that follows from many rows by the first, of the form's own for each row and bound."""
    own = [check for check in checks if check.texts]
    severities = {check.reported_severity for check in own}
    for check in own or checks[:1]:
        said = prose(check.condition, words.language)
        if len(severities) > 1:
            said += f" ({words.word('severity', check.reported_severity)})"
        yield said


def _cases(code: str, checks: list[Check], which: Literal["holds", "fails"]) -> list[Case | Example]:
    """The cases of a rule of the form's own, or the examples of a built-in code."""
    if not (checks and checks[0].texts):
        return list(examples_of(code, which))
    wrong = [case for check in checks for case in check.fails_for]
    if which == "fails":
        return [*wrong]
    # what one bound lets pass may break another of the same code
    return [case for check in checks for case in check.holds_for if case not in wrong]


def _shown(example: Case | Example, words: Words) -> str:
    if isinstance(example, Example):
        return example.shown(words.language)
    text = _figures(example.values, words)
    earlier = [f"{words.word('explain', when)}: {_figures(values, words)}" for when, values in example.earlier.items()]
    return f"{text} ({'; '.join(earlier)})" if earlier else text


def _figures(values: Mapping[str, int | Fraction | str], words: Words) -> str:
    return ", ".join(f"{key} = {words.value(value)}" for key, value in values.items())
