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
from gateway.state.database import create_schema, set_owner


@dataclass(frozen=True, slots=True)
class Created:
    """A new home.

    Attributes:
        fingerprint: of its card, to be read out on the phone.
    """

    agency: str
    county: str
    carrier: str
    fingerprint: str


def create(office: Office, actor: Actor) -> Created:
    """`init`: configuration last, so that a home exists wholly or not at all; what a killed `init` left is used again.

    Raises:
        ExchangeError: E-HOME-EXISTS; E-DISK.
    """
    agency = office.agency
    with lock.held(office.place, "init"):
        if (office.place / config.FILE).exists():
            raise ExchangeError("E-HOME-EXISTS", home=office.place.name, agency=config.read(office.place).agency.code)
        try:
            for left in ("state.db", "state.db-wal", "state.db-shm"):
                (office.place / left).unlink(missing_ok=True)
            for shelf in ("vault", "outbox", "inbox"):
                shutil.rmtree(office.place / shelf, ignore_errors=True)
                (office.place / shelf).mkdir()
            founds = agency.code == trust.REGISTRY_AGENCY
            trust.make_keys(office.keys, registry=founds)
            with office.unit(actor) as work:
                create_schema(work.connection)
                set_owner(work.connection, str(agency), office.keys.id)
                work.record("home.created", agency=str(agency))
                if founds:
                    trust.found_county(office, work)
            config.write(office.place, office.config)
        except OSError as error:
            raise ExchangeError("E-DISK", why=error.strerror or type(error).__name__) from error
    return Created(agency.code, agency.county, office.config.carrier, trust.export_card(office).fingerprint)


def configuration(agency: str, county: str, carrier: str | None, here: Path) -> HomeConfig:
    """The configuration that `init` was asked for.

    Raises:
        ExchangeError: E-AGENCY, E-CARRIER-URL.
    """
    return HomeConfig(AgencyId(county, agency), config.absolute_carrier(carrier, here) if carrier else "")
