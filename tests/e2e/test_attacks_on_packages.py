"""Attacks by somebody who can read and write in the shared folder, and by partners who lie.

Each ends in its own code at the recipient; nothing of it comes into the sink, no receipt is given for it, everything else in the
folder is collected in the same run, and the true package loads once it is there again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.ids import AgencyId, Period
from tests.e2e import tables
from tests.e2e.conftest import RURAL
from tests.e2e.desk import COUNTY, Desk, codes
from tests.e2e.parcels import MEDICAL, SUITE_OF_LATER, flipped, forged, lane, march_and_april, now, parcels, signed, stripped
from tests.e2e.traces import LEDGER, changed, held, rows

COLLECT = ("collect", "--sink", "sqlite:///med.db")
MARCH, APRIL = (f"522722.assistance-persons.{MEDICAL}.2023-0{month}.r1" for month in (3, 4))
CURRENT = "SELECT id_number FROM assistance_persons_current ORDER BY 1"


@pytest.fixture(scope="module")
def two_months_once(march_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = march_once.copy(tmp_path_factory.mktemp("attacked") / "offices")
    people = tables.people(0, 60)
    tables.roster(desk.folder / "april.csv", [*people[2:], tables.mistyped(people[0])])
    desk.do("ca", "import", "april.csv", "--as", RURAL, "--period", "2023-04")
    desk.do("ca", "publish", "--period", "2023-04")
    return desk


@pytest.fixture
def sent(two_months_once: Desk, tmp_path: Path) -> Desk:
    """March and April lie in the folder, nobody has collected; April's edition has two chunks, one of them of unconfirmed keys."""
    return two_months_once.copy(tmp_path / "offices")


@pytest.fixture(scope="module")
def both_loaded_once(two_months_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = two_months_once.copy(tmp_path_factory.mktemp("both") / "offices")
    assert [each["result"] for each in desk.ask("med", *COLLECT)["collected"]] == ["loaded", "loaded"]
    return desk


@pytest.fixture
def loaded(both_loaded_once: Desk, tmp_path: Path) -> Desk:
    """The same, and medical insurance has loaded both."""
    return both_loaded_once.copy(tmp_path / "offices")


def refuses_april(desk: Desk, code: str) -> None:
    """April is refused so, March loads all the same; the true April loads afterwards."""
    done = desk.ask("med", *COLLECT, exit=6)
    assert codes(done["refused"]) == [code]
    assert done["refused"][0]["edition"] == APRIL
    assert [(each["edition"], each["result"]) for each in done["collected"]] == [(MARCH, "loaded")]
    assert len(rows(desk.folder / "med.db", CURRENT)) == 60
    assert rows(desk.folder / "med.db", "SELECT DISTINCT _period FROM assistance_persons") == [("2023-03",)]
    assert not [each for each in desk.ask("med", "receipt", "list")["receipts"] if each["edition"] == APRIL]
    said = desk.say("med", "status", lang="zh")
    assert code in said.out
    desk.do("ca", "edition", "resend", APRIL)
    done = desk.ask("med", *COLLECT)
    assert [(each["edition"], each["result"]) for each in done["collected"]] == [(APRIL, "loaded")]
    assert desk.ask("med", "fsck")["clean"] is True


def test_one_bit_of_a_chunk_is_changed(sent: Desk) -> None:
    """Of several chunks the tree's root tells that one is not the sender's; of a single chunk its digest does."""
    _, april = march_and_april(sent)
    april.with_chunks([flipped(april.chunks[0]), april.chunks[1]]).write()
    refuses_april(sent, "E-PACKAGE-ROOT")
    alone = parcels(sent, "education")[0]
    alone.with_chunks([flipped(alone.chunks[0])]).write()
    assert codes(sent.ask("edu", "collect", "--sink", "sqlite:///edu.db", exit=6)["refused"]) == ["E-CHUNK-DIGEST"]


def test_a_chunk_is_cut_short(sent: Desk) -> None:
    _, april = march_and_april(sent)
    april.with_chunks([april.chunks[0][:-1000], april.chunks[1]]).write()
    refuses_april(sent, "E-CHUNK-LENGTH")


def test_the_package_lacks_its_last_chunk(sent: Desk) -> None:
    """The unconfirmed keys are in it: without them people would be taken for gone."""
    _, april = march_and_april(sent)
    april.with_chunks(april.chunks[:1]).write()
    refuses_april(sent, "E-CHUNK-MISSING")


def test_the_chunks_change_places(sent: Desk) -> None:
    _, april = march_and_april(sent)
    april.with_chunks(april.chunks[::-1]).write()
    refuses_april(sent, "E-CHUNK-ORDER")


def test_a_chunk_of_march_is_spliced_into_april(sent: Desk) -> None:
    """Sealed by the right sender to the right recipient, and of the wrong edition."""
    march, april = march_and_april(sent)
    april.with_chunks([march.chunks[0], april.chunks[1]]).write()
    refuses_april(sent, "E-CHUNK-FOREIGN")


def test_a_chunk_for_education_is_spliced_in(sent: Desk) -> None:
    _, april = march_and_april(sent)
    april.with_chunks([parcels(sent, "education")[1].chunks[0], april.chunks[1]]).write()
    refuses_april(sent, "E-CHUNK-FOREIGN")


def test_the_file_is_cut_in_half_on_its_way(sent: Desk) -> None:
    """As a pulled-out USB stick leaves it: it is not judged before it is whole, and is looked at again each time."""
    _, april = march_and_april(sent)
    whole = april.path.read_bytes()
    april.path.write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        done = sent.say("med", "--json", *COLLECT)
        assert codes(done.document["refused"]) == ["E-CARRIER-PARTIAL"]
        assert done.exit == 1
    april.path.write_bytes(whole)
    assert [each["edition"] for each in sent.ask("med", *COLLECT)["collected"]] == [APRIL]


def test_one_bit_of_the_manifest_is_changed(sent: Desk) -> None:
    _, april = march_and_april(sent)
    at = april.manifest.index(b'"payload":"') + 200
    replace(april, manifest=flipped(april.manifest, at)).write()
    done = sent.ask("med", *COLLECT, exit=6)
    assert len(done["refused"]) == 1
    assert codes(done["refused"])[0] in {"E-SIG", "E-MANIFEST-FORM", "E-ENVELOPE-FORM"}
    assert [each["edition"] for each in done["collected"]] == [MARCH]


def test_the_post_quantum_signature_is_stripped(sent: Desk) -> None:
    """Whoever can break one of the two kinds of signature must not be able to drop the other."""
    _, april = march_and_april(sent)
    replace(april, manifest=stripped(april.manifest, "ml-dsa-65", sent, "ca")).write()
    refuses_april(sent, "E-SIGNATURE-MISSING")


def test_the_classical_signature_is_stripped(sent: Desk) -> None:
    _, april = march_and_april(sent)
    replace(april, manifest=stripped(april.manifest, "ed25519", sent, "ca")).write()
    refuses_april(sent, "E-SIGNATURE-MISSING")


def test_a_suite_that_the_feed_does_not_allow(sent: Desk) -> None:
    """Signed by the true sender: even it cannot talk a recipient into another suite."""
    _, april = march_and_april(sent)
    replace(april, manifest=signed(sent, "ca", replace(april.statement, suite=SUITE_OF_LATER))).write()
    refuses_april(sent, "E-SUITE")


def test_it_is_put_before_another_department(sent: Desk) -> None:
    """Medical insurance's edition in education's lane: who carries it cannot redirect it."""
    march, _ = march_and_april(sent)
    march.write(lane(sent, "education") / march.path.name)
    before = held(sent.folder / "edu")
    done = sent.ask("edu", "collect", "--sink", "sqlite:///edu.db", exit=6)
    assert codes(done["refused"]) == ["E-RECIPIENT"]
    assert [each["result"] for each in done["collected"]] == ["loaded", "loaded"]
    assert "table refusal" in changed(before, held(sent.folder / "edu"))
    assert len(rows(sent.folder / "edu.db", CURRENT)) < 60


def test_another_partner_signs_in_the_name_of_civil_affairs(sent: Desk) -> None:
    """Education is in the trust list, but for itself alone."""
    _, april = march_and_april(sent)
    fake = forged(sent, "edu", april, revision=2, sequence=3, prev=april.digest)
    fake.write(fake.beside(900))
    done = sent.ask("med", *COLLECT, exit=6)
    assert codes(done["refused"]) == ["E-SIGNER"]
    assert [each["result"] for each in done["collected"]] == ["loaded", "loaded"]


def test_a_partner_sends_a_feed_that_it_does_not_owe(sent: Desk) -> None:
    """Under its own name and with its own keys: education has no roster of dibao to give."""
    march, _ = march_and_april(sent)
    fake = forged(sent, "edu", march, sender=AgencyId(COUNTY, "education"), sequence=1)
    fake.write(lane(sent, MEDICAL, "education") / fake.beside(1).name)
    done = sent.ask("med", *COLLECT, exit=6)
    assert codes(done["refused"]) == ["E-FEED-FOREIGN"]
    assert [each["result"] for each in done["collected"]] == ["loaded", "loaded"]


def test_civil_affairs_says_two_things_under_one_number(loaded: Desk) -> None:
    """Equivocation: the second manifest is refused and kept, so that both can be shown."""
    _, april = march_and_april(loaded)
    fake = forged(loaded, "ca", april, revision=1)
    fake.write(fake.beside(900))
    done = loaded.ask("med", *COLLECT, exit=6)
    assert codes(done["refused"]) == ["E-CHAIN-FORK"]
    assert done["collected"] == []
    kept = {bytes(body) for (body,) in rows(loaded.folder / "med" / "state.db", "SELECT body FROM document")}  # type: ignore[call-overload]  # bytes
    assert {april.manifest, fake.manifest} <= kept


def test_civil_affairs_gives_one_revision_twice(loaded: Desk) -> None:
    _, april = march_and_april(loaded)
    fake = forged(loaded, "ca", april, revision=1, sequence=3, prev=april.digest)
    fake.write(fake.beside(900))
    assert codes(loaded.ask("med", *COLLECT, exit=6)["refused"]) == ["E-EDITION-FORK"]


def test_an_older_revision_signed_later_takes_nobodys_place(loaded: Desk) -> None:
    """Revision 5 was loaded; a revision 4 with a later number would roll it back."""
    _, april = march_and_april(loaded)
    newer = forged(loaded, "ca", april, revision=5, sequence=3, prev=april.digest)
    newer.write(newer.beside(900))
    assert [each["result"] for each in loaded.ask("med", *COLLECT)["collected"]] == ["loaded"]
    older = forged(loaded, "ca", april, revision=4, sequence=4, prev=newer.digest)
    older.write(older.beside(901))
    assert codes(loaded.ask("med", *COLLECT, exit=6)["refused"]) == ["E-EDITION-ROLLBACK"]


def test_an_old_edition_is_replayed(loaded: Desk) -> None:
    """March again after April, under a new number and a new time: nothing moves, and the receipt is the one that was given."""
    march, _ = march_and_april(loaded)
    before, current = held(loaded.folder / "med"), rows(loaded.folder / "med.db", CURRENT)
    march.write(march.beside(900))
    done = loaded.ask("med", *COLLECT)
    assert done["collected"] == []
    assert done["refused"] == []
    assert rows(loaded.folder / "med.db", CURRENT) == current
    assert changed(before, held(loaded.folder / "med")) - {"table meta"} == set()


def test_the_first_revision_is_replayed_after_its_correction(loaded: Desk) -> None:
    _, april = march_and_april(loaded)
    tables.roster(loaded.folder / "april2.csv", tables.people(0, 60))
    loaded.do("ca", "import", "april2.csv", "--as", RURAL, "--period", "2023-04", "--replace", "更正")
    loaded.do("ca", "publish", "--period", "2023-04")
    loaded.do("med", *COLLECT)
    current = rows(loaded.folder / "med.db", CURRENT)
    assert len(current) == 60
    april.write(april.beside(950))
    assert loaded.ask("med", *COLLECT)["collected"] == []
    assert rows(loaded.folder / "med.db", CURRENT) == current


def test_an_edition_that_skips_ahead_names_the_gap(loaded: Desk) -> None:
    """A withheld edition is noticed; what came in good order is loaded meanwhile."""
    _, april = march_and_april(loaded)
    ahead = forged(loaded, "ca", april, edition=april.statement.header.edition.replace("2023-04", "2023-05"), period=Period(2023, 5),
                   sequence=4, prev="ab" * 32)  # fmt: skip
    ahead.write(ahead.beside(900))
    done = loaded.ask("med", *COLLECT)
    assert [each["result"] for each in done["collected"]] == ["loaded"]
    assert done["gaps"] != []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"created": now(days=3), "expires": now(days=30)}, "E-MANIFEST-FUTURE", id="dated in the future"),
        pytest.param({"created": now(hours=-9), "expires": now(hours=-1)}, "E-MANIFEST-EXPIRED", id="expired"),
        pytest.param({"contract": "ab" * 32}, "E-REJECT-CONTRACT", id="another contract"),
    ],
)
def test_a_true_signature_is_not_enough(change: dict[str, object], code: str, loaded: Desk) -> None:
    _, april = march_and_april(loaded)
    fake = forged(loaded, "ca", april, revision=2, sequence=3, prev=april.digest, **change)
    fake.write(fake.beside(900))
    said = loaded.say("med", "--json", *COLLECT)
    if code == "E-REJECT-CONTRACT":  # authentic: it is answered, so that the sender learns of it
        assert said.exit == 1
        assert [(each["result"], each["code"]) for each in said.document["collected"]] == [("rejected", code)]
    else:
        assert said.exit == 6
        assert codes(said.document["refused"]) == [code]
    assert len(rows(loaded.folder / "med.db", CURRENT)) == 59


@pytest.mark.parametrize("spoil", [lambda data: data[:0], lambda data: b"PK" + data, lambda data: data + b"x", lambda data: data[::-1]])
def test_whatever_else_lies_in_the_lane(spoil: Callable[[bytes], bytes], sent: Desk) -> None:
    march, _ = march_and_april(sent)
    march.beside(900).write_bytes(spoil(march.path.read_bytes()))
    (march.path.parent / "readme.txt").write_text("hello")
    (march.path.parent / "0000000901-package-xyz.cxp").write_text("hello")
    done = sent.say("med", "--json", *COLLECT).document
    assert [each["result"] for each in done["collected"]] == ["loaded", "loaded"]


def test_a_refusal_is_told_once_and_stays_in_the_ledger(sent: Desk) -> None:
    """Refused, reported, entered; the next run does not report the same file again."""
    march, _ = march_and_april(sent)
    march.write(lane(sent, "education") / march.path.name)
    assert codes(sent.ask("edu", "collect", "--sink", "sqlite:///edu.db", exit=6)["refused"]) == ["E-RECIPIENT"]
    before = held(sent.folder / "edu")
    assert sent.ask("edu", "collect", "--sink", "sqlite:///edu.db")["refused"] == []
    assert changed(before, held(sent.folder / "edu")) & {f"table {name}" for name in LEDGER} == set()
    assert [each["code"] for each in sent.ask("edu", "status")["refused"]] == ["E-RECIPIENT"]

