"""Lists of deaths."""

from __future__ import annotations

from contracts.checks.table import Table
from contracts.values.cells import marks


def death_dates(table: Table) -> None:
    """W-DATE where the death date is missing, and at a cremation that lies before the death. Values stay as filed."""
    died, cremated = table.value("death_date"), table.value("cremation_date")
    table.add("death_date", marks("W-DATE", died.is_null(), zh="没有填写", en="is missing"))
    shorter = died.str.head(7), cremated.str.head(7)
    whole = (died.str.len_chars() == 10) & (cremated.str.len_chars() == 10)
    before = (shorter[1] < shorter[0]) | (whole & (cremated < died))
    table.add("cremation_date", marks("W-DATE", before.fill_null(value=False), zh="早于死亡日期", en="lies before the death"))
