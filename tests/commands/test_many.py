"""Many files in one run: what is finished stays so, what has not changed is not done again, nothing stops the rest."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unreadable import refuse_to_read

from cchc_excel.commands.correct import CorrectOptions, names_of_copies, run_correct
from cchc_excel.commands.kept_examinations import as_plain, of_plain
from cchc_excel.commands.progress import Progress, line, tracked
from cchc_excel.commands.refusals import DONE, FAILED, FOUND, STOPPED
from cchc_excel.commands.resume import FILE, State, key_of
from cchc_excel.commands.validate import ValidateOptions, run_validate
from cchc_excel.errors import CannotWrite, OutputExists
from cchc_excel.form import load_form
from cchc_excel.grid import Source
from cchc_excel.pipeline import examine, examine_all
from cchc_excel.submission import CellAddress, Period

EXAMPLES = Path(__file__).parents[2] / "examples"
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
    status = run_validate(ValidateOptions(files=[folder], **{"format": "json", "debug": True, **more}))
    said = capsys.readouterr()
    return status, said.out, said.err


def correct(folder: Path, output: Path, **more: Any) -> int:
    return run_correct(CorrectOptions(files=[folder], output=output, **{"debug": True} | more))


# --- one bad file


def test_a_damaged_file_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = validated(folder, capsys)
    assert status == FOUND
    assert [Path(it["path"]).name for it in json.loads(out)["workbooks"]] == sorted(it.name for it in folder.iterdir())


def refusing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """One file is there, and cannot be opened."""
    refuse_to_read(monkeypatch, lambda path: path.name == name and path.parent.name == "nop")


def test_a_file_that_cannot_be_opened_is_told_and_does_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, NAMES[1])
    _, out, err = validated(folder, capsys)
    assert f"{NAMES[1]}: không mở được (không có quyền)" in err
    assert {Path(it["path"]).name for it in json.loads(out)["workbooks"]} == {"A hỏng.xlsx", NAMES[0], NAMES[2]}


def test_a_run_that_could_not_open_a_file_never_ends_as_if_all_were_well(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, NAMES[1])
    assert validated(folder, capsys, fail_on="never")[0] == FAILED
    assert correct(folder, tmp_path / "sua") == FAILED


@pytest.mark.parametrize("error", [CannotWrite("x", "no space"), RuntimeError("a defect of ours")])
def test_a_copy_that_cannot_be_made_does_not_stop_the_others(
    error: Exception, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import cchc_excel.corrected_copy as corrected_copy

    whole, calls = corrected_copy.corrected, []

    def stumbling(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise error
        return whole(*arguments)

    monkeypatch.setattr(corrected_copy, "corrected", stumbling)
    assert correct(folder, tmp_path / "sua", debug=False) == FAILED
    assert [it.name for it in sorted((tmp_path / "sua").iterdir())] == sorted(set(NAMES) - {NAMES[1]})[:2]
    assert "Traceback" not in capsys.readouterr().err


def test_several_processes_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validated(folder, capsys, jobs=2) == validated(folder, capsys, jobs=1)


# --- Ctrl-C


def stopping_after(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The officer presses Ctrl-C once so many files are examined."""
    import cchc_excel.commands.examining as many

    whole = examine_all

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


def test_ctrl_c_counts_what_an_earlier_run_has_done_as_done(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert correct(folder, tmp_path / "sua", resume=True) == DONE
    shutil.copy(folder / NAMES[0], folder / NAMES[2])
    stopping_after(monkeypatch, 1)  # of the two that are left: the damaged one and the changed one
    assert correct(folder, tmp_path / "sua", resume=True) == STOPPED
    assert "3/4" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_real_ctrl_c_shows_what_is_done_in_order_and_no_traceback(jobs: str, tmp_path: Path) -> None:
    import pty

    inside = tmp_path / "nop"
    inside.mkdir()
    for number in range(3_000):
        os.link(EXAMPLES / "huyen_vi_du" / "nop" / NAMES[1], inside / f"{number:04}.xlsx")
    command = [sys.executable, "-m", "cchc_excel", "validate", str(inside), "--format", "json", "--jobs", jobs]
    ours, theirs = pty.openpty()
    with (tmp_path / "out").open("wb") as out:
        # whoever runs the tests in the background has it ignored, and what is ignored stays so in every child
        ours_before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            running = subprocess.Popen(command, stdout=out, stderr=theirs, start_new_session=True)
        finally:
            signal.signal(signal.SIGINT, ours_before)
        os.close(theirs)
        err = b""
        while b"/3000" not in err:  # the line on the terminal: it has begun
            err += os.read(ours, 4096)
        os.killpg(running.pid, signal.SIGINT)  # a terminal sends it to every process of the run
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes to it any more
            while more := os.read(ours, 4096):
                err += more
        status = running.wait(timeout=60)
    os.close(ours)
    assert status == STOPPED
    assert b"Traceback" not in err
    done = [Path(it["path"]).name for it in json.loads((tmp_path / "out").read_bytes())["workbooks"]]
    assert done == [f"{number:04}.xlsx" for number in range(len(done))]
    assert 0 < len(done) < 3_000
    assert f"{len(done)}/3000 tệp".encode() in err


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


def test_a_state_is_whole_or_it_is_no_state(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plain = validated(folder, capsys, resume=True)
    written = (tmp_path / FILE).read_text("utf-8")
    for damaged in ("[" * 100_000, written[:-100], written.replace('"Examination": [', '"Examination": [0, ', 1)):
        (tmp_path / FILE).write_text(damaged, "utf-8")
        status, out, err = validated(folder, capsys, resume=True)
        assert (status, out) == plain[:2]
        assert "không đọc được; làm lại từ đầu" in err


@pytest.mark.parametrize("output_format", ["table", "html", "json"])
def test_a_report_in_a_file_is_the_same_when_the_run_is_resumed(
    output_format: str,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, report = tmp_path / "whole", tmp_path / "report"
    validated(folder, capsys, output=whole, format=output_format)
    with monkeypatch.context() as patched:
        stopping_after(patched, 2)
        assert validated(folder, capsys, output=report, format=output_format, resume=True)[0] == STOPPED
    partial = report.read_bytes()
    assert validated(folder, capsys, output=report, format=output_format, resume=True)[0] == FOUND
    assert report.read_bytes() == whole.read_bytes() != partial
    assert (tmp_path / "report.tiep_tuc.json").is_file()


def test_a_report_that_somebody_else_wrote_is_refused_before_any_work(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cchc_excel.pipeline.examine", lambda *_: pytest.fail("examined"))
    (tmp_path / "report").write_text("mine")
    for resume in (False, True):
        with pytest.raises(OutputExists):
            validated(folder, capsys, output=tmp_path / "report", resume=resume)


def test_a_copy_that_was_taken_away_is_made_again(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    assert correct(folder, output, resume=True) == DONE
    whole = (output / NAMES[0]).read_bytes()
    (output / NAMES[0]).unlink()
    assert correct(folder, output, resume=True) == DONE
    assert (output / NAMES[0]).read_bytes() == whole


def test_a_copy_in_which_the_officer_has_decided_is_never_replaced_unasked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "sua"
    assert correct(folder, output, resume=True) == DONE
    (output / NAMES[0]).write_bytes(b"decided")
    assert correct(folder, output, resume=True) == DONE, "nothing was to be done with it"
    assert "giữ nguyên" in capsys.readouterr().err
    shutil.copy(folder / NAMES[2], folder / NAMES[0])
    assert correct(folder, output, resume=True) == FAILED, "its input has changed: two things are wanted of it"
    assert (output / NAMES[0]).read_bytes() == b"decided"
    assert correct(folder, output, resume=True, force=True) == DONE
    assert (output / NAMES[0]).read_bytes() != b"decided"


def test_the_copy_of_a_changed_file_is_replaced(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    assert correct(folder, output, resume=True) == DONE
    before = (output / NAMES[0]).read_bytes()
    shutil.copy(folder / NAMES[2], folder / NAMES[0])
    assert correct(folder, output, resume=True) == DONE
    assert (output / NAMES[0]).read_bytes() != before


def test_copies_in_the_other_language_replace_those_that_nobody_touched(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    assert correct(folder, output, resume=True) == DONE
    before = (output / NAMES[0]).read_bytes()
    assert correct(folder, output, resume=True, lang="en") == DONE
    assert (output / NAMES[0]).read_bytes() != before


def test_a_run_goes_on_after_one_that_was_killed_before_it_could_keep_its_state(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    assert correct(folder, output) == DONE
    assert correct(folder, output, resume=True) == DONE


def test_two_files_of_one_name_each_get_a_copy_in_a_folder_of_theirs(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "sua"
    (folder / "B.xlsx").write_bytes((folder / NAMES[0]).read_bytes())
    other = tmp_path / "khac"
    other.mkdir()
    shutil.copy(folder / NAMES[2], other / "B.xlsx")
    shutil.copy(folder / NAMES[1], other / "C.xlsx")
    files = [folder / "B.xlsx", other]
    options = CorrectOptions(files=files, output=output, debug=True, resume=True)
    for _ in range(2):  # the second run finds each copy again
        assert run_correct(options) == DONE
        assert {path.relative_to(output).as_posix() for path in output.rglob("*.xlsx")} == {
            "nop/B.xlsx", "khac/B.xlsx", "C.xlsx"
        }  # fmt: skip
    assert (output / "nop" / "B.xlsx").read_bytes() != (output / "khac" / "B.xlsx").read_bytes()
    assert run_correct(CorrectOptions(files=files, output=output, debug=True)) == DONE, "our own copies stop nothing"
    shutil.copy(folder / NAMES[0], output / "khac" / "B.xlsx")
    with pytest.raises(OutputExists):
        run_correct(CorrectOptions(files=files, output=output, debug=True))


@pytest.mark.parametrize(
    ("paths", "copies"),
    [
        (("a/B.xlsx", "b/B.xlsx", "b/C.xlsx"), ("a/B.xlsx", "b/B.xlsx", "C.xlsx")),
        (("x/a/B.xlsx", "y/a/B.xlsx", "z/B.xlsx"), ("x/a/B.xlsx", "y/a/B.xlsx", "z/B.xlsx")),
        (("a/B.xls", "a/B.xlsx", "a/B.ods"), ("B.xls.xlsx", "B.xlsx", "B.ods.xlsx")),
        (("a/B.xls", "b/b.xlsx"), ("a/B.xls", "b/b.xlsx")),
        (("a/B.xlsm", "a/B.xlsx"), ("B.xlsm", "B.xlsx")),
        (("a/Q\u0301.xlsx", "b/q\u0301.xlsx", "a/Q.xlsx"), ("a/Q\u0301.xlsx", "b/q\u0301.xlsx", "Q.xlsx")),
        (("a/B.xlsx", "x/../B.xlsx", "x/../b/B.xlsx"), ("a/B.xlsx", "nop/B.xlsx", "b/B.xlsx")),
        (("../B.xls", "a/B.xls"), ("B.xls", "a/B.xls")),
    ],
)
def test_no_two_copies_of_one_run_have_one_name(paths: tuple[str, ...], copies: tuple[str, ...]) -> None:
    found = names_of_copies([Path("/nop", path) for path in paths])
    assert tuple(name.as_posix() for name in found.values()) == copies


def test_no_copy_leaves_the_folder_of_the_output_by_dots_in_the_path_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "nop" / "xa").mkdir(parents=True)
    for folder in ("nop", "nop/xa"):
        shutil.copy(EXAMPLES / "BangLang_2023-Q1_mau.xlsx", tmp_path / folder / "B.xlsx")
    files = (tmp_path / "nop" / "xa" / "B.xlsx", tmp_path / "nop" / "xa" / ".." / "B.xlsx")
    assert run_correct(CorrectOptions(files=files, output=tmp_path / "sua")) == DONE
    copies = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.xlsx"))
    assert copies == ["nop/B.xlsx", "nop/xa/B.xlsx", "sua/nop/B.xlsx", "sua/xa/B.xlsx"]


@pytest.mark.parametrize("name", ["B.xls", "B.dat", "B.zip", "B"])
def test_the_copy_of_a_workbook_under_another_ending_ends_as_a_workbook_does(tmp_path: Path, name: str) -> None:
    shutil.copy(EXAMPLES / "BangLang_2023-Q1_mau.xlsx", tmp_path / name)
    for _ in range(2):  # the second run knows the copy of the first
        assert run_correct(CorrectOptions(files=(tmp_path / name,), output=tmp_path / "sua")) == DONE
        assert [path.name for path in (tmp_path / "sua").iterdir()] == ["B.xlsx"]


def test_a_file_that_is_named_in_two_spellings_is_corrected_once(tmp_path: Path) -> None:
    (tmp_path / "nop").mkdir()
    shutil.copy(EXAMPLES / "BangLang_2023-Q1_mau.xlsx", tmp_path / "nop" / "B.xlsx")
    files = (tmp_path / "nop" / "B.xlsx", tmp_path / "nop" / ".." / "nop" / "B.xlsx", tmp_path / "nop")
    assert run_correct(CorrectOptions(files=files, output=tmp_path / "sua")) == DONE
    assert [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "sua").rglob("*.xlsx")] == ["sua/B.xlsx"]


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


def test_a_file_written_to_while_the_run_goes_on_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    data = path.read_bytes()
    path.write_bytes(b"two")  # as long, and written before the state looks at it
    state = State(tmp_path / FILE, "k")
    state.remember(path, data, 1)
    assert state.find(path) is None
    path.unlink()
    state.remember(path, data, 1)
    assert state.find(path) is None


def test_a_file_whose_name_is_no_text_is_kept_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"x\xff.xlsx")
    try:
        path.write_bytes(b"one")
    except OSError:
        pytest.skip("no such names here")
    state = State(tmp_path / FILE, "k")
    state.remember(path, b"one", 1)
    assert state.save()
    assert State(tmp_path / FILE, "k").find(path) == 1


def test_a_state_that_cannot_be_written_is_said_and_the_run_is_done(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).mkdir()
    status, out, err = validated(folder, capsys, resume=True)
    assert (status, len(json.loads(out)["workbooks"])) == (FOUND, 4)
    assert "không ghi được trạng thái" in err


def test_a_state_counts_no_more_when_the_form_that_the_form_extends_changes(tmp_path: Path) -> None:
    keys = []
    for column in ("Số liệu", "Kết quả"):
        base, kind = tmp_path / column / "base", tmp_path / column / "kind"
        shutil.copytree(Path(__file__).parents[2] / "rules" / "cchc_xa_quy", base)
        text = (base / "form.yaml").read_text("utf-8")
        (base / "form.yaml").write_text(text.replace("\ntitle:", f"\ntitle: {column} #", 1), "utf-8")
        kind.mkdir()
        (kind / "form.yaml").write_text("form: kind\nextends: base\n", "utf-8")
        keys.append(key_of(load_form(str(kind)), ()))
    assert keys[0] != keys[1]


def test_writing_the_state_stays_linear_in_the_number_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr("cchc_excel.commands.resume.write_whole", lambda _, data, **__: written.append(len(data)))
    state = State(tmp_path / FILE, "k")
    for number in range(5_000):
        state.remember(Path(f"{number:04}"), b"", "x" * 100)
    state.save()
    assert sum(written) < 4 * max(written)


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


def test_a_message_stands_on_a_line_of_its_own_above_the_progress() -> None:
    terminal, times = Terminal(), iter(range(100))
    progress = Progress(3, "/s", stream=terminal, clock=lambda: next(times), width=60)
    for item in progress.over("abc", str):
        progress.say(f"said of {item}")
    assert shown_on_a_terminal(terminal.getvalue()) == ["said of a", "said of b", "said of c", ""]


def shown_on_a_terminal(text: str) -> list[str]:
    """What stands there at the end, where a carriage return goes back to the beginning of the line."""
    lines = []
    for written in text.split("\n"):
        shown = ""
        for part in written.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip())
    return lines


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_the_line_is_cleared_whatever_ends_the_run(error: type[BaseException]) -> None:
    def failing() -> Iterator[str]:
        yield "a"
        raise error

    terminal = Terminal()
    with pytest.raises(error):
        list(tracked(failing(), 3, str, "/s", stream=terminal, width=60))
    assert "1/3" in terminal.getvalue()
    assert shown_on_a_terminal(terminal.getvalue()) == [""]


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_the_line_fits_the_terminal_it_is_written_to_not_that_of_stdout() -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        list(tracked("ab", 2, lambda it: it * 100, "/s", stream=terminal))
        text = os.read(ours, 4096).decode()
    os.close(ours)
    assert {len(part) for part in text.split("\r") if part} == {49}


def test_a_file_name_cannot_steer_the_terminal() -> None:
    assert "?[2Jx?y.xlsx" in line(1, 2, 1, "/s", "\x1b[2Jx\ny.xlsx", 80)
