"""`keys`, `doctor`, `backup`, `restore`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.ids import Period
from gateway.cli.face import Face
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from gateway.app.check import Check
    from gateway.app.shredding import Shredding

_MARKS = {"ok": "√", "notice": "!", "fault": "×"}
_TITLES = {
    "home": ("目录", "home"),
    "keys": ("密钥库", "key store"),
    "carrier": ("传输通道", "carrier"),
    "brokers": ("服务器", "brokers"),
    "topics": ("主题权限", "topics"),
    "clock": ("时钟", "clock"),
    "trust": ("信任名单", "trust list"),
    "prekeys": ("收件公钥", "own keys"),
    "partners": ("对方公钥", "partners"),
    "disk": ("磁盘", "disk"),
    "work": ("未完事项", "left to do"),
}
_LOCKS = {
    "passphrase": ("口令锁", "locked by a passphrase"),
    "permissions": ("由文件权限保护，没有口令", "guarded by file permissions, no passphrase"),
}


def register(app: App, face: Face) -> None:
    """Add the commands."""
    keys = App(name="keys", help=face.say("密钥：销毁某个月的密钥", "Keys: destroying those of a month"))
    app.command(keys)

    @keys.command(
        name="destroy",
        help=face.say("销毁一个月的密钥：先列出后果，加 --yes 才执行", "Destroy a month's keys: says what dies; --yes does it"),
    )
    def destroy(*, month: str, yes: Annotated[bool, Parameter(negative=())] = False) -> int:
        return _destroy(face, month, yes)

    @app.command(help=face.say("体检：目录、密钥、通道、时钟、信任名单、磁盘", "Check home, keys, carrier, clock, trust list and disk"))
    def doctor() -> int:
        return _doctor(face)

    @app.command(help=face.say("把整个目录备份成一个文件", "Back the whole home up into one file"))
    def backup(out: Path, /) -> int:
        return _backup(face, out)

    @app.command(help=face.say("把备份恢复到空目录（--home）", "Restore a backup into an empty --home"))
    def restore(in_: Annotated[Path, Parameter(name="IN")], /) -> int:
        return _restore(face, in_)


def _destroy(face: Face, month: str, yes: bool) -> int:
    from gateway.app import shredding

    done = shredding.destroy(office(face), actor(), Period.parse(month), really=yes)
    document = {
        "month": str(done.month),
        "destroyed": done.done,
        "keys": list(done.keys),
        "dies": {
            "lists": [{"list": code, "accepted": accepted, "rejected": rejected} for code, accepted, rejected in done.lists],
            "decisions": done.proposals,
            "unopened": list(done.unopened),
            "loaded": list(done.loaded),
        },
        "survives": {"sent": list(done.sent)},
    }
    face.answer(document, lambda console: _show_shredding(face, console, done))
    return 0


def _show_shredding(face: Face, console: Console, done: Shredding) -> None:
    month, after = str(done.month), str(done.month.shift(1))
    if not done.keys:
        console.print(face.say(f"√ {month} 的密钥早已销毁，没有可做的", f"√ The keys of {month} were destroyed before; nothing to do"))
        return
    console.print(face.say(f"{month} 的密钥：{' '.join(done.keys)}", f"Keys of {month}: {' '.join(done.keys)}"))
    console.print(face.say("再也打不开或做不了：", "What dies:"))
    for code, accepted, rejected in done.lists:
        console.print(
            face.say(f"  × {code}：{accepted:,} 行，另有暂缓 {rejected:,} 行", f"  × {code}: {accepted:,} rows and {rejected:,} held ones")
        )
    if done.proposals:
        console.print(face.say(f"  × {done.proposals} 份认定建议的明细", f"  × the details of {done.proposals} sets of decisions"))
    for name in done.unopened:
        console.print(face.say(f"  × {name}：已收到但还没有落地，将永远打不开", f"  × {name}: has come, is not loaded, and never will be"))
    if done.loaded:
        console.print(face.say(f"  × {len(done.loaded)} 期已落地的封装包：不能再装进别的落地位置",
                               f"  × {len(done.loaded)} loaded editions: no other sink can be filled with them"))  # fmt: skip
    console.print(face.say(f"  × {month} 不能再导入、发布、更正；{after} 的新增名单没有基数，沿用上月的人核不出来",
                           f"  × {month} can be imported, published and corrected no more; {after} has no base for its increment, "
                           "and nobody can be kept from last month"))  # fmt: skip
    console.print(face.say("仍然留存：", "What survives:"))
    console.print(face.say(f"  √ 已发出的 {len(done.sent)} 期：在收件单位那里，用的是他们的密钥",
                           f"  √ {len(done.sent)} editions sent: at their recipients, under their keys"))  # fmt: skip
    console.print(face.say("  √ 清单、回执、台账、证据包和认定登记", "  √ manifests, receipts, ledger, evidence and registrations"))
    console.print(face.say("  ! 以前的备份里还有这些密钥：一并销毁才算数", "  ! Earlier backups still hold these keys: destroy them too"))
    if done.done:
        console.print(face.say("√ 已销毁", "√ Destroyed"))
    else:
        console.print(
            face.say("处理 → 确认无误后加 --yes 再执行一次；现在什么也没有销毁", "next → add --yes to do it; nothing was destroyed")
        )


def _doctor(face: Face) -> int:
    from gateway.app import checkup
    from gateway.bootstrap import open_office

    checks = checkup.examine(face.home, lambda: open_office(face.home))
    counts = Counter(check.state for check in checks)
    document = {
        "checks": [
            {
                "check": check.what,
                "state": check.state,
                "fact": check.fact,
                "code": check.finding.code if check.finding else None,
                "message": check.finding.message(face.language) if check.finding else None,
                "fix": check.finding.fix(face.language) if check.finding else None,
            }
            for check in checks
        ],
        "ok": counts["ok"],
        "notices": counts["notice"],
        "faults": counts["fault"],
    }

    def text(console: Console) -> None:
        for check in checks:
            _show_check(face, console, check)
        console.print(
            face.say(
                f"{len(checks)} 项检查：{counts['ok']} 正常 {counts['notice']} 注意 {counts['fault']} 故障",
                f"{len(checks)} checks: {counts['ok']} fine, {counts['notice']} to note, {counts['fault']} faults",
            )
        )

    face.answer(document, text)
    return 4 if counts["fault"] else 0


def _show_check(face: Face, console: Console, check: Check) -> None:
    title = face.say(*_TITLES[check.what])
    fact = face.say(*_LOCKS[check.fact]) if check.fact in _LOCKS else check.fact
    told = check.finding.message(face.language) if check.finding else fact or face.say("无", "nothing")
    console.print(f"{_MARKS[check.state]} {face.pad(title, 10)} {told}")
    if check.finding is not None:
        console.print(f"  {face.say('处理', 'next')} → {check.finding.fix(face.language)}    [{check.finding.code}]")


def _backup(face: Face, out: Path) -> int:
    from gateway.app import backup as use

    done = use.backup(office(face), actor(), out)
    document = {"file": str(out), "agency": done.agency, "at": done.at, "files": done.files, "bytes": done.size, "locked": done.locked}

    def text(console: Console) -> None:
        console.print(
            face.say(
                f"√ 已备份到 {out}（{done.files} 个文件，{done.size:,} 字节）",
                f"√ Backed up to {out} ({done.files} files, {done.size:,} bytes)",
            )
        )
        if not done.locked:
            console.print(
                face.say(
                    "! 里面有没上口令的私钥：像公章一样保管", "! It holds private keys without a passphrase: keep it as you keep the seal"
                )
            )

    face.answer(document, text)
    return 0


def _restore(face: Face, archive: Path) -> int:
    from gateway.app import backup as use
    from gateway.bootstrap import open_office

    done = use.restore(face.home, archive, open_office, actor())
    document = {"home": str(face.home), "agency": done.agency, "at": done.at, "files": done.files, "bytes": done.size}

    def text(console: Console) -> None:
        console.print(
            face.say(
                f"√ 已恢复 {done.agency} 到 {face.home}，内容截至 {done.at}", f"√ {done.agency} restored into {face.home}, as of {done.at}"
            )
        )
        console.print(
            face.say(
                "! 备份之后发出过的，这里不知道：先执行 gateway doctor 和 gateway sync；那之后若发布过，先问管理员再发布",
                "! It knows nothing of what was sent since: run gateway doctor and gateway sync first; "
                "if anything was published since, ask the administrator before publishing",
            )
        )

    face.answer(document, text)
    return 0
