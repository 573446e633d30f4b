"""Cutting rows into chunks of an even sealed size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

TARGET_BYTES = 512 * 1024
LIMIT_BYTES = 884_736 - 4
"""The largest compressed payload whose padding bucket still fits a chunk of 900,000 bytes (docs/spec/chunk.md)."""
FIRST_ROWS = 8192
MOST_ROWS = 8192
LEAST_ROWS = 64


@dataclass(frozen=True, slots=True)
class Payload:
    """One chunk's compressed rows.

    Attributes:
        rows: rows inside.
        content: compressed Avro container, at most LIMIT_BYTES bytes.
    """

    rows: int
    content: bytes


class ChunkCutter:
    """Takes frames as they come and hands on payloads near TARGET_BYTES; holds at most one chunk's rows.

    The number of rows of the next chunk follows from the bytes a row of the last one took, at most MOST_ROWS, so memory does
    not grow with the list. A payload over LIMIT_BYTES is cut in halves.
    """

    def __init__(self, encode: Callable[[pl.DataFrame], bytes], take: Callable[[Payload], None], empty: pl.DataFrame) -> None:
        self._encode = encode
        self._take = take
        self._empty = empty
        self._held: list[pl.DataFrame] = []
        self._rows = 0
        self._aim = FIRST_ROWS
        self._cut = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows in order; frames must have the columns of `empty`."""
        if frame.height:
            self._held.append(frame)
            self._rows += frame.height
        while self._rows >= self._aim:
            self._emit(self._aim)

    def flush(self) -> None:
        """Hand on what is left."""
        while self._rows:
            self._emit(min(self._aim, self._rows))

    def finish(self) -> int:
        """`flush`, and one empty chunk where there was no row at all; returns the number of chunks."""
        self.flush()
        if self._cut == 0:
            self._hand(self._empty)
        return self._cut

    def _emit(self, rows: int) -> None:
        frame = self._held[0] if len(self._held) == 1 else pl.concat(self._held, rechunk=True)
        self._held = [rest] if (rest := frame.slice(rows)).height else []
        self._rows -= rows
        self._hand(frame.slice(0, rows))

    def _hand(self, frame: pl.DataFrame) -> None:
        content = self._encode(frame)
        if len(content) > LIMIT_BYTES and frame.height > 1:
            half = frame.height // 2
            self._hand(frame.slice(0, half))
            self._hand(frame.slice(half))
            return
        if frame.height >= LEAST_ROWS:
            self._aim = max(LEAST_ROWS, min(MOST_ROWS, frame.height * TARGET_BYTES // max(len(content), 1)))
        self._cut += 1
        self._take(Payload(frame.height, content))
