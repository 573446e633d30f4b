"""`dead-letters`: what came and could not be used, with its place and the cause."""

from __future__ import annotations

from cyclopts import App
from rich.console import Console

from gateway.cli import words
from gateway.cli.face import Face
from gateway.cli.opening import office


def register(app: App, face: Face) -> None:
    """Add the command."""

    @app.command(name="dead-letters", help=face.say("收到而用不了的：在哪里、为什么", "What came and could not be used: where and why"))
    def dead_letters() -> int:
        from gateway.app import overview

        found = overview.dead_letters(office(face))
        document = {"dead_letters": [{"place": d.place, "code": d.code, "edition": d.edition, "at": d.at} for d in found]}

        def text(console: Console) -> None:
            if not found:
                console.print(face.say("没有用不了的", "Nothing was set aside"))
            for each in found:
                console.print(f"{each.at}  {each.place}", markup=False)
                words.refusal(face, console, each.edition, each.code)

        face.answer(document, text)
        return 0
