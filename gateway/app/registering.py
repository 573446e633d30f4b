"""Registrations (认定登记): recognised persons, their rows sealed under the lasting key, found again by HMAC."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from contracts.frames import ListFrames
from gateway.app.office import Office
from gateway.state import proposals
from gateway.state.proposals import Proposal, Registration
from gateway.state.unit import UnitOfWork

SUBJECTS = ("MONITOR_PERSON", "MONITOR_TOWN")
_KNOWN = ("name", "relation", "household_size", "monitor_type", "risk_identified_on", "town", "village", "village_code")
REGISTERED: dict[str, pl.DataType] = {
    "subject": pl.String(),
    "household": pl.String(),
    "id_number": pl.String(),
    "reason": pl.String(),
    "clause": pl.String(),
    "flags": pl.List(pl.String()),
    "name": pl.String(),
    "relation": pl.String(),
    "household_size": pl.Int32(),
    "monitor_type": pl.String(),
    "risk_identified_on": pl.String(),
    "town": pl.String(),
    "village": pl.String(),
    "village_code": pl.String(),
}


def register(
    office: Office, work: UnitOfWork, proposal: Proposal, decisions: pl.DataFrame, lists: Mapping[str, ListFrames], sides: tuple[str, ...]
) -> tuple[int, int]:
    """Register the candidates once this bureau has confirmed, half until the partner has: (candidates, newly registered).

    Confirmed once more, nothing changes.

    Args:
        lists: of the month; they know names and places.
        sides: agencies whose half of the confirmation is there.
    """
    decided = decisions.filter(pl.col("outcome") == "CANDIDATE")
    if office.agency.code not in sides or not decided.height:
        return decided.height, 0
    parts = [
        lists[code].accepted.select(
            pl.col("id_number"), *(pl.col(c) if c in lists[code].accepted.columns else pl.lit(None, REGISTERED[c]).alias(c) for c in _KNOWN)
        )
        for code in SUBJECTS
        if code in lists
    ]
    known = pl.concat(parts).unique("id_number", keep="first", maintain_order=True)
    rows = decided.join(known, on="id_number", how="left", maintain_order="left").select(list(REGISTERED))
    state = "registered" if len(sides) == 2 else "half"
    marks = [mark.hex() for mark in office.keys.mac_many("mac/lasting", [f"person {number}".encode() for number in rows["id_number"]])]
    there = proposals.registered(work.connection)
    new = [n for n, mark in enumerate(marks) if mark not in there and mark not in marks[:n]]
    completed = [mark for mark in marks if there.get(mark) == "half" and state == "registered"]
    if not new and not completed:
        return rows.height, 0
    if new:
        what = f"registrations.{proposal.period}.{proposal.digest[:12]}"
        package = office.vault.seal(what, "self/lasting", proposal.period, [rows], REGISTERED, work.at)
        entries = [Registration(marks[n], proposal.digest, package, n, state, str(proposal.period), work.now) for n in new]
        proposals.register(work.connection, entries)
    proposals.complete(work.connection, completed)
    work.record("registrations.made", proposal=f"sha256:{proposal.digest}", state=state, persons=rows.height, new=len(new))
    return rows.height, len(new)


def registered_rows(office: Office) -> list[tuple[Registration, dict[str, object]]]:
    """Registrations with their rows, columns `REGISTERED`, in the order they were made."""
    with office.reading() as connection:
        entries = proposals.registrations(connection)
    frames = {package: office.vault.frame(package, REGISTERED) for package in dict.fromkeys(entry.package for entry in entries)}
    return [(entry, frames[entry.package].row(entry.row, named=True)) for entry in entries]
