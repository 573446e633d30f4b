"""Error values that are younger than the reader of the values: it refuses the whole workbook for one `#SPILL!`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable

from producers.reading import archive
from producers.reading.extent import Extent

_KNOWN = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_VALUE = re.compile(rb'(<c [^>]*t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>)[^<]*(?=</v>)')
_MAX_PART = 256 << 20


def has_unknown(extents: Iterable[Extent]) -> bool:
    """Whether a cell holds an error value that only newer programs write."""
    return any(value not in _KNOWN for extent in extents for value in extent.errors.values())


def with_known_errors(members: zipfile.ZipFile, parts: Collection[str]) -> bytes:
    """A copy of the workbook in which every error value of its sheets is `#N/A`; what they were is noted in the extents.

    Raises:
        ExchangeError: E-FILE-CORRUPT.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for member in members.infolist():
            data = b"".join(archive.blocks(members, member.filename))
            if member.filename in parts and len(data) <= _MAX_PART:
                data = _VALUE.sub(rb"\1#N/A", data)
            copy.writestr(member.filename, data)
    return made.getvalue()
