"""How far a home has read stands behind other counties' records too, which nobody must read at every poll anew."""

from __future__ import annotations

import pytest

from contracts.ids import AgencyId
from gateway.carriers.kafka.position import Position
from gateway.carriers.kafka.topics import partition
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, HOUSING, drain, letter, package
from tests.kafka import topics
from tests.kafka.mailroom import KafkaMailroom


def neighbour() -> str:
    """Another county of the same partition."""
    mine = partition(EDUCATION.county)
    return next(code for code in map(str, range(522701, 522999)) if code != EDUCATION.county and partition(code) == mine)


@pytest.mark.parametrize("own", ["prekeys", "package"], ids=["before the idle topics", "in the one that both use"])
def test_a_poll_that_brings_anything_stands_behind_all_there_is(mailroom: KafkaMailroom, own: str) -> None:
    county = neighbour()
    there, here = AgencyId(county, "civil-affairs"), AgencyId(county, "education")
    mailroom.door(there).post([package("next door", 3, to=here, sender=there), letter("trust", "next door", to=None, sender=there)])
    mailroom.door(HOUSING).post([letter("prekeys", "mine", to=None, sender=HOUSING)])
    if own == "package":
        mailroom.door(CIVIL_AFFAIRS).post([package("mine", 1)])
    reader = mailroom.door(EDUCATION)
    good, bad, stored = drain(reader)
    assert ({each.sender.county for each in good}, bad) == ({EDUCATION.county}, [])
    offsets = Position.read(stored, _cluster(stored)).offsets
    for topic in (mailroom.naming.package("assistance-persons", "education"), mailroom.naming.trust()):
        assert offsets[topic] >= len(mailroom.records(topic)) > 0
    assert drain(reader, stored)[:2] == ([], [])


def _cluster(stored: bytes | None) -> str:
    """The cluster that a stored position is of."""
    assert stored is not None
    return stored.split(b'"')[1].decode()


def test_a_first_edition_that_aged_out_unread_is_said(mailroom: KafkaMailroom) -> None:
    """Nothing had ever come by that topic; that it was looked at is remembered."""
    mailroom.door(HOUSING).post([letter("prekeys", "before", to=None, sender=HOUSING)])
    reader = mailroom.door(EDUCATION)
    _, _, stored = drain(reader)
    mailroom.door(CIVIL_AFFAIRS).post([package("the first", 2)])
    topic = mailroom.naming.package("assistance-persons", "education")
    topics.empty(mailroom.brokers.bootstrap, [topic], partition(EDUCATION.county))
    good, bad, _ = drain(reader, stored)
    assert (good, [each.error.code for each in bad]) == ([], ["E-KAFKA-GONE"])
