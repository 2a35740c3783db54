"""The tidy tables: every figure of every unit with what belongs to it, every finding, every merged figure."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas
import pytest
from communes import FORM, arrived, consistent
from places import ROOT, TYPED

from cchc_excel.consolidating.choices import Choices
from cchc_excel.consolidating.consolidate import consolidate
from cchc_excel.consolidating.filing import Arrived
from cchc_excel.consolidating.outcome import Outcome
from cchc_excel.consolidating.roster.load import load_roster
from cchc_excel.consolidating.tidy import COLUMNS, FINDINGS, MERGED, tidy, tidy_files, tidy_findings, tidy_merged
from cchc_excel.grid import Source
from cchc_excel.wording import words

ROSTER = load_roster(Source("ds.csv", "Mã;Tên đơn vị\n07;UBND xã A\n08;UBND xã B\n09;UBND xã C\n".encode()))
VI = words("vi")


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """A is right, B has a wrong rate and a note that looks like a formula, C has sent nothing; A's last period."""
    now = [
        arrived("a.xlsx", consistent(0), "UBND xã A"),
        arrived("b.xlsx", {**consistent(1), "1.4.1": 7, "1.4.2": 9, "1.4.3": 0, "1.4.4": 0}, "UBND xã B"),
    ]
    before = [arrived("cu.xlsx", {**consistent(0), "1.1": 1}, "UBND xã A", "2022-Q4")]
    choices = Choices(unit="UBND huyện D", roster=ROSTER)
    return consolidate(now, FORM, choices, before)


def test_the_columns_are_those_that_are_documented() -> None:
    text = (ROOT / "docs/tidy.md").read_text("utf-8")
    documented = [re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) for part in text.split("\n## ")[1:]]
    assert documented == [list(COLUMNS), list(FINDINGS), list(MERGED)]


def test_each_figure_has_its_unit_code_level_section_kind_and_measure(outcome: Outcome) -> None:
    frame = tidy(outcome)
    row = frame[(frame["unit"] == "UBND xã B") & (frame["indicator"] == "1.4.2")].iloc[0]
    assert (row["unit_code"], row["level"], row["status"], row["period"]) == ("08", "xa", "received", "2023-Q1")
    assert (row["section"], row["kind"], row["measure"], row["merges"]) == (
        FORM["1.4.2"].section, "count", FORM["1.4.2"].unit, "sum"
    )  # fmt: skip
    assert row["section_label"] == FORM[FORM["1.4.2"].section].label
    assert (row["value"], row["reported"], row["merged"]) == (9, 9, True)


def test_what_was_corrected_stands_beside_what_was_reported() -> None:
    frame = tidy(consolidate([Arrived(Source("a.xlsx", TYPED.read_bytes()))], FORM))
    row = frame[frame["indicator"] == "1.2"].iloc[0]
    assert (row["reported"], round(row["value"], 2), row["changed"]) == (2, 28.57, True)


def test_a_unit_that_sent_nothing_has_all_its_rows_and_they_are_blank(outcome: Outcome) -> None:
    frame = tidy(outcome)
    missing = frame[frame["unit"] == "UBND xã C"]
    assert list(missing["indicator"]) == list(FORM.entry_ids)
    assert set(missing["status"]) == {"missing"}
    assert set(missing["unit_code"]) == {"09"}
    assert missing["value"].isna().all()
    assert not missing["merged"].any()
    assert set(missing["period"]) == {"2023-Q1"}


def test_an_earlier_period_stands_in_the_same_table(outcome: Outcome) -> None:
    frame = tidy(outcome)
    before = frame[frame["period"] == "2022-Q4"]
    assert set(before["unit"]) == {"UBND xã A"}
    assert set(before["unit_code"]) == {"07"}
    assert list(before[before["indicator"] == "1.1"]["value"]) == [1]
    merged = tidy_merged(outcome)
    assert list(merged[merged["indicator"] == "1.1"]["period"]) == ["2023-Q1", "2022-Q4"]
    assert merged[(merged["indicator"] == "1.1") & (merged["period"] == "2022-Q4")].iloc[0]["value"] == 1


def test_the_findings_are_those_of_the_district_workbook_with_place_and_sentence(outcome: Outcome) -> None:
    frame = tidy_findings(outcome, VI)
    assert list(frame["code"]) == [ranked.finding.code for ranked in outcome.findings]
    wrong = frame[(frame["unit"] == "UBND xã B") & frame["indicator"].isin(["1.4.1", "1.4.2"])]
    assert len(wrong) >= 1
    row = wrong.iloc[0]
    assert (row["severity"], row["unit_code"], row["file"]) == ("error", "08", "b.xlsx")
    assert row["cell"].startswith("D")
    assert row["message"].endswith(".")
    assert 0 <= row["effect"] <= 1
    assert set(frame["severity"]) <= {"error", "warning", "info"}
    assert not tidy_findings(outcome, words("en"))["message"].equals(frame["message"])


def test_the_merged_figures_tell_on_how_many_units_they_stand(outcome: Outcome) -> None:
    frame = tidy_merged(outcome)
    row = frame[(frame["indicator"] == "1.1") & (frame["period"] == "2023-Q1")].iloc[0]
    assert row["unit"] == "UBND huyện D"
    assert (row["units"], row["expected"], row["level"]) == (2, 3, "huyen")
    assert row["value"] == tidy(outcome).query("indicator == '1.1' and period == '2023-Q1'")["value"].sum()
    assert row["low"] <= row["value"]
    own = frame[frame["reported_by"] == "huyen"]
    assert list(own["indicator"].unique()) == [it.id for it in FORM.entries if it.reported_by == "huyen"]


def test_no_text_in_any_of_the_tables_is_run_as_a_formula() -> None:
    harm = '=HYPERLINK("http://x")'
    unit, file = f"{harm} xã A", "=cmd|' /C calc'!A0.xlsx"
    outcome = consolidate(
        [arrived(file, {**consistent(0), "1.4.1": 7, "1.4.2": 9}, unit)], FORM, Choices(unit="@SUM(1)")
    )
    for data in tidy_files(outcome, Path("a.csv"), VI):
        assert data.startswith(b"\xef\xbb\xbfunit,period,indicator,"), "so that it is known as our own"
        frame = pandas.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
        for column in frame.columns:
            assert not [text for text in frame[column] if text.startswith(("=", "+", "@"))]


def test_the_tables_are_written_beside_each_other_and_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    from cchc_excel.commands.consolidate import ConsolidateOptions, run_consolidate
    from cchc_excel.errors import OutputExists

    (tmp_path / "nop").mkdir()
    (tmp_path / "nop" / "a.xlsx").write_bytes(arrived("a", consistent(0), "UBND xã A").source.data)

    def options(*, force: bool = False) -> ConsolidateOptions:
        table = tmp_path / "nop" / "so.lieu.csv"
        return ConsolidateOptions(files=[tmp_path / "nop"], output=tmp_path / "t.xlsx", tidy=table, force=force)

    (tmp_path / "nop" / "so.lieu.merged.csv").write_text("của người khác", "utf-8")
    with pytest.raises(OutputExists):
        run_consolidate(options(force=True))
    (tmp_path / "nop" / "so.lieu.merged.csv").unlink()
    assert run_consolidate(options()) == 0
    names = ["a.xlsx", "so.lieu.csv", "so.lieu.findings.csv", "so.lieu.merged.csv"]
    assert sorted(path.name for path in (tmp_path / "nop").iterdir()) == names
    before = (tmp_path / "nop" / "so.lieu.csv").read_bytes()
    assert run_consolidate(options(force=True)) == 0, "the tables of last time are no units' workbooks"
    assert (tmp_path / "nop" / "so.lieu.csv").read_bytes() == before
