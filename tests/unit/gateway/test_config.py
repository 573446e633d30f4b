"""The configuration file: what is written is read again, and what nobody understands is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway import config
from gateway.config import HomeConfig


@pytest.mark.parametrize("carrier", ["", "dir:/srv/前置机/mail", 'dir:/a "quoted" \\ path', "kafka:one:9092,two:9092", "dir:/new\nline"])
def test_what_is_written_is_read(carrier: str, tmp_path: Path) -> None:
    wanted = HomeConfig(AgencyId("522722", "civil-affairs"), carrier)
    config.write(tmp_path, wanted)
    assert config.read(tmp_path) == wanted
    assert [path.name for path in tmp_path.iterdir()] == [config.FILE]


def test_no_file_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as refusal:
        config.read(tmp_path / "nowhere")
    assert refusal.value.code == "E-HOME-NONE"


BROKEN = ["", "[home]", "[home]\nagency = 1", '[home]\nagency = "x"', "home = 3", "\x00", '[home]\nagency = "522722/a"', "home = [1]"]


@pytest.mark.parametrize("text", BROKEN)
def test_what_nobody_understands(text: str, tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text(text, "utf-8")
    with pytest.raises(ExchangeError) as refusal:
        config.read(tmp_path)
    assert refusal.value.code in {"E-HOME-CONFIG", "E-AGENCY"}


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_bytes(b"\xff\xfe[home]")
    with pytest.raises(ExchangeError) as refusal:
        config.read(tmp_path)
    assert refusal.value.code == "E-HOME-CONFIG"


def test_a_carrier_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text('[home]\nagency = "522722/bank"\ncarrier = 5\n', "utf-8")
    with pytest.raises(ExchangeError) as refusal:
        config.read(tmp_path)
    assert refusal.value.code == "E-HOME-CONFIG"


def test_a_folder_is_named_from_where_one_stands(tmp_path: Path) -> None:
    assert config.absolute_carrier("dir:mail", tmp_path) == f"dir:{tmp_path / 'mail'}"
    assert config.absolute_carrier("dir:../mail", tmp_path / "ca") == f"dir:{tmp_path / 'mail'}"
    assert config.absolute_carrier("dir:/srv/mail", tmp_path) == "dir:/srv/mail"
    assert config.absolute_carrier("kafka:host:9092", tmp_path) == "kafka:host:9092"
