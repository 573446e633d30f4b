"""Who is gone (退出), and who only seems so: no part of the feed, but what the month's check and the view of it show."""

from __future__ import annotations

import polars as pl

from producers.increments.known import corrections
from producers.increments.month import Month, absent, among, not_null, pick, present, same_certificate, same_person


def left(base: Month, current: Month, changes: pl.DataFrame, register: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accepted persons of the base who are not accepted this month.

    Returns: exits (`id_number`, `reason`: of the change list, else of the exit register, else null) and held ones
    (`id_number`, `codes`: this month's row was rejected, by its ID, else by name and certificate, else by name and head).
    """
    missing = absent(base.accepted, current.accepted)
    by_id = missing.join(not_null(current.held, "id_number").select("id_number", codes="_codes"), on="id_number", how="inner")
    rest = absent(missing, by_id)
    unreadable = current.held.filter(pl.col("id_number").is_null()).select("name", "head_id", "cert_no", codes="_codes")
    by_name = same_person(rest, unreadable).join(unreadable, on="name", how="inner").filter(_close()).select(by_id.columns)
    held = pl.concat([by_id, by_name]).select("id_number", "codes").unique("id_number", keep="first", maintain_order=True)
    renumbered = present(corrections(changes), current.ids)["old_id_number"]
    silent = same_certificate(rest, absent(current.accepted, base.ids))
    gone = absent(absent(rest, held), silent).filter(~among("id_number", renumbered))
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
