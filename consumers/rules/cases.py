"""What every case (事项) has, whatever its rule: who, what, why, by which clause, from which row."""

from __future__ import annotations

import polars as pl

from consumers.rules.frames import Schema

CASE: Schema = {
    "rule": pl.String, "case": pl.String, "id_number": pl.String, "reason": pl.String, "clause": pl.String, "category": pl.String,
    "household": pl.String, "row": pl.String, "file": pl.String,
}  # fmt: skip


def made(rows: pl.DataFrame, rule: str, clause: str, more: Schema) -> pl.DataFrame:
    """Rows in the columns `CASE` and those of the rule; where the rows come from is `_file`, `_sheet`, `_row`."""
    place = pl.format("{}!{}", pl.col("_sheet").fill_null(""), pl.col("_row"))
    said = rows.with_columns(pl.lit(rule).alias("rule"), pl.lit(clause).alias("clause"), place.alias("row"), pl.col("_file").alias("file"))
    schema = {**CASE, **more}
    return said.select(
        pl.col(name).cast(dtype) if name in said.columns else pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items()
    )


def nothing(more: Schema) -> pl.DataFrame:
    """No cases."""
    return pl.DataFrame(schema={**CASE, **more})


def first_that_holds(tests: dict[str, pl.Expr]) -> pl.Expr:
    """The name of the first test that holds, else null."""
    return pl.coalesce(pl.when(test).then(pl.lit(name)) for name, test in tests.items())
