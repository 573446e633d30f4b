"""R4 and R5"""
from datetime import date
import polars as pl
from consumers.rules.parameters import parameters

def revoked(county: str, as_of: date) -> pl.Expr:
    """Whether the `remark` of a death notice takes it back."""
    window = parameters("R4").at(county, as_of)
    if window is None:
        return pl.lit(False)
    return pl.col("remark").str.contains_any(window.words("revoked_words")).fill_null(False)
