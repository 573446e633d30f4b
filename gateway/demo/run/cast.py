"""The seven agencies of the demonstration, each with its own home and keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway import bootstrap
from gateway.app import setup, trust
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.demo.run.mail import Mail

COUNTY = "522722"
CIVIL = "civil-affairs"
RURAL = "rural-revitalization"
SINKS: Mapping[str, str] = {
    "education": "xlsx:{sinks}/education",
    "hrss": "csv:{sinks}/hrss",
    "housing": "sqlite:///{sinks}/housing.db",
    "emergency": "parquet:{sinks}/emergency",
    "medical-insurance": "sqlite:///{sinks}/medical-insurance.db",
    RURAL: "sqlite:///{sinks}/rural-revitalization.db",
}
"""Where each partner's rows go: one of each kind, as partners are."""

CLERKS: Mapping[str, str] = {CIVIL: "韦科员", RURAL: "覃科员"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The homes under one folder.

    Attributes:
        root: holds `homes/AGENCY`, `sinks`, `files` and, where that is the way between them, the shared folder `mail`.
    """

    root: Path
    mail: Mail

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def sinks(self) -> Path:
        return self.root / "sinks"

    @property
    def agencies(self) -> tuple[str, ...]:
        return (CIVIL, *SINKS)

    def home(self, agency: str) -> Path:
        return self.root / "homes" / agency

    def office(self, agency: str) -> Office:
        """An agency's home, opened as its own program would."""
        return bootstrap.open_office(self.home(agency))

    def sink(self, agency: str) -> str:
        return SINKS[agency].format(sinks=self.sinks)


def actor(agency: str) -> Actor:
    """The clerk of an agency."""
    return Actor(CLERKS.get(agency, f"{agency}-clerk"), frozenset({"clerk", "reviewer"}))


def found(root: Path, mail: Mail, step: Callable[[], None], random: Callable[[int], bytes] = os.urandom) -> Cast:
    """Make seven homes that know each other's keys, as the smallest real set-up does: cards in, trust list out.

    Args:
        step: called after each agency, and when the mail is ready.
    """
    cast = Cast(root, mail)
    for folder in (cast.sinks, cast.files, root / "homes"):
        folder.mkdir(parents=True)
    for agency in cast.agencies:
        configuration = setup.configuration(agency, COUNTY, mail.url, root)
        setup.create(bootstrap.new_office(cast.home(agency), configuration, random=random), actor(agency))
        step()
    civil = cast.office(CIVIL)
    for agency in SINKS:
        trust.import_file(civil, actor(CIVIL), trust.export_card(cast.office(agency)).file)
    listed = trust.sign_list(civil, actor(CIVIL)).file
    mail.prepare(civil, actor(CIVIL))
    step()
    for agency in SINKS:
        trust.import_file(cast.office(agency), actor(agency), listed)
    return cast
