"""Rows on their way into files: large ones in parts, nested values as JSON, workbooks within their limits."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.sink import LoadCounts
from consumers.sinks import xlsx_file
from consumers.sinks.carry import carried
from consumers.sinks.csv_file import write_csv
from consumers.sinks.nested import flattened
from consumers.sinks.record import Record
from consumers.sinks.rows_file import write_rows
from consumers.sinks.xlsx_file import write_xlsx
from contracts.errors import ExchangeError
from tests.conformance.editions import VIEW, facts, frame, person

RECORD = Record.of(facts(1, "2023-03"), LoadCounts(3), frozenset(), 1)
NESTED = pl.DataFrame(
    {"members": [[{"name": "张三", "id_number": None}], [], None], "born": [dt.date(1980, 1, 1), None, None], "n": [1, 2, None]},
)


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 4000))
def test_parts_are_brought_together_in_order(tmp_path_factory: pytest.TempPathFactory, sizes: list[int], in_memory: int) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    rows = frame([person(number, amount=number) for number in range(sum(sizes))])
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    count = write_rows(path, VIEW, [rows.slice(start, size) for start, size in zip(starts, sizes, strict=True)], in_memory=in_memory)
    assert count == rows.height
    assert pl.read_parquet(path).equals(rows)
    assert [left.name for left in path.parent.iterdir()] == ["rows.parquet"]


def test_a_batch_of_another_shape_is_a_programming_error(tmp_path: Path) -> None:
    with pytest.raises((pl.exceptions.SchemaError, pl.exceptions.ShapeError)):
        write_rows(tmp_path / "rows.parquet", VIEW, [frame([person(1)]).drop("amount")])


def test_nested_values_are_json_and_dates_iso() -> None:
    flat = flattened(NESTED, dates_as_text=True)
    assert flat["members"].to_list() == ['[{"name": "张三", "id_number": null}]', "[]", None]
    assert flat["born"].to_list() == ["1980-01-01", None, None]
    assert flattened(NESTED, dates_as_text=False).schema["born"] == pl.Date


def test_a_household_s_members_go_into_a_csv(tmp_path: Path) -> None:
    NESTED.write_parquet(tmp_path / "rows.parquet")
    write_csv(tmp_path / "rows.parquet", tmp_path / "rows.csv", RECORD)
    assert (tmp_path / "rows.csv").read_text("utf-8-sig").splitlines()[1] == '"[{""name"": ""张三"", ""id_number"": null}]","1980-01-01",1'


def test_numbers_that_are_text_stay_text_in_a_workbook(tmp_path: Path) -> None:
    frame([person(1, name="00123"), person(2, name="5.2E+17")]).write_parquet(tmp_path / "rows.parquet")
    write_xlsx(tmp_path / "rows.parquet", tmp_path / "rows.xlsx", RECORD)
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").worksheets[0]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2]][:3] == [
        ("522722000000019001", "s", "@"), ("DIBAO_RURAL", "s", "@"), ("00123", "s", "@")]
    assert (sheet["D2"].value, sheet["D2"].number_format) == (735, "0.00")


def test_the_same_rows_are_the_same_workbook(tmp_path: Path) -> None:
    frame([person(1)]).write_parquet(tmp_path / "rows.parquet")
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / "rows.parquet", tmp_path / name, RECORD)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_does_not_fit_a_workbook_is_said_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame([person(1), person(2), person(3, name="长" * 32_768)]).write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(ExchangeError, match="E-SINK-STORE"):
        write_xlsx(tmp_path / "rows.parquet", tmp_path / "rows.xlsx", RECORD)
    monkeypatch.setattr(xlsx_file, "ROW_LIMIT", 2)
    with pytest.raises(ExchangeError, match="E-SINK-ROWS"):
        write_xlsx(tmp_path / "rows.parquet", tmp_path / "rows.xlsx", RECORD)


@given(st.lists(st.sampled_from(["a", "b", "c", None])), st.lists(st.sampled_from(["a", "b", None])),
       st.lists(st.sampled_from(["a", "c", "d", None]), unique=True))
def test_carried_is_what_its_description_says(before: list[str | None], here: list[str | None], keys: list[str | None]) -> None:
    old, new, wanted = (pl.DataFrame({"k": values}, schema={"k": pl.String()}) for values in (before, here, keys))
    taken, unmatched = carried(old.with_row_index("v"), new, wanted, ("k",))
    assert taken["v"].to_list() == [at for at, key in enumerate(before) if key in keys and key not in here]
    assert unmatched == len([key for key in keys if key not in before and key not in here])
