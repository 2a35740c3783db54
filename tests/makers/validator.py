"""A validator of the Open XML format that is not ours."""

from __future__ import annotations

from pathlib import Path

import openxml_audit


def audit(data: bytes, path: Path) -> set[str]:
    """What the validator of the Open XML format finds in the workbook, which is written there."""
    path.write_bytes(data)
    return {str(error) for error in openxml_audit.OpenXmlValidator().validate(str(path)).errors}
