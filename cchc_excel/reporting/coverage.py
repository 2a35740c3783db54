"""A heat map of a form: which single mistakes some check catches, in a terminal and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from cchc_excel.checking.coverage import Covered, Tried
from cchc_excel.form import Form
from cchc_excel.reporting.contract import plain
from cchc_excel.wording import Words

BLOCKS = 10  # of a bar
CAUGHT, MISSED, PARTLY = "#bfe3c0", "#f6b9b3", "#f8e3a6"  # of a mistake that was tried; white where it was not


def coverage_lines(covered: Iterable[Covered], form: Form, words: Words) -> Iterator[str]:
    """One line an entry: a bar, the share, the row, and what is not caught."""
    covered = tuple(covered)
    for it in covered:
        full = round(BLOCKS * it.share)
        bar = "█" * full + "░" * (BLOCKS - full)
        missed = ", ".join(dict.fromkeys(_named(tried.mistake, words) for tried in it.tried if not tried.codes))
        rest = f"  {words.word('coverage', 'missed', mistakes=missed)}" if missed else ""
        yield f"{bar} {float(it.share):>5.0%}  {words.indicator(form[it.indicator], form)}{rest}"
    yield total_line(covered, words)


def coverage_document(covered: Iterable[Covered]) -> dict[str, Any]:
    """The same for programs."""
    covered = tuple(covered)
    return {
        "tried": sum(len(it.tried) for it in covered),
        "caught": sum(it.caught for it in covered),
        "rows": [
            {
                "indicator": it.indicator,
                "mistakes": [
                    {"mistake": tried.mistake, "figure": plain(tried.figure), "codes": list(tried.codes)}
                    for tried in it.tried
                ],
            }
            for it in covered
        ],
    }


def total_line(covered: Iterable[Covered], words: Words) -> str:
    """How many of all mistakes tried are caught."""
    covered = tuple(covered)
    tried, caught = sum(len(it.tried) for it in covered), sum(it.caught for it in covered)
    return words.word("coverage", "total", caught=caught, tried=tried, share=round(100 * caught / (tried or 1)))


def coverage_page(covered: Iterable[Covered], form: Form, words: Words) -> str:
    """The same as a page that needs nothing else: a cell for each row and kind of mistake, with the codes."""
    covered = tuple(covered)
    kinds = tuple(dict.fromkeys(tried.mistake for it in covered for tried in it.tried))
    rows = "\n".join(_row(it, kinds, form, words) for it in covered)
    names = [words.word("coverage", name) for name in ("row", "share")]
    names += [*(_named(kind, words) for kind in kinds), words.word("coverage", "not_caught")]
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    title = escape(words.word("coverage", "title"))
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="generator" content="cchc-excel"><title>{title}</title><style>'
        "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;font-size:.85em}"
        "td,th{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top}"
        "th{position:sticky;top:0;background:#eee}td:nth-child(n+2){text-align:center}"
        "td:last-child{text-align:left}</style></head><body>"
        f"<h1>{title}</h1><p>{escape(total_line(covered, words))}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n"
    )


def _row(covered: Covered, kinds: Iterable[str], form: Form, words: Words) -> str:
    hue = round(120 * covered.share)  # red to green
    name = escape(words.indicator(form[covered.indicator], form))
    missed = dict.fromkeys(_named(it.mistake, words) for it in covered.tried if not it.codes)
    cells = "".join(_cell([it for it in covered.tried if it.mistake == kind]) for kind in kinds)
    return (
        f'<tr style="background:hsl({hue},70%,95%)"><td>{name}</td><td>{float(covered.share):.0%}</td>{cells}'
        f"<td>{escape('; '.join(missed))}</td></tr>"
    )


def _cell(tried: list[Tried]) -> str:
    """One kind of mistake in one row: green with the codes that tell it, red where none does."""
    if not tried:
        return '<td style="background:#fff"></td>'
    told = sum(bool(it.codes) for it in tried)
    colour = CAUGHT if told == len(tried) else PARTLY if told else MISSED
    codes = ", ".join(dict.fromkeys(code for it in tried for code in it.codes)) or "–"
    return f'<td style="background:{colour}">{escape(codes)}</td>'


def _named(mistake: str, words: Words) -> str:
    return words.word("coverage", "mistake", mistake)
