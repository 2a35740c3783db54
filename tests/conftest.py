from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from command_line import Cchc
from hypothesis import HealthCheck, settings
from json_contract import refuse_json_outside_the_contract

from cchc_excel.form import Form, load_form

settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("usual")

_PROGRAMS = {"libreoffice": "soffice", "chromium": "chromium"}


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form()


@pytest.fixture(scope="session", autouse=True)
def _contract() -> Iterator[None]:
    """Every JSON that a command writes in these tests is held against the schema in docs/json.md."""
    with pytest.MonkeyPatch.context() as patch:
        refuse_json_outside_the_contract(patch)
        yield


@pytest.fixture
def cchc(capsys: pytest.CaptureFixture[str]) -> Cchc:
    return Cchc(capsys)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a program of the machine are skipped aloud where it is absent."""
    for item in items:
        for marker, program in _PROGRAMS.items():
            if item.get_closest_marker(marker) and shutil.which(program) is None:
                item.add_marker(pytest.mark.skip(reason=f"{program} is not installed on this machine"))
