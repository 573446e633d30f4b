"""Names of keys inside one store: `purpose/which`, such as `sign/1` or `wrap/2026-11`.

| label | algorithm | use |
|---|---|---|
| `sign/N`, `sign-pq/N` | ed25519, ml-dsa-65 | manifests, receipts, prekeys, cards |
| `log/N`, `log-pq/N` | ed25519, ml-dsa-65 | checkpoints of the ledger |
| `root/N`, `root-pq/N` | ed25519, ml-dsa-65 | the county's root document |
| `registry/N`, `registry-pq/N` | ed25519, ml-dsa-65 | the county's trust list |
| `wrap/YYYY-MM` | x-wing | what others seal to us in that calendar month |
| `self/YYYY-MM`, `self/lasting` | x-wing | what this home seals to itself, by business month |
| `mac/YYYY-MM`, `mac/lasting` | hmac-sha256 | matching values |
"""

from __future__ import annotations

import re

from contracts.errors import ExchangeError
from contracts.ids import Period

_LABEL = re.compile(r"[a-z][a-z0-9-]{0,30}/[a-z0-9][a-z0-9-]{0,30}")

SIGNING_PAIRS = ("sign", "log", "root", "registry")
"""Purposes whose keys come in pairs: Ed25519 under the name itself, ML-DSA-65 under `<name>-pq`."""


def wrap(month: Period) -> str:
    """The key others seal to in calendar month `month`."""
    return f"wrap/{month}"


def self_(period: Period) -> str:
    """The key this home seals its own copies of business month `period` to."""
    return f"self/{period}"


def mac(period: Period) -> str:
    """The key of matching values of business month `period`."""
    return f"mac/{period}"


def file_stem(label: str) -> str:
    """File name of a label without its ending; one to one, for a label has no dot.

    Raises:
        ExchangeError: E-KEY-LABEL.
    """
    if not _LABEL.fullmatch(label):
        raise ExchangeError("E-KEY-LABEL", label=label[:60])
    return label.replace("/", ".")


def of_stem(stem: str) -> str | None:
    """The label of a file name without its ending; None when it is none."""
    label = stem.replace(".", "/", 1)
    return label if _LABEL.fullmatch(label) else None
