"""`intake`, `cases`, `registrations`."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from gateway.cli.face import Face, table
from gateway.cli.opening import actor, office

_PUBLIC = ("subject", "household", "row", "outcome", "flags", "reason", "clause")


def register(app: App, face: Face) -> None:
    """Add the commands."""
    app.command(_intake(face))
    app.command(_registrations(face))

    @app.command(help=face.say("名单互相核对得出的事项（死亡核查等）", "What follows from lists held against each other"))
    def cases(*, as_of: str | None = None, records: Path | None = None) -> int:
        return _cases(face, _day(as_of), records)


def _cases(face: Face, as_of: date | None, records: Path | None) -> int:
    from gateway.app import casework

    found = casework.cases(office(face), actor(), as_of, records)
    counts = [
        {"rule": rule, "case": case, "count": count, "reasons": dict(found.reasons.get((rule, case), {}))}
        for (rule, case), count in found.counts.items()
    ]
    document = {
        "as_of": found.as_of,
        "cases": counts,
        "total": sum(found.counts.values()),
        "inactive": list(found.inactive),
        "earlier": dict(found.earlier),
    }

    def text(console: Console) -> None:
        heads = (face.say("规则", "rule"), face.say("事项", "case"), face.say("数", "count"), face.say("原因", "reasons"))
        rows = []
        for (rule, case), count in found.counts.items():
            why = found.reasons.get((rule, case), {})
            reasons = face.say("、", ", ").join(f"{casework.said(code, face.language)} {n:,}" for code, n in why.items())
            rows.append((rule, f"{case}  {casework.said(case, face.language)}", f"{count:,}", reasons))
        table(rows, heads)(console)
        for rule in found.inactive:
            console.print(face.say(f"! {rule} 在这一天没有参数，没有判断", f"! {rule} has no parameters for this day and says nothing"))
        for code, month in found.earlier.items():
            console.print(face.say(f"! 本月没有 {code}，用的是 {month} 的", f"! No {code} this month; that of {month} was used"))

    face.answer(document, text)
    return 0


def _intake(face: Face) -> App:
    intake = App(name="intake", help=face.say("监测对象名单：认定与答复", "Inbound subjects: decisions and answers"))

    @intake.command(name="list", help=face.say("收到的名单", "Inbound lists"))
    def list_() -> int:
        return _intake_list(face)

    @intake.command(name="decide", help=face.say("逐人给出认定建议", "One decision a subject"))
    def decide(*, as_of: str | None = None) -> int:
        return _intake_decide(face, as_of)

    @intake.command(
        name="confirm",
        help=face.say("确认一份建议；--document 表示对方的纸质确认", "Confirm a proposal; --document is the partner's paper"),
    )
    def confirm(digest: str, /, *, by: str, document: str | None = None) -> int:
        return _intake_confirm(face, digest, by, document)

    @intake.command(name="outcomes", help=face.say("给出并发送对每个对象的答复", "Answer every subject and send the answers"))
    def outcomes(*, dry_run: Annotated[bool, Parameter(negative=())] = False) -> int:
        return _intake_outcomes(face, dry_run)

    return intake


def _registrations(face: Face) -> App:
    registrations = App(name="registrations", help=face.say("低保边缘认定登记", "Low-income-margin registrations"))

    @registrations.command(name="list", help=face.say("登记概况", "How many stand"))
    def list_() -> int:
        from gateway.app import casework

        counts = casework.registration_counts(office(face))
        document = {"registrations": [{"since": since, "state": state, "persons": n} for (since, state), n in sorted(counts.items())]}
        rows = [
            (since, face.say("双方确认", "registered") if state == "registered" else face.say("待对方确认", "half"), f"{n:,}")
            for (since, state), n in sorted(counts.items())
        ]
        face.answer(document, table(rows, (face.say("月份", "since"), face.say("状态", "state"), face.say("人", "persons"))))
        return 0

    @registrations.command(name="export", help=face.say("导出登记表", "Export the register"))
    def export(out: Path, /) -> int:
        from gateway.app import casework

        count = casework.export_registrations(office(face), actor(), out)
        face.answer(
            {"file": str(out), "persons": count},
            lambda console: console.print(face.say(f"√ {count} 人已写入 {out}", f"√ {count} persons written to {out}")),
        )
        return 0

    return registrations


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExchangeError("E-USAGE", what="--as-of YYYY-MM-DD") from None


def _intake_list(face: Face) -> int:
    from gateway.app import intaking

    found = intaking.waiting(office(face))
    document = {
        "lists": [
            {
                "list": i.list,
                "period": i.period,
                "from": i.sender,
                "rows": i.rows,
                "rejected": i.rejected,
                "signed": i.signed,
                "proposal": f"sha256:{i.proposal}" if i.proposal else None,
            }
            for i in found
        ]
    }
    rows = [(i.period, i.list, i.sender, f"{i.rows:,}", i.rejected, "√" if i.signed else "", (i.proposal or "")[:12]) for i in found]
    heads = (
        face.say("月份", "month"),
        face.say("名单", "list"),
        face.say("来自", "from"),
        face.say("行", "rows"),
        face.say("暂缓", "held"),
        face.say("签名", "signed"),
        face.say("建议", "proposal"),
    )
    face.answer(document, table(rows, heads))
    return 0


def _intake_decide(face: Face, as_of: str | None) -> int:
    from gateway.app import intaking

    done = intaking.propose(office(face), actor(), _day(as_of))
    decisions = [{name: row[name] for name in _PUBLIC} for row in done.decisions.iter_rows(named=True)]
    document = {
        "proposal": f"sha256:{done.proposal.digest}",
        "as_of": done.proposal.as_of,
        "decisions": decisions,
        "missing": list(done.missing),
    }

    def text(console: Console) -> None:
        console.print(
            face.say(
                f"认定建议 {done.proposal.digest[:16]}，截至 {done.proposal.as_of}",
                f"Proposal {done.proposal.digest[:16]} as of {done.proposal.as_of}",
            )
        )
        counts = Counter((str(d["outcome"]), str(d["reason"])) for d in decisions)
        table(
            [(o, r, n) for (o, r), n in sorted(counts.items())],
            (face.say("结论", "outcome"), face.say("原因", "reason"), face.say("人", "persons")),
        )(console)
        for missing in done.missing:
            console.print(face.say(f"! 缺 {missing}，涉及的人先核查", f"! {missing} is missing; whoever it might cover is reviewed"))
        console.print(
            face.say(
                f"处理 → 核对后执行 gateway intake confirm {done.proposal.digest[:16]} --by 姓名",
                f"next → check, then gateway intake confirm {done.proposal.digest[:16]} --by NAME",
            )
        )

    face.answer(document, text)
    return 0


def _intake_confirm(face: Face, digest: str, by: str, document: str | None) -> int:
    from gateway.app import intaking

    if not by.strip():
        raise ExchangeError("E-USAGE", what="--by")
    done = intaking.confirm(office(face), actor(), digest, by.strip(), document)
    answer = {
        "proposal": f"sha256:{done.proposal}",
        "state": done.state,
        "sides": list(done.sides),
        "persons": done.persons,
        "new": done.new,
    }

    def text(console: Console) -> None:
        if done.state == "registered":
            console.print(
                face.say(
                    f"√ 双方已确认，登记 {done.persons} 人（新 {done.new}）",
                    f"√ Both sides confirmed; {done.persons} registered ({done.new} new)",
                )
            )
        else:
            console.print(
                face.say(
                    "! 只有一方确认；对方的纸质确认请用 --document 文号 --by 姓名 再执行一次",
                    "! Only one side has confirmed; run it again with --document REF --by NAME for the partner's paper",
                )
            )

    face.answer(answer, text)
    return 0


def _intake_outcomes(face: Face, dry_run: bool) -> int:
    from gateway.app import outcomes as use

    done = use.answer(office(face), actor(), dry=dry_run)
    rows = [{name: row[name] for name in ("subject", "household", "answer", "check", "final")} for row in done.rows.iter_rows(named=True)]
    edition = done.edition.id if done.edition else None

    def text(console: Console) -> None:
        counts = Counter((str(r["answer"]), str(r["check"])) for r in rows)
        table(
            [(a, c, n) for (a, c), n in sorted(counts.items())],
            (face.say("答复", "answer"), face.say("核对", "check"), face.say("人", "persons")),
        )(console)
        if edition:
            console.print(face.say(f"√ 已发出 {edition}", f"√ Sent as {edition}"), markup=False)

    face.answer({"outcomes": rows, "edition": edition}, text)
    return 0
