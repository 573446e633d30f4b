"""`lists map`: how a file's headers are understood, and settling what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from gateway.cli.face import Face
from gateway.cli.opening import actor, office

if TYPE_CHECKING:
    from gateway.app.mapping import Column, Mapped, Understood

_WHY = {
    "exact": ("本表的表头", "the list's own header"),
    "settled": ("已确认", "confirmed"),
    "same": ("说法不同，意思相同", "other words for the same"),
    "loose": ("可能的说法，列中内容相符", "words that can mean it, and the values agree"),
}


def register(lists: App, face: Face) -> None:
    """Add the command to `lists`."""

    @lists.command(name="map", help=face.say("表头是怎样理解的；确认后记住", "How headers are understood; remember what is confirmed"))
    def map_(
        file: Path,
        /,
        *,
        as_: Annotated[str, Parameter(name="--as")],
        set_: Annotated[tuple[str, ...], Parameter(name="--set", negative=())] = (),
        confirm: Annotated[bool, Parameter(negative=())] = False,
    ) -> int:
        return _map(face, file, as_, set_, confirm)


def _map(face: Face, file: Path, as_: str, said: Sequence[str], confirm: bool) -> int:
    from gateway.app import mapping

    try:
        home = office(face)
    except ExchangeError as error:
        if error.code != "E-HOME-NONE" or confirm:
            raise
        home = None
    found = mapping.confirm(home, actor(), file, as_, said) if home and confirm else mapping.show(home, file, as_, said)
    face.answer(_document(found, file, as_), lambda console: _show(face, console, found, as_))
    return int(any(table.missing for table in found.tables))


def _document(found: Mapped, file: Path, as_: str) -> dict[str, object]:
    return {
        "file": str(file),
        "list": as_,
        "tables": [
            {"sheet": table.sheet, "missing": list(table.missing), "columns": [_column(column) for column in table.columns]}
            for table in found.tables
        ],
        "layout": f"sha256:{found.layout.digest}" if found.layout else None,
        "version": found.version,
    }


def _column(column: Column) -> dict[str, object]:
    reason = column.reason
    return {
        "cell": column.cell,
        "header": column.header,
        "field": reason.field if reason else None,
        "how": reason.how if reason else "not-carried" if not column.carried else "unknown",
        "fit": round(reason.fit, 2) if reason and reason.fit is not None else None,
        "could_be": [
            {"field": each.field, "how": each.how, "fit": round(each.fit, 2) if each.fit is not None else None} for each in column.could_be
        ],
    }


def _show(face: Face, console: Console, found: Mapped, as_: str) -> None:
    for table in found.tables:
        console.print(f"{as_}  {table.sheet}")
        for column in table.columns:
            console.print(f"  {column.cell:<6} {face.pad(column.header, 24)} {_said(face, column)}")
        _doubts(face, console, table)
    if found.version is not None:
        console.print(
            face.say(
                f"√ 已记住（第 {found.version} 版）；以后表头相同的文件都这样读",
                f"√ Remembered (version {found.version}); files with these headers are read so from now on",
            )
        )
    elif any(column.reason is None and column.could_be for table in found.tables for column in table.columns):
        console.print(face.say("  确认：加 --set 表头=字段 和 --confirm", "  To settle it add --set HEADER=FIELD and --confirm"))


def _said(face: Face, column: Column) -> str:
    reason = column.reason
    if reason is not None:
        fit = "" if reason.fit is None else face.say(f"，{reason.fit:.0%} 的值相符", f", {reason.fit:.0%} of the values fit")
        return f"→ {reason.field}  ({face.say(*_WHY[reason.how])}{fit})"
    return face.say("  认识，不需要", "  known, not needed") if not column.carried else face.say("× 不认识，不读", "× unknown, not read")


def _doubts(face: Face, console: Console, table: Understood) -> None:
    for column in table.columns:
        if column.reason is None and column.could_be:
            guesses = "、".join(each.field for each in column.could_be)
            console.print(face.say(f"  ? {column.header} 可能是 {guesses}", f"  ? {column.header} could be {guesses}"))
    for header in table.missing:
        console.print(face.say(f"  × 缺少必需的列：{header}", f"  × A needed column is missing: {header}"))
