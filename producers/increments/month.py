"""One source list in two months, as increments (R11) look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from contracts.frames import ListFrames

Schema = Mapping[str, pl.DataType | type[pl.DataType]]

COLUMNS: Schema = {
    "_file": pl.String, "_sheet": pl.String, "_row": pl.Int32, "id_number": pl.String, "name": pl.String,
    "head_id": pl.String, "cert_no": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """Accepted and held rows of a list.

    Attributes:
        accepted: `COLUMNS`, one row an ID.
        held: `COLUMNS`, `_codes`, `numbers` List(String) (what looks like an ID number in the raw cells). The `id_number` of a
            duplicate is null here: it is another row's and does not tell who this row is about.
        rows: both, `COLUMNS`, accepted rows first.
        ids: `id_number` of every row of both that has one.
    """

    accepted: pl.DataFrame
    held: pl.DataFrame
    rows: pl.DataFrame
    ids: pl.DataFrame


def month_of(frames: ListFrames) -> Month:
    """The list's rows; of an ID that stands twice the first row counts."""
    good = not_null(pick(frames.accepted, COLUMNS), "id_number")
    if good["id_number"].n_unique() < good.height:
        good = good.unique("id_number", keep="first", maintain_order=True)
    bad = pick(frames.rejected, {**COLUMNS, "_codes": pl.List(pl.String), "_raw": pl.String})
    duplicate = pl.col("_codes").list.contains("E-ID-DUP")
    bad = bad.with_columns(
        pl.when(~duplicate).then("id_number").alias("id_number"),
        _digits(pl.col("_raw")).alias("numbers"),
    ).drop("_raw")
    rows = pl.concat([good, bad.select(*COLUMNS)])
    return Month(good, bad, rows, not_null(rows.select("id_number"), "id_number"))


def _digits(raw: pl.Expr) -> pl.Expr:
    """What looks like an ID number in raw cells (JSON), full-width digits and white space put right as a reader would."""
    narrow = raw.fill_null("").str.replace_many(list("０１２３４５６７８９Ｘｘ"), list("0123456789XX"))
    return narrow.str.replace_all(r"[\s\u{200B}-\u{200D}\u{2060}\u{FEFF}]", "").str.to_uppercase().str.extract_all(r"[0-9]{14,}X?")


def pick(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with exactly the columns of the schema; a column it lacks is null."""
    have = frame.columns
    return frame.select(
        (pl.col(name).cast(dtype) if name in have else pl.lit(None, dtype=dtype)).alias(name) for name, dtype in schema.items()
    )


def not_null(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows that have all these values: a null matches nobody."""
    return frame.filter(*(pl.col(c).is_not_null() for c in columns))


def among(column: str, values: pl.Series) -> pl.Expr:
    """Whether the column's value is one of these; a null is none."""
    return pl.col(column).is_in(values.implode()).fill_null(value=False)


def absent(frame: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Rows whose ID is not among these (an unreadable ID is not)."""
    return frame.join(ids.select("id_number"), on="id_number", how="anti", maintain_order="left")


def present(frame: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Rows whose ID is among these."""
    return frame.join(ids.select("id_number"), on="id_number", how="semi", maintain_order="left")


def same_person(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Rows of the left that the right names too: same name and certificate number; without a certificate, same name and head."""
    right = right.filter(among("name", left["name"]))
    if right.is_empty():
        return left.clear()
    by_cert = same_certificate(left, right)
    heads = not_null(right, "head_id").select("name", "head_id", pl.col("cert_no").alias("_cert"))
    one_lacks = pl.col("cert_no").is_null() | pl.col("_cert").is_null()
    by_head = left.join(heads, on=["name", "head_id"], how="inner").filter(one_lacks).select(left.columns)
    return pl.concat([by_cert, by_head]).unique(maintain_order=True)


def same_certificate(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Rows of the left with the name and certificate number of a row of the right."""
    return left.join(right.select("name", "cert_no"), on=["name", "cert_no"], how="semi")
