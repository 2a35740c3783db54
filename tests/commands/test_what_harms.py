"""Nothing that arrives can harm: each file ends in a sentence, and the files beside it are finished."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from command_line import Cchc
from compound_file import compound_file
from packages import workbook, worksheet, zipped
from places import TYPED
from what_harms import ESCAPE, HARMFUL, READABLE, TURN, filled

from cchc_excel.commands import files
from cchc_excel.errors import CannotWrite
from cchc_excel.excel.calculating.recalculate import recalculated
from cchc_excel.excel.kept_child import KeptChild
from cchc_excel.excel.opening import in_child
from cchc_excel.excel.patching import CellChange, Original
from cchc_excel.grid import escaped, harmless

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="limits, signals and devices of POSIX")
SECONDS, MEMORY = 10, 512 * 2**20


def limited() -> None:
    """In a new process: the processor time and the memory that one file may take."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cchc_excel", *map(str, arguments)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=environment, preexec_fn=limited
    )


@POSIX
@pytest.mark.parametrize("name", HARMFUL)
def test_each_file_ends_in_a_sentence_within_its_time_and_memory(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HARMFUL[name]())
    done = run("validate", tmp_path / name)
    assert (done.returncode in {1, 2}, "Traceback" in done.stderr) == (True, False), done.stderr
    assert "→" in done.stdout + done.stderr
    assert "S08" not in done.stdout, "the program failed on it"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All harmful files, a workbook before them and one after them; a link in a circle, a name that is not UTF-8."""
    folder = tmp_path_factory.mktemp("den")
    for name, data in HARMFUL.items():
        (folder / name).write_bytes(data())
    for name in ("0 dau.xlsx", "~ cuoi.xlsx"):
        (folder / name).write_bytes(TYPED.read_bytes())
    if sys.platform != "win32":
        (folder / "vong.xlsx").symlink_to(folder / "vong.xlsx")
        (folder / "goc").symlink_to(folder)
        os.mkfifo(folder / "ong.csv")
        Path(os.fsdecode(bytes(folder) + b"/B\xe0ng.xlsx")).write_bytes(TYPED.read_bytes())
    with (folder / "thua.csv").open("wb") as sparse:
        sparse.truncate(2**31)
    return folder


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that reads a file is given one second, not ten: some files take whatever there is, each time.

    That ten are enough for each file is told above, and what is read in a child here harms.
    """
    monkeypatch.setattr(in_child._CHILD, "seconds", 1.0)


@pytest.mark.usefixtures("impatient")
def test_in_a_folder_of_all_of_them_the_others_are_validated(folder: Path, cchc: Cchc) -> None:
    status, out, err = cchc("validate", folder, "--format", "json", "--jobs", "1")
    told = json.loads(out)["workbooks"]
    readable = [Path(one["path"]).name for one in told if one["readable"]]
    assert {"0 dau.xlsx", "~ cuoi.xlsx"} <= set(readable)
    for name in HARMFUL:
        assert any(f"/{name}" in one["path"] for one in told), name
    assert not any(finding["code"] == "S08" for one in told for finding in one["findings"])
    assert "vong.xlsx" in err
    assert status == 2


@pytest.mark.usefixtures("impatient")
def test_in_a_folder_of_all_of_them_the_others_are_corrected(folder: Path, tmp_path: Path, cchc: Cchc) -> None:
    cchc("correct", folder, "-o", tmp_path / "ra", "--jobs", "1")
    assert {"0 dau.xlsx", "~ cuoi.xlsx"} <= {path.name for path in (tmp_path / "ra").iterdir()}


@pytest.mark.usefixtures("impatient")
def test_a_folder_of_all_of_them_is_merged_in_bulk_and_each_is_told(folder: Path, tmp_path: Path, cchc: Cchc) -> None:
    status, _, err = cchc("consolidate", folder, "-o", tmp_path / "a.xlsx", "--jobs", "2")
    assert status == 0, err
    sources = {str(cell.value) for cell in openpyxl.load_workbook(tmp_path / "a.xlsx")["Nguồn"]["C"]}
    for name in HARMFUL.keys() - READABLE:
        assert name in err
    for name in {"0 dau.xlsx", *READABLE}:
        assert any(source.endswith(name) for source in sources), name


# --- what is shown


def test_no_escape_and_no_turn_of_direction_reaches_any_output(tmp_path: Path, cchc: Cchc) -> None:
    name = f"{ESCAPE}{TURN}a.xlsx"
    path = tmp_path / name
    path.write_bytes(filled(**{"Bằng Lăng": f"Bằng_x001B_[31m{TURN}Lăng", "Văn bản": f"Văn_x001B_{TURN}bản"}))
    outputs = [*cchc("validate", path)[1:], *cchc("validate", path, "--format", "json")[1:]]
    outputs += [*cchc("validate", path, "--format", "html")[1:], *cchc("correct", path, "-o", tmp_path / "ra")[1:]]
    outputs += cchc("consolidate", path, "-o", tmp_path / "a.xlsx", "--tidy", tmp_path / "a.csv")[1:]
    outputs.append((tmp_path / "a.csv").read_text("utf-8-sig"))
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx"):
        outputs += [str(cell.value) for row in sheet.iter_rows() for cell in row]
    for output in outputs:
        assert "\x1b" not in output
        assert TURN not in output


def test_what_is_escaped_in_json_is_the_same_when_it_is_read() -> None:
    text = json.dumps(f"a{ESCAPE}{TURN}\x9b\ud800", ensure_ascii=False)
    assert json.loads(escaped(text)) == f"a{ESCAPE}{TURN}\x9b\ud800"
    assert escaped(text).isascii()


def test_line_ends_and_vietnamese_letters_are_harmless() -> None:
    assert harmless("Bằng\tLăng\r\nxã") == "Bằng\tLăng\nxã"
    assert harmless(f"exe{TURN}xslx\x00") == "exexslx\ufffd"


@pytest.mark.parametrize("text", ["=1", "＝1", " ＋1", "－1", "＠a", "\u200b=1", "\ufeff+1", "﹦1"])
def test_the_tidy_table_holds_no_formula_whatever_its_sign(text: str) -> None:
    from cchc_excel.consolidating.tidy import _harmless

    assert str(_harmless(text)).startswith("'")
    assert _harmless("xã A-1") == "xã A-1"


# --- what is written


@POSIX
@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_outputs_have_the_rights_that_the_system_gives(mask: int, rights: int, tmp_path: Path) -> None:
    old = os.umask(mask)
    try:
        files.write_whole(tmp_path / "a.xlsx", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == rights


@POSIX
def test_what_is_no_file_is_not_replaced_even_by_force(tmp_path: Path, cchc: Cchc) -> None:
    os.mkfifo(tmp_path / "ong")
    with pytest.raises(CannotWrite):
        files.write_whole(tmp_path / "ong", b"x", replace=True)
    assert cchc("validate", TYPED, "-o", tmp_path / "ong", "--force")[0] == 2
    assert stat.S_ISFIFO((tmp_path / "ong").stat().st_mode)


@POSIX
def test_what_a_killed_run_left_is_cleared_and_what_goes_on_stays(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f".cchc-{files._machine()}-{gone.pid}-00000000.tmp"
    others = [tmp_path / f".cchc-{files._machine()}-{os.getpid()}-00000000.tmp", tmp_path / ".cchc-0-1-0.tmp"]
    elsewhere = tmp_path / f".cchc-00000000-{gone.pid}-00000000.tmp"
    for path in (left, *others, elsewhere):
        path.write_bytes(b"half")
    files.clear_left_behind(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in (*others, elsewhere)}


@POSIX
def test_the_workers_of_a_killed_run_end(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.xlsx").write_bytes(TYPED.read_bytes())
    os.mkfifo(tmp_path / "z")
    script = (
        "import os, time\nfrom cchc_excel.workers import Where, mapped\n"
        "def work(item):\n    os.write(1, b'%d\\n' % os.getpid())\n    return item\n"  # whole lines, of two at once
        "def items():\n    yield from range(40)\n    time.sleep(60)\n"
        "list(mapped(work, items(), Where(jobs=2), id))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = {int(parent.stdout.readline()) for _ in range(8)}
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while any(files._runs(worker) and not _is_zombie(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [worker for worker in workers if files._runs(worker) and not _is_zombie(worker)]


TO_ANOTHER_THREAD = (  # a wait for a lock is not ended by a signal that another thread gets, or that came just before
    "import signal, threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n"
)


@POSIX
@pytest.mark.parametrize(
    ("send", "before"),
    [(os.killpg, ""), (os.kill, ""), (os.kill, TO_ANOTHER_THREAD)],
    ids=["from a terminal", "to the main process", "to another thread"],
)
def test_ctrl_c_is_heard_while_workers_are_busy_with_files_that_take_long(
    send: Callable[[int, int], None], before: str
) -> None:
    script = (
        "import os, signal, time\nfrom cchc_excel.workers import Where, mapped\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # which a job in the background is not told of
        "def work(item):\n    os.write(1, b'%d\\n' % item)\n    time.sleep(60)\n"
        f"{before}list(mapped(work, range(40), Where(jobs=2), id))\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout is not None
        assert {parent.stdout.readline() for _ in range(2)} == {"0\n", "4\n"}  # both are busy
        send(parent.pid, signal.SIGINT)
        try:
            _, err = parent.communicate(timeout=40)
        finally:
            parent.kill()  # its workers end with it
    assert "KeyboardInterrupt" in err


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


# --- what is read before it is known what it is


def test_a_file_is_asked_for_its_size_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as sparse:
        sparse.truncate(2**40)
    started = time.process_time()
    assert files.source_of(tmp_path / "a.csv").refused is not None
    assert time.process_time() - started < 1


@pytest.mark.parametrize("formula", ["RAND()", "RANDBETWEEN(1,9)+A1", "NOW()", "TODAY()+A1", 'RAND()*INDIRECT("A1")'])
@pytest.mark.parametrize("beside", ["B1+1", 'IF(INDIRECT("B1")&gt;0,B1,0)'])
def test_a_result_of_chance_or_of_the_clock_is_left_as_it_is(formula: str, beside: str) -> None:
    rows = (
        f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>{formula}</f><v>0.5</v></c>'
        f'<c r="C1"><f>{beside}</f><v>1.5</v></c><c r="D1"><f>A1*2</f><v>2</v></c></row>'
    )
    changed = recalculated(Original(workbook(worksheet(rows))), [CellChange("Biểu", 1, 1, number="5")])
    assert [(it.column, it.number) for it in changed if it.column != 3] == [(4, "10")]
    assert [it.column for it in changed if it.column == 2] == []


def test_a_form_that_would_hang_or_that_is_in_no_utf_8_is_refused_with_a_sentence(tmp_path: Path, cchc: Cchc) -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a},*{a},*{a}]\n" for a, b in pairwise("abcdefghijklmn"))
    for name, data in {
        "bomb": bomb.encode(), "self": b"form: x\nindicators: &a [*a]\n", "utf16": "form: x\n".encode("utf-16"),
        "large": b"#" * (5 * 2**20), "deep": b"a: " + b"[" * 500 + b"]" * 500,
    }.items():  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "form.yaml").write_bytes(data)
        status, out, err = cchc("form", "check", tmp_path / name)
        assert (status, "form.yaml:" in out, "Chương trình gặp lỗi" in err) == (1, True, False), name


def test_an_encrypted_xls_is_said_to_have_a_password(cchc: Cchc, tmp_path: Path) -> None:
    begin = bytes.fromhex("0908100000060500bb0dcc070000000006000000")
    encrypted = begin + b"\x2f\x00\x36\x00\x01\x00\x01\x00\x01\x00" + bytes(48) + bytes(range(256)) * 4
    (tmp_path / "a.xls").write_bytes(compound_file({"Workbook": encrypted}))
    assert "S02" in cchc("validate", tmp_path / "a.xls")[1]


def test_a_content_type_part_in_an_unknown_encoding_is_damage_to_correct(cchc: Cchc, tmp_path: Path) -> None:
    import io
    import zipfile

    parts = {}
    with zipfile.ZipFile(io.BytesIO(TYPED.read_bytes())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    types = parts["[Content_Types].xml"].replace(b"UTF-8", b"no-such").replace(b"utf-8", b"no-such")
    (tmp_path / "a.xlsx").write_bytes(zipped({**parts, "[Content_Types].xml": types}))
    status, _, err = cchc("correct", tmp_path / "a.xlsx", "-o", tmp_path / "ra")
    assert (status, "bị hỏng" in err, "Chương trình gặp lỗi" in err) == (2, True, False)


@POSIX
def test_where_the_system_knows_no_limit_the_parent_watches_the_memory_of_its_child() -> None:
    """As on Windows, which is not asked here: a child without limits of its own, and a parent that is told its size."""
    from cchc_excel.errors import WorkbookTooLarge

    sizes = iter([2**20, 2**20, 2**40])
    child = KeptChild("time:sleep", seconds=30, size_of=lambda _process: next(sizes, 2**40))
    started = time.monotonic()
    with pytest.raises(WorkbookTooLarge, match="memory"):
        child.call(20)
    assert time.monotonic() - started < 15
