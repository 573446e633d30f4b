"""The names on a cluster: a stable rule, pure, that the carrier, the topic plan and every operator's tool agree on.

    <prefix>.v1.package.<feed>.<to>      manifests and chunks of one feed for one recipient department, of all counties
    <prefix>.v1.receipt.<from>.<to>      receipts of one department for another, of all counties
    <prefix>.v1.prekeys.<from>           receiving keys that a department posts
    <prefix>.v1.trust                    trust lists

Departments are bare codes (`education`): the 88 education bureaus of a province share their topics. A record's key is the six-digit
code of its county, and its partition follows from the key as in Java's default partitioner, so that a collector assigns one
partition of each topic and reads one twelfth of a province. Since a key's partition must never change, neither may PARTITIONS.
A name holds departments and feeds and nothing else; no code has a dot or an underscore in it, so that a name reads one way.

`v1` is the layout of keys, headers and values. A principal is named
`<county>-<code>`, and the one producer that it runs at a time `<prefix>.<county>-<code>`. There are no consumer groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.errors import ExchangeError
from contracts.feeds.feed import Feed
from contracts.ids import AgencyId
from gateway.carriers.port import Purpose

PARTITIONS = 12
"""For ever: with another number a county's records would go on in another partition."""
PREFIX = "roster"
LAYOUT = "v1"

_PREFIX = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PART = re.compile(r"[a-z][a-z0-9-]{0,60}")
_MASK = 0xFFFFFFFF
_MULTIPLIER = 0x5BD1E995


@dataclass(frozen=True, order=True, slots=True)
class Topic:
    """One topic of the exchange, taken apart.

    Attributes:
        name: as the cluster knows it.
        purpose: of everything in it.
        sender: code of the one department that writes; None for packages and trust lists, where several may (one a county).
        recipient: code of the one department that reads; None for everyone.
        feed: of packages.
    """

    name: str
    purpose: Purpose
    sender: str | None
    recipient: str | None
    feed: str | None


@dataclass(frozen=True, slots=True)
class Naming:
    """The names under one prefix. Two exchanges may share a cluster under two of them.

    Raises:
        ExchangeError: E-KAFKA-PREFIX, no lower-case word of at most 32 letters, digits and hyphens.
    """

    prefix: str = PREFIX

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ExchangeError("E-KAFKA-PREFIX", given=self.prefix[:40])

    def package(self, feed: str, to: str) -> str:
        """The topic of a feed's packages for a department (its code, `education`)."""
        return self._name("package", feed, to)

    def receipt(self, sender: str, to: str) -> str:
        """The topic of the receipts that one department gives another: one each way and pair, so that nobody can write another's."""
        return self._name("receipt", sender, to)

    def prekeys(self, sender: str) -> str:
        return self._name("prekeys", sender)

    def all_prekeys(self) -> str:
        """What the names of all topics of prekeys begin with, and no other topic's."""
        return f"{self.prefix}.{LAYOUT}.prekeys."

    def trust(self) -> str:
        return self._name("trust")

    def topic(self, purpose: Purpose, sender: AgencyId, recipient: AgencyId | None, feed: str | None) -> str:
        """Where an outgoing thing belongs.

        Raises:
            ValueError: a package without feed or recipient, a receipt without recipient. A programming error.
        """
        if purpose == "package" and feed is not None and recipient is not None:
            return self.package(feed, recipient.code)
        if purpose == "receipt" and recipient is not None:
            return self.receipt(sender.code, recipient.code)
        if purpose == "prekeys":
            return self.prekeys(sender.code)
        if purpose == "trust":
            return self.trust()
        raise ValueError(f"a {purpose} that belongs in no topic")

    def parse(self, name: str) -> Topic | None:
        """The inverse; None for a topic that is not of this exchange, prefix and layout."""
        head = f"{self.prefix}.{LAYOUT}."
        parts = name.removeprefix(head).split(".") if name.startswith(head) else []
        if any(not _PART.fullmatch(part) for part in parts):
            return None
        match parts:
            case ["package", feed, to]:
                return Topic(name, "package", None, to, feed)
            case ["receipt", sender, to]:
                return Topic(name, "receipt", sender, to, None)
            case ["prekeys", sender]:
                return Topic(name, "prekeys", sender, None, None)
            case ["trust"]:
                return Topic(name, "trust", None, None, None)
            case _:
                return None

    def all(self, feeds: Iterable[Feed]) -> tuple[Topic, ...]:
        """Every topic that a catalogue of feeds needs, sorted by name.

        For each view one of packages and, the other way, one of receipts; one of prekeys for each department; one of trust lists.
        """
        names = {self.trust()}
        for feed in feeds:
            names.add(self.prekeys(feed.sender))
            for to in feed.recipients:
                names |= {self.package(feed.name, to), self.receipt(to, feed.sender), self.prekeys(to)}
        return tuple(topic for name in sorted(names) if (topic := self.parse(name)) is not None)

    def read_by(self, code: str, feeds: Iterable[Feed]) -> tuple[Topic, ...]:
        """What a department reads: packages and receipts for it, everyone's prekeys, trust lists."""
        return tuple(topic for topic in self.all(feeds) if topic.recipient in {code, None})

    def written_by(self, code: str, feeds: Iterable[Feed]) -> tuple[Topic, ...]:
        """What a department writes: packages of its own feeds, its receipts, its prekeys. Trust lists are the registry's to write."""
        known = list(feeds)
        own = {feed.name for feed in known if feed.sender == code}
        return tuple(topic for topic in self.all(known) if topic.sender == code or topic.feed in own)

    def transactional_id(self, agency: AgencyId) -> str:
        """Of the one producer that a home runs at a time; a second one fences the first."""
        return f"{self.prefix}.{principal(agency)}"

    def _name(self, *parts: str) -> str:
        if any(not _PART.fullmatch(part) for part in parts):
            raise ValueError(f"no part of a topic's name: {parts!r}")
        return ".".join((self.prefix, LAYOUT, *parts))


def principal(agency: AgencyId) -> str:
    """How brokers know an agency: `522722-education`, the CN of its certificate or its SCRAM name."""
    return f"{agency.county}-{agency.code}"


def key(agency: AgencyId) -> bytes:
    """The key of every record that an agency writes: its county's code."""
    return agency.county.encode("ascii")


def partition(county: str) -> int:
    """The partition of a county's records in every topic: what Java's default partitioner makes of the key."""
    return (murmur2(county.encode("ascii")) & 0x7FFFFFFF) % PARTITIONS


def murmur2(data: bytes) -> int:
    """MurmurHash2, 32 bits, with Kafka's seed (Appleby's public-domain algorithm; org.apache.kafka.common.utils.Utils.murmur2)."""
    value = (0x9747B28C ^ len(data)) & _MASK
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * _MULTIPLIER & _MASK
        word = (word ^ word >> 24) * _MULTIPLIER & _MASK
        value = (value * _MULTIPLIER & _MASK) ^ word
    if whole < len(data):
        value = (value ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER & _MASK
    value = (value ^ value >> 13) * _MULTIPLIER & _MASK
    return value ^ value >> 15
