"""What stands in the way of a correction, and what the officer is told: no half-written file, no traceback."""

from __future__ import annotations

import contextlib
import io
import os
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command_line import Cchc
from compound_file import compound_file
from packages import SIGNATURE_ORIGIN, parts
from places import PRINTED, TYPED


def corrected(path: Path) -> object:
    """What stands in the copy where the specimen has a share of 2 typed for 28.57."""
    return openpyxl.load_workbook(path).worksheets[0]["D10" if path.name == TYPED.name else "D9"].value


# --- guarded workbooks


def protected(folder: Path) -> Path:
    """The printed specimen, its sheet and its structure locked with a password."""
    book = openpyxl.load_workbook(PRINTED)
    book.worksheets[0].protection.set_password("bí mật")
    book.worksheets[0].protection.enable()
    book.security = openpyxl.workbook.protection.WorkbookProtection(workbookPassword="bimat", lockStructure=True)
    path = folder / "khoa.xlsx"
    book.save(path)
    return path


def test_a_protected_sheet_is_corrected_and_its_protection_stays_byte_for_byte(cchc: Cchc, tmp_path: Path) -> None:
    source = protected(tmp_path)
    assert cchc("correct", source, "-o", tmp_path / "ra")[0] == 0
    old, new = (parts(path.read_bytes()) for path in (source, tmp_path / "ra" / source.name))
    for part, tag in (("xl/worksheets/sheet1.xml", b"sheetProtection"), ("xl/workbook.xml", b"workbookProtection")):
        (guard,) = re.findall(rb"<%s [^>]*>" % tag, old[part])
        assert b'assword="' in guard
        assert re.findall(rb"<%s [^>]*>" % tag, new[part]) == [guard]
    assert corrected(tmp_path / "ra" / source.name) == 28.57


def encrypted(folder: Path) -> Path:
    """As Excel saves with a password to open: an OLE file that holds the package in a cipher."""
    path = folder / "mat.xlsx"
    streams = {"EncryptionInfo": b"\x04\x00\x04\x00" + bytes(60), "EncryptedPackage": bytes(range(256)) * 8}
    path.write_bytes(compound_file({**streams, "\x06DataSpaces": {"Version": b"\x3c" + bytes(75)}}))
    return path


@pytest.mark.parametrize("command", ["validate", "correct"])
def test_a_workbook_with_a_password_to_open_is_refused_and_the_officer_told_how_to_go_on(
    cchc: Cchc, tmp_path: Path, command: str
) -> None:
    more = ["-o", tmp_path / "ra"] if command == "correct" else []
    status, out, err = cchc(command, encrypted(tmp_path), *more)
    assert status == 2
    assert "mật khẩu" in out + err
    assert "→ Mở tệp, vào File – Info – Protect Workbook – Encrypt with Password, xóa mật khẩu" in out + err
    assert not (tmp_path / "ra" / "mat.xlsx").exists()


def test_of_a_signed_workbook_the_officer_is_told_that_the_signature_ends(cchc: Cchc, tmp_path: Path) -> None:
    source = tmp_path / "ky.xlsx"
    relation = f'<Relationship Id="rId99" Type="{SIGNATURE_ORIGIN}" Target="_xmlsignatures/origin.sigs"/>'.encode()
    with zipfile.ZipFile(source, "w") as package:
        for name, data in parts(PRINTED.read_bytes()).items():
            signed = (
                data.replace(b"</Relationships>", relation + b"</Relationships>") if name == "_rels/.rels" else data
            )
            package.writestr(name, signed)
        package.writestr("_xmlsignatures/origin.sigs", b"")
    status, _, err = cchc("correct", source, "-o", tmp_path / "ra")
    assert status == 0
    assert "chữ ký số" in err
    assert corrected(tmp_path / "ra" / "ky.xlsx") is not None
    assert "chữ ký số" not in cchc("correct", PRINTED, "-o", tmp_path / "ra")[2]


# --- where nothing can be written


def test_a_folder_that_may_not_be_written_to_is_named_and_no_file_is_left(
    cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", forbidden)  # whoever runs the tests may be allowed everything
    status, _, err = cchc("correct", TYPED, "-o", tmp_path)
    assert status == 2
    assert str(tmp_path) in err
    assert "không có quyền" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever runs this may write everywhere")
def test_a_folder_without_the_right_to_write_is_named(cchc: Cchc, tmp_path: Path) -> None:
    folder = tmp_path / "ra"
    folder.mkdir(mode=0o500)
    status, _, err = cchc("correct", TYPED, "-o", folder)
    assert (status, str(folder) in err) == (2, True)


def test_a_file_where_the_folder_should_be_is_named_and_stays(cchc: Cchc, tmp_path: Path) -> None:
    in_the_way = tmp_path / "ra"
    in_the_way.write_text("của tôi")
    for output in (in_the_way, in_the_way / "quy1"):
        status, _, err = cchc("correct", TYPED, "-o", output)
        assert (status, "ra" in err) == (2, True)
    assert in_the_way.read_text() == "của tôi"


def test_an_output_that_is_there_is_kept_and_replaced_only_by_force(cchc: Cchc, tmp_path: Path) -> None:
    mine = tmp_path / TYPED.name
    mine.write_bytes(b"mine")
    status, _, err = cchc("correct", TYPED, "-o", tmp_path)
    assert (status, mine.read_bytes()) == (2, b"mine")
    assert "--force" in err
    assert cchc("correct", TYPED, "-o", tmp_path, "--force")[0] == 0
    assert corrected(mine) == 28.57


@pytest.mark.parametrize("there", [b"", b"mine"], ids=["nothing there", "something there"])
def test_a_disk_that_is_full_after_the_first_bytes_leaves_what_was_there(
    cchc: Cchc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bytes
) -> None:
    target = tmp_path / TYPED.name
    if there:
        target.write_bytes(there)
    real = os.fdopen

    @contextlib.contextmanager
    def full(handle: int, mode: str) -> Any:
        with real(handle, mode) as file:
            file.write(b"PK")  # the first bytes still found room
            file.flush()
            yield type("Full", (io.RawIOBase,), {"write": lambda *_: (_ for _ in ()).throw(OSError(28, "No space"))})()

    monkeypatch.setattr(os, "fdopen", full)
    status, _, err = cchc("correct", TYPED, "-o", tmp_path, "--force")
    assert (status, "No space" in err) == (2, True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == ({TYPED.name: there} if there else {})


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("there", [b"", b"mine"], ids=["nothing there", "something there"])
def test_a_file_that_the_system_lets_grow_no_further_is_not_left_half_written(tmp_path: Path, there: bytes) -> None:
    target = tmp_path / TYPED.name
    if there:
        target.write_bytes(there)
    command = [sys.executable, "-m", "cchc_excel", "correct", str(TYPED), "-o", str(tmp_path), "--force"]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert TYPED.name in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == ({TYPED.name: there} if there else {})
