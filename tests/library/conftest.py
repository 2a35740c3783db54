from __future__ import annotations

import pytest

from cchc_excel import Form, load_form


@pytest.fixture(scope="session")
def form() -> Form:
    """The form as programs get it."""
    return load_form()
