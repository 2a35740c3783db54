"""Many files in one run: what is finished stays so, what has not changed is not done again, nothing stops the rest."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_excel.edge import DONE, FAILED, FOUND, STOPPED
from cchc_excel.faces import run_correct, run_validate
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine
from cchc_excel.progress import line, tracked
from cchc_excel.resume import FILE, State
from cchc_excel.snapshot import as_plain, of_plain
from cchc_excel.submission import CellAddress, Period

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = ("BangLang_2023-Q1_mau.xlsx", "BC quy I xa Lac Thuy.xlsx", "Hai Van_CCHC_quy1.xlsx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three workbooks and a damaged one, first by name."""
    inside = tmp_path / "nop"
    inside.mkdir()
    for name in NAMES:
        shutil.copy(EXAMPLES / "huyen_vi_du" / "nop" / name, inside)
    (inside / "A hỏng.xlsx").write_bytes(b"PK\x03\x04")
    return inside


def validated(folder: Path, capsys: pytest.CaptureFixture[str], **more: Any) -> tuple[int, str, str]:
    options: dict[str, Any] = {
        "form": "cchc_xa_quy",
        "language": "vi",
        "output_format": "json",
        "fail_on": "error",
        "select": (),
        "ignore": (),
        "previous": [],
        "unit": None,
        "period": None,
        "output": None,
        "force": False,
        "verbose": False,
        "debug": True,
    }
    status = run_validate([folder], **options | more)
    said = capsys.readouterr()
    return status, said.out, said.err


def correct(folder: Path, output: Path, **more: Any) -> int:
    options: dict[str, Any] = {
        "form": "cchc_xa_quy",
        "language": "vi",
        "apply": "safe",
        "decisions": None,
        "previous": [],
        "unit": None,
        "period": None,
        "force": False,
        "debug": True,
    }
    return run_correct([folder], output=output, **options | more)


# --- one bad file


def test_a_damaged_file_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = validated(folder, capsys)
    assert status == FOUND
    assert [Path(it["path"]).name for it in json.loads(out)["workbooks"]] == sorted(it.name for it in folder.iterdir())


def test_a_file_that_cannot_be_opened_is_told_and_does_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == NAMES[1]:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    _, out, err = validated(folder, capsys)
    assert NAMES[1] in err
    assert {Path(it["path"]).name for it in json.loads(out)["workbooks"]} == {"A hỏng.xlsx", NAMES[0], NAMES[2]}


def test_several_processes_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validated(folder, capsys, jobs=2) == validated(folder, capsys, jobs=1)


# --- Ctrl-C


def stopping_after(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The officer presses Ctrl-C once so many files are examined."""
    import cchc_excel.many as many

    whole = many.examine_all

    def interrupted(*arguments: Any, **options: Any) -> Iterator[Any]:
        for number, it in enumerate(whole(*arguments, **options)):
            if number == count:
                raise KeyboardInterrupt
            yield it

    monkeypatch.setattr(many, "examine_all", interrupted)


def test_ctrl_c_shows_what_is_done_in_order(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping_after(monkeypatch, 2)
    status, out, err = validated(folder, capsys)
    assert status == STOPPED
    assert [Path(it["path"]).name for it in json.loads(out)["workbooks"]] == ["A hỏng.xlsx", NAMES[1]]
    assert "2/4" in err


def test_ctrl_c_leaves_the_copies_that_are_written_and_a_second_run_goes_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "sua"
    with monkeypatch.context() as patched:
        stopping_after(patched, 2)
        assert correct(folder, output, resume=True) == STOPPED
    assert {it.name for it in output.iterdir()} == {NAMES[1], FILE}
    first = (output / NAMES[1]).stat().st_mtime_ns
    assert correct(folder, output, resume=True) == DONE
    assert {it.name for it in output.iterdir()} == {*NAMES, FILE}
    assert (output / NAMES[1]).stat().st_mtime_ns == first
    assert "Bỏ qua 1 tệp" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_real_ctrl_c_ends_a_run_over_processes_without_a_traceback(tmp_path: Path) -> None:
    inside = tmp_path / "nop"
    inside.mkdir()
    data = (EXAMPLES / "huyen_vi_du" / "nop" / NAMES[1]).read_bytes()
    for number in range(2_000):
        (inside / f"{number:04}.xlsx").write_bytes(data)
    command = [sys.executable, "-m", "cchc_excel", "validate", str(inside), "--format", "json", "--jobs", "2"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(2.0)
    os.killpg(running.pid, signal.SIGINT)  # a terminal sends it to every process of the run
    out, err = running.communicate(timeout=60)
    assert "Traceback" not in err
    if running.returncode == STOPPED:
        assert "/2000 tệp" in err
        done = [Path(it["path"]).name for it in json.loads(out)["workbooks"]]
        assert done == [f"{number:04}.xlsx" for number in range(len(done))]
    else:
        assert running.returncode in {DONE, FOUND}, "so fast that it was over"


# --- a second run


def test_a_second_run_examines_only_what_has_changed_and_says_the_same(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plain = validated(folder, capsys)
    assert validated(folder, capsys, resume=True) == plain
    examined = []
    monkeypatch.setattr("cchc_excel.pipeline.examine", lambda source, *_: examined.append(source.name))
    assert validated(folder, capsys, resume=True) == plain
    assert examined == []


def test_a_changed_file_is_examined_again_and_a_touched_one_is_not(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    validated(folder, capsys, resume=True)
    os.utime(folder / NAMES[0], (1, 1))
    shutil.copy(folder / NAMES[0], folder / NAMES[2])
    examined = []
    whole = examine

    def watched(source: Source, *rest: Any) -> Any:
        examined.append(Path(source.name).name)
        return whole(source, *rest)

    monkeypatch.setattr("cchc_excel.pipeline.examine", watched)
    validated(folder, capsys, resume=True)
    assert examined == [NAMES[2]]


def test_other_options_make_everything_anew(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    validated(folder, capsys, resume=True)
    assert validated(folder, capsys, resume=True, ignore=("A",)) == validated(folder, capsys, ignore=("A",))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"key": 1}', b"\xff\xfe", b'{"key":"a","done":[1]}'])
def test_a_state_that_cannot_be_understood_is_no_state(
    content: bytes, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plain = validated(folder, capsys)
    (tmp_path / FILE).write_bytes(content)
    assert validated(folder, capsys, resume=True)[:2] == plain[:2]


def test_a_copy_that_somebody_changed_or_took_away_is_made_again(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    assert correct(folder, output, resume=True) == DONE
    whole = (output / NAMES[0]).read_bytes()
    (output / NAMES[0]).unlink()
    assert correct(folder, output, resume=True) == DONE
    assert (output / NAMES[0]).read_bytes() == whole


def test_a_file_that_was_there_before_is_never_replaced_by_resuming(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    output.mkdir()
    (output / NAMES[0]).write_bytes(b"mine")
    assert correct(folder, output, resume=True) == FAILED
    assert (output / NAMES[0]).read_bytes() == b"mine"
    assert (output / NAMES[1]).is_file(), "the others go on"


def test_a_run_in_which_no_file_can_be_read_fails(tmp_path: Path) -> None:
    inside = tmp_path / "nop"
    inside.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        (inside / name).write_bytes(b"no workbook")
    assert correct(inside, tmp_path / "sua") == FAILED


def test_a_state_remembers_a_file_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    state = State(tmp_path / FILE, "k")
    state.remember(path, b"one", {"x": 1})
    state.save()
    again = State(tmp_path / FILE, "k")
    assert again.find(path) == {"x": 1}
    path.write_bytes(b"two")
    assert again.find(path) is None
    assert State(tmp_path / FILE, "other").find(path) is None


# --- facts as JSON


def test_an_examination_comes_back_from_json_as_it_was() -> None:
    path = EXAMPLES / NAMES[0]
    found = examine(Source(str(path), path.read_bytes()), load_form())
    assert of_plain(json.loads(json.dumps(as_plain(found)))) == found


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.fractions()
    | st.builds(Period, st.integers(2000, 2100), st.sampled_from(["Q1", "Y"]))
    | st.builds(CellAddress, st.text(), st.integers(), st.integers()),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(values)
def test_any_fact_comes_back_from_json_as_it_was(value: object) -> None:
    again = of_plain(json.loads(json.dumps(as_plain(value))))
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize("plain", [[1], {"os.system": ["x"]}, {"Period": [1]}, {"a": 1, "b": 2}, {"fraction": "1/0"}])
def test_what_is_no_fact_is_refused(plain: object) -> None:
    with pytest.raises(ValueError, match=".*"):  # noqa: RUF043 - the text is whatever was found
        of_plain(plain)


def test_a_value_of_another_type_is_not_written() -> None:
    with pytest.raises(TypeError):
        as_plain({1.5: object()})
    assert as_plain(Fraction(1, 3)) == {"fraction": "1/3"}


# --- the line on the terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_says_count_rate_and_name_and_is_cleared_at_the_end() -> None:
    terminal, times = Terminal(), iter(range(100))
    assert list(
        tracked("abcd", 4, str.upper, "tệp/giây", stream=terminal, clock=lambda: next(times), width=60)
    ) == list("abcd")
    lines = terminal.getvalue().split("\r")
    assert lines[1].strip() == "[=====               ] 1/4 · 1 tệp/giây · A"
    assert lines[-2].strip() == ""


def test_a_long_name_loses_its_beginning_and_the_line_never_wraps() -> None:
    text = line(1, 40, 31, "tệp/giây", "Bieu thong ke quy I 2023 - xã Yên Mỹ.xlsx", 60)
    assert len(text) == 59
    assert text.endswith("Yên Mỹ.xlsx")
    assert len(line(1, 40, 31, "tệp/giây", "a" * 100, 20)) == 19


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_nothing_is_said_to_a_file_or_about_a_single_item(stream: io.StringIO) -> None:
    count = 1 if stream.isatty() else 5
    assert len(list(tracked(range(count), count, str, "/s", stream=stream))) == count
    assert stream.getvalue() == ""
