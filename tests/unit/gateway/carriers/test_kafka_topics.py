"""The names on a cluster: they read one way, hold nothing personal, and put a county where every Kafka client would."""

from __future__ import annotations

from itertools import product

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from contracts.ids import AgencyId
from gateway.carriers.kafka import topics
from gateway.carriers.kafka.topics import PARTITIONS, Naming, Topic

CODES = st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True)
PREFIXES = st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True)
FEEDS = tuple(load_feeds().values())
CIVIL_AFFAIRS = AgencyId("522722", "civil-affairs")


@given(PREFIXES, CODES, CODES)
def test_a_name_reads_one_way(prefix: str, one: str, other: str) -> None:
    names = Naming(prefix)
    assert names.parse(names.package(one, other)) == Topic(f"{prefix}.v1.package.{one}.{other}", "package", None, other, one)
    assert names.parse(names.receipt(one, other)) == Topic(f"{prefix}.v1.receipt.{one}.{other}", "receipt", one, other, None)
    assert names.parse(names.prekeys(one)) == Topic(f"{prefix}.v1.prekeys.{one}", "prekeys", one, None, None)
    assert names.parse(names.trust()) == Topic(f"{prefix}.v1.trust", "trust", None, None, None)
    assert len(names.package(one, other)) <= 249, "what Kafka allows"


@given(PREFIXES, st.text(max_size=30))
def test_what_is_not_of_the_exchange_is_no_topic_of_it(prefix: str, text: str) -> None:
    names = Naming(prefix)
    others = (f"{prefix}.v2.trust", f"{prefix}x.v1.trust", f"{prefix}.v1.package.a", f"{prefix}.v1.{text}.{text}_", f"{prefix}.v1")
    for name in (text, *others):
        assert names.parse(name) is None, name


@pytest.mark.parametrize("prefix", ["", "A", "a.b", "a_b", "9", "-a", "a" * 33, "册", "a\n"])
def test_a_prefix_that_would_blur_the_names_is_refused(prefix: str) -> None:
    with pytest.raises(ExchangeError, match="E-KAFKA-PREFIX"):
        Naming(prefix)


def test_the_catalogue_gives_every_topic_it_needs_and_no_other() -> None:
    known = {topic.name for topic in Naming().all(FEEDS)}
    views = [(feed, to) for feed in FEEDS for to in feed.recipients]
    assert {Naming().package(feed.name, to) for feed, to in views} == {name for name in known if ".package." in name}
    assert {Naming().receipt(to, feed.sender) for feed, to in views} == {name for name in known if ".receipt." in name}
    departments = {feed.sender for feed in FEEDS} | {to for _, to in views}
    assert {Naming().prekeys(code) for code in departments} == {name for name in known if ".prekeys." in name}
    assert len(known) == len([n for n in known if any(f".{p}." in n for p in ("package", "receipt", "prekeys"))]) + 1


def test_a_department_reads_what_is_for_it_and_writes_what_is_its_own() -> None:
    names = Naming()
    reads = {topic.name for topic in names.read_by("education", FEEDS)}
    writes = {topic.name for topic in names.written_by("education", FEEDS)}
    assert names.package("assistance-persons", "education") in reads
    assert names.package("assistance-persons", "hrss") not in reads
    assert names.receipt("education", "civil-affairs") not in reads
    assert writes == {names.receipt("education", "civil-affairs"), names.prekeys("education")}
    everybody = {feed.sender for feed in FEEDS} | {to for feed in FEEDS for to in feed.recipients}
    for code, other in product(everybody, everybody):
        if code != other:
            shared = {t.name for t in names.written_by(code, FEEDS)} & {t.name for t in names.written_by(other, FEEDS)}
            assert not shared, "nobody writes into another's topic"


def test_things_go_where_their_readers_look() -> None:
    names = Naming()
    education = AgencyId("522722", "education")
    assert names.topic("package", CIVIL_AFFAIRS, education, "assistance-persons") == names.package("assistance-persons", "education")
    assert names.topic("receipt", education, CIVIL_AFFAIRS, None) == names.receipt("education", "civil-affairs")
    assert names.topic("prekeys", education, None, None) == names.prekeys("education")
    assert names.topic("trust", CIVIL_AFFAIRS, None, None) == names.trust()
    with pytest.raises(ValueError, match="no topic"):
        names.topic("package", CIVIL_AFFAIRS, education, None)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_a_county_is_where_every_kafka_client_puts_its_key(county: str) -> None:
    wanted = DefaultPartitioner()(county.encode(), list(range(PARTITIONS)), list(range(PARTITIONS)))
    assert topics.partition(county) == wanted
    assert topics.key(AgencyId(county, "education")) == county.encode()


@given(st.binary(max_size=40))
def test_the_hash_is_kafkas(data: bytes) -> None:
    wanted = DefaultPartitioner()(data, list(range(1 << 10)), list(range(1 << 10)))
    assert (topics.murmur2(data) & 0x7FFFFFFF) % (1 << 10) == wanted
