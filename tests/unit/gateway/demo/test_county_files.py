"""The county's files: same bytes for the same seed, rows where the frames say, the messy cells messy."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from contracts.ids import Period
from gateway.demo.county import County, CountyFile, county, write_files
from tests.unit.gateway.demo.test_county import APRIL, MARCH, seeded


@pytest.fixture(scope="module")
def made() -> County:
    return county(seeded("files"), 4000, (MARCH, APRIL))


@pytest.fixture(scope="module")
def written(made: County, tmp_path_factory: pytest.TempPathFactory) -> list[CountyFile]:
    return write_files(made, tmp_path_factory.mktemp("county"))


def _file(written: list[CountyFile], code: str, period: Period) -> Path:
    return next(file.path for file in written if code in file.lists and file.period == period)


def test_every_list_of_every_month_has_its_file(made: County, written: list[CountyFile]) -> None:
    for period in made.periods:
        assert {code for file in written if file.period == period for code in file.lists} == set(made.codes(period))
    assert written[0].lists == ("AREA_TABLE",)
    assert {file.path.suffix for file in written} == {".csv", ".xlsx"}
    assert all(file.path.stat().st_size for file in written)


def test_same_county_same_bytes(made: County, written: list[CountyFile], tmp_path: Path) -> None:
    for first, second in zip(written, write_files(made, tmp_path), strict=True):
        assert first.path.read_bytes() == second.path.read_bytes(), first.path.name


def test_workbook_rows_stand_where_the_frames_say(made: County, written: list[CountyFile]) -> None:
    for code in ("TEKUN_PERSON", "MARGIN_PERSON", "CHILD", "MONITOR_PERSON"):
        frames = made.frames(code, MARCH)
        book = CalamineWorkbook.from_path(_file(written, code, MARCH))
        sheet = book.get_sheet_by_name(frames.accepted["_sheet"][0]).to_python(skip_empty_area=False)
        for row, number in frames.accepted.select("_row", "id_number").drop_nulls().rows():
            cells = {str(cell).replace(" ", "").upper() for cell in sheet[row - 1]}
            assert number in cells
        assert frames.accepted["_file"].unique().to_list() == [_file(written, code, MARCH).name]


def test_csv_rows_stand_where_the_frames_say(made: County, written: list[CountyFile]) -> None:
    for code, encoding in (("DIBAO_RURAL_PERSON", "utf-8-sig"), ("DIBAO_URBAN_PERSON", "gb18030"), ("RETIREE", "utf-8")):
        frames = made.frames(code, APRIL)
        with _file(written, code, APRIL).open(encoding=encoding, newline="") as file:
            records = list(csv.reader(file))
        assert len(records) == 1 + frames.accepted.height + frames.rejected.height
        for row, number in frames.accepted.select("_row", "id_number").rows():
            assert number in {cell.replace(" ", "").upper() for cell in records[row - 1]}


def test_mistyped_numbers_are_numbers_in_a_workbook(written: list[CountyFile], made: County) -> None:
    frames = made.frames("TEKUN_PERSON", MARCH)
    rows = frames.rejected.filter(pl.col("_codes").list.contains("E-ID-NUM"))["_row"].to_list()
    sheet = CalamineWorkbook.from_path(_file(written, "TEKUN_PERSON", MARCH)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [type(sheet[row - 1][3]) for row in rows] == [float] * len(rows)


def test_thirty_thousand_people_are_written_in_seconds(tmp_path: Path) -> None:
    large = county(seeded("large"), 30_000, (MARCH, APRIL))
    start = time.process_time()
    files = write_files(large, tmp_path)
    assert time.process_time() - start < 20
    assert sum(file.path.stat().st_size for file in files) > 5_000_000
