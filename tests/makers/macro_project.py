"""A macro project as Excel stores it (MS-OVBA), by hand: one macro, and the modules of the book and its sheets."""

from __future__ import annotations

import struct

from compound_file import compound_file

_PROJECT_ID = "{00000000-0000-4000-8000-00000000000A}"
_BASES = {
    "ThisWorkbook": "0{00020819-0000-0000-C000-000000000046}",
    "Sheet1": "0{00020820-0000-0000-C000-000000000046}",
    "Sheet2": "0{00020820-0000-0000-C000-000000000046}",
}
_SEED = 8


def macro_project(module: str, code: str) -> bytes:
    """Return vbaProject.bin for a book of two sheets with one module of this code; each stream below 4 kB."""
    sources = {name: _document(name, base) for name, base in _BASES.items()}
    sources[module] = f'Attribute VB_Name = "{module}"\r\n{code}'
    streams = {name: _compressed(source.encode("cp1252")) for name, source in sources.items()}
    return compound_file(
        {
            "PROJECT": _project(module).encode("cp1252"),
            "PROJECTwm": b"".join(n.encode("cp1252") + b"\0" + n.encode("utf-16-le") + b"\0\0" for n in sources)
            + b"\0\0",
            "VBA": {
                "dir": _compressed(_directory(list(sources))),
                "_VBA_PROJECT": bytes.fromhex("cc61ffff000000"),  # no compiled code: it is made when it is run
                **streams,
            },
        }
    )


def _document(name: str, base: str) -> str:
    flags = {"GlobalNameSpace": False, "Creatable": False, "PredeclaredId": True, "Exposed": True}
    lines = [f'Attribute VB_Name = "{name}"', f'Attribute VB_Base = "{base}"']
    lines += [f"Attribute VB_{flag} = {value}" for flag, value in flags.items()]
    lines += ["Attribute VB_TemplateDerived = False", "Attribute VB_Customizable = True"]
    return "".join(f"{line}\r\n" for line in lines)


def _project(module: str) -> str:
    lines = [f'ID="{_PROJECT_ID}"', *(f"Document={name}/&H00000000" for name in _BASES), f"Module={module}"]
    lines += ['Name="VBAProject"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    lines += [f'CMG="{_hidden(bytes(4))}"', f'DPB="{_hidden(bytes(1))}"', f'GC="{_hidden(bytes([255]))}"', ""]
    lines += ["[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000", ""]
    lines += ["[Workspace]", *(f"{name}=0, 0, 0, 0, C" for name in [*_BASES, module])]
    return "".join(f"{line}\r\n" for line in lines)


def _hidden(data: bytes) -> str:
    """What the project says of its protection, none, in the cipher that it must be said in (2.4.3.2)."""
    key = sum(_PROJECT_ID.encode()) & 0xFF
    written = [_SEED, _SEED ^ 2, _SEED ^ key]
    before, last, plain = written[1], written[2], key
    for byte in bytes((_SEED & 6) // 2) + struct.pack("<I", len(data)) + data:
        hidden = byte ^ ((before + plain) & 0xFF)
        before, last, plain = last, hidden, byte
        written.append(hidden)
    return bytes(written).hex().upper()


def _directory(modules: list[str]) -> bytes:
    """The stream `dir`: what the project is called and which modules it has."""
    records = _record(0x01, struct.pack("<I", 3)) + _record(0x02, struct.pack("<I", 0x409))
    records += _record(0x14, struct.pack("<I", 0x409)) + _record(0x03, struct.pack("<H", 1252))
    records += _record(0x04, b"VBAProject") + _both(0x05, 0x40, "") + _both(0x06, 0x3D, "")
    records += _record(0x07, bytes(4)) + _record(0x08, bytes(4))
    records += struct.pack("<HIIH", 0x09, 4, 1, 0) + _both(0x0C, 0x3C, "")
    records += _record(0x0F, struct.pack("<H", len(modules))) + _record(0x13, b"\xff\xff")
    for name in modules:
        records += _both(0x19, 0x47, name) + _both(0x1A, 0x32, name) + _both(0x1C, 0x48, "")
        records += _record(0x31, bytes(4)) + _record(0x1E, bytes(4)) + _record(0x2C, b"\xff\xff")
        records += _record(0x22 if name in _BASES else 0x21, b"") + _record(0x2B, b"")
    return records + _record(0x10, b"")


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _both(narrow: int, wide: int, text: str) -> bytes:
    """A text twice, in the project's code page and in UTF-16."""
    return _record(narrow, text.encode("cp1252")) + _record(wide, text.encode("utf-16-le"))


def _compressed(data: bytes) -> bytes:
    """A compressed container (2.4.1) that compresses nothing: eight plain bytes after each byte of flags."""
    chunk = b"".join(b"\0" + data[at : at + 8] for at in range(0, len(data), 8))
    assert len(chunk) <= 4096, "one chunk is all that is written here"
    return b"\x01" + struct.pack("<H", 0xB000 | (len(chunk) - 1)) + chunk
