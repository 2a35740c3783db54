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
    """One line an entry: a bar, the share, the row, and what is not caught; then what the shares do not say."""
    covered = tuple(covered)
    for row in covered:
        full = round(BLOCKS * row.share)
        bar = "█" * full + "░" * (BLOCKS - full)
        missed = ", ".join(_missed(row, words))
        rest = f"  {words.word('coverage', 'missed', mistakes=missed)}" if missed else ""
        yield f"{bar} {float(row.share):>5.0%}  {words.indicator(form[row.indicator], form)}{rest}"
    yield from remark_lines(covered, form, words)
    yield total_line(covered, words)


def remark_lines(covered: Iterable[Covered], form: Form, words: Words) -> Iterator[str]:
    """Which rows no check knows anything of, and of which something is told already, so that less is caught."""
    covered = tuple(covered)
    by_remark = {
        "no_check": [row.indicator for row in covered if row.has_no_check],
        "told_of": [row.indicator for row in covered if row.is_told_of],
    }
    for remark, keys in by_remark.items():
        if keys:
            yield words.word("coverage", remark, rows=words.rows_named(keys, form))


def coverage_document(covered: Iterable[Covered]) -> dict[str, Any]:
    """The same for programs."""
    covered = tuple(covered)
    return {
        "tried": sum(len(row.tried) for row in covered),
        "caught": sum(row.caught for row in covered),
        "rows": [
            {
                "indicator": row.indicator,
                "told_of": row.is_told_of,
                "no_check": row.has_no_check,
                "mistakes": [
                    {"mistake": tried.mistake, "figure": plain(tried.figure), "codes": list(tried.codes)}
                    for tried in row.tried
                ],
            }
            for row in covered
        ],
    }


def total_line(covered: Iterable[Covered], words: Words) -> str:
    """How many of all mistakes tried are caught."""
    covered = tuple(covered)
    tried = sum(len(row.tried) for row in covered)
    caught = sum(row.caught for row in covered)
    share = round(100 * caught / (tried or 1))  # percent
    return words.word("coverage", "total", caught=caught, tried=tried, share=share)


def coverage_page(covered: Iterable[Covered], form: Form, words: Words) -> str:
    """The same as a page that needs nothing else: a cell for each row and kind of mistake, with the codes."""
    covered = tuple(covered)
    kinds = tuple(dict.fromkeys(tried.mistake for row in covered for tried in row.tried))
    rows = "\n".join(_row(row, kinds, form, words) for row in covered)
    names = [words.word("coverage", name) for name in ("row", "share")]
    names += [*(_named(kind, words) for kind in kinds), words.word("coverage", "not_caught")]
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    title = escape(words.word("coverage", "title"))
    said = "".join(
        f"<p>{escape(line)}</p>" for line in (total_line(covered, words), *remark_lines(covered, form, words))
    )
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="generator" content="cchc-excel"><title>{title}</title><style>'
        "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;font-size:.85em}"
        "td,th{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top}"
        "th{position:sticky;top:0;background:#eee}td:nth-child(n+2){text-align:center}"
        "td:last-child{text-align:left}</style></head><body>"
        f"<h1>{title}</h1>{said}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n"
    )


def _row(covered: Covered, kinds: Iterable[str], form: Form, words: Words) -> str:
    hue = round(120 * covered.share)  # red to green
    name = escape(words.indicator(form[covered.indicator], form))
    cells = "".join(_cell([tried for tried in covered.tried if tried.mistake == kind]) for kind in kinds)
    return (
        f'<tr style="background:hsl({hue},70%,95%)"><td>{name}</td><td>{float(covered.share):.0%}</td>{cells}'
        f"<td>{escape('; '.join(_missed(covered, words)))}</td></tr>"
    )


def _cell(of_kind: list[Tried]) -> str:
    """One kind of mistake in one row: green with the codes that tell it, red where none does."""
    if not of_kind:
        return '<td style="background:#fff"></td>'
    is_caught = [bool(tried.codes) for tried in of_kind]
    if all(is_caught):
        colour = CAUGHT
    elif any(is_caught):
        colour = PARTLY
    else:
        colour = MISSED
    codes = ", ".join(dict.fromkeys(code for tried in of_kind for code in tried.codes)) or "–"
    return f'<td style="background:{colour}">{escape(codes)}</td>'


def _missed(covered: Covered, words: Words) -> Iterable[str]:
    """The mistakes in one row that no check catches, each once."""
    return dict.fromkeys(_named(tried.mistake, words) for tried in covered.tried if not tried.codes)


def _named(mistake: str, words: Words) -> str:
    return words.word("coverage", "mistake", mistake)
