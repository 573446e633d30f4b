"""`collect`, `sync`, `receipt`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App
from rich.console import Console

from gateway.cli import words
from gateway.cli.documents import receipt_document
from gateway.cli.face import Face, table
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from gateway.app.collecting import Collection


def register(app: App, face: Face) -> None:
    """Add the commands."""
    app.command(_receipt(face))

    @app.command(help=face.say("收取、验证、落地并回执", "Fetch, verify, load, receipt"))
    def collect(*, sink: str | None = None) -> int:
        return _collect(face, sink)

    @app.command(help=face.say("发出待发的，取回回执、名单和公钥", "Post what waits, fetch receipts, editions and keys"))
    def sync() -> int:
        return _sync(face)


def _receipt(face: Face) -> App:
    receipt = App(name="receipt", help=face.say("回执", "Receipts"))

    @receipt.command(name="list", help=face.say("收到的和给出的", "Taken and given"))
    def list_() -> int:
        from gateway.app import overview

        found = overview.receipt_list(office(face))
        rows = [
            (
                r.digest[:12],
                "←" if r.direction == "in" else "→",
                r.party.partition("/")[2],
                f"{r.edition}.r{r.revision}",
                words.state(face, r.stage if r.result == "accepted" else r.result),
                f"{r.rows:,}",
            )
            for r in found
        ]
        heads = (
            face.say("编号", "digest"),
            "",
            face.say("单位", "party"),
            face.say("期", "edition"),
            face.say("状态", "stage"),
            face.say("行", "rows"),
        )
        face.answer({"receipts": [receipt_document(r) for r in found]}, table(rows, heads))
        return 0

    @receipt.command(name="show", help=face.say("一份回执的原文", "One receipt as signed"))
    def show(digest: str, /) -> int:
        from gateway.app import overview

        entry, body = overview.receipt_body(office(face), digest)
        face.answer({**receipt_document(entry), "envelope": body.decode()}, lambda console: console.print(body.decode(), markup=False))
        return 0

    @receipt.command(name="verify", help=face.say("核验一份回执文件", "Verify a receipt file"))
    def verify(file: Path, /) -> int:
        from gateway.app import verifying

        found = verifying.verify_receipt(office(face), file)
        document = {
            "receipt": f"sha256:{found.digest}",
            "edition": found.receipt.edition,
            "revision": found.receipt.revision,
            "by": found.receipt.by.code,
            "stage": found.receipt.stage,
            "result": found.receipt.result,
            "rows": found.receipt.records,
        }
        by, about = found.receipt.by.code, f"{found.receipt.edition}.r{found.receipt.revision}"
        rows = f"{found.receipt.records:,}"
        told = face.say(f"√ 签名成立：{by} 对 {about}，{rows} 行", f"√ The signature holds: {by} on {about}, {rows} rows")
        face.answer(
            document,
            lambda console: console.print(told, markup=False),
        )
        return 0

    return receipt


def _show_collected(face: Face, console: Console, done: Collection) -> None:
    if not done.collected and not done.refused:
        console.print(face.say("没有新的名单", "Nothing new"))
    for each in done.collected:
        mark = "×" if each.result == "rejected" else "√"
        console.print(
            f"{mark} {each.sender} {each.feed} {each.period}  {words.state(face, each.result)}  {each.rows:,}  {each.edition}", markup=False
        )
        if each.code:
            words.refusal(face, console, each.edition, each.code)
        words.incomplete(face, console, each.sources)
        for finding in each.warnings:
            words.warning(face, console, finding)
    for refused in done.refused:
        words.told(face, console, refused.edition, refused.error)
    for gap in done.gaps:
        words.warning(face, console, words.finding_of(gap))
    for name, error in done.unposted:
        words.told(face, console, name, error)


def _collect_exit(done: Collection) -> int:
    from contracts.catalogue import entries

    if any(entries()[refused.code].exit == 6 for refused in done.refused):
        return 6
    if done.unposted:
        return 4
    return int(bool(done.refused) or any(each.result == "rejected" for each in done.collected))


def _collect(face: Face, sink: str | None) -> int:
    from gateway.app import collecting

    done = collecting.collect(office(face), actor(), sink)
    document = {
        "collected": [
            {
                "edition": c.edition,
                "from": c.sender,
                "feed": c.feed,
                "period": c.period,
                "result": c.result,
                "rows": c.rows,
                "receipt": f"sha256:{c.receipt}" if c.receipt else None,
                "code": c.code,
                "sources": [dict(source) for source in c.sources],
                "warnings": [words.finding_document(face, finding) for finding in c.warnings],
            }
            for c in done.collected
        ],
        "refused": [{"edition": r.edition, "code": r.code} for r in done.refused],
        "gaps": [words.gap_document(gap) for gap in done.gaps],
        "failed": [{"edition": name, "code": error.code} for name, error in done.unposted],
    }
    face.answer(document, lambda console: _show_collected(face, console, done))
    return _collect_exit(done)


def _sync(face: Face) -> int:
    from gateway.app import syncing

    done = syncing.sync(office(face), actor())
    document = {
        "posted": {"editions": list(done.posted.editions), "receipts": [f"sha256:{d}" for d in done.posted.receipts]},
        "fetched": {
            "editions": done.fetched.editions,
            "receipts": [f"sha256:{d}" for d in done.fetched.receipts],
            "keys": done.fetched.keys,
        },
        "refused": [{"edition": r.edition, "code": r.code} for r in done.fetched.refused],
        "failed": [{"name": name[:12], "code": error.code} for name, error in done.posted.failed],
    }

    def text(console: Console) -> None:
        posted, fetched = done.posted, done.fetched
        console.print(
            face.say(
                f"√ 发出 {len(posted.editions)} 期、{len(posted.receipts)} 份回执",
                f"√ Posted {len(posted.editions)} editions, {len(posted.receipts)} receipts",
            )
        )
        console.print(
            face.say(
                f"  取回 {len(fetched.receipts)} 份回执、{len(fetched.editions)} 期名单、{len(fetched.keys)} 份公钥或信任名单",
                f"  Fetched {len(fetched.receipts)} receipts, {len(fetched.editions)} editions, {len(fetched.keys)} keys or trust lists",
            )
        )
        for refused in fetched.refused:
            words.told(face, console, refused.edition, refused.error)
        for name, error in posted.failed:
            console.print(f"  × {name[:12]} {error.message(face.language)} → {error.fix(face.language)} [{error.code}]", markup=False)

    face.answer(document, text)
    return 4 if done.posted.failed else 6 if done.fetched.refused else 0
