"""`topics plan`, `topics check`, `topics apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from gateway.cli.face import Face, table
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from gateway.app.topics import Drift, Planned, Wanted

_KINDS = {
    "topic-missing": ("缺主题", "topic missing"),
    "topic-unplanned": ("计划外的主题", "topic not planned"),
    "partitions": ("分区数不同", "other number of partitions"),
    "replication": ("副本数不同", "other number of copies"),
    "setting": ("设置不同", "setting differs"),
    "unguarded": ("集群没有开启权限控制，谁都可以读写", "the cluster has no authorizer: everybody may read and write"),
    "permission-missing": ("缺权限", "permission missing"),
    "permission-unplanned": ("多出的权限", "permission not planned"),
    "permission-foreign": ("他人的权限", "permission of a stranger"),
    "quota-missing": ("缺配额", "quota missing"),
    "quota-differs": ("配额不同", "quota differs"),
    "quota-unplanned": ("多出的配额", "quota not planned"),
}
Trust = Annotated[list[Path] | None, Parameter(name="--trust", negative=())]


def register(app: App, face: Face) -> None:
    """Add the commands."""
    topics = App(
        name="topics",
        help=face.say(
            "Kafka 集群的主题、权限和配额：由数据项目录和信任名单推出",
            "Topics, permissions and quotas of a Kafka cluster, by feeds and trust list",
        ),
    )
    app.command(topics)

    @topics.command(name="plan", help=face.say("列出集群上应有什么；不连接集群", "What the cluster should hold; asks nobody"))
    def plan(*, trust: Trust = None, replication: int = 3) -> int:
        return _plan(face, _wanted(trust, replication, None))

    @topics.command(name="check", help=face.say("核对集群与计划的差别；有差别时退出码 5", "What differs there; exit 5 when anything does"))
    def check(*, trust: Trust = None, replication: int = 3, credentials: Path | None = None) -> int:
        return _check(face, _wanted(trust, replication, credentials))

    @topics.command(
        name="apply",
        help=face.say("按计划建主题、授权、设配额，收回计划外的权限", "Make topics, grant, set quotas, withdraw what is not planned"),
    )
    def apply(*, trust: Trust = None, replication: int = 3, credentials: Path | None = None) -> int:
        return _apply(face, _wanted(trust, replication, credentials))


def _wanted(trust: list[Path] | None, replication: int, credentials: Path | None) -> Wanted:
    from gateway.app.topics import Wanted

    if not 1 <= replication <= 9:
        raise ExchangeError("E-USAGE", what=f"--replication {replication}")
    files: list[bytes] = []
    for file in trust or ():
        try:
            files.append(file.read_bytes())
        except OSError:
            raise ExchangeError("E-FILE-NONE", file=file.name) from None
    return Wanted(tuple(files), replication, credentials)


def _plan(face: Face, wanted: Wanted) -> int:
    from gateway.app import topics as use

    made = use.planned(office(face), wanted)

    face.answer(_planned(made), lambda console: _show_plan(face, console, made))
    return 0


def _show_plan(face: Face, console: Console, made: Planned) -> None:
    topics = [
        (each.name, each.partitions, each.replication, int(dict(each.settings)["retention.ms"]) // 86_400_000) for each in made.plan.topics
    ]
    table(topics, (face.say("主题", "topic"), face.say("分区", "partitions"), face.say("副本", "copies"), face.say("天数", "days")))(
        console
    )
    console.print()
    granted = [
        (each.principal, each.operation, each.resource, each.name + ("*" if each.prefixed else "")) for each in made.plan.permissions
    ]
    table(granted, (face.say("谁", "who"), face.say("可以", "may"), face.say("对象", "on"), face.say("名称", "name")))(console)
    console.print()
    limits = [(each.principal, f"{each.produce:.0f}", f"{each.fetch:.0f}", f"{each.requests:.0f}") for each in made.plan.quotas]
    heads = (face.say("谁", "who"), face.say("写 B/s", "write B/s"), face.say("读 B/s", "read B/s"), face.say("线程 %", "thread %"))
    table(limits, heads)(console)
    for county, root in made.roots.items():
        console.print(face.say(f"{county} 的信任名单，县根指纹 {root}", f"Trust list of {county}, root fingerprint {root}"))


def _planned(made: Planned) -> dict[str, object]:
    return {
        "prefix": made.plan.naming.prefix,
        "counties": [{"county": county, "root": root} for county, root in made.roots.items()],
        "topics": [
            {"name": each.name, "partitions": each.partitions, "replication": each.replication, "settings": dict(each.settings)}
            for each in made.plan.topics
        ],
        "permissions": [
            {
                "principal": each.principal,
                "operation": each.operation,
                "resource": each.resource,
                "name": each.name,
                "prefixed": each.prefixed,
            }
            for each in made.plan.permissions
        ],
        "quotas": [
            {"principal": each.principal, "produce": each.produce, "fetch": each.fetch, "requests": each.requests}
            for each in made.plan.quotas
        ],
    }


def _check(face: Face, wanted: Wanted) -> int:
    from gateway.app import topics as use

    found = use.check(office(face), wanted)
    plan = found.planned.plan
    document = {
        "place": found.place,
        "brokers": found.brokers,
        "topics": len(plan.topics),
        "permissions": len(plan.permissions),
        "quotas": len(plan.quotas),
        "drift": [_drift(each) for each in found.drift],
    }

    def text(console: Console) -> None:
        _show(face, console, found.drift)
        if not found.drift:
            counts = len(plan.topics), len(plan.permissions)
            console.print(
                face.say("√ 集群与计划一致：{} 个主题 {} 项权限".format(*counts), "√ As planned: {} topics, {} permissions".format(*counts))
            )
        elif any(each.repaired for each in found.drift):
            console.print(face.say("处理 → gateway topics apply；标 ! 的要由集群管理员决定",
                                   "next → gateway topics apply; what is marked ! is the administrator's to decide"))  # fmt: skip

    face.answer(document, text)
    return 5 if found.drift else 0


def _apply(face: Face, wanted: Wanted) -> int:
    from gateway.app import topics as use

    done = use.apply(office(face), actor(), wanted)
    document = {"place": done.place, "done": [_drift(each) for each in done.done], "left": [_drift(each) for each in done.left]}

    def text(console: Console) -> None:
        console.print(face.say(f"√ 已办 {len(done.done)} 项", f"√ {len(done.done)} things done"))
        _show(face, console, done.left)
        if done.left:
            console.print(face.say("处理 → 标 ! 的要由集群管理员决定", "next → what is marked ! is the administrator's to decide"))

    face.answer(document, text)
    return 5 if done.left else 0


def _show(face: Face, console: Console, drift: tuple[Drift, ...]) -> None:
    for each in drift:
        values = f" {each.found or '-'} → {each.wanted}" if each.wanted or each.found else ""
        console.print(f"{'×' if each.repaired else '!'} {face.say(*_KINDS[each.kind])}: {each.subject} {each.detail}{values}".rstrip())


def _drift(each: Drift) -> dict[str, object]:
    return {
        "kind": each.kind,
        "subject": each.subject,
        "detail": each.detail,
        "wanted": each.wanted,
        "found": each.found,
        "repaired": each.repaired,
    }
