"""Other people's programs on what is on a cluster: kcat lists topics and reads headers, avro-tools reads a chunk that was opened."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import fastavro
import pytest

from deploy.kafka.jars import KEPT, MissingError, check_tools
from gateway.app import opened as opening
from gateway.app import topics as use
from gateway.app.topics import Wanted
from gateway.app.trust import believed
from gateway.carriers.kafka.topics import PARTITIONS, partition
from gateway.state import arrivals
from security.chunk_rows import open_rows
from tests.kafka.brokers import absent
from tests.kafka.county import County
from tests.kafka.secured import FEEDS, NAMES, Secured
from tests.unit.gateway.app.offices import CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, persons

COUNTY = "522723"
ROWS = 40
TOPIC = NAMES.package("assistance-persons", EDU)
TOOLS = "avro-tools-1.12.0.jar"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"


@dataclass(frozen=True, slots=True)
class Month:
    """A month that went from civil affairs to education over the secured cluster.

    Attributes:
        chunk: the Avro file that education opened.
        schema: of its view, as the contract says it.
    """

    province: Secured
    chunk: bytes
    schema: str


@pytest.fixture(scope="module")
def month(province: Secured, tmp_path_factory: pytest.TempPathFactory) -> Month:
    county = County(tmp_path_factory.mktemp("interop"), province, COUNTY)
    county.make()
    offices = Offices(county.root, datetime.now(UTC))
    use.apply(offices.open(CIVIL), CLERK, Wanted(replication=1, credentials=county.admin))
    offices.keep(DIBAO, MARCH, persons(ROWS))
    offices.publish(MARCH, feeds=("assistance-persons",))
    offices.collect(EDU)
    office = offices.open(EDU)
    with office.reading() as connection:
        [entry] = arrivals.everything(connection)
        found = opening.open_arrival(office, believed(connection, office.clock()), entry)
    data = found.package.read(0)
    assert data is not None
    assert found.leaves is not None
    return Month(province, open_rows(data, found.verified, 0, found.leaves, office.keys.unwrap), json.dumps(found.view.schema))


def kcat(month: Month, *words: str) -> str:
    """What kcat prints to education. The test is skipped where there is none: apt-get install kcat."""
    if shutil.which("kcat") is None:
        pytest.skip("needs kcat (Debian: apt-get install kcat), which is not here")
    options = month.province.by_certificate(f"{COUNTY}-{EDU}").librdkafka()
    signed = [word for name, value in options.items() for word in ("-X", f"{name}={value}")]
    command = ["kcat", "-b", ",".join(month.province.servers()), *signed, *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_kcat_lists_the_topics_that_an_agency_may_see(month: Month) -> None:
    listed = {each["topic"]: len(each["partitions"]) for each in json.loads(kcat(month, "-L", "-J"))["topics"]}
    allowed = {topic.name for topic in (*NAMES.read_by(EDU, FEEDS), *NAMES.written_by(EDU, FEEDS))}
    assert listed == dict.fromkeys(allowed, PARTITIONS)


def test_kcat_reads_keys_and_headers(month: Month) -> None:
    place = ("-t", TOPIC, "-p", str(partition(COUNTY)), "-o", "beginning")
    lines = [line for line in kcat(month, "-C", "-e", "-q", *place, "-f", "%k|%h|%S\n").splitlines() if line.startswith(COUNTY)]
    assert len(lines) == 2, "a manifest and its one chunk"
    for line in lines:
        _, headers, size = line.split("|")
        assert "ce_specversion=1.0" in headers
        assert f"ce_source=/{COUNTY}/{CIVIL}" in headers
        assert int(size) <= 900_000
    assert len({line.split("ce_type=")[1].split(",")[0] for line in lines}) == 2


def avro_tools(*words: str) -> str:
    """What Apache's Java tool prints; Maven fetches it the first time."""
    try:
        check_tools()
    except MissingError as missing:
        absent(f"needs avro-tools: {missing}")
    jar = KEPT / "avro-tools" / TOOLS
    if not jar.exists():
        artifact = "-Dartifact=org.apache.avro:" + TOOLS.removesuffix(".jar").replace("tools-", "tools:")
        fetched = subprocess.run(
            ["mvn", "-q", "-B", _COPY, artifact, f"-DoutputDirectory={jar.parent}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        if not jar.exists():
            absent(f"needs avro-tools, which Maven could not fetch: {fetched.stdout.strip()[-300:]}")
    ran = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-jar", str(jar), *words], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_avro_tools_reads_an_opened_chunk_as_fastavro_does(month: Month, tmp_path: Path) -> None:
    file = tmp_path / "chunk.avro"
    file.write_bytes(month.chunk)
    rows = read(month.chunk)
    assert len(rows) == ROWS
    told = [json.loads(line) for line in avro_tools("tojson", str(file)).splitlines()]
    assert [{name: _value(value) for name, value in each.items()} for each in told] == rows


def read(chunk: bytes, schema: dict[str, object] | None = None) -> list[dict[str, object]]:
    """As fastavro reads it; against a schema it is resolved to that one or refused."""
    return cast("list[dict[str, object]]", list(fastavro.reader(io.BytesIO(chunk), reader_schema=schema)))


def _value(told: object) -> object:
    """Avro's JSON names the branch of a union: `{"string": "x"}`."""
    return next(iter(told.values())) if isinstance(told, dict) and len(told) == 1 else told


def test_the_contracts_schema_stands_in_the_files_header(month: Month, tmp_path: Path) -> None:
    file = tmp_path / "chunk.avro"
    file.write_bytes(month.chunk)
    java, contract = json.loads(avro_tools("getschema", str(file))), json.loads(month.schema)
    assert (java["namespace"], java["name"]) == (contract["namespace"], contract["name"])
    assert [field["name"] for field in java["fields"]] == [field["name"] for field in contract["fields"]]
    assert {field["name"]: field.get("doc") for field in java["fields"]} == {
        field["name"]: field.get("doc") for field in contract["fields"]
    }
    assert len(read(month.chunk, contract)) == ROWS
