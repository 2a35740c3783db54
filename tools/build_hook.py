"""Put what the shipped YAML files come to into the wheel (cchc_excel/form/prepared.py says why)."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parents[1]


class Prepared(BuildHookInterface):  # type: ignore[type-arg]
    """Runs while a wheel is built; an editable install reads the YAML files themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files in a folder of their own, and name them as parts of the wheel."""
        self.made = TemporaryDirectory()
        sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
        from prepared_files import prepared_files

        for name, data in prepared_files() if version != "editable" else ():
            file = Path(self.made.name, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            build_data["force_include"][str(file)] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the folder away."""
        del version, build_data, artifact_path
        self.made.cleanup()
