"""What a home believes, over time and against those who would like it to believe otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from security.trust import issue, own, prekeys, root, trust_list
from security.trust.bundle import TrustBundle, kind_of
from security.trust.entry import Entry
from security.trust.role import Role
from security.trust.trust import Trust, agencies_without_keys
from tests.unit.security.trust.county import CA, EDU, NOW, County, county, days


@pytest.fixture
def made(tmp_path: Path) -> County:
    return county(tmp_path)


def code(act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(ExchangeError) as error:
        act(*arguments)
    return error.value.code


def test_the_first_import_pins_the_root_and_storing_brings_it_all_back(made: County) -> None:
    believed = made.trust()
    assert believed.root.digest == made.root.digest
    file = believed.bundle(whole=True).to_bytes()
    assert kind_of(file) == "trust-bundle"
    assert Trust.load(TrustBundle.of_bytes(file + b"\r\n"), NOW) == believed
    assert TrustBundle.of_bytes(file).to_bytes() == file
    assert believed.accept(believed.bundle(), NOW) == believed  # importing again changes nothing


def test_an_empty_belief_says_so() -> None:
    nothing = Trust()
    for act in (lambda: nothing.root, lambda: nothing.newest, lambda: nothing.list_of_day(NOW), lambda: nothing.recipient_key(EDU, NOW)):
        assert code(act) == "E-TRUST-NONE"
    assert nothing.accept(TrustBundle(), NOW) == nothing


def test_lists_without_a_pinned_root_are_nobodys(made: County) -> None:
    assert code(Trust().accept, TrustBundle(lists=(made.first_list().envelope,)), NOW) == "E-TRUST-NONE"


def test_another_county_cannot_take_over(made: County, tmp_path: Path) -> None:
    other = county(tmp_path / "other")
    believed = made.trust()
    assert code(believed.accept, other.bundle(other.first_list()), NOW) == "E-TRUST-ROOT"
    assert code(believed.accept, TrustBundle(lists=(other.first_list().envelope,)), NOW) == "E-TRUST-ROOT"
    mixed = TrustBundle((made.root.envelope, other.root.envelope), (other.first_list().envelope,), ())
    assert code(Trust().accept, mixed, NOW) == "E-TRUST-ROOT"


def test_an_error_leaves_the_belief_as_it_was(made: County, tmp_path: Path) -> None:
    believed = made.trust()
    newer = made.issue(believed.newest)
    other = county(tmp_path / "other")
    bundle = TrustBundle((made.root.envelope,), (newer.envelope, other.first_list().envelope), ())
    assert code(believed.accept, bundle, NOW) == "E-TRUST-ROOT"
    assert believed.newest.version == 1


def test_old_lists_are_refused_and_known_ones_change_nothing(made: County) -> None:
    first = made.first_list()
    second = made.issue(first)
    third = made.issue(second)
    believed = Trust().accept(TrustBundle((made.root.envelope,), (first.envelope, third.envelope), ()), NOW)
    assert code(believed.accept, TrustBundle(lists=(second.envelope,)), NOW) == "E-TRUST-ROLLBACK"
    again = trust_list.sign(first.document, own.signers(made.ca.store, "registry"))  # ML-DSA signs anew each time
    assert again != first.envelope
    assert believed.accept(TrustBundle(lists=(again, first.envelope)), NOW) == believed


def test_who_can_receive(made: County) -> None:
    believed = made.trust()
    key = believed.recipient_key(EDU, NOW)
    assert made.edu.store.label_of(key.kid) == "wrap/2026-11"
    assert made.edu.store.label_of(believed.recipient_key(EDU, NOW + days(10)).kid) == "wrap/2026-12"
    stranger = AgencyId("522722", "bank")
    assert code(believed.recipient_key, stranger, NOW) == "E-TRUST-AGENCY"
    assert code(believed.recipient_key, EDU, NOW + days(35)) == "E-TRUST-EXPIRED"
    silent = replace(believed, prekeys={})
    assert code(silent.recipient_key, EDU, NOW) == "E-PREKEY-NONE"
    missing = agencies_without_keys(believed, [EDU, stranger], NOW)
    assert {agency: error.code for agency, error in missing.items()} == {stranger: "E-TRUST-AGENCY"}


def test_a_leaked_receiving_key_is_no_longer_sealed_to(made: County) -> None:
    believed = made.trust()
    leaked = believed.recipient_key(EDU, NOW)
    entry = Entry(key=leaked, owner=EDU, use="wrap", nbf=NOW - days(1), naf=NOW + days(60))
    newest = made.issue(believed.newest, (entry,), revoked={leaked.kid: NOW})
    after = believed.accept(TrustBundle(lists=(newest.envelope,)), NOW)
    assert code(after.recipient_key, EDU, NOW) == "E-PREKEY-NONE"
    assert after.recipient_key(EDU, NOW + days(10)) == believed.recipient_key(EDU, NOW + days(10))


def test_prekeys_of_a_revoked_signer_are_dropped_and_do_not_hold_the_revocation_back(made: County) -> None:
    believed = made.trust()
    stolen = believed.newest.keys_for(EDU, "sign", NOW)[0]
    newest = made.issue(believed.newest, revoked={stolen.kid: NOW})
    after = believed.accept(replace(believed.bundle(), lists=(newest.envelope,)), NOW)
    assert after.newest.version == 2
    assert EDU not in after.prekeys
    assert CA in after.prekeys
    assert after.dropped == (EDU,)
    assert code(after.recipient_key, EDU, NOW) == "E-PREKEY-NONE"
    assert code(after.with_prekeys, believed.prekeys[EDU].envelope, NOW) == "E-SIGNER"
    assert Trust.load(after.bundle(whole=True), NOW).newest == after.newest


def test_revoked_keys_do_not_sign_whatever_date_they_write(made: County) -> None:
    believed = made.trust()
    stolen = believed.newest.keys_for(EDU, "sign", NOW)[0]
    assert stolen in believed.signing_keys(EDU, NOW)
    newest = made.issue(believed.newest, at=NOW + days(5), revoked={stolen.kid: NOW + days(5)})
    after = believed.accept(TrustBundle(lists=(newest.envelope,)), NOW + days(5))
    for at in (NOW, NOW + days(1), NOW + days(6)):
        assert stolen not in after.signing_keys(EDU, at)


def test_an_edition_is_judged_by_the_list_of_its_day(made: County) -> None:
    first = made.first_list()
    believed = Trust().accept(made.bundle(first), NOW)
    second = made.issue(first, at=NOW + days(50))
    both = believed.accept(TrustBundle(lists=(second.envelope,)), NOW + days(50))
    assert both.list_of_day(NOW + days(10)).version == 1
    assert both.list_of_day(NOW + days(51)).version == 2
    assert both.list_of_day(NOW - days(10)).version == 1  # nothing older is known
    assert not both.is_stale(NOW + days(10))
    assert both.is_stale(NOW + days(40))  # between the end of the first and the second
    assert believed.is_stale(NOW + days(51))
    assert both.warnings(NOW + days(10)) == ()
    (warning,) = both.warnings(NOW + days(40))
    assert warning.severity == "warning"
    assert "1" in warning.message("zh")
    assert both.signing_keys(EDU, NOW + days(40)) == first.keys_for(EDU, "sign", NOW)


def test_bundles_may_bring_older_prekeys_than_ours(made: County) -> None:
    believed = made.trust()
    newer = believed.with_prekeys(own.prekeys_envelope(made.edu.store, EDU, NOW + days(9), None), NOW + days(9))
    after = newer.accept(believed.bundle(), NOW + days(9))
    assert after.prekeys[EDU] == newer.prekeys[EDU]
    assert after.dropped == ()
    assert newer.with_prekeys(newer.prekeys[EDU].envelope, NOW + days(9)) == newer


def test_forged_prekeys_in_a_bundle_take_no_place(made: County) -> None:
    believed = made.trust()
    months = prekeys.peek(own.prekeys_envelope(made.ca.store, CA, NOW, None)).months
    forged = prekeys.sign(prekeys.PrekeysDocument(EDU, NOW + days(1), months), own.signers(made.ca.store, "sign"))
    after = believed.accept(TrustBundle(prekeys=(forged,)), NOW + days(1))
    assert after.prekeys == believed.prekeys
    assert code(believed.with_prekeys, forged, NOW + days(1)) == "E-SIGNER"


def test_a_new_root_starts_a_new_count_of_lists(made: County) -> None:
    """A registry that counted to the end of the integers is got rid of by a new root (fast-forward)."""
    believed = made.trust()
    own.generate_pair(made.ca.store, "root")
    made.ca.store.generate("registry/2", "ed25519")
    made.ca.store.generate("registry-pq/2", "ml-dsa-65")
    registry = Role(1, (own.holder(made.ca.store, "registry", str(CA)),))
    document = issue.next_root(made.root, made.root_role(), registry, NOW)
    second = root.verify(root.sign(document, own.signers(made.ca.store, "root")), made.root, NOW)
    rooted = replace(made, root=second)
    newest = rooted.issue(believed.newest)
    assert newest.version == 1
    after = believed.accept(TrustBundle((made.root.envelope, second.envelope), (newest.envelope,), ()), NOW)
    assert after.newest.rank == (2, 1)
    assert [each.version for each in after.lists] == [1, 1]
    assert code(after.accept, TrustBundle(lists=(made_elsewhere(made, believed),)), NOW) == "E-TRUST-THRESHOLD"
    assert Trust.load(after.bundle(whole=True), NOW).newest == after.newest


def made_elsewhere(made: County, believed: Trust) -> bytes:
    """A further list under the old root, but by the new registry keys (`latest` picks them)."""
    document = issue.next_list(made.root, believed.newest, (), NOW)
    return trust_list.sign(document, own.signers(made.ca.store, "registry"))


def test_rubbish_is_no_bundle() -> None:
    for file in (b"", b"{}", b"[]", b'{"kind":"trust-bundle"}', b"\xff\xfe", b"[" * 100_000):
        assert code(TrustBundle.of_bytes, file) == "E-TRUST-FORM"
        if b"kind" not in file:
            assert code(kind_of, file) == "E-TRUST-FORM"


def test_months_of_prekeys_are_those_of_sealing(made: County) -> None:
    assert Period(2026, 11) in made.trust().prekeys[EDU].document.months
