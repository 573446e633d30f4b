"""Trust lists: the ratchet, revocation, whose keys count when."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from security.keys import PublicKey, wrap_public_of_seed
from security.trust import issue, own, trust_list
from security.trust.entry import Entry
from security.trust.trust_list import TrustList, TrustListDocument
from tests.unit.security.trust.county import CA, EDU, NOW, County, county, days


@pytest.fixture
def made(tmp_path: Path) -> County:
    return county(tmp_path)


def signed(made: County, document: TrustListDocument) -> bytes:
    return trust_list.sign(document, own.signers(made.ca.store, "registry"))


def refused(made: County, envelope: bytes, previous: TrustList | None = None) -> str:
    with pytest.raises(ExchangeError) as error:
        trust_list.verify(envelope, made.root, previous, NOW)
    return error.value.code


def changed(document: TrustListDocument, **change: object) -> TrustListDocument:
    names = ("county", "root", "version", "created", "expires", "entries")
    members = {name: getattr(document, name) for name in names}
    return TrustListDocument(**{**members, **change})


def test_keys_have_an_owner_a_use_and_a_time(made: County) -> None:
    found = made.first_list()
    assert found.agencies() == (CA, EDU)
    signing, logging = found.keys_for(EDU, "sign", NOW), found.keys_for(EDU, "log", NOW)
    assert [len(signing), len(logging)] == [2, 2]
    assert not {key.kid for key in signing} & {key.kid for key in logging}
    assert not {key.kid for key in signing} & {key.kid for key in found.keys_for(CA, "sign", NOW)}
    assert found.keys_for(EDU, "wrap", NOW) == ()
    assert found.keys_for(EDU, "sign", NOW - timedelta(seconds=1)) == ()
    assert found.keys_for(EDU, "sign", NOW + issue.KEY_LIFETIME) == ()
    assert found.keys_for(EDU, "sign", NOW + issue.KEY_LIFETIME - timedelta(seconds=1)) == signing


def test_only_the_registry_signs(made: County) -> None:
    document = issue.next_list(made.root, None, made.edu.entries(), NOW)
    for purpose in ("root", "sign"):
        assert refused(made, trust_list.sign(document, own.signers(made.ca.store, purpose))) == "E-TRUST-THRESHOLD"
    for signer in own.signers(made.ca.store, "registry"):
        assert refused(made, trust_list.sign(document, [signer])) == "E-TRUST-THRESHOLD"


def test_versions_only_go_up(made: County) -> None:
    first = made.first_list()
    second = made.issue(first)
    assert second.version == 2
    assert refused(made, first.envelope, second) == "E-TRUST-ROLLBACK"
    assert trust_list.verify(second.envelope, made.root, second, NOW).digest == second.digest
    other = signed(made, changed(second.document, expires=second.document.expires - days(1)))
    assert refused(made, other, second) == "E-TRUST-FORK"
    back_dated = changed(second.document, version=3, created=NOW - days(1), expires=NOW + days(1))
    assert refused(made, signed(made, back_dated), second) in {"E-TRUST-ROLLBACK", "E-TRUST-EXPIRED"}


def test_a_list_belongs_to_its_root_and_county(made: County, tmp_path: Path) -> None:
    document = made.first_list().document
    assert refused(made, signed(made, changed(document, root="0" * 64))) == "E-TRUST-ROOT"
    assert refused(made, signed(made, changed(document, county="522701"))) == "E-TRUST-COUNTY"
    other = county(tmp_path / "other")
    assert refused(made, other.first_list().envelope) == "E-TRUST-THRESHOLD"


def test_a_list_lives_35_days_and_proves_the_past_for_ever(made: County) -> None:
    found = made.first_list()
    found.check_for_publishing(NOW + days(34.9))
    for at, code in ((NOW + days(35), "E-TRUST-EXPIRED"), (NOW - days(1.1), "E-TRUST-FUTURE")):
        with pytest.raises(ExchangeError) as error:
            found.check_for_publishing(at)
        assert error.value.code == code
    assert trust_list.verify(found.envelope, made.root, None, NOW + days(3000)).digest == found.digest
    with pytest.raises(ExchangeError):
        changed(found.document, expires=NOW + days(36))
    late = signed(made, changed(found.document, created=NOW + days(2), expires=NOW + days(3)))
    assert refused(made, late) == "E-TRUST-FUTURE"


def test_revocation_is_final(made: County) -> None:
    first = made.first_list()
    stolen = first.keys_for(EDU, "sign", NOW)[0]
    second = made.issue(first, revoked={stolen.kid: NOW})
    assert stolen not in second.keys_for(EDU, "sign", NOW)
    assert stolen not in second.keys_for(EDU, "sign", NOW - days(0))
    assert stolen in second.keys_even_if_revoked(EDU, "sign", NOW)
    assert second.is_revoked(stolen.kid)
    assert not first.is_revoked(stolen.kid)
    alive = tuple(Entry(key=e.key, owner=e.owner, use=e.use, nbf=e.nbf, naf=e.naf) for e in second.document.entries)
    dropped = tuple(entry for entry in second.document.entries if entry.key != stolen)
    for entries in (alive, dropped):
        document = changed(second.document, version=3, entries=entries)
        assert refused(made, signed(made, document), second) == "E-TRUST-KEY"
    assert made.issue(second).is_revoked(stolen.kid)
    third = made.issue(second, made.edu.entries())  # the same card again brings nothing back
    assert third.is_revoked(stolen.kid)


def test_a_key_keeps_owner_and_use(made: County) -> None:
    first = made.first_list()
    mine = next(entry for entry in first.document.entries if entry.owner == EDU and entry.use == "sign")
    rest = [entry for entry in first.document.entries if entry is not mine]
    for owner, use in ((CA, "sign"), (EDU, "log")):
        moved = Entry(key=mine.key, owner=owner, use=use, nbf=mine.nbf, naf=mine.naf)  # type: ignore[arg-type]  # literals in a tuple
        entries = tuple(sorted((*rest, moved), key=lambda e: e.key.kid))
        assert refused(made, signed(made, changed(first.document, version=2, entries=entries)), first) == "E-TRUST-KEY"
        with pytest.raises(ExchangeError) as error:
            made.issue(first, (moved,))
        assert error.value.code == "E-TRUST-KEY"


def test_no_key_stands_twice(made: County) -> None:
    entries = made.first_list().document.entries
    for wrong in ((*entries, entries[0]), (entries[0], *entries), entries[::-1]):
        with pytest.raises(ExchangeError) as error:
            changed(made.first_list().document, entries=wrong)
        assert error.value.code == "E-TRUST-KEY"


def test_uses_fit_algorithms() -> None:
    receiving = PublicKey.of("x-wing", wrap_public_of_seed(bytes(32)))
    Entry(key=receiving, owner=EDU, use="wrap", nbf=NOW, naf=NOW + days(1))
    with pytest.raises(ExchangeError):
        Entry(key=receiving, owner=EDU, use="sign", nbf=NOW, naf=NOW + days(1))
    with pytest.raises(ExchangeError):
        Entry(key=receiving, owner=EDU, use="wrap", nbf=NOW, naf=NOW)


def test_old_keys_are_forgotten_only_when_nothing_under_them_can_come(made: County) -> None:
    first = made.first_list()
    later = NOW + issue.KEY_LIFETIME + issue.REMEMBERED
    assert len(issue.next_list(made.root, first, (), later - days(1)).entries) == 8
    assert issue.next_list(made.root, first, (), later).entries == ()


def test_only_listed_keys_can_be_revoked(made: County) -> None:
    with pytest.raises(ExchangeError) as error:
        made.issue(made.first_list(), revoked={"0" * 32: NOW})
    assert error.value.code == "E-TRUST-KEY"
