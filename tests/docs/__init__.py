"""What the papers say, executed."""
