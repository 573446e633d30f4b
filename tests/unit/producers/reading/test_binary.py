"""What lies beside the values in binary workbooks."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from producers.reading.content import read_grids
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.dialects import bare, record12, xlsb
from tests.unit.producers.reading.files import TEKUN, codes, read, tekun

A, B = (id_of("522722", date(1950, 1, d), 900 + d) for d in (1, 2))


def test_hidden_rows_columns_formulas_errors_and_merged_cells(tmp_path: Path) -> None:
    formula = record12(9, struct.pack("<IId", 4, 0, 3.0) + struct.pack("<HII", 0, 0, 0))
    error = record12(3, struct.pack("<IIB", 5, 0, 0x2A))
    hidden = record12(60, struct.pack("<IIIIH", 1, 1, 256, 0, 1))
    merged = record12(176, struct.pack("<IIII", 0, 1, 0, 0))
    path = xlsb(tmp_path / "a.xlsb", [["甲", "乙"], ["丙"]], hidden=[1], extra=formula + error + hidden + merged)
    extras = read_grids(path)[0].extras
    assert extras.hidden_rows == {1}
    assert extras.hidden_columns == {1}
    assert extras.formulas == {(1, 4): ""}
    assert extras.errors == {(1, 5): "#N/A"}
    assert extras.merged == ((0, 0, 1, 0),)


def test_a_list_with_a_hidden_row(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "表.xls", [TEKUN, tekun(A), tekun(B)], hidden=[2])
    assert codes(read(path)) == [("A3", "W-HIDDEN")]


@pytest.mark.parametrize(
    "extra",
    [
        record12(0, struct.pack("<IIHBBBI", 1 << 20, 0, 300, 0, 0, 0, 0)),
        record12(6, struct.pack("<II", 1 << 24, 0)),
        record12(6, b"\0"),
        b"\x00\xff\xff\xff\x7f",
    ],
)
def test_records_that_no_program_writes(extra: bytes, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="E-FILE-CORRUPT"):
        read_grids(xlsb(tmp_path / "a.xlsb", [["甲"]], extra=extra))


def test_a_bare_stream_that_is_cut(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.xls", [TEKUN, tekun(A)])
    path.write_bytes(path.read_bytes()[:-30])
    assert read(path).verdict == "REJECT_FILE" or codes(read(path))
