"""A PostgreSQL server for tests: the one that GATEWAY_TEST_POSTGRESQL names, else one of our own on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SKIP = "needs PostgreSQL: set GATEWAY_TEST_POSTGRESQL, or install initdb and pg_ctl (and psycopg)"


@contextmanager
def server(_folder: Path | None = None) -> Iterator[str]:
    """A URL of a server one may make databases in. Skips where there is none.

    The server refuses to run as root, so there it runs as the system's `postgres`, in a folder of its own: those of pytest are
    closed to others, and closed again by every run of it.
    """
    given = os.environ.get("GATEWAY_TEST_POSTGRESQL")
    if given:
        yield given
        return
    pytest.importorskip("psycopg", reason=SKIP)
    initdb, control = (shutil.which(name) for name in ("initdb", "pg_ctl"))
    if initdb is None or control is None or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip(SKIP)
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="gateway-postgresql-") as folder:
        if user:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        _run(*user, initdb, "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-locale")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        _run(*user, control, "-D", data, "-o", options, "-l", f"{data}/log", "-w", "start")
        try:
            yield f"postgresql://tests@127.0.0.1:{port}/postgres"
        finally:
            _run(*user, control, "-D", data, "-m", "immediate", "-w", "stop")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def fresh_database(url: str, name: str) -> str:
    """An empty database on that server; its URL."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return url.rpartition("/")[0] + f"/{name}"
