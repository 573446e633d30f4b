"""What faces ask of reading beside a verdict: records, annotated workbooks, templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contracts.catalogue.entry import Language
from producers.reading import Reading, records
from producers.reading import annotate as annotating
from producers.reading import template as templates
from producers.reading.digest import Group, grouped

__all__ = ["Group", "annotate", "grouped", "template", "write_records"]


def write_records(readings: Sequence[Reading], out: Path) -> int:
    """Accepted rows of all files as canonical records, one JSON object a line; the number of lines."""
    total = 0
    parts: list[bytes] = []
    for reading in readings:
        total += records.write(reading, out)
        parts.append(out.read_bytes())
    if len(parts) > 1:
        out.write_bytes(b"".join(parts))
    return total


def annotate(file: Path, reading: Reading, out: Path, language: Language) -> None:
    """The workbook with comments and an error column, for the clerk to mend."""
    annotating.annotate(file, reading, out, language)


def template(list_code: str, out: Path) -> None:
    """An empty workbook for a source list.

    Raises:
        ExchangeError: E-LIST.
    """
    templates.template(list_code, out)
