"""Make docs/findings.png from the real program: the page of findings on the shipped specimen.

python docs/make_picture.py        (needs a headless Chromium)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = "examples/BangLang_2023-Q1_mau.xlsx"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        command = [sys.executable, "-m", "cchc_excel", "validate", EXAMPLE, "--format", "html", "-o", str(page)]
        subprocess.run([*command, "--fail-on", "never"], cwd=ROOT, check=True)
        picture = f"--screenshot={ROOT / 'docs' / 'findings.png'}"
        size = ("--window-size=1000,1180", f"--user-data-dir={folder}/profile", "--hide-scrollbars")
        subprocess.run(["chromium", *FLAGS, *size, picture, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
