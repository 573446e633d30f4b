"""A broker whose own certificate has run out: everybody is told that it is its operator's to renew, and nothing here is to be changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway import bootstrap
from gateway.app import checkup
from gateway.carriers.kafka.admin import KafkaCluster
from gateway.carriers.kafka.carrier import KafkaCarrier
from gateway.carriers.kafka.security import Address
from gateway.carriers.kafka.security_diagnosis import diagnose, knock
from gateway.carriers.kafka.topics_plan import plan
from tests.conformance.items import package
from tests.kafka.certificates import DAY
from tests.kafka.county import County
from tests.kafka.secured import COUNTY, FEEDS, MEMBERS, NAMES, Secured, now

CIVIL = AgencyId(COUNTY, "civil-affairs")


def theirs(error: ExchangeError | None, server: str) -> bool:
    return error is not None and (error.code, error.facts) == (
        "E-KAFKA-CERT-BROKER", {"server": server, "day": (datetime.now(UTC) - DAY).date().isoformat()})


def test_whoever_asks_is_told_whose_it_is_and_since_when(province: Secured) -> None:
    [stale], [good] = province.servers("STALE"), province.servers()
    security = province.by_certificate(str(CIVIL).replace("/", "-"))
    assert theirs(knock(stale, security), stale)
    assert theirs(diagnose([stale, "127.0.0.1:1"], security, now()), stale)
    assert diagnose([good, stale], security, now()) is None, "one is enough"
    assert theirs(diagnose([good, stale], security, now(), each=True), stale), "unless something has failed"
    carrier = KafkaCarrier(Address((stale,), NAMES, plaintext=False), security, CIVIL)
    for act in (lambda: carrier.post([package("kept")]), lambda: list(carrier.poll(None)), carrier.probe):
        with pytest.raises(ExchangeError) as told:
            act()
        assert theirs(told.value, stale)
    carrier.close()
    with pytest.raises(ExchangeError) as told:
        KafkaCluster((stale,), province.by_certificate("admin"), now).observe(plan(NAMES, FEEDS, MEMBERS, replication=1))
    assert theirs(told.value, stale)


def test_doctor_says_it_and_finds_nothing_wrong_with_ones_own(province: Secured, tmp_path: Path) -> None:
    county = County(tmp_path, province, "522726")
    county.make()
    [stale], [good] = province.servers("STALE"), province.servers()
    settings = tmp_path / "education" / "gateway.toml"
    settings.write_text(settings.read_text().replace(good, stale))
    found = [check for check in checkup.examine(tmp_path / "education", lambda: bootstrap.open_office(
        tmp_path / "education", clock=lambda: datetime.now(UTC), environment={})) if check.what in {"carrier", "brokers"}]
    assert [(check.state, check.finding.code if check.finding else None) for check in found] == [("fault", "E-KAFKA-CERT-BROKER")] * 2
    text = county.said("education", "doctor")
    assert "administrator" in text
    assert stale in text
