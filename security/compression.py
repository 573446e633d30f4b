"""The codec `zstd` (RFC 8878): one frame that says how long its content is."""

from __future__ import annotations

import zstandard

from contracts.errors import ExchangeError

LEVEL = 3
MAX_CONTENT = 64 * 1024 * 1024
"""Bytes of the content of one chunk, before compression."""
MAX_WINDOW = 8 * 1024 * 1024
"""RFC 8878 §3.1.1.1.2 recommends decoders to support 8 MiB; level 3 uses 2."""


def compress(content: bytes, *, limit: int = MAX_CONTENT) -> bytes:
    """One zstd frame of level 3 with its content size, no checksum (the body is authenticated), no dictionary.

    Raises:
        ExchangeError: E-CONTENT-SIZE, more than `limit` bytes.
        ValueError: no content at all; a list without rows is still an Avro file.
    """
    if not content:
        raise ValueError("nothing to compress")
    if len(content) > limit:
        raise ExchangeError("E-CONTENT-SIZE", limit=limit)
    return zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress(content)


def decompress(payload: bytes, limit: int = MAX_CONTENT) -> bytes:
    """The content of one frame, at most `limit` bytes; never allocates more, whatever the frame claims.

    1. the frame declares its content size, not zero (the library looks at nothing behind a zero), and no dictionary
    2. not more than `limit`
    3. decodes to exactly that, and nothing stands behind the frame

    Raises:
        ExchangeError: E-CONTENT-SIZE, E-CONTENT-CODEC.
    """
    try:
        parameters = zstandard.get_frame_parameters(payload)
        if parameters.content_size in (0, zstandard.CONTENTSIZE_UNKNOWN) or parameters.dict_id:
            raise ExchangeError("E-CONTENT-CODEC")
        if parameters.content_size > limit:
            raise ExchangeError("E-CONTENT-SIZE", limit=limit)
        content = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompress(payload, max_output_size=limit, allow_extra_data=False)
    except zstandard.ZstdError:
        raise ExchangeError("E-CONTENT-CODEC") from None
    if len(content) != parameters.content_size:
        raise ExchangeError("E-CONTENT-CODEC")
    return content
