"""Text tables: the fast way gives what the csv module gives, record by record."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from contracts.values.cells import Cells
from producers.reading import delimited, encoding
from producers.reading.content import read_grids
from producers.reading.delimited import delimiter_of
from producers.reading.encoding import encoding_of
from producers.reading.grid import columns_of, joined

Piece = st.sampled_from([",", ",", '"', '""', "\n", "\r\n", "\r", "a", "张三", " ", "x,y", '"q,r"', '="1"'])


def texts(columns: tuple[Cells, ...]) -> list[list[str | None]]:
    return [c.text.to_list() for c in columns]


def known(path: Path) -> str:
    with path.open("rb") as stream:
        return encoding_of(stream)


def trimmed(columns: list[list[str | None]]) -> list[list[str | None]]:
    """Without columns that hold nothing: how many of those stand on the right depends on the batch."""
    while columns and not any(columns[-1]):
        columns = columns[:-1]
    return columns


@settings(max_examples=60, deadline=None)
@example('"\n"q,r"', 1)  # a record over two batches: the stream must still be open behind it
@given(st.lists(Piece, max_size=40).map("".join), st.sampled_from([1, 2, 3, 100]))
def test_it_is_what_the_csv_module_reads(text: str, lines: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_LINES", lines)
        fast = joined(delimited._batches(io.StringIO(text, newline=""), ","))
    plain = columns_of(csv.reader(io.StringIO(text, newline="")))
    assert trimmed(texts(fast)) == trimmed(texts(plain))
    if plain:
        assert len(fast[0]) == len(plain[0])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2", ","),
        ("a\tb\n1\t2,5", "\t"),
        ("a;b\n1,5;2,5;3", ";"),
        ("a|b\n1|2", "|"),
        ("一列\n一", ","),
        ("sep=;\na,b,c;d\n", ";"),
        ("SEP=|\na,b,c;d\n", "|"),
        ("a,b,c\n1\t,2\t,3\t\n\t1,\t2,\t3\n", ","),
        ('a,b\n1,"x;y;z"\n2,"p;q;r"\n', ","),
        ("a,b\n1,甲;乙;丙;丁\n2,戊\n3,己;庚", ","),
        ("a\tb\tc\n1,295\t2,300\t3,400", "\t"),
        ("", ","),
    ],
)
def test_delimiters(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=3, max_size=30))
def test_what_is_utf_8_is_read_as_utf_8(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("text") / "a.csv"
    path.write_bytes(b"x" + text.encode())
    assert known(path) == "utf-8"


def test_a_character_may_stand_across_two_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_BLOCK", 7)
    path = tmp_path / "a.csv"
    path.write_text("姓名,身份证号,王𫖯" * 9, "gb18030")
    assert known(path) == "gb18030"


@pytest.mark.parametrize("data", [b"\xff\xfea", b"abc\x00def" * 3, b"\xef\xbb\xbf\xff", b"\x81" * 7])
def test_what_is_no_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(ExchangeError, match="E-FILE-TYPE"):
        known(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sep=;\r\n姓名;甲\r\n", "姓名"),
        ("姓名,甲\r", "姓名"),
        ("姓名,甲\x1a", "姓名"),
        ("姓名,甲\r\n\x1a", "姓名"),
        ('="姓名",甲\n', "姓名"),
        ('"=""姓名""",甲\n', "姓名"),
        ("\t姓名\t,甲\n", "\t姓名\t"),
        ("BM,甲", "BM"),
        ("<b>,甲", "<b>"),
    ],
)
def test_what_exports_put_around_a_table_and_its_cells(text: str, first: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    grid = read_grids(path)[0]
    assert grid.row(0)[:2] == [first, "甲"]
