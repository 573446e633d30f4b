"""Sinks that are not there, are somebody else's, or have been meddled with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from consumers.sink import absolute, open_sink
from consumers.sinks.sqlite import open_sqlite
from contracts.errors import ExchangeError
from tests.conformance.editions import VIEW, Loader, facts, person
from tests.conformance.partners import MAKERS


@pytest.mark.parametrize("url", ["", "sqlite", "sqlite://", "sqlite:///", "sqlite:f.db", "csv:", "csv", "ods:DIR", "postgresql:", "mysql://h/d"])
def test_no_such_sink(url: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        open_sink(url)
    assert refused.value.code == "E-SINK-URL"


@pytest.mark.parametrize("url", ["sqlite:///{}/no/f.db", "csv:{}/no/where", "postgresql://nobody:secret@127.0.0.1:1/none"])
def test_a_place_that_is_not_there(tmp_path: Path, url: str) -> None:
    if url.startswith("postgresql"):
        pytest.importorskip("psycopg", reason="needs psycopg")
    with pytest.raises(ExchangeError) as refused:
        open_sink(url.format(tmp_path))
    assert refused.value.code == "E-SINK-OPEN"
    assert "secret" not in refused.value.message("zh") + repr(refused.value) + repr(refused.value.__cause__)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "f.db").write_bytes(b"a workbook, perhaps" * 100)
    with pytest.raises(ExchangeError, match="E-SINK-DAMAGED"):
        open_sink(f"sqlite:///{tmp_path / 'f.db'}")
    assert (tmp_path / "f.db").read_bytes() == b"a workbook, perhaps" * 100


def test_a_file_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "csv").write_bytes(b"")
    with pytest.raises(ExchangeError, match="E-SINK-OPEN"):
        open_sink(f"csv:{tmp_path / 'csv'}")


def test_a_database_that_another_program_holds(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    open_sqlite(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ExchangeError) as refused:
        open_sqlite(path, busy_seconds=0.05)
    assert refused.value.code == "E-SINK-BUSY"
    other.close()


def test_a_table_of_the_partner_s_own_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE assistance_persons (id_number TEXT)")
    connection.execute("INSERT INTO assistance_persons VALUES ('theirs')")
    connection.commit()
    with open_sink(f"sqlite:///{path}") as sink, pytest.raises(ExchangeError) as refused:
        Loader(sink).load(facts(1, "2023-03"), [person(1)])
    assert (refused.value.code, refused.value.facts["table"]) == ("E-SINK-TABLE", "assistance_persons")
    assert connection.execute("SELECT * FROM assistance_persons").fetchall() == [("theirs",)]
    connection.close()


def test_a_field_that_became_another_kind_of_value(tmp_path: Path) -> None:
    import polars as pl

    with open_sink(f"sqlite:///{tmp_path / 'f.db'}") as sink:
        loader = Loader(sink)
        loader.load(facts(1, "2023-03"), [person(1)])
        with pytest.raises(ExchangeError) as refused:
            loader.load(facts(2, "2023-04", view={**VIEW, "amount": pl.String()}), [person(1)])
        assert (refused.value.code, refused.value.facts["column"]) == ("E-SINK-TABLE", "amount")


MEDDLED: dict[str, Callable[[Path], object]] = {
    "no record": lambda folder: (folder / "edition.json").unlink(),
    "a record that is none": lambda folder: (folder / "edition.json").write_text("[" * 100_000),
    "a record of other fields": lambda folder: (folder / "edition.json").write_text('{"replaced": [], "money": []}'),
    "another edition's record": lambda folder: _rewrite(folder, "manifest", "f" * 64),
    "a way out": lambda folder: _rewrite(folder, "sender", "../../etc"),
    "no month": lambda folder: _rewrite(folder, "period", "2023-13"),
    "no rows": lambda folder: (folder / "rows.parquet").unlink(),
}


def _rewrite(folder: Path, name: str, value: str) -> None:
    path = folder / "edition.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))


@pytest.mark.parametrize("case", MEDDLED)
def test_a_meddled_folder_is_called_damaged(tmp_path: Path, case: str) -> None:
    partner = MAKERS["csv"](tmp_path)
    with open_sink(partner.url) as sink:
        Loader(sink).load(facts(1, "2023-03"), [person(1)])
    MEDDLED[case](tmp_path / "csv" / "editions" / facts(1, "2023-03").manifest)
    with pytest.raises(ExchangeError) as refused:
        open_sink(partner.url)
    assert refused.value.code == "E-SINK-DAMAGED"


def test_a_lost_receipt_is_called_damaged(tmp_path: Path) -> None:
    partner = MAKERS["parquet"](tmp_path)
    with open_sink(partner.url) as sink:
        Loader(sink).load(facts(1, "2023-03"), [person(1)])
        (tmp_path / "parquet" / "editions" / facts(1, "2023-03").manifest / "receipt.dsse.json").unlink()
        with pytest.raises(ExchangeError, match="E-SINK-DAMAGED"):
            sink.find(facts(1, "2023-03").manifest)


def test_what_people_delete_or_leave_lying_about_does_not_matter(tmp_path: Path) -> None:
    partner = MAKERS["xlsx"](tmp_path)
    with open_sink(partner.url) as sink:
        Loader(sink).load(facts(1, "2023-03"), [person(1)])
    shown = tmp_path / "xlsx" / "assistance-persons" / "civil-affairs"
    (shown / "2023-03.xlsx").unlink()
    (shown / "2022-12.xlsx").write_bytes(b"left by an earlier version")
    (shown / "my notes.xlsx").write_bytes(b"keep")
    (tmp_path / "xlsx" / "editions" / "Thumbs.db").write_bytes(b"x")
    with open_sink(partner.url):
        assert sorted(path.name for path in shown.iterdir()) == ["2023-03.xlsx", "current.xlsx", "my notes.xlsx"]
        assert len(partner.month("2023-03") or []) == 1


def test_one_folder_can_be_shown_another_way(tmp_path: Path) -> None:
    """The rows are kept once; how they are shown follows the last program that opened them."""
    with open_sink(f"csv:{tmp_path / 'sink'}") as sink:
        receipt = Loader(sink).load(facts(1, "2023-03"), [person(1)])
    with open_sink(f"parquet:{tmp_path / 'sink'}") as sink:
        assert sink.find(facts(1, "2023-03").manifest) == receipt
    shown = tmp_path / "sink" / "assistance-persons" / "civil-affairs"
    assert sorted(path.name for path in shown.iterdir()) == ["2023-03.parquet", "current.parquet"]


def test_shown_files_are_read_only(tmp_path: Path) -> None:
    """They are the kept rows under another name: nobody changes those by saving."""
    with open_sink(f"csv:{tmp_path / 'csv'}") as sink:
        Loader(sink).load(facts(1, "2023-03"), [person(1)])
    for name in ("2023-03.csv", "current.csv"):
        assert (tmp_path / "csv" / "assistance-persons" / "civil-affairs" / name).stat().st_mode & 0o222 == 0


def test_no_trace_of_a_person_stays_where_rows_were_taken_away(tmp_path: Path) -> None:
    for kind in ("sqlite", "csv"):
        with open_sink(MAKERS[kind](tmp_path).url) as sink:
            loader = Loader(sink)
            loader.load(facts(1, "2023-03"), [person(1, name="欧阳无痕" * 3)])
            loader.load(facts(2, "2023-03", revision=2, kind="withdrawn"), [])
    left = [path for path in tmp_path.rglob("*") if path.is_file() and "欧阳无痕".encode() in path.read_bytes()]
    assert not left


def test_an_address_that_holds_in_every_folder(tmp_path: Path) -> None:
    """A killed run is caught up with from wherever the next one is started."""
    assert absolute("sqlite:///edu.db", tmp_path) == f"sqlite:///{tmp_path}/edu.db"
    assert absolute("csv:out/edu", tmp_path) == f"csv:{tmp_path}/out/edu"
    for same in (f"sqlite:///{tmp_path}/edu.db", f"parquet:{tmp_path}", "postgresql://host/db", "nonsense", ""):
        assert absolute(same, Path("/elsewhere")) == same
    with open_sink(absolute("sqlite:///edu.db", tmp_path)):
        assert (tmp_path / "edu.db").exists()
