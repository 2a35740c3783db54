"""The one real report, typed into the template and as printed: what must be found in it, and nothing false."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cchc_excel.finding import Certainty, Finding
from cchc_excel.form import Form, Severity, load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine
from cchc_excel.wording import words

EXAMPLES = Path(__file__).parent.parent / "examples"
FORM = load_form()


def examined(name: str) -> Examination:
    return examine(Source(name, (EXAMPLES / name).read_bytes()), FORM)


TYPED, PRINTED = examined("BangLang_2023-Q1_mau.xlsx"), examined("BangLang_2023-Q1_inlai.xlsx")
BOTH = pytest.mark.parametrize("specimen", [TYPED, PRINTED], ids=["typed", "printed"])


def found(specimen: Examination, code: str, indicator: str | None = None) -> Finding:
    (one,) = [it for it in specimen.findings if it.code == code and indicator in {None, *it.indicators[:1]}]
    return one


def message(finding: Finding, form: Form = FORM) -> str:
    return words("vi").message(finding, form)


@BOTH
def test_unit_and_period_are_read_from_the_heading(specimen: Examination) -> None:
    assert specimen.submission is not None
    assert (specimen.submission.unit, str(specimen.submission.period)) == ("UBND xã Bằng Lăng", "2023-Q1")


def test_both_ways_to_write_it_give_the_same_values() -> None:
    assert TYPED.submission is not None
    assert PRINTED.submission is not None
    assert TYPED.submission.values == PRINTED.submission.values
    assert len(TYPED.submission.values) == 85


@BOTH
def test_what_is_wrong_is_found_and_nothing_else(specimen: Examination) -> None:
    above = {(it.code, it.indicators[0] if it.indicators else "") for it in specimen.findings if it.severity != "info"}
    assert above == {
        ("A02", "1.2"),
        ("C02", "1.4.2"),
        ("C02", "1.4.3"),
        ("L01", "4.1"),
        ("C05", "7.1"),
        ("L10", "7.1.dien_tu"),
        ("C04", "7.2.3.da_tich_hop"),
        ("A02", "7.2.4"),
        ("L11", "7.2.4.truc_tuyen"),
        ("L28", "7.2.1.phat_sinh"),
        ("S32", ""),
    }


@BOTH
@pytest.mark.parametrize(
    ("code", "indicator", "severity", "observed", "expected"),
    [
        ("A02", "1.2", Severity.ERROR, 2, Fraction("28.57")),
        ("C02", "1.4.2", Severity.WARNING, None, 2),
        ("C02", "1.4.3", Severity.WARNING, None, 0),
        ("T15", "1.5.2", Severity.INFO, "0", None),
        ("L01", "4.1", Severity.WARNING, 19, 10),
        ("L10", "7.1.dien_tu", Severity.ERROR, 110, 100),
        ("C04", "7.2.3.da_tich_hop", Severity.ERROR, None, 104),
        ("A02", "7.2.4", Severity.ERROR, 100, Fraction("19.23")),
        ("L11", "7.2.4.truc_tuyen", Severity.ERROR, 20, 104),
        ("L28", "7.2.1.phat_sinh", Severity.WARNING, 84, None),
    ],
)
def test_each_finding_says_what_stands_there_and_what_should(
    specimen: Examination, code: str, indicator: str, severity: Severity, observed: object, expected: object
) -> None:
    one = found(specimen, code, indicator)
    assert (one.severity, one.observed, one.compared_with) == (severity, observed, expected)


@BOTH
def test_the_slip_is_named(specimen: Examination) -> None:
    fix = found(specimen, "A02", "1.2").fix
    assert fix is not None
    assert words("vi").because(fix.because) == "có lẽ đã ghi nhầm số thành phần (2) vào ô tỷ lệ"
    assert "10 + 9 = 19" in message(found(specimen, "L01"))
    assert "5.1.1" in message(found(specimen, "L01"))
    assert "84 + 20 = 104" in message(found(specimen, "L11"))


@BOTH
def test_what_is_sure_is_applied_and_the_rest_suggested_in_order(specimen: Examination) -> None:
    def ways(code: str, indicator: str) -> list[tuple[str, object]]:
        finding = found(specimen, code, indicator)
        assert finding.fix is not None
        return [(change.indicator, change.after) for way in finding.ways for change in way.changes]

    certain = {
        (it.fix.changes[0].indicator, it.fix.changes[0].after, it.fix.certainty)
        for it in specimen.findings
        if it.fix is not None and it.fix.certainty is not Certainty.SUGGESTED and it.code != "T01"
    }
    assert certain == {
        ("1.2", Fraction("28.57"), Certainty.RECOMPUTED),
        ("1.4.2", 2, Certainty.DEDUCED),
        ("1.4.3", 0, Certainty.DEDUCED),
        ("1.5.2", None, Certainty.NORMALISED),
    }
    assert ways("A02", "7.2.4") == [("7.2.4.truc_tuyen", 104), ("7.2.4", Fraction("19.23"))]
    assert ways("L01", "4.1") == [("4.1", 10)]
    assert found(specimen, "L10", "7.1.dien_tu").ways == ()  # a bound is no proposal
    assert ways("C04", "7.2.3.da_tich_hop") == [("7.2.3.da_tich_hop", 104)]


@BOTH
def test_texts_are_read_as_numbers_and_said(specimen: Examination) -> None:
    raws = {it.facts["raw"] for it in specimen.findings if it.code == "T01"}
    assert {"02", "07", "01"} <= raws


def test_the_template_of_this_program_is_told_nothing_about_the_printed_form() -> None:
    assert not {it.code for it in TYPED.findings} & {"S22", "S23", "S24", "S26", "S27"}


def test_the_defects_of_the_printed_form_are_information_only() -> None:
    assert found(PRINTED, "S27").indicators == ("5.1.2",)
    assert found(PRINTED, "S23").facts["missing"] == "5.3"
    assert found(PRINTED, "S22").facts["stt"] == "4.2"
    assert found(PRINTED, "S24").facts["text"] == "Trong đó"
    assert found(PRINTED, "S25").indicators == ("3.1.1",)
    assert {it.indicators[0] for it in PRINTED.findings if it.code == "S26"} == {"5.1.1", "7.1"}
    assert {it.severity for it in PRINTED.findings if it.code[0] == "S" and it.code != "S32"} == {Severity.INFO}
