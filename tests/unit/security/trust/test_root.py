"""Roots: thresholds, rotation, and everything that must not pass for one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from security import dsse
from security.trust import fingerprint, issue, own, root
from security.trust.role import Holder, Role
from security.trust.root import Root, RootDocument
from tests.unit.security.trust.county import CA, EDU, NOW, Office, county, days, office


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> list[Office]:
    """Three places that can hold a share of the root."""
    made = [office(tmp_path_factory.mktemp("holder"), CA) for _ in range(3)]
    for each in made:
        for purpose in ("root", "registry"):
            own.generate_pair(each.store, purpose)
    return made


def role(offices: list[Office], threshold: int, purpose: str = "root") -> Role:
    return Role(threshold, tuple(own.holder(each.store, purpose, f"holder {n}") for n, each in enumerate(offices)))


def signed(document: RootDocument, offices: list[Office]) -> bytes:
    return root.sign(document, [signer for each in offices for signer in own.signers(each.store, "root")])


def refused(envelope: bytes, previous: Root | None = None) -> str:
    with pytest.raises(ExchangeError) as error:
        root.verify(envelope, previous, NOW)
    return error.value.code


def test_two_of_three_make_a_root_and_one_does_not(offices: list[Office]) -> None:
    document = issue.first_root("522722", role(offices, 2), role(offices[:1], 1, "registry"), NOW)
    found = root.verify(signed(document, offices[1:]), None, NOW)
    assert found.document == document
    assert root.verify(signed(document, offices), None, NOW).digest == found.digest
    assert refused(signed(document, offices[:1])) == "E-TRUST-THRESHOLD"


def test_half_a_holder_has_not_signed(offices: list[Office]) -> None:
    """Breaking Ed25519 alone, or ML-DSA alone, must not be enough."""
    document = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW)
    for signer in own.signers(offices[0].store, "root"):
        assert refused(root.sign(document, [signer])) == "E-TRUST-THRESHOLD"


def test_a_stranger_may_not_sign_along(offices: list[Office]) -> None:
    document = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW)
    assert refused(signed(document, offices[:2])) == "E-ENVELOPE-KEYS"


def test_registry_keys_do_not_sign_roots(offices: list[Office]) -> None:
    document = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW)
    assert refused(root.sign(document, own.signers(offices[0].store, "registry"))) == "E-TRUST-THRESHOLD"
    with pytest.raises(ExchangeError):
        issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1), NOW)


def test_rotation_wants_the_old_and_the_new(offices: list[Office]) -> None:
    first = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW)
    old = root.verify(signed(first, offices[:1]), None, NOW)
    document = issue.next_root(old, role(offices[1:2], 1), role(offices[:1], 1, "registry"), NOW)
    assert root.verify(signed(document, offices[:2]), old, NOW).document.version == 2
    assert refused(signed(document, offices[1:2]), old) == "E-TRUST-THRESHOLD"  # new alone
    assert refused(signed(document, offices[:1]), old) == "E-TRUST-THRESHOLD"  # old alone


def test_versions_go_up_by_one_and_link(offices: list[Office]) -> None:
    first = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW)
    old = root.verify(signed(first, offices[:1]), None, NOW)
    again = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW + days(1))
    assert refused(signed(again, offices[:1]), old) == "E-TRUST-ROLLBACK"
    members = {name: getattr(first, name) for name in ("county", "created", "expires", "root", "registry")}
    skipped = RootDocument(**members, version=3, prev=old.digest)
    forked = RootDocument(**members, version=2, prev="0" * 64)
    assert refused(signed(skipped, offices[:1]), old) == "E-TRUST-FORK"
    assert refused(signed(forked, offices[:1]), old) == "E-TRUST-FORK"
    elsewhere = RootDocument(**{**members, "county": "522701"}, version=2, prev=old.digest)
    assert refused(signed(elsewhere, offices[:1]), old) == "E-TRUST-COUNTY"


def test_a_root_from_the_future_is_not_taken(offices: list[Office]) -> None:
    at = NOW + timedelta(hours=25)
    document = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), at)
    assert refused(signed(document, offices[:1])) == "E-TRUST-FUTURE"


def test_laws_of_the_document(offices: list[Office]) -> None:
    good = issue.first_root("522722", role(offices[:1], 1), role(offices[:1], 1, "registry"), NOW)
    members = {name: getattr(good, name) for name in ("county", "version", "created", "expires", "prev", "root", "registry")}
    for change in ({"version": 0}, {"version": 2}, {"prev": "0" * 64}, {"expires": NOW}, {"expires": NOW + days(4000)}):
        with pytest.raises(ExchangeError) as error:
            RootDocument(**{**members, **change})
        assert error.value.code == "E-TRUST-FORM"
    holders = good.root.holders
    for threshold, given in ((0, holders), (2, holders), (1, ()), (1, holders * 2), (1, holders * 17)):
        with pytest.raises(ExchangeError):
            Role(threshold, given)
    with pytest.raises(ExchangeError):
        Holder("x", holders[0].keys[:1])
    with pytest.raises(ExchangeError):
        Holder("x", holders[0].keys[::-1])


def test_every_byte_counts(tmp_path: Path) -> None:
    """Any one changed byte of a root's envelope, anywhere: refused, or it would not be the same statement."""
    envelope = county(tmp_path).root.envelope
    for position in range(0, len(envelope), 37):
        changed = bytearray(envelope)
        changed[position] ^= 0x04
        with pytest.raises(ExchangeError):
            root.verify(bytes(changed), None, NOW)


def test_a_trust_list_does_not_pass_for_a_root(tmp_path: Path) -> None:
    made = county(tmp_path)
    assert refused(made.first_list().envelope) == "E-ENVELOPE-TYPE"
    moved = dsse.sign_envelope("application/vnd.cx.card+json", made.root.document.to_bytes(), own.signers(made.ca.store, "root"))
    assert refused(moved) == "E-ENVELOPE-TYPE"


def test_fingerprints_are_forty_digits_and_stay_the_same() -> None:
    assert fingerprint.of("0" * 64) == " ".join(["00000"] * 8)
    assert fingerprint.of(f"{10**40 + 12345:064x}") == "00000 00000 00000 00000 00000 00000 00000 12345"
    assert EDU.code not in fingerprint.of("ab" * 32)
