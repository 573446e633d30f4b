"""Evidence bundles: what they prove, and every way in which someone could want one to prove something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from security import dsse, receipt
from security.log import checkpoint
from security.log.checkpoint import Checkpoint
from security.trust import own
from security.trust.bundle import TrustBundle
from security.verify import Evidence, LoggedEntry, archive, build_bundle, read_bundle, verify_bundle
from tests.unit.security.trust.county import CA, EDU, NOW, days
from tests.unit.security.verify.world import World, month, world


@pytest.fixture
def made(tmp_path: Path) -> World:
    return month(tmp_path / "a")


def refused(made: World, data: bytes, root: bytes | None = None) -> str:
    with pytest.raises(ExchangeError) as error:
        verify_bundle(data, root or made.root_file())
    assert error.value.entry.exit == 6
    return error.value.code


def test_a_month_is_proven(made: World) -> None:
    report = verify_bundle(made.bundle(), made.root_file())
    (edition,) = report.editions
    assert edition.index == 1
    assert [(each.verified.receipt.stage, each.index) for each in edition.receipts] == [("received", 2), ("loaded", 3)]
    assert edition.receipts[1].verified.receipt.records == 812
    assert (report.checkpoint.owner, report.checkpoint.size, report.entries) == (CA, 4, 4)
    for language in ("zh", "en"):
        text = report.text(language)
        assert [line.partition(".")[0] for line in text.splitlines()] == [str(number) for number in range(1, 9)]
        assert "812" in text
        assert edition.verified.digest in text


def test_the_same_evidence_is_the_same_file_and_comes_back(made: World) -> None:
    evidence = made.evidence()
    assert build_bundle(evidence) == build_bundle(evidence)
    assert build_bundle(replace(evidence, receipts=evidence.receipts[::-1])) == build_bundle(evidence)
    read = read_bundle(build_bundle(evidence))
    assert replace(read, receipts=tuple(sorted(read.receipts))) == replace(evidence, receipts=tuple(sorted(evidence.receipts)))


def test_silence_is_reported_and_is_no_error(tmp_path: Path) -> None:
    quiet = world(tmp_path)
    quiet.send(quiet.make_manifest())
    report = verify_bundle(quiet.bundle(), quiet.root_file())
    assert report.editions[0].receipts == ()
    assert "1 期没有回执" in report.text("zh")


def test_the_bundle_does_not_bring_its_own_root(made: World, tmp_path: Path) -> None:
    other = month(tmp_path / "other")
    assert refused(made, made.bundle(), other.root_file()) == "E-TRUST-ROOT"
    assert refused(made, made.bundle(), TrustBundle().to_bytes()) == "E-TRUST-NONE"
    assert refused(made, made.bundle(), b"rubbish") == "E-TRUST-FORM"


def test_every_member_counts(made: World) -> None:
    """No member can be left out, but the root, which ROOT has, and a receipt, whose absence is counted; no byte can be changed."""
    members = archive.unpack(made.bundle())
    for name, data in members.items():
        without = archive.pack({other: body for other, body in members.items() if other != name})
        if name.startswith(("root/", "receipt/")):
            assert verify_bundle(without, made.root_file()).missing == name.startswith("receipt/")
        else:
            assert refused(made, without).startswith("E-"), name
        for position in range(0, len(data), max(1, len(data) // 40)):
            changed = data[:position] + bytes((data[position] ^ 1,)) + data[position + 1 :]
            assert refused(made, archive.pack({**members, name: changed})).startswith("E-"), (name, position)
    for extra in ("evil.json", "manifest/../x", "ledger/1.json", "root/1.dsse.json", "README.txt/", f"manifest/{'A' * 64}.dsse.json"):
        assert refused(made, archive.pack({**members, extra: b"{}"})) == "E-EVIDENCE-FORM"


def test_documents_stand_under_their_own_names(made: World) -> None:
    members = archive.unpack(made.bundle())
    first, second = (name for name in members if name.startswith("receipt/"))
    members[first], members[second] = members[second], members[first]
    assert refused(made, archive.pack(members)) == "E-EVIDENCE-FORM"


def test_what_is_not_in_the_ledger_is_not_evidence(made: World) -> None:
    evidence = made.evidence()
    for index, code in ((1, "E-EVIDENCE-LOG"), (3, "E-EVIDENCE-LOG")):
        entries = tuple(entry for entry in evidence.entries if entry.index != index)
        assert refused(made, build_bundle(replace(evidence, entries=entries))) == code
    assert refused(made, build_bundle(replace(evidence, entries=()))) == "E-EVIDENCE-LOG"


def test_entries_cannot_be_moved_or_made_up(made: World) -> None:
    evidence = made.evidence()
    first, second = evidence.entries[1], evidence.entries[2]
    swapped = (replace(first, body=second.body), replace(second, body=first.body))
    forged = replace(first, body=first.body + b" ")
    for entries in (swapped, (forged,), (replace(first, index=2),), (LoggedEntry(9, first.body, first.path),)):
        others = tuple(each for each in evidence.entries if each.index not in {entry.index for entry in entries})
        mixed = tuple(sorted((*others, *entries), key=lambda each: each.index))
        assert refused(made, build_bundle(replace(evidence, entries=mixed))) in {"E-PROOF", "E-EVIDENCE-FORM"}


@pytest.mark.parametrize("body", [b"[]", b"rubbish", b"{}", b'{"at":1}', b'{"at":"today"}', b"[" * 60_000])
def test_an_entry_that_is_no_event_is_refused(made: World, body: bytes) -> None:
    made.bodies.append(body)
    assert refused(made, made.bundle()) == "E-EVIDENCE-FORM"


def test_another_cannot_sign_the_checkpoint(made: World) -> None:
    evidence = made.evidence()
    state = checkpoint.peek(evidence.checkpoint)
    thieves = own.log_keys(made.county.edu.store)
    assert refused(made, build_bundle(replace(evidence, checkpoint=checkpoint.sign(state, thieves)))) == "E-CHECKPOINT-SIGNER"
    signing = list(zip(own.pair(made.county.ca.store, "sign"), own.signers(made.county.ca.store, "sign"), strict=True))
    assert refused(made, build_bundle(replace(evidence, checkpoint=checkpoint.sign(state, signing)))) == "E-CHECKPOINT-SIGNER"
    renamed = checkpoint.sign(Checkpoint(EDU, state.size, state.root), own.log_keys(made.county.ca.store))
    assert refused(made, build_bundle(replace(evidence, checkpoint=renamed))) == "E-CHECKPOINT-SIGNER"


def test_a_recipient_can_export_evidence_too(tmp_path: Path) -> None:
    """Education's own ledger, its own log keys: the same check."""
    made = month(tmp_path)
    evidence = made.evidence()
    state = checkpoint.peek(evidence.checkpoint)
    theirs = checkpoint.sign(Checkpoint(EDU, state.size, state.root), own.log_keys(made.county.edu.store))
    assert verify_bundle(build_bundle(replace(evidence, checkpoint=theirs)), made.root_file()).checkpoint.owner == EDU


def test_receipts_by_others_or_about_others_are_refused(made: World) -> None:
    sent = read_bundle(made.bundle())
    about = verify_bundle(made.bundle(), made.root_file()).editions[0].verified
    payload = dsse.peek(made.make_receipt(about), receipt.TYPE).payload
    forged = dsse.sign_envelope(receipt.TYPE, payload, own.signers(made.county.ca.store, "sign")[:1])
    made.receive(forged)
    assert refused(made, made.bundle()) == "E-SIGNER"
    unknown = replace(sent, manifests=())
    assert refused(made, build_bundle(unknown)) == "E-EVIDENCE-FORM"


def test_a_receipt_does_not_come_before_what_it_answers(tmp_path: Path) -> None:
    early = world(tmp_path / "early")
    prepared = early.make_manifest()
    early.receive(early.make_receipt(prepared))
    early.send(prepared)
    assert refused(early, early.bundle()) == "E-EVIDENCE-ORDER"


def test_two_manifests_with_one_number_are_an_equivocation(made: World) -> None:
    made.send(made.make_manifest(1))
    assert refused(made, made.bundle()) == "E-EVIDENCE-ORDER"


def test_neighbours_are_linked(tmp_path: Path) -> None:
    linked, broken = world(tmp_path / "linked"), world(tmp_path / "broken")
    first = linked.send(linked.make_manifest(1))
    linked.send(linked.make_manifest(2, prev=first.digest))
    assert [each.index for each in verify_bundle(linked.bundle(), linked.root_file()).editions] == [1, 2]
    broken.send(broken.make_manifest(1))
    broken.send(broken.make_manifest(2, prev="0" * 64))
    assert refused(broken, broken.bundle()) == "E-EVIDENCE-ORDER"


def revoke(made: World) -> None:
    """Civil affairs' signing key leaks, and a list says so."""
    stolen = own.pair(made.county.ca.store, "sign")[0]
    made.publish_list(made.county.issue(made.lists[-1], at=made.at + days(1), revoked={stolen.kid: made.at + days(1)}))


def test_what_was_entered_before_the_revocation_stands(made: World) -> None:
    revoke(made)
    assert len(verify_bundle(made.bundle(), made.root_file()).editions) == 1


def test_back_dating_does_not_help_a_thief(tmp_path: Path) -> None:
    made = world(tmp_path)
    back_dated = made.make_manifest(created=NOW)
    revoke(made)
    made.send(back_dated)
    assert refused(made, made.bundle()) == "E-EVIDENCE-REVOKED"


def test_a_revocation_that_was_never_entered_proves_nothing(made: World) -> None:
    revoke(made)
    evidence = made.evidence()
    hidden = tuple(entry for entry in evidence.entries if b"trust" not in entry.body or entry.index == 0)
    assert refused(made, build_bundle(replace(evidence, entries=hidden))) == "E-EVIDENCE-REVOKED"


def test_lists_given_with_the_root_count_as_well(made: World) -> None:
    """A bundle whose maker leaves the newer list out, checked with the newest trust file in place of the bare root."""
    before = made.evidence()
    revoke(made)
    newest = TrustBundle((made.county.root.envelope,), tuple(each.envelope for each in made.lists), ()).to_bytes()
    assert refused(made, build_bundle(before), newest) == "E-EVIDENCE-REVOKED"
    assert len(verify_bundle(made.bundle(), newest).editions) == 1


def test_who_saw_the_ledger_is_a_witness(tmp_path: Path) -> None:
    made = world(tmp_path)
    sent = made.send(made.make_manifest())
    made.receive(made.make_receipt(sent, "received", made.seen()))
    made.receive(made.make_receipt(sent, "loaded", made.seen()))
    assert verify_bundle(made.bundle([2, 3]), made.root_file()).witnessed == 2
    assert refused(made, made.bundle([3])) == "E-EVIDENCE-LOG"


def test_a_ledger_rewritten_by_its_owner_shows(tmp_path: Path) -> None:
    """The owner drops an entry and signs a new checkpoint; the recipient's receipt remembers the old one."""
    made = world(tmp_path)
    made.log("embarrassing")
    sent = made.send(made.make_manifest())
    made.receive(made.make_receipt(sent, "loaded", made.seen()))
    del made.bodies[1]
    made.log("filler")
    assert refused(made, made.bundle([3])) == "E-LEDGER-FORK"


def test_a_ledger_cut_short_shows(tmp_path: Path) -> None:
    made = world(tmp_path)
    sent = made.send(made.make_manifest())
    for _ in range(5):
        made.log("later")
    made.receive(made.make_receipt(sent, "loaded", made.seen()))
    del made.bodies[2:7]
    assert refused(made, made.bundle()) in {"E-LEDGER-FORK", "E-EVIDENCE-LOG"}


def test_log_keys_are_judged_at_the_last_entry(made: World) -> None:
    made.at += timedelta(days=800)  # long after the log keys' window
    made.log("late")
    assert refused(made, made.bundle()) == "E-CHECKPOINT-SIGNER"


def mutations(evidence: Evidence) -> list[tuple[str, Callable[[], Evidence]]]:
    return [
        ("roots", lambda: replace(evidence, roots=evidence.roots[:-1])),
        ("lists", lambda: replace(evidence, lists=())),
        ("lists twice", lambda: replace(evidence, lists=evidence.lists * 2)),
        ("type", lambda: replace(evidence, manifests=evidence.receipts[:1])),
    ]


def test_parts_of_the_wrong_kind_or_number(made: World) -> None:
    evidence = made.evidence()
    results: dict[str, str] = {}
    for name, change in mutations(evidence):
        try:
            verify_bundle(build_bundle(change()), made.root_file())
            results[name] = "taken"
        except ExchangeError as error:
            results[name] = error.code
    # The root is known from ROOT, and a list given twice is one list: both are harmless.
    assert results == {"roots": "taken", "lists": "E-TRUST-NONE", "lists twice": "taken", "type": "E-ENVELOPE-TYPE"}
