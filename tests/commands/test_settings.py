"""The settings file: what an office would type with every command. What is typed wins; mistakes are told at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Cchc
from places import EXAMPLES, ROOT, TYPED

from cchc_excel.commands.options import due_in
from cchc_excel.commands.settings import KEYS, settings_for
from cchc_excel.errors import BadSettings
from cchc_excel.submission import Period

ROSTER = EXAMPLES / "huyen_vi_du" / "danh_sach.csv"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own, two levels deep."""
    folder = tmp_path / "phong" / "quy1"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def codes_of(out: str) -> set[str]:
    return {it["code"] for it in json.loads(out)["workbooks"][0]["findings"]}


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_the_file_in_the_working_folder_holds_and_what_is_typed_wins(cchc: Cchc, office: Path) -> None:
    write(office / "cchc.toml", 'select = ["A02", "L"]\nignore = "L11"\nlang = "en"\n')
    _, out, _ = cchc("validate", TYPED, "--format", "json")
    assert codes_of(out) == {"A02", "L01", "L10", "L28"}
    assert cchc("explain", "A02")[1].count("Severity") == 1
    _, out, _ = cchc("validate", TYPED, "--format", "json", "--select", "T01", "--lang", "vi")
    assert codes_of(out) == {"T01"}
    assert "Mức độ" in cchc("explain", "A02", "--lang", "vi")[1]


def test_the_nearest_file_above_counts_and_the_first_one_found_ends_the_search(cchc: Cchc, office: Path) -> None:
    above = write(office.parent / "cchc.toml", 'select = "A02"\n')
    assert settings_for([]).path == above
    assert codes_of(cchc("validate", TYPED, "--format", "json")[1]) == {"A02"}
    write(office / "pyproject.toml", "[project]\nname = 'cchc_excel'\n")  # does not speak of us
    assert settings_for([]).path == above
    shared = write(office / "pyproject.toml", "[tool.cchc]\nlang = 'en'\n")
    assert settings_for([]).path == shared
    assert settings_for([]).values == {"lang": "en"}, "nothing of the file above"
    own = write(office / "cchc.toml", "")
    assert settings_for([]).path == own


def test_a_file_may_be_named_and_all_may_be_left_out(cchc: Cchc, office: Path) -> None:
    write(office / "cchc.toml", 'select = "A02"\n')
    other = write(office / "khac.toml", 'select = "T01"\n')
    assert codes_of(cchc("validate", TYPED, "--format", "json", "--config", other)[1]) == {"T01"}
    assert codes_of(cchc("validate", TYPED, "--format", "json", f"--config={other}")[1]) == {"T01"}
    assert {"A02", "T01"} <= codes_of(cchc("validate", TYPED, "--format", "json", "--no-config")[1])
    status, _, err = cchc("validate", TYPED, "--config", "khong_co.toml")
    assert (status, "khong_co.toml" in err) == (2, True)


def test_form_and_roster_are_seen_from_the_folder_of_the_file(cchc: Cchc, office: Path) -> None:
    write(office.parent / "ds.csv", "Tên đơn vị\nUBND xã Bằng Lăng\nUBND xã Không Nộp\n")
    (office.parent / "mau").mkdir()
    write(office.parent / "cchc.toml", 'roster = "ds.csv"\nform = "mau"\n')
    assert settings_for([]).values == {"roster": str(office.parent / "ds.csv"), "form": str(office.parent / "mau")}
    _, _, err = cchc("consolidate", TYPED, "-o", "t.xlsx")
    assert "form.yaml" in err
    assert f"(Lệnh dùng cả thiết đặt trong “{office.parent / 'cchc.toml'}”" in err
    write(office.parent / "cchc.toml", 'roster = "ds.csv"\nform = "cchc_xa_quy"\n')
    status, _, err = cchc("consolidate", TYPED, "-o", "t.xlsx")
    assert (status, "1/2 đơn vị" in err) == (0, True)


def test_the_due_day_may_be_one_for_all_or_one_for_each_period(cchc: Cchc, office: Path) -> None:
    for text in (
        'due = "20/03/2023"\n',
        "due = 2023-03-20\n",
        '[due]\n2023-Q1 = 2023-03-20\n"2023-Q2" = "20/06/2023"\n',
    ):
        write(office / "cchc.toml", text)
        assert cchc("letters", TYPED, "-o", "thu", "--force")[0] == 0
        assert "trước ngày 20/03/2023" in (office / "thu" / "UBND xã Bằng Lăng.txt").read_text("utf-8"), text
    due = due_in(settings_for([]).values["due"])
    assert (str(due(Period.parse("2023-Q2"))), due(Period.parse("2024-Q1"))) == ("2023-06-20", None)


def test_diff_obeys_the_codes_only_where_it_compares_findings(cchc: Cchc, office: Path) -> None:
    write(office / "cchc.toml", 'select = "A02"\n')
    assert cchc("diff", TYPED, TYPED)[0] == 0
    assert "A02" in cchc("diff", TYPED, TYPED, "--findings")[1]


WRONG = """\
formm = "mau"
lang = "fr"
select = 7
ignore = ["A02", 3]
roster = "khong_co.csv"
due = "hôm sau"
form = ""
"""


def test_all_mistakes_are_told_at_once_with_file_line_and_remedy(cchc: Cchc, office: Path) -> None:
    file = write(office / "cchc.toml", WRONG)
    status, out, err = cchc("validate", TYPED)
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [f"{file}:{number}" for number in range(1, 8)]
    assert "có thể là: form" in lines[0]
    assert 'chỉ được ghi "vi" hoặc "en"' in lines[1]
    assert "khong_co.csv" in lines[4]
    _, _, err = cchc("validate", TYPED, "--lang", "en")
    assert "There is no setting “formm”" in err


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b'lang = "vi"\nselect = [\n', 2, "TOML"),
        (b"lang = vi\n", 1, "TOML"),
        (b'# \xe1\xbb\x87\nlang = "\xff"\n', 2, "UTF-8"),
        (b"lang = 'vi'\nlang = 'vi'\n", 2, "TOML"),
        (b"x = " + b"[" * 5000, 1, "TOML"),
        (b"#" * (2**20 + 1), 1, "1 MB"),
    ],
    ids=["unclosed", "unquoted", "not utf-8", "twice", "nested", "large"],
)
def test_what_is_no_toml_is_refused_with_its_line(cchc: Cchc, office: Path, data: bytes, line: int, says: str) -> None:
    (office / "cchc.toml").write_bytes(data)
    status, _, err = cchc("validate", TYPED)
    assert status == 2
    assert err.startswith(f"{office / 'cchc.toml'}:{line}: ")
    assert says in err


def test_help_is_given_even_where_the_settings_are_wrong(cchc: Cchc, office: Path) -> None:
    write(office / "cchc.toml", "x")
    assert cchc("validate", "--help")[0] == 0
    assert cchc("--version")[0] == 0


def test_a_table_of_ours_must_be_one(cchc: Cchc, office: Path) -> None:
    write(office / "pyproject.toml", "tool = 1\n# [tool.cchc]\n")
    assert cchc("explain", "A02")[0] == 0
    file = write(office / "named.toml", "[select]\na = 1\n")
    with pytest.raises(BadSettings):
        settings_for(["--config", str(file)])


def test_a_code_from_the_file_that_there_is_not_names_the_file(cchc: Cchc, office: Path) -> None:
    file = write(office / "cchc.toml", 'ignore = ["A99"]\n')
    status, _, err = cchc("validate", TYPED)
    assert status == 2
    assert "--ignore A99" in err
    assert str(file) in err


def test_without_a_file_the_reader_of_toml_is_not_loaded(tmp_path: Path) -> None:
    program = (
        "import sys, contextlib\nfrom cchc_excel.cli import app\n"
        "with contextlib.suppress(SystemExit): app(['explain', 'A02'])\n"
        "print('tomllib' in sys.modules, file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path, env=env
    )
    assert done.stderr.splitlines()[-1] == "False"


def test_every_setting_is_documented() -> None:
    said = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert [key for key in KEYS if f"`{key}`" not in said] == []
