"""The attachments of an e-mail (.eml, RFC 5322) and of a message of Outlook (.msg).

In:     the bytes of a message, or the tree of a compound file.
Out:    each attachment's name, and what gives its bytes; pictures that belong to the text of the letter are none.
Never:  reads the letter itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from functools import partial

from cchc_excel.errors import ArchiveUnopened, DamagedWorkbook
from cchc_excel.excel.opening.compound import Storage

__all__ = ["attachments_of_mail", "attachments_of_outlook", "pages_in"]

Attachments = Iterator[tuple[str, Callable[[], bytes]]]

MOST_BOUNDARIES = 30  # each line is held against each that is open; a letter that was forwarded three times has ten
# Of a header about a part. `email` looks at all of it for each of its semicolons: 32,000 of them took a second.
MOST_LETTERS, MOST_SEMICOLONS = 4_000, 100

_ATTACHMENT = "__attach_version1.0_"
_DATA, _EMBEDDED = "__substg1.0_37010102", "__substg1.0_3701000D"
_NAMES = (  # the long ones before the short ones
    ("__substg1.0_3707001F", "utf-16-le"),
    ("__substg1.0_3707001E", "cp1258"),
    ("__substg1.0_3704001F", "utf-16-le"),
    ("__substg1.0_3704001E", "cp1258"),
)
_CONTENT_ID = ("__substg1.0_3712001F", "__substg1.0_3712001E")
_DEEPEST = 3  # letters in letters
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
# What `email` raises over a letter that is written wrongly; an encoding that Python does not know among them.
_MALFORMED = (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


def attachments_of_mail(data: bytes) -> Attachments:
    """Yield the attachments of an e-mail, and of the letters that are forwarded in it. Raises UnreadableWorkbook."""
    for part in _parts(data):
        with _damage_told():
            name = "" if _belongs_to_text(part) else _file_name(part)
        if name:
            yield name, partial(_content, part)


def pages_in(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the pages (`html`) and style sheets (`css`, all of them first) of a page saved as a letter (.mht)."""
    found = []
    with _damage_told():
        for part in _parts(data):
            kind = part.get_content_subtype()
            is_row_of_names = str(part.get("Content-Location", "")).endswith("tabstrip.htm")
            if kind in {"html", "css"} and not is_row_of_names:
                found.append((kind, _content(part)))
    yield from sorted(found, key=lambda page: page[0] != "css")


def _parts(data: bytes) -> Sequence[Message]:
    """The parts of a letter that hold no others. Raises UnreadableWorkbook."""
    if data.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise ArchiveUnopened("depth")
    with _damage_told():
        letter = message_from_bytes(data, policy=_Bounded())
        return [part for part in letter.walk() if not part.is_multipart()]


class _Bounded(Compat32):
    """How `email` reads a letter if nothing else is said, but for headers about parts that are far too long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        is_about_a_part = name.lower().startswith("content-")
        if is_about_a_part and (len(value) > MOST_LETTERS or value.count(";") > MOST_SEMICOLONS):
            raise MessageError(name[:40])
        return name, value


@contextmanager
def _damage_told() -> Iterator[None]:
    """Raise DamagedWorkbook for whatever `email` raises."""
    try:
        yield
    except _MALFORMED as error:
        raise DamagedWorkbook(f"e-mail: {error}") from error


def _file_name(part: Message) -> str:
    """The name of an attachment, in whichever of the ways it is written; empty for the letter's own text."""
    try:
        written = part.get_filename() or ""
        return str(make_header(decode_header(written))) if "=?" in written else str(written)
    except _MALFORMED:
        return "?"


def _belongs_to_text(part: Message) -> bool:
    """Whether a part is a picture that the letter shows, a logo under a signature say."""
    is_shown = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
    return is_shown and part.get_content_maintype() == "image"


def _content(part: Message) -> bytes:
    with _damage_told():
        content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


# --- Outlook


def attachments_of_outlook(message: Storage, depth: int = 1) -> Attachments:
    """Yield the attachments of a message, and of the messages attached to it."""
    for storage_name, attachment in message.storages.items():
        if not storage_name.startswith(_ATTACHMENT):
            continue
        embedded = attachment.storages.get(_EMBEDDED)
        if embedded is not None and depth < _DEEPEST:
            yield from attachments_of_outlook(embedded, depth + 1)
        elif _DATA in attachment.streams:
            name = _file_name_in_outlook(attachment)
            is_shown = any(stream in attachment.streams for stream in _CONTENT_ID)
            if not (is_shown and name.lower().endswith(_PICTURES)):
                yield name, attachment.streams[_DATA]


def _file_name_in_outlook(attachment: Storage) -> str:
    """The long name if there is one, else the short one."""
    for stream, encoding in _NAMES:
        if stream in attachment.streams:
            text = attachment.streams[stream]().decode(encoding, "replace").rstrip("\0")
            if text:
                return text
    return "?"
