"""Archives with one spelling: ordinary tools read them, and no other archive is read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from security.verify import archive

NAMES = st.text("abcdefghij0123456789./-", min_size=1, max_size=40)
MEMBERS = {"a/1.json": b"{}", "b.txt": b"text" * 50, "empty": b""}


def refused(data: bytes) -> None:
    with pytest.raises(ExchangeError) as error:
        archive.unpack(data)
    assert error.value.code == "E-EVIDENCE-FORM"


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=8))
def test_what_was_packed_is_unpacked_and_zipfile_agrees(members: dict[str, bytes]) -> None:
    data = archive.pack(members)
    assert archive.unpack(data) == members
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == members


@given(st.binary(max_size=400))
def test_rubbish_is_refused(data: bytes) -> None:
    if data != archive.pack({}):
        refused(data)


def test_every_byte_counts() -> None:
    data = archive.pack(MEMBERS)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x20
        refused(bytes(changed))
    for cut in range(len(data)):
        refused(data[:cut])
    refused(data + b"\0")
    refused(b"\0" + data)


def test_archives_of_other_tools_are_refused() -> None:
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", compression) as written:
            for name, data in MEMBERS.items():
                written.writestr(name, data)
        refused(buffer.getvalue())


def test_the_same_members_give_the_same_bytes() -> None:
    assert archive.pack(dict(reversed(MEMBERS.items()))) == archive.pack(MEMBERS)


def test_limits() -> None:
    with pytest.raises(ValueError, match="name"):
        archive.pack({"n" * 121: b""})
    with pytest.raises(ValueError, match="much"):
        archive.pack({f"{number}": b"" for number in range(archive.MAX_MEMBERS + 1)})
    refused(bytes(archive.MAX_BYTES + 1))
