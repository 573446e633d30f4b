"""(d) The same job row by row: each record filtered, cut and masked by plain Python, encoded by fastavro, under an AEAD call of its own."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import assert_never

import fastavro
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.job import PERIOD, Delivery, Job
from benchmarks.peers.durable import put, settle
from contracts.views import AgeBetween, AgeOrStudent, CategoryIn, RowFilter, SupportModeIn, View
from security.masks import ADDRESS

KEY = bytes(range(32))
NONCE = 12
Value = object
Record = Mapping[str, Value]
_DAY = PERIOD.end.year * 10_000 + PERIOD.end.month * 100 + PERIOD.end.day
_ID = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_MOBILE = re.compile(r"1[0-9]{10}")
_ADDRESS = re.compile(ADDRESS)


def publish(job: Job, folder: Path) -> int:
    """Encode and encrypt every record; returns bytes written."""
    written = 0
    folder.mkdir(parents=True)
    for number, delivery in enumerate(job.assembled()):
        written += put(folder / f"{number}.rows", _sealed(delivery, records(delivery)))
    settle(folder)
    return written


def publish_cut(job: Job, folder: Path) -> int:
    """The same with rows filtered and masked by columns: the peer with half of our way in it, for a figure's detail."""
    written = 0
    folder.mkdir(parents=True)
    for number, delivery in enumerate(job.assembled()):
        written += put(folder / f"{number}.rows", _sealed(delivery, list(delivery.cut().iter_rows(named=True))))
    settle(folder)
    return written


def records(delivery: Delivery) -> list[Record]:
    """What the department gets, cut record by record."""
    wanted = passes(delivery.view)
    fields = [(field.name, MASKS[field.mask] if field.mask else None) for field in delivery.view.fields]
    cut: list[Record] = []
    for row in delivery.contract_rows.iter_rows(named=True):
        if wanted(row):
            cut.append({name: mask(row[name]) if mask else row[name] for name, mask in fields})  # noqa: PERF401 - as such code is written
    return cut


def opened(folder: Path, job: Job) -> list[list[Record]]:
    """Everything back, for the proof that the peer does the job."""
    aead = AESGCM(KEY)
    out: list[list[Record]] = []
    for number, delivery in enumerate(job.deliveries):
        schema = fastavro.parse_schema(delivery.view.schema)
        content, at = (folder / f"{number}.rows").read_bytes(), 0
        rows: list[Record] = []
        while at < len(content):
            size = int.from_bytes(content[at:at + 4], "big")
            nonce, body = content[at + 4:at + 4 + NONCE], content[at + 4 + NONCE:at + 4 + NONCE + size]
            record = fastavro.schemaless_reader(io.BytesIO(aead.decrypt(nonce, body, b"rowwise")), schema, None)
            assert isinstance(record, dict)
            rows.append(record)
            at += 4 + NONCE + size
        out.append(rows)
    return out


def _sealed(delivery: Delivery, rows: list[Record]) -> bytes:
    schema = fastavro.parse_schema(delivery.view.schema)
    aead, out = AESGCM(KEY), io.BytesIO()
    for record in rows:
        buffer = io.BytesIO()
        fastavro.schemaless_writer(buffer, schema, record)
        nonce = os.urandom(NONCE)
        sealed = aead.encrypt(nonce, buffer.getvalue(), b"rowwise")
        out.write(len(sealed).to_bytes(4, "big") + nonce + sealed)
    return out.getvalue()


def passes(view: View) -> Callable[[Record], bool]:
    """Whether a record is this department's."""
    filters = [_meaning(named) for named in view.row_filter]
    return lambda record: all(holds(record) for holds in filters)


def _meaning(named: RowFilter) -> Callable[[Record], bool]:
    match named:
        case CategoryIn(categories):
            return lambda record: record["category"] in categories
        case AgeBetween(low, high):
            return lambda record: low <= _age(record) <= high
        case AgeOrStudent(low, high):
            return lambda record: low <= _age(record) <= high or record["student"] is True
        case SupportModeIn(category, modes):
            return lambda record: record["category"] != category or record["support_mode"] in modes
        case _:
            assert_never(named)


def _age(record: Record) -> int:
    return (_DAY - int(str(record["id_number"])[6:14])) // 10_000


def _mask_id(value: Value) -> Value:
    if not isinstance(value, str):
        return None
    return value[:6] + "*" * (len(value) - 10) + value[-4:] if _ID.fullmatch(value) else "*" * len(value)


def _mask_phone(value: Value) -> Value:
    if not isinstance(value, str):
        return None
    return f"{value[:3]}****{value[7:]}" if _MOBILE.fullmatch(value) else "*" * len(value)


def _mask_address(value: Value) -> Value:
    if not isinstance(value, str):
        return None
    found = _ADDRESS.match(value)
    return found.group(0) if found else "****"


MASKS: Mapping[str, Callable[[Value], Value]] = {"id": _mask_id, "phone": _mask_phone, "address": _mask_address}
"""The masks that the job's views name, as plain functions (of telephone numbers only mobiles: the county has no others)."""
