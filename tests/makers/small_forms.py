"""Forms of a few rows, written in the test that needs them: what is tested can be seen whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from consistent import submission_of

from cchc_excel.checking import check
from cchc_excel.correcting import propose
from cchc_excel.finding import Finding
from cchc_excel.form import Form, load_form
from cchc_excel.submission import Figure

COLUMNS = "columns: {stt: {title: STT}, label: {title: Chỉ tiêu}, unit: {title: Đơn vị}, value: {title: Số liệu}}"


def small_form(tmp_path: Path, *rows: str, checks: tuple[str, ...] = (), more: str = "") -> Form:
    """A form whose rows are given by id and what they declare: `"a"`, `"t, total_of: [a, b]"`; counts if not told.

    `checks` are rules without their sentences; `more` goes into form.yaml.
    """
    folder = tmp_path / "bieu"
    folder.mkdir(exist_ok=True)
    (folder / "form.yaml").write_text(
        "\n".join(["form: nho", "title: Nhỏ", COLUMNS, more, "indicators:", *map(_row, rows)])
    )
    texts = "what: Điều kiện., why: Vì vậy., do: Xem lại."
    rules = [f"  - {{{check}, {texts}}}" for check in checks]
    (folder / "checks.yaml").write_text("\n".join(["checks:", *rules]) if rules else "", "utf-8")
    return load_form(folder)


def _row(row: str) -> str:
    key = row.partition(",")[0]
    kind = "" if "kind:" in row else ", kind: count"
    unit = "" if "unit:" in row else ", unit: Hồ sơ"
    label = "" if "label:" in row else f", label: Số hồ sơ loại {key}"
    return f"  - {{id: {row}{kind}{unit}{label}}}"


def shortened(form: Form) -> Form:
    """The form with its first rows alone and without checks: its heading and signers, drawn in a tenth of the time."""
    made_of_nothing = [row for row in form.indicators if not (row.part or row.total_of)]
    return replace(form, indicators=tuple(made_of_nothing[:3]), checks=())


def findings_of(form: Form, figures: Mapping[str, Figure | None]) -> dict[tuple[str, str], Finding]:
    """What is found in the figures, with what would put it right, by code and row."""
    submission = submission_of(figures)
    found = propose(check(submission, form).findings, submission, form)
    return {(it.code, it.indicators[0] if it.indicators else ""): it for it in found}
