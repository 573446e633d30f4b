"""The composition root: the one place that wires ports to adapters."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from contracts.errors import ExchangeError
from gateway import config
from gateway.app import setup
from gateway.app.office import Office
from gateway.carriers.kafka.admin_brokers import HomeBrokers
from gateway.carriers.opening import check_url, open_carrier
from gateway.carriers.port import Carrier
from gateway.config import HomeConfig
from gateway.state.database import check_owner, check_schema, check_there, open_database, upgrade
from gateway.state.unit import reading
from security.keystore.files import FileKeyStore
from security.trust import own

KEYS = "keys"


def open_office(
    place: Path,
    *,
    clock: Callable[[], datetime] | None = None,
    random: Callable[[int], bytes] = os.urandom,
    environment: Mapping[str, str] | None = None,
) -> Office:
    """Open an existing home.

    Raises:
        ExchangeError: E-HOME-NONE, E-HOME-CONFIG, E-HOME-OTHER, E-STATE-*, E-STORE, and what the key store raises.
    """
    found = config.read(place)
    check_there(place)
    engine = open_database(place)
    with reading(engine) as connection:
        outdated = check_schema(connection)
    if outdated:
        upgrade(engine)
    keys = FileKeyStore.open(place / KEYS, passphrase(environment if environment is not None else os.environ), random)
    with reading(engine) as connection:
        check_owner(connection, str(found.agency), keys.id)
    own.check_there(keys)
    return wire(place, found, keys, clock or utc_now, random)


def new_office(
    place: Path,
    found: HomeConfig,
    *,
    clock: Callable[[], datetime] | None = None,
    random: Callable[[int], bytes] = os.urandom,
    environment: Mapping[str, str] | None = None,
) -> Office:
    """An office over a home that `setup.create` is about to make; its key store is made here or, after a killed `init`, found.

    Raises:
        ExchangeError: E-CARRIER-URL; E-HOME-EXISTS, another home is there; E-DISK; what `open_office` raises where the same one is.
    """
    if found.carrier:
        check_url(found.carrier)  # a home whose carrier nobody understands is not begun
    if setup.is_there(place, found):
        return open_office(place, clock=clock, random=random, environment=environment)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = FileKeyStore.ensure(place / KEYS, passphrase(environment if environment is not None else os.environ), random)
    except OSError as error:
        raise ExchangeError("E-DISK", why=error.strerror or type(error).__name__) from error
    return wire(place, found, keys, clock or utc_now, random)


def wire(place: Path, found: HomeConfig, keys: FileKeyStore, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> Office:
    """An office over an open key store; its database need not have a schema yet (`init`)."""

    def connect() -> Carrier:
        if not found.carrier:
            raise ExchangeError("E-CARRIER-NONE")
        return open_carrier(found.carrier, found.agency, found.kafka, place)

    brokers = HomeBrokers(found.carrier, found.kafka, place, found.agency, clock)
    engine = open_database(place)
    return Office(place=place, config=found, engine=engine, keys=keys, clock=clock, random=random, connect=connect, brokers=brokers)


def utc_now() -> datetime:
    return datetime.now(UTC)


def passphrase(environment: Mapping[str, str]) -> str | None:
    """The key store's passphrase from the file that GATEWAY_PASSPHRASE_FILE names; None where there is none.

    Raises:
        ExchangeError: E-PASSPHRASE-FILE, the file cannot be read.
    """
    name = environment.get("GATEWAY_PASSPHRASE_FILE")
    if not name:
        return None
    try:
        return Path(name).read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise ExchangeError("E-PASSPHRASE-FILE", why=error.strerror or type(error).__name__) from error
