"""Replays, roll-backs and two stories about one edition."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security.manifest import VerifiedManifest
from security.manifest_chain import Link, Place, place
from tests.unit.security.sealed_world import header, refused, seal


def chain(length: int) -> list[VerifiedManifest]:
    """Editions of months 1…length, each naming the one before."""
    made: list[VerifiedManifest] = []
    for sequence in range(1, length + 1):
        made.append(edition(sequence, made[-1].digest if made else None))
    return made


def edition(sequence: int, prev: str | None, name: str = "", revision: int = 1) -> VerifiedManifest:
    named = header(sequence=sequence, revision=revision, edition=name or f"assistance-persons.{sequence}")
    return seal([b"rows"], named, prev=prev).verified


CHAIN = chain(5)
LINKS = [Link.of(verified) for verified in CHAIN]


def test_one_after_the_other() -> None:
    for count in range(5):
        assert place(CHAIN[count], LINKS[:count]) == Place("next", ())


def test_edition_46_after_47_is_a_repeat_and_not_a_new_month() -> None:
    assert place(CHAIN[3], LINKS).standing == "repeat"


def test_a_gap_is_named_and_blocks_nothing() -> None:
    assert place(CHAIN[4], LINKS[:2]) == Place("next", ((3, 4),))
    assert place(CHAIN[2], []) == Place("next", ((1, 2),))


def test_a_late_edition_stands_on_the_chain_of_what_followed() -> None:
    assert place(CHAIN[3], [*LINKS[:2], LINKS[4]]) == Place("late", ((3, 3),))


def test_a_late_edition_whose_successor_has_not_come_waits() -> None:
    assert place(CHAIN[2], [*LINKS[:1], LINKS[4]]) == Place("waiting", ((2, 2), (4, 4)))


@settings(deadline=None)
@given(st.permutations(range(5)))
def test_in_whatever_order_they_come_all_are_placed_in_the_end(order: list[int]) -> None:
    known: list[Link] = []
    todo = list(order)
    for _ in range(5):
        for index in list(todo):
            found = place(CHAIN[index], known)
            if found.standing != "waiting":
                known.append(LINKS[index])
                todo.remove(index)
    assert todo == []
    assert {link.sequence for link in known} == {1, 2, 3, 4, 5}


def test_two_manifests_of_one_number_are_evidence() -> None:
    forged = edition(3, CHAIN[1].digest, name="another")
    with refused("E-CHAIN-FORK"):
        place(forged, LINKS)


def test_a_chain_that_leaves_out_what_was_sent_is_a_fork() -> None:
    with refused("E-CHAIN-FORK"):
        place(edition(6, CHAIN[3].digest), LINKS)


def test_a_late_edition_off_the_chain_is_a_fork() -> None:
    forged = edition(4, CHAIN[2].digest, name="another")
    with refused("E-CHAIN-FORK"):
        place(forged, [*LINKS[:3], LINKS[4]])


def test_two_contents_of_one_revision_are_a_fork() -> None:
    twin = edition(6, CHAIN[4].digest, name="assistance-persons.2")
    with refused("E-EDITION-FORK"):
        place(twin, LINKS)


def test_an_older_revision_does_not_come_after_a_newer_one() -> None:
    newer = edition(6, CHAIN[4].digest, name="assistance-persons.2", revision=3)
    older = edition(7, newer.digest, name="assistance-persons.2", revision=2)
    assert place(newer, LINKS).standing == "next"
    with refused("E-EDITION-ROLLBACK"):
        place(older, [*LINKS, Link.of(newer)])


@pytest.mark.parametrize("sequence", [2**53 - 1])
def test_a_huge_number_costs_nothing(sequence: int) -> None:
    assert place(edition(sequence, "ab" * 32), LINKS) == Place("next", ((6, sequence - 1),))
