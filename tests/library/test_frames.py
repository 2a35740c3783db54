"""Frames of pandas: the figures of many units and what was found in them."""

from __future__ import annotations

import io
from pathlib import Path

import pandas
import pytest
from places import EXAMPLES, TYPED
from small_forms import small_form

from cchc_excel import Examination, Form, as_json, examine, figures_frame, findings_frame, words
from cchc_excel.errors import DifferentForms

CAME_IN = EXAMPLES / "huyen_vi_du" / "nop"
CLEAN = CAME_IN / "Cẩm Giang - Quý I.2023.xlsx"


@pytest.fixture(scope="module")
def three(form: Form) -> list[Examination]:
    """A commune's report as it was typed, one that is consistent, and a file that is no workbook."""
    return [examine(TYPED, form), examine(CLEAN, form), examine(b"none", form, name="thu.docx")]


def test_there_is_a_row_for_each_unit_and_a_column_for_each_indicator(form: Form, three: list[Examination]) -> None:
    figures = figures_frame(three)
    assert list(figures.columns) == list(form.entry_ids)
    assert list(figures.index.names) == ["unit", "period", "source"]
    assert list(figures.index) == [
        ("UBND xã Bằng Lăng", "2023-Q1", str(TYPED)),
        ("UBND xã Cẩm Giang", "2023-Q1", str(CLEAN)),
    ]


def test_numbers_are_nullable_and_answers_texts(form: Form, three: list[Examination]) -> None:
    figures = figures_frame(three)
    for row in form.entries:
        assert str(figures[row.id].dtype) == ("string" if row.kind.is_text else "Float64")
    assert figures["1.1"].tolist()[0] == 2.0
    assert pandas.isna(figures["1.5.2"].tolist()[0])
    assert figures["1.6"].tolist() == ["Không", "Có"]


def test_every_figure_is_the_one_that_was_read(form: Form, three: list[Examination]) -> None:
    figures = figures_frame(three)
    for place, examination in enumerate(three[:2]):
        assert examination.submission is not None
        for row in form.entries:
            value, shown = examination.submission[row.id].value, figures[row.id].iloc[place]
            assert pandas.isna(shown) if value is None else shown == (value if isinstance(value, str) else float(value))


def test_units_of_measure_and_labels_stand_in_the_attributes(form: Form, three: list[Examination]) -> None:
    attributes = figures_frame(three).attrs
    assert attributes["form"] == "cchc_xa_quy"
    assert attributes["units"] == {row.id: row.unit for row in form.entries}
    assert attributes["labels"]["1.2"] == form["1.2"].label


def test_a_finding_tells_its_place_what_was_compared_and_its_sentence(three: list[Examination]) -> None:
    findings = findings_frame(three)
    rate = findings[(findings.code == "A02") & (findings.indicator == "1.2")].iloc[0]
    told = rate[["unit", "severity", "sheet", "cell", "observed", "compared_with", "compared_cells"]].tolist()
    assert told == ["UBND xã Bằng Lăng", "error", "BieuThongKe", "D10", 2.0, 28.57, "D12, D11"]
    assert [*findings.sentence] == [it.sentence(words("vi")) for one in three for it in one.findings]
    assert [*findings_frame(three, "en").sentence] == [it.sentence(words("en")) for one in three for it in one.findings]


def test_a_text_that_was_found_stands_beside_the_numbers(three: list[Examination]) -> None:
    findings = findings_frame(three)
    typed = findings[(findings.code == "T01") & (findings.cell == "D9")].iloc[0]
    assert pandas.isna(typed.observed)
    assert (typed.observed_text, typed.compared_with) == ("02", 2.0)


def test_severities_are_in_order(three: list[Examination]) -> None:
    findings = findings_frame(three)
    bad = findings[findings.severity >= "warning"]
    assert set(bad.severity) == {"warning", "error"}
    assert len(findings) > len(bad) > 0


def test_a_file_that_cannot_be_read_has_no_figures_and_says_why(three: list[Examination]) -> None:
    findings = findings_frame(three)
    (unread,) = findings[findings.source == "thu.docx"].itertuples()
    assert unread.code == "S04"
    assert "thu.docx" not in figures_frame(three).index.get_level_values("source")


def test_both_frames_are_empty_and_whole_where_nothing_was_examined() -> None:
    assert figures_frame([]).empty
    assert findings_frame([]).empty
    assert list(findings_frame([]).columns) == list(findings_frame([], "en").columns)
    assert "sentence" in findings_frame([]).columns


def test_an_iterator_is_examined_as_it_comes(form: Form) -> None:
    assert len(figures_frame(examine(path, form) for path in (TYPED, CLEAN))) == 2
    assert len(findings_frame(examine(path, form) for path in (TYPED,))) > 0


def test_examinations_by_two_forms_do_not_become_one_frame(
    form: Form, three: list[Examination], tmp_path: Path
) -> None:
    other = examine(TYPED, small_form(tmp_path, "a"))
    for frame in (figures_frame, findings_frame):
        with pytest.raises(DifferentForms, match="cchc_xa_quy"):
            frame([*three, other])
    assert '"workbooks": []' in as_json([], form)


def test_figures_come_back_from_csv_and_parquet_as_they_went(three: list[Examination], tmp_path: Path) -> None:
    figures = figures_frame(three)
    text = io.StringIO(figures.to_csv())
    back = pandas.read_csv(text, index_col=[0, 1, 2], dtype=dict(figures.dtypes.astype(str)))
    pandas.testing.assert_frame_equal(back, figures, check_index_type=False, check_column_type=False)
    figures.to_parquet(tmp_path / "a.parquet")
    again = pandas.read_parquet(tmp_path / "a.parquet")
    pandas.testing.assert_frame_equal(again, figures)
    assert again.attrs == figures.attrs


def test_findings_come_back_from_csv_and_parquet_as_they_went(three: list[Examination], tmp_path: Path) -> None:
    findings = findings_frame(three)
    findings.to_parquet(tmp_path / "a.parquet")
    pandas.testing.assert_frame_equal(pandas.read_parquet(tmp_path / "a.parquet"), findings)
    back = pandas.read_csv(io.StringIO(findings.to_csv(index=False)), dtype=dict(findings.dtypes.astype(str)))
    assert back.severity.tolist() == findings.severity.tolist()
    columns = [name for name in findings.columns if name != "severity"]
    pandas.testing.assert_frame_equal(back[columns], findings[columns])
