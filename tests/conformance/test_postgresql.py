"""What is PostgreSQL's own: values it refuses, writers that meet, grants that stay."""

from __future__ import annotations

import uuid

import polars as pl
import pytest

from consumers.sink import open_sink
from consumers.sinks.postgresql import open_postgresql
from contracts.errors import ExchangeError
from tests.conformance import postgres
from tests.conformance.editions import VIEW, Loader, facts, frame, person


@pytest.fixture
def url(postgresql: str) -> str:
    return postgres.fresh_database(postgresql, uuid.uuid4().hex)


def test_a_value_that_it_refuses_is_not_quoted(url: str) -> None:
    with open_sink(url) as sink:
        loader = Loader(sink)
        loader.load(facts(1, "2023-03"), [person(1)])
        with pytest.raises(ExchangeError) as refused:
            loader.load(facts(2, "2023-04"), [person(2, name="secret\0name")])
        assert (refused.value.code, refused.value.facts["why"]) == ("E-SINK-STORE", "22021")
        assert "secret" not in f"{refused.value!r} {refused.value.__cause__!r} {refused.value.message('zh')}"
        assert [stored.manifest for stored in sink.receipts()] == [facts(1, "2023-03").manifest]


def test_two_writers_follow_one_another_or_say_busy(url: str) -> None:
    with open_sink(url) as sink:
        def meanwhile() -> list[pl.DataFrame]:
            with pytest.raises(ExchangeError) as refused:
                open_postgresql(url, busy_seconds=1)
            assert refused.value.code == "E-SINK-BUSY"
            return []

        sink.load(facts(1, "2023-03"), [frame([person(1)])], meanwhile, lambda _counts: b"receipt")
    with open_sink(url) as again:
        assert again.find(facts(1, "2023-03").manifest) == b"receipt"


def test_what_a_partner_granted_stays_when_a_view_gains_a_field(url: str) -> None:
    import psycopg

    with open_sink(url) as sink, psycopg.connect(url, autocommit=True) as partner:
        loader = Loader(sink)
        loader.load(facts(1, "2023-03"), [person(1)])
        role = f"reader_{uuid.uuid4().hex}"
        partner.execute(f'CREATE ROLE "{role}"'.encode())
        partner.execute(f'GRANT SELECT ON assistance_persons_current TO "{role}"'.encode())
        rows = frame([person(1)]).with_columns(pl.lit("荔波一中").alias("school_name"))
        sink.load(facts(2, "2023-04", view={**VIEW, "school_name": pl.String()}), [rows], list, lambda _counts: b"")
        found = partner.execute(b"SELECT has_table_privilege(%s, 'assistance_persons_current', 'SELECT')", [role]).fetchone()
        assert found == (True,)
        assert partner.execute(b"SELECT school_name FROM assistance_persons_current").fetchall() == [("荔波一中",)]
        partner.execute(f'DROP OWNED BY "{role}"'.encode())
        partner.execute(f'DROP ROLE "{role}"'.encode())


def test_a_password_is_in_no_message(postgresql: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        open_sink(postgresql.replace("tests@", "nobody:topsecret@"))
    assert refused.value.code == "E-SINK-OPEN"
    assert "topsecret" not in f"{refused.value!r} {refused.value.message('zh')}"
