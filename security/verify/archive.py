"""ZIP files with one spelling: members stored, in order of their names, no dates, no extras.

Ordinary tools read them. Reading one here refuses whatever `pack` would not have written, and with that every trick that two ZIP
readers could see differently.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from contracts.errors import ExchangeError

MAX_BYTES = 64 << 20
MAX_MEMBERS = 20_000
MAX_NAME = 120
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _DATE = 20, 0x0021  # 2.0; 1 January 1980, the format's first day


def pack(members: Mapping[str, bytes]) -> bytes:
    """The archive of these members (ASCII names).

    Raises:
        ValueError: more, longer or larger than a reader takes.
    """
    parts: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for name in sorted(members):
        data, raw = members[name], name.encode("ascii")
        if len(raw) > MAX_NAME:
            raise ValueError("a member's name is too long")
        about = (_VERSION, 0, 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(raw), 0)
        parts += (_LOCAL.pack(b"PK\3\4", *about), raw, data)
        central.append(_CENTRAL.pack(b"PK\1\2", _VERSION, *about, 0, 0, 0, 0, offset) + raw)
        offset += _LOCAL.size + len(raw) + len(data)
    directory = b"".join(central)
    end = _END.pack(b"PK\5\6", 0, 0, len(members), len(members), len(directory), offset, 0)
    if len(members) > MAX_MEMBERS or offset + len(directory) + len(end) > MAX_BYTES:
        raise ValueError("too much for one archive")
    return b"".join((*parts, directory, end))


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of an archive that `pack` wrote.

    Raises:
        ExchangeError: E-EVIDENCE-FORM, anything else.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError("E-EVIDENCE-FORM", why="too long")
    members: dict[str, bytes] = {}
    offset = 0
    try:
        while data[offset : offset + 4] == b"PK\3\4" and len(members) <= MAX_MEMBERS:
            size, name_length = _LOCAL.unpack_from(data, offset)[8:10]
            start = offset + _LOCAL.size
            name = data[start : start + name_length].decode("ascii")
            members[name] = data[start + name_length : start + name_length + size]
            offset = start + name_length + size
        canonical = pack(members)
    except (struct.error, ValueError):
        raise ExchangeError("E-EVIDENCE-FORM", why="not an evidence archive") from None
    if canonical != data:
        raise ExchangeError("E-EVIDENCE-FORM", why="not an evidence archive")
    return members
