"""Who may do what on a real cluster, over client certificates and over passwords: each thing that is not one's own is refused.

The refusals are the brokers' own; what an operator reads is asked for besides.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiokafka.protocol.fetch import FetchRequest
from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.kafka.admin import KafkaCluster
from gateway.carriers.kafka.admin_access import missing
from gateway.carriers.kafka.admin_permissions import binding, precisely
from gateway.carriers.kafka.carrier import KafkaCarrier
from gateway.carriers.kafka.security import Address, Security
from gateway.carriers.kafka.security_connection import connected
from gateway.carriers.kafka.security_diagnosis import diagnose, knock
from gateway.carriers.kafka.topics import partition
from gateway.carriers.kafka.topics_plan import Operation, Permission, plan
from gateway.carriers.port import Unreadable
from tests.conformance.items import arrived, letter, package, records
from tests.kafka.certificates import Authority
from tests.kafka.secured import COUNTY, FEEDS, MEMBERS, NAMES, Secured, now

EDU, CIVIL, HOUSING = (AgencyId(COUNTY, code) for code in ("education", "civil-affairs", "housing"))
WHO = f"{COUNTY}-education"
MINE = NAMES.package("assistance-persons", "education")
OTHERS = NAMES.package("assistance-persons", "hrss")
SECONDS = 20.0

DENIED = KafkaError.TOPIC_AUTHORIZATION_FAILED


def ways(province: Secured) -> dict[str, Security]:
    return {"TLS": province.by_certificate(WHO), "SCRAM": province.by_password(WHO)}


@pytest.fixture(params=["TLS", "SCRAM"])
def way(request: pytest.FixtureRequest) -> str:
    """How education signs in."""
    return str(request.param)


@pytest.fixture
def options(way: str, province: Secured) -> dict[str, str]:
    """The same for confluent-kafka."""
    return {"bootstrap.servers": ",".join(province.servers(way)), "log_level": "0", **ways(province)[way].librdkafka()}


async def fetched(servers: tuple[str, ...], security: Security, topics: list[str]) -> dict[str, int]:
    """What the broker answers to a bare fetch from each topic: 0 or an error. Clients' consumers keep it to themselves."""
    wanted = [(topic, [(partition(COUNTY), 0, 1 << 20)]) for topic in topics]
    async with connected(servers[0], security, SECONDS) as connection:
        answer = await asyncio.wait_for(connection.send(FetchRequest(1, 0, 1 << 20, 1, wanted)), SECONDS)
    return {topic: part[1] for topic, [part] in answer.topics}


def writing(options: dict[str, str], topic: str) -> int | None:
    """What the broker says to somebody who writes."""
    told: list[KafkaError | None] = []
    producer = Producer({**options, "message.timeout.ms": int(SECONDS * 1000)})
    producer.produce(topic, b"x", key=COUNTY.encode(), partition=partition(COUNTY), on_delivery=lambda error, _: told.append(error))
    producer.flush(SECONDS)
    [error] = told
    return None if error is None else error.code()


def test_education_reads_its_own_topic_and_no_other(way: str, province: Secured) -> None:
    mine = [MINE, NAMES.trust(), NAMES.prekeys("education"), NAMES.prekeys("housing")]
    others = [topic.name for topic in NAMES.all(FEEDS) if topic.name not in mine and topic.purpose != "prekeys"]
    assert len(others) > 10
    told = asyncio.run(fetched(province.servers(way), ways(province)[way], [*mine, *others]))
    assert told == {**dict.fromkeys(mine, 0), **dict.fromkeys(others, DENIED)}


def test_education_writes_its_receipts_and_prekeys_and_nothing_else(options: dict[str, str]) -> None:
    for topic in (NAMES.receipt("education", "civil-affairs"), NAMES.prekeys("education")):
        assert writing(options, topic) is None, topic
    for topic in (
        NAMES.receipt("housing", "civil-affairs"),  # a receipt of somebody else's
        NAMES.prekeys("housing"),
        NAMES.trust(),
        OTHERS,  # another's feed
        MINE,  # even what is for itself
    ):
        assert writing(options, topic) == DENIED, topic


def test_education_cannot_pass_for_anothers_producer(options: dict[str, str]) -> None:
    producer = Producer({**options, "transactional.id": NAMES.transactional_id(HOUSING)})
    with pytest.raises(KafkaException) as refused:
        producer.init_transactions(SECONDS)
    assert refused.value.args[0].code() == KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    mine = Producer({**options, "transactional.id": NAMES.transactional_id(EDU)})
    mine.init_transactions(SECONDS)


def test_education_administers_nothing(options: dict[str, str], province: Secured) -> None:
    admin = AdminClient({**options})
    with pytest.raises(KafkaException) as refused:
        admin.describe_consumer_groups(["any"], request_timeout=SECONDS)["any"].result()
    assert refused.value.args[0].code() == KafkaError.GROUP_AUTHORIZATION_FAILED
    with pytest.raises(KafkaException) as refused:
        admin.create_topics([NewTopic("secured.v1.prekeys.mine", 1, 1)], request_timeout=SECONDS)["secured.v1.prekeys.mine"].result()
    assert refused.value.args[0].code() in {DENIED, KafkaError.CLUSTER_AUTHORIZATION_FAILED}
    with pytest.raises(KafkaException) as refused:
        admin.delete_topics([MINE], request_timeout=SECONDS)[MINE].result()
    assert refused.value.args[0].code() == DENIED
    wish = binding(Permission(WHO, "topic", OTHERS, "READ"))
    with pytest.raises(KafkaException) as refused:
        admin.create_acls([wish], request_timeout=SECONDS)[wish].result()
    assert refused.value.args[0].code() == KafkaError.CLUSTER_AUTHORIZATION_FAILED
    with pytest.raises(ExchangeError) as told:
        KafkaCluster(province.servers(), province.by_certificate(WHO), now).observe(plan(NAMES, FEEDS, MEMBERS, replication=1))
    assert told.value.code == "E-KAFKA-ADMIN"


def test_an_operator_reads_which_permission_on_which_topic(way: str, province: Secured) -> None:
    wants: dict[str, list[Operation]] = {
        MINE: ["READ"],
        OTHERS: ["READ"],
        NAMES.trust(): ["READ", "WRITE"],
        "secured.v1.prekeys.nobody": ["READ"],
    }
    told = missing(province.servers(way), ways(province)[way], WHO, wants, now())
    assert [(each.code, each.facts.get("operation"), each.facts["topic"]) for each in told] == [
        ("E-KAFKA-PERMISSION", "READ", OTHERS),
        ("E-KAFKA-PERMISSION", "WRITE", NAMES.trust()),
        ("E-KAFKA-TOPIC", None, "secured.v1.prekeys.nobody"),
    ]


def door(province: Secured, agency: AgencyId) -> KafkaCarrier:
    servers = province.servers()
    return KafkaCarrier(Address(servers, NAMES, plaintext=False), province.by_certificate(f"{COUNTY}-{agency.code}"), agency)


def test_a_package_goes_over_tls_to_whom_it_is_for(province: Secured) -> None:
    sent = [package("over tls", 2), letter("trust", "list", to=None)]
    sender, reader, stranger = (door(province, agency) for agency in (CIVIL, EDU, HOUSING))
    try:
        assert [each.outcome for each in sender.post(sent)] == ["posted", "posted"]
        assert {*records(sent[0])} <= {*arrived(each for each in reader.poll(None) if not isinstance(each, Unreadable))}
        assert not {*records(sent[0])} & {*arrived(each for each in stranger.poll(None) if not isinstance(each, Unreadable))}
    finally:
        for each in (sender, reader, stranger):
            each.close()


@pytest.mark.parametrize(
    ("lost", "does"),
    [
        (Permission(WHO, "topic", MINE, "READ"), lambda carrier: [each.error for each in carrier.poll(None, timeout=SECONDS)
                                                                  if isinstance(each, Unreadable) and each.place == MINE]),
        (Permission(WHO, "topic", NAMES.receipt("education", "civil-affairs"), "WRITE"),
         lambda carrier: [each.error for each in carrier.post([letter("receipt", "r", to=CIVIL, sender=EDU)], timeout=SECONDS)]),
        (Permission(f"{COUNTY}-civil-affairs", "transactional-id", NAMES.transactional_id(CIVIL), "WRITE"),
         lambda carrier: [each.error for each in carrier.post([package("untold", 1)], timeout=SECONDS)]),
    ],
    ids=["read", "write", "transaction"],
)  # fmt: skip
def test_a_permission_that_was_withdrawn_is_named_in_time(
    lost: Permission, does: Callable[[KafkaCarrier], list[ExchangeError | None]], province: Secured
) -> None:
    admin = AdminClient(
        {"bootstrap.servers": ",".join(province.servers()), "log_level": 0, **province.by_certificate("admin").librdkafka()}
    )
    [taken] = admin.delete_acls([precisely(lost)], request_timeout=SECONDS).values()
    assert len(taken.result()) == 1
    began = time.monotonic()
    who = AgencyId(COUNTY, lost.principal.removeprefix(f"{COUNTY}-"))
    carrier = door(province, who)
    try:
        found: list[ExchangeError | None] = []
        while None in found or not found:
            assert time.monotonic() - began < SECONDS, "brokers do what they said a moment later"
            try:
                found = does(carrier)
            except ExchangeError as refused:
                found = [refused]
    finally:
        carrier.close()
        for told in admin.create_acls([binding(lost)], request_timeout=SECONDS).values():
            told.result()
        wanted: dict[str, list[Operation]] = {lost.name: ["READ" if lost.operation == "READ" else "WRITE"]}
        while lost.resource == "topic" and missing(province.servers(), province.by_certificate(WHO), WHO, wanted, now()):
            assert time.monotonic() - began < 3 * SECONDS
    [error] = found
    assert error is not None
    assert error.code == "E-KAFKA-PERMISSION"
    assert (error.facts["principal"], error.facts["operation"], error.facts["topic"]) == (lost.principal, lost.operation, lost.name)


def test_who_cannot_show_who_it_is_stays_outside(province: Secured, tmp_path: Path) -> None:
    [tls], [scram], [plain] = (province.servers(listener) for listener in ("TLS", "SCRAM", "INTERNAL"))
    authority, stranger = province.authority, Authority.make(tmp_path, "another CA")
    good, foreign = province.by_certificate(WHO), stranger.issue(WHO)
    old = authority.issue("old", begins=timedelta(-9), ends=timedelta(-1))
    password = province.by_password(WHO)
    cases: list[tuple[str, Security, str]] = [
        (tls, Security("SSL", authority.file, *foreign), "E-KAFKA-CERT-REFUSED"),
        (tls, Security("SSL", authority.file, *old), "E-KAFKA-CERT-REFUSED"),
        (tls, Security("SSL", stranger.file, good.certificate, good.key), "E-KAFKA-CERT-OTHERS"),
        (tls, Security("SSL", None, good.certificate, good.key), "E-KAFKA-CERT-OTHERS"),
        (tls, password, "E-KAFKA-CERT-REFUSED"),
        (tls, Security("PLAINTEXT"), "E-KAFKA-TLS"),
        (plain, good, "E-KAFKA-TLS"),
        (scram, province.by_password(WHO, "wrong"), "E-KAFKA-PASSWORD"),
        (scram, Security("SASL_SSL", authority.file, None, None, "nobody", password.password_file), "E-KAFKA-PASSWORD"),
    ]
    for server, security, code in cases:
        told = knock(server, security)
        assert told is not None
        assert told.code == code
        text = told.message("en") + told.message("zh") + told.fix("en")
        assert "secret" not in text
        assert "wrong" not in text
    province.by_password(WHO)
    assert knock(tls, good) is None
    told = diagnose([tls], Security("SSL", authority.file, *old), now())
    assert told is not None
    assert told.code == "E-KAFKA-CERT-EXPIRED"
