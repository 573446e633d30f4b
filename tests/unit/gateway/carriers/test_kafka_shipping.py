"""Runs cut into transactions, and who is to blame when one fails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pytest
from aiokafka import errors as kafka

from contracts.errors import ExchangeError
from gateway.carriers.kafka.parcel import LOAD_BYTES, Parcel, loads
from gateway.carriers.kafka.shipping import FailedError
from gateway.carriers.kafka.topics import Naming, partition
from gateway.carriers.port import CHUNK_LIMIT
from security.log.merkle import leaf_hash, verify_inclusion
from tests.conformance.items import EDUCATION, HOUSING, Made, letter, package

NAMING = Naming()


def parcel(title: str, size: int = 1000, **where: object) -> Parcel:
    to = where.get("to", EDUCATION)
    assert to in {EDUCATION, HOUSING}
    return replace(Parcel.of(package(title, 1, to=EDUCATION if to == EDUCATION else HOUSING), NAMING), size=size)


def test_a_parcel_is_the_manifest_and_its_chunks_in_order_with_proofs() -> None:
    item = package("a", 3)
    made = Parcel.of(item, NAMING)
    assert (made.topic, made.partition, made.key) == ("roster.v1.package.assistance-persons.education", partition("522722"), b"522722")
    records = list(made.records())
    assert [value for value, _ in records] == [item.body, *(item.chunks[index] for index in range(3))]
    assert len({dict(headers)["ce_delivery"] for _, headers in records}) == 1
    for index, (value, headers) in enumerate(records[1:]):
        proof = dict(headers)["proof"]
        path = [proof[at:at + 32] for at in range(0, len(proof), 32)]
        verify_inclusion(leaf_hash(hashlib.sha256(value).digest()), index, 3, path, made.tree.root())


def test_each_posting_is_a_delivery_of_its_own() -> None:
    assert Parcel.of(package("a"), NAMING).delivery != Parcel.of(package("a"), NAMING).delivery


def test_what_does_not_fit_is_out_before_anything_is_sent() -> None:
    for item in (package("a", [bytes(CHUNK_LIMIT + 1)]), replace(letter("trust", "t", to=None), body=bytes(CHUNK_LIMIT + 1))):
        with pytest.raises(ExchangeError, match="E-CARRIER-SIZE"):
            Parcel.of(item, NAMING)
    assert Parcel.of(package("a", Made(3, CHUNK_LIMIT)), NAMING).size > 3 * CHUNK_LIMIT


def test_a_run_is_cut_at_parcels_and_in_order() -> None:
    third = LOAD_BYTES // 3
    sizes = {"a": third, "b": third, "c": third + 100, "huge": 3 * LOAD_BYTES, "d": 10, "e": 10}
    run = [parcel(title, size) for title, size in sizes.items()]
    assert list(loads(run)) == [run[:2], run[2:3], run[3:4], run[4:]]
    assert list(loads([])) == []


@dataclass(frozen=True)
class Case:
    """An error and how many of the load it blames and suspects."""

    error: Exception
    blamed: int
    suspects: int


CASES = (
    Case(ExchangeError("E-CARRIER-SIZE", name="a", size=1, limit=1), 1, 0),
    Case(kafka.TopicAuthorizationFailedError({"roster.v1.package.assistance-persons.housing"}), 1, 0),
    Case(kafka.TopicAuthorizationFailedError("roster.v1.package.assistance-persons.education"), 2, 0),
    Case(kafka.UnknownTopicOrPartitionError(), 2, 0),
    Case(kafka.MessageSizeTooLargeError(), 0, 2),
    Case(kafka.NotEnoughReplicasError(), 0, 0),
    Case(kafka.KafkaConnectionError("gone"), 0, 0),
    Case(kafka.ProducerFenced(), 0, 0),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.error).__name__)
def test_only_those_at_fault_are_taken_out(case: Case) -> None:
    load = [parcel("a"), parcel("b"), parcel("c", to=HOUSING)]
    failure = FailedError(load[0], case.error)
    assert (len(failure.blamed(load)), len(failure.suspects(load))) == (case.blamed, case.suspects)


def test_whoever_is_alone_on_its_topic_is_at_fault() -> None:
    load = [parcel("a"), parcel("c", to=HOUSING)]
    assert FailedError(load[1], kafka.MessageSizeTooLargeError()).blamed(load) == [load[1]]
