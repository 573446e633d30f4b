"""The demonstration from empty folder to verified evidence."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.app import collecting, evidence, fsck, importing, intaking, outcomes, publishing, syncing, trust
from gateway.app.importing import Order
from gateway.app.planning import Wish
from gateway.demo.county import County, CountyFile, county, write_files
from gateway.demo.run.attacks import Refusal, attack
from gateway.demo.run.cast import CIVIL, RURAL, SINKS, Cast, actor, found
from gateway.demo.run.count import Totals, totals
from gateway.demo.run.opening import opened
from gateway.state import editions
from gateway.state.editions import Edition

MONTHS = (Period(2023, 3), Period(2023, 4))
CORRECTED = "DIBAO_URBAN_PERSON"
MARK = "demo.json"

Stage = Callable[[str, str, int, int], None]
"""(zh, en, done, of): told of each step, for a progress bar."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demonstration showed.

    Attributes:
        cast: the homes.
        totals: counted in the partners' homes, sinks and receipts.
        refusals: the three attacks.
        evidence: `verified` when an independent process said so.
        fsck: agency -> number of faults.
        seconds: from empty folder to the end, without installing.
    """

    cast: Cast
    totals: Totals
    refusals: tuple[Refusal, ...]
    evidence: str
    fsck: dict[str, int]
    seconds: float
    bundle: Path


@dataclass(slots=True)
class _Play:
    """The state of a run: where we are, and who is told."""

    cast: Cast
    stage: Stage
    done: int
    of: int
    editions: list[Edition] = field(default_factory=list)

    def step(self, zh: str, en: str) -> None:
        self.done += 1
        self.stage(zh, en, min(self.done, self.of), self.of)


def play(root: Path, persons: int, seed: bytes, stage: Stage, *, carrier: str = "dir", bootstrap: str = "") -> Outcome:
    """Play two months of a county under `root`, which is emptied first if a demonstration made it.

    Args:
        persons: people on the rosters in the first month.
        seed: everything about the invented county follows from it; keys are random all the same.
        carrier, bootstrap: as of `opening.opened`.

    Raises:
        ExchangeError: E-DEMO-FOLDER, the folder holds something else; E-DEMO-BROKERS; whatever the use cases raise.
    """
    began = time.monotonic()
    _clear(root)
    with opened(root, carrier, bootstrap) as mail:
        return _played(_Play(Cast(root, mail), stage, 0, 33), persons, seed, began)


def _played(run: _Play, persons: int, seed: bytes, began: float) -> Outcome:
    found(run.cast.root, run.cast.mail, lambda: run.step("建立七个单位的目录和密钥", "Seven homes with their keys"))
    people = county(lambda n: hashlib.shake_256(seed).digest(n), persons, MONTHS)
    files = _files(run, people)
    _month(run, MONTHS[0], files, {})
    refusals = _second_month(run, files)
    proof = _evidence(run)
    faults = {agency: len(fsck.fsck(run.cast.office(agency)).faults) for agency in run.cast.agencies}
    run.step("各单位自查", "Every home checks itself")
    result = totals(run.cast)
    return Outcome(run.cast, result, tuple(refusals), proof[0], faults, time.monotonic() - began, proof[1])


def _clear(root: Path) -> None:
    """A folder of an earlier demonstration is emptied; any other must be empty."""
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).exists():
            raise ExchangeError("E-DEMO-FOLDER", folder=root.name)
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / MARK).write_text('{"made_by": "gateway demo"}\n', "utf-8")


def _files(run: _Play, people: County) -> list[CountyFile]:
    written = write_files(people, run.cast.files)
    run.step("县里两个月的工作簿和表格", "Two months of workbooks and tables")
    return written


def _month(run: _Play, period: Period, files: list[CountyFile], pause: dict[str, Edition]) -> None:
    """One month: lists in, editions out, receipts back, the monitoring list in and answered.

    Args:
        pause: filled with the uncollected editions by recipient; when it has a key "stop", nobody collects yet.
    """
    civil, rural = run.cast.office(CIVIL), run.cast.office(RURAL)
    for file in files:
        if file.period not in {None, period} or (file.period is None and period != MONTHS[0]):
            continue
        owner = RURAL if file.lists == ("MONITOR_PERSON",) else CIVIL
        office = rural if owner == RURAL else civil
        importing.import_file(office, actor(owner), file.path, Order(period=file.period or period, accept_partial=True))
        run.step(f"导入 {file.path.name}", f"Importing {file.path.name}")
    sent = publishing.publish(civil, actor(CIVIL), Wish(period, accept_fall="演示"))
    run.step(f"{period} 封装并发出", f"{period} sealed and posted")
    run.editions += [edition for edition in sent.sent if edition is not None]
    publishing.publish(rural, actor(RURAL), Wish(period))
    if "stop" in pause:
        pause.pop("stop")
        pause.update({e.recipient: e for e in sent.sent if e is not None and e.feed.startswith("assistance")})
        return
    _deliver(run, period)


def _deliver(run: _Play, period: Period) -> None:
    """Everyone collects and answers; civil affairs decides, confirms and answers the monitoring list."""
    civil = run.cast.office(CIVIL)
    for agency in SINKS:
        collecting.collect(run.cast.office(agency), actor(agency), run.cast.sink(agency))
        run.step(f"{agency} 收取、落地、回执", f"{agency} collects, loads, answers")
    collecting.collect(civil, actor(CIVIL), None)
    decided = intaking.propose(civil, actor(CIVIL), period.end)
    intaking.confirm(civil, actor(CIVIL), decided.proposal.digest, "韦科员", None)
    outcomes.answer(civil, actor(CIVIL), dry=False)
    run.step(f"{period} 监测对象认定与答复", f"{period} monitoring subjects decided and answered")
    for agency in (RURAL, *(each for each in SINKS if each != RURAL)):
        office = run.cast.office(agency)
        collecting.collect(office, actor(agency), run.cast.sink(agency))
    syncing.sync(civil, actor(CIVIL))


def _second_month(run: _Play, files: list[CountyFile]) -> list[Refusal]:
    """The second month, attacked on its way; then a correction of one list."""
    waiting: dict[str, Edition] = {"stop": run.editions[0]}
    _month(run, MONTHS[1], files, waiting)
    refusals = attack(run.cast, waiting)
    run.step("三次攻击被拒收", "Three attacks refused")
    _deliver(run, MONTHS[1])
    civil = run.cast.office(CIVIL)
    first = next(file for file in files if file.lists == (CORRECTED,) and file.period == MONTHS[0])
    corrected = _mended(first, run.cast.files)
    importing.import_file(civil, actor(CIVIL), corrected, Order(as_list=CORRECTED, period=MONTHS[0], replace="更正三月城市低保名单"))
    publishing.publish(civil, actor(CIVIL), Wish(MONTHS[0], revise="更正三月城市低保名单", accept_fall="演示"))
    run.step("更正三月名单", "March corrected")
    for agency in SINKS:
        collecting.collect(run.cast.office(agency), actor(agency), run.cast.sink(agency))
    syncing.sync(civil, actor(CIVIL))
    return refusals


def _mended(file: CountyFile, folder: Path) -> Path:
    """The table as the clerk sends it again: without its last line, a person whom the town should not have reported."""
    mended = folder / f"更正_{file.path.name}"
    mended.write_bytes(b"".join(file.path.read_bytes().splitlines(keepends=True)[:-1]))
    return mended


def _evidence(run: _Play) -> tuple[str, Path]:
    """Export the evidence of one edition and have a process of its own verify it."""
    civil = run.cast.office(CIVIL)
    with civil.reading() as connection:
        chosen = editions.listed(connection, MONTHS[0])[0]
    bundle, root = run.cast.root / "evidence.zip", run.cast.root / "root.json"
    evidence.export(civil, chosen.id, bundle)
    root.write_bytes(trust.export_root(civil).file)
    checked = subprocess.run([sys.executable, "-m", "security.verify", str(bundle), "--root", str(root)], capture_output=True, check=False)
    run.step("证据由独立命令核验", "Evidence verified by an independent command")
    return ("verified" if checked.returncode == 0 else f"failed with {checked.returncode}"), bundle
