"""The county's towns and villages, from the AREA_TABLEs imported."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from contracts.codes.areas import AreaTable
from contracts.ids import Period
from gateway.state.tables import area

_TOWN_DIGITS = 9


def keep(connection: Connection, period: Period, table: AreaTable) -> bool:
    """Replace the county's divisions from a month on; True when that changes anything."""
    body = table.to_json()
    if connection.scalar(select(area.c.body).where(area.c.period == str(period))) == body:
        return False
    connection.execute(
        insert(area).values(period=str(period), body=body).on_conflict_do_update(index_elements=["period"], set_={"body": body})
    )
    return True


def of(connection: Connection, period: Period | None) -> AreaTable | None:
    """The table valid in a month: the newest one of that month or before, else the oldest there is; the newest for no month."""
    stored = list(connection.execute(select(area).order_by(area.c.period)))
    if not stored:
        return None
    by_then = [row for row in stored if period is None or row.period <= str(period)]
    return AreaTable.from_json((by_then[-1] if by_then else stored[0]).body)


def towns(connection: Connection, period: Period) -> dict[str, str]:
    """Town code (9 digits) -> town name; empty without a table."""
    table = of(connection, period)
    return {} if table is None else {code[:_TOWN_DIGITS]: name for code, name in table.towns.items()}
