"""What an act is refused with."""

from __future__ import annotations

from collections.abc import Callable

from contracts.errors import ExchangeError


def refusal(act: Callable[[], object]) -> str | None:
    """The code an act is refused with; None when it is not. Any other exception passes."""
    try:
        act()
    except ExchangeError as error:
        return error.code
    return None
