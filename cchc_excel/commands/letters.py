"""What `cchc letters` does: a letter and an e-mail for each unit with something to mend, and a page on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cchc_excel.commands.consolidate import ConsolidateOptions, outcome_for
from cchc_excel.commands.file_names import file_stems
from cchc_excel.commands.files import write_whole
from cchc_excel.commands.options import ManyFiles, due_in
from cchc_excel.commands.refusals import DONE
from cchc_excel.errors import MissingExtra, NotAFolder, OutputExists
from cchc_excel.wording import words

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
    try:
        import docx  # noqa: F401 - asked for before any work is done
    except ImportError as error:
        raise MissingExtra("cchc letters", "cchc-excel[letters]") from error
    from cchc_excel.consolidating.letters.content import Sender, email_text, letters_of, summary_of
    from cchc_excel.consolidating.letters.word import letter_document, summary_document

    spoken = words(options.lang)
    if options.output.exists() and not options.output.is_dir():
        raise NotAFolder(str(options.output))
    due_of = due_in(options.due)
    to_merge = ConsolidateOptions(
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
    outcome = outcome_for(to_merge)
    sender = Sender(options.unit or "", due_of(outcome.merged.period))
    letters = letters_of(outcome, spoken)
    written = {SUMMARY: summary_document(summary_of(outcome, letters, spoken), outcome, sender, spoken)}
    names = list(file_stems((letter.unit for letter in letters), "thu", taken=[Path(SUMMARY).stem]))
    for letter, name in zip(letters, names, strict=True):
        written[f"{name}.docx"] = letter_document(letter, outcome, sender, spoken)
        written[f"{name}.txt"] = email_text(letter, outcome, sender, spoken).encode("utf-8")
    for name in written:
        if (options.output / name).exists() and not options.force:
            raise OutputExists(str(options.output / name))
    for name, data in written.items():
        write_whole(options.output / name, data, replace=options.force)
    if options.format == "json":
        from cchc_excel.reporting.contract import document

        told = [
            {
                "unit": letter.unit,
                "email": letter.email or None,
                "workbook": letter.file,
                "letter": str(options.output / f"{name}.docx"),
                "text": str(options.output / f"{name}.txt"),
                "points": [{**point._asdict(), "severity": str(point.severity)} for point in letter.points],
            }
            for letter, name in zip(letters, names, strict=True)
        ]
        print(document("letters", summary=str(options.output / SUMMARY), letters=told))
    else:
        print(spoken.word("letters", "done", path=options.output, letters=len(letters), summary=SUMMARY))
    return DONE
