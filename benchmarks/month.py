"""The month's figures: publishing against four peers, collecting against the bare way, bytes on the wire."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import ours
from benchmarks.clock import Timing, fsyncs, together
from benchmarks.figure import Detail, Figure
from benchmarks.job import PERIOD, Job, demo, job, lists
from benchmarks.ours import Homes
from benchmarks.peers import bare, csfle, gpg, rowwise
from gateway.app.office import Office

Work = Callable[[], object]
GOALS = {"publish_vs_bare": 2.5, "collect_vs_bare": 2.5, "publish_vs_rowwise": 5.0, "publish_vs_csfle": 20.0, "publish_vs_gpg": 2.0,
         "wire_bytes_vs_csfle": 0.3}


@dataclass(slots=True)
class Bench:
    """One run's material.

    Attributes:
        folder: scratch, on the disk that the homes are on too.
        homes: with the month's lists; `later` with those of the month before too, for a month in the course of a year.
        wire: bytes that a way of publishing left.
        fsyncs: `os.fsync` calls of our publishing and collecting.
    """

    folder: Path
    job: Job
    homes: Homes
    later: Homes
    turn: int = 0
    wire: dict[str, int] = field(default_factory=dict)
    fsyncs: dict[str, int] = field(default_factory=dict)
    open: list[Office] = field(default_factory=list)

    def fresh(self) -> Path:
        """A new name for a peer's output; the one before is removed, not timed."""
        shutil.rmtree(self.folder / f"out{self.turn}", ignore_errors=True)
        self.turn += 1
        return self.folder / f"out{self.turn}"

    def close(self) -> None:
        """Let go of the homes of the last run."""
        for office in self.open:
            office.engine.dispose()
        self.open.clear()


@contextmanager
def prepared(persons: int) -> Iterator[Bench]:
    """Homes with sealed imports, and the same month as frames in memory."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        homes = ours.found(folder / "homes", {PERIOD: lists(demo(persons))})
        made = demo(persons, 2)
        later = ours.found(folder / "later", {period: lists(made, period) for period in made.periods})
        bench = Bench(folder, job(persons), homes, later)
        yield bench
        bench.close()


def figures(bench: Bench, repeats: int, skipped: Callable[[str], None]) -> Iterator[Figure]:
    """Every figure of the month; `skipped` is told of peers that are not here."""
    timings = publishing(bench, repeats, skipped)
    rows = bench.job.rows
    mine = timings["ours"]
    context: dict[str, Detail] = {"persons": bench.job.persons, "rows": rows, "ours": mine.detail(rows), "fsyncs": bench.fsyncs["publish"],
                                  "wire_bytes": dict(bench.wire)}
    told = {**context, "bare": timings["bare"].detail(rows), "ours_with_month_before": timings["later"].detail(rows)}
    yield _ratio("publish_vs_bare", mine, timings["bare"], "lower", told)
    for name in ("rowwise", "csfle", "gpg"):
        if name in timings:
            told = {**context, name: timings[name].detail(rows), **_beside(name, timings, rows)}
            yield _ratio(f"publish_vs_{name}", timings[name], mine, "higher", told)
    if "csfle" in bench.wire:
        share = bench.wire["ours"] / bench.wire["csfle"]
        yield Figure("wire_bytes_vs_csfle", share, "ratio", "lower", GOALS["wire_bytes_vs_csfle"], context)
    collected = collecting(bench, repeats)
    yield _ratio("collect_vs_bare", collected["ours"], collected["bare"], "lower", {
        "persons": bench.job.persons, "rows": rows, "fsyncs": bench.fsyncs["collect"],
        "ours": collected["ours"].detail(rows), "bare": collected["bare"].detail(rows)})


def publishing(bench: Bench, repeats: int, skipped: Callable[[str], None]) -> dict[str, Timing]:
    """Every way of publishing, in turns."""
    job = bench.job
    ways: dict[str, Callable[[], Work]] = {"ours": lambda: _publish_ours(bench), "later": lambda: _publish_later(bench)}

    def peer(name: str, work: Callable[[Path], int]) -> None:
        def prepare() -> Work:
            out = bench.fresh()

            def run() -> None:
                bench.wire[name] = work(out)

            return run

        ways[name] = prepare

    with ExitStack() as stack:
        bench.fsyncs["publish"] = _counted(_publish_ours(bench))
        syncs = bench.fsyncs["publish"]
        peer("bare", lambda out: bare.publish(job, out, syncs))
        peer("rowwise", lambda out: rowwise.publish(job, out))
        peer("rowwise_cut", lambda out: rowwise.publish_cut(job, out))
        if gpg.version() is None:
            skipped("publish_vs_gpg: gpg is not here")
        else:
            ring = stack.enter_context(gpg.keyring([delivery.view.to for delivery in job.deliveries]))
            peer("gpg", lambda out: gpg.publish(job, out, ring))
        if csfle.version() is None:
            skipped("publish_vs_csfle, wire_bytes_vs_csfle: confluent-kafka is not here (benchmarks/requirements.in)")
        else:
            serializers = csfle.serializers(job)

            def encrypt(out: Path) -> int:
                wire = csfle.publish(job, out, serializers)
                bench.wire["csfle_uncompressed"] = wire.serialised
                return wire.compressed

            peer("csfle", encrypt)
        timings = together(ways, repeats)
    bench.close()
    return timings


def collecting(bench: Bench, repeats: int) -> dict[str, Timing]:
    """Our collecting and the bare way's, in turns; both end in one Parquet file a department."""
    homes = bench.homes
    _publish_ours(bench)()
    bench.close()
    homes.save("posted")
    sealed = bench.fresh()
    bare.publish(bench.job, sealed)
    kept = bench.folder / "sealed"
    sealed.rename(kept)
    bench.fsyncs["collect"] = _counted(_collect_ours(bench))
    syncs = bench.fsyncs["collect"]

    def bare_way() -> Work:
        out = bench.fresh()
        return lambda: bare.collect(kept, out, syncs)

    timings = together({"ours": lambda: _collect_ours(bench), "bare": bare_way}, repeats)
    bench.close()
    return timings


def _publish_ours(bench: Bench) -> Work:
    bench.close()
    bench.homes.restore("imported")
    before = bench.homes.wire_bytes()
    office = bench.homes.office(ours.SENDER)
    bench.open.append(office)

    def run() -> None:
        published = ours.publish(office)
        assert set(published.states) == {"posted"}, published.states
        assert sum(published.rows) == bench.job.rows, "ours and the peers publish the same rows"
        bench.wire["ours"] = bench.homes.wire_bytes() - before

    return run


def _publish_later(bench: Bench) -> Work:
    """The next month, with lists of the month before and rows held in both: who is unconfirmed has to be found out too."""
    bench.close()
    bench.later.restore("imported")
    office = bench.later.office(ours.SENDER)
    bench.open.append(office)

    def run() -> None:
        published = ours.publish(office, PERIOD.shift(1))
        assert set(published.states) == {"posted"}, published.states

    return run


def _collect_ours(bench: Bench) -> Work:
    bench.close()
    bench.homes.restore("posted")
    offices = [(agency, bench.homes.office(agency)) for agency in bench.homes.recipients]
    bench.open += [office for _, office in offices]
    sink = bench.fresh()

    def run() -> None:
        done = [each for collection in ours.collect(offices, sink) for each in collection.collected]
        assert {each.result for each in done} == {"loaded"}
        assert sum(each.rows for each in done) == bench.job.rows

    return run


def _counted(work: Work) -> int:
    with fsyncs() as count:
        work()
    return count[0]


def _ratio(name: str, numerator: Timing, denominator: Timing, better: str, detail: dict[str, Detail]) -> Figure:
    """Ratio of processor times; the ratio of wall times stands in the detail."""
    detail["wall_ratio"] = round(numerator.wall / denominator.wall, 3)
    return Figure(name, numerator.process / denominator.process, "ratio", "lower" if better == "lower" else "higher", GOALS[name], detail)


def _beside(name: str, timings: dict[str, Timing], rows: int) -> dict[str, Detail]:
    """Of the row-by-row way also the variant that filters and masks by columns."""
    return {"rowwise_cut_by_columns": timings["rowwise_cut"].detail(rows)} if name == "rowwise" else {}
