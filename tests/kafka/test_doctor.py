"""`gateway doctor` on a cluster: brokers, topics, permissions, what is unread, the clock, one's own certificate."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway import bootstrap
from gateway.app import checkup
from gateway.app.check import Check
from tests.kafka.county import County
from tests.kafka.secured import Secured

COUNTY = "522725"


@pytest.fixture
def county(province: Secured, tmp_path: Path) -> County:
    made = County(tmp_path, province, COUNTY)
    made.make()
    return made


def checks(county: County, agency: str = "education", at: datetime | None = None) -> list[Check]:
    home = county.root / agency
    when = at or datetime.now(UTC)
    return list(checkup.examine(home, lambda: bootstrap.open_office(home, clock=lambda: when, environment={})))


def codes(found: list[Check], what: str) -> list[str | None]:
    return [check.finding.code if check.finding else None for check in found if check.what == what]


def test_a_home_on_a_cluster_from_its_first_day_on(county: County) -> None:
    assert county.call("civil-affairs", "topics", "apply", "--credentials", str(county.admin), "--replication", "1")[0] in {0, 5}
    assert county.call("civil-affairs", "sync")[0] == 0
    found = checks(county)
    assert codes(found, "carrier") == [None]
    assert codes(found, "brokers") == [None]
    assert codes(found, "topics") == ["W-KAFKA-UNREAD"], "civil affairs has posted its keys and the trust list"
    assert county.call("education", "sync")[0] == 0
    found = checks(county)
    assert [(check.state, check.fact) for check in found if check.what == "topics"] == [("ok", "10")]
    early = checks(county, at=datetime.now(UTC) - timedelta(hours=1))
    assert "E-CLOCK-BACK" in codes(early, "clock")
    code, told = county.call("education", "doctor")
    assert code == 0
    assert [each["state"] for each in told["checks"] if each["check"] in {"brokers", "topics"}] == ["ok", "ok"]


def test_ones_own_files_and_name_are_looked_at(county: County, province: Secured) -> None:
    county.sign_in("education", "somebody-else")
    (county.root / "education" / "kafka" / "somebody-else.key").chmod(0o644)
    found = codes(checks(county), "brokers")
    assert {"W-KAFKA-NAME", "W-KAFKA-OPEN"} <= {*found}
    faults = [check for check in checks(county) if check.what == "topics" and check.state == "fault"]
    assert {check.finding.code for check in faults if check.finding} == {"E-KAFKA-PERMISSION"}
    wanted = {("READ", "secured.v1.package.assistance-persons.education"), ("WRITE", "secured.v1.receipt.education.civil-affairs")}
    assert wanted <= {(check.finding.facts["operation"], check.finding.facts["topic"]) for check in faults if check.finding}

    certificate, key = province.authority.issue(f"{COUNTY}-education", ends=timedelta(20))
    for file in (certificate, key):
        shutil.copy(file, county.root / "education" / "kafka" / f"somebody-else{file.suffix}")
    assert codes(checks(county), "brokers") == ["W-KAFKA-CERT-SOON", None]

    province.authority.issue("old", begins=timedelta(-9), ends=timedelta(-1))
    (county.root / "education" / "gateway.toml").write_text(
        f'[home]\nagency = "{COUNTY}/education"\ncarrier = "{county.url}"\n'
        f"[kafka]\nca = {json.dumps(str(province.authority.file))}\n"
        f"certificate = {json.dumps(str(province.authority.folder / 'old.pem'))}\n"
        f"key = {json.dumps(str(province.authority.folder / 'old.key'))}\n"
    )
    assert codes(checks(county), "carrier") == ["E-KAFKA-CERT-EXPIRED"]
    assert codes(checks(county), "brokers") == ["E-KAFKA-CERT-EXPIRED", "E-KAFKA-CERT-EXPIRED"]


def test_a_home_that_has_no_certificate_yet_is_told_what_to_do(county: County) -> None:
    settings = county.root / "education" / "gateway.toml"
    settings.write_text(settings.read_text().split("[kafka]")[0])
    code, told = county.call("education", "doctor")
    assert code == 4
    assert {each["code"] for each in told["checks"] if each["check"] in {"carrier", "brokers"}} == {"E-KAFKA-SECURITY"}


def test_nobody_there_is_one_fault_and_the_rest_goes_on(county: County) -> None:
    settings = county.root / "education" / "gateway.toml"
    ports = ",".join(county.province.servers())
    settings.write_text(settings.read_text().replace(ports, "127.0.0.1:1"))
    found = checks(county)
    assert codes(found, "carrier") == ["E-CARRIER-REACH"]
    assert codes(found, "brokers") == ["E-CARRIER-REACH"]
    assert codes(found, "disk") == [None]
