"""Evidence: everything about an edition that a stranger needs to check it, in one file."""

from __future__ import annotations

import os
from pathlib import Path

from contracts.errors import ExchangeError
from gateway import ledger
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.config import sync_directory
from gateway.state import documents, editions, receipts
from security.log import checkpoint
from security.trust import own
from security.verify import Evidence, LoggedEntry, Report, build_bundle, verify_bundle


def export(office: Office, id_: str, out: Path) -> int:
    """`evidence export`: all revisions of the edition, their receipts, trust lists and ledger proofs; bytes written.

    It reads documents and ledger alone: outbox, inbox and sinks may be gone.

    Raises:
        ExchangeError: E-EDITION-NONE; E-LEDGER-DAMAGED; E-FILE-ACCESS.
    """
    with office.reading() as connection:
        wanted = editions.find(connection, id_)
        if wanted is None:
            raise ExchangeError("E-EDITION-NONE", edition=id_[:120])
        related = [each for each in editions.listed(connection, wanted.period) if each.edition == wanted.edition]
        answers = [each for edition in related for each in receipts.of_manifest(connection, edition.manifest)]
        trust = believed(connection, office.clock())
        note = ledger.checkpoint(connection, office.agency, own.log_keys(office.keys))
        digests = [edition.manifest for edition in related] + [each.digest for each in answers] + [each.digest for each in trust.lists]
        size = checkpoint.peek(note).size
        entries = tuple(
            LoggedEntry(entry.index, entry.body, tuple(ledger.inclusion(connection, entry.index, size)))
            for entry in ledger.naming(connection, digests)
        )
        evidence = Evidence(
            roots=tuple(each.envelope for each in trust.roots),
            lists=tuple(each.envelope for each in trust.lists),
            manifests=tuple(documents.find(connection, edition.manifest) or b"" for edition in related),
            receipts=tuple(documents.find(connection, each.digest) or b"" for each in answers),
            checkpoint=note,
            entries=entries,
        )
    bundle = build_bundle(evidence)
    _write(out, bundle)
    return len(bundle)


def _write(out: Path, bundle: bytes) -> None:
    """The file wholly or not at all."""
    draft = out.with_name(f".{out.name}.new")
    try:
        with draft.open("wb") as file:
            file.write(bundle)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
        sync_directory(out.parent)
    except OSError as error:
        raise ExchangeError("E-FILE-ACCESS", file=out.name, why=error.strerror or type(error).__name__) from error
    finally:
        draft.unlink(missing_ok=True)


def verify(bundle: Path, root: Path) -> Report:
    """`verify`: needs no home.

    Raises:
        ExchangeError: E-FILE-NONE; what verify_bundle raises.
    """
    for path in (bundle, root):
        if not path.is_file():
            raise ExchangeError("E-FILE-NONE", file=path.name)
    return verify_bundle(bundle.read_bytes(), root.read_bytes())
