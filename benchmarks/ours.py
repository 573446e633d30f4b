"""Our own side: six real homes and a shared folder, driven through `gateway.app`, from sealed imports to posted and on to loaded.

The month's lists are sealed into civil affairs' home beforehand, as an import leaves them. Every timed run starts from the same
copy of the homes, opened beforehand as a running server has them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.job import FEEDS, PERIOD, feeds
from contracts.frames import ListFrames
from contracts.ids import AgencyId, Period
from gateway import bootstrap
from gateway.app import collecting, importing, publishing, setup, trust
from gateway.app.actor import Actor
from gateway.app.collecting import Collection
from gateway.app.importing import Order
from gateway.app.office import Office
from gateway.app.planning import Wish
from gateway.app.publishing import Published
from gateway.config import HomeConfig
from security.keystore.files import FileKeyStore

COUNTY = "522722"
SENDER = "civil-affairs"
CLERK = Actor("benchmark", frozenset({"clerk"}))


@dataclass(frozen=True, slots=True)
class Homes:
    """The homes of one county in a folder that can be put back to how it was.

    Attributes:
        root: holds `now`, the homes and their mail folder, and the saved copies.
    """

    root: Path

    @property
    def now(self) -> Path:
        return self.root / "now"

    @property
    def mail(self) -> Path:
        return self.now / "mail"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The departments of the job, in the order of its views."""
        return tuple(view.to for feed in feeds() for view in feed.views)

    def office(self, agency: str) -> Office:
        """An opened home."""
        return bootstrap.open_office(self.now / agency)

    def save(self, name: str) -> None:
        """Keep a copy of the homes as they are."""
        shutil.rmtree(self.root / name, ignore_errors=True)
        shutil.copytree(self.now, self.root / name)

    def restore(self, name: str) -> None:
        """Put the homes back as they were saved."""
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(self.root / name, self.now)

    def wire_bytes(self) -> int:
        """Bytes of everything in the mail folder."""
        return sum(path.stat().st_size for path in self.mail.rglob("*") if path.is_file())


def found(root: Path, months: Mapping[Period, Mapping[str, ListFrames]], county: str = COUNTY) -> Homes:
    """Homes that know each other's keys, with the lists of these months imported into civil affairs'; saved as `imported`."""
    homes = Homes(root)
    homes.mail.mkdir(parents=True)
    for agency in (SENDER, *homes.recipients):
        _create(homes, AgencyId(county, agency))
    _introduce(homes)
    sender = homes.office(SENDER)
    for period in sorted(months):
        _import(sender, months[period].values())
    sender.engine.dispose()
    homes.save("imported")
    return homes


def publish(office: Office, period: Period = PERIOD) -> Published:
    """The job: five editions sealed and posted."""
    return publishing.publish(office, CLERK, Wish(period, feeds=FEEDS))


def collect(offices: Iterable[tuple[str, Office]], sink: Path) -> list[Collection]:
    """Every department fetches, verifies, opens, loads into Parquet and answers."""
    sink.mkdir(parents=True)
    return [collecting.collect(office, CLERK, f"parquet:{sink / agency}") for agency, office in offices]


def _create(homes: Homes, agency: AgencyId) -> None:
    place = homes.now / agency.code
    place.mkdir()
    keys = FileKeyStore.create(place / bootstrap.KEYS, None, os.urandom)
    config = HomeConfig(agency, f"dir:{homes.mail.resolve()}")
    fresh = bootstrap.wire(place, config, keys, bootstrap.utc_now, os.urandom)
    setup.create(fresh, CLERK)
    fresh.engine.dispose()


def _introduce(homes: Homes) -> None:
    """Cards to civil affairs, the county's trust list back to everybody."""
    sender = homes.office(SENDER)
    offices = [homes.office(agency) for agency in homes.recipients]
    for office in offices:
        trust.import_file(sender, CLERK, trust.export_card(office).file)
    listed = trust.sign_list(sender, CLERK).file
    for office in offices:
        trust.import_file(office, CLERK, listed)
        office.engine.dispose()
    sender.engine.dispose()


def _import(office: Office, lists: Iterable[ListFrames]) -> None:
    with office.changing("import"), office.unit(CLERK) as work:
        for frames in lists:
            importing.keep_list(office, work, frames, Order(), sender=SENDER)
