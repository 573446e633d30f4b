"""(a) The bare way: frames in memory → view → Avro → zstd → Cobblestone → files, and back into Parquet; nothing else.

No keys are wrapped, nothing is signed, recorded or checked: it is what any way of doing the job must at least cost.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import zstandard
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor

from benchmarks.job import Job
from benchmarks.peers.durable import put, settle
from producers.chunks import MOST_ROWS

LEVEL = 3
KEY = bytes(range(32))
CONTEXT = b"bare"


def publish(job: Job, folder: Path, syncs: int = 0) -> int:
    """Seal everything into `folder`, one directory a department; returns bytes written. Makes at least `syncs` fsync calls."""
    written = 0
    compressor = zstandard.ZstdCompressor(level=LEVEL)
    for number, delivery in enumerate(job.deliveries):
        target = folder / f"{number}"
        target.mkdir(parents=True)
        rows = delivery.cut().rechunk()
        for at in range(0, max(rows.height, 1), MOST_ROWS):
            avro = io.BytesIO()
            rows.slice(at, MOST_ROWS).write_avro(avro)
            encryptor = Cobblestone256Encryptor(KEY, CONTEXT)
            sealed = encryptor.update(compressor.compress(avro.getbuffer())) + encryptor.finalize()
            written += put(target / f"{at}.chunk", sealed)
        settle(target)
    _sync_up(folder, syncs)
    return written


def collect(folder: Path, sink: Path, syncs: int = 0) -> int:
    """Open everything into one Parquet file a department; returns rows. Makes at least `syncs` fsync calls."""
    rows = 0
    decompressor = zstandard.ZstdDecompressor()
    for source in sorted(folder.iterdir()):
        frames = []
        for path in sorted(source.glob("*.chunk"), key=lambda chunk: int(chunk.stem)):
            decryptor = Cobblestone256Decryptor(KEY, CONTEXT)
            content = decryptor.update(path.read_bytes()) + decryptor.finalize()
            frames.append(pl.read_avro(io.BytesIO(decompressor.decompress(content))))
        frame = pl.concat(frames)
        target = sink / source.name
        target.mkdir(parents=True)
        parquet = io.BytesIO()
        frame.write_parquet(parquet)
        put(target / "rows.parquet", parquet.getvalue())
        settle(target)
        rows += frame.height
    _sync_up(sink, syncs)
    return rows


def _sync_up(folder: Path, syncs: int) -> None:
    """As many fsync calls as the way it is compared with makes: one for each file written, one for each directory, the rest here."""
    made = sum(1 for _ in folder.rglob("*"))
    for number in range(made, syncs):
        put(folder / "sync", number.to_bytes(4, "big") * 64)
