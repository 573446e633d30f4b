"""A shared folder in which anybody may have put anything: it is reported or passed over, and what is good arrives all the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.carriers.opening import open_carrier
from gateway.carriers.port import RECORD_LIMIT, Carrier
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, arrived, digest, drain, letter, package, records

GOOD = package("good", 2)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "mail"
    open_carrier(f"dir:{root}", CIVIL_AFFAIRS).post([GOOD])
    return root


@pytest.fixture
def lane(root: Path) -> Path:
    return root / "522722" / "education" / "522722-civil-affairs"


@pytest.fixture
def home(root: Path) -> Carrier:
    return open_carrier(f"dir:{root}", EDUCATION)


def name(number: int, title: str, purpose: str = "package") -> str:
    return f"{number:010d}-{purpose}-{digest(title)}.{'cxp' if purpose == 'package' else 'json'}"


def of(lane: Path) -> Path:
    [path] = lane.glob("*.cxp")
    return path


FOREIGN: dict[str, Callable[[Path], object]] = {
    "desktop files": lambda lane: [(lane / odd).write_bytes(b"x") for odd in ("Thumbs.db", ".DS_Store", "desktop.ini", "~$名册.xlsx")],
    "names near ours": lambda lane: [(lane / odd).write_bytes(b"x") for odd in (
        name(1, "x").upper(), name(1, "x") + ".part", name(1, "x").replace("package", "parcel"), name(1, "x")[1:],
        name(1, "x", "receipt").replace(".json", ".cxp"), "0" * 16 + name(1, "x"))],
    "names of no encoding": lambda lane: (lane / os.fsdecode(b"\xff\xfe\x01")).write_bytes(b"x"),
    "a line break": lambda lane: (lane / (name(1, "x") + "\n")).write_bytes(b"x"),
    "folders": lambda lane: (lane / "0000000001-package").mkdir(),
    "a lane of nobody": lambda lane: (lane.parent / "522722-Civil Affairs").mkdir(),
    "a lane of ours": lambda lane: shutil.copytree(lane, lane.parent / "522722-education"),
    "a file for a lane": lambda lane: (lane.parent / "a-letter.txt").write_bytes(b"x"),
    "half-written": lambda lane: (lane / ".part-package-x").write_bytes(b"PK"),
    "another county": lambda lane: shutil.copytree(lane, lane.parents[2] / "522701" / "education" / "522722-civil-affairs"),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_what_is_not_of_the_exchange_is_passed_over(home: Carrier, lane: Path, case: str) -> None:
    FOREIGN[case](lane)
    good, bad, _ = drain(home)
    assert arrived(good) == records(GOOD)
    assert not bad


def sparse(path: Path, size: int, start: bytes = b"") -> None:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


REFUSED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a link to a secret": ("E-CARRIER-LINK", lambda lane: (lane / name(1, "x", "trust")).symlink_to("/etc/hostname")),
    "a link to a package": ("E-CARRIER-LINK", lambda lane: (lane / name(1, "x")).symlink_to(of(lane))),
    "a link to nothing": ("E-CARRIER-LINK", lambda lane: (lane / name(1, "x")).symlink_to("nowhere")),
    "a pipe": ("E-CARRIER-LINK", lambda lane: os.mkfifo(lane / name(1, "x", "receipt"))),
    "a folder": ("E-CARRIER-LINK", lambda lane: (lane / name(1, "x")).mkdir()),
    "a huge receipt": ("E-CARRIER-LARGE", lambda lane: sparse(lane / name(1, "x", "receipt"), 1 << 40)),
    "a large trust list": ("E-CARRIER-LARGE", lambda lane: sparse(lane / name(1, "x", "trust"), RECORD_LIMIT + 1)),
    "a huge package": ("E-CARRIER-PARTIAL", lambda lane: sparse(lane / name(1, "x"), 1 << 40, b"PK\3\4")),
    "no package": ("E-CARRIER-SHAPE", lambda lane: (lane / name(1, "x")).write_bytes(b"%PDF-1.7 " * 100)),
    "a copy that has begun": ("E-CARRIER-PARTIAL", lambda lane: (lane / name(1, "x")).write_bytes(of(lane).read_bytes()[:500])),
    "a copy of which only the size is there": ("E-CARRIER-PARTIAL", lambda lane: sparse(lane / name(1, "x"), 3000)),
    "nothing yet": ("E-CARRIER-PARTIAL", lambda lane: (lane / name(1, "x")).write_bytes(b"")),
    "an empty receipt": ("E-CARRIER-PARTIAL", lambda lane: (lane / name(1, "x", "receipt")).write_bytes(b"")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_reported_and_holds_nothing_back(home: Carrier, lane: Path, case: str) -> None:
    code, put = REFUSED[case]
    put(lane)
    good, bad, position = drain(home)
    assert arrived(good) == records(GOOD)
    assert [record.error.code for record in bad] == [code]
    _, again, _ = drain(home, position)
    expected = [code] if code == "E-CARRIER-PARTIAL" else []
    assert [record.error.code for record in again] == expected, "reported once, unless it may get better"


def test_a_copy_that_is_finished_later_arrives(home: Carrier, lane: Path) -> None:
    whole = of(lane).read_bytes()
    of(lane).write_bytes(whole[:-1])
    good, bad, position = drain(home)
    assert (good, [record.error.code for record in bad]) == ([], ["E-CARRIER-PARTIAL"])
    of(lane).write_bytes(whole)
    again, _, _ = drain(home, position)
    assert arrived(again) == records(GOOD)


def test_a_changed_bit_arrives_changed_for_the_digests_to_judge(home: Carrier, lane: Path) -> None:
    """A checksum error here would hide from the reader that somebody changed a signed thing."""
    data = bytearray(of(lane).read_bytes())
    at = data.index(b"good chunk 1") + 3
    data[at] ^= 1
    of(lane).write_bytes(data)
    good, bad, _ = drain(home)
    assert not bad
    assert [record.data == wanted[2] for record, wanted in zip(good, records(GOOD), strict=True)] == [True, True, False]


def test_a_lane_that_is_a_link_is_not_followed(home: Carrier, lane: Path, tmp_path: Path) -> None:
    lane.rename(tmp_path / "elsewhere")
    lane.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    good, bad, _ = drain(home)
    assert not good
    assert [record.error.code for record in bad] == ["E-CARRIER-LINK"]


def test_a_box_that_is_a_link_does_not_hold_back_what_is_for_everyone(home: Carrier, root: Path, lane: Path, tmp_path: Path) -> None:
    lane.parent.rename(tmp_path / "elsewhere")
    lane.parent.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    open_carrier(f"dir:{root}", CIVIL_AFFAIRS).post([letter("trust", "t", to=None)])
    good, bad, _ = drain(home)
    assert [record.kind for record in good] == ["trust"]
    assert [record.error.code for record in bad] == ["E-CARRIER-LINK"]


def test_a_number_out_of_the_way_neither_hides_nor_stops_what_we_post(home: Carrier, root: Path, lane: Path) -> None:
    (lane / name(10**15 - 1, "evil", "receipt")).write_bytes(b"evil")
    (lane / name(9999999999, "worse", "receipt")).write_bytes(b"worse")
    sender = open_carrier(f"dir:{root}", CIVIL_AFFAIRS)
    for title in ("a", "b"):
        assert [done.outcome for done in sender.post([package(title)])] == ["posted"]
    good, bad, _ = drain(home)
    assert not bad
    assert [record.data for record in good if record.kind == "manifest"] == [b"manifest of good", b"manifest of a", b"manifest of b"]


def test_a_flooded_lane_is_read_bit_by_bit(home: Carrier, lane: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.carriers.directory.LANE_LIMIT", 10)
    for number in range(2, 27):
        (lane / name(number, str(number), "receipt")).write_bytes(b"%d" % number)
    got: list[bytes] = []
    position: bytes | None = None
    for _ in range(3):
        good, _, position = drain(home, position)
        assert len({record.delivery for record in good}) <= 10
        got += [record.data for record in good if record.kind == "receipt"]
    assert got == [b"%d" % number for number in range(2, 27)]


def test_an_emptied_and_refilled_folder_loses_nothing(home: Carrier, root: Path, lane: Path) -> None:
    """Numbers begin anew then; a position that counted would pass over what comes."""
    sender = open_carrier(f"dir:{root}", CIVIL_AFFAIRS)
    sender.post([package("a"), package("b")])
    _, _, position = drain(home)
    shutil.rmtree(root)
    sender.post([package("c")])
    good, _, position = drain(home, position)
    assert arrived(good) == records(package("c"))
    assert position is not None
    assert len(position) < 20, "what has left the folder is not remembered"


def test_a_spoilt_package_is_replaced_when_it_is_posted_again(home: Carrier, root: Path, lane: Path) -> None:
    os.truncate(of(lane), 100)
    _, _, position = drain(home)
    assert [done.outcome for done in open_carrier(f"dir:{root}", CIVIL_AFFAIRS).post([GOOD])] == ["posted"]
    good, bad, _ = drain(home, position)
    assert (arrived(good), bad) == (records(GOOD), [])
    assert len(list(lane.iterdir())) == 1


def test_a_link_in_the_place_of_ours_is_not_written_through(root: Path, lane: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    of(lane).unlink()
    (lane / name(1, "good")).symlink_to(victim)
    (lane / f".part-package-{digest('good')}").symlink_to(victim)
    assert [done.outcome for done in open_carrier(f"dir:{root}", CIVIL_AFFAIRS).post([GOOD])] == ["posted"]
    assert victim.read_bytes() == b"precious"
    assert not (lane / name(1, "good")).is_symlink()


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    lost = open_carrier(f"dir:{tmp_path / 'unplugged' / 'mail'}", EDUCATION)
    for act in (lambda: lost.post([GOOD]), lambda: list(lost.poll(None)), lost.probe):
        with pytest.raises(ExchangeError) as refused:
            act()
        assert (refused.value.code, refused.value.facts["why"]) == ("E-CARRIER-REACH", "ENOENT")


def test_a_file_for_a_root(tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(b"")
    with pytest.raises(ExchangeError, match="E-CARRIER-REACH"):
        open_carrier(f"dir:{tmp_path / 'mail'}", CIVIL_AFFAIRS).post([GOOD])


@pytest.mark.parametrize("url", ["", "dir", "dir:", "ftp://host", "kafka"])
def test_no_such_carrier(url: str) -> None:
    with pytest.raises(ExchangeError, match="E-CARRIER-URL"):
        open_carrier(url, EDUCATION)
