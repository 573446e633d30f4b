"""New by ID, and yet not new: who was there last month under another number, or in a row nobody could read (R11)."""

from __future__ import annotations

import polars as pl

from producers.increments.month import Month, absent, among, not_null, present, same_certificate, same_person

EXPLAINED: tuple[str, ...] = ("ID_CORRECTION", "MOVE", "TAPER_BACK", "NAME_CHANGE", "SPLIT", "HEAD_CHANGE")


def known(new: pl.DataFrame, base: Month, current: Month, changes: pl.DataFrame) -> pl.DataFrame:
    """`id_number`, `why` of the rows of `new` whose person was in the base; the first of these that holds:

    ID_CORRECTION the change list corrects the number from that of a base row that is gone or held;
    BASE_ROW_HELD a held base row has the same readable ID, or one that is gone the same name and certificate number;
    ID_CORRECTION an accepted base row that is gone has the same name and certificate number;
    BASE_ROW_LEFT_OUT an accepted base row names the person as head.
    """
    gone = absent(base.accepted, current.ids)
    readable = pl.col("id_number").is_not_null()
    gone_held = pl.concat([absent(base.held.filter(readable), current.ids), base.held.filter(~readable)])
    tests = (
        ("ID_CORRECTION", present(new, _corrected(changes, gone, base))),
        ("BASE_ROW_HELD", present(new, base.held)),
        ("BASE_ROW_HELD", same_person(new, gone_held)),
        ("ID_CORRECTION", same_certificate(new, gone)),
        ("BASE_ROW_LEFT_OUT", new.filter(among("id_number", base.accepted["head_id"]))),
    )
    told = [rows.select("id_number", pl.lit(why).alias("why")) for why, rows in tests if rows.height]
    return pl.concat([pl.DataFrame(schema={"id_number": pl.String, "why": pl.String}), *told]).unique(
        "id_number", keep="first", maintain_order=True
    )


def corrections(changes: pl.DataFrame) -> pl.DataFrame:
    """`id_number`, `old_id_number` of the change list's corrections, the old number as it stands there."""
    rows = changes.filter(pl.col("change_type") == "ID_CORRECTION").select("id_number", pl.col("old_id_number").str.to_uppercase())
    return not_null(rows, "id_number", "old_id_number")


def _corrected(changes: pl.DataFrame, gone: pl.DataFrame, base: Month) -> pl.DataFrame:
    """New numbers (`id_number`) whose old one is a base row's that is gone, or stands in the cells of a held base row."""
    written = base.held.select(pl.col("numbers").alias("old")).explode("old")
    readable = pl.concat([gone.select("id_number"), base.held.select("id_number")]).rename({"id_number": "old"})
    old = not_null(pl.concat([readable, written]), "old").unique()
    return corrections(changes).join(old, left_on="old_id_number", right_on="old", how="semi").select("id_number")


def explained(base: Month, current: Month, changes: pl.DataFrame) -> pl.DataFrame:
    """`id_number`, `why` of base persons whom the change list names and who are simply still there.

    A change whose old place is filled is a MOVE, whatever the list calls it; another word that does not fit somebody who was
    there before is IN_BASE.
    """
    move = pl.col("old_place").is_not_null()
    kept = pl.col("change_type").is_in(EXPLAINED)
    why = pl.when(move).then(pl.lit("MOVE")).when(kept).then("change_type").otherwise(pl.lit("IN_BASE"))
    named = not_null(changes, "id_number").filter(~pl.col("change_type").is_in(["EXIT", "TAPER_START"]))
    there = present(present(named, base.ids), current.ids)
    return there.select("id_number", why.alias("why")).unique("id_number", keep="first", maintain_order=True)
