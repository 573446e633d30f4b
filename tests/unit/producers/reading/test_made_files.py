"""Property tests that make files: any file ends in rows plus findings or in one refusal, and no value changes in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.findings import Finding
from producers.reading import read_file
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.files import AREAS, MARCH, TEKUN, Row, read, table, xlsx

A, B = (id_of("522722", date(1950, 1, d), 900 + d) for d in (1, 2))

Person = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["good", "good", "good", "short", "check", "number", "empty", "wide", "lower", "masked"]),
        "name": st.sampled_from(["莫燕", "张　三", "", "买买提•吐尔逊"]),
        "mode": st.sampled_from(["分散供养", "集中供养", "散居", ""]),
        "amount": st.sampled_from(["650", 650.0, "650元", -1.0, "约", ""]),
        "month": st.sampled_from(["2020-08", "2020年8月", "2020.13", "", 2022.1, 202208.0]),
        "village": st.sampled_from(["新寨村", "无此村", ""]),
        "between": st.sampled_from([None, None, None, [], ["小计", "3人"], ["注：无"]]),
    }
)
BAD = {"short": "E-ID-LEN", "check": "E-ID-CHK", "number": "E-ID-NUM", "empty": "E-REQ", "masked": "E-ID-CHAR"}


def row_of(person: Mapping[str, object], index: int) -> Row:
    filled = {
        "姓名": person["name"],
        "身份证号": number_for(str(person["id"]), index),
        "供养方式": person["mode"],
        "所属街": "朝阳镇",
        "所属社": person["village"],
        "基本生活总费用（元）": person["amount"],
        "最初享受月份": person["month"],
    }
    return [filled.get(h, "") for h in TEKUN]


def number_for(kind: str, index: int) -> str | float:
    good = id_of("522722", date(1940 + index, 5, 17), 901 + index)
    if kind == "number":
        return float(good[:17] + "0")
    return {
        "short": good[:-1],
        "check": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "empty": "",
        "masked": good[:6] + "****" + good[10:],
        "wide": good.translate({ord("5"): "５"}),
        "lower": good.lower(),
    }.get(kind, good)


@settings(max_examples=50, deadline=None)
@given(people=st.lists(Person, min_size=1, max_size=25), as_csv=st.booleans(), title=st.integers(0, 3))
def test_every_row_is_accepted_or_rejected_and_no_value_changes_in_silence(
    tmp_path_factory: pytest.TempPathFactory, people: list[dict[str, object]], as_csv: bool, title: int
) -> None:
    rows: list[Row] = [*[["特困人员花名册"]] * title, TEKUN]
    where: list[int] = []
    for index, person in enumerate(people):
        if isinstance(person["between"], list):
            rows.append(person["between"])
        where.append(len(rows) + 1)
        rows.append(row_of(person, index))
    folder = tmp_path_factory.mktemp("made")
    reading = read(table(folder / "a.csv", rows) if as_csv else xlsx(folder / "a.xlsx", rows), "TEKUN_PERSON")
    assert reading.verdict != "REJECT_FILE"
    accepted, rejected = (getattr(reading.tables[0], part) for part in ("accepted", "rejected"))
    assert sorted([*accepted["_row"].to_list(), *rejected["_row"].to_list()]) == where
    at = {f.cell: f for f in reading.findings}
    assert len(at) == len(reading.findings)
    for person, row, index in zip(people, where, range(len(people)), strict=True):
        expected = BAD.get(str(person["id"]))
        finding = at.get(f"B{row}")
        if expected and not (as_csv and person["id"] == "number"):
            assert finding is not None
            assert finding.code == expected
            assert row in rejected["_row"].to_list()
        elif person["id"] in ("wide", "lower"):
            good = id_of("522722", date(1940 + index, 5, 17), 901 + index)
            changed = number_for(str(person["id"]), index) != good
            assert (finding is not None and finding.code == "I-FIXED") == changed
    for record in accepted.iter_rows(named=True):
        _nothing_silent(record, people[where.index(record["_row"])], at)


def _nothing_silent(record: dict[str, object], person: dict[str, object], at: dict[str | None, Finding]) -> None:
    row = record["_row"]
    assert record["name"] == person["name"] or at[f"A{row}"].code == "I-FIXED"
    assert person["mode"] != "散居"
    assert record["basic_amount"] in (65000, None)
    assert (record["basic_amount"] is None) == (person["amount"] == "")
    assert (f"G{row}" in at) == (person["amount"] == "650元")
    if record["start_month"] is None and person["month"] != "":
        assert at[f"H{row}"].code == "W-DATE"
    assert (f"F{row}" in at) == (person["village"] == "无此村")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(), st.text(max_size=8), st.sampled_from([*TEKUN, "合计", A, B]), st.floats(allow_nan=False, allow_infinity=False)
            ),
            max_size=9,
        ),
        max_size=12,
    )
)
def test_any_table_ends_in_rows_or_one_refusal(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str | float | None]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    clean = [[None if isinstance(v, str) and not v.isprintable() else v for v in row] for row in rows]
    for path in (xlsx(folder / "a.xlsx", clean), table(folder / "a.csv", clean, "utf-16")):
        reading = read_file(path, period=MARCH, areas=AREAS)
        assert (reading.verdict == "REJECT_FILE") == (not reading.tables)
        assert reading.rows == sum(t.accepted.height + t.rejected.height for t in reading.tables)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "姓名,身份证号,供养方式\n".encode(), b"\xff\xfe"]),
)
def test_any_bytes_end_in_rows_or_one_refusal(tmp_path_factory: pytest.TempPathFactory, noise: bytes, head: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.bin"
    path.write_bytes(head + noise)
    reading = read_file(path, period=MARCH)
    assert reading.verdict == "REJECT_FILE" or reading.rows >= 0
    assert (reading.verdict == "REJECT_FILE") == (not reading.tables)
