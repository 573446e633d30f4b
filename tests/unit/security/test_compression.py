"""Bombs, and frames that are not what they say."""

from __future__ import annotations

import struct
import tracemalloc

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from security.compression import MAX_CONTENT, compress, decompress
from tests.unit.security.sealed_world import code_of, refused


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=5000))
def test_content_comes_back(content: bytes) -> None:
    assert decompress(compress(content)) == content


def test_content_over_the_limit_is_not_sealed() -> None:
    with refused("E-CONTENT-SIZE"):
        compress(bytes(101), limit=100)
    assert decompress(compress(bytes(100), limit=100), 100) == bytes(100)


def test_a_bomb_that_says_its_size_is_not_expanded() -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(256 * 1024 * 1024))
    tracemalloc.start()
    with refused("E-CONTENT-SIZE"):
        decompress(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < 20_000
    assert peak < MAX_CONTENT // 8


def test_a_bomb_that_hides_its_size_is_not_expanded() -> None:
    compressor = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    bomb = compressor.compress(bytes(1 << 20)) + compressor.flush()
    with refused("E-CONTENT-CODEC"):
        decompress(bomb)


@pytest.mark.parametrize("claimed", [0, 1, 999, 1001, 60_000])
def test_a_frame_that_lies_about_its_size_is_refused(claimed: int) -> None:
    """Frame with a 4-byte content size field (RFC 8878 §3.1.1.1): 1000 zeros as one RLE block, another size claimed."""
    frame = struct.pack("<IBI", 0xFD2FB528, 0b1010_0000, claimed) + (1000 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    with refused("E-CONTENT-CODEC"):
        decompress(frame)
    honest = struct.pack("<IBI", 0xFD2FB528, 0b1010_0000, 1000) + (1000 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    assert decompress(honest) == bytes(1000)


def test_no_content_is_no_content() -> None:
    with pytest.raises(ValueError, match="nothing"):
        compress(b"")
    with refused("E-CONTENT-CODEC"):
        decompress(zstandard.ZstdCompressor().compress(b""))


def test_a_giant_window_is_refused() -> None:
    """A frame may ask its reader for gigabytes of window before the first byte."""
    window = 0b1111_1000  # 2^(10 + 31) bytes
    frame = struct.pack("<IBBI", 0xFD2FB528, 0b1000_0000, window, 4) + (4 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    with refused("E-CONTENT-CODEC"):
        decompress(frame)


def test_nothing_may_stand_behind_the_frame() -> None:
    frame = compress(b"rows")
    skippable = struct.pack("<II", 0x184D2A50, 4) + b"note"
    for extra in (b"\0", b"hidden", frame, skippable):
        with refused("E-CONTENT-CODEC"):
            decompress(frame + extra)
    with refused("E-CONTENT-CODEC"):
        decompress(skippable + frame)


def test_a_dictionary_is_refused() -> None:
    trained = zstandard.train_dictionary(1024, [b"row %d of a list, synthetic" % i for i in range(200)])
    frame = zstandard.ZstdCompressor(dict_data=trained).compress(b"row 5 of a list, synthetic")
    with refused("E-CONTENT-CODEC"):
        decompress(frame)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_refusal_or_in_bounds(data: bytes) -> None:
    for payload in (data, compress(b"abc" * 50)[: len(data) % 20] + data):
        code = code_of(lambda payload=payload: decompress(payload, 1000))  # type: ignore[misc]  # bound now, on purpose
        assert code in {"E-CONTENT-CODEC", "E-CONTENT-SIZE"} or len(decompress(payload, 1000)) <= 1000
