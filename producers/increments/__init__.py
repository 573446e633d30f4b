"""Increments (新增名单, R11): who is new on rural dibao and tekun, for the monthly feed to rural revitalization (D1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from contracts.frames import ListFrames
from contracts.ids import Period
from producers.increments.exits import left
from producers.increments.kinds import RELATED, Evidence, left_related, with_change_type
from producers.increments.known import explained, known
from producers.increments.month import Month, absent, month_of, pick, present
from producers.increments.owed import Seal, entries, held_newcomers, settle
from producers.increments.result import Frames, Increments, nobody, stack

__all__ = ["CATEGORY", "Frames", "Increments", "increments", "nobody"]

Lists = Mapping[str, ListFrames]

CATEGORY = {"DIBAO_RURAL_PERSON": "DIBAO_RURAL", "TEKUN_PERSON": "TEKUN"}
CHANGES = {
    "change_type": pl.String, "category": pl.String, "name": pl.String, "id_number": pl.String, "old_id_number": pl.String,
    "head_id": pl.String, "old_place": pl.String, "exit_reason": pl.String,
}  # fmt: skip
REGISTER = {"id_number": pl.String, "name": pl.String, "head_id": pl.String, "cert_no": pl.String, "reason": pl.String}


@dataclass(frozen=True, slots=True)
class _Months:
    """Both months of every roster, what explains them, and the register of the owed."""

    before: Mapping[str, Month]
    now: Mapping[str, Month]
    last: Mapping[str, Month]
    skipped: Collection[str]
    period: Period
    exits: pl.DataFrame
    changes: pl.DataFrame
    owed: pl.DataFrame
    seal: Seal


def increments(
    base: Lists,
    current: Lists,
    period: Period,
    *,
    exits: Sequence[ListFrames] = (),
    changes: Sequence[ListFrames] = (),
    last: Lists = MappingProxyType({}),
    skipped: Collection[str] = (),
    owed: pl.DataFrame | None = None,
    seal: Seal = str,
) -> Increments:
    """Who is new in `current` (of `period`) against `base`, the imported rosters of the month before, accepted and held rows.

    The rosters decide who is new; exit register (`EXIT_REGISTER`) and change list (`CHANGE_LIST`) explain. Pure. A list that is
    missing in either month gives no increment and is named; what it is owed stays owed, and who came while it was missing is owed too.

    Args:
        last: of lists that `base` lacks, the last month before it that has them.
        skipped: lists that gave no increment the month before (its `missing`): of those somebody of the base may still be owed.
        owed: the register that last month's call returned; None in the first month of all.
        seal: keyed MAC over a key's text (the home's lasting key), so that the register holds no personal value.
    """
    register = [pick(frame, REGISTER) for e in exits for frame in (e.accepted, e.rejected)]
    said = [pick(c.accepted, CHANGES) for c in changes]
    months = _Months(
        _read(base), _read(current), _read(last), skipped, period, pl.concat([pl.DataFrame(schema=REGISTER), *register]),
        pl.concat([pl.DataFrame(schema=CHANGES), *said]), nobody() if owed is None else owed, seal,
    )  # fmt: skip
    both = [name for name in CATEGORY if name in months.before and name in months.now]
    waiting = replace(stack([]), owed=months.owed.filter(~pl.col("list").is_in(both)))
    behind = [name for name in CATEGORY if name in months.now and name not in months.before and name in months.last]
    frames = stack([waiting, *(_one_list(name, months) for name in both), *(_not_reported(name, months) for name in behind)])
    any_base = any(name in months.before for name in CATEGORY)
    return Increments("planned" if any_base else "no-base", frames, tuple(name for name in CATEGORY if name not in both))


def _read(lists: Lists) -> dict[str, Month]:
    return {name: month_of(lists[name]) for name in RELATED if name in lists and lists[name].state != "missing"}


def _not_reported(name: str, months: _Months) -> Frames:
    """A list that is there again: no increment, since the month before lacks it; who came meanwhile is owed, held or not."""
    base, current = months.last[name], months.now[name]
    evidence = Evidence(base, current, left_related(name, {**months.last, **months.before}, months.now), months.exits, months.changes)
    new = absent(current.accepted, base.accepted)
    new = absent(new, known(new, base, current, months.changes))
    come = with_change_type(pl.concat([new, held_newcomers(base, current)]), evidence)
    return replace(stack([]), owed=entries(name, str(months.period), come, months.seal))


def _one_list(name: str, months: _Months) -> Frames:
    base, current = months.before[name], months.now[name]
    evidence = Evidence(base, current, left_related(name, months.before, months.now), months.exits, months.changes)
    new = absent(current.accepted, base.accepted)
    why = known(new, base, current, months.changes)
    paying = current.accepted if name in months.skipped else new
    paid, still_owed = settle(name, months.owed, paying, months.seal)
    why = absent(why, present(why.filter(pl.col("why") == "BASE_ROW_HELD"), paid))
    late = absent(present(current.accepted, paid), pl.concat([new.select("id_number"), why.select("id_number")]))
    typed = with_change_type(pl.concat([absent(new, why), late]), evidence)
    typed = typed.join(paid, on="id_number", how="left", maintain_order="left").with_columns(
        pl.coalesce("since", pl.lit(str(months.period))).alias("since"),
        pl.when(pl.col("change_type") == "REINCLUDED")
        .then("change_type")
        .otherwise(pl.coalesce("owed_type", "change_type"))
        .alias("change_type"),
    )
    debt = with_change_type(held_newcomers(base, current), evidence)
    gone, not_gone = left(base, current, months.changes, months.exits)
    stayed = absent(explained(base, current, months.changes), pl.concat([why.select("id_number"), typed.select("id_number")]))
    fixed = [pl.lit(name).alias("list"), pl.lit(CATEGORY[name]).alias("category")]
    return Frames(
        rows=typed.with_columns(fixed),
        not_new=pl.concat([why, stayed]).with_columns(fixed),
        exits=gone.with_columns(fixed),
        held=not_gone.with_columns(fixed),
        owed=pl.concat([still_owed, entries(name, str(months.period), debt, months.seal)]),
    )
