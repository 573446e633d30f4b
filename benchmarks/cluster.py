"""`kafka_vs_dir`: whole counties published and collected over three local brokers, against a folder on the same disk.

Values are ratios of **wall time**: brokers are processes of their own, and what they take is the price too. `together` gives the
processor time of our own process beside it. Every run finds empty topics and homes as they were before.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from confluent_kafka import OFFSET_END, TopicPartition
from confluent_kafka.admin import AdminClient

from benchmarks import ours
from benchmarks.clock import once, peak_mib, together
from benchmarks.figure import Figure, significant
from benchmarks.job import PERIOD, demo, lists
from benchmarks.ours import CLERK, SENDER, Homes
from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from gateway.app import topics
from gateway.app.office import Office
from gateway.app.topics import Wanted
from gateway.carriers.kafka.security import PLAINTEXT
from gateway.carriers.kafka.topics import Naming, partition
from gateway.demo.run.brokers import brokers

GOAL = 1.5
COUNTIES = 10
PROVINCE, VILLAGERS = 88, 300
_SECONDS = 60.0


@dataclass(slots=True)
class Bench:
    """Counties that publish and collect, over one carrier or the other.

    Attributes:
        counties: the homes of each.
        open: offices of the last run.
    """

    folder: Path
    servers: str
    counties: tuple[Homes, ...]
    open: list[Office] = field(default_factory=list)
    turn: int = 0

    @property
    def url(self) -> str:
        return f"kafka:{self.servers}?plaintext={PLAINTEXT}"

    def close(self) -> None:
        for office in self.open:
            office.engine.dispose()
        self.open.clear()

    def work(self, number: int, *, kafka: bool) -> Callable[[], object]:
        """Put so many counties back to before their month; returns the month."""
        self.close()
        if kafka:
            _empty(self.servers, [_county(at) for at in range(number)])
        shutil.rmtree(self.folder / f"out{self.turn}", ignore_errors=True)
        self.turn += 1
        sink = self.folder / f"out{self.turn}"
        counties = self.counties[:number]
        senders, recipients = [], []
        for homes in counties:
            homes.restore("imported")
            if kafka:
                _move(homes, self.url)
            senders.append(homes.office(SENDER))
            recipients.append([(agency, homes.office(agency)) for agency in homes.recipients])
        self.open += [*senders, *(office for some in recipients for _, office in some)]
        return lambda: _month(senders, recipients, sink)


def figures(persons: int, repeats: int, skipped: Callable[[str], None]) -> Iterator[Figure]:
    """Ten counties, and one alone."""
    with _prepared(COUNTIES, persons, skipped) as bench:
        if bench is None:
            return
        for name, number in (("kafka_vs_dir", COUNTIES), ("kafka_vs_dir_one", 1)):
            timings = together({"dir": partial(bench.work, number, kafka=False), "kafka": partial(bench.work, number, kafka=True)}, repeats)
            over, beside = timings["kafka"], timings["dir"]
            yield Figure(name, over.wall / beside.wall, "ratio", "lower", GOAL, {
                "counties": number, "persons": persons, "kafka": over.detail(), "dir": beside.detail(),
                "process_ratio": significant(over.process / beside.process)})


def province(skipped: Callable[[str], None]) -> Iterator[Figure]:
    """88 small counties through one cluster, in one process: seconds, and by how much its peak memory grows after the tenth."""
    with _prepared(PROVINCE, VILLAGERS, skipped) as bench:
        if bench is None:
            return
        once(lambda: _one_by_one(bench, bench.counties[:COUNTIES]))
        early = peak_mib()
        _, wall = once(lambda: _one_by_one(bench, bench.counties[COUNTIES:]))
        yield Figure("kafka_province_seconds", wall, "s", "lower", None, {
            "counties": PROVINCE - COUNTIES, "persons": VILLAGERS, "peak_mib_after_ten": round(early), "peak_mib": round(peak_mib())})


@contextmanager
def _prepared(number: int, persons: int, skipped: Callable[[str], None]) -> Iterator[Bench | None]:
    """Brokers with our topics, and counties with sealed imports; None where no brokers can be started."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder, month = Path(name), {PERIOD: lists(demo(persons))}
        try:
            with brokers(folder / "brokers") as servers:
                counties = tuple(ours.found(folder / str(at), month, _county(at)) for at in range(number))
                bench = Bench(folder, servers, counties)
                _move(counties[0], bench.url)
                topics.apply(counties[0].office(SENDER), CLERK, Wanted())
                yield bench
                bench.close()
        except ExchangeError as error:
            if error.code != "E-DEMO-BROKERS":
                raise
            skipped(error.message("en"))
            yield None


def _month(senders: Sequence[Office], recipients: Sequence[Sequence[tuple[str, Office]]], sink: Path) -> None:
    """Every county publishes, then every department collects; nothing may be missing."""
    rows = 0
    for office in senders:
        published = ours.publish(office)
        assert set(published.states) == {"posted"}, published.states
        rows += sum(published.rows)
    for at, offices in enumerate(recipients):
        for each in ours.collect(offices, sink / str(at)):
            assert not each.refused, [refused.code for refused in each.refused]
            rows -= sum(one.rows for one in each.collected if one.result == "loaded")
    assert rows == 0, f"{rows} rows are lost or doubled"


def _county(at: int) -> str:
    return str(522701 + at)


def _one_by_one(bench: Bench, counties: Sequence[Homes]) -> None:
    """Each county's month, its homes open no longer than that."""
    for homes in counties:
        _move(homes, bench.url)
        bench.turn += 1
        bench.open += [homes.office(agency) for agency in (SENDER, *homes.recipients)]
        sender, *others = bench.open
        _month([sender], [list(zip(homes.recipients, others, strict=True))], bench.folder / f"out{bench.turn}")
        bench.close()


def _move(homes: Homes, url: str) -> None:
    """Give all homes of a county another carrier."""
    for settings in homes.now.glob("*/gateway.toml"):
        settings.write_text(settings.read_text("utf-8").replace(f"dir:{homes.mail.resolve()}", url), "utf-8")


def _empty(servers: str, counties: Sequence[str]) -> None:
    """Delete what these counties have written. A topic that was made just now may have no leader yet: it is asked again."""
    names = [topic.name for topic in Naming().all(load_feeds().values()) if topic.purpose != "trust"]
    left = [TopicPartition(name, at, OFFSET_END) for name in names for at in sorted({partition(county) for county in counties})]
    admin, end = AdminClient({"bootstrap.servers": servers, "log_level": 0}), time.monotonic() + _SECONDS
    while left:
        told = admin.delete_records(left, request_timeout=_SECONDS, operation_timeout=_SECONDS)
        failed = [place for place, result in told.items() if result.exception(_SECONDS) is not None]
        left = [TopicPartition(place.topic, place.partition, OFFSET_END) for place in failed]
        if left and time.monotonic() > end:
            raise TimeoutError(f"{len(left)} partitions could not be emptied")
