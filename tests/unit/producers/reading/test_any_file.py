"""Property tests that make files: any file ends in rows plus findings or in one refusal, and no cell is lost on the way.

`make test-files` runs the same with many more files (`GATEWAY_TEST_FILES` examples of each property) and prints how many it made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.catalogue import entries
from contracts.lists import load_lists
from contracts.values.text import squeeze
from producers.reading import Reading, read_file
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.dialects import TYPED, UNTYPED, xls
from tests.unit.producers.reading.files import AREAS, MARCH, TEKUN, Row, read, tekun

EXAMPLES = int(os.environ.get("GATEWAY_TEST_FILES", "0"))
DIALECTS = TYPED | UNTYPED
GOOD = [id_of("522722", date(1945, 1 + n // 25, 1 + n % 25), 900 + n) for n in range(90)]

MADE: list[Path] = []


def many(few: int) -> settings:
    return settings(max_examples=EXAMPLES or few, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module", autouse=True)
def _told(request: pytest.FixtureRequest) -> object:
    yield
    if EXAMPLES:
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n{len(MADE)} files made and read")


def ends_well(path: Path, as_list: str | None = None) -> Reading:
    """Read a file and look at the shape of the answer: rows plus findings, or one refusal with nothing taken."""
    MADE.append(path)
    reading = read_file(path, as_list=as_list, period=MARCH, areas=AREAS)
    assert reading.rows == reading.accepted + reading.rejected
    if reading.verdict == "REJECT_FILE":
        assert (len(reading.findings), reading.rows, reading.tables) == (1, 0, ())
        assert reading.findings[0].severity == "error"
    for finding in reading.findings[:50]:
        assert finding.message("zh")
        assert finding.fix("en")
        assert finding.code in entries()
    return reading


Odd = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"]),
        st.sampled_from(list("\u200b\u200e\u202a\u202e\u2066\u3000\xa0\ufeff\ue81e•・，、＝０９Ｘ'\"=+-@\t\n")),
    ),
    max_size=20,
)
Value = st.one_of(
    st.just(""),
    Odd,
    st.sampled_from(GOOD),
    st.sampled_from([g[:-1] for g in GOOD[:9]]),
    st.sampled_from(["650", "1,295元", "-3", "2023-01", "2022.1", "散居", "集中供养", "男"]),
    st.sampled_from(["#N/A", "#SPILL!", "=1+1", "朝阳镇", "新寨村", "不详"]),
    st.sampled_from([650.0, 0.0, -1.5, 1e300, 2022.1, 202301.0, 44986.0, 5.22722195001010e17]),
)
Sane = st.tuples(
    st.sampled_from(["莫燕", "张　三", "买买提•吐尔逊", "𬱖"]),
    st.one_of(*(st.sampled_from(GOOD).map(of) for of in (str, "'{}".format, lambda g: g.lower() + "\u200b"))),
    st.sampled_from(["", "男", "女"]),
    st.sampled_from(["集中供养", "分散供养"]),
    st.sampled_from(["", "朝阳镇", "无此镇"]),
    st.sampled_from(["", "新寨村", "董麦村"]),
    st.sampled_from(["", "650", "1,295元", 650.5, "６５０"]),
    st.sampled_from(["", "2023-01", "2022.1", 2022.1, 202301.0, "2020年8月"]),
    st.one_of(st.just(""), Odd, st.sampled_from(["=1+1", "见" + GOOD[0], "外出"])),
).map(list)


@st.composite
def _nearly_sane(draw: st.DrawFn) -> list[object]:
    row = draw(Sane)
    if draw(st.booleans()):
        row[draw(st.integers(0, 8))] = draw(Value)
    return row


Person = _nearly_sane()
Line = st.one_of(
    Person,
    Person,
    st.lists(Value, min_size=9, max_size=9),
    st.lists(Value, max_size=12),
    st.sampled_from([["小计", "3人"], [], ["注：无"], TEKUN, ["本月无新增"]]),
)


def writable(dialect: str, value: object) -> object:
    """A value as the dialect can hold it: what no writer of it could write is left out."""
    if not isinstance(value, str):
        return value if dialect in TYPED else str(value)
    text = "".join(c for c in value if c in "\t\n" or c.isprintable() or c in "\u200b\u200e\u202a\u202e\u2066\u3000\xa0\ufeff\ue81e")
    if dialect not in ("utf-8", "utf-8-mark", "utf-16", "utf-16-le", "utf-16-be"):
        text = text.replace("\t", " ")
    return text


@many(12)
@given(st.sampled_from(sorted(DIALECTS)), st.lists(Line, max_size=14), st.integers(0, 3))
def test_any_cells_end_in_rows_or_one_refusal_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, dialect: str, lines: list[list[object]], titles: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "名册.xls"
    rows: list[Row] = [*[["特困人员花名册"]] * titles, TEKUN, *lines]
    rows = [[writable(dialect, v) for v in row] for row in rows]
    DIALECTS[dialect](path, rows)
    reading = ends_well(path)
    for table in reading.tables:
        conserved(reading, table.list, table.accepted, rows)


def conserved(reading: Reading, code: str, accepted: pl.DataFrame, rows: Sequence[Row]) -> None:
    """Every filled cell under a carried header is in the accepted row, or has a finding at its cell or row, or says nothing."""
    listing = load_lists()[code]
    at = {f.cell: f.code for f in reading.findings}
    place = next(p for p in reading.places if p.list == code)
    for record in accepted.iter_rows(named=True):
        row = rows[record["_row"] - 1]
        for field, column in place.columns.items():
            value = row[column] if column < len(row) else ""
            name = field.partition("#")[0]
            text = squeeze(str(value))
            if not text.strip("'‘’＇`") or record[name] is not None or listing.fields[name].type == "sequence":
                continue
            row_number = record["_row"]
            placed = name in ("village", "town") and any(at.get(f"{c}{row_number}") == "W-AREA" for c in "EF")
            assert f"{chr(65 + column)}{row_number}" in at or placed or text == "不详", f"{field} of row {row_number} is lost"
        assert record["id_number"] == squeeze(str(row[1])).lstrip("'").upper()
        assert f"B{record['_row']}" in at or record["id_number"] == row[1]
        assert f"A{record['_row']}" in at or record["name"] == row[0] or not isinstance(row[0], str)


@many(30)
@given(st.sampled_from(sorted(DIALECTS)), st.floats(0, 1), st.integers(0, 7), st.lists(st.integers(0, 7), min_size=1, max_size=3))
def test_a_damaged_file_is_refused_or_says_what_it_said(
    tmp_path_factory: pytest.TempPathFactory, dialect: str, where: float, bit: int, offsets: list[int]
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "名册.xls"
    DIALECTS[dialect](path, [TEKUN, *(tekun(n) for n in GOOD[:6])])
    data = bytearray(path.read_bytes())
    for offset in offsets:
        data[min(int(where * len(data)) + offset, len(data) - 1)] ^= 1 << bit
    path.write_bytes(data)
    reading = ends_well(path)
    if dialect in ("xlsx", "ods"):  # a zip knows its bytes
        assert reading.verdict in ("REJECT_FILE", "CLEAN")


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_a_file_cut_at_every_twentieth_of_its_bytes(dialect: str, tmp_path: Path) -> None:
    path = DIALECTS[dialect](tmp_path / "名册.xls", [TEKUN, *(tekun(n) for n in GOOD[:40])])
    whole = path.read_bytes()
    for part in range(20):
        path.write_bytes(whole[: len(whole) * part // 20])
        reading = ends_well(path)
        if dialect in ("xlsx", "ods", "sheetml", "sheetml-gbk"):
            assert reading.verdict == "REJECT_FILE"


@many(30)
@given(st.binary(max_size=2000), st.sampled_from(["", "PK\x03\x04", "<table><tr>", "<?xml version='1.0'?><Workbook>", "MIME-Version: 1\n"]))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, noise: bytes, head: str) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.xls"
    path.write_bytes(head.encode() + noise)
    ends_well(path)


@many(15)
@given(st.binary(min_size=1, max_size=300), st.integers(0, 2000))
def test_records_of_a_legacy_workbook_overwritten(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    path = xls(tmp_path_factory.mktemp("biff") / "a.xls", [TEKUN, *(tekun(n) for n in GOOD[:4])])
    data = bytearray(path.read_bytes())
    data[512 + at : 512 + at + len(noise)] = noise
    path.write_bytes(data)
    ends_well(path)


def directory(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [directory, pipe, loop])
def test_what_is_no_file_at_all(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "a.xlsx")
    try:
        reading = read(tmp_path / "a.xlsx")
    except OSError:
        assert make is loop
    else:
        assert [f.code for f in reading.findings] == ["E-FILE-TYPE"]


def test_rejected_rows_are_kept_as_filed(tmp_path: Path) -> None:
    for name, write in DIALECTS.items():
        reading = ends_well(write(tmp_path / f"{name}.xls", [TEKUN, tekun(GOOD[0][:-1], 备注="外出")]), "TEKUN_PERSON")
        assert json.loads(reading.tables[0].rejected["_raw"][0])[:2] == ["莫燕", GOOD[0][:-1]], name
