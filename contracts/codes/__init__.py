"""Code tables (代码表): the words people write, the codes they stand for, and since when. Data in `tables/`, one file a table."""

from __future__ import annotations

from contracts.codes.table import Code, CodeTable, load_tables

__all__ = ["Code", "CodeTable", "load_tables"]
