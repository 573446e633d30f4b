"""`python -m deploy.kafka up [FOLDER] | down [FOLDER] | guard FOLDER USERS`: what `make kafka-up` and `make kafka-down` run."""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

from deploy.kafka import cluster
from deploy.kafka.jars import KEPT, MissingError


def up(folder: Path) -> int:
    """Start three brokers, or find them running. The last line on stdout is `bootstrap=HOST:PORT,…`."""
    found = cluster.attach(folder)
    if found is not None and any(broker.pid is None for broker in found.brokers):
        down(folder)
        found = None
    try:
        found = found or cluster.start(folder)
        found.wait_ready()
    except (MissingError, RuntimeError, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        down(folder)
        return 1
    sys.stdout.write(f"bootstrap={found.bootstrap()}\n")
    return 0


def down(folder: Path) -> int:
    """End them and delete what they stored; logs and jars stay."""
    found = cluster.attach(folder)
    if found is not None:
        found.stop()
        found.remove()
    return 0


def guard(folder: Path, users: Path) -> int:
    """Wait until nobody holds a lock on `users` any more, however they ended, then kill the cluster and delete its folder."""
    with users.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = cluster.attach(folder)
        if found is not None:
            found.stop(grace=0)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["up"]:
            return up(KEPT)
        case ["up", folder]:
            return up(Path(folder))
        case ["down"]:
            return down(KEPT)
        case ["down", folder]:
            return down(Path(folder))
        case ["guard", folder, users]:
            return guard(Path(folder), Path(users))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
