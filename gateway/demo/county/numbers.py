"""ID numbers of invented people: right check digits, sequence digits 900 to 995 that no office issues."""

from __future__ import annotations

import polars as pl

from gateway.demo.county.draws import Draws

OLD_PREFIX = "522730"
"""Place of issue of numbers that were wrong and got corrected; nobody else's number begins so."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = ("1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2")
_NEIGHBOURS = ("522722", "522722", "522722", "522722", "522722", "522701", "522726", "522732", "522729", "522723")
_WIDER = tuple(f"5227{i:02d}" for i in (1, 2, 22, 23, 25, 26, 27, 28, 29, 31, 32)) + tuple(f"5226{i:02d}" for i in range(22, 37))
_SEQUENCES = 48
"""Numbers a place, day and sex has to give."""


def issued(draws: Draws, people: pl.DataFrame) -> pl.DataFrame:
    """Adds `id_number` to people (`pid`, `birth` Date, `male` Boolean), no number twice.

    Raises:
        ValueError: more people of one birthday than there are numbers.
    """
    places = _NEIGHBOURS if people.height < 200_000 else _WIDER
    keyed = people.with_columns(draws.pick("issued in", pl.col("pid"), places).alias("_place"))
    keyed = keyed.with_columns(pl.int_range(pl.len()).over("_place", "birth", "male").alias("_rank"))
    if keyed.select(pl.col("_rank").max()).item() >= _SEQUENCES:
        raise ValueError("too many people for the ID numbers of one county")
    start = draws.below("sequence", day_number(pl.col("birth")), _SEQUENCES)
    sequence = pl.lit(900) + (pl.col("_rank") + start) % _SEQUENCES * 2 + pl.col("male").cast(pl.Int64)
    keyed = keyed.with_columns(stem(pl.col("_place"), pl.col("birth"), sequence).alias("_stem"))
    return keyed.with_columns(with_check(pl.col("_stem")).alias("id_number")).drop("_place", "_rank", "_stem")


def stem(place: pl.Expr, birth: pl.Expr, sequence: pl.Expr) -> pl.Expr:
    """The first 17 digits as a whole number: place of issue, birth date, sequence (GB 11643)."""
    return place.cast(pl.Int64) * 10**11 + day_number(birth) * 1000 + sequence


def day_number(day: pl.Expr) -> pl.Expr:
    """20230305 of a date (Int64)."""
    return day.dt.year().cast(pl.Int64) * 10_000 + day.dt.month().cast(pl.Int64) * 100 + day.dt.day().cast(pl.Int64)


def with_check(digits: pl.Expr) -> pl.Expr:
    """17 digits as a whole number -> 18 characters (ISO 7064 MOD 11-2)."""
    total = pl.sum_horizontal([(digits // 10 ** (16 - i)) % 10 * weight for i, weight in enumerate(_WEIGHTS)])
    return pl.concat_str(digits.cast(pl.String), pl.lit(pl.Series(list(_CHECKS))).gather(total % 11))
