"""`evidence`, `verify`, `fsck`, `demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.catalogue import entries
from gateway.cli import words
from gateway.cli.face import Face
from gateway.cli.opening import office

BUNDLE = Parameter(name=("-o", "--output"))


def register(app: App, face: Face) -> None:
    """Add the commands."""
    evidence = App(name="evidence", help=face.say("证据包", "Evidence bundles"))
    app.command(evidence)

    @evidence.command(help=face.say("导出一期的证据包", "Export the evidence of one edition"))
    def export(*, edition: str, output: Annotated[Path, BUNDLE]) -> int:
        from gateway.app import evidence as use

        size = use.export(office(face), edition, output)
        face.answer(
            {"file": str(output), "bytes": size},
            lambda console: console.print(face.say(f"√ 证据包 {output}（{size:,} 字节）", f"√ Evidence in {output} ({size:,} bytes)")),
        )
        return 0

    @app.command(help=face.say("离线核验证据包，不需要目录", "Verify an evidence bundle, no home needed"))
    def verify(bundle: Path, /, *, root: Path) -> int:
        from gateway.app import evidence as use

        report = use.verify(bundle, root)
        receipts = sum(len(each.receipts) for each in report.editions)
        document = {
            "evidence": "verified",
            "editions": len(report.editions),
            "receipts": receipts,
            "entries": report.entries,
            "statements": [s.zh if face.language == "zh" else s.en for s in report.statements()],
        }
        face.answer(document, lambda console: console.print(report.text(face.language), markup=False, end=""))
        return 0

    @app.command(help=face.say("演示：一个县的两个月，七个单位", "Demonstration: two months of one county, seven agencies"))
    def demo(
        *, home_dir: Path = Path("demo-home"), persons: int = 30_000, seed: str = "libo", carrier: str = "dir", bootstrap: str = ""
    ) -> int:
        from gateway.cli import demonstration

        return demonstration.run(face, home_dir, persons, seed, carrier, bootstrap)

    @app.command(help=face.say("重新推导并核对本目录的全部记录", "Derive everything again and compare"))
    def fsck() -> int:
        from gateway.app import fsck as use

        done = use.fsck(office(face))
        document = {
            "clean": not done.faults,
            "entries": done.entries,
            "checkpoints": done.checkpoints,
            "editions": done.editions,
            "arrivals": done.arrivals,
            "receipts": done.receipts,
            "packages": done.packages,
            "strays": done.strays,
            "faults": [{"where": f.where, "code": f.code} for f in done.faults],
        }

        def text(console: Console) -> None:
            console.print(
                face.say(
                    f"台账 {done.entries} 条 · 检查点 {done.checkpoints} 个 · 发出 {done.editions} 期 · 收到 {done.arrivals} 期 · "
                    f"回执 {done.receipts} 份 · 封存 {done.packages} 包",
                    f"ledger {done.entries} · checkpoints {done.checkpoints} · sent {done.editions} · received {done.arrivals} · "
                    f"receipts {done.receipts} · packages {done.packages}",
                )
            )
            for fault in done.faults:
                words.refusal(face, console, fault.where, fault.code)
            if not done.faults:
                console.print(face.say("√ 全部相符", "√ Everything agrees"))

        face.answer(document, text)
        return max((entries()[fault.code].exit for fault in done.faults), default=0)
