"""One way to say what a rule found: all of it, a line each."""

from __future__ import annotations

from collections.abc import Iterable


def nothing(found: Iterable[object], because: str) -> None:
    """Fail with every finding when there is one.

    Raises:
        AssertionError: the reason, then the findings in order.
    """
    lines = sorted(str(one) for one in found)
    assert not lines, "\n  ".join([because, *lines])
