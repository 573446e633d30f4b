"""What the tests of months have in common: lists in, editions out, and what a partner sees of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.e2e import tables
from tests.e2e.conftest import RURAL
from tests.e2e.desk import Desk, Said
from tests.e2e.tables import Cells, Person
from tests.e2e.traces import rows

MEDICAL = "medical-insurance"
PERSONS = "assistance-persons"
SINK = "sqlite:///med.db"


def offer(desk: Desk, name: str, who: Iterable[Person | Cells], month: str, *more: str) -> Said:
    """Import a roster of rural dibao into civil affairs' home, however that ends."""
    tables.roster(desk.folder / name, who)
    return desk.say("ca", "import", name, "--as", RURAL, "--period", month, *more)


def keep(desk: Desk, name: str, who: Iterable[Person | Cells], month: str, *more: str) -> None:
    """The same; it must be kept."""
    said = offer(desk, name, who, month, *more)
    assert said.exit == 0, said


def publish(desk: Desk, month: str, *more: str, feed: str = PERSONS, to: str = MEDICAL) -> dict[str, Any]:
    """Publish a feed; the edition for one recipient as `publish --json` says it."""
    sent = desk.ask("ca", "publish", "--period", month, "--feed", feed, *more)["editions"]
    return next(each for each in sent if each["to"] == to)


def collect(desk: Desk, home: str = "med", sink: str = SINK) -> list[tuple[str, str, int]]:
    """Collect; (month, result, rows) of each edition. Nothing may be refused."""
    done = desk.ask(home, "collect", "--sink", sink)
    assert done["refused"] == []
    return [(each["period"], each["result"], each["rows"]) for each in done["collected"]]


def seen(desk: Desk, home: str = "med") -> dict[str, bool]:
    """ID number -> whether it is unconfirmed, of the partner's current view."""
    found = rows(desk.folder / f"{home}.db", "SELECT id_number, _unconfirmed FROM assistance_persons_current")
    assert len(found) == len({number for number, _ in found}), "somebody stands twice"
    return {str(number): bool(unconfirmed) for number, unconfirmed in found}


def seen_in(database: Path, month: str) -> set[str]:
    """ID numbers that a partner's table holds of one month, current or not."""
    return {str(number) for (number,) in rows(database, f"SELECT id_number FROM assistance_persons WHERE _period = '{month}'")}  # noqa: S608 (a month)


def numbers(who: Iterable[Person]) -> set[str]:
    return {each.number for each in who}


def doubtful(desk: Desk, home: str = "med") -> set[str]:
    """ID numbers that the partner keeps unconfirmed."""
    return {number for number, unconfirmed in seen(desk, home).items() if unconfirmed}
