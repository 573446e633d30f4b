"""`publish`, `preview`, `edition`, `status`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.cli import monthly, words
from gateway.cli.documents import edition_document, published_document, receipt_document
from gateway.cli.face import Face, table
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from gateway.app.publishing import Published

_Flag = Parameter(negative=())
_Stdin = Parameter(allow_leading_hyphen=True)
"""Takes `-`."""


def register(app: App, face: Face) -> None:
    """Add the commands."""
    app.command(_edition(face))

    @app.command(help=face.say("封装并发出本月各数据项", "Seal and post what is due this month"))
    def publish(
        *files: Path,
        period: str,
        feed: tuple[str, ...] = (),
        nil: Annotated[bool, _Flag] = False,
        revise: str | None = None,
        accept_fall: str | None = None,
        dry_run: Annotated[bool, _Flag] = False,
        preview: Path | None = None,
    ) -> int:
        return _publish(face, files, period, feed, nil, revise, accept_fall, dry_run, preview)

    @app.command(help=face.say("看某部门会看到什么（号码从标准输入读）", "What a department would see (the number comes on stdin)"))
    def preview(*, feed: str, to: str, period: str | None = None, person: Annotated[str | None, _Stdin] = None) -> int:
        return _preview(face, feed, to, period, person)

    @app.command(help=face.say("部门 × 月份一览", "Matrix department × month"))
    def status(*, month: str | None = None) -> int:
        return _status(face, month)


def _edition(face: Face) -> App:
    edition = App(name="edition", help=face.say("已封装的各期", "Editions sealed"))

    @edition.command(name="list", help=face.say("全部", "All of them"))
    def list_() -> int:
        from gateway.app import overview

        found = overview.edition_list(office(face))
        rows = [(e.id, e.seq, e.kind, words.state(face, e.state), f"{e.rows:,}", e.chunks) for e in found]
        heads = (
            face.say("编号", "id"),
            face.say("号", "no."),
            face.say("种类", "kind"),
            face.say("状态", "state"),
            face.say("行", "rows"),
            face.say("块", "chunks"),
        )
        face.answer({"editions": [edition_document(e) for e in found]}, table(rows, heads))
        return 0

    @edition.command(name="show", help=face.say("一期及其回执", "One edition and its receipts"))
    def show(id_: Annotated[str, Parameter(name="ID")], /) -> int:
        from gateway.app import overview

        shown = overview.edition_shown(office(face), id_)
        receipts = [{**receipt_document(r), "reasons": list(shown.reasons.get(r.digest, ()))} for r in shown.receipts]
        document = {**edition_document(shown.edition), "receipts": receipts}
        face.answer(document, lambda console: words.edition(face, console, shown))
        return 0

    @edition.command(name="recall", help=face.say("撤回一期", "Recall an edition"))
    def recall(id_: Annotated[str, Parameter(name="ID")], /, *, reason: str) -> int:
        from gateway.app import recalling

        done = recalling.recall(office(face), actor(), id_, reason)
        face.answer(
            edition_document(done),
            lambda console: console.print(face.say(f"√ 已撤回，{done.id}", f"√ Recalled by {done.id}"), markup=False),
        )
        return 0

    @edition.command(name="resend", help=face.say("再发一次同一个封装包", "Post the same package again"))
    def resend(id_: Annotated[str, Parameter(name="ID")], /) -> int:
        from gateway.app import recalling

        done = recalling.resend(office(face), actor(), id_)
        face.answer(
            edition_document(done),
            lambda console: console.print(face.say(f"√ 已再次发出 {done.id}", f"√ Posted {done.id} again"), markup=False),
        )
        return 0

    return edition


def _show_published(face: Face, console: Console, result: Published) -> None:
    rows = []
    for planned, state, sent, count in zip(result.plan.editions, result.states, result.sent, result.rows, strict=True):
        mark = "√" if sent is not None or state == "planned" else "!"
        rows.append((mark, planned.view.to, planned.feed.name, f"r{planned.revision}", words.state(face, state), f"{count:,}"))
    table(
        rows,
        ("", face.say("部门", "to"), face.say("数据项", "feed"), face.say("次", "rev"), face.say("状态", "state"), face.say("行", "rows")),
    )(console)
    words.hindrances(face, console, result)
    for name, error in result.unposted:
        words.told(face, console, name, error)


def _publish(
    face: Face,
    files: tuple[Path, ...],
    period: str,
    feed: tuple[str, ...],
    nil: bool,
    revise: str | None,
    accept_fall: str | None,
    dry_run: bool,
    preview: Path | None,
) -> int:
    from gateway.app import importing, monthcheck, publishing
    from gateway.app.planning import Wish

    home, month = office(face), Period.parse(period)
    for file in files:
        done = importing.import_file(home, actor(), file, importing.Order(None, month))
        if (refusal := done.refusal) is not None:
            from gateway.cli.lists import show_imports

            show_imports(face, Console(file=sys.stderr, highlight=False, soft_wrap=True), [done])
            raise refusal
    wish = Wish(month, feed, nil, revise, accept_fall)
    if dry_run:
        result, found = publishing.rehearse(home, wish, preview), monthcheck.of_month(home, month)
    else:  # what lists say against each other is said before anything is sealed
        found = monthcheck.MonthCheck((), monthcheck.contradictions(home, month))
        if not face.json:
            monthly.show(face, Console(file=sys.stderr, highlight=False, soft_wrap=True), found, named=True)
        result = publishing.publish(home, actor(), wish)

    def text(console: Console) -> None:
        _show_published(face, console, result)
        if dry_run:
            monthly.show(face, console, found, named=True)

    face.answer({**published_document(result), **monthly.documents(face, found)}, text)
    return 4 if result.unposted else 0


def _preview(face: Face, feed: str, to: str, period: str | None, person: str | None) -> int:
    from gateway.app import previewing

    number = None
    if person is not None:
        if person != "-":
            raise ExchangeError("E-PERSON-STDIN")
        number = sys.stdin.readline().strip()
    seen = previewing.preview(office(face), actor(), feed, to, Period.parse(period) if period else None, number)
    document = {
        "feed": feed,
        "to": to,
        "period": seen.period,
        "rows": [dict(row) for row in seen.rows],
        "known": seen.known,
        "withheld": [{"category": c, "filters": list(f)} for c, f in seen.withheld],
        "total": seen.total,
    }
    face.answer(document, lambda console: words.preview(face, console, seen))
    return 0


def _status(face: Face, month: str | None) -> int:
    from gateway.app import monthcheck, overview

    home, period = office(face), Period.parse(month) if month else None
    shown, checked = overview.matrix(home, period), monthcheck.of_month(home, period) if period else None
    cells = [
        {
            "department": c.department,
            "feed": c.feed,
            "period": c.period,
            "state": c.state,
            "rows": c.rows,
            "revision": c.revision,
            "edition": c.edition,
        }
        for c in shown.cells
    ]
    inbound = [
        {
            "edition": f"{a.edition}.r{a.revision}",
            "from": a.sender.partition("/")[2],
            "feed": a.feed,
            "period": str(a.period),
            "state": a.state,
            "rows": a.rows,
        }
        for a in shown.inbound
    ]
    document = {
        "months": list(shown.months),
        "cells": cells,
        "inbound": inbound,
        "refused": [{"edition": r.edition, "code": r.code} for r in shown.refused],
        "gaps": [words.gap_document(gap) for gap in shown.gaps],
        **monthly.documents(face, checked),
    }

    def text(console: Console) -> None:
        words.matrix(face, console, shown)
        monthly.show(face, console, checked, named=True)

    face.answer(document, text)
    return 0
