"""The review annexes (rule 20)."""

from __future__ import annotations

import polars as pl

from contracts.checks.table import Table
from contracts.values.cells import Mark, marks


def single_on_top(table: Table) -> None:
    """W-ORDER at a row marked 单人保 that does not stand on top or lacks the remark 单人保."""
    if not table.has("single"):
        return
    single = table.value("single").fill_null(value=False)
    on_top = single.cast(pl.Int8).cum_min() == 1
    noted = (table.value("remark").str.replace_all(r"\s", "") == "单人保").fill_null(value=False)
    table.add("single", marks("W-ORDER", single & ~(on_top & noted)))


def opinion_of_household(table: Table) -> None:
    """E-DICT at the household's first opinion that is none of the two allowed; the whole household is rejected."""
    field = table.listing.fields["opinion"]
    opinion = table.value("opinion")
    wrong = ~opinion.is_in(list(field.words)).fill_null(value=False)
    if not table.has("opinion") or not wrong.any():
        return
    start = table.value("_block").is_first_distinct()
    facts = {"suggestion": " / ".join(field.words)}
    table.add(
        "opinion", (Mark("E-DICT", (wrong & start).arg_true(), facts), Mark("E-DICT", (wrong & ~start).arg_true(), facts, quiet=True))
    )
