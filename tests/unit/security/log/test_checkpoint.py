"""Checkpoints and proof files: what they look like, and what must not pass for one."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from security.keys import PublicKey, Signer
from security.log import checkpoint, merkle, note, proof
from security.log.checkpoint import Checkpoint
from security.log.proof import Proof
from security.trust import own
from tests.unit.security.trust.county import CA, EDU, office

ENTRIES = [b"entry %d" % number for number in range(11)]
TREE = merkle.Tree([merkle.leaf_hash(each) for each in ENTRIES])
STATE = Checkpoint(CA, TREE.size, TREE.root())
Keys = list[tuple[PublicKey, Signer]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return own.log_keys(office(tmp_path_factory.mktemp("ca") / "keys", CA).store)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return own.log_keys(office(tmp_path_factory.mktemp("edu") / "keys", EDU).store)


def public(keys: Keys) -> list[PublicKey]:
    return [key for key, _ in keys]


def refused(data: bytes, keys: Keys) -> str:
    with pytest.raises(ExchangeError) as error:
        checkpoint.verify(data, public(keys))
    return error.value.code


def test_a_checkpoint_is_a_signed_note_of_three_lines(keys: Keys) -> None:
    signed = checkpoint.sign(STATE, keys)
    assert checkpoint.verify(signed, public(keys)) == STATE
    lines = signed.decode().split("\n")
    assert lines[:4] == ["cx.ledger/522722/civil-affairs", "11", base64.b64encode(TREE.root()).decode(), ""]
    assert [line.split(" ")[:2] for line in lines[4:6]] == [["\u2014", "cx.ledger/522722/civil-affairs"]] * 2
    assert lines[6:] == [""]


def test_the_ed25519_line_is_what_any_c2sp_verifier_expects(keys: Keys) -> None:
    """Key id and signed text by the words of c2sp.org/signed-note, without our code."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, _, signatures = checkpoint.sign(STATE, keys).decode().rpartition("\n\n")
    raw = base64.b64decode(signatures.split("\n")[0].split(" ")[2])
    key = public(keys)[0].public
    assert raw[:4] == hashlib.sha256(b"cx.ledger/522722/civil-affairs\n\x01" + key).digest()[:4]
    Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], (text + "\n").encode())


def test_both_algorithms_must_have_signed(keys: Keys) -> None:
    for one in keys:
        assert refused(checkpoint.sign(STATE, [one]), keys) == "E-CHECKPOINT-SIGNER"


def test_witnesses_are_passed_over_but_do_not_count(keys: Keys, strangers: Keys) -> None:
    text = STATE.text()
    witnessed = checkpoint.sign(STATE, keys) + note.sign(text, "witness.example", strangers).decode().rpartition("\n\n")[2].encode()
    assert checkpoint.verify(witnessed, public(keys)) == STATE
    assert refused(checkpoint.sign(STATE, strangers), keys) == "E-CHECKPOINT-SIGNER"
    elsewhere = note.sign(text, "cx.ledger/522722/education", keys)
    assert refused(elsewhere, keys) == "E-CHECKPOINT-SIGNER"


def test_a_known_key_whose_signature_fails_condemns_the_note(keys: Keys) -> None:
    other = checkpoint.sign(Checkpoint(CA, 12, TREE.root()), keys[:1]).decode().rpartition("\n\n")[2]
    assert refused(checkpoint.sign(STATE, keys) + other.encode(), keys) == "E-SIG"


def test_every_byte_of_the_text_counts(keys: Keys) -> None:
    signed = checkpoint.sign(STATE, keys)
    for position in range(len(STATE.text())):
        changed = bytearray(signed)
        changed[position] ^= 0x01
        assert refused(bytes(changed), keys) in {"E-CHECKPOINT-FORM", "E-CHECKPOINT-SIGNER", "E-SIG"}


@pytest.mark.parametrize(
    "text",
    [
        "cx.ledger/522722/civil-affairs\n011\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "cx.ledger/522722/civil-affairs\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "cx.ledger/522722/civil-affairs\n11\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "cx.ledger/522722/civil-affairs\n11\nAAAA\n",
        "cx.ledger/522722/civil-affairs\n11\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n",
        "cx.ledger/522722/civil-affairs\n11\n",
        "cx.ledger/522722\n11\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "example.com/log\n11\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    ],
)
def test_other_spellings_are_refused_even_when_signed(keys: Keys, text: str) -> None:
    assert refused(note.sign(text, "cx.ledger/522722/civil-affairs", keys), keys) == "E-CHECKPOINT-FORM"


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"text\n", b"text\n\n- name AAAA\n", b"a\n\n\xe2\x80\x94 n QUFBQUE\n", b"a\n\n\xe2\x80\x94 n QUFBQQ==\n",
     b"\xff\n\n\xff", b"a\tb\n\n\xe2\x80\x94 n QUFBQUE=\n", b"a\n\n" + b"\xe2\x80\x94 n QUFBQUE=\n" * 33,
     b"a\n\n\xe2\x80\x94 n+1 QUFBQUE=\n",
     b"a\n\n\xe2\x80\x94 n QUFBQUE=", b"x" * 200_000],
)  # fmt: skip
def test_rubbish_is_no_note(data: bytes) -> None:
    with pytest.raises(ExchangeError) as error:
        note.parse(data)
    assert error.value.code == "E-CHECKPOINT-FORM"


def test_a_proof_file_is_what_tlog_proof_says(keys: Keys) -> None:
    signed = checkpoint.sign(STATE, keys)
    file = Proof(5, tuple(TREE.inclusion(5)), signed).to_bytes()
    lines = file.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 5"]
    assert [base64.b64decode(line) for line in lines[2:6]] == TREE.inclusion(5)
    assert lines[6] == ""
    assert file.endswith(signed)
    assert Proof.of_bytes(file).to_bytes() == file
    assert proof.verify(file, ENTRIES[5], public(keys)) == (5, STATE)


def test_a_proof_is_about_one_entry(keys: Keys) -> None:
    file = Proof(5, tuple(TREE.inclusion(5)), checkpoint.sign(STATE, keys)).to_bytes()
    for entry, data in ((ENTRIES[4], file), (ENTRIES[5], file.replace(b"index 5", b"index 4")), (ENTRIES[5] + b" ", file)):
        with pytest.raises(ExchangeError) as error:
            proof.verify(data, entry, public(keys))
        assert error.value.code == "E-PROOF"


@pytest.mark.parametrize(
    "data",
    [b"", b"c2sp.org/tlog-proof@v1\n\n", b"c2sp.org/tlog-proof@v1\nindex 05\n\nx", b"c2sp.org/tlog-proof@v2\nindex 5\n\nx",
     b"c2sp.org/tlog-proof@v1\nindex 5\nAAA\n\nx", b"c2sp.org/tlog-proof@v1\nindex 5\n" + b"AAAA\n" * 65 + b"\nx", b"\xff\n\n"],
)  # fmt: skip
def test_rubbish_is_no_proof_file(data: bytes) -> None:
    with pytest.raises(ExchangeError) as error:
        Proof.of_bytes(data)
    assert error.value.code == "E-PROOF"


def test_receiving_keys_have_no_note_key_id(tmp_path: Path) -> None:
    key = office(tmp_path / "keys", CA).store.generate("wrap/2026-11", "x-wing")
    with pytest.raises(ExchangeError):
        note.key_id("name", key)
