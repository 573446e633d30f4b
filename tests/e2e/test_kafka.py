"""The smallest real set-up over Kafka, and what may be done to it there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from contracts.feeds import load_feeds
from gateway.carriers.kafka.headers import Label
from gateway.carriers.kafka.topics import partition
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, digest
from tests.e2e import tables
from tests.e2e.desk import COUNTY, Desk, codes
from tests.e2e.traces import rows
from tests.fault.nursery import Nursery
from tests.kafka import topics
from tests.kafka.brokers import Brokers
from tests.kafka.mailroom import KafkaMailroom

LIST = "DIBAO_RURAL_PERSON"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Civil affairs and education of one county, after their month."""

    desk: Desk
    room: KafkaMailroom

    @property
    def topic(self) -> str:
        return self.room.naming.package("assistance-persons", "education")

    def edition(self, period: str) -> dict[str, Any]:
        [found] = [each for each in self.desk.ask("ca", "edition", "list")["editions"]
                   if (each["to"], each["period"], each["feed"]) == ("education", period, "assistance-persons")]
        assert isinstance(found, dict)
        return found

    def publish(self, period: str, first: int, number: int) -> None:
        tables.roster(self.desk.folder / f"{period}.csv", tables.people(first, number))
        self.desk.do("ca", "import", f"{period}.csv", "--as", LIST, "--period", period)
        self.desk.do("ca", "publish", "--period", period)


@pytest.fixture(scope="module")
def offices(kafka: Brokers, tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Exchange]:
    """The lines of the smallest set-up, with another carrier. Each test works on a month of its own."""
    room = KafkaMailroom(kafka, f"e2e-{uuid.uuid4().hex[:8]}")
    names = [topic.name for topic in room.naming.all(load_feeds().values())]
    topics.make(kafka.bootstrap, names, replicas=1)
    folder, scratch = tmp_path_factory.mktemp("kafka-offices"), tmp_path_factory.mktemp("kafka-scratch")
    desk = Desk(folder, nursery, scratch)
    for home, agency in (("ca", "civil-affairs"), ("edu", "education")):
        desk.do(home, "init", "--agency", agency, "--county", COUNTY, "--carrier", room.worker_url)
    desk.keep("edu.json", desk.do("edu", "trust", "export").out)
    desk.do("ca", "trust", "import", "edu.json")
    desk.keep("trust.json", desk.do("ca", "trust", "sign").out)
    desk.do("edu", "trust", "import", "trust.json")
    yield Exchange(desk, room)
    topics.remove(kafka.bootstrap, names)


def loaded(said: dict[str, Any]) -> set[str]:
    """The months of the editions that a `collect` loaded."""
    return {each["period"] for each in said["collected"] if each["result"] == "loaded"}


def test_the_smallest_setup(offices: Exchange) -> None:
    desk = offices.desk
    offices.publish("2023-03", 0, 40)
    collected = desk.ask("edu", "collect", "--sink", "sqlite:///march.db")
    assert "2023-03" in loaded(collected)
    desk.do("edu", "sync")
    desk.do("ca", "sync")
    edition = offices.edition("2023-03")
    [came] = [each["rows"] for each in collected["collected"] if each["period"] == "2023-03"]
    assert (edition["state"], edition["rows"]) == ("loaded", came)
    assert len(rows(desk.folder / "march.db", "SELECT id_number FROM assistance_persons_current")) > 10
    assert "loaded" in desk.do("ca", "status", "--month", "2023-03").out
    assert [desk.ask(home, "fsck")["clean"] for home in ("ca", "edu")] == [True, True]
    again = desk.ask("edu", "collect", "--sink", "sqlite:///march.db")
    assert (again["collected"], again["refused"]) == ([], [])


def test_a_short_edition_is_neither_hidden_nor_loaded_and_heals(offices: Exchange) -> None:
    """What aiokafka's silent partial commit would leave behind: a manifest without its chunk."""
    desk, room = offices.desk, offices.room
    offices.publish("2023-04", 0, 45)
    manifest = offices.edition("2023-04")["manifest"].removeprefix("sha256:")
    room.lose_chunk(manifest, 0)
    said = desk.ask("edu", "collect", "--sink", "sqlite:///march.db", exit=6)
    assert "E-CHUNK-MISSING" in codes(said["refused"])
    assert "2023-04" not in loaded(said)
    desk.do("ca", "edition", "resend", offices.edition("2023-04")["id"])
    healed = desk.ask("edu", "collect", "--sink", "sqlite:///march.db")
    assert loaded(healed) == {"2023-04"}
    assert desk.ask("edu", "fsck")["clean"]


def test_poison_is_set_aside_with_its_place_and_the_feed_goes_on(offices: Exchange) -> None:
    desk, room = offices.desk, offices.room
    forged = Label("manifest", digest("forged"), CIVIL_AFFAIRS, "0" * 16, None, 1, "assistance-persons").headers()
    wanted = {(room.put(offices.topic, b"garbage", forged), None), (room.put(offices.topic, b"hello"), "E-KAFKA-FOREIGN"),
              (room.put(offices.topic, None), "E-KAFKA-TOMBSTONE")}
    offices.publish("2023-05", 0, 50)
    said = desk.ask("edu", "collect", "--sink", "sqlite:///march.db", exit=6)
    assert "2023-05" in loaded(said)
    assert len(said["refused"]) == len(wanted)
    letters = {each["place"]: each["code"] for each in desk.ask("edu", "dead-letters")["dead_letters"]}
    for offset, code in wanted:
        found = letters[f"{offices.topic}[{partition(EDUCATION.county)}]@{offset}"]
        assert code in {None, found}
    assert "E-KAFKA-TOMBSTONE" in desk.do("edu", "dead-letters").out
    assert desk.ask("edu", "collect", "--sink", "sqlite:///march.db")["refused"] == []


def test_a_cluster_that_is_away_costs_nothing(offices: Exchange) -> None:
    desk = offices.desk
    settings = desk.folder / "ca" / "gateway.toml"
    there = settings.read_text("utf-8")
    settings.write_text(there.replace(offices.room.brokers.bootstrap, "127.0.0.1:1"), "utf-8")
    tables.roster(desk.folder / "june.csv", tables.people(0, 42))
    desk.do("ca", "import", "june.csv", "--as", LIST, "--period", "2023-06")
    said = desk.say("ca", "publish", "--period", "2023-06")
    assert (said.exit, "E-CARRIER-REACH" in said.err + said.out) == (4, True), said
    settings.write_text(there, "utf-8")
    assert offices.edition("2023-06")["state"] == "sealed"
    desk.do("ca", "sync")
    assert offices.edition("2023-06")["state"] == "posted"
