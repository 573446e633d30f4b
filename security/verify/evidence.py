"""The whole check of an evidence bundle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import dsse, manifest, receipt
from security.keys import PublicKey
from security.log import merkle
from security.log.checkpoint import origin_of
from security.manifest import VerifiedManifest
from security.receipt import Receipt
from security.trust import trust_list
from security.trust.bundle import TrustBundle
from security.trust.trust import Trust
from security.verify.bundle import Evidence, read_bundle
from security.verify.ledger import VerifiedEntries, verify_entries
from security.verify.report import ProvenEdition, ProvenReceipt, Report

_EVER = datetime(9000, 1, 1, tzinfo=UTC)
"""In place of now: evidence is judged by its own order, so that it gives one answer for ever."""


def verify_bundle(data: bytes, root_file: bytes) -> Report:
    """What a bundle proves to someone who trusts the root in `root_file` (`gateway trust export --root`).

    1. the archive is spelled as `build_bundle` spells it: no member unknown, missing, doubled or misnamed
    2. its roots and trust lists follow, one from the other, from the trusted root
    3. the ledger's checkpoint is signed by its owner's log keys, and every entry stands under it (verify_entries)
    4. every manifest is signed by its sender's keys of that day (manifest.verify_past), and an entry names it
    5. two manifests of one sender, feed and recipient do not share a number, and neighbours are linked by `prev`
    6. every receipt answers one of the manifests and is signed by the recipient (receipt.verify); an entry names it, later than
       the manifest's. Entries that name receipts which are not here are counted in the report
    7. what a revoked key signed was entered before the first list that revokes the key
    8. what a receipt saw of the sender's ledger is a prefix of it

    It needs no plaintext, no network and no clock. The caller owes: that `root_file` came from civil affairs on its own way (given
    the newest whole trust file instead, later revocations count too), and reading the report: it says who answered what, not
    whether enough did. A ledger's owner can leave entries out of a bundle; 8 alone shows a ledger rewritten by its owner.

    Raises:
        ExchangeError: E-EVIDENCE-*, E-TRUST-*, E-CHECKPOINT-*, E-LEDGER-FORK, E-PROOF, E-SIG, E-MANIFEST-*, E-RECEIPT-*, E-ENVELOPE-*.
    """
    evidence = read_bundle(data)  # 1
    trust = _trust(evidence, TrustBundle.of_bytes(root_file))  # 2
    entries = verify_entries(evidence, trust)  # 3
    judge = _Judge(trust, entries)
    manifests = [manifest.verify_past(envelope, judge.keys) for envelope in evidence.manifests]  # 4
    _check_chains(manifests)  # 5
    editions: list[ProvenEdition] = []
    answered = 0
    for each in manifests:
        index = entries.index_of(each.digest, "the manifest")
        judge.check_revocation(each.signed_by, index, "the manifest")  # 7
        receipts = _receipts(evidence, each, index, judge)  # 6, 7
        answered += len(receipts)
        editions.append(ProvenEdition(each, index, receipts))
    if answered != len(evidence.receipts) or not editions:
        raise ExchangeError("E-EVIDENCE-FORM", why="a receipt answers no manifest of the bundle, or there is no manifest")
    witnessed = _check_witnesses(evidence, editions, entries)  # 8
    here = {each.verified.digest for edition in editions for each in edition.receipts}
    known = {edition.verified.digest for edition in editions}
    return Report(
        trust=trust,
        checkpoint=entries.checkpoint,
        editions=tuple(sorted(editions, key=lambda each: each.index)),
        entries=len(evidence.entries),
        witnessed=witnessed,
        missing=sum(about in known and digest not in here for digest, about in entries.receipts.items()),
    )


def _trust(evidence: Evidence, given: TrustBundle) -> Trust:
    """The belief that starts from the root given; lists given with it (a whole trust file) count as well."""
    pinned = Trust().accept(TrustBundle(roots=given.roots), _EVER)
    if not pinned.roots:
        raise ExchangeError("E-TRUST-NONE")
    rooted = pinned.accept(TrustBundle(roots=evidence.roots), _EVER)
    versions = {each.digest: each.document.version for each in rooted.roots}

    def rank(envelope: bytes) -> tuple[int, int]:
        document = trust_list.peek(envelope)
        return versions.get(document.root, 0), document.version

    lists = sorted({*given.lists, *evidence.lists}, key=rank)
    return rooted.accept(TrustBundle(lists=tuple(lists)), _EVER)


class _Judge:
    """Which keys count, and whether what a revoked one signed came in time."""

    def __init__(self, trust: Trust, entries: VerifiedEntries) -> None:
        self._trust = trust
        self._entries = entries

    def keys(self, owner: AgencyId, at: datetime, /) -> Sequence[PublicKey]:
        """Signing keys of that day, revoked ones included: `check_revocation` is owed for each that was used."""
        lists = (self._trust.list_of_day(at), self._trust.newest)
        return list({key.kid: key for each in lists for key in each.keys_even_if_revoked(owner, "sign", at)}.values())

    def check_revocation(self, kids: Sequence[str], index: int, what: str) -> None:
        """Return if each key was unrevoked in every list entered before `index`, and its revocation, if any, is entered."""
        for kid in kids:
            revoking = next((each for each in self._trust.lists if each.is_revoked(kid)), None)
            if revoking is None:
                continue
            entered = self._entries.first_naming.get(revoking.digest)
            if entered is None or entered <= index:
                raise ExchangeError("E-EVIDENCE-REVOKED", what=what, kid=kid)

    def receipt_index(self, digest: str) -> int:
        return self._entries.index_of(digest, "the receipt")


def _check_chains(manifests: Sequence[VerifiedManifest]) -> None:
    seen: dict[tuple[str, str, str, int], VerifiedManifest] = {}
    for each in manifests:
        header = each.manifest.header
        place = (str(header.sender), header.feed, str(header.recipient), header.sequence)
        if place in seen:
            raise ExchangeError("E-EVIDENCE-ORDER", what=f"two manifests with number {header.sequence} of {header.feed}")
        seen[place] = each
    for (sender, feed, recipient, sequence), each in seen.items():
        before = seen.get((sender, feed, recipient, sequence - 1))
        if before is not None and each.manifest.prev != before.digest:
            raise ExchangeError("E-EVIDENCE-ORDER", what=f"manifests {sequence - 1} and {sequence} of {feed} are not linked")


def _receipts(evidence: Evidence, about: VerifiedManifest, index: int, judge: _Judge) -> tuple[ProvenReceipt, ...]:
    found: list[ProvenReceipt] = []
    for envelope in evidence.receipts:
        if Receipt.of_bytes(dsse.peek(envelope, receipt.TYPE).payload).manifest != about.digest:
            continue
        verified = receipt.verify(envelope, about, judge.keys)
        entered = judge.receipt_index(verified.digest)
        if entered < index:
            raise ExchangeError("E-EVIDENCE-ORDER", what="a receipt was entered before its manifest")
        judge.check_revocation((verified.signed_by,), entered, "the receipt")
        found.append(ProvenReceipt(verified, entered))
    return tuple(sorted(found, key=lambda each: each.index))


def _check_witnesses(evidence: Evidence, editions: Sequence[ProvenEdition], entries: VerifiedEntries) -> int:
    """How many receipts saw this very ledger; each of them must have seen a prefix of it."""
    state = entries.checkpoint
    proven = 0
    for edition in editions:
        for each in edition.receipts:
            seen = each.verified.receipt.seen
            if seen is None or seen.origin != origin_of(state.owner) or seen.size == 0:
                continue
            path = evidence.witnessed.get(seen.size)
            if path is None and seen.size != state.size:
                raise ExchangeError("E-EVIDENCE-LOG", what=f"the ledger of {seen.size} entries that a receipt saw")
            try:
                merkle.verify_consistency(seen.size, state.size, bytes.fromhex(seen.root), state.root, path or ())
            except ExchangeError:
                raise ExchangeError("E-LEDGER-FORK", who=each.verified.receipt.by.code, size=seen.size) from None
            proven += 1
    return proven
