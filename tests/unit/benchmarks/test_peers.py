"""The peers really do the job: what comes out of each is, row for row, what the departments are to get."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path

import polars as pl
import pytest
import zstandard

from benchmarks.figure import Figure
from benchmarks.job import Job, job
from benchmarks.peers import bare, csfle, gpg, rowwise
from contracts.avro_types import fields_of, name_of


@pytest.fixture(scope="module")
def month() -> Job:
    return job(600)


def test_the_job_is_five_departments_with_rows(month: Job) -> None:
    assert [delivery.view.to for delivery in month.deliveries] == ["education", "hrss", "medical-insurance", "housing", "emergency"]
    assert all(delivery.cut().height > 20 for delivery in month.deliveries)
    assert month.rows == sum(delivery.cut().height for delivery in month.deliveries)


def test_bare_round_trip(month: Job, tmp_path: Path) -> None:
    written = bare.publish(month, tmp_path / "out")
    assert written == sum(path.stat().st_size for path in (tmp_path / "out").rglob("*.chunk"))
    assert bare.collect(tmp_path / "out", tmp_path / "sink") == month.rows
    for number, delivery in enumerate(month.deliveries):
        assert pl.read_parquet(tmp_path / "sink" / str(number) / "rows.parquet").equals(delivery.cut())


def test_rowwise_round_trip(month: Job, tmp_path: Path) -> None:
    rowwise.publish(month, tmp_path / "rows")
    rowwise.publish_cut(month, tmp_path / "cut")
    wanted = [list(delivery.cut().iter_rows(named=True)) for delivery in month.deliveries]
    assert rowwise.opened(tmp_path / "rows", month) == wanted
    assert rowwise.opened(tmp_path / "cut", month) == wanted


@pytest.mark.skipif(gpg.version() is None, reason="needs gpg, which is not here")
def test_gpg_round_trip(month: Job, tmp_path: Path) -> None:
    with gpg.keyring([delivery.view.to for delivery in month.deliveries]) as ring:
        gpg.publish(month, tmp_path / "out", ring)
        for number, delivery in enumerate(month.deliveries):
            clear = ring.run("--decrypt", str(tmp_path / "out" / f"{number}.csv.gpg"))
            back = pl.read_csv(io.BytesIO(clear), schema=delivery.cut().schema)
            assert back.height == delivery.cut().height
            keys = list(delivery.view.key)
            assert back.select(keys).equals(delivery.cut().select(keys))
        home = ring.home
    assert not home.exists()


@pytest.mark.skipif(csfle.version() is None, reason="needs confluent-kafka with its rules (benchmarks/requirements.in), which is not here")
def test_field_encryption_encrypts_personal_text_and_nothing_else(month: Job, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own dependencies warn on import
        ways = csfle.serializers(month)
        wire = csfle.publish(month, tmp_path / "out", ways)
    assert wire.compressed == sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
    assert wire.serialised > wire.compressed
    clear = zstandard.ZstdDecompressor().decompressobj().decompress((tmp_path / "out" / "2.batches").read_bytes())
    delivery = month.deliveries[2]
    first = delivery.cut().row(0, named=True)
    assert first["id_number"].encode() not in clear
    assert first["name"].encode() not in clear
    assert first["town_code"].encode() in clear


def test_personal_text_is_tagged(month: Job) -> None:
    tags = {name_of(field): field.get("confluent:tags") for field in fields_of(csfle.tagged(month.deliveries[0].view))}
    assert tags["id_number"] == tags["name"] == tags["head_id"] == tags["phone"] == ["PII"]
    assert tags["category"] is None
    assert tags["student"] is None


def test_a_figure_is_one_line() -> None:
    line = Figure("publish_vs_bare", 1.23456, "ratio", "lower", 2.5, {"rows": 3}).line()
    assert "\n" not in line
    assert json.loads(line) == {
        "name": "publish_vs_bare", "value": 1.235, "unit": "ratio", "better": "lower", "goal": 2.5, "met": True, "detail": {"rows": 3}}
    assert Figure("publish_vs_gpg", 1.0, "ratio", "higher", 2).met is False
