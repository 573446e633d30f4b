"""Cards and prekeys: what an agency says about itself, and what others would like to say in its name."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import Period
from security import dsse
from security.keystore.files import FileKeyStore
from security.strict_json import encode
from security.trust import card, own, prekeys
from security.trust.bundle import kind_of
from security.trust.card import CardDocument
from security.trust.prekeys import PrekeysDocument, sealing_month
from tests.unit.security.trust.county import CA, EDU, NOW, County, county, days


@pytest.fixture
def made(tmp_path: Path) -> County:
    return county(tmp_path)


def code_of_card(file: bytes) -> str:
    with pytest.raises(ExchangeError) as error:
        card.verify(file, NOW)
    return error.value.code


def test_a_card_comes_back_the_same_and_keeps_its_fingerprint(made: County) -> None:
    first, second = made.edu.card(), made.edu.card(NOW + days(40))
    assert first.digest == second.digest
    assert first.prekeys.digest != second.prekeys.digest
    assert first.agency == EDU
    assert kind_of(first.file) == card.KIND
    assert card.verify(first.file + b"\n", NOW).digest == first.digest  # a shell's redirection adds a line end
    assert json.loads(first.file)["kind"] == "agency-card"
    assert [(entry.owner, entry.use) for entry in first.entries(NOW, NOW + days(1))].count((EDU, "sign")) == 2


def test_a_card_proves_possession_of_every_key(made: County) -> None:
    """Claiming another's signing key, or leaving one signature out, is refused."""
    honest, thief = made.edu, made.ca
    document = own.card_document(honest.store, EDU)
    envelope = own.prekeys_envelope(honest.store, EDU, NOW, None)
    everyone = [signer for purpose in ("sign", "log") for signer in own.signers(honest.store, purpose)]
    for missing in range(4):
        signers = everyone[:missing] + everyone[missing + 1 :]
        assert code_of_card(card.sign(document, signers, envelope)) == "E-ENVELOPE-KEYS"
    theirs = own.card_document(thief.store, EDU)
    assert code_of_card(card.sign(theirs, everyone, envelope)) == "E-ENVELOPE-KEYS"


def test_prekeys_of_another_do_not_travel_on_a_card(made: County) -> None:
    document = own.card_document(made.edu.store, EDU)
    everyone = [signer for purpose in ("sign", "log") for signer in own.signers(made.edu.store, purpose)]
    others = own.prekeys_envelope(made.ca.store, CA, NOW, None)
    assert code_of_card(card.sign(document, everyone, others)) == "E-SIGNER"
    renamed = prekeys.sign(PrekeysDocument(CA, NOW, prekeys.peek(others).months), own.signers(made.edu.store, "sign"))
    assert code_of_card(card.sign(document, everyone, renamed)) == "E-CARD-OWNER"


def test_log_keys_do_not_sign_prekeys(made: County) -> None:
    months = prekeys.peek(own.prekeys_envelope(made.edu.store, EDU, NOW, None)).months
    envelope = prekeys.sign(PrekeysDocument(EDU, NOW, months), own.signers(made.edu.store, "log"))
    with pytest.raises(ExchangeError) as error:
        prekeys.verify(envelope, made.first_list(), None, NOW)
    assert error.value.code == "E-SIGNER"


def test_every_byte_of_a_card_counts(made: County) -> None:
    file = made.edu.card().file
    for position in range(0, len(file), 101):
        changed = bytearray(file)
        changed[position] ^= 0x02
        with pytest.raises(ExchangeError):
            card.verify(bytes(changed), NOW)


@pytest.mark.parametrize("file", [b"", b"{}", b"[]", b"null", b'{"kind":"x"}', b"\xff", b"{" * 100_000, b'{"v":1,"v":1}', b" " * 100])
def test_rubbish_is_no_card(file: bytes) -> None:
    assert code_of_card(file) == "E-TRUST-FORM"


def test_a_card_has_exactly_four_keys(made: County) -> None:
    keys = own.card_document(made.edu.store, EDU).keys
    for wrong in ((), keys[:3], (*keys, keys[0]), keys[::-1], (keys[0],) * 4):
        with pytest.raises(ExchangeError):
            CardDocument(EDU, wrong)


def test_listed_says_whether_anything_new_is_believed(made: County) -> None:
    trusted = made.first_list()
    assert made.edu.card().is_listed(trusted, NOW)
    assert not made.edu.card().is_listed(trusted, NOW - days(1))
    made.edu.store.generate("sign/2", "ed25519")
    assert not made.edu.card().is_listed(trusted, NOW)


def test_prekeys_run_five_months_and_stay_the_same_bytes(made: County) -> None:
    trusted = made.first_list()
    found = prekeys.verify(own.prekeys_envelope(made.edu.store, EDU, NOW, None), trusted, None, NOW)
    assert sorted(map(str, found.document.months)) == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]
    assert own.prekeys_envelope(made.edu.store, EDU, NOW + days(1), found) == found.envelope
    later = own.prekeys_envelope(made.edu.store, EDU, NOW + days(9), found)
    assert later != found.envelope
    newer = prekeys.verify(later, trusted, found, NOW + days(9))
    assert newer.key(Period(2026, 12)) == found.key(Period(2026, 12))
    with pytest.raises(ExchangeError) as error:
        newer.key(Period(2026, 11))
    assert error.value.code == "E-PREKEY-NONE"


def test_a_destroyed_month_is_not_offered_again(made: County) -> None:
    found = prekeys.peek(own.prekeys_envelope(made.edu.store, EDU, NOW, None))
    made.edu.store.destroy("wrap/2026-12")
    again = prekeys.peek(own.prekeys_envelope(made.edu.store, EDU, NOW + days(1), None))
    assert Period(2026, 12) in found.months
    assert Period(2026, 12) not in again.months


def test_older_prekeys_do_not_take_the_place_of_newer(made: County) -> None:
    trusted = made.first_list()
    old = prekeys.verify(own.prekeys_envelope(made.edu.store, EDU, NOW, None), trusted, None, NOW)
    new = prekeys.verify(own.prekeys_envelope(made.edu.store, EDU, NOW + days(9), None), trusted, old, NOW + days(9))
    same_second = prekeys.sign(PrekeysDocument(EDU, new.document.created, old.document.months), own.signers(made.edu.store, "sign"))
    for envelope in (old.envelope, same_second):
        with pytest.raises(ExchangeError) as error:
            prekeys.verify(envelope, trusted, new, NOW + days(9))
        assert error.value.code == "E-PREKEY-OLD"
    assert prekeys.verify(new.envelope, trusted, new, NOW + days(9)).digest == new.digest


def test_prekeys_need_both_signatures_of_a_listed_agency(made: County, tmp_path: Path) -> None:
    trusted = made.first_list()
    document = prekeys.peek(own.prekeys_envelope(made.edu.store, EDU, NOW, None))
    for signer in own.signers(made.edu.store, "sign"):
        with pytest.raises(ExchangeError) as error:
            prekeys.verify(dsse.sign_envelope(prekeys.TYPE, document.to_bytes(), [signer]), trusted, None, NOW)
        assert error.value.code == "E-SIGNATURE-MISSING"
    stranger = FileKeyStore.create(tmp_path / "stranger", None, os.urandom)
    own.generate_pair(stranger, "sign")
    with pytest.raises(ExchangeError) as error:
        prekeys.verify(prekeys.sign(document, own.signers(stranger, "sign")), trusted, None, NOW)
    assert error.value.code == "E-SIGNER"
    unlisted = made.issue(None, made.ca.entries())
    with pytest.raises(ExchangeError) as error:
        prekeys.verify(prekeys.sign(document, own.signers(made.edu.store, "sign")), unlisted, None, NOW)
    assert error.value.code == "E-TRUST-AGENCY"


def test_prekeys_hold_one_receiving_key_a_month(made: County) -> None:
    months = prekeys.peek(own.prekeys_envelope(made.edu.store, EDU, NOW, None)).months
    one = next(iter(months.values()))
    signing = own.pair(made.edu.store, "sign")[0]
    for wrong in ({}, {Period(2026, 11): one, Period(2026, 12): one}, {Period(2026, 11): signing}):
        with pytest.raises(ExchangeError):
            PrekeysDocument(EDU, NOW, wrong)
    payload = json.loads(PrekeysDocument(EDU, NOW, months).to_bytes())
    payload["keys"].reverse()
    with pytest.raises(ExchangeError):
        PrekeysDocument.of_bytes(encode(payload))


@pytest.mark.parametrize(
    ("utc", "month"),
    [
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), "2026-11"),
        (datetime(2026, 11, 30, 16, 0, 0, tzinfo=UTC), "2026-12"),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "2027-01"),
    ],
)
def test_the_month_of_sealing_begins_at_midnight_in_china(utc: datetime, month: str) -> None:
    assert str(sealing_month(utc)) == month
    assert str(sealing_month(utc + timedelta(0))) == month
