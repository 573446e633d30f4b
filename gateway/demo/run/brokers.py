"""Three real brokers for the length of a demonstration, by the launcher that lies beside the program in its repository."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import ExchangeError

_REPOSITORY = Path(__file__).parents[3]
_LAUNCHER = "deploy.kafka"
_ENDING = 60.0


@contextmanager
def brokers(folder: Path) -> Iterator[str]:
    """`HOST:PORT,…` of ready brokers that store in `folder`. They end with the block, or with this process however it ends.

    Raises:
        ExchangeError: E-DEMO-BROKERS, no launcher, no Java, no Maven.
    """
    if not (_REPOSITORY / "deploy" / "kafka" / "__main__.py").is_file():
        raise ExchangeError("E-DEMO-BROKERS", why="deploy/kafka")
    users = folder.with_suffix(".users")
    with users.open("a") as use:
        fcntl.flock(use, fcntl.LOCK_SH)
        guard = subprocess.Popen(_command("guard", str(folder), str(users)), cwd=_REPOSITORY, start_new_session=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            yield _up(folder)
        finally:
            use.close()  # the guard has waited for this
            guard.wait(_ENDING)
            users.unlink(missing_ok=True)


def _up(folder: Path) -> str:
    done = subprocess.run(_command("up", str(folder)), cwd=_REPOSITORY, capture_output=True, text=True, check=False)
    servers = done.stdout.strip().rpartition("bootstrap=")[2]
    if done.returncode or not servers:
        raise ExchangeError("E-DEMO-BROKERS", why=(done.stderr.strip().splitlines() or ["-"])[0][:200])
    return servers


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", _LAUNCHER, *words]
