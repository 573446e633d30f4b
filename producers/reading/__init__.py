"""Reading workbooks and tables as staff have them: what a sensible clerk would read, with every finding at its cell."""

from __future__ import annotations

from producers.reading.read import Reading, Table, read_file, require_period

__all__ = ["Reading", "Table", "read_file", "require_period"]
