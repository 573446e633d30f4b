"""R1 on the shared samples: every decision, household flag and variant of the day equals the oracle."""

from __future__ import annotations

from datetime import date

import pytest

from consumers.rules.margin import County, decide
from tests.unit.consumers.rules.samples import expected, load, table_rows

LIBO = County("522722", "荔波县")


def test_every_decision_equals_the_oracle() -> None:
    got = {d["subject"]: d for d in decide(load("2023-03"), LIBO, date(2023, 3, 31)).rows.to_dicts()}
    want = {w["subject"]: w for w in table_rows(expected()["r1"]["decisions"])}
    keys = ("household", "row", "outcome", "reason", "flags")
    assert len(want) > 300
    assert got.keys() == want.keys()
    assert {s: [d[k] for k in keys] for s, d in got.items()} == {s: [w[k] for k in keys] for s, w in want.items()}


def test_household_flags_equal_the_oracle() -> None:
    got = decide(load("2023-03"), LIBO, date(2023, 3, 31)).households
    want = {(w["household"], w["flag"]) for w in expected()["r1"]["household_flags"]}
    assert set(got.select("household", "flag").iter_rows()) == want


@pytest.mark.parametrize("number", range(4))
def test_only_the_day_moves(number: int) -> None:
    variant = expected()["r1"]["as_of_variants"][number]
    lists = {name: frames for name, frames in load("2023-03").items() if name != "MONITOR_TOWN"}
    counts = decide(lists, LIBO, date.fromisoformat(variant["as_of"])).rows.group_by("outcome", "reason").len().iter_rows()
    assert {f"{outcome}/{reason}": n for outcome, reason, n in counts} == variant["counts"]
