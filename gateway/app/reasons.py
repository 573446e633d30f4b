"""Reasons that people give: kept in the clear, so no person may stand in them."""

from __future__ import annotations

import re

from contracts.errors import ExchangeError

MOST = 200
_NUMBER = re.compile(r"[0-9]{11,}|[0-9]{14}[0-9Xx]|[0-9]{17}[Xx]")
"""ID numbers have 15 or 18 characters, telephones 11 digits, bank accounts 16 to 19; numbers of documents have fewer in a row."""


def plain(text: str) -> str:
    """A reason as it is kept: without blanks at its ends.

    Raises:
        ExchangeError: E-REASON-NONE, there is nothing in it or too much; E-REASON-PERSON, a number that may be somebody's.
    """
    found = text.strip()
    if not 1 <= len(found) <= MOST or not found.isprintable():
        raise ExchangeError("E-REASON-NONE", most=MOST)
    if _NUMBER.search(found):
        raise ExchangeError("E-REASON-PERSON")
    return found


def plain_if_given(text: str | None) -> str | None:
    """As `plain`; None stays None."""
    return None if text is None else plain(text)
