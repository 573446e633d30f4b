"""Tables as text: CSV in every encoding and dialect that Excel, WPS and banks write."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from contracts.errors import ExchangeError
from contracts.values.cells import Cells, nulls, put
from producers.reading.encoding import encoding_of
from producers.reading.grid import Batch, Extras, Grid, Value, batch_of, bound_columns, joined

MAX_FIELD = 1 << 20
"""Characters of one cell; a spreadsheet's own limit is 32,767."""

MAX_TEXT = 1 << 30
"""Bytes of a whole file."""

_LINES = 16_384
_HEAD = 20_000

_DELIMITERS = ",\t;|"
_SAYS = re.compile(r"sep=[^\w\s]|sep=\t", re.IGNORECASE)
_IN_QUOTES = re.compile(r'"[^"]*"')
_AT_THE_EDGE = re.compile(r"\t+(?=[,;|]|$)|(?:(?<=[,;|])|^)\t+")


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of cells; a first line `sep=;` says it.

    What stands in quotes does not count, nor a tab at the edge of a cell, which exports put there so that a number stays text.
    """
    head = text.splitlines()[:30]
    if head and _SAYS.fullmatch(head[0]):
        return head[0][4]
    bare = [_AT_THE_EDGE.sub("", _IN_QUOTES.sub("", line)) for line in head]
    counts = {d: Counter(line.count(d) for line in bare) for d in _DELIMITERS}
    return max(_DELIMITERS, key=lambda d: (max((n * lines for n, lines in counts[d].items()), default=0), len(bare) - counts[d][0]))


def read_text_table(path: Path) -> list[Grid]:
    """A CSV as its one sheet, named "". Row numbers are record numbers.

    Raises:
        ExchangeError: E-FILE-TYPE no text, E-FILE-CORRUPT a quote that never ends or a cell beyond bounds, E-FILE-SIZE.
    """
    size = path.stat().st_size
    if size > MAX_TEXT:
        raise ExchangeError("E-FILE-SIZE", size=f"{size >> 20} MiB", limit=f"{MAX_TEXT >> 20} MiB")
    before = csv.field_size_limit(MAX_FIELD)
    try:
        with path.open("rb") as raw:
            encoding = encoding_of(raw)
        with path.open(encoding=encoding, newline="") as stream:
            head = stream.read(_HEAD).rstrip("\x1a")
            if sum(c.isprintable() or c in "\r\n\t\ufeff\u3000\u200b" for c in head[:2000]) < 0.9 * len(head[:2000]):
                raise ExchangeError("E-FILE-TYPE")
            stream.seek(0)
            if _SAYS.fullmatch(head.split("\n", 1)[0].rstrip("\r")):
                stream.readline()  # no spreadsheet shows that line
            columns = joined(_batches(_up_to_the_end(stream), delimiter_of(head)))
    except csv.Error as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    finally:
        csv.field_size_limit(before)
    return [Grid("", True, tuple(_bare(c) for c in columns), Extras())]  # noqa: FBT003  visible


def _up_to_the_end(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the sign (0x1A) that old systems put behind the last one."""
    for line in lines:
        yield line.rstrip("\x1a") if line.endswith("\x1a") else line


def _batches(stream: Iterator[str], delimiter: str) -> Iterator[Batch]:
    """Records, some thousand at a time. Lines are cut as a column; those with a quote are read by the csv module and put back.

    A record that goes on over several lines takes its whole batch through the csv module.
    """
    while lines := list(islice(stream, _LINES)):
        quoted = {row: _alone(line, delimiter) for row, line in enumerate(lines) if '"' in line}
        whole = {row: record for row, record in quoted.items() if record is not None}
        if len(whole) < len(quoted):
            yield batch_of(_quoted(lines, stream, delimiter))
        else:
            yield _mended(_plain(pl.Series(lines, dtype=pl.String).str.strip_chars_end("\r\n"), delimiter), whole)


def _alone(line: str, delimiter: str) -> list[str] | None:
    """The record of one line; None when it goes on in the next."""
    records = list(islice(csv.reader([line, "x\n"], delimiter=delimiter), 3))
    return records[0] if records[1:] == [["x"]] else None


def _mended(batch: Batch, records: Mapping[int, Sequence[str]]) -> Batch:
    """The batch with the records of some rows in the place of what was cut there."""
    if not records:
        return batch
    rows = pl.Series(list(records), dtype=pl.UInt32)
    length = len(batch[0][0])
    width = max(len(batch), *map(len, records.values()))
    bound_columns(width)
    texts = [text for text, _ in batch] + [nulls(length, pl.String)] * (width - len(batch))
    right = [pl.Series([r[c] or None if c < len(r) else None for r in records.values()], dtype=pl.String) for c in range(width)]
    return [(put(text, rows, values), None) for text, values in zip(texts, right, strict=True)]


def _plain(lines: pl.Series, delimiter: str) -> Batch:
    count = lines.str.count_matches(delimiter, literal=True).max()
    width = (count if isinstance(count, int) else 0) + 1
    bound_columns(width)
    if width == 1:
        return [(lines.set(lines == "", None), None)]
    fields = lines.str.split_exact(delimiter, width - 1).struct.unnest()
    return [(field.set(field == "", None), None) for field in fields]


def _quoted(lines: list[str], stream: Iterator[str], delimiter: str) -> list[Sequence[Value]]:
    """The records of these lines; the last may take further lines of the stream."""
    given = 0

    def feed() -> Iterator[str]:
        nonlocal given
        for line in lines:
            given += 1
            yield line
        for line in stream:  # with `yield from` the end of this generator would close the stream
            yield line

    records: list[Sequence[Value]] = []
    reader = csv.reader(feed(), delimiter=delimiter)
    while given < len(lines):
        records.append(next(reader))
    return records


def _bare(cells: Cells) -> Cells:
    """Without the `="…"` that exports put around numbers so that a spreadsheet keeps them as text; nobody sees it there."""
    return Cells(cells.text.str.replace(r'^="([^"]*)"$', "${1}"), cells.kind)
