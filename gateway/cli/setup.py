"""`init`, `trust`, `keys`, `version`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from gateway import __version__
from gateway.cli.face import Face, put, table
from gateway.cli.opening import actor, office


def register(app: App, face: Face) -> None:
    """Add the commands."""

    @app.command(help=face.say("建立本单位的网关目录：配置、数据库、密钥", "Make a home: configuration, state, keys"))
    def init(*, agency: str, county: str, carrier: str | None = None) -> int:
        from gateway import bootstrap
        from gateway.app import setup

        configuration = setup.configuration(agency, county, carrier, Path.cwd())
        made = bootstrap.new_office(face.home, configuration)
        done = setup.create(made, actor())
        document = {"agency": done.agency, "county": done.county, "carrier": done.carrier, "fingerprint": done.fingerprint, "new": done.new}

        def text(console: Console) -> None:
            whose = f"{done.county}/{done.agency}"
            made, there = face.say("已建立", "made"), face.say("早已建立，没有改动", "there already, nothing changed")
            console.print(face.say(f"√ {whose} 的目录 {face.home} {made if done.new else there}",
                                   f"√ Home of {whose} in {face.home}: {made if done.new else there}"))
            console.print(face.say(f"  公钥指纹 {done.fingerprint}", f"  Key fingerprint {done.fingerprint}"))

        face.answer(document, text)
        return 0

    @app.command(help=face.say("显示程序版本", "Show the program's version"))
    def version() -> int:
        face.answer({"version": __version__}, lambda console: console.print(__version__))
        return 0

    app.command(_trust(face))


def _trust(face: Face) -> App:
    trust = App(name="trust", help=face.say("交换公钥和信任名单", "Exchange public keys and the trust list"))

    @trust.command(
        name="export", help=face.say("输出本单位公钥（--root：输出县根）", "Print this home's public keys (--root: the county's root)")
    )
    def export(*, root: Annotated[bool, Parameter(negative=())] = False) -> int:
        return _trust_export(face, root)

    @trust.command(name="import", help=face.say("导入对方的公钥文件或信任名单", "Import another agency's keys or the trust list"))
    def import_(file: Path, /) -> int:
        return _trust_import(face, file)

    @trust.command(
        name="sign", help=face.say("签发县信任名单（只有持登记密钥的单位能用）", "Sign the county's trust list (the registry only)")
    )
    def sign() -> int:
        return _trust_sign(face)

    @trust.command(name="show", help=face.say("本目录信任谁", "Whom this home trusts"))
    def show() -> int:
        return _trust_show(face)

    return trust


def _file(content: bytes) -> None:
    """A file on stdout, with the line end that editors and pipes expect."""
    put(content + b"\n")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise ExchangeError("E-FILE-NONE", file=file.name) from None


def _trust_export(face: Face, root: bool) -> int:
    from gateway.app import trust as use

    made = use.export_root(office(face)) if root else use.export_card(office(face))
    _file(made.file)
    face.note(f"指纹 {made.fingerprint}（请在电话里逐组核对）", f"Fingerprint {made.fingerprint} (read it out on the phone)")
    return 0


def _trust_import(face: Face, file: Path) -> int:
    from gateway.app import trust as use

    done = use.import_file(office(face), actor(), _read(file))
    document = {
        "kind": done.kind,
        "agency": done.agency,
        "fingerprint": done.fingerprint,
        "pinned": done.pinned,
        "version": done.version,
        "changed": done.changed,
    }

    def text(console: Console) -> None:
        if done.agency:
            console.print(
                face.say(
                    f"√ 已收下 {done.agency} 的公钥，指纹 {done.fingerprint}",
                    f"√ Keys of {done.agency} taken in, fingerprint {done.fingerprint}",
                )
            )
            console.print(
                face.say(
                    "  电话核对指纹无误后执行 gateway trust sign", "  Compare the fingerprint on the phone, then run gateway trust sign"
                )
            )
            return
        console.print(face.say(f"√ 信任名单第 {done.version} 版", f"√ Trust list version {done.version}"))
        if done.pinned:
            console.print(
                face.say(
                    f"  首次导入，已固定县根，指纹 {done.fingerprint}，请电话核对",
                    f"  First import: root pinned, fingerprint {done.fingerprint}; compare it on the phone",
                )
            )

    face.answer(document, text)
    return 0


def _trust_sign(face: Face) -> int:
    from gateway.app import trust as use

    made = use.sign_list(office(face), actor())
    _file(made.file)
    face.note(f"县根指纹 {made.fingerprint}", f"Root fingerprint {made.fingerprint}")
    return 0


def _trust_show(face: Face) -> int:
    from gateway.app import trust as use

    shown = use.show(office(face))
    agencies = [{"agency": a.agency, "listed": a.listed, "fingerprint": a.fingerprint, "prekeys": list(a.months)} for a in shown.agencies]
    document = {"root": shown.root, "version": shown.version, "expires": shown.expires, "agencies": agencies}

    def text(console: Console) -> None:
        if shown.root is None:
            console.print(face.say("还没有导入信任名单", "No trust list imported yet"))
            return
        console.print(
            face.say(
                f"县根 {shown.root}\n信任名单第 {shown.version} 版，有效至 {shown.expires}",
                f"Root {shown.root}\nTrust list version {shown.version}, valid to {shown.expires}",
            )
        )
        rows = [(a.agency, "√" if a.listed else "…", a.months[-1] if a.months else "–") for a in shown.agencies]
        table(rows, (face.say("单位", "agency"), face.say("在名单", "listed"), face.say("收件公钥至", "keys until")))(console)

    face.answer(document, text)
    return 0
