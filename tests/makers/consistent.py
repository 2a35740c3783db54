"""Figures of the standard form that contradict nothing, drawn from any source of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from hypothesis import strategies as st

from cchc_excel.form import Form, load_form
from cchc_excel.form.language.agreement import rounded
from cchc_excel.submission import CellAddress, Entry, Figure, How, Period, Submission

Pick = Callable[[int, int], int]
Figures = dict[str, Figure | None]

FORMS_OF_SURVEY = ("Trực tuyến", "Phát phiếu", "Kết hợp")


def consistent_figures(pick: Pick, form: Form) -> Figures:
    """Return figures for every entry of the form; `pick(low, high)` draws a whole number, both ends included."""
    v: Figures = {row.id: None for row in form.entries}

    def put(key: str, low: int, high: int) -> int:
        v[key] = pick(low, max(low, high))
        return whole_of(v, key)

    put("1.1", 0, 30)
    put("1.2.2", 0, put("1.2.1", 0, 40))
    v["1.3.quyet_dinh"] = 1
    for level in ("tinh", "huyen"):
        left = put(f"1.4.1.{level}", 0, 30)
        for state in ("1.4.2", "1.4.3", "1.4.4"):
            left -= put(f"{state}.{level}", 0, left)
    if put("1.5.1", 0, 200):
        v["1.5.2"] = FORMS_OF_SURVEY[pick(0, 2)]
    v["1.6"] = ("Có", "Không")[pick(0, 1)]
    put("2.1", 0, 10)
    for checked, rate in (("2.2", "2.2.1"), ("2.3.1", "2.3.2")):
        put(f"{rate}.da_xu_ly", 0, put(f"{rate}.can_xu_ly", 0, put(checked, 0, 12)))
    procedures = put("3.1.4.cap_xa", 60, 220)
    for key in ("3.1.1", "3.1.2", "3.1.3", "3.2.3"):
        put(key, 0, procedures)
    put("3.2.2", 0, procedures - put("3.2.1", 0, procedures))
    received = put("7.2.4.da_tiep_nhan", 0, 3000)
    settled = put("3.3.1.da_giai_quyet", 1 if received else 0, received)
    v["3.3.2.da_giai_quyet"] = settled
    v["3.3.2.dung_han"] = put("3.3.1.dung_han", 0, settled)
    put("3.4.2", 0, put("3.4.1", 0, 20))
    _staff(v, put)
    _online(v, put, procedures, received, settled)
    if sent := put("7.1", 0, 800):
        v["1.1"], v["2.1"] = min(whole_of(v, "1.1"), sent), min(whole_of(v, "2.1"), sent)
        shares = ("7.1.dien_tu", "7.1.dien_tu_va_giay")
        electronic = pick(0, sent)
        for key, part in zip(shares, (electronic, pick(0, sent - electronic)), strict=True):
            v[key] = rounded(Fraction(100 * part, sent), pick(0, 2))
    else:
        v["7.1.dien_tu"] = v["7.1.dien_tu_va_giay"] = 0
    return with_totals_and_rates(v, pick, form)


def whole_of(figures: Mapping[str, Figure | None], key: str) -> int:
    """The figure, which must be a whole number."""
    value = figures[key]
    assert isinstance(value, int)
    return value


def _staff(v: Figures, put: Callable[[str, int, int], int]) -> None:
    cadres, officials = put("4.1.1", 4, 12), put("4.2.1", 4, 11)
    v["4.1"], v["4.2"] = cadres, officials
    v["5.1.1"] = staff = cadres + officials
    for cut, since_2015 in (("4.1.2", "4.1.3"), ("4.2.3", "4.2.4")):
        put(since_2015, 4 * put(cut, 0, 3), 50)
    put("4.2.2", 0, 3)
    put("4.3.co_mat", 0, 14)
    v["5.1.2"] = rounded(Fraction(100 * put("5.1.2", 0, officials), officials), 2)
    put("5.2.2", 0, staff - put("5.2.1", 0, staff))
    put("5.4.lanh_dao", 0, staff)


def _online(v: Figures, put: Callable[[str, int, int], int], procedures: int, received: int, settled: int) -> None:
    partial = put("7.2.1.dang_cung_cap", 0, put("7.2.1.du_dieu_kien", 0, procedures))
    rest = procedures - whole_of(v, "7.2.1.du_dieu_kien")
    full = put("7.2.2.dang_cung_cap", 0, put("7.2.2.du_dieu_kien", 0, rest))
    online = put("7.2.4.truc_tuyen", 0, received) if partial + full else 0
    used = put("7.2.1.phat_sinh", 0, min(partial, online))
    used += put("7.2.2.phat_sinh", 1 if online and not used and full else 0, min(full, online - used))
    if online and not used:  # dossiers came online, so at least one procedure had some
        v["7.2.1.phat_sinh" if partial else "7.2.2.phat_sinh"] = used = 1
    if used >= 20 and used == settled and (partial, full) == (v["7.2.1.phat_sinh"], v["7.2.2.phat_sinh"]):
        v["7.2.1.phat_sinh"] = whole_of(v, "7.2.1.phat_sinh") - 1
    v["7.2.4.truc_tuyen"] = online
    put("7.2.3.da_tich_hop", 0, partial + full)
    put("7.2.5.da_tich_hop", 0, min(partial + full, put("7.2.5.co_phi", 0, procedures)))


def with_totals_and_rates(figures: Figures, pick: Pick, form: Form) -> Figures:
    """Put every total and every percentage right, percentages with 0, 1 or 2 decimals."""
    for row in form.entries:
        if row.total_of and row.reported_by is None:
            figures[row.id] = sum(whole_of(figures, part) for part in row.total_of)
    for row in form.entries:
        if row.part is not None and row.whole is not None and row.reported_by is None:
            part, whole = figures[row.part], figures[row.whole]
            exact = None if not whole or part is None else Fraction(100 * int(part), int(whole))
            figures[row.id] = None if exact is None else rounded(exact, pick(0, 2))
    return figures


def submission_of(figures: Mapping[str, Figure | None], unit: str = "UBND xã A", period: str = "2023-Q1") -> Submission:
    """Return the figures as a submission, each in a cell of its own."""
    entries = {}
    for row, (key, value) in enumerate(figures.items(), start=8):
        cell = CellAddress("BieuThongKe", row, 4)
        how = How.BLANK if value is None else How.AS_TYPED
        entries[key] = Entry(_raw(value), value, how, cell, decimals_of(value))
    return Submission(unit, Period.parse(period), "A.xlsx", entries)


def _raw(value: Figure | None) -> str | int | float | None:
    return float(value) if isinstance(value, Fraction) else value


def decimals_of(value: Figure | None) -> int:
    """The fewest decimals that show the figure, at most 6."""
    if not isinstance(value, Fraction):
        return 0
    return next((places for places in range(6) if (value * 10**places).denominator == 1), 6)


def filled(changes: Mapping[str, Figure | None]) -> Submission:
    """A submission of the standard form that contradicts nothing, the middle of every range, but for these figures."""
    return submission_of({**consistent_figures(lambda low, high: (low + high) // 2, load_form()), **changes})


def as_typed(figures: Mapping[str, Figure | None]) -> dict[str, int | float | str | None]:
    """The figures as a workbook holds them."""
    return {key: float(figure) if isinstance(figure, Fraction) else figure for key, figure in figures.items()}


@st.composite
def consistent(draw: st.DrawFn, form: Form) -> Figures:
    """Figures that contradict nothing."""
    return consistent_figures(lambda low, high: draw(st.integers(low, high)), form)
