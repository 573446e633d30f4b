"""Civil affairs and education of one county on three brokers with wires that can be cut, to clients and between them; a month each."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.feeds import load_feeds
from contracts.ids import Period
from deploy.kafka.cluster import Cluster, Listener, Plan, free_ports, start
from deploy.kafka.jars import classpath
from gateway.carriers.kafka.security import PLAINTEXT
from gateway.carriers.kafka.topics import Naming, partition
from tests.e2e import tables
from tests.e2e.desk import COUNTY, PRELOADED, Desk, Said
from tests.e2e.traces import rows
from tests.fault.nursery import Nursery
from tests.fault.standing import given, kept_receipts, taken
from tests.fault.steps import Kill
from tests.fault.wires import BETWEEN, NODES, Between, Wire
from tests.kafka import topics

LIST = "DIBAO_RURAL_PERSON"
FEED = "assistance-persons"
NAMES = [topic.name for topic in Naming().all(load_feeds().values())
         if {topic.sender, topic.recipient} & {"education", "civil-affairs", None}]
PACKAGES, RECEIPTS = Naming().package(FEED, "education"), Naming().receipt("education", "civil-affairs")
SINK = "sqlite:///edu.db"
FIRST = Period(2021, 6)
_WATCH = "WATCH"
"""The listener where the tests themselves ask, behind no wire."""
_LAG = {"replica.lag.time.max.ms": "2000"}
"""After which a follower that is cut off no longer counts; the default 30 s is longer than any harm here lasts."""
_PERSONS = 200
_TRIES = 4

Heal = Callable[[], object]
Strike = Callable[["Province"], Callable[[], Heal]]
"""Chooses a place; what it returns does the harm while a command runs, and returns what heals it when the command has ended."""


@dataclass(slots=True)
class Province:
    """The offices and their brokers.

    Attributes:
        wires: of clients, by node.
        between: of the brokers among each other.
        chance: what is random; from the seed that is printed.
        months: that have begun.
        struck: how often harm was done while the command was still at work.
        notes: what was done to this month, for the message of a failed assertion.
    """

    desk: Desk
    cluster: Cluster
    wires: Mapping[int, Wire]
    between: Between
    chance: random.Random
    months: int = 0
    struck: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def period(self) -> Period:
        return FIRST.shift(self.months)

    @property
    def watch(self) -> str:
        """Where to ask the brokers something that no harm is to come to."""
        return self.cluster.bootstrap(_WATCH)

    def leader(self, topic: str = PACKAGES) -> int:
        """The node that leads the county's partition of a topic."""
        return topics.leader(self.watch, topic, partition(COUNTY))

    def controller(self) -> int:
        """The node that is the active controller."""
        tool = ["java", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", classpath(), "org.apache.kafka.tools.MetadataQuorumCommand"]
        done = subprocess.run([*tool, "--bootstrap-server", self.watch, "describe", "--status"],
                              capture_output=True, text=True, check=True, timeout=60)
        return next(int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("LeaderId:"))

    def begin(self) -> None:
        """A new month is imported."""
        self.months += 1
        self.notes.clear()
        name = f"{self.period}.csv"
        tables.roster(self.desk.folder / name, tables.people(0, _PERSONS))
        self.desk.do("ca", "import", name, "--as", LIST, "--period", str(self.period))

    def publish(self, pause: float = 0.0) -> Said:
        """Publish; it waits so many seconds before its first record, and before each commit with the transaction open."""
        return self._held(pause, "ca", "publish", "--period", str(self.period))

    def collect(self, pause: float = 0.0) -> Said:
        """Likewise collect, and answer."""
        return self._held(pause, "edu", "collect", "--sink", SINK)

    def call(self, home: str, *words: str) -> dict[str, Any]:
        """Anything else; what it says, with or without something refused."""
        return self._note(self.desk.say(home, "--json", *words)).document

    def resend(self) -> None:
        """Post this month's package again."""
        self.call("ca", "edition", "resend", self.sent()["id"])

    def age(self) -> None:
        """All records of this county are gone from the brokers, as when their time is over; groups of consumers there are none."""
        topics.empty(self.watch, NAMES, partition(COUNTY))
        assert topics.groups(self.watch) == [], self
        self.notes.append("all records aged out")

    def sent(self) -> dict[str, Any]:
        """This month's edition as its sender knows it."""
        [found] = [each for each in self.desk.ask("ca", "edition", "list")["editions"]
                   if (each["to"], each["feed"], each["period"]) == ("education", FEED, str(self.period))]
        assert isinstance(found, dict)
        return found

    def dying(self, when: str) -> int:
        """Publish in a process that is killed before or after its commit; how it ended."""
        words = ["tests.fault.disturbed_publisher", when, "gateway", "--home", "ca", "publish", "--period", str(self.period)]
        return self._killed(words, None)

    def killed(self, kill: Kill) -> int:
        """Collect in a process that is killed at a durable step; how it ended."""
        return self._killed(["gateway", "--home", "edu", "collect", "--sink", SINK], kill)

    def disturbed(self, act: Callable[[], Said], strike: Strike, latest: float) -> Said:
        """A command, struck at some moment of its first seconds, and healed behind it. It may fail, but with a code of its own."""
        heals: list[Heal] = []
        harm, moment, began = strike(self), self.chance.uniform(0, latest), time.monotonic()
        timer = threading.Timer(moment, lambda: heals.append(harm()))
        timer.start()
        said = act()
        took = time.monotonic() - began
        self.notes.append(f"struck at {moment:.2f} of {took:.2f} s")
        self.struck += moment < took
        timer.join()
        assert heals, f"{self}: the harm itself failed"
        heals[0]()
        self.cluster.wait_ready()
        assert said.exit in {0, 4}, f"{self}: {said}"
        return said

    def settle(self) -> None:
        """What was not done is done again; then nothing is lost or doubled, receipts match manifests, and both homes are clean."""
        self._until("ca", "sync")
        came = self._until("edu", "collect", "--sink", SINK)
        assert came["refused"] == [], f"{self}: {came}"
        self._until("edu", "sync")
        self._until("ca", "sync")
        sent = self.sent()
        assert sent["state"] == "loaded", f"{self}: {sent}"
        found = rows(self.desk.folder / "edu.db", "SELECT count(*), count(DISTINCT id_number) FROM assistance_persons "  # noqa: S608 (a month)
                                                  f"WHERE _period = '{self.period}'")
        assert found == [(sent["rows"], sent["rows"])], f"{self}: {found}"
        assert sent["rows"] > 10
        folder = self.desk.folder
        stored = kept_receipts(folder)
        assert sent["manifest"].removeprefix("sha256:") in stored, f"{self}: the receipt is another edition's"
        assert stored == given(folder, "edu", "loaded") == taken(folder, "ca", "loaded"), f"{self}: receipts differ"
        for home in ("ca", "edu"):
            assert self.desk.ask(home, "fsck")["clean"], f"{self}: {home}"

    def _until(self, home: str, *words: str) -> dict[str, Any]:
        """A command until it succeeds, a few times: brokers that have come back are not all there at once."""
        for _ in range(_TRIES):
            said = self._note(self.desk.say(home, "--json", *words))
            if said.exit == 0:
                return said.document
            assert said.exit == 4, f"{self}: {said}"
            time.sleep(1)
        raise AssertionError(f"{self}: {said}")

    def _held(self, pause: float, home: str, *words: str) -> Said:
        module = ["tests.fault.disturbed_publisher", f"{pause:.3f}", "gateway"]
        return self._note(self.desk._run(module, ("--home", home, "--lang", "en", "--json", *words), None))

    def _killed(self, words: list[str], kill: Kill | None) -> int:
        done = self.desk.nursery.run(words, self.desk.scratch / "steps", fault=kill, cwd=self.desk.folder, env=self.desk._env(None))
        self.notes.append(f"{' '.join(words[:6])} {kill or ''} exit {done.returncode}")
        return done.returncode

    def _note(self, said: Said) -> Said:
        code = f" {said.document['error']['code']}" if said.exit and "error" in said.document else ""
        self.notes.append(f"{' '.join(said.words[5:7])} exit {said.exit}{code}")
        return said

    def __str__(self) -> str:
        return f"{self.period}: {', '.join(self.notes)}"


@contextmanager
def province(folder: Path, chance: random.Random) -> Iterator[Province]:
    """Brokers behind wires, topics, and two homes that trust each other."""
    wires = {node: Wire(port) for node, port in zip(NODES, free_ports(len(NODES)), strict=True)}
    clients = Listener(advertise={node: wire.port for node, wire in wires.items()})
    plan = Plan(len(NODES), (clients, Listener(_WATCH)), _LAG, between=BETWEEN)
    with ExitStack() as stack:
        for wire in wires.values():
            stack.callback(wire.close)
        cluster = start(folder / "kafka", plan)
        stack.callback(cluster.remove)
        stack.callback(cluster.stop, grace=0)
        between = Between.of(cluster)
        stack.callback(between.close)
        for node, wire in wires.items():
            wire.target = cluster.ports[cluster.default][node - 1]
        cluster.wait_ready()
        nursery = stack.enter_context(Nursery((*PRELOADED, "aiokafka")))
        topics.make(cluster.bootstrap(_WATCH), NAMES, 3)
        yield Province(_offices(folder, nursery, wires), cluster, wires, between, chance)


def _offices(folder: Path, nursery: Nursery, wires: Mapping[int, Wire]) -> Desk:
    servers = ",".join(f"127.0.0.1:{wire.port}" for wire in wires.values())
    for name in ("offices", "scratch"):
        (folder / name).mkdir()
    desk = Desk(folder / "offices", nursery, folder / "scratch")
    for home, agency in (("ca", "civil-affairs"), ("edu", "education")):
        desk.do(home, "init", "--agency", agency, "--county", COUNTY, "--carrier", f"kafka:{servers}?plaintext={PLAINTEXT}")
    desk.keep("edu.json", desk.do("edu", "trust", "export").out)
    desk.do("ca", "trust", "import", "edu.json")
    desk.keep("trust.json", desk.do("ca", "trust", "sign").out)
    desk.do("edu", "trust", "import", "trust.json")
    return desk
