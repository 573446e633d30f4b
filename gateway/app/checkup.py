"""doctor: is everything as it should be to work this month, and the next? Changes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from contracts.ids import AgencyId
from gateway import ledger
from gateway.app import catching_up, gaps
from gateway.app.check import Check, State, What, fault, told
from gateway.app.checkup_cluster import cluster_checks
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.state import arrivals, editions
from gateway.state.unit import stamp
from security.trust.prekeys import AHEAD, sealing_month
from security.trust.trust import Trust

CLOCK_TOLERANCE = timedelta(minutes=5)
TRUST_SOON = timedelta(days=7)
DISK_FAULT, DISK_NOTICE = 200 << 20, 2 << 30
"""Bytes free below which nothing can be kept, and below which someone should make room."""


def examine(place: Path, open_office: Callable[[], Office]) -> tuple[Check, ...]:
    """`doctor`: every check, whatever the others find.

    Args:
        open_office: opens the home at `place`; when it refuses, that is the first fault and what needs an open home is left out.
    """
    try:
        office = open_office()
    except ExchangeError as error:
        of_keys = error.entry.exit == 6 and error.code.split("-")[1] in {"STORE", "PASSPHRASE", "KEY"}
        what: What = "keys" if of_keys else "home"
        return (fault(what, error), *_disk(place))
    checks = [*_home(place, office), *_keys(office), *_carrier(office), *cluster_checks(office)]
    try:
        with office.reading() as connection:
            at = office.clock()
            trust = believed(connection, at)
            checks += [*_clock(connection, trust, at), *_trust(office, trust, at)]
            checks += [*_prekeys(office, trust, at), *_partners(office, trust, at), *_work(connection)]
    except ExchangeError as error:
        checks.append(fault("trust", error))
    return (*checks, *_disk(place))


def _home(place: Path, office: Office) -> Iterator[Check]:
    if place.stat().st_mode & 0o077:
        yield told("home", "notice", "W-HOME-OPEN", str(office.agency), home=str(place))
    else:
        yield Check("home", "ok", str(office.agency))


def _keys(office: Office) -> Iterator[Check]:
    if office.keys.locked:
        yield Check("keys", "ok", "passphrase")
    else:
        yield Check("keys", "ok", "permissions")


def _carrier(office: Office) -> Iterator[Check]:
    try:
        carrier = office.connect()
        try:
            health = carrier.probe()
        finally:
            carrier.close()
    except ExchangeError as error:
        yield fault("carrier", error)
        return
    if health.foreign:
        yield told("carrier", "notice", "W-CARRIER-FOREIGN", health.place, count=health.foreign, place=health.place)
    else:
        yield Check("carrier", "ok", health.place)


def _clock(connection: Connection, trust: Trust, at: datetime) -> Iterator[Check]:
    """What this home has signed and believed is not of the future."""
    size = ledger.size(connection)
    last = next((json.loads(entry.body)["at"] for entry in ledger.entries(connection, max(0, size - 1))), "")
    signed = stamp(trust.newest.document.created) if trust.lists else ""
    seen = max(last, signed)
    if seen > stamp(at + CLOCK_TOLERANCE):
        yield told("clock", "fault", "E-CLOCK-BACK", stamp(at), now=stamp(at), seen=seen)
    else:
        yield Check("clock", "ok", stamp(at))


def _trust(office: Office, trust: Trust, at: datetime) -> Iterator[Check]:
    if not trust.lists:
        yield fault("trust", ExchangeError("E-TRUST-NONE"))
        return
    expires = trust.newest.document.expires
    day = expires.date().isoformat()
    if at >= expires:
        yield told("trust", "fault", "E-TRUST-EXPIRED", day, expires=day)
    elif office.agency not in trust.newest.agencies():
        yield told("trust", "fault", "E-TRUST-UNLISTED", day, agency=office.agency.code)
    elif expires - at < TRUST_SOON:
        yield told("trust", "notice", "W-TRUST-SOON", day, days=(expires - at).days, expires=day)
    else:
        yield Check("trust", "ok", day)


def _prekeys(office: Office, trust: Trust, at: datetime) -> Iterator[Check]:
    """The keys others seal to, posted for this month and some ahead."""
    mine = trust.prekeys.get(office.agency)
    month = sealing_month(at)
    months = sorted(mine.document.months) if mine else []
    last = str(months[-1]) if months else "-"
    if month not in months:
        yield told("prekeys", "fault", "E-PREKEYS-OUT", last, month=str(month))
    elif months[-1] < month.shift(AHEAD):
        yield told("prekeys", "notice", "W-PREKEYS-SHORT", last, last=last)
    else:
        yield Check("prekeys", "ok", last)


def _partners(office: Office, trust: Trust, at: datetime) -> Iterator[Check]:
    """The keys this home needs to seal to its recipients, now and next month."""
    wanted = sorted({to for feed in load_feeds().values() if feed.sender == office.agency.code for to in feed.recipients})
    month = sealing_month(at)
    without: dict[str, str] = {}
    for code in wanted:
        found = trust.prekeys.get(AgencyId(office.agency.county, code))
        lacking = [each for each in (month, month.shift(1)) if found is None or each not in found.document.months]
        if lacking:
            without[code] = str(lacking[0])
    if without:
        yield told(
            "partners", "notice", "W-PARTNER-KEYS", str(len(without)), agencies=", ".join(sorted(without)), month=min(without.values())
        )
    elif wanted:
        yield Check("partners", "ok", str(len(wanted)))


def _work(connection: Connection) -> Iterator[Check]:
    """What a run has left to do."""
    waiting = len(editions.listed(connection, state="sealed"))
    unloaded = len(arrivals.in_state(connection, "received"))
    holes = gaps.among(arrivals.everything(connection))
    if catching_up.is_pending(connection):
        yield told("work", "notice", "W-COLLECT-CUT")
    if waiting:
        yield told("work", "notice", "W-OUTBOX", str(waiting), count=waiting)
    if unloaded:
        yield told("work", "notice", "W-INBOX", str(unloaded), count=unloaded)
    for hole in holes:
        yield told("work", "notice", "W-GAP", "", sender=hole.sender, feed=hole.feed, first=hole.first, last=hole.last)
    if not (waiting or unloaded or holes or catching_up.is_pending(connection)):
        yield Check("work", "ok")


def _disk(place: Path) -> Iterator[Check]:
    there = next((each for each in (place, *place.absolute().parents) if each.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    size = f"{free / (1 << 30):.1f} GiB"
    if free < DISK_NOTICE:
        state: State = "fault" if free < DISK_FAULT else "notice"
        yield told("disk", state, "E-DISK-FULL" if state == "fault" else "W-DISK", size, free=size, home=str(place))
    else:
        yield Check("disk", "ok", size)
