"""Attacks on who is believed: old, forged and expired trust lists, other people's cards. Belief stays what it was."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from gateway import bootstrap
from gateway.app import collecting, publishing, syncing
from gateway.app import trust as use
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.planning import Wish
from security.strict_json import Json, encode, parse
from security.trust import issue, own, trust_list
from security.trust.bundle import TrustBundle
from security.trust.trust import Trust
from tests.e2e.desk import COUNTY, Desk, codes
from tests.e2e.refusals import refused
from tests.e2e.traces import changed, held

CLERK = Actor("clerk", frozenset({"clerk"}))
BELIEF = {"table belief", "gateway.toml"}


def believed(desk: Desk, home: str) -> Trust:
    office = bootstrap.open_office(desk.folder / home, environment={})
    with office.reading() as connection:
        return use.believed(connection, datetime.now(UTC))


def listed(desk: Desk, *, home: str = "ca", later: timedelta = timedelta(minutes=1), version: int = 0) -> bytes:
    """A trust file with the list after the newest, signed with the registry keys of `home`."""
    trust = believed(desk, home)
    document = issue.next_list(trust.root, trust.newest, (), datetime.now(UTC) + later)
    document = replace(document, version=version or document.version)
    office = bootstrap.open_office(desk.folder / home, environment={})
    envelope = trust_list.sign(document, own.signers(office.keys, "registry"))
    return TrustBundle(roots=tuple(each.envelope for each in trust.roots), lists=(envelope,)).to_bytes()


def bring(desk: Desk, file: bytes) -> tuple[str, ...]:
    (desk.folder / "brought.json").write_bytes(file)
    return ("trust", "import", "brought.json")


def read_card(desk: Desk, home: str) -> dict[str, Json]:
    """What `trust export` prints, taken apart."""
    return parse(desk.do(home, "trust", "export").out.encode().strip(), limit=1 << 20, code="E-TRUST-FORM")


@pytest.fixture
def stranger(founded: Desk) -> Desk:
    """Beside the county's: somebody has made a civil-affairs home of his own, with a root of its own."""
    founded.do("stranger", "init", "--agency", "civil-affairs", "--county", COUNTY, "--carrier", "dir:mail")
    return founded


def test_an_older_list_after_a_newer(founded: Desk) -> None:
    """Whoever replays last month's list would bring a revoked key back."""
    old = (founded.folder / "trust.json").read_bytes()
    founded.do("edu", *bring(founded, listed(founded)))
    assert believed(founded, "edu").newest.version == 3
    before = held(founded.folder / "edu")
    said = founded.say("edu", "--json", *bring(founded, old))
    assert said.exit == 0
    assert said.document["changed"] is False
    older = replace(believed(founded, "edu").lists[0].document, created=datetime.now(UTC).replace(microsecond=0))
    keys = bootstrap.open_office(founded.folder / "ca", environment={}).keys
    forged = TrustBundle(lists=(trust_list.sign(older, own.signers(keys, "registry")),)).to_bytes()
    refused(founded, "edu", bring(founded, forged), "E-TRUST-ROLLBACK", 6)
    assert changed(before, held(founded.folder / "edu")) == set()


def test_two_lists_of_one_version(founded: Desk) -> None:
    """The registry's key says two things: the exchange stops, and both files are shown to the administrator."""
    one, other = listed(founded), listed(founded, later=timedelta(minutes=2))
    founded.do("edu", *bring(founded, one))
    refused(founded, "edu", bring(founded, other), "E-TRUST-FORK", 6)


def test_a_list_from_another_root(stranger: Desk) -> None:
    """The first import has pinned the county's root; nobody else's list is taken afterwards, whoever he says he is."""
    file = stranger.do("stranger", "trust", "sign").out.encode()
    refused(stranger, "edu", bring(stranger, file), "E-TRUST-ROOT", 6)


def test_a_list_under_our_root_signed_by_somebody_else(stranger: Desk) -> None:
    trust = believed(stranger, "ca")
    document = issue.next_list(trust.root, trust.newest, (), datetime.now(UTC))
    keys = bootstrap.open_office(stranger.folder / "stranger", environment={}).keys
    file = TrustBundle(lists=(trust_list.sign(document, own.signers(keys, "registry")),)).to_bytes()
    refused(stranger, "edu", bring(stranger, file), "E-TRUST-THRESHOLD", 6)


def test_a_list_that_only_one_kind_of_key_has_signed(founded: Desk) -> None:
    trust = believed(founded, "ca")
    document = issue.next_list(trust.root, trust.newest, (), datetime.now(UTC))
    keys = bootstrap.open_office(founded.folder / "ca", environment={}).keys
    half = [signer for signer in own.signers(keys, "registry") if signer.alg == "ed25519"]
    refused(founded, "edu", bring(founded, TrustBundle(lists=(trust_list.sign(document, half),)).to_bytes()), "E-TRUST-THRESHOLD", 6)


def test_a_changed_signature_of_a_list(founded: Desk) -> None:
    file = bytearray(listed(founded))
    at = file.index(b'"sig":"') + 20
    file[at] = ord("B") if file[at] == ord("A") else ord("A")
    refused(founded, "edu", bring(founded, bytes(file)), "E-SIG", 6)


def test_a_changed_entry_of_a_list(founded: Desk) -> None:
    """Education's keys given to housing: what stands in the list is what was signed, or nothing."""
    envelope = parse(listed(founded), limit=1 << 24, code="E-TRUST-FORM")
    lists = envelope["lists"]
    assert isinstance(lists, list)
    assert isinstance(lists[0], dict)
    payload = base64.b64decode(str(lists[0]["payload"])).replace(b"522722/education", b"522722/housing-x")
    changed_list: dict[str, Json] = {**lists[0], "payload": base64.b64encode(payload).decode()}
    file = encode({**envelope, "lists": [changed_list]})
    refused(founded, "hous", bring(founded, file), "E-SIG", 6)


def test_a_list_of_the_future(founded: Desk) -> None:
    refused(founded, "edu", bring(founded, listed(founded, later=timedelta(days=3))), "E-TRUST-FUTURE", 6)


def test_a_file_that_is_no_trust_file(founded: Desk) -> None:
    for junk in (b"", b"{}", b"[1,2]", b"\xff\xfe", b'{"kind":"agency-card"}', b'{"kind":"surprise","v":1}'):
        refused(founded, "edu", bring(founded, junk), "E-TRUST-FORM", 6)


def test_a_card_of_another_county(founded: Desk) -> None:
    founded.do("neighbour", "init", "--agency", "education", "--county", "522701")
    file = founded.do("neighbour", "trust", "export").out.encode()
    refused(founded, "ca", bring(founded, file), "E-TRUST-COUNTY", 6)


def test_a_card_with_the_receiving_keys_of_another(founded: Desk) -> None:
    """Education's card with housing's receiving keys: what is meant for education would open at housing."""
    education, housing = (read_card(founded, home) for home in ("edu", "hous"))
    mixed = encode({**education, "prekeys": housing["prekeys"]})
    before = held(founded.folder / "ca")
    said = founded.say("ca", "--json", *bring(founded, mixed))
    assert (said.exit, said.document["error"]["code"]) == (6, "E-SIGNER")
    assert changed(before, held(founded.folder / "ca")) == set()


def test_a_second_card_in_the_name_of_education(stranger: Desk) -> None:
    """It is taken in as a card, with its own fingerprint, and believed by nobody before somebody signs the list."""
    stranger.do("false", "init", "--agency", "education", "--county", COUNTY)
    file = stranger.do("false", "trust", "export").out.encode()
    shown = stranger.ask("ca", *bring(stranger, file))
    assert shown["fingerprint"] != stranger.ask("ca", "trust", "import", "edu.json")["fingerprint"]
    keys = {key.kid for key in own.pair(bootstrap.open_office(stranger.folder / "false", environment={}).keys, "sign")}
    now = datetime.now(UTC)
    assert not keys & {key.kid for key in believed(stranger, "ca").newest.signing_keys(AgencyId(COUNTY, "education"), now)}


def lay(desk: Desk, file: bytes, purpose: str, sender: str = "civil-affairs") -> None:
    """Put a letter for everybody into the shared folder under somebody's name."""
    lane = desk.folder / "mail" / COUNTY / "_all" / f"{COUNTY}-{sender}"
    lane.mkdir(parents=True, exist_ok=True)
    (lane / f"0000000900-{purpose}-{'ab' * 32}.json").write_bytes(file)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda desk: desk.do("stranger", "trust", "sign").out.strip().encode(), "E-TRUST-ROOT", id="another root"),
        pytest.param(lambda _desk: b"not json", "E-TRUST-FORM", id="not even JSON"),
    ],
)
def test_a_forged_list_in_the_shared_folder(make: Callable[[Desk], bytes], code: str, stranger: Desk) -> None:
    """Refused with its code; the rest of the sync goes on, and belief is what it was."""
    lay(stranger, make(stranger), "trust")
    stranger.do("ca", "sync")
    before = held(stranger.folder / "edu")
    said = stranger.say("edu", "--json", "sync")
    assert said.exit == 6
    assert codes(said.document["refused"]) == [code]
    assert not changed(before, held(stranger.folder / "edu")) & BELIEF
    stranger.do("edu", "sync")


def test_receiving_keys_that_another_agency_laid_down(stranger: Desk) -> None:
    """Somebody else's prekeys under education's name would make civil affairs seal to a thief."""
    stranger.do("false", "init", "--agency", "education", "--county", COUNTY)
    prekeys = read_card(stranger, "false")["prekeys"]
    assert isinstance(prekeys, dict)
    lay(stranger, encode(prekeys), "prekeys", "education")
    known = believed(stranger, "ca").recipient_key(AgencyId(COUNTY, "education"), datetime.now(UTC))
    assert codes(stranger.ask("ca", "sync", exit=6)["refused"]) == ["E-SIGNER"]
    assert believed(stranger, "ca").recipient_key(AgencyId(COUNTY, "education"), datetime.now(UTC)) == known


def test_an_expired_list_sends_nothing_and_still_lets_in(march: Desk) -> None:
    """After 35 days nothing new may be sealed by it; what was sealed while it was good is collected."""
    later = datetime.now(UTC) + timedelta(days=40)

    def office(home: str) -> Office:
        return bootstrap.open_office(march.folder / home, clock=lambda: later, environment={})

    before = held(march.folder / "ca")
    with pytest.raises(ExchangeError) as refusal:
        publishing.publish(office("ca"), CLERK, Wish(Period(2023, 3), revise="更正"))
    assert refusal.value.code == "E-TRUST-EXPIRED"
    assert refusal.value.entry.exit == 6
    assert changed(before, held(march.folder / "ca")) == set()
    done = collecting.collect(office("med"), CLERK, f"sqlite:///{march.folder / 'med.db'}")
    assert [(each.result, each.rows) for each in done.collected] == [("loaded", 60)]
    use.sign_list(office("ca"), CLERK)
    syncing.sync(office("med"), CLERK)
    sent = publishing.publish(office("ca"), CLERK, Wish(Period(2023, 3), revise="更正"))
    assert "posted" in sent.states


def test_without_any_list_nothing_is_believed(march: Desk) -> None:
    march.do("newcomer", "init", "--agency", "finance", "--county", COUNTY, "--carrier", "dir:mail")
    refused(march, "newcomer", ("collect", "--sink", "sqlite:///x.db"), "E-TRUST-NONE", 6)
    refused(march, "newcomer", ("trust", "export", "--root"), "E-TRUST-NONE", 6)
    assert not Path(march.folder / "x.db").exists() or not list((march.folder / "newcomer" / "inbox").iterdir())
