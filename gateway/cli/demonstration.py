"""`gateway demo` at a terminal: progress on stderr, the matrix, the refusals in full, the summary."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.errors import ExchangeError
from gateway.app import overview
from gateway.cli import words
from gateway.cli.face import Face, table
from gateway.demo.run import Outcome, play
from gateway.demo.run.cast import CIVIL


def run(face: Face, root: Path, persons: int, seed: str, carrier: str, bootstrap: str) -> int:
    """Play the demonstration and tell it; 0 when everything held, 6 when anything did not."""
    if carrier not in {"dir", "kafka"} or (bootstrap and carrier != "kafka"):
        raise ExchangeError("E-USAGE", what=f"--carrier {carrier} --bootstrap {bootstrap}".rstrip())
    place = root.resolve()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(file=sys.stderr, highlight=False)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None)

        def stage(zh: str, en: str, done: int, of: int) -> None:
            progress.update(task, description=face.say(zh, en), completed=done, total=of)
            if progress.disable:
                console.print(f"  {face.say(zh, en)}", markup=False)

        outcome = play(place, persons, seed.encode(), stage, carrier=carrier, bootstrap=bootstrap)
    face.answer(_document(outcome), lambda out: _tell(face, out, outcome, alone=carrier == "kafka" and not bootstrap))
    held = outcome.evidence == "verified" and all(each.healed for each in outcome.refusals) and not any(outcome.fsck.values())
    return 0 if held else 6


def _document(outcome: Outcome) -> dict[str, object]:
    """The summary as interfaces.md describes it."""
    counted = outcome.totals
    return {
        "persons": counted.persons,
        "editions": counted.editions,
        "receipts": dict(counted.receipts),
        "inbound": {"subjects": counted.subjects, **counted.decisions, "registered": counted.registered, "outcomes": counted.outcomes},
        "refused": [{"case": each.case, "code": each.code} for each in outcome.refusals],
        "evidence": outcome.evidence,
        "rows": dict(counted.rows),
        "fsck": dict(outcome.fsck),
        "seconds": round(outcome.seconds, 1),
    }


def _tell(face: Face, out: Console, outcome: Outcome, *, alone: bool) -> None:
    cast = outcome.cast
    out.print(face.say("\n一、部门 × 月份（民政局看到的）", "\n1. Department × month, as civil affairs sees it"))
    words.matrix(face, out, overview.matrix(cast.office(CIVIL), None))
    out.print(face.say("\n二、三次攻击，全部拒收", "\n2. Three attacks, all refused"))
    for each in outcome.refusals:
        out.print(f"× {face.say(each.case_zh, each.case)}  [{each.code}]", markup=False)
        out.print(f"    {each.error.message(face.language)}", markup=False)
        out.print(f"    {face.say('处理', 'next')} → {each.error.fix(face.language)}", markup=False)
        if each.healed:
            out.print(face.say("    √ 重新发出后收件方正常落地", "    √ Sent again, the recipient loaded it"))
    counted = outcome.totals
    out.print(face.say("\n三、汇总（取自各收件单位的目录和回执）", "\n3. Summary, from the partners' homes and receipts"))
    table(
        [
            (face.say("收件方名单上的人", "persons at the partners"), f"{counted.persons:,}"),
            (face.say("已落地的期数", "editions loaded"), counted.editions),
            (
                face.say("回执：收到 / 落地 / 拒收", "receipts: received / loaded / rejected"),
                " / ".join(str(n) for n in counted.receipts.values()),
            ),
            (face.say("监测对象", "monitoring subjects"), f"{counted.subjects:,}"),
            (
                face.say("建议认定 / 不适用 / 需核查", "candidate / not applicable / review"),
                " / ".join(f"{n:,}" for n in counted.decisions.values()),
            ),
            (face.say("登记为低保边缘", "registered as low-income margin"), f"{counted.registered:,}"),
            (face.say("乡村振兴局收到的答复", "answers at rural revitalization"), f"{counted.outcomes:,}"),
            (
                face.say("证据包", "evidence"),
                face.say("独立核验通过", "verified independently") if outcome.evidence == "verified" else outcome.evidence,
            ),
            (face.say("自查不符", "faults found by fsck"), sum(outcome.fsck.values())),
            (face.say("用时（秒）", "seconds"), f"{outcome.seconds:.1f}"),
        ],
        ("", ""),
    )(out)
    out.print(
        face.say(
            f"\n目录留在 {cast.root.name}/，例如：gateway --home {cast.root.name}/homes/{CIVIL} status",
            f"\nHomes stay in {cast.root.name}/, for example: gateway --home {cast.root.name}/homes/{CIVIL} status",
        )
    )
    if alone:
        out.print(face.say("演示用的 Kafka 已关闭；目录里的记录还可以看", "Its Kafka brokers have ended; the homes can still be looked at"))
