"""Longer answers in words: states, the matrix, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from contracts.catalogue import entries
from contracts.errors import ExchangeError
from contracts.findings import Finding
from contracts.lists.source import source_list
from gateway.cli.face import Face, table

if TYPE_CHECKING:
    from gateway.app.gaps import Gap
    from gateway.app.overview import Matrix, ShownEdition
    from gateway.app.previewing import Seen
    from gateway.app.publishing import Published

_STATES = {
    "planned": ("待发", "planned"),
    "no-base": ("无上月基数", "no base"),
    "awaiting-release": ("待确认降幅", "awaiting release"),
    "no-keys": ("对方公钥未知", "no keys"),
    "sealed": ("已封装，待发", "sealed"),
    "posted": ("已发出", "posted"),
    "received": ("已收到", "received"),
    "loaded": ("已落地", "loaded"),
    "rejected": ("对方拒收", "rejected"),
    "withdrawn": ("已撤回", "withdrawn"),
    "none": ("未发", "not sent"),
    "waiting": ("等前一期", "waiting"),
    "complete": ("完整", "complete"),
    "partial": ("不完整", "partial"),
    "nil": ("零报告", "nil"),
    "missing": ("缺", "missing"),
}
_GLYPHS = {"loaded": "√", "received": "!", "posted": "…", "sealed": "…", "rejected": "×", "withdrawn": "–", "none": "○"}


def state(face: Face, name: str) -> str:
    """A state in words."""
    return face.say(*_STATES.get(name, (name, name)))


def told(face: Face, console: Console, edition: str, error: ExchangeError) -> None:
    """A refusal with its facts."""
    console.print(f"× {edition}  {error.message(face.language)} → {error.fix(face.language)}  [{error.code}]", markup=False)


def refusal(face: Face, console: Console, edition: str, code: str) -> None:
    """A refusal that is known by its code alone."""
    entry = entries()[code]
    facts = Blank()
    message, fix = (entry.zh, entry.fix_zh) if face.language == "zh" else (entry.en, entry.fix_en)
    console.print(f"× {edition}  {message.format_map(facts)} → {fix.format_map(facts)}  [{code}]", markup=False)


def warning(face: Face, console: Console, finding: Finding) -> None:
    """Something good that a person should know more of."""
    console.print(f"! {finding.message(face.language)} → {finding.fix(face.language)}  [{finding.code}]", markup=False)


def incomplete(face: Face, console: Console, sources: Sequence[Mapping[str, str | int]]) -> None:
    """The sender's lists that were not complete: their persons stay from last month, marked."""
    said = []
    for source in sources:
        if source["state"] in {"missing", "partial"}:
            held = face.say(f"，暂缓 {source['held']} 行", f", {source['held']} held") if source["held"] else ""
            said.append(f"{source['list']} {state(face, str(source['state']))}{held}")
    if said:
        told = face.say("；", "; ").join(said)
        console.print(
            face.say(
                f"  ! 对方的来源表不全（{told}）：暂缓的行没有发来；名单里这些人沿用上月，已标记",
                f"  ! The sender's lists are not complete ({told}): held rows were not sent; on rosters those persons stay, marked",
            )
        )


def finding_of(gap: Gap) -> Finding:
    """A gap as a warning."""
    return Finding(None, None, "W-GAP", facts={"sender": gap.sender, "feed": gap.feed, "first": gap.first, "last": gap.last})


def finding_document(face: Face, finding: Finding) -> dict[str, object]:
    """A warning in JSON."""
    return {"code": finding.code, "message": finding.message(face.language), "fix": finding.fix(face.language)}


def gap_document(gap: Gap) -> dict[str, object]:
    """A gap in JSON."""
    return {"from": gap.sender, "feed": gap.feed, "first": gap.first, "last": gap.last}


class Blank(dict[str, str]):
    """Facts that were not kept with a code."""

    def __missing__(self, key: str) -> str:
        return "…"


def matrix(face: Face, console: Console, shown: Matrix) -> None:
    """Departments × months, one line a department and feed."""
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for cell in shown.cells:
        text = f"{_GLYPHS.get(cell.state, '?')} {state(face, cell.state)}" + (f" {cell.rows:,}" if cell.edition else "")
        lines.setdefault((cell.department, cell.feed), {})[cell.period] = text
    if lines and shown.months:
        rows = [
            (department, feed, *(cells.get(month, "") for month in shown.months)) for (department, feed), cells in sorted(lines.items())
        ]
        table(rows, (face.say("部门", "department"), face.say("数据项", "feed"), *shown.months))(console)
    elif not shown.inbound:
        console.print(
            face.say(
                "还没有任何收发：发送先执行 gateway import，再执行 gateway publish；收件执行 gateway collect",
                "Nothing sent or received yet: gateway import, then gateway publish; gateway collect to receive",
            )
        )
    for arrival in shown.inbound:
        console.print(
            f"← {arrival.sender.partition('/')[2]} {arrival.feed} {arrival.period}  {state(face, arrival.state)}  {arrival.rows or 0:,}",
            markup=False,
        )
    for gap in shown.gaps:
        warning(face, console, finding_of(gap))
    for refused in shown.refused:
        refusal(face, console, refused.edition, refused.code)


def edition(face: Face, console: Console, shown: ShownEdition) -> None:
    """One edition: what went, from which lists, who answered what."""
    found = shown.edition
    console.print(f"{found.id}  {state(face, found.state)}  {found.rows:,}", markup=False)
    console.print(face.say(f"  清单 sha256:{found.manifest}", f"  manifest sha256:{found.manifest}"))
    for code, source in found.sources.items():
        console.print(
            f"  {code}  {state(face, str(source['state']))}"
            + (face.say(f"，暂缓 {source['held']} 行", f", {source['held']} held") if source["held"] else "")
        )
    if found.unconfirmed:
        console.print(face.say(f"  待确认（沿用上月）{found.unconfirmed} 行", f"  unconfirmed, kept from last month: {found.unconfirmed}"))
    for receipt in shown.receipts:
        said = state(face, receipt.stage if receipt.result == "accepted" else receipt.result)
        who = receipt.party.partition("/")[2]
        console.print(f"  ← {who} {said} {receipt.rows:,}  {receipt.at}  {receipt.digest[:12]}", markup=False)
        for code in shown.reasons.get(receipt.digest, ()):
            refusal(face, console, found.id, code)


def hindrances(face: Face, console: Console, result: Published) -> None:
    """What is missing, partial, held or without keys, once each, with the next step."""
    sources = {str(source["list"]): source for planned in result.plan.editions for source in planned.sources}
    missing = [_list(face, code) for code, source in sources.items() if source["state"] == "missing"]
    if missing:
        names = face.say("、", ", ").join(missing)
        console.print(
            face.say(
                f"! 缺来源表 {names}：对方沿用上月；导入后再执行一次 publish 即补上",
                f"! Missing: {names}. Recipients keep last month; import them and run publish again",
            )
        )
    for code, source in sources.items():
        if source["state"] == "partial":
            name = face.say(f"{source_list(code).title_zh} {code}", code)
            console.print(
                face.say(
                    f"! {name} 不完整，暂缓 {source['held']} 行：对应的人沿用上月",
                    f"! {name} is partial, {source['held']} rows held: those persons stay from last month",
                )
            )
    states = list(zip(result.plan.editions, result.states, strict=True))
    unknown = [planned.view.to for planned, name in states if name == "no-keys"]
    if unknown:
        names = " ".join(dict.fromkeys(unknown))
        console.print(
            face.say(
                f"! 没有这些单位的公钥，没有发：{names}。请他们执行 gateway trust export，导入后执行 trust sign，再执行一次 publish",
                f"! No keys of: {names}; nothing was sent to them. Ask for gateway trust export, import it, run gateway trust sign, "
                "then publish again",
            )
        )
    for planned, name in states:
        if name == "no-base":
            lists = face.say("、", ", ").join(_list(face, code) for code in planned.feed.row_sources)
            console.print(
                face.say(
                    f"! {planned.feed.name} 没有上月名单可比，本月不发；要发，先导入 {planned.period.previous} 的 {lists}",
                    f"! {planned.feed.name} has no last month to compare with; nothing is sent. To send it import {lists} "
                    f"of {planned.period.previous} first",
                )
            )
        if planned.standing == "withdrawn" and planned.before is not None:
            console.print(
                face.say(
                    f"! {planned.before.id} 已经撤回，没有重发；要重发，加 --revise 原因",
                    f"! {planned.before.id} was recalled and is not sent again; to send it anew add --revise REASON",
                ),
                markup=False,
            )
        for fall in planned.falls if name == "awaiting-release" else ():
            console.print(
                face.say(
                    f"! {planned.view.to} {planned.feed.name}：{fall.category} 由 {fall.before:,} 人降到 {fall.now:,} 人"
                    f"（{fall.percent} %），核实后加 --accept-fall 原因",
                    f"! {planned.view.to} {planned.feed.name}: {fall.category} fell from {fall.before:,} to {fall.now:,} "
                    f"({fall.percent} %); check, then add --accept-fall REASON",
                )
            )
    for feed in result.plan.missing:
        console.print(face.say(f"! {feed} 的来源表都没有导入，未发", f"! None of the lists of {feed} is there; not sent"))


def _list(face: Face, code: str) -> str:
    """A source list as people call it."""
    return face.say(f"{code}（{source_list(code).title_zh}）", code)


def preview(face: Face, console: Console, seen: Seen) -> None:
    """What a department would see, row by row, and what is kept back."""
    for row in seen.rows:
        console.print("  ".join(f"{name}={'' if value is None else value}" for name, value in row.items()), markup=False)
    for category, filters in seen.withheld:
        console.print(
            face.say(f"不发：{category or ''}（{' '.join(filters)}）", f"withheld: {category or ''} ({' '.join(filters)})"), markup=False
        )
    if not seen.rows and not seen.withheld and not seen.known:
        console.print(face.say("本月名单里没有这个人", "This person is on no list of the month"))
