"""Where the shipped examples stand."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TYPED, PRINTED = EXAMPLES / "BangLang_2023-Q1_mau.xlsx", EXAMPLES / "BangLang_2023-Q1_inlai.xlsx"
