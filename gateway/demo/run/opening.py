"""Which way the demonstration's mail goes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.demo.run.brokers import brokers
from gateway.demo.run.mail import FolderMail, Mail


@contextmanager
def opened(root: Path, carrier: str, bootstrap: str) -> Iterator[Mail]:
    """The mail of a demonstration under `root`.

    Args:
        carrier: `dir` or `kafka`.
        bootstrap: `HOST:PORT,…` of a cluster without encryption; brokers of its own for as long as it lasts when empty.

    Raises:
        ExchangeError: E-DEMO-BROKERS; E-CARRIER-URL.
    """
    if carrier == "dir":
        yield FolderMail(root / "mail")
        return
    from gateway.demo.run.cluster import KafkaMail  # and with it the client's library

    prefix = f"demo-{secrets.token_hex(4)}"  # an earlier demonstration's records on the cluster are another county's
    if bootstrap:
        yield KafkaMail.at(bootstrap, prefix)
        return
    with brokers(root / "brokers") as servers:
        yield KafkaMail.at(servers, prefix)
