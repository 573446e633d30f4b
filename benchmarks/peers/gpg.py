"""(c) The incumbent: one CSV a department, `gpg --sign --encrypt`, with a throw-away keyring."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.job import Job
from benchmarks.peers.durable import put, settle

SENDER = "civil-affairs"


@dataclass(frozen=True, slots=True)
class Keyring:
    """A GnuPG home with the sender's and the departments' keys."""

    home: Path

    def run(self, *arguments: str, content: bytes | None = None) -> bytes:
        """gpg's standard output.

        Raises:
            subprocess.CalledProcessError: gpg failed.
        """
        command = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "",
                   "--trust-model", "always", *arguments]
        return subprocess.run(command, input=content, check=True, capture_output=True).stdout


def version() -> str | None:
    """The first line of `gpg --version`, None where there is no gpg."""
    if shutil.which("gpg") is None:
        return None
    return subprocess.run(["gpg", "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]


@contextmanager
def keyring(departments: list[str]) -> Iterator[Keyring]:
    """Curve25519 keys, the fastest that gpg makes, in a directory that goes away."""
    with tempfile.TemporaryDirectory(prefix="gpg") as name:
        home = Path(name)
        home.chmod(0o700)
        ring = Keyring(home)
        for agency in [SENDER, *departments]:
            ring.run("--quick-generate-key", agency, "future-default", "default", "never")
        try:
            yield ring
        finally:
            # the agent that gpg started for this home ends with it
            subprocess.run(["gpgconf", "--homedir", name, "--kill", "gpg-agent"], check=False, env={**os.environ, "GNUPGHOME": name})


def publish(job: Job, folder: Path, ring: Keyring) -> int:
    """Write, sign and encrypt one CSV a department; returns bytes written."""
    folder.mkdir(parents=True)
    written = 0
    for number, delivery in enumerate(job.assembled()):
        csv = delivery.cut().write_csv().encode()
        sealed = ring.run("--sign", "--encrypt", "--local-user", SENDER, "--recipient", delivery.view.to, content=csv)
        written += put(folder / f"{number}.csv.gpg", sealed)
    settle(folder)
    return written
