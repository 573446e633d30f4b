"""Making a home."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway import config, lock
from gateway.app import trust
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.config import HomeConfig
from gateway.state.database import create_schema, is_unused, set_owner


@dataclass(frozen=True, slots=True)
class Created:
    """A home.

    Attributes:
        fingerprint: of its card, to be read out on the phone.
        new: False when it was there already, as a killed `init` may have left it.
    """

    agency: str
    county: str
    carrier: str
    fingerprint: str
    new: bool


def create(office: Office, actor: Actor) -> Created:
    """`init`: configuration last, so that a home exists wholly or not at all; what a killed `init` left is used again.

    The same `init` once more changes nothing.

    Raises:
        ExchangeError: E-HOME-EXISTS, it is another agency's home or has another carrier; E-HOME-REMAINS, a home lies there whose
            configuration is gone; E-DISK.
    """
    with lock.held(office.place, "init"):
        new = not is_there(office.place, office.config)
        if new:
            try:
                _make(office, actor)
            except OSError as error:
                raise ExchangeError("E-DISK", why=error.strerror or type(error).__name__) from error
    return Created(office.agency.code, office.agency.county, office.config.carrier, trust.export_card(office).fingerprint, new)


def is_there(place: Path, wanted: HomeConfig) -> bool:
    """Whether the very home that is wanted stands there.

    Raises:
        ExchangeError: E-HOME-EXISTS, another one does; E-HOME-CONFIG.
    """
    if not (place / config.FILE).exists():
        return False
    found = config.read(place)
    if found != wanted:
        raise ExchangeError("E-HOME-EXISTS", home=str(place), agency=found.agency.code)
    return True


def _make(office: Office, actor: Actor) -> None:
    _check_bare(office.place)
    config.sync_directory(office.place.parent)  # the home's own name
    office.engine.dispose()
    for left in ("state.db", "state.db-wal", "state.db-shm"):
        (office.place / left).unlink(missing_ok=True)
    for shelf in ("vault", "outbox", "inbox"):
        shutil.rmtree(office.place / shelf, ignore_errors=True)
        (office.place / shelf).mkdir()
    founds = office.agency.code == trust.REGISTRY_AGENCY
    trust.make_keys(office.keys, registry=founds)
    with office.unit(actor) as work:
        create_schema(work.connection)
        set_owner(work.connection, str(office.agency), office.keys.id)
        work.record("home.created", agency=str(office.agency))
        if founds:
            trust.found_county(office, work)
    trust.export_card(office)  # makes the keys of the months to come, which belong to a whole home
    config.write(office.place, office.config)


def _check_bare(place: Path) -> None:
    """Return if nothing lies there that `init` would destroy: a killed `init` leaves empty shelves and a database nobody used.

    Raises:
        ExchangeError: E-HOME-REMAINS.
    """
    shelves = [place / shelf for shelf in ("vault", "outbox", "inbox")]
    if any(shelf.exists() and (not shelf.is_dir() or any(shelf.iterdir())) for shelf in shelves) or not is_unused(place):
        raise ExchangeError("E-HOME-REMAINS", home=str(place))


def configuration(agency: str, county: str, carrier: str | None, here: Path) -> HomeConfig:
    """The configuration that `init` was asked for.

    Raises:
        ExchangeError: E-AGENCY, E-CARRIER-URL.
    """
    return HomeConfig(AgencyId(county, agency), config.absolute_carrier(carrier, here) if carrier else "")
