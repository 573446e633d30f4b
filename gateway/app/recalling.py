"""Recalling an edition, and sending one again."""

from __future__ import annotations

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.feeds import find_feed
from contracts.ids import AgencyId
from gateway import spool
from gateway.app import posting, restored
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.posting import package_of
from gateway.app.reasons import plain
from gateway.app.trust import believed
from gateway.state import documents, editions
from gateway.state.editions import Edition
from gateway.state.unit import UnitOfWork
from producers.edition import Chain, withdraw
from security.header import LIFETIME, EditionHeader
from security.trust import own


def recall(office: Office, actor: Actor, id_: str, reason: str) -> Edition:
    """`edition recall`: a revision of kind `withdrawn`; recipients take the edition's rows out again.

    A recall that was cut short is finished by doing it again: the revision that is there is posted and returned.

    Raises:
        ExchangeError: E-EDITION-NONE; E-EDITION-STATE, it is not the latest revision; E-TRUST-*, E-PREKEY-NONE; E-CARRIER-*, sealed and
            waiting in the outbox; E-REASON-*.
    """
    reason = plain(reason)
    with office.changing("edition recall"):
        with office.unit(actor) as work:
            wanted = _known(editions.find(work.connection, id_), id_)
            entry = _recalling(work.connection, wanted) or _withdraw(office, work, wanted, reason)
        done = posting.post(office, actor)
        if (error := done.error_of(entry.manifest)) is not None:
            raise error
        with office.reading() as connection:
            return _known(editions.find(connection, entry.id), entry.id)


def _recalling(connection: Connection, wanted: Edition) -> Edition | None:
    """The revision that recalls `wanted`, if there is one.

    Raises:
        ExchangeError: E-EDITION-STATE, another revision has taken its place, or it is a recall itself.
    """
    next_ = editions.find(connection, f"{wanted.edition}.r{wanted.revision + 1}")
    if next_ is not None and next_.kind == "withdrawn":
        return next_
    if next_ is not None or wanted.kind == "withdrawn":
        latest = next_ or wanted
        raise ExchangeError("E-EDITION-STATE", edition=wanted.id, latest=latest.id, state=latest.state)
    return None


def _withdraw(office: Office, work: UnitOfWork, wanted: Edition, reason: str) -> Edition:
    """Seal and enter the recalling revision."""
    restored.check(work.connection)
    trust = believed(work.connection, work.at)
    view = find_feed(wanted.feed).view_for(wanted.recipient)
    recipient = AgencyId(office.agency.county, wanted.recipient)
    last = editions.last_of_chain(work.connection, wanted.feed, wanted.recipient)
    header = EditionHeader(
        contract=view.digest, schema=view.schema_digest, edition=wanted.edition, revision=wanted.revision + 1,
        sequence=last.seq + 1 if last else 1, sender=office.agency, recipient=recipient,
        recipient_kid=trust.recipient_key(recipient, work.at).kid, county=office.agency.county, feed=wanted.feed, period=wanted.period,
        purpose=view.purpose, created=work.at, expires=work.at + LIFETIME,
    )  # fmt: skip
    chain = Chain("withdrawn", last.manifest if last else None, trust.newest.version)
    sealed = withdraw(header, chain, own.signers(office.keys, "sign"))
    spool.write(office.outbox, sealed.digest, sealed.manifest, ())
    entry = Edition(
        id=f"{wanted.edition}.r{header.revision}", edition=wanted.edition, feed=wanted.feed, period=wanted.period,
        recipient=wanted.recipient, revision=header.revision, seq=header.sequence, kind="withdrawn", state="sealed", rows=0, unconfirmed=0,
        chunks=0, manifest=sealed.digest, plan="", inputs={}, sources={}, reason=reason, at=work.now, by=work.account,
    )  # fmt: skip
    editions.add(work.connection, entry)
    editions.withdraw(work.connection, wanted.id)
    documents.keep(work.connection, "manifest", sealed.digest, sealed.manifest, work.now)
    work.record(
        "edition.withdrawn", edition=entry.edition, revision=entry.revision, manifest=f"sha256:{sealed.digest}", recipient=str(recipient)
    )  # fmt: skip
    return entry


def resend(office: Office, actor: Actor, id_: str) -> Edition:
    """`edition resend`: the same bytes once more; a recipient that has them answers with the receipt it gave.

    Raises:
        ExchangeError: E-EDITION-NONE; E-EDITION-STATE, it was recalled; E-PACKAGE-GONE; E-CARRIER-*.
    """
    with office.changing("edition resend"):
        with office.reading() as connection:
            wanted = _known(editions.find(connection, id_), id_)
            if wanted.state == "withdrawn":
                latest = _recalling(connection, wanted) or wanted
                raise ExchangeError("E-EDITION-STATE", edition=wanted.id, latest=latest.id, state=wanted.state)
        package = package_of(office.outbox, office.agency, AgencyId(office.agency.county, wanted.recipient), wanted.feed, wanted.manifest)
        done = posting.post(office, actor, (package,))
        if (error := done.error_of(wanted.manifest)) is not None:
            raise error
        with office.unit(actor) as work:
            work.record("edition.resent", edition=wanted.edition, revision=wanted.revision, manifest=f"sha256:{wanted.manifest}")
        return wanted


def _known(found: Edition | None, id_: str) -> Edition:
    if found is None:
        raise ExchangeError("E-EDITION-NONE", edition=id_[:120])
    return found
