"""Packages as files: what we write any ZIP program reads; what anybody writes is read by our rules or refused by a code."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from gateway.carriers.package_file import MANIFEST, PackageFile, chunk_name, write_package
from gateway.carriers.port import CHUNK_LIMIT, RECORD_LIMIT
from tests.conformance.refusals import refusal

CODES = {"E-CARRIER-PARTIAL", "E-CARRIER-SHAPE", "E-CARRIER-LARGE"}


def written(manifest: bytes, chunks: list[bytes]) -> bytes:
    file = io.BytesIO()
    write_package(file, manifest, chunks)
    return file.getvalue()


SOUND = written(b'{"payload":"..."}', [b"first", b"", b"third" * 100])


def read(data: bytes) -> list[tuple[int | None, bytes]]:
    """All members of a package as bytes, by way of an unnamed file.

    Raises:
        ExchangeError: as PackageFile.of.
    """
    fd = os.memfd_create("package")
    try:
        os.write(fd, data)
        package = PackageFile.of(fd, "package")
        return [(member.index, package.read(member)) for member in package.members]
    finally:
        os.close(fd)


@given(st.binary(min_size=1, max_size=300), st.lists(st.binary(max_size=300), max_size=5))
def test_what_is_written_is_read(manifest: bytes, chunks: list[bytes]) -> None:
    assert read(written(manifest, chunks)) == [(None, manifest), *enumerate(chunks)]


def test_any_zip_program_reads_it() -> None:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [MANIFEST, *(chunk_name(index) for index in range(3))]
        assert archive.read(chunk_name(2)) == b"third" * 100


def test_the_same_package_is_the_same_bytes() -> None:
    assert written(b'{"payload":"..."}', [b"first", b"", b"third" * 100]) == SOUND


@pytest.mark.parametrize(("manifest", "chunks"), [(bytes(RECORD_LIMIT + 1), []), (b"m", [bytes(CHUNK_LIMIT + 1)])])
def test_what_no_carrier_takes_is_not_written(manifest: bytes, chunks: list[bytes]) -> None:
    with pytest.raises(ExchangeError, match="E-CARRIER-SIZE"):
        written(manifest, chunks)


def test_every_truncation_is_noticed() -> None:
    for length in range(len(SOUND)):
        with pytest.raises(ExchangeError) as refused:
            read(SOUND[:length])
        assert refused.value.code == "E-CARRIER-PARTIAL", length


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_one_member_or_its_number(at: int, bit: int) -> None:
    data = bytearray(SOUND)
    data[at] ^= 1 << bit
    code = refusal(lambda: read(bytes(data)))
    if code is not None:
        assert code in CODES
        return
    before, after = read(SOUND), read(bytes(data))
    assert len(after) == len(before)
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= 1


@given(st.binary(max_size=400))
def test_noise_is_refused(data: bytes) -> None:
    with pytest.raises(ExchangeError) as refused:
        read(data)
    assert refused.value.code in CODES


@given(st.integers(0, len(SOUND)), st.binary(min_size=1, max_size=40))
def test_nothing_may_be_put_between_before_or_behind(at: int, extra: bytes) -> None:
    assert refusal(lambda: read(SOUND[:at] + extra + SOUND[at:])) in CODES


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
        archive.comment = comment
    return file.getvalue()


def with_extra() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(MANIFEST)
    info.extra = struct.pack("<HHI", 0xCAFE, 4, 1)
    return info


FORGED: dict[str, bytes] = {
    "no manifest": zipped((chunk_name(0), b"x")),
    "nothing at all": zipped(),
    "manifest last": zipped((chunk_name(0), b"x"), (MANIFEST, b"x")),
    "two manifests": zipped((MANIFEST, b"x"), ("manifest.dsse.jso2", b"x")),
    "chunks out of order": zipped((MANIFEST, b"x"), (chunk_name(1), b"x"), (chunk_name(0), b"x")),
    "a way out": zipped((MANIFEST, b"x"), ("../../../etc/pass", b"x")),
    "something unlisted": zipped((MANIFEST, b"x"), ("chunks/00000a.cxc", b"x")),
    "packed": zipped((MANIFEST, b"x" * 1000), packing=zipfile.ZIP_DEFLATED),
    "a comment": zipped((MANIFEST, b"x"), comment=b"hello"),
    "an extra field": zipped((with_extra(), b"x")),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_zip_that_is_not_ours_is_refused(case: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        read(FORGED[case])
    assert refused.value.code in CODES


def test_a_twice_named_chunk_is_refused() -> None:
    data = SOUND.replace(chunk_name(1).encode(), chunk_name(0).encode())
    with pytest.raises(ExchangeError, match="order"):
        read(data)


def test_members_that_lie_over_one_another_are_refused() -> None:
    """The trick of the small file that unpacks to petabytes."""
    start = SOUND.rindex(b"PK\1\2")
    data = bytearray(SOUND)
    struct.pack_into("<I", data, start + 42, 0)
    with pytest.raises(ExchangeError, match="E-CARRIER-SHAPE"):
        read(bytes(data))


def test_a_member_too_large_to_read_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.cxp"
    path.write_bytes(zipped((MANIFEST, b"x"), (chunk_name(0), bytes(RECORD_LIMIT + 1))))
    fd = os.open(path, os.O_RDONLY)
    try:
        with pytest.raises(ExchangeError, match="E-CARRIER-LARGE"):
            PackageFile.of(fd, "large")
    finally:
        os.close(fd)


def test_a_chunk_may_be_missing_for_whoever_counts_them() -> None:
    data = zipped((MANIFEST, b"m"), (chunk_name(0), b"a"), (chunk_name(2), b"c"))
    assert read(data) == [(None, b"m"), (0, b"a"), (2, b"c")]
