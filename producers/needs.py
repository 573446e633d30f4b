"""Which fields of source lists a feed's editions are made of: the rest of a list stays closed."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.feeds import Feed
from contracts.views import AgeBetween, AgeOrStudent, RowFilter, SupportModeIn, View

_ALWAYS = frozenset({"id_number", "category", "head_id", "head_name", "name", "relation", "covered_size", "household_size"})
"""What names a row and what rows are put together by."""
_SUBJECT = frozenset({"person_no", "household_no", "_file", "_row"})
_DERIVED = {"town_code": {"village_code"}, "settlement": {"hukou_type"}, "unable_selfcare": {"selfcare"}}
_ABSENT = frozenset({"cert_no", "town", "village_code"})
"""What `unconfirmed` recognises held and absent rows by, beside the above."""


def fields_needed(feed: Feed, views: Sequence[View], *, absent: bool) -> frozenset[str]:
    """Names of list fields (and place columns) that these views of a feed are made of.

    Args:
        absent: rows of the month before will be held against this month's.

    A test holds the outcome against that of whole lists, for every view of the catalogue.
    """
    wanted = {field.name for view in views for field in view.fields} | {name for view in views for name in view.key}
    wanted |= {name for view in views for named in view.row_filter for name in _read_by(named)}
    for name in tuple(wanted):
        wanted |= _DERIVED.get(name, set())
    return frozenset(wanted) | _ALWAYS | (_SUBJECT if feed.grain == "subject" else frozenset()) | (_ABSENT if absent else frozenset())


def _read_by(named: RowFilter) -> set[str]:
    match named:
        case AgeOrStudent():
            return {"id_number", "student"}
        case AgeBetween():
            return {"id_number"}
        case SupportModeIn():
            return {"category", "support_mode"}
        case _:
            return {"category"}
