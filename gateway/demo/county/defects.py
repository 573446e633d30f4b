"""What staff get wrong: a few rows of a list that no reader may accept, well below the five per cent at which a file is held.

Half of a list's mistakes stand every month, half are made anew; so rows held in one month are put right in the next.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from contracts.frames import ListFrames, ListState
from contracts.ids import Period
from gateway.demo.county.draws import Draws

OWN_ID: Mapping[str, str] = {
    "DIBAO_RURAL_HOUSEHOLD": "head_id", "MARGIN_HOUSEHOLD": "head_id", "TAPER": "head_id",
}
"""Lists whose rows' own ID is not `id_number`."""

OWN_NAME: Mapping[str, str] = {"DIBAO_RURAL_HOUSEHOLD": "head_name", "MARGIN_HOUSEHOLD": "head_name", "TAPER": "head_name"}

_SHARES: Mapping[str, float] = {
    "DIBAO_RURAL_PERSON": 0.002, "DIBAO_RURAL_HOUSEHOLD": 0.001, "DIBAO_URBAN_PERSON": 0.003, "TEKUN_PERSON": 0.02,
    "MARGIN_PERSON": 0.02, "MARGIN_HOUSEHOLD": 0.01, "CHILD": 0.02, "MONITOR_PERSON": 0.008,
}
_KINDS = ("E-ID-CHK", "E-ID-LEN", "E-ID-NUM", "E-REQ", "E-DATE")
_DATED: Mapping[str, str] = {"MONITOR_PERSON": "risk_identified_on"}
_BLANKED = {"E-ID-CHK": "id", "E-ID-LEN": "id", "E-ID-NUM": "id", "E-REQ": "name", "E-DATE": "date", "E-FILE-FORMULA": "formula"}

FORMULAS: Mapping[str, str] = {"TEKUN_PERSON": "basic_amount", "MARGIN_PERSON": "income_month"}
"""List -> the field that holds a formula in rows with E-FILE-FORMULA (lists that come as workbooks)."""


def dated(code: str) -> str:
    """The field of a list that E-DATE damages."""
    return _DATED.get(code, "start_month")


def marked(frame: pl.DataFrame, code: str, draws: Draws, month: int) -> pl.DataFrame:
    """Adds `_defect`: the code for which a row will be rejected, null for the others; MONITOR_PERSON gets a person claimed twice."""
    share = _SHARES.get(code, 0.0)
    count = int(frame.height * share)
    if count < 2:
        return frame.with_columns(_defect=pl.lit(None, dtype=pl.String))
    pid = pl.col("pid")
    standing = draws.bits(f"wrong {code}", pid).rank("ordinal") <= count - count // 2
    fresh = draws.bits(f"wrong {code} {month}", pid).rank("ordinal") <= count // 2
    has_id = pl.col(OWN_ID.get(code, "id_number")).is_not_null()
    kinds = (*_KINDS, "E-FILE-FORMULA") if code in FORMULAS else _KINDS
    made = frame.with_columns(_defect=pl.when((standing | fresh) & has_id).then(draws.pick(f"wrong how {code}", pid, kinds)))
    if code != "MONITOR_PERSON":
        return made
    clean = made.filter(pl.col("_defect").is_null() & has_id)
    twice = clean.sort(draws.bits("twice", pid)).head(max(1, count // 4)).with_columns(
        _defect=pl.lit("E-ID-DUP"), household_size=pl.lit(1, dtype=pl.Int32),
        household_no=pl.concat_str(pl.lit("20"), pl.col("household_no").str.slice(2)),
        person_no=pl.concat_str(pl.lit("20"), pl.col("household_no").str.slice(2), pl.lit("01")))
    return pl.concat([made, twice])


def split(frame: pl.DataFrame, code: str, period: Period, raw: pl.Expr) -> ListFrames:
    """Accepted and rejected rows of a marked list; `raw` makes the JSON of a row's cells."""
    wrong = pl.col("_defect").is_not_null()
    kind = pl.col("_defect").replace_strict(_BLANKED, default=None)
    fields = {"id": OWN_ID.get(code, "id_number"), "name": OWN_NAME.get(code, "name"), "date": dated(code),
              "formula": FORMULAS.get(code, "")}
    blank = [pl.when(kind != name).then(pl.col(field)).when(kind.is_null()).then(pl.col(field)).alias(field)
             for name, field in fields.items() if field in frame.columns]
    rejected = frame.filter(wrong).with_columns(raw.alias("_raw"), *blank, pl.concat_list("_defect").alias("_codes"))
    accepted = frame.filter(~wrong).drop("_defect")
    state: ListState = "partial" if rejected.height else "complete"
    columns = accepted.drop("pid").columns
    return ListFrames(code, period, state, accepted.select(columns), rejected.select(*columns, "_codes", "_raw"))
