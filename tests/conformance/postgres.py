"""A PostgreSQL server for tests: the one that GATEWAY_TEST_POSTGRESQL names, else one of our own on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SKIP = "needs PostgreSQL: set GATEWAY_TEST_POSTGRESQL, or install initdb and pg_ctl (and psycopg)"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A URL of a server one may make databases in. Skips where there is none.

    The server refuses to run as root, so there it runs as the system's `postgres`.
    """
    given = os.environ.get("GATEWAY_TEST_POSTGRESQL")
    if given:
        yield given
        return
    pytest.importorskip("psycopg", reason=SKIP)
    programs = [shutil.which(name) for name in ("initdb", "pg_ctl")]
    if None in programs or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip(SKIP)
    data = folder / "data"
    data.mkdir(parents=True)
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(data, "postgres")
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == os.geteuid() and parent != parent.parent and not parent.stat().st_mode & 1:
                parent.chmod(parent.stat().st_mode | 0o011)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    subprocess.run([*user, str(programs[0]), "-D", str(data), "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-locale"], check=True,
                   capture_output=True, cwd="/")
    control = [*user, str(programs[1]), "-D", str(data)]
    subprocess.run([*control, "-o", options, "-l", str(data / "log"), "-w", "start"], check=True, capture_output=True, cwd="/")
    try:
        yield f"postgresql://tests@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")


def fresh_database(url: str, name: str) -> str:
    """An empty database on that server; its URL."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return url.rpartition("/")[0] + f"/{name}"
