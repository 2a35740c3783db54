"""A heat map of a form: which single mistakes some check catches, in a terminal and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from cchc_excel.checking.coverage import Covered
from cchc_excel.form import Form
from cchc_excel.reporting.contract import plain
from cchc_excel.wording import Words

BLOCKS = 10  # of a bar


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
    """The same as a page that needs nothing else: rows shaded from red, where nothing is caught, to green."""
    covered = tuple(covered)
    rows = "\n".join(_row(it, form, words) for it in covered)
    heads = "".join(
        f"<th>{escape(words.word('coverage', name))}</th>" for name in ("row", "share", "caught", "not_caught")
    )
    title = escape(words.word("coverage", "title"))
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="generator" content="cchc-excel"><title>{title}</title><style>'
        "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}"
        "td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}</style></head><body>"
        f"<h1>{title}</h1><p>{escape(total_line(covered, words))}</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n"
    )


def _row(covered: Covered, form: Form, words: Words) -> str:
    hue = round(120 * covered.share)  # red to green
    name = escape(words.indicator(form[covered.indicator], form))
    caught = (f"{_named(it.mistake, words)} ({', '.join(it.codes)})" for it in covered.tried if it.codes)
    missed = dict.fromkeys(_named(it.mistake, words) for it in covered.tried if not it.codes)
    cells = (name, f"{float(covered.share):.0%}", escape("; ".join(caught)), escape("; ".join(missed)))
    return f'<tr style="background:hsl({hue},70%,90%)">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _named(mistake: str, words: Words) -> str:
    return words.word("coverage", "mistake", mistake)
