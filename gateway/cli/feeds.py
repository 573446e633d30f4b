"""`feeds`: the catalogue of duties, and who sees what."""

from __future__ import annotations

from cyclopts import App
from rich.console import Console

from gateway.cli.face import Face, table


def feeds(face: Face) -> App:
    """The command with its own commands."""
    catalogue = App(name="feeds", help=face.say("数据项目录", "The catalogue of feeds"))

    @catalogue.command(name="list", help=face.say("全部数据项", "All feeds"))
    def list_() -> int:
        from contracts.feeds import load_feeds

        found = load_feeds().values()
        document = {
            "feeds": [
                {"feed": f.name, "from": f.sender, "to": list(f.recipients), "kind": f.kind, "grain": f.grain, "duties": list(f.duties)}
                for f in found
            ]
        }
        rows = [(f.name, face.say(f.title_zh, f.title_en), f.sender, " ".join(f.recipients), f.kind) for f in found]
        heads = (
            face.say("数据项", "feed"),
            face.say("名称", "title"),
            face.say("发送", "from"),
            face.say("接收", "to"),
            face.say("种类", "kind"),
        )
        face.answer(document, table(rows, heads))
        return 0

    @catalogue.command(name="show", help=face.say("一个数据项：谁看到什么、为什么", "One feed: who sees what, and why"))
    def show(feed: str, /) -> int:
        from contracts.feeds import find_feed

        found = find_feed(feed)
        document: dict[str, object] = {
            "feed": found.name,
            "title": {"zh": found.title_zh, "en": found.title_en},
            "from": found.sender,
            "kind": found.kind,
            "grain": found.grain,
            "clause": found.clause,
            "sources": list(found.sources),
            "due_day": found.due_day,
            "views": [view.document for view in found.views],
        }

        def text(console: Console) -> None:
            console.print(f"{found.name}  {face.say(found.title_zh, found.title_en)}\n{found.clause}")
            for view in found.views:
                console.print(f"\n→ {view.to}  {face.say(view.purpose_zh, view.purpose_en)}")
                console.print("  " + "  ".join(f"{f.name}[{f.mask}]" if f.mask else f.name for f in view.fields), markup=False)

        face.answer(document, text)
        return 0

    return catalogue
