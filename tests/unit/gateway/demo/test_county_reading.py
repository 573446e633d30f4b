"""What reads the county's files finds exactly the county's frames: two programs that share no code agree on every cell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from contracts.codes.areas import AreaTable
from contracts.frames import ListFrames
from gateway.demo.county import CountyFile, county, write_files
from producers.reading import Reading, read_file
from tests.unit.gateway.demo.test_county import APRIL, MARCH, seeded

PERSONS = 5000


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[CountyFile, Reading]]:
    made: list[tuple[CountyFile, Reading]] = []
    areas: AreaTable | None = None
    for file in write_files(county(seeded("reading"), PERSONS, (MARCH, APRIL)), tmp_path_factory.mktemp("county")):
        reading = read_file(file.path, as_list=None, period=file.period, areas=areas, previous=None)
        areas = reading.areas or areas
        made.append((file, reading))
    return made


def _same(want: pl.DataFrame, got: pl.DataFrame, what: str) -> None:
    compared = want.drop("_raw", strict=False)
    for column in compared.columns:
        assert got[column].to_list() == compared[column].to_list(), f"{what} {column}"


def test_every_file_is_recognised_and_none_is_refused_or_held(read: list[tuple[CountyFile, Reading]]) -> None:
    assert read[0][1].verdict == "REFERENCE"
    for file, reading in read[1:]:
        assert set(reading.lists) == set(file.lists), file.path.name
        assert reading.period == file.period, file.path.name
        assert reading.verdict in {"CLEAN", "ACCEPT", "ACCEPT_PARTIAL", "NIL"}, file.path.name


def test_rows_read_are_the_countys_rows(read: list[tuple[CountyFile, Reading]], tmp_path: Path) -> None:
    del tmp_path
    made = county(seeded("reading"), PERSONS, (MARCH, APRIL))
    seen = 0
    for file, reading in read[1:]:
        assert file.period is not None
        for table in reading.tables:
            frames: ListFrames = made.frames(table.list, file.period)
            _same(frames.accepted, table.accepted, f"{file.path.name} accepted")
            _same(frames.rejected, table.rejected, f"{file.path.name} rejected")
            seen += table.accepted.height
    assert seen > 2 * PERSONS


def test_the_untidy_cells_are_found_and_put_right(read: list[tuple[CountyFile, Reading]]) -> None:
    codes = {finding.code for _, reading in read for finding in reading.findings}
    assert {"I-FIXED", "W-HIDDEN", "W-NO-ID", "E-ID-CHK", "E-ID-NUM", "E-REQ"} <= codes
    assert "W-AREA" not in codes
    assert "E-FILE-COL" not in codes
