"""Whose certificate it is that is out of time, by the certificates that are there: a broker's own, or the authority's in our file."""

from __future__ import annotations

import socket
import ssl
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.app import checkup_cluster
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.security_diagnosis import knock
from gateway.carriers.kafka.topics_health import ClusterHealth
from tests.kafka.certificates import DAY, Authority
from tests.unit.gateway.carriers.doors import door

LONG = 300 * DAY


def broker(certificate: Path, key: Path) -> AbstractContextManager[str]:
    """Something that shakes hands with everybody, and no more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def talk(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as sealed:
            sealed.recv(1)

    return door(talk)


@pytest.mark.parametrize(
    ("authority", "own", "code", "day"),
    [
        ((-DAY, LONG), (-9 * DAY, -DAY), "E-KAFKA-CERT-BROKER", -DAY),
        ((-DAY, LONG), (3 * DAY, LONG), "E-KAFKA-CERT-BROKER", 3 * DAY),
        ((-9 * DAY, -2 * DAY), (-9 * DAY, LONG), "E-KAFKA-CERT-EXPIRED", -2 * DAY),
        ((2 * DAY, LONG), (-DAY, LONG), "E-KAFKA-CERT-EXPIRED", 2 * DAY),
        ((-9 * DAY, -DAY), (-9 * DAY, -3 * DAY), "E-KAFKA-CERT-BROKER", -3 * DAY),
    ],
    ids=["expired", "early", "authority expired", "authority early", "both expired"],
)
def test_the_one_that_is_meant_is_named(
    tmp_path: Path, authority: tuple[timedelta, timedelta], own: tuple[timedelta, timedelta], code: str, day: timedelta
) -> None:
    signer = Authority.make(tmp_path, begins=authority[0], ends=authority[1])
    certificate, key = signer.issue("broker", begins=own[0], ends=own[1])
    with broker(certificate, key) as server:
        told = knock(server, Security("SSL", signer.file))
    assert told is not None
    assert told.code == code
    assert told.facts["day"] == (datetime.now(UTC) + day).date().isoformat()
    assert told.facts.get("whose", server) in {"ca.pem", server}
    assert ("nothing is to be changed here" in told.fix("en")) == (code == "E-KAFKA-CERT-BROKER")


def test_doctor_tells_brokers_that_are_away_from_those_that_somebody_can_mend(tmp_path: Path) -> None:
    signer = Authority.make(tmp_path)
    with broker(*signer.issue("broker", begins=-9 * DAY, ends=-DAY)) as server:
        doors = ("127.0.0.1:1", server, "127.0.0.1:2")
        health = ClusterHealth((*((door, knock(door, Security("SSL", signer.file))) for door in doors), ("127.0.0.1:3", None)))
    found = list(checkup_cluster._brokers(health))
    assert [(check.state, check.finding and check.finding.code) for check in found] == [
        ("notice", "W-KAFKA-BROKERS"), ("fault", "E-KAFKA-CERT-BROKER")]
    assert found[0].finding is not None
    assert found[0].finding.facts == {"count": 2, "total": 4, "servers": "127.0.0.1:1, 127.0.0.1:2"}
    [well] = checkup_cluster._brokers(ClusterHealth((("127.0.0.1:3", None),)))
    assert (well.state, well.fact) == ("ok", "1")
