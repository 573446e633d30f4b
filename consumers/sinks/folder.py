"""`csv:DIR`, `xlsx:DIR`, `parquet:DIR`: a folder with one subfolder an edition, receipt inside, made visible by one rename.

`DIR/editions/<manifest digest>/` holds `rows.parquet`, `receipt.dsse.json`, `edition.json` and the shown file; `shown.py` says what
people see beside it. An edition that is being written lies under a hidden name, which opening the sink clears away.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from consumers.sinks.csv_file import write_csv
from consumers.sinks.disk import translated
from consumers.sinks.filling import Filling
from consumers.sinks.port import Batches, EditionFacts, LoadCounts, MakeReceipt, StoredReceipt, Unconfirmed
from consumers.sinks.record import FILE, RECEIPT, ROWS, Record
from consumers.sinks.rivals import judge
from consumers.sinks.rows_file import flush, write_rows
from consumers.sinks.shown import Format, place_of, rendered, show
from consumers.sinks.xlsx_file import write_xlsx
from contracts.errors import ExchangeError
from contracts.ids import Period

_INCOMING = ".incoming-"
_DIGEST = re.compile(r"[0-9a-f]{64}")
FORMATS = {"csv": Format("csv", write_csv), "xlsx": Format("xlsx", write_xlsx), "parquet": Format("parquet", None)}


def open_folder(kind: str, root: Path) -> FolderSink:
    """Open or make a folder sink of FORMATS, and finish or clear away what a crash left.

    Raises:
        ExchangeError: E-SINK-OPEN, E-SINK-DAMAGED, E-SINK-FULL.
    """
    sink = FolderSink(root, FORMATS[kind])
    with translated(str(root), "E-SINK-OPEN"):
        sink.recover()
    return sink


@dataclass(slots=True)
class FolderSink:
    """`consumers.sinks.port.Sink` on a folder. The records are read once, when it is opened; it has one writer."""

    root: Path
    form: Format
    records: dict[str, Record] = field(default_factory=dict)

    @property
    def editions(self) -> Path:
        return self.root / "editions"

    def recover(self) -> None:
        """Read the records, finish what a crash left undone, and clear away what it left half done."""
        self.editions.mkdir(parents=not self.root.exists() and self.root.parent.is_dir(), exist_ok=True)
        for folder in self.editions.iterdir():
            if folder.name.startswith(_INCOMING):
                shutil.rmtree(folder)
            elif _DIGEST.fullmatch(folder.name):
                self.records[folder.name] = Record.read(folder)
        if not self.records:  # made now, or by a run that was killed before it could flush
            flush(self.root.parent)
            flush(self.root)
        flush(self.editions)  # a rename that a crash overtook is answered for from here on
        for feed, sender in sorted({(record.feed, record.sender) for record in self.records.values()}):
            self._present(feed, sender)

    def find(self, manifest: str) -> bytes | None:
        return self._receipt(manifest) if manifest in self.records else None

    def receipts(self) -> Iterator[StoredReceipt]:
        for record in sorted(self.records.values(), key=lambda record: record.number):
            yield StoredReceipt(record.manifest, record.edition, record.revision, record.feed, Period.parse(record.period),
                                self._receipt(record.manifest))

    def load(self, facts: EditionFacts, batches: Batches, unconfirmed: Unconfirmed, make_receipt: MakeReceipt) -> bytes:
        stored = self.find(facts.manifest)
        if stored is not None:
            return stored
        owners = {record.recipient for record in self.records.values()} - {str(facts.recipient)}
        if owners:
            raise ExchangeError("E-SINK-OWNER", owner=min(owners), given=str(facts.recipient))
        incoming = self.editions / f"{_INCOMING}{facts.manifest}"
        with translated(str(self.root), "E-SINK-STORE"):
            try:
                shutil.rmtree(incoming, ignore_errors=True)
                incoming.mkdir()
                record, receipt = self._write(incoming, facts, Filling(facts, self._earlier(facts), batches, unconfirmed), make_receipt)
                incoming.rename(self.editions / facts.manifest)
            except BaseException:
                shutil.rmtree(incoming, ignore_errors=True)
                raise
            flush(self.editions)
            self.records[facts.manifest] = record
            self._present(facts.feed, str(facts.sender))
        return receipt

    def _write(self, folder: Path, facts: EditionFacts, filling: Filling, make_receipt: MakeReceipt) -> tuple[Record, bytes]:
        """Everything of the edition, flushed, under its hidden name."""
        standing = [record.place for record in self._standing() if (record.feed, record.sender) == (facts.feed, str(facts.sender))]
        verdict = judge(facts, standing)
        if verdict.superseded or facts.kind == "withdrawn":
            counts = LoadCounts(sum(batch.height for batch in filling.batches), superseded=verdict.superseded)
        else:
            write_rows(folder / ROWS, filling.schema, filling.frames())
            counts = filling.counts
        record = Record.of(facts, counts, verdict.replaced, 1 + max((known.number for known in self.records.values()), default=0))
        if record.shows_rows and self.form.render is not None:
            flush(rendered(self.form, folder, record))
        receipt = make_receipt(counts)
        (folder / RECEIPT).write_bytes(receipt)
        flush(folder / RECEIPT)
        (folder / FILE).write_text(record.text(), "utf-8")
        flush(folder / FILE)
        flush(folder)
        return record, receipt

    def _earlier(self, facts: EditionFacts) -> Path | None:
        """The rows of the nearest earlier month that stands."""
        months = {record.period: self.editions / record.manifest / ROWS for record in self._standing()
                  if record.kind == "snapshot" and (record.feed, record.sender) == (facts.feed, str(facts.sender))
                  and record.period < str(facts.period)}
        return months[max(months)] if months else None

    def _standing(self) -> list[Record]:
        gone = {manifest for record in self.records.values() for manifest in record.replaced}
        return [record for record in self.records.values() if record.manifest not in gone and not record.superseded]

    def _present(self, feed: str, sender: str) -> None:
        """Show what stands; then the rows of what does not are deleted, their receipts stay.

        Raises:
            ExchangeError: E-SINK-DAMAGED, kept rows are gone.
        """
        mine = [record for record in self.records.values() if (record.feed, record.sender) == (feed, sender)]
        standing = {record.manifest: record for record in self._standing() if record in mine}
        for record in standing.values():
            if record.shows_rows and not (self.editions / record.manifest / ROWS).exists():
                raise ExchangeError("E-SINK-DAMAGED", place=f"{self.root}/editions/{record.manifest}", why=ROWS)
        place = place_of(self.root, feed, sender, mine[0].recipient)
        show(place, self.form, [(record, self.editions / record.manifest) for record in standing.values()])
        for record in mine:
            if record.manifest not in standing:
                for form in FORMATS.values():
                    (self.editions / record.manifest / form.file).unlink(missing_ok=True)

    def _receipt(self, manifest: str) -> bytes:
        with translated(str(self.root), "E-SINK-DAMAGED"):
            return (self.editions / manifest / RECEIPT).read_bytes()

    def close(self) -> None:
        """Nothing is kept open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
