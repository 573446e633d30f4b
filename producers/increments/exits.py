"""Who is gone (退出), and who only seems so: no part of the feed, but what the month's check and the view of it show."""

from __future__ import annotations

import polars as pl

from producers.increments.known import corrections
from producers.increments.month import Month, absent, not_null, pick, same_person


def left(base: Month, current: Month, changes: pl.DataFrame, register: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accepted persons of the base who are not accepted this month.

    Returns: exits (`id_number`, `reason`: of the change list, else of the exit register, else null) and held ones
    (`id_number`, `codes`: this month's row was rejected, by its ID, else by name and certificate, else by name and head).
    """
    missing = absent(base.accepted, current.accepted)
    by_id = missing.join(not_null(current.held, "id_number").select("id_number", codes="_codes"), on="id_number", how="inner")
    rest = absent(missing, by_id)
    codes = current.held.filter(pl.col("id_number").is_null())
    by_name = same_person(rest, codes)
    by_name = (
        by_name.join(codes.select("name", "head_id", "cert_no", codes="_codes"), on="name", how="inner")
        .filter(_close())
        .select(by_id.columns)
    )
    held = pl.concat([by_id, by_name]).select("id_number", "codes").unique("id_number", keep="first", maintain_order=True)
    new_numbers = not_null(pl.concat([current.accepted, current.held.select(current.accepted.columns)]), "id_number").select("id_number")
    renumbered = corrections(changes).join(new_numbers, on="id_number", how="semi").select(pl.col("old_id_number").alias("id_number"))
    newcomers = absent(current.accepted, base.ids)
    silent = rest.join(newcomers.select("name", "cert_no"), on=["name", "cert_no"], how="semi", nulls_equal=False)
    gone = absent(absent(absent(rest, held), renumbered), silent)
    return gone.join(_reasons(changes, register), on="id_number", how="left", maintain_order="left").select("id_number", "reason"), held


def _close() -> pl.Expr:
    return (pl.col("cert_no") == pl.col("cert_no_right")).fill_null(pl.col("head_id") == pl.col("head_id_right"))


def _reasons(changes: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """`id_number`, `reason`; a transfer to tekun is an exit from dibao."""
    said = changes.filter(pl.col("change_type") == "EXIT").select("id_number", pl.col("exit_reason").alias("reason"))
    moved = changes.filter(pl.col("change_type") == "TRANSFER", pl.col("category") == "TEKUN").select(
        "id_number", pl.lit("TO_TEKUN").alias("reason")
    )
    listed = pick(register, {"id_number": pl.String, "reason": pl.String})
    return not_null(pl.concat([said, moved, listed]), "id_number", "reason").unique("id_number", keep="first", maintain_order=True)
