"""The roster: who must report, whom a name on a workbook means, and who has sent what."""

from __future__ import annotations

import io
import random
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
import xlsxwriter
from hypothesis import assume, given
from hypothesis import strategies as st

from cchc_excel.commands.consolidate import of_roster
from cchc_excel.consolidating.roster.load import Roster, RosterUnit, load_roster
from cchc_excel.consolidating.roster.matching import Match, Matcher
from cchc_excel.consolidating.roster.table import COLUMNS
from cchc_excel.consolidating.standing import Received, Standing, period_end, standing
from cchc_excel.errors import BadRoster
from cchc_excel.grid import Source
from cchc_excel.submission import Period
from cchc_excel.vietnamese.text import fold, strip_accents
from cchc_excel.wording import words
from cchc_excel.wording.roster import roster_mistakes

Q1 = Period(2023, "Q1")
END = period_end(Q1)
BOTH = pytest.mark.parametrize("language", ["vi", "en"])


# --- reading the list


def text(content: str, encoding: str = "utf-8") -> Source:
    return Source("ds.csv", content.encode(encoding))


def book(
    *rows: tuple[Any, ...], sheet: str = "Danh sách", hidden: tuple[Any, ...] = (), date1904: bool = False
) -> Source:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date1904}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        visible = workbook.add_worksheet(sheet)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    visible.write_datetime(at, column, value, day)
                else:
                    visible.write(at, column, value)
        if hidden:
            other = workbook.add_worksheet("Ẩn")
            other.write_row(0, 0, hidden)
            other.hide()
    return Source("ds.xlsx", buffer.getvalue())


def mistakes_of(source: Source) -> list[tuple[str, str, int]]:
    """The kind and place of each mistake."""
    with pytest.raises(BadRoster) as caught:
        load_roster(source)
    return [(it.kind, dict(it.facts)["cell"], it.line) for it in caught.value.mistakes]


FULL = RosterUnit(
    "UBND xã Bình Lăng", "12345", ("BL", "Bình Lăng cũ"), "bl@vi.du", date(2023, 3, 15), date(2020, 1, 1),
    date(2025, 6, 30), ("xã Bình Thượng", "12344"),
)  # fmt: skip


def test_a_list_in_vietnamese_is_read_whatever_the_order_of_its_columns() -> None:
    source = text("""DANH SÁCH ĐƠN VỊ NỘP BÁO CÁO
STT;Hạn nộp;Tên đơn vị;Mã;Tên khác;Email;Từ ngày;Đến ngày;Đơn vị trước đây;Ghi chú
1;15/03/2023;UBND xã  Bình Lăng;12345;"BL; Bình Lăng cũ";bl@vi.du;1.1.2020;2025-06-30;"xã Bình Thượng;12344";gọi trước
""")
    assert load_roster(source) == Roster((FULL,), "ds.csv")


def test_a_list_in_english_separated_by_commas_may_hold_lists_with_semicolons() -> None:
    source = text("""unit,code,aliases,email,due,valid_from,valid_to,predecessors
UBND xã Bình Lăng,12345,BL;Bình Lăng cũ,bl@vi.du,2023-03-15,2020-01-01,30/6/2025,xã Bình Thượng;12344
""")
    assert load_roster(source).units == (FULL,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_may_be_separated_and_encoded_as_excel_does(encoding: str, delimiter: str) -> None:
    source = text(f"Mã{delimiter}Đơn vị\n7{delimiter}xã Hòa Đông\n", encoding)
    assert load_roster(source).units == (RosterUnit("xã Hòa Đông", "7"),)


def test_text_in_the_old_windows_encoding_is_read() -> None:
    decomposed = "Ma\u0303,T\u00ean \u0111\u01a1n vi\u0323\n7,xa\u0303 \u0110\u00f4ng\n"
    assert load_roster(text(decomposed, "cp1258")).units == (RosterUnit("xã Đông", "7"),)


@pytest.mark.parametrize("date1904", [False, True])
def test_a_workbook_gives_dates_as_excel_shows_them_and_codes_as_texts(date1904: bool) -> None:
    source = book(
        ("Danh sách các xã",), ("Đơn vị", "Mã", "Hạn nộp"), ("xã Bình Lăng", 7, date(2023, 3, 15)), date1904=date1904
    )
    assert load_roster(source).units == (RosterUnit("xã Bình Lăng", "7", due=date(2023, 3, 15)),)


def test_the_first_visible_sheet_with_the_header_counts() -> None:
    assert load_roster(book(("Đơn vị",), ("xã A Lưới",), hidden=("Đơn vị", "xã Khác"))).units == (
        RosterUnit("xã A Lưới"),
    )
    assert mistakes_of(book(("gì đó",), hidden=("Đơn vị",))) == [("no_header", "", 0)]


@pytest.mark.parametrize(
    "title", ["Tên xã", "Xã/phường/thị trấn", "TÊN XÃ, PHƯỜNG, ĐẶC KHU", "Địa phương", "Cơ quan, đơn vị"]
)
def test_the_officers_own_list_names_its_units_under_many_titles(title: str) -> None:
    assert load_roster(text(f"STT;{title}\n1;Xã A Lưới\n2;Xã Hòa An\n")).units == (
        RosterUnit("Xã A Lưới"), RosterUnit("Xã Hòa An")
    )  # fmt: skip
    assert load_roster(text(f"{title}\nXã A Lưới\n")).units == (RosterUnit("Xã A Lưới"),)


def test_columns_that_a_roster_does_not_need_are_passed_over_and_named() -> None:
    found = load_roster(text("STT,Đơn vị,Người phụ trách,Số điện thoại\n1,xã A Lưới,Một người,0912,gì đó\n"))
    assert found == Roster((RosterUnit("xã A Lưới"),), "ds.csv", ("Người phụ trách", "Số điện thoại", "E"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [("unreadable", "", 0)]),
        ("Xã nào\nxã A Lưới\n", [("no_header", "", 0)]),
        ("Đơn vị,Mã\n", [("no_units", "", 0)]),
        ("Đơn vị,Hạn nop\nxã A Lưới,1/4/2023\n", [("unknown_column", "", 1)]),
        ("Đơn vị,Hạn nộp báo cáo quý\nxã A Lưới,1/4/2023\n", [("unknown_column", "", 1)]),
        ("Đơn vị,Tên\nxã A Lưới,xã B\n", [("column_twice", "", 1)]),
        ("Đơn vị,Mã\n,1\n", [("no_name", "", 2)]),
        ("Đơn vị,Email\nxã A Lưới,a lưới\n", [("bad_email", "", 2)]),
        ("Đơn vị,Hạn\nxã A Lưới,31/2/2023\n", [("bad_date", "", 2)]),
        ("Đơn vị,Hạn\nxã A Lưới,3/2023\n", [("bad_date", "", 2)]),
        ("Đơn vị,Từ ngày,Đến ngày\nxã A Lưới,2/1/2023,1/1/2023\n", [("ends_before_start", "", 2)]),
        ("Đơn vị\nxã Hòa An\nUBND xã HOÀ AN\n", [("duplicate_unit", "", 3)]),
        ("Đơn vị\nxã Hòa An\nHòa An\n", [("duplicate_unit", "", 3)]),
        ("Đơn vị,Mã\nxã Hòa An,a1\nxã Hòa Bắc,A1\n", [("duplicate_code", "", 3)]),
        ("Đơn vị,Tên khác\nxã Hòa An,HA\nxã Hòa Bắc,HA\n", [("ambiguous_alias", "", 3)]),
        ("Đơn vị,Tên khác\nxã Hòa An,\nxã Hòa Bắc,Hòa An\n", [("ambiguous_alias", "", 3)]),
        ("Đơn vị,Tên khác\nxã Hòa Bắc,Hòa An\nxã Hòa An,\n", [("ambiguous_alias", "", 3)]),
    ],
)  # fmt: skip
def test_a_bad_list_is_refused_with_the_line(content: str, expected: list[tuple[str, str, int]]) -> None:
    assert mistakes_of(text(content)) == expected


@pytest.mark.parametrize(
    ("titles", "line"),
    [
        ("STT,Tên đơn vị,Người phụ trách,Số điện thoại", "1,xã An Bình,Một Người,0912 345 678"),
        ("Mã PX,TenPhuongXa,Cấp,Dân số", "02020,xã An Bình,Xã,3000"),
        ("Tỉnh / Thành Phố,Mã TP,Phường Xã,Mã PX", "Bắc Kạn,06,xã An Bình,02020"),
        ("TT,Tên xã", "1,xã An Bình"),
        ("Tên xã mới;SĐT", "xã An Bình;0912 345 678"),
        ("Tên cơ quan,Zalo", "xã An Bình,0912 345 678"),
    ],
)
def test_an_official_list_is_a_roster_and_telephones_and_persons_are_left_where_they_are(
    titles: str, line: str
) -> None:
    roster = load_roster(text(f"{titles}\n{line}\n"))
    (unit,) = roster.units
    assert (unit.name, unit.code) == ("xã An Bình", "02020" if "Mã PX" in titles else "")
    assert "0912" not in repr(roster)
    assert "Người" not in repr(roster.units)


def test_a_list_tells_units_of_one_name_apart_by_its_column_of_districts() -> None:
    lines = "Tỉnh,Quận Huyện,Tên xã\nBắc Kạn,Chợ Đồn,Xã Tân Lập\nBắc Kạn,Ba Bể,Xã Tân Lập\nBắc Kạn,Ba Bể,Xã An Bình\n"
    names = [unit.name for unit in load_roster(text(lines)).units]
    assert names == ["Xã Tân Lập, Chợ Đồn", "Xã Tân Lập, Ba Bể", "Xã An Bình"]


def test_a_bad_workbook_is_refused_with_all_its_cells_at_once() -> None:
    source = book(("Đơn vị", "Hạn nộp", "E mai"), ("xã Hòa An", "mai"), ("xã Hòa An", 2023), ("=A2&1", ""))
    damaged = source._replace(data=source.data[:300])
    assert mistakes_of(source) == [
        ("unknown_column", "C1", 1), ("bad_date", "B2", 2), ("bad_date", "B3", 3), ("duplicate_unit", "A3", 3)
    ]  # fmt: skip
    assert mistakes_of(damaged) == [("unreadable", "", 0)]


def test_units_that_differ_by_the_level_word_or_by_the_time_they_exist_are_two() -> None:
    source = text("""Đơn vị;Mã;Từ ngày;Đến ngày
xã Bình Lăng;1;;30/6/2025
phường Bình Lăng;2;;
xã Bình Lăng;1;1/7/2025;
xã Tân Lập, huyện Vũ Thư;3;;
xã Tân Lập, huyện Hưng Hà;4;;
""")
    assert len(load_roster(source).units) == 5


@BOTH
def test_a_person_reads_where_and_what_and_what_to_do(language: Literal["vi", "en"]) -> None:
    with pytest.raises(BadRoster) as caught:
        load_roster(book(("Đơn vị", "Hạn nộp"), ("xã Hòa An", "mai")))
    (line,) = roster_mistakes(caught.value, words(language))
    assert (
        line
        == {
            "vi": "ds.xlsx, trang “Danh sách”, ô B2: Cột “Hạn nộp” ghi “mai”, không phải là ngày. "
            "Ghi dạng ngày/tháng/năm, ví dụ 31/03/2023.",
            "en": "ds.xlsx, sheet “Danh sách”, cell B2: The column “due” says “mai”, which is not a date. "
            "Write day/month/year, such as 31/03/2023.",
        }[language]
    )


KINDS: dict[str, str | bytes] = {
    "unreadable": b"PK\x03\x04", "no_header": "Xã nào\nxã A Lưới\n", "no_units": "Đơn vị\n",
    "unknown_column": "Đơn vị,Emaill\na,b\n", "column_twice": "Đơn vị,Tên\na,b\n", "no_name": "Đơn vị,Mã\n,1\n",
    "bad_email": "Đơn vị,Email\nabcd,b\n", "bad_date": "Đơn vị,Hạn\nabcd,b\n",
    "ends_before_start": "Đơn vị,Từ ngày,Đến ngày\nabcd,2/1/2023,1/1/2023\n", "duplicate_unit": "Đơn vị\nabcd\nabcd\n",
    "duplicate_code": "Đơn vị,Mã\nabcd,1\nefgh,1\n", "ambiguous_alias": "Đơn vị,Tên khác\nabcd,a\nefgh,a\n",
}  # fmt: skip


@BOTH
def test_every_kind_of_mistake_has_its_sentence_and_no_sentence_is_without_one(language: Literal["vi", "en"]) -> None:
    assert set(words(language).texts["roster"]["mistakes"]) == {*KINDS, "unread_cell"}
    assert set(words(language).texts["roster"]["columns"]) == set(COLUMNS)
    for kind, content in KINDS.items():
        data = content if isinstance(content, bytes) else content.encode()
        with pytest.raises(BadRoster) as caught:
            load_roster(Source("ds.csv", data))
        assert [it.kind for it in caught.value.mistakes] == [kind]
        (line,) = roster_mistakes(caught.value, words(language))
        assert "{" not in line


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"%PDF-1.7\n", "tệp PDF"), (b"BM" + bytes(80), "tệp ảnh"), (b"{\\rtf1 xa A}", "văn bản Word")],
    ids=["pdf", "picture", "word"],
)
def test_a_roster_that_is_another_document_is_told_for_what_it_is(data: bytes, told: str) -> None:
    with pytest.raises(BadRoster) as caught:
        load_roster(Source("ds.csv", data))
    (line,) = roster_mistakes(caught.value, words("vi"))
    assert told in line


def test_a_roster_may_begin_with_the_letters_of_a_bitmap() -> None:
    assert load_roster(text("BM.02 Danh sách đơn vị\nĐơn vị\nxã A Lưới\n")).units == (RosterUnit("xã A Lưới"),)


@BOTH
def test_the_titles_that_a_person_is_told_are_understood(language: Literal["vi", "en"]) -> None:
    titles = words(language).texts["roster"]["columns"]
    line = ",".join("" if role in {"due", "valid_from", "valid_to", "email"} else "abcd" for role in titles)
    assert load_roster(text(",".join(titles.values()) + "\n" + line)).units[0].predecessors == ("abcd",)


# --- rows that are no units


def listed(*rows: tuple[Any, ...]) -> Roster:
    return load_roster(book(*rows))


def names_in(found: Roster) -> list[str]:
    return [unit.name for unit in found.units]


def test_an_official_list_has_headings_a_total_and_signatures_which_are_no_units_and_are_told() -> None:
    found = listed(
        ("TỈNH VÍ DỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("DANH SÁCH CÁC ĐƠN VỊ NỘP BÁO CÁO",),
        ("STT", "Mã đơn vị", "Tên đơn vị", "Hạn nộp"),
        (1, 2, 3, 4),
        ("I", "", "Các sở, ban, ngành", ""),
        (1, "S01", "Sở Tài chính", date(2026, 3, 15)),
        ("II", "", "Xã, phường", ""),
        (1, "X01", "UBND xã Tân Lập", date(2026, 3, 15)),
        ("", "X02", "UBND phường Bến Nghé", ""),
        ("Tổng cộng: 3 đơn vị", "", "", ""),
        ("", "", "", "Ví Dụ, ngày 01 tháng 3 năm 2026"),
        ("", "", "Người lập biểu", "CHỦ TỊCH"),
        ("", "", "", "Một Người"),
    )
    assert names_in(found) == ["Sở Tài chính", "UBND xã Tân Lập", "UBND phường Bến Nghé"]
    assert list(found.no_units.values()) == ["Các sở, ban, ngành", "Xã, phường", "Tổng cộng: 3 đơn vị"]
    assert found.ends == 11


@pytest.mark.parametrize("heads", [("I", "II"), ("", ""), (1, 2)], ids=["Roman numbers", "no numbers", "an outline"])
def test_the_district_in_a_group_s_heading_tells_units_of_one_name_apart(heads: tuple[Any, Any]) -> None:
    numbers = (1.1, 2.1) if heads == (1, 2) else (1, 2)
    found = listed(
        ("STT", "Đơn vị"),
        (heads[0], "Huyện Chợ Đồn"),
        (numbers[0], "UBND xã Tân Lập"),
        (heads[1], "Huyện Ba Bể"),
        (numbers[1], "UBND xã Tân Lập"),
    )
    assert names_in(found) == ["UBND xã Tân Lập, Huyện Chợ Đồn", "UBND xã Tân Lập, Huyện Ba Bể"]


def test_the_district_in_a_merged_cell_is_that_of_all_its_rows() -> None:
    found = listed(
        ("Huyện", "Xã"), ("Chợ Đồn", "Xã An Bình"), ("", "Xã Tân Lập"), ("Ba Bể", "Xã Hòa An"), ("", "Xã Tân Lập")
    )
    assert names_in(found) == ["Xã An Bình", "Xã Tân Lập, Chợ Đồn", "Xã Hòa An", "Xã Tân Lập, Ba Bể"]


def test_titles_on_two_lines_name_the_columns_by_the_lower_one() -> None:
    found = listed(("STT", "Đơn vị", "", "Hạn nộp"), ("", "Mã", "Tên", ""), (1, "X01", "UBND xã Tân Lập", ""))
    assert [(unit.name, unit.code) for unit in found.units] == [("UBND xã Tân Lập", "X01")]


def test_a_name_may_be_numbered_and_its_kind_stand_in_a_column_of_its_own() -> None:
    assert names_in(listed(("Đơn vị",), ("1. UBND xã Tân Lập",), ("- Sở Tài chính",), ("P. 12",))) == [
        "UBND xã Tân Lập", "Sở Tài chính", "P. 12"
    ]  # fmt: skip
    assert names_in(listed(("Loại", "Tên"), ("Xã", "Tân Lập"), ("Sở", "Tài chính"), ("I", "Xã Hòa An"))) == [
        "Xã Tân Lập", "Sở Tài chính", "Xã Hòa An"
    ]  # fmt: skip


def test_a_note_in_the_column_of_names_is_no_unit_and_a_remark_beside_a_name_ends_no_list() -> None:
    found = listed(
        ("Tên đơn vị", "Ghi chú"),
        ("Tân Lập", "thành lập ngày 1 tháng 7 năm 2025"),
        ("Hòa An", "CHỦ TỊCH"),
        ("Ghi chú: gửi trước ngày 20/3.", ""),
    )
    assert names_in(found) == ["Tân Lập", "Hòa An"]
    assert found.no_units == {4: "Ghi chú: gửi trước ngày 20/3."}


@pytest.mark.parametrize("name", ["Tổng cục Thuế", "Phòng Tổng hợp", "Ban Tổ chức", "Cộng Hòa", "Xã Các Sơn"])
def test_a_name_that_begins_like_a_note_is_a_unit_all_the_same(name: str) -> None:
    assert name in names_in(listed(("STT", "Tên đơn vị"), (1, name), (2, "Xã Tân Lập")))
    assert name in names_in(listed(("Tên đơn vị",), (name,), ("Xã Tân Lập",)))


def test_what_was_passed_over_is_said_on_the_terminal() -> None:
    found = Roster((A,), "ds.xlsx", no_units={7: "Các xã"}, ends=15)
    assert list(of_roster(found, words("vi"))) == [
        "ds.xlsx: các dòng không phải là đơn vị: dòng 7 “Các xã”.",
        "ds.xlsx: danh sách hết trước dòng 15; từ dòng này là phần ghi chú, ký tên.",
    ]


# --- whom a name means


def roster(*units: str | RosterUnit) -> Roster:
    return Roster(tuple(it if isinstance(it, RosterUnit) else RosterUnit(it) for it in units), "")


def meant(name: str | None, *units: str | RosterUnit, on: date = END) -> tuple[str | None, str]:
    match = Matcher(roster(*units)).match(name, on)
    return match.unit.name if match.unit else None, match.how


def rivals(match: Match) -> list[str]:
    return [unit.name for unit in match.rivals]


@pytest.mark.parametrize(
    "written",
    ["UBND xã Hòa Lăng", "ủy ban nhân dân xã Hòa Lăng", "UỶ BAN NHÂN DÂN XÃ HOÀ LĂNG", "Hòa  Lăng", "X. Hòa Lăng",
     "U.B.N.D xã Hoà Lăng", "HĐND và UBND xã Hòa Lăng", "UBND xã Hoà La\u0306ng", "xã Hòa Lăng - huyện Kiến Xương"],
)  # fmt: skip
def test_spelling_style_and_the_authority_do_not_part_a_name_from_its_unit(written: str) -> None:
    assert meant(written, "UBND xã Hòa Lăng", "xã Hòa Lâng") == ("UBND xã Hòa Lăng", "exact")


def test_an_alias_and_a_code_mean_the_unit() -> None:
    unit = RosterUnit("xã Hòa Lăng", "GX07", ("Hoà Lăng Thượng",))
    assert meant("UBND xã Hòa Lăng Thượng", unit) == ("xã Hòa Lăng", "alias")
    assert meant("gx07", unit) == ("xã Hòa Lăng", "alias")


@pytest.mark.parametrize(
    ("written", "how"),
    [("UBND XA BINH LANG", "accents"), ("xã Bình Lãng", "accents"), ("UBND xã Bìn Lăng", "typo"),
     ("UBDN xã Bình Lăng", "typo"), ("UBNDxã Bình Lăng", "typo"), ("UBND phường Bình Lăng", "level")],
)  # fmt: skip
def test_a_slip_is_understood_but_never_certain(written: str, how: str) -> None:
    assert meant(written, "xã Bình Lăng", "xã Tân Lập") == ("xã Bình Lăng", how)
    assert not Matcher(roster("xã Bình Lăng")).match(written, END).is_certain


def test_a_slip_that_leads_to_one_unit_is_understood_though_another_is_two_slips_away() -> None:
    assert meant("UBDN xã Bình Lăng", "xã Bình Lăng", "xã Bình Lãng") == ("xã Bình Lăng", "typo")


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("BINH LANG", ("xã Bình Lăng", "xã Bình Lãng")),
        ("xã Bình Lang", ("xã Bình Lăng", "xã Bình Lãng")),
        ("Bình Lăng", ("xã Bình Lăng", "phường Bình Lăng")),
        ("xã Tân Lập", ("xã Tân Lập, huyện Vũ Thư", "xã Tân Lập, huyện Hưng Hà")),
        ("xã Tân Lạt", ("xã Tân Lạp", "xã Tân Lạc")),
        ("xã Bình Lảng", ("xã Bình Lãng", "xã Bình Long")),
        ("XA DUNG", ("xã Xa Dung", "xã Dũng")),
    ],
)
def test_where_two_units_may_be_meant_none_is_taken_and_both_are_shown(written: str, units: tuple[str, ...]) -> None:
    match = Matcher(roster(*units)).match(written, END)
    assert (match.unit, match.how) == (None, "unknown")
    assert set(rivals(match)) == set(units)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("UBND huyện Kiến Xương", "xã Kiến Xương"),
        ("xã Tân Thành 11", "xã Tân Thành 1"),
        ("xã Bình Hòa A", "xã Bình Hòa B"),
        ("xã Bé", "xã Bè Lớn"),
        ("xã Tâm", "xã Tô"),
        ("xã Tân Lập, huyện Vũ Thư", "xã Tân Lập, huyện Hưng Hà"),
        ("UBND xã", "xã Tân Lập"),
        ("", "xã Tân Lập"),
    ],
)
def test_another_unit_is_not_taken_for_one_that_looks_like_it(written: str, unit: str) -> None:
    assert meant(written, unit) == (None, "unknown")


def test_an_exact_name_is_certain_though_others_look_like_it() -> None:
    units = ("xã Bình Lăng", "phường Bình Lăng", "xã Bình Lãng", "xã Xa Dung", "phường 1", "phường 11")
    for unit in units:
        match = Matcher(roster(*units)).match(f"UBND {unit}", END)
        assert (match.unit and match.unit.name, match.how, match.is_certain) == (unit, "exact", True)


MERGED = (
    RosterUnit("xã Bình Lăng", "1", valid_to=date(2025, 6, 30)),
    RosterUnit("xã Bình Thượng", "2", ("Thượng",), valid_to=date(2025, 6, 30)),
    RosterUnit("xã Tân Thủy", "4", valid_to=date(2025, 6, 30)),
    RosterUnit("xã Bình Lăng", "3", valid_from=date(2025, 7, 1), predecessors=("1", "2", "xã Bình Hạ")),
)


def test_before_and_after_a_merger_a_name_means_the_unit_of_that_time() -> None:
    matcher = Matcher(Roster(MERGED, ""))
    before, after = date(2025, 3, 31), date(2025, 9, 30)
    assert matcher.match("UBND xã Bình Lăng", before) == (MERGED[0], "exact", 1.0, ())
    assert matcher.match("UBND xã Bình Lăng", after) == (MERGED[3], "exact", 1.0, ())
    assert matcher.match("UBND xã Bình Thượng", before).unit is MERGED[1]
    for former in ("UBND xã Bình Thượng", "xã Thượng", "xã Bình Hạ"):
        assert matcher.match(former, after) == (MERGED[3], "predecessor", 1.0, ())
    assert matcher.match("xã Tân Thủy", after) == (None, "not_valid", 0.0, (MERGED[2],))


def test_a_former_unit_that_was_divided_means_none_of_its_successors() -> None:
    parts = (RosterUnit("xã Đông", predecessors=("xã Cả",)), RosterUnit("xã Tây", predecessors=("xã Cả",)))
    assert Matcher(Roster(parts, "")).match("xã Cả", END) == (None, "unknown", 0.0, parts)


COMMUNES = (
    "xã Bình Lăng", "xã Bình Lãng", "phường Bình Lăng", "xã Tân Lập", "xã Tân Lạc", "xã Tân Lạp", "xã Hòa Bình",
    "xã Hòa Tiến", "xã Hòa Tiên", "xã Vũ Lễ", "xã Vũ Lê", "xã Vũ Ninh", "xã Vũ Bình", "xã An Lão", "xã An Lai",
    "xã An Lạc", "thị trấn Thanh Nê", "thị trấn Thanh Hà", "xã Quang Lịch", "xã Quang Minh", "xã Quảng Minh",
    "xã Nguyễn Huệ", "xã Trần Hưng Đạo", "xã Lý Thường Kiệt", "xã Đông Sơn", "xã Đồng Sơn", "xã Đông Sang",
    "xã Bắc Hải", "xã Nam Hải", "xã Tây Giang", "xã Thụy Hải", "xã Thụy Hồng", "xã Quỳnh Ngọc", "xã Quỳnh Nguyên",
    "phường Trần Lãm", "phường Kỳ Bá", "xã Xuân Trường", "xã Xuân Trương", "xã Đắk Hlơ", "xã Ia Hrung",
)  # fmt: skip
ALL = Matcher(roster(*COMMUNES))
LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"


def slips(one: str, other: str) -> int:
    """How many letters two names differ by, accents and the level word aside."""
    from rapidfuzz.distance import OSA

    bare = [strip_accents(it.removeprefix("xã ").removeprefix("phường ")).lower() for it in (one, other)]
    return OSA.distance(*bare)


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A unit and its name with one letter wrong, missing, too many or changed places with the next."""
    unit = draw(st.sampled_from(COMMUNES))
    name = draw(st.sampled_from(["", "UBND ", "Ủy ban nhân dân "])) + unit
    at = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from(LETTERS))
    return unit, draw(
        st.sampled_from(
            [name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1 :],
             name[:at] + name[at : at + 2][::-1] + name[at + 2 :]]
        )
    )  # fmt: skip


def name_proper(text: str) -> str:
    return fold(text).removeprefix("uỷ ban nhân dân ").removeprefix("ubnd ")


@given(mistyped())
def test_one_slip_never_leads_to_another_unit(slip: tuple[str, str]) -> None:
    unit, written = slip
    assume(name_proper(written) not in {name_proper(it) for it in COMMUNES if it != unit})
    match = ALL.match(written, END)
    assert match.unit is None or match.unit.name == unit


@given(mistyped())
def test_one_slip_leads_to_the_unit_where_no_other_is_near(slip: tuple[str, str]) -> None:
    unit, written = slip
    assume(all(slips(unit, it) > 2 for it in COMMUNES if it != unit))
    match = ALL.match(written, END)
    assert match.unit is not None
    assert match.unit.name == unit


@pytest.mark.parametrize("unit", COMMUNES)
def test_without_accents_a_name_means_its_unit_or_where_there_are_two_of_them_none(unit: str) -> None:
    alone = [strip_accents(it) for it in COMMUNES].count(strip_accents(unit)) == 1
    match = ALL.match(strip_accents(f"UBND {unit}").upper(), END)
    assert (match.unit.name if match.unit else None) == (unit if alone else None)


@given(st.text(max_size=40), st.sampled_from(["", "UBND xã ", "xa ", "P."]))
def test_any_text_is_answered(name: str, before: str) -> None:
    match = ALL.match(before + name, END)
    assert 0 <= match.score <= 1


# --- who has sent what


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2023, 3, day, hour, tzinfo=UTC)


A = RosterUnit("xã Tân Lập", due=date(2023, 3, 15))
B = RosterUnit("xã Hòa Bình")


def sent(path: str, unit: str | None = "UBND xã Tân Lập", day: int = 10, **more: Any) -> Received:
    return Received(path, unit, **{"period": Q1, "modified": at(day), "figures": (path,), **more})


def of_a(*files: Received) -> Standing:
    return standing(Roster((A,), ""), files, Q1)[0]


def test_each_expected_unit_has_a_line_in_the_order_of_the_roster() -> None:
    lines = standing(Roster((B, A), ""), [sent("a.xlsx")], Q1)
    assert [(it.name, it.status, it.counts) for it in lines] == [
        ("xã Hòa Bình", "missing", None), ("xã Tân Lập", "received", "a.xlsx")
    ]  # fmt: skip


def test_a_file_saved_after_the_due_day_is_late_and_on_that_day_is_not() -> None:
    assert of_a(sent("a.xlsx", day=15, modified=at(15, 23))).status == "received"
    assert of_a(sent("a.xlsx", day=16)).status == "late"
    assert of_a(sent("a.xlsx", modified=None)).status == "received"


def test_of_several_the_latest_counts() -> None:
    line = of_a(sent("a.xlsx", day=10), sent("b.xlsx", day=20), sent("c.xlsx", day=12))
    assert (line.status, line.counts, line.why, line.late) == ("twice", "b.xlsx", "latest", True)
    assert line.others == ("c.xlsx", "a.xlsx")


def test_of_two_saved_at_one_time_the_one_with_fewer_errors_counts_then_the_first_by_name() -> None:
    fewer = of_a(sent("a.xlsx", errors=2), sent("b.xlsx", errors=1))
    assert (fewer.counts, fewer.why) == ("b.xlsx", "fewer_errors")
    first = of_a(sent("b.xlsx"), sent("a.xlsx"))
    assert (first.counts, first.why) == ("a.xlsx", "path")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("bieu lần 1.xlsx", "bieu lần 2.xlsx"), ("bieu.xlsx", "bieu (1).xlsx"), ("bieu (1).xlsx", "bieu (2).xlsx"),
     ("bieu.xlsx", "bieu sửa.xlsx"), ("bieu.xlsx", "bieu_final.xlsx"), ("a.xlsx", "b bo sung.xlsx"),
     ("bieu.xlsx", "bieu bản 2.xlsx"), ("bieu nháp.xlsx", "bieu.xlsx"), ("Lần 1/bieu.xlsx", "Lần 2/bieu.xlsx"),
     ("bieu lan 9.xlsx", "bieu lan 10.xlsx"), ("bieu final.xlsx", "bieu final sửa.xlsx")],
)  # fmt: skip
def test_of_two_alike_the_one_whose_name_says_that_it_is_the_later_counts(earlier: str, later: str) -> None:
    line = of_a(sent(earlier), sent(later))
    assert (line.counts, line.why) == (later, "revision")
    assert of_a(sent(earlier, day=11), sent(later)).counts == earlier
    assert of_a(sent(earlier), sent(later, errors=1)).counts == earlier


@pytest.mark.parametrize(
    ("first", "second"),
    [("a lần 2.xlsx", "b sửa.xlsx"), ("a lần 1.xlsx", "b.xlsx"), ("a lần 2.xlsx", "b lần 2.xlsx"),
     ("a 1.xlsx", "b 2.xlsx")],
)  # fmt: skip
def test_where_the_names_do_not_say_which_is_the_later_the_first_by_name_counts(first: str, second: str) -> None:
    line = of_a(sent(first), sent(second))
    assert (line.counts, line.why) == (first, "path")


def test_a_time_without_a_zone_is_compared_as_well_and_no_time_is_the_earliest() -> None:
    naive = sent("b.xlsx", modified=datetime(2023, 3, 11))  # noqa: DTZ001
    line = of_a(sent("a.xlsx", day=10), naive, sent("c.xlsx", modified=None))
    assert line.files == ("b.xlsx", "a.xlsx", "c.xlsx")


def test_identical_figures_are_said() -> None:
    line = of_a(sent("a.xlsx", day=9, figures=("x",)), sent("b.xlsx", day=10, figures=("x",)))
    assert (line.counts, line.why, line.identical) == ("b.xlsx", "identical", ("a.xlsx",))
    line = of_a(sent("a.xlsx", 9 * "", figures=()), sent("b.xlsx", figures=()))
    assert line.identical == ()


def test_a_file_of_another_period_never_counts_nor_one_that_cannot_be_read() -> None:
    wrong, broken = sent("w.xlsx", day=30, period=Period(2022, "Q4")), sent("u.xlsx", day=29, readable=False)
    line = of_a(sent("a.xlsx"), wrong, broken)
    assert (line.status, line.counts, line.why) == ("twice", "a.xlsx", "period")
    line = of_a(sent("a.xlsx"), wrong)  # each period once
    assert (line.status, line.counts, line.why) == ("received", "a.xlsx", "period")
    assert (of_a(wrong).status, of_a(wrong).counts, of_a(wrong).why) == ("wrong_period", None, "other_period")
    assert of_a(sent("a.xlsx", period=None)).why == "no_period"
    assert (of_a(broken).status, of_a(broken).why) == ("unreadable", "unreadable")


def test_a_file_under_the_exact_name_counts_before_a_later_one_under_a_doubtful_name() -> None:
    line = of_a(sent("a.xlsx"), sent("b.xlsx", "UBND xã Tân Lậpp", day=14))
    assert (line.counts, line.why) == ("a.xlsx", "name")
    assert [(path, match.how) for path, match in line.uncertain] == [("b.xlsx", "typo")]


def test_files_of_several_former_units_are_parts_and_none_of_them_counts() -> None:
    merged = Roster((A._replace(predecessors=("xã Một", "xã Hai")),), "")
    one, two, own = sent("1.xlsx", "xã Một"), sent("2.xlsx", "xã Hai"), sent("3.xlsx", day=1)
    (line,) = standing(merged, [one, two], Q1)
    assert (line.status, line.counts, line.why, line.others) == ("twice", None, "parts", ("1.xlsx", "2.xlsx"))
    assert standing(merged, [one], Q1)[0][3:6:2] == ("1.xlsx", "half")
    renamed = Roster((A._replace(predecessors=("xã Một",)),), "")
    assert standing(renamed, [one], Q1)[0].why == "only"
    assert standing(merged, [one, two, own], Q1)[0].counts == "3.xlsx"


def test_a_file_of_no_expected_unit_has_its_own_line() -> None:
    files = [sent("z.xlsx", "UBND huyện Tân Lập"), sent("y.xlsx", None, readable=False), sent("x.xlsx", None)]
    lines = standing(Roster((A,), ""), files, Q1)[1:]
    assert [(it.status, it.counts, it.others) for it in lines] == [
        ("unknown_unit", None, ("x.xlsx",)), ("unreadable", None, ("y.xlsx",)), ("unknown_unit", None, ("z.xlsx",))
    ]  # fmt: skip


def test_a_unit_that_does_not_exist_in_the_period_is_not_expected() -> None:
    ended = A._replace(valid_to=date(2022, 12, 31))
    (line,) = standing(Roster((ended,), ""), [sent("a.xlsx")], Q1)
    assert (line.status, line.matches[0][1].how, line.matches[0][1].rivals) == ("unknown_unit", "not_valid", (ended,))


def test_without_a_roster_every_name_is_expected_and_look_alikes_are_said() -> None:
    files = [
        sent("a.xlsx", "UBND XÃ HOÀ BÌNH", 9), sent("b.xlsx", "UBND xã Hòa Bình"), sent("c.xlsx", "UBND xã Hoa Bình"),
        sent("d.xlsx", None),
    ]  # fmt: skip
    lines = standing(None, files, Q1)
    assert [(it.name, it.status, it.counts) for it in lines] == [
        ("UBND xã Hoa Bình", "received", "c.xlsx"), ("UBND xã Hòa Bình", "twice", "b.xlsx"), ("", "unknown_unit", None)
    ]  # fmt: skip
    assert [path for it in lines for path, _ in it.uncertain] == ["c.xlsx", "a.xlsx", "b.xlsx"]
    assert {match.how for it in lines for _, match in it.uncertain} == {"alike"}  # there is no list that it could be on


@st.composite
def folders(draw: st.DrawFn) -> list[Received]:
    names = st.sampled_from(
        [
            None,
            "",
            "UBND xã Tân Lập",
            "XÃ TÂN LẬP",
            "xã Tân Lậpp",
            "HOA BINH",
            "xã Hòa Bình",
            "xã Lạ",
            "xã Một",
            "xã Hai",
        ]
    )
    times = st.sampled_from([None, at(10), at(16), datetime(2023, 3, 10, 8)])  # noqa: DTZ001
    count = draw(st.integers(0, 8))
    return [
        Received(
            f"{number}.xlsx", draw(names), draw(st.sampled_from([Q1, Q1, None, Period(2022, "Q4")])), draw(times),
            draw(st.sampled_from([True, True, False])), draw(st.integers(0, 1)), draw(st.sampled_from("xy")),
        )
        for number in range(count)
    ]  # fmt: skip


ROSTERS = st.sampled_from([None, Roster((A, B._replace(predecessors=("xã Một", "xã Hai"))), "")])


@given(ROSTERS, folders(), st.randoms(use_true_random=False))
def test_the_order_in_which_files_come_changes_nothing(
    units: Roster | None, files: list[Received], by: random.Random
) -> None:
    shuffled = by.sample(files, len(files))
    assert standing(units, shuffled, Q1) == standing(units, files, Q1)


@given(ROSTERS, folders())
def test_every_file_stands_in_exactly_one_line(units: Roster | None, files: list[Received]) -> None:
    lines = standing(units, files, Q1)
    assert Counter(path for line in lines for path in line.files) == Counter(file.path for file in files)
    assert Counter(path for line in lines for path, _ in line.matches) == Counter(file.path for file in files)


@given(ROSTERS, folders())
def test_what_counts_can_be_read_and_is_of_the_period(units: Roster | None, files: list[Received]) -> None:
    by_path = {file.path: file for file in files}
    for line in standing(units, files, Q1):
        if line.counts is not None:
            assert by_path[line.counts].readable
            assert by_path[line.counts].period == Q1
        assert (line.counts is not None) == (line.status in {"received", "late", "twice"} and line.why != "parts")


@BOTH
@given(units=ROSTERS, files=folders())
def test_every_status_reason_and_way_of_matching_has_its_words(
    language: Literal["vi", "en"], units: Roster | None, files: list[Received]
) -> None:
    texts = words(language).texts["roster"]
    for line in standing(units, files, Q1):
        assert line.status in texts["status"]
        assert line.why is None or line.why in texts["why"]
        assert all(match.how in texts["how"] for _, match in line.matches)
