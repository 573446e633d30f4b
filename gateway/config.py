"""The home's configuration file, `gateway.toml`."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.ids import AgencyId

FILE = "gateway.toml"


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """What one home is: whose it is and what carries its packages.

    Attributes:
        agency: the agency whose keys and state this home holds.
        carrier: carrier URL, `dir:/absolute/path`; empty when none was given.
        kafka: the table `[kafka]`: certificates and where secrets lie, never a secret. It may change under a home; so it is not
            part of what makes two configurations the same home's.
    """

    agency: AgencyId
    carrier: str
    kafka: Mapping[str, str] = field(default_factory=dict, compare=False)


def read(home: Path) -> HomeConfig:
    """The configuration of a home.

    Raises:
        ExchangeError: E-HOME-NONE there is no home; E-HOME-CONFIG the file cannot be understood.
    """
    try:
        data = (home / FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise ExchangeError("E-HOME-NONE", home=str(home)) from None
    try:
        whole = tomllib.loads(data.decode("utf-8"))
        agency, carrier = whole["home"]["agency"], whole["home"]["carrier"]
        if not isinstance(agency, str) or not isinstance(carrier, str):
            raise TypeError("agency and carrier are texts")
        return HomeConfig(AgencyId.parse(agency), carrier, texts(whole.get("kafka", {})))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ExchangeError("E-HOME-CONFIG", file=FILE) from error


def texts(table: object) -> dict[str, str]:
    """A table of texts.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise TypeError("texts are wanted")
    return table


def write(home: Path, config: HomeConfig) -> None:
    """Write the configuration durably; the home exists from the rename on."""
    agency, carrier = json.dumps(str(config.agency)), json.dumps(config.carrier, ensure_ascii=False)
    text = f"# 名册交换网关 roster gateway\n[home]\nagency = {agency}\ncarrier = {carrier}\n"
    draft = home / f".{FILE}.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(home / FILE)
    sync_directory(home)


def sync_directory(directory: Path) -> None:
    """Make names created or removed in a directory durable (POSIX; a no-op where directories cannot be opened)."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def absolute_carrier(url: str, here: Path) -> str:
    """A `dir:` carrier resolved against the current directory, so that the home works from anywhere; others unchanged."""
    if url.startswith("dir:"):
        return f"dir:{(here / url[4:]).resolve()}"
    return url
