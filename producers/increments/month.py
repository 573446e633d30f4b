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
    """

    accepted: pl.DataFrame
    held: pl.DataFrame

    @property
    def rows(self) -> pl.DataFrame:
        """Accepted, then held rows, `COLUMNS` and `is_held`."""
        good = self.accepted.with_columns(pl.lit(value=False).alias("is_held"))
        return pl.concat([good, self.held.select(self.accepted.columns).with_columns(pl.lit(value=True).alias("is_held"))])

    @property
    def ids(self) -> pl.DataFrame:
        """Every readable ID, accepted or held."""
        return not_null(self.rows, "id_number").select("id_number").unique()


def month_of(frames: ListFrames) -> Month:
    """The list's rows; of an ID that stands twice the first row counts."""
    good = not_null(pick(frames.accepted, COLUMNS), "id_number").unique("id_number", keep="first", maintain_order=True)
    bad = pick(frames.rejected, {**COLUMNS, "_codes": pl.List(pl.String), "_raw": pl.String})
    duplicate = pl.col("_codes").list.contains("E-ID-DUP")
    bad = bad.with_columns(
        pl.when(~duplicate).then("id_number").alias("id_number"),
        _digits(pl.col("_raw")).alias("numbers"),
    ).drop("_raw")
    return Month(good, bad)


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
    return frame.filter(pl.all_horizontal(pl.col(c).is_not_null() for c in columns))


def absent(frame: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Rows whose ID is not among these (an unreadable ID is not)."""
    return frame.join(ids.select("id_number"), on="id_number", how="anti", nulls_equal=False)


def same_person(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Rows of the left that the right names too: same name and certificate number; without a certificate, same name and head."""
    by_cert = left.join(not_null(right, "name", "cert_no").select("name", "cert_no"), on=["name", "cert_no"], how="semi", nulls_equal=False)
    rest = left.filter(pl.col("name").is_not_null(), pl.col("head_id").is_not_null())
    heads = not_null(right, "name", "head_id").select("name", "head_id", pl.col("cert_no").alias("_cert"))
    one_lacks = pl.col("cert_no").is_null() | pl.col("_cert").is_null()
    by_head = rest.join(heads, on=["name", "head_id"], how="inner").filter(one_lacks).select(left.columns)
    return pl.concat([by_cert, by_head]).unique(maintain_order=True)
