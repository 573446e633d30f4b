"""Source lists (来源表): the kinds of table that staff already have. One file of data each; `load_lists()` gives them all."""

from __future__ import annotations

from contracts.lists.source import FieldType, ListField, SourceList, load_lists

__all__ = ["FieldType", "ListField", "SourceList", "load_lists"]
