"""The rows that go into a folder sink for one edition: its own, then those taken over from the month before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from consumers.sinks.carry import carried
from consumers.sinks.port import Batches, EditionFacts, LoadCounts, Unconfirmed

_MARK = "_unconfirmed"


@dataclass(slots=True)
class Filling:
    """Frames as they are written, and what was counted on the way.

    Attributes:
        earlier: the kept rows of the nearest earlier month, None when there is none.
    """

    facts: EditionFacts
    earlier: Path | None
    batches: Batches
    unconfirmed: Unconfirmed
    counts: LoadCounts = field(default=LoadCounts(0))

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return {**self.facts.schema, _MARK: pl.Boolean()}

    def frames(self) -> Iterator[pl.DataFrame]:
        """The edition's batches, then one frame of unconfirmed rows; only key columns are remembered of what has passed."""
        names, key = list(self.facts.schema), list(self.facts.key)
        passed, rows = [pl.DataFrame(schema={name: self.facts.schema[name] for name in key})], 0
        for batch in self.batches:
            rows += batch.height
            passed.append(batch[key])
            ordered = batch if batch.columns == names else batch[names]
            yield ordered.with_columns(pl.lit(value=False).alias(_MARK))
        self.counts = LoadCounts(rows)
        wanted = [frame for frame in self.unconfirmed() if frame.height] if self.facts.kind == "snapshot" else []
        if wanted:
            taken, unmatched = self._taken(pl.concat(wanted).unique(), pl.concat(passed))
            self.counts = LoadCounts(rows, taken.height, unmatched)
            yield taken

    def _taken(self, keys: pl.DataFrame, here: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """Rows of the earlier month in the shape of this one: fields it did not have are null, fields no longer seen are gone."""
        key = self.facts.key
        before = pl.LazyFrame(schema=self.schema) if self.earlier is None else pl.scan_parquet(self.earlier)
        present = before.collect_schema()
        if not set(key) <= set(present):
            return pl.DataFrame(schema=self.schema), keys.height
        numbered = before.with_row_index("_id")
        found, unmatched = carried(numbered.select("_id", *key).collect(), here, keys, key)
        values = [pl.col(name).cast(dtype) if name in present else pl.lit(None, dtype).alias(name)
                  for name, dtype in self.facts.schema.items()]
        rows = numbered.join(found.lazy().select("_id"), on="_id", how="semi", maintain_order="left")
        return rows.select(*values, pl.lit(value=True).alias(_MARK)).collect(), unmatched
