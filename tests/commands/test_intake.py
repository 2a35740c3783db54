"""What arrives by mail: every file in folders, archives and messages is read, passed over as ours, or refused."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from compound_file import Tree, compound_file
from packages import zipped
from places import TYPED
from what_harms import letter, packed

from cchc_excel.commands.intake import arriving_names, opened
from cchc_excel.errors import UnreadableWorkbook
from cchc_excel.excel.opening.packed import Member, members

SMALL = b"STT;a;b\n1;2;3\n"


def told(data: bytes) -> list[tuple[str, str]]:
    """Each file in a file, and why it was refused, if it was."""
    return [(it.name, it.refused.detail if it.refused is not None else "") for it in members(data)]


def test_an_archive_in_an_archive_is_opened_three_deep_and_no_deeper() -> None:
    assert told(packed(3)) == [("trong.zip/trong.zip/BieuThongKe.xlsx", "")]
    assert told(packed(4)) == [("trong.zip/trong.zip/trong.zip", "depth")]


def test_an_archive_without_a_file_with_a_password_or_with_too_many_is_refused_with_the_reason() -> None:
    assert told(zipped({"a/": b""})) == [("", "empty")]
    assert told(zipped({f"{n}.csv": SMALL for n in range(201)}))[-1] == ("", "members")
    locked = bytearray(zipped({"a.csv": SMALL}))
    locked[6] |= 1  # the flag before the part
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1  # and in the directory
    assert told(bytes(locked)) == [("a.csv", "password")]
    assert told(zipped({"a.csv": bytes(201 * 2**20)}))[0][0] == "a.csv"
    assert told(zipped({"a.csv": bytes(201 * 2**20)}))[0][1] != ""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258", "cp437"])
def test_names_in_an_archive_are_read_in_the_code_page_of_whoever_packed_it(encoding: str, tmp_path: Path) -> None:
    written = {"utf-8": "Biểu xã.csv", "cp1258": "Ba\u0309ng Bà Là.csv", "cp437": "Bàng à ê.csv"}[encoding]
    raw = written.encode(encoding)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("x" * len(raw), SMALL)
    data = (tmp_path / "a.zip").read_bytes().replace(b"x" * len(raw), raw)
    import unicodedata

    assert [it.name for it in members(data)] == [unicodedata.normalize("NFC", written)]


@pytest.mark.parametrize(
    ("name", "kept"), [("../../etc/a.csv", "etc/a.csv"), ("C:\\x\\a.csv", "C_/x/a.csv"), ("/a.csv", "a.csv")]
)
def test_a_name_in_an_archive_leads_nowhere_else(name: str, kept: str) -> None:
    assert [it.name for it in members(zipped({name: SMALL}))] == [kept]


def test_a_member_without_a_name_is_read_like_any_other() -> None:
    data = zipped({"x.csv": SMALL}).replace(b"x.csv", b"\0.csv")  # a name ends where it holds a zero byte
    assert list(members(data)) == [Member("?", SMALL)]


def test_the_attachments_of_a_letter_and_of_one_forwarded_in_it_are_read() -> None:
    assert list(members(letter(SMALL, name="a.csv"))) == [Member("a.csv", SMALL)]
    assert told(letter(letter(SMALL, name="a.csv"))) == [("thu.eml/a.csv", "")]
    assert told(b"From: a\r\nTo: b\r\nSubject: c\r\n\r\nxin chao\r\n") == [("", "empty")]
    named = letter(SMALL, name="=?UTF-8?B?Qmnhu4N1LmNzdg==?=")
    assert told(named) == [("Biểu.csv", "")]


def test_the_attachments_of_a_message_of_outlook_are_read() -> None:
    attachment: Tree = {"__substg1.0_37010102": SMALL, "__substg1.0_3707001F": "Biểu.csv".encode("utf-16-le")}
    tree: Tree = {"__nameid_version1.0": {"a": b"x"}, "__attach_version1.0_#00000000": attachment}
    assert list(members(compound_file(tree))) == [Member("Biểu.csv", SMALL)]


def test_a_chain_in_a_circle_is_damage_however_large_its_stream_says_it_is() -> None:
    attachment: Tree = {"__substg1.0_37010102": SMALL * 20, "__substg1.0_3707001F": "a.csv".encode("utf-16-le")}
    data = bytearray(compound_file({"__nameid_version1.0": {"a": b"x"}, "__attach_version1.0_#00000000": attachment}))
    (table,) = struct.unpack_from("<I", data, 60)  # the sector in which the chains of small sectors stand
    for small_sector in range(128):
        struct.pack_into("<I", data, (table + 1) * 512 + 4 * small_sector, small_sector)
    (member,) = members(bytes(data))
    assert isinstance(member.refused, UnreadableWorkbook)


@pytest.mark.parametrize("cut", range(0, 4000, 97))
def test_a_message_or_an_archive_that_is_torn_is_told_and_never_an_exception(cut: int) -> None:
    attachment: Tree = {"__substg1.0_37010102": SMALL, "__substg1.0_3707001F": "Biểu.csv".encode("utf-16-le")}
    outlook = compound_file({"__nameid_version1.0": {"a": b"x"}, "__attach_version1.0_#00000000": attachment})
    for data in (outlook, packed(2), letter(SMALL)):
        for torn in (data[:cut], data[:cut] + b"\xff" * 40 + data[cut + 40 :]):
            for member in members(torn):
                assert member.data or isinstance(member.refused, UnreadableWorkbook) or member.data == b""


def test_folders_are_gone_into_unless_it_is_said_otherwise_and_links_in_a_circle_are_not(tmp_path: Path) -> None:
    (tmp_path / "xa A").mkdir()
    for name in ("b.csv", "xa A/a.csv", "~$b.xlsx", ".an", "Thumbs.db", "a.csv.tiep_tuc.json"):
        (tmp_path / name).write_bytes(SMALL)
    (tmp_path / "xa A" / "vong").symlink_to(tmp_path)
    found = [Path(name).relative_to(tmp_path).as_posix() for name in arriving_names([tmp_path])]
    assert found == ["b.csv", "xa A/a.csv", "xa A/vong"]
    assert [Path(name).name for name in arriving_names([tmp_path], recursive=False)] == ["b.csv"]


def test_what_this_program_wrote_is_passed_over(tmp_path: Path, cchc: Cchc) -> None:
    for kind in ("html", "json"):
        cchc("validate", TYPED, "--format", kind, "-o", tmp_path / f"a.{kind}")
        assert list(opened(tmp_path / f"a.{kind}")) == []
    assert [it.name for it in opened(TYPED)] == [str(TYPED)]


def test_a_web_page_named_xls_is_read_and_corrected_into_a_fresh_workbook(tmp_path: Path, cchc: Cchc) -> None:
    rows = openpyxl.load_workbook(TYPED).worksheets[0].iter_rows(values_only=True)
    cells = ("".join(f"<td>{'' if value is None else value}</td>" for value in row) for row in rows)
    page = "<html><body><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></body></html>"
    (tmp_path / "bieu.xls").write_bytes(page.encode())
    status, out, err = cchc("validate", tmp_path / "bieu.xls", "--format", "json")
    (told,) = json.loads(out)["workbooks"]
    assert (told["readable"], told["unit"], told["period"]) == (True, "UBND xã Bằng Lăng", "2023-Q1"), (status, err)
    assert cchc("correct", tmp_path / "bieu.xls", "-o", tmp_path / "ra")[0] in {0, 1}
    assert openpyxl.load_workbook(tmp_path / "ra" / "bieu.xlsx").worksheets[0]["D10"].value == 28.57


def test_an_archive_that_keeps_its_workbooks_as_they_are_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.write(TYPED, "xa A/BieuThongKe.xlsx")
    assert [it.name for it in opened(tmp_path / "a.zip")] == [f"{tmp_path / 'a.zip'}/xa A/BieuThongKe.xlsx"]


def mail(folder: Path) -> Path:
    """A district's mail: a workbook, one in a sub-folder, one in an archive, one in a letter, a scan, a letter."""
    (folder / "xa Yen My").mkdir(parents=True)
    nop = TYPED.parent / "huyen_vi_du" / "nop"
    (folder / "xa Yen My" / "BieuThongKe.xlsx").write_bytes(TYPED.read_bytes())
    (folder / "thu.eml").write_bytes(letter((nop / "Hai Van_CCHC_quy1.xlsx").read_bytes(), name="BieuThongKe.xlsx"))
    (folder / "Lac Thuy.zip").write_bytes(
        zipped({"BieuThongKe.xlsx": (nop / "BC quy I xa Lac Thuy.xlsx").read_bytes()})
    )
    (folder / "Cam Giang.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "bao cao xa Tan Hoa.docx").write_bytes(zipped({"word/document.xml": "<w/>", "_rels/.rels": "<r/>"}))
    (folder / "xa Dong Tien.xlsx").write_bytes(b"")
    return folder


def test_a_district_s_mail_is_merged_in_one_command_and_every_file_is_told(tmp_path: Path, cchc: Cchc) -> None:
    roster = TYPED.parent / "huyen_vi_du" / "danh_sach.csv"
    status, _, err = cchc("consolidate", mail(tmp_path / "thu"), "-o", tmp_path / "a.xlsx", "--roster", roster)
    assert status == 0
    for name in ("Cam Giang.pdf", "bao cao xa Tan Hoa.docx", "xa Dong Tien.xlsx"):
        assert name in err
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Tình trạng nộp"]
    rows = {str(row[1].value): [str(cell.value) for cell in row] for row in sheet.iter_rows(min_row=5)}
    for unit, file in (
        ("Cẩm Giang", "Cam Giang.pdf"),
        ("Tân Hòa", "bao cao xa Tan Hoa.docx"),
        ("Đồng Tiến", "xa Dong Tien.xlsx"),
    ):
        (row,) = [row for name, row in rows.items() if unit in name]
        assert (row[3], row[7]) == ("Không đọc được", file)
    for unit in ("Bằng Lăng", "Hải Vân", "Lạc Thủy"):
        assert any(unit in name and row[3] not in {"Chưa nộp", "Không đọc được"} for name, row in rows.items())


def test_the_files_in_an_archive_are_validated_and_corrected(tmp_path: Path, cchc: Cchc) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"x/B.xlsx": TYPED.read_bytes(), "y/B.xlsx": TYPED.read_bytes()}))
    out = json.loads(cchc("validate", tmp_path / "a.zip", "--format", "json")[1])
    assert [Path(one["path"]).relative_to(tmp_path).as_posix() for one in out["workbooks"]] == [
        "a.zip/x/B.xlsx",
        "a.zip/y/B.xlsx",
    ]
    cchc("correct", tmp_path / "a.zip", "-o", tmp_path / "ra")
    copies = [path.relative_to(tmp_path / "ra").as_posix() for path in (tmp_path / "ra").rglob("*.xlsx")]
    assert sorted(copies) == ["B.xlsx", "y/B.xlsx"]


# --- earlier reports, which may lie in an archive as well

DISTRICT = TYPED.parent / "huyen_vi_du"
AN_BINH = DISTRICT / "nop" / "BieuThongKe_AnBinh.xlsx"


def codes_found(cchc: Cchc, *arguments: object) -> list[str]:
    (workbook,) = json.loads(cchc("validate", *arguments, "--format", "json")[1])["workbooks"]
    return [finding["code"] for finding in workbook["findings"]]


def test_earlier_reports_in_an_archive_are_compared_with_as_those_in_a_folder_are(tmp_path: Path, cchc: Cchc) -> None:
    folder = DISTRICT / "ky_truoc"
    (tmp_path / "truoc.zip").write_bytes(zipped({path.name: path.read_bytes() for path in folder.iterdir()}))
    from_folder = codes_found(cchc, AN_BINH, "--previous", folder)
    assert "P13" in from_folder, "what is told only where earlier reports were read"
    assert codes_found(cchc, AN_BINH, "--previous", tmp_path / "truoc.zip") == from_folder


def test_an_archive_of_earlier_reports_has_the_limits_of_one_that_is_handed_in(tmp_path: Path, cchc: Cchc) -> None:
    (tmp_path / "truoc.zip").write_bytes(packed(4))
    status, _, err = cchc("validate", AN_BINH, "--previous", tmp_path / "truoc.zip", "--fail-on", "never")
    assert status == 0
    assert err.startswith(f"{tmp_path / 'truoc.zip'}/trong.zip/trong.zip/trong.zip: ")
    assert "gói quá nhiều lớp" in err
