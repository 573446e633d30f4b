"""Numbers that are names: as filed, but for what only keeps them text."""

from __future__ import annotations

import polars as pl
import pytest

from contracts.values.accounts import read_account
from contracts.values.cells import Cells


@pytest.mark.parametrize(
    ("filed", "value", "codes"),
    [
        ("6299991184283146115", "6299991184283146115", []),
        ("'6299991184283146115", "6299991184283146115", ["I-FIXED"]),
        ("’0012", "0012", ["I-FIXED"]),
        ("' 0012", "' 0012", []),
        ("6299 9911 8428", "6299 9911 8428", []),
        ("6.29E+18", None, ["E-ACCT-NUM"]),
        ("'6.29E+18", None, ["E-ACCT-NUM"]),
        ("'甲'", "'甲'", []),
    ],
)
def test_accounts(filed: str, value: str | None, codes: list[str]) -> None:
    read = read_account(Cells(pl.Series(["1", filed])))
    assert read.values.to_list() == ["1", value]
    assert [(m.code, m.rows.to_list()) for m in read.marks] == [(c, [1]) for c in codes]
