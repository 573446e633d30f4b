"""`publish`, `preview`, `edition`, `collect`, `sync`, `receipt`, `status`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.cli import words
from gateway.cli.face import Face, table
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from gateway.app.collecting import Collection
    from gateway.app.publishing import Published
    from gateway.state.editions import Edition
    from gateway.state.receipts import ReceiptEntry

_Flag = Parameter(negative=())


def register(app: App, face: Face) -> None:
    """Add the commands."""
    app.command(_edition(face))
    app.command(_receipt(face))

    @app.command(help=face.say("封装并发出本月各数据项", "Seal and post what is due this month"))
    def publish(*files: Path, period: str, feed: tuple[str, ...] = (), nil: Annotated[bool, _Flag] = False, revise: str | None = None,
                accept_fall: str | None = None, dry_run: Annotated[bool, _Flag] = False, preview: Path | None = None) -> int:  # fmt: skip
        from gateway.app import importing, publishing
        from gateway.app.planning import Wish

        home, month = office(face), Period.parse(period)
        for file in files:
            done = importing.import_file(home, actor(), file, importing.Order(None, month))
            if done.exit:
                from gateway.cli.lists import show_imports

                show_imports(face, Console(file=sys.stderr, highlight=False, soft_wrap=True), [done])
                raise ExchangeError("E-IMPORT-HELD", file=file.name, rejected=done.reading.rejected)
        wish = Wish(month, feed, nil, revise, accept_fall)
        result = publishing.rehearse(home, wish, preview) if dry_run else publishing.publish(home, actor(), wish)
        face.answer(_published(result), lambda console: _show_published(face, console, result))
        return 0

    @app.command(help=face.say("看某部门会看到什么（号码从标准输入读）", "What a department would see (the number comes on stdin)"))
    def preview(*, feed: str, to: str, period: str | None = None, person: str | None = None) -> int:
        from gateway.app import previewing

        number = None
        if person is not None:
            if person != "-":
                raise ExchangeError("E-PERSON-STDIN")
            number = sys.stdin.readline().strip()
        seen = previewing.preview(office(face), actor(), feed, to, Period.parse(period) if period else None, number)
        document = {"feed": feed, "to": to, "period": seen.period, "rows": [dict(row) for row in seen.rows], "known": seen.known,
                    "withheld": [{"category": c, "filters": list(f)} for c, f in seen.withheld], "total": seen.total}  # fmt: skip
        face.answer(document, lambda console: words.preview(face, console, seen))
        return 0

    @app.command(help=face.say("收取、验证、落地并回执", "Fetch, verify, load, receipt"))
    def collect(*, sink: str | None = None) -> int:
        from gateway.app import collecting

        done = collecting.collect(office(face), actor(), sink)
        document = {
            "collected": [
                {"edition": c.edition, "from": c.sender, "feed": c.feed, "period": c.period, "result": c.result, "rows": c.rows, "receipt": f"sha256:{c.receipt}"}
                for c in done.collected
            ],
            "refused": [{"edition": r.edition, "code": r.code} for r in done.refused],
        }  # fmt: skip
        face.answer(document, lambda console: _show_collected(face, console, done))
        return _collect_exit(done)

    @app.command(help=face.say("发出待发的，取回回执、名单和公钥", "Post what waits, fetch receipts, editions and keys"))
    def sync() -> int:
        from gateway.app import syncing

        done = syncing.sync(office(face), actor())
        document = {
            "posted": {"editions": list(done.posted.editions), "receipts": [f"sha256:{d}" for d in done.posted.receipts]},
            "fetched": {"editions": done.fetched.editions, "receipts": [f"sha256:{d}" for d in done.fetched.receipts], "keys": done.fetched.keys},
            "refused": [{"edition": r.edition, "code": r.code} for r in done.fetched.refused],
            "failed": [{"name": name[:12], "code": error.code} for name, error in done.posted.failed],
        }  # fmt: skip

        def text(console: Console) -> None:
            posted, fetched = done.posted, done.fetched
            console.print(face.say(f"√ 发出 {len(posted.editions)} 期、{len(posted.receipts)} 份回执", f"√ Posted {len(posted.editions)} editions, {len(posted.receipts)} receipts"))
            console.print(face.say(f"  取回 {len(fetched.receipts)} 份回执、{len(fetched.editions)} 期名单、{len(fetched.keys)} 份公钥或信任名单",
                                   f"  Fetched {len(fetched.receipts)} receipts, {len(fetched.editions)} editions, {len(fetched.keys)} keys or trust lists"))  # fmt: skip
            for refused in fetched.refused:
                words.refusal(face, console, refused.edition, refused.code)
            for name, error in posted.failed:
                console.print(f"  × {name[:12]} {error.message(face.language)} → {error.fix(face.language)} [{error.code}]", markup=False)

        face.answer(document, text)
        return 4 if done.posted.failed else 6 if done.fetched.refused else 0

    @app.command(help=face.say("部门 × 月份一览", "Matrix department × month"))
    def status(*, month: str | None = None) -> int:
        from gateway.app import overview

        shown = overview.matrix(office(face), Period.parse(month) if month else None)
        cells = [{"department": c.department, "feed": c.feed, "period": c.period, "state": c.state, "rows": c.rows, "revision": c.revision, "edition": c.edition} for c in shown.cells]
        inbound = [{"edition": f"{a.edition}.r{a.revision}", "from": a.sender.partition("/")[2], "feed": a.feed, "period": str(a.period), "state": a.state, "rows": a.rows} for a in shown.inbound]
        document = {"months": list(shown.months), "cells": cells, "inbound": inbound, "refused": [{"edition": r.edition, "code": r.code} for r in shown.refused]}
        face.answer(document, lambda console: words.matrix(face, console, shown))
        return 0


def _edition(face: Face) -> App:
    edition = App(name="edition", help=face.say("已封装的各期", "Editions sealed"))

    @edition.command(name="list", help=face.say("全部", "All of them"))
    def list_() -> int:
        from gateway.app import overview

        found = overview.edition_list(office(face))
        rows = [(e.id, e.kind, words.state(face, e.state), f"{e.rows:,}", e.chunks) for e in found]
        heads = (face.say("编号", "id"), face.say("种类", "kind"), face.say("状态", "state"), face.say("行", "rows"), face.say("块", "chunks"))
        face.answer({"editions": [edition_document(e) for e in found]}, table(rows, heads))
        return 0

    @edition.command(name="show", help=face.say("一期及其回执", "One edition and its receipts"))
    def show(id_: Annotated[str, Parameter(name="ID")], /) -> int:
        from gateway.app import overview

        shown = overview.edition_shown(office(face), id_)
        document = {**edition_document(shown.edition), "receipts": [receipt_document(r) for r in shown.receipts]}
        face.answer(document, lambda console: words.edition(face, console, shown))
        return 0

    @edition.command(name="recall", help=face.say("撤回一期", "Recall an edition"))
    def recall(id_: Annotated[str, Parameter(name="ID")], /, *, reason: str) -> int:
        from gateway.app import recalling

        done = recalling.recall(office(face), actor(), id_, reason)
        face.answer(edition_document(done), lambda console: console.print(face.say(f"√ 已撤回，{done.id}", f"√ Recalled by {done.id}"), markup=False))
        return 0

    @edition.command(name="resend", help=face.say("再发一次同一个封装包", "Post the same package again"))
    def resend(id_: Annotated[str, Parameter(name="ID")], /) -> int:
        from gateway.app import recalling

        done = recalling.resend(office(face), actor(), id_)
        face.answer(edition_document(done), lambda console: console.print(face.say(f"√ 已再次发出 {done.id}", f"√ Posted {done.id} again"), markup=False))
        return 0

    return edition


def _receipt(face: Face) -> App:
    receipt = App(name="receipt", help=face.say("回执", "Receipts"))

    @receipt.command(name="list", help=face.say("收到的和给出的", "Taken and given"))
    def list_() -> int:
        from gateway.app import overview

        found = overview.receipt_list(office(face))
        rows = [(r.digest[:12], "←" if r.direction == "in" else "→", r.party.partition("/")[2], f"{r.edition}.r{r.revision}", words.state(face, r.stage if r.result == "accepted" else r.result), f"{r.rows:,}") for r in found]
        heads = (face.say("编号", "digest"), "", face.say("单位", "party"), face.say("期", "edition"), face.say("状态", "stage"), face.say("行", "rows"))
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
        document = {"receipt": f"sha256:{found.digest}", "edition": found.receipt.edition, "revision": found.receipt.revision,
                    "by": found.receipt.by.code, "stage": found.receipt.stage, "result": found.receipt.result, "rows": found.receipt.records}  # fmt: skip
        face.answer(document, lambda console: console.print(face.say(
            f"√ 签名成立：{found.receipt.by.code} 对 {found.receipt.edition}.r{found.receipt.revision}，{found.receipt.records:,} 行",
            f"√ The signature holds: {found.receipt.by.code} on {found.receipt.edition}.r{found.receipt.revision}, {found.receipt.records:,} rows"), markup=False))  # fmt: skip
        return 0

    return receipt


def edition_document(edition: Edition, preview: str | None = None) -> dict[str, object]:
    """One edition as interfaces.md describes it."""
    sources = [{"list": code, **dict(state)} for code, state in edition.sources.items()]
    return {
        "id": edition.id, "feed": edition.feed, "period": str(edition.period), "to": edition.recipient, "revision": edition.revision,
        "kind": edition.kind, "rows": edition.rows, "chunks": edition.chunks, "manifest": f"sha256:{edition.manifest}", "state": edition.state,
        "sources": sources, "unconfirmed": edition.unconfirmed, "preview": preview,
    }  # fmt: skip


def receipt_document(receipt: ReceiptEntry) -> dict[str, object]:
    """One receipt in JSON."""
    return {
        "receipt": f"sha256:{receipt.digest}", "direction": receipt.direction, "party": receipt.party.partition("/")[2],
        "edition": f"{receipt.edition}.r{receipt.revision}", "stage": receipt.stage, "result": receipt.result, "rows": receipt.rows, "at": receipt.at,
    }  # fmt: skip


def _published(result: Published) -> dict[str, object]:
    documents: list[dict[str, object]] = []
    for planned, state, sent, preview, rows in zip(result.plan.editions, result.states, result.sent, result.previews, result.rows, strict=True):
        if sent is not None:
            documents.append(edition_document(sent, preview))
            continue
        documents.append({
            "id": f"{planned.edition}.r{planned.revision}", "feed": planned.feed.name, "period": str(planned.period), "to": planned.view.to,
            "revision": planned.revision, "kind": planned.feed.kind, "rows": rows, "chunks": 0, "manifest": None, "state": state,
            "sources": [dict(source) for source in planned.sources], "unconfirmed": 0, "preview": preview,
        })  # fmt: skip
    return {"editions": documents, "missing": list(result.plan.missing)}


def _show_published(face: Face, console: Console, result: Published) -> None:
    rows = []
    for planned, state, sent, count in zip(result.plan.editions, result.states, result.sent, result.rows, strict=True):
        mark = "√" if sent is not None or state == "planned" else "!"
        rows.append((mark, planned.view.to, planned.feed.name, f"r{planned.revision}", words.state(face, state), f"{count:,}"))
    table(rows, ("", face.say("部门", "to"), face.say("数据项", "feed"), face.say("次", "rev"), face.say("状态", "state"), face.say("行", "rows")))(console)
    words.hindrances(face, console, result)


def _show_collected(face: Face, console: Console, done: Collection) -> None:
    if not done.collected and not done.refused:
        console.print(face.say("没有新的名单", "Nothing new"))
    for each in done.collected:
        mark = "×" if each.result == "rejected" else "√"
        console.print(f"{mark} {each.sender} {each.feed} {each.period}  {words.state(face, each.result)}  {each.rows:,}  {each.edition}", markup=False)
        if each.code:
            words.refusal(face, console, each.edition, each.code)
    for refused in done.refused:
        words.refusal(face, console, refused.edition, refused.code)


def _collect_exit(done: Collection) -> int:
    from contracts.catalogue import entries

    if any(entries()[refused.code].exit == 6 for refused in done.refused):
        return 6
    return int(bool(done.refused) or any(each.result == "rejected" for each in done.collected))
