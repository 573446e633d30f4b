"""The fast search over a sheet's part says the same as expat; what it does not understand goes to expat."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from producers.reading import sheetxml
from producers.reading.extent import Extent
from producers.reading.sheetxml import scan

HIDDEN = ' hidden="1"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def facts(extent: Extent) -> tuple[object, ...]:
    return extent.hidden_rows, extent.hidden_columns, extent.formulas, extent.errors, extent.last_row, extent.last_column


def once(data: bytes, size: int = 1 << 20) -> Callable[[], Iterator[bytes]]:
    return lambda: (data[i : i + size] for i in range(0, len(data), size))


def by_expat(data: bytes) -> Extent:
    return sheetxml._by_expat([data])


Cell = st.one_of(
    st.none(),
    st.integers(0, 9),
    st.sampled_from(["甲", "a<b", "<f>1</f>", 't="e"', "</row>", '<row r="9" hidden="1">']),
    st.sampled_from(["=1+2", '=A1&"x"', "=NA()"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(Cell, max_size=5), max_size=8), st.sets(st.integers(0, 8)), st.sets(st.integers(0, 5)), st.booleans())
def test_both_ways_agree_on_what_programs_write(
    rows: list[list[object]], hidden_rows: set[int], hidden_columns: set[int], inline: bool
) -> None:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"strings_to_formulas": False, "in_memory": True, "constant_memory": inline}) as book:
        sheet = book.add_worksheet()
        for column in hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        for number, row in enumerate(rows):
            if number in hidden_rows:
                sheet.set_row(number, None, None, {"hidden": True})
            for column, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, column, value, None, "#N/A" if "NA" in value else 3)
                elif value is not None:
                    sheet.write(number, column, value)
    part = zipfile.ZipFile(raw).read("xl/worksheets/sheet1.xml")
    assert facts(scan(once(part))) == facts(by_expat(part))


def part(body: str, columns: str = "") -> bytes:
    return f"{HEAD}{columns}<sheetData>{body}</sheetData></worksheet>".encode()


UNUSUAL = [
    '<row><c><v>1</v></c><c t="e"><v>#REF!</v></c></row><row hidden="true"><c><f>A1</f></c></row>',
    '<row r="2" hidden="1" spans="1:2"><!-- <c r="Z9"/> --><c r="B2" t="e"><v>#N/A</v></c></row>',
    "<row hidden='1' r='3'><c r='C3' t='e'><v>#N/A</v></c></row>",
    '<row r="1"><c s="1" r="A1"><f>1</f><v>1</v></c></row>',
    '<row r="4"><c r="A4"><f t="shared" si="0"/><v>1</v></c><c r="C4"><f>A4&amp;"x"</f></c></row>',
    "",
    '<row r="1"/>',
    '<row r="1" hidden="1"/><row r="2"><c r="XFD2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
]


@pytest.mark.parametrize("body", UNUSUAL)
def test_unusual_parts_are_read_the_same(body: str) -> None:
    data = part(body, '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols>')
    assert facts(scan(once(data))) == facts(by_expat(data))


def test_a_prefix_on_the_elements_is_understood() -> None:
    data = part('<row r="1" hidden="1"><c r="B1" t="e"><v>#N/A</v></c></row>').decode()
    prefixed = data.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    found = scan(once(prefixed.encode()))
    assert found.hidden_rows == {0}
    assert found.errors == {(0, 1): "#N/A"}


def test_another_encoding_is_understood() -> None:
    data = part('<row r="1"><c r="B1"><f>1+2</f></c></row>').decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert scan(once(data)).formulas == {(0, 1): "1+2"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<worksheet",
        part("<row r='1'>")[:-20],
        b"\x00" * 50,
        part('<row r="1"><c r="A0x1"/></row>'),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + part('<row r="1"><c r="A1"><f>&e;</f></c></row>'),
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        + part('<row r="1"><c r="A1"><v>&b;</v></c></row>'),
    ],
)
def test_damaged_parts_and_document_types_are_refused(data: bytes) -> None:
    with pytest.raises(ExchangeError, match="E-FILE-CORRUPT"):
        scan(once(data))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_pass(noise: bytes) -> None:
    for data in (noise, HEAD.encode() + b"<sheetData>" + noise + b"</sheetData></worksheet>"):
        with suppress(ExchangeError):
            assert scan(once(data)).last_row >= 0


def test_blocks_may_end_anywhere() -> None:
    body = "".join(
        f'<row r="{r}"{HIDDEN if r % 7 == 0 else ""}><c r="A{r}" t="e"><v>#N/A</v></c><c r="B{r}"><f>A{r}</f></c></row>'
        for r in range(1, 40)
    )
    whole = facts(by_expat(part(body)))
    for size in itertools.chain(range(20, 60, 7), (1000,)):
        data = part(body)
        assert facts(scan(once(data, size))) == whole
