"""Queries for people: the matrix, editions, receipts. One query feeds terminal, JSON and console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from contracts.ids import Period
from gateway.app import gaps
from gateway.app.gaps import Gap
from gateway.app.office import Office
from gateway.state import arrivals, documents, editions, receipts
from gateway.state import dead_letters as letters
from gateway.state.arrivals import ArrivalEntry, Refusal
from gateway.state.dead_letters import DeadLetter
from gateway.state.editions import Edition
from gateway.state.receipts import ReceiptEntry
from security import dsse, receipt
from security.receipt import Receipt

__all__ = ["ArrivalEntry", "Cell", "Edition", "Matrix", "ReceiptEntry", "Refusal", "ShownEdition"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One department, feed and month: the latest truth, `none` where nothing was sent."""

    department: str
    feed: str
    period: str
    state: str
    rows: int
    revision: int
    edition: str | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Departments × feeds for the months shown, and what came in.

    Attributes:
        refused: what was refused and has not come in good order since.
        gaps: numbers that senders have given and that have not come, whatever month they are of.
    """

    months: tuple[str, ...]
    cells: tuple[Cell, ...]
    inbound: tuple[ArrivalEntry, ...]
    refused: tuple[Refusal, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """An edition with the receipts that answer it.

    Attributes:
        reasons: digest of a receipt -> codes why it rejects, where it does.
    """

    edition: Edition
    receipts: tuple[ReceiptEntry, ...]
    reasons: Mapping[str, tuple[str, ...]]


def matrix(office: Office, period: Period | None) -> Matrix:
    """`status`: what stands where, for one month or every month there is."""
    with office.reading() as connection:
        sent = editions.listed(connection, period)
        come = arrivals.everything(connection)
        refused = arrivals.refused(connection)
    inbound = [entry for entry in come if period is None or entry.period == period]
    healed = {f"{entry.edition}.r{entry.revision}" for entry in come}
    refused = [each for each in refused if each.edition not in healed]
    months = sorted({str(each.period) for each in sent} | {str(each.period) for each in inbound} | ({str(period)} if period else set()))
    latest = {(each.feed, each.recipient, str(each.period)): each for each in sent}
    ours = [(to, feed.name, month) for feed in load_feeds().values() if feed.sender == office.agency.code
            for to in feed.recipients for month in months]  # fmt: skip
    cells = [_cell(to, feed, month, latest.get((feed, to, month))) for to, feed, month in ours]
    return Matrix(tuple(months), tuple(cells), tuple(inbound), tuple(refused), gaps.among(come))


def _cell(to: str, feed: str, month: str, found: Edition | None) -> Cell:
    """A recall that the recipient has carried out is a recall, not an edition without rows."""
    if found is None:
        return Cell(to, feed, month, "none", 0, 0, None)
    state = "withdrawn" if found.kind == "withdrawn" else found.state
    return Cell(to, feed, month, state, found.rows, found.revision, found.id)


def edition_list(office: Office) -> tuple[Edition, ...]:
    """`edition list`."""
    with office.reading() as connection:
        return tuple(editions.listed(connection))


def edition_shown(office: Office, id_: str) -> ShownEdition:
    """`edition show`.

    Raises:
        ExchangeError: E-EDITION-NONE.
    """
    with office.reading() as connection:
        found = editions.find(connection, id_)
        if found is None:
            raise ExchangeError("E-EDITION-NONE", edition=id_[:120])
        answers = tuple(receipts.of_manifest(connection, found.manifest))
        rejecting = [(each.digest, documents.find(connection, each.digest)) for each in answers if each.result == "rejected"]
    return ShownEdition(found, answers, {digest: _reasons(body) for digest, body in rejecting if body})


def _reasons(envelope: bytes) -> tuple[str, ...]:
    """Why a receipt rejects, as codes of the catalogue."""
    return tuple(word for _, word in Receipt.of_bytes(dsse.peek(envelope, receipt.TYPE).payload).reasons)


def dead_letters(office: Office) -> tuple[DeadLetter, ...]:
    """`dead-letters`: what came and could not be used, in the order it was met."""
    with office.reading() as connection:
        return tuple(letters.everything(connection))


def receipt_list(office: Office) -> tuple[ReceiptEntry, ...]:
    """`receipt list`: given and taken, in the order they came."""
    with office.reading() as connection:
        return tuple(receipts.listed(connection))


def receipt_body(office: Office, digest: str) -> tuple[ReceiptEntry, bytes]:
    """`receipt show`: the entry and the signed envelope.

    Raises:
        ExchangeError: E-RECEIPT-NONE.
    """
    with office.reading() as connection:
        wanted = digest.removeprefix("sha256:")
        found = [each for each in receipts.listed(connection) if len(wanted) >= 8 and each.digest.startswith(wanted)]
        body = documents.find(connection, found[0].digest) if len(found) == 1 else None
    if body is None:
        raise ExchangeError("E-RECEIPT-NONE", digest=wanted[:12])
    return found[0], body
