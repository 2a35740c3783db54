"""The colours by which a filled form says how it stands. Legible in grey too."""

from __future__ import annotations

from cchc_excel.workbook_form.live import ERROR, UNFILLED, WARNING
from cchc_excel.workbook_form.printed.styles import TO_FILL

VALUE_COLOURS: dict[int, dict[str, object]] = {
    ERROR: {"bg_color": "#F8B4B4", "font_color": "#9C0006", "bold": True},
    WARNING: {"bg_color": "#FFE699", "font_color": "#7F4F00"},
    UNFILLED: {"bg_color": TO_FILL},
}
"""By the level of a row, the colours of its value cell."""
MESSAGE_COLOURS: dict[int, dict[str, object]] = {
    ERROR: {"font_color": "#9C0006", "bold": True},
    WARNING: {"font_color": "#7F4F00"},
    UNFILLED: {"font_color": "#7F7F7F", "italic": True},
}
"""By the level of a row, the colours of the message beside it."""
SUMMARY_COLOURS: dict[str, dict[str, object]] = {
    "left": {"font_color": "#9C0006", "bg_color": "#FBE3E3"},
    "consistent": {"font_color": "#375623", "bg_color": "#E2EFDA"},
    "untouched": {"font_color": "#1F3864"},
}
"""By what the top line says, its colours."""
