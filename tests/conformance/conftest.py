"""The sinks and carriers that the suites run on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.sink import open_sink
from tests.conformance import partners, postgres
from tests.conformance.editions import Loader
from tests.conformance.mailrooms import DirectoryMailroom, Mailroom
from tests.conformance.partners import Partner


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


@pytest.fixture(params=["dir"])
def mailroom(request: pytest.FixtureRequest, tmp_path: Path) -> Mailroom:
    """Every kind of carrier, empty, and what a suite must be able to do behind its back."""
    return DirectoryMailroom(tmp_path / "mail")
