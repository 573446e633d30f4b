"""Recalling an edition, and sending one again."""

from __future__ import annotations

from contracts.errors import ExchangeError
from contracts.feeds import find_feed
from contracts.ids import AgencyId
from gateway import spool
from gateway.app import posting
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.posting import package_of
from gateway.app.trust import believed
from gateway.state import documents, editions
from gateway.state.editions import Edition
from producers.edition import Chain, withdraw
from security.header import LIFETIME, EditionHeader
from security.trust import own


def recall(office: Office, actor: Actor, id_: str, reason: str) -> Edition:
    """`edition recall`: a revision of kind `withdrawn`; recipients take the edition's rows out again.

    Raises:
        ExchangeError: E-EDITION-NONE; E-EDITION-STATE, it is not the latest revision, or withdrawn already; E-TRUST-*, E-PREKEY-NONE.
    """
    with office.changing("edition recall"):
        with office.unit(actor) as work:
            wanted = _known(editions.find(work.connection, id_), id_)
            latest = editions.latest(work.connection, wanted.feed, wanted.recipient, wanted.period) if wanted.kind != "event" else wanted
            if latest is None or latest.id != wanted.id or wanted.kind == "withdrawn":
                raise ExchangeError("E-EDITION-STATE", edition=wanted.id, state=latest.id if latest else wanted.state)
            trust = believed(work.connection, work.at)
            view = find_feed(wanted.feed).view_for(wanted.recipient)
            recipient = AgencyId(office.agency.county, wanted.recipient)
            last = editions.last_of_chain(work.connection, wanted.feed, wanted.recipient)
            header = EditionHeader(
                contract=view.digest,
                schema=view.schema_digest,
                edition=wanted.edition,
                revision=wanted.revision + 1,
                sequence=last.seq + 1 if last else 1,
                sender=office.agency,
                recipient=recipient,
                recipient_kid=trust.recipient_key(recipient, work.at).kid,
                county=office.agency.county,
                feed=wanted.feed,
                period=wanted.period,
                purpose=view.purpose,
                created=work.at,
                expires=work.at + LIFETIME,
            )
            sealed = withdraw(
                header, Chain("withdrawn", last.manifest if last else None, trust.newest.version), own.signers(office.keys, "sign")
            )
            spool.write(office.outbox, sealed.digest, sealed.manifest, ())
            entry = Edition(
                id=f"{wanted.edition}.r{header.revision}",
                edition=wanted.edition,
                feed=wanted.feed,
                period=wanted.period,
                recipient=wanted.recipient,
                revision=header.revision,
                seq=header.sequence,
                kind="withdrawn",
                state="sealed",
                rows=0,
                unconfirmed=0,
                chunks=0,
                manifest=sealed.digest,
                plan="",
                inputs={},
                sources={},
                reason=reason,
                at=work.now,
                by=work.account,
            )
            editions.add(work.connection, entry)
            editions.withdraw(work.connection, wanted.id)
            documents.keep(work.connection, "manifest", sealed.digest, sealed.manifest, work.now)
            work.record(
                "edition.withdrawn",
                edition=entry.edition,
                revision=entry.revision,
                manifest=f"sha256:{sealed.digest}",
                recipient=str(recipient),
            )
        posting.post(office, actor)
        with office.reading() as connection:
            return _known(editions.find(connection, entry.id), entry.id)


def resend(office: Office, actor: Actor, id_: str) -> Edition:
    """`edition resend`: the same bytes once more; a recipient that has them answers with the receipt it gave.

    Raises:
        ExchangeError: E-EDITION-NONE; E-PACKAGE-GONE; E-CARRIER-*.
    """
    with office.changing("edition resend"):
        with office.reading() as connection:
            wanted = _known(editions.find(connection, id_), id_)
        package = package_of(office.outbox, office.agency, AgencyId(office.agency.county, wanted.recipient), wanted.feed, wanted.manifest)
        done = posting.post(office, actor, (package,))
        if done.failed:
            raise done.failed[0][1]
        with office.unit(actor) as work:
            work.record("edition.resent", edition=wanted.edition, revision=wanted.revision, manifest=f"sha256:{wanted.manifest}")
        return wanted


def _known(found: Edition | None, id_: str) -> Edition:
    if found is None:
        raise ExchangeError("E-EDITION-NONE", edition=id_[:120])
    return found
