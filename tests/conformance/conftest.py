"""The sinks and carriers that the suites run on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.sink import open_sink
from tests.conformance import partners, postgres
from tests.conformance.editions import Loader
from tests.conformance.mailrooms import DirectoryMailroom, Mailroom
from tests.conformance.partners import Partner
from tests.kafka.mailroom import KafkaMailroom


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.server(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql", "csv", "xlsx", "parquet"])
def partner(request: pytest.FixtureRequest, tmp_path: Path) -> Partner:
    """Every kind of sink, empty."""
    if request.param == "postgresql":
        return _postgresql(request.getfixturevalue("postgresql"))
    return partners.MAKERS[request.param](tmp_path)


def _postgresql(server: str) -> partners.Database:
    import psycopg

    url = postgres.fresh_database(server, uuid.uuid4().hex)

    def ask(query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(url) as connection:
            try:
                return connection.execute(query.encode()).fetchall()
            except psycopg.errors.UndefinedTable:
                return []

    return partners.Database(url, ask)


@pytest.fixture
def loader(partner: Partner) -> Iterator[Loader]:
    with open_sink(partner.url) as sink:
        yield Loader(sink)


@pytest.fixture(params=["dir", "kafka"])
def mailroom(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mailroom]:
    """Every kind of carrier, empty, and what a suite must be able to do behind its back."""
    if request.param == "dir":
        yield DirectoryMailroom(tmp_path / "mail")
        return
    cluster = KafkaMailroom(request.getfixturevalue("kafka"), f"trials-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    cluster.open()
    yield cluster
    cluster.close()
