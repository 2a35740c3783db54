"""What `cchc letters` does: a letter and an e-mail for each unit with something to mend, and a page on all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cchc_excel.commands.consolidate import ConsolidateOptions, outcome_for
from cchc_excel.commands.file_names import file_stems
from cchc_excel.commands.files import write_whole
from cchc_excel.commands.options import ManyFiles, due_in
from cchc_excel.commands.refusals import DONE
from cchc_excel.consolidating.letters.content import Letter, Sender, email_text, letters_of, summary_of
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.errors import MissingExtra, NotAFolder, OutputExists
from cchc_excel.wording import Words, words

SUMMARY = "TongHop.docx"


@dataclass(frozen=True, kw_only=True)
class LettersOptions(ManyFiles):
    """What `cchc letters` is to do; `unit` is the office that writes, `due` the day by which an answer is due."""

    output: Path
    roster: Path | None = None
    due: str | None = None
    decisions: Sequence[Path] = ()


def run_letters(options: LettersOptions) -> int:
    """Write the letters into a folder; return the exit status."""
    _refuse_without_docx()
    spoken = words(options.lang)
    if options.output.exists() and not options.output.is_dir():
        raise NotAFolder(str(options.output))
    due_of = due_in(options.due)
    outcome = outcome_for(_consolidating(options))
    sender = Sender(options.unit or "", due_of(outcome.merged.period))
    letters = list(_named(letters_of(outcome, spoken)))
    files = _files(letters, outcome, sender, spoken)
    for name in files:
        if (options.output / name).exists() and not options.force:
            raise OutputExists(str(options.output / name))
    for name, data in files.items():
        write_whole(options.output / name, data, replace=options.force)
    if options.format == "json":
        print(_document(letters, options.output))
    else:
        print(spoken.word("letters", "done", path=options.output, letters=len(letters), summary=SUMMARY))
    return DONE


def _refuse_without_docx() -> None:
    """Raise MissingExtra, before any work is done, where the library that writes letters is not installed."""
    try:
        import docx  # noqa: F401
    except ImportError as error:
        raise MissingExtra("cchc letters", "cchc-excel[letters]") from error


def _consolidating(options: LettersOptions) -> ConsolidateOptions:
    """What consolidating is asked for; its output is not written."""
    return ConsolidateOptions(
        files=options.files,
        form=options.form,
        lang=options.lang,
        output=options.output / "-.xlsx",
        roster=options.roster,
        previous=options.previous,
        period=options.period,
        unit=options.unit,
        decisions=options.decisions,
        select=options.select,
        ignore=options.ignore,
        jobs=options.jobs,
        quiet=options.quiet,
        debug=options.debug,
    )


class _Named(NamedTuple):
    """A letter, and the name of its files without an ending."""

    letter: Letter
    stem: str

    @property
    def word_file(self) -> str:
        return f"{self.stem}.docx"

    @property
    def text_file(self) -> str:
        return f"{self.stem}.txt"


def _named(letters: Sequence[Letter]) -> Iterator[_Named]:
    """The letters with the names of their files, no two the same."""
    stems = file_stems((letter.unit for letter in letters), "thu", taken=[Path(SUMMARY).stem])
    for letter, stem in zip(letters, stems, strict=True):
        yield _Named(letter, stem)


def _files(letters: Sequence[_Named], outcome: Outcome, sender: Sender, spoken: Words) -> Mapping[str, bytes]:
    """The bytes of all files by name: the page on all units, then a letter and an e-mail for each."""
    from cchc_excel.consolidating.letters.word import letter_document, summary_document  # which needs python-docx

    summary = summary_of(outcome, [named.letter for named in letters], spoken)
    files = {SUMMARY: summary_document(summary, outcome, sender, spoken)}
    for named in letters:
        files[named.word_file] = letter_document(named.letter, outcome, sender, spoken)
        files[named.text_file] = email_text(named.letter, outcome, sender, spoken).encode("utf-8")
    return files


def _document(letters: Sequence[_Named], folder: Path) -> str:
    """What was written, for programs."""
    from cchc_excel.reporting.contract import document

    told = [
        {
            "unit": named.letter.unit,
            "email": named.letter.email or None,
            "workbook": named.letter.file,
            "letter": str(folder / named.word_file),
            "text": str(folder / named.text_file),
            "points": [{**point._asdict(), "severity": str(point.severity)} for point in named.letter.points],
        }
        for named in letters
    ]
    return document("letters", summary=str(folder / SUMMARY), letters=told)
