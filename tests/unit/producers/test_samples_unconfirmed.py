"""The shared samples of April read against March: whoever really is on a roster stays, and who left goes."""

from __future__ import annotations

import json

import pytest

from contracts.feeds import find_feed
from contracts.frames import ListFrames
from contracts.ids import Period
from producers.assemble import assemble
from producers.reading import read_file
from producers.unconfirmed import unconfirmed
from tests.unit.producers.rosters import MARCH, SAMPLES

FILES = {"DIBAO_RURAL_PERSON": "荔波县农村低保人员查询_{}.xlsx", "TEKUN_PERSON": "荔波县特困人员查询_{}.xlsx"}
FEED = find_feed("assistance-persons")
APRIL = Period(2023, 4)


def month(period: Period) -> dict[str, ListFrames]:
    found: dict[str, ListFrames] = {}
    for code, name in FILES.items():
        path = SAMPLES / name.format(f"{period.year}{period.month:02d}")
        reading = read_file(path, as_list=code, period=period, areas=None, previous=None)
        table = next(t for t in reading.tables if t.list == code)
        found[code] = ListFrames(code, period, "partial", table.accepted, table.rejected)
    return found



def test_nobody_is_gone_for_a_held_row_and_nobody_stays_who_left() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("needs ../shared (samples), which is not here")
    truth = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["rosters"]["2023-04"]
    march, april = month(MARCH), month(APRIL)
    last, current = assemble(FEED, march), assemble(FEED, april)
    keys = unconfirmed(
        FEED,
        FEED.view_for("medical-insurance"),
        APRIL,
        current=current,
        last=last,
        held={code: frames.rejected for code, frames in april.items()},
        held_before={code: frames.rejected for code, frames in march.items()},
        waiting={},
    )
    for category in ("DIBAO_RURAL", "TEKUN"):
        table = truth[category]
        really = {row[table["fields"].index("id_number")] for row in table["rows"]}
        absent = set(last.filter(category=category)["id_number"]) - set(current.filter(category=category)["id_number"])
        kept = set(keys.filter(category=category)["id_number"])
        assert absent & really
        assert absent - really
        assert kept == absent & really
