"""`python -m tests.fault.carrier_worker URL`: post a run of items, as a home does that is started again and again."""

from __future__ import annotations

import sys

from gateway.carriers.opening import open_carrier
from tests.conformance.items import CIVIL_AFFAIRS, letter, package

ITEMS = (letter("prekeys", "p", to=None), package("a", 3), letter("receipt", "r"), package("b", 1))


def main(url: str) -> None:
    """Post everything.

    Raises:
        SystemExit: something failed.
    """
    done = open_carrier(url, CIVIL_AFFAIRS).post(ITEMS)
    if any(one.outcome == "failed" for one in done):
        sys.exit(f"failed: {done}")


if __name__ == "__main__":
    main(sys.argv[1])
