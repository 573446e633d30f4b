"""The month's own checks in JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from gateway.cli import words
from gateway.cli.face import Face

if TYPE_CHECKING:
    from gateway.app.monthcheck import Difference, ListCheck, MonthCheck

_SHOWN = 6
"""Changed fields that are named on a terminal, those with most changes."""


def documents(face: Face, found: MonthCheck | None) -> dict[str, object]:
    """`checks` and `warnings`, to stand beside what a command answers."""
    if found is None:
        return {"checks": [], "warnings": []}
    return {
        "checks": [_document(each) for each in found.lists],
        "warnings": [words.finding_document(face, each) for each in found.warnings],
    }


def _document(check: ListCheck) -> dict[str, object]:
    return {
        "list": check.list,
        "period": str(check.period),
        "state": check.state,
        "accepted": check.accepted,
        "held": check.held,
        "towns_missing": list(check.towns),
        "difference": _difference(check.difference) if check.difference else None,
        "falls": [
            {"category": each.category, "town": each.town, "before": each.before, "now": each.now, "percent": each.percent}
            for each in check.falls
        ],
        "growths": [
            {"category": each.category, "before": each.before, "now": each.now, "percent": each.percent} for each in check.growths
        ],
    }


def _difference(found: Difference) -> dict[str, object]:
    return {
        "before": found.before,
        "now": found.now,
        "new": found.new,
        "gone": found.gone,
        "changed": found.changed,
        "held": found.held,
        "mended": found.mended,
        "renumbered": found.renumbered,
        "waiting": found.waiting,
        "fields": dict(found.fields),
        "lost": list(found.lost),
    }


def show(face: Face, console: Console, found: MonthCheck | None, *, named: bool) -> None:
    """Each list's difference, then what somebody should look at; `named` puts the list before it."""
    if found is None:
        return
    for each in found.lists:
        if each.difference is not None:
            console.print("  " + (f"{each.list}  " if named else "") + _in_words(face, each), markup=False)
    for finding in found.warnings:
        words.warning(face, console, finding)


def _in_words(face: Face, check: ListCheck) -> str:
    found = check.difference
    if found is None:
        return ""
    from gateway.app.monthcheck import header

    fields = [f"{header(check.list, name)} {count:,}" for name, count in list(found.fields.items())[:_SHOWN]]
    rest = len(found.fields) - _SHOWN
    which = face.say("、", ", ").join(fields) + (face.say(f" 等 {len(found.fields)} 项", f" and {rest} more") if rest > 0 else "")
    parts = [
        (found.new, face.say("新增", "new")),
        (found.gone, face.say("减少", "gone")),
        (found.held, face.say("本月暂缓", "held now")),
        (found.mended, face.say("上月暂缓、本月已改好", "held then, good now")),
        (found.waiting, face.say("待乡镇报送", "of towns still to come")),
        (found.changed, face.say("变更", "changed")),
    ]
    told = face.say("，", ", ").join(f"{what} {count:,}" for count, what in parts if count) or face.say("没有变化", "nothing has changed")
    told += face.say(f"（{which}）", f" ({which})") if which else ""
    month = check.period.previous
    return face.say(f"与上月（{month}，{found.before:,} 行）相比：{told}", f"against {month} ({found.before:,} rows): {told}")
