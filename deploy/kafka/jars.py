"""The jars of a broker: resolved by Maven once, kept beside the cluster's files until pom.xml changes."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".kafka"
"""Ignored by git."""
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_JAVA = 17


class MissingError(RuntimeError):
    """This machine lacks what brokers need; the text names it."""


def check_tools() -> None:
    """Return when Java 17 or newer and Maven are there.

    Raises:
        MissingError: naming what is not.
    """
    lacking = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if lacking:
        raise MissingError(f"{' and '.join(lacking)} not found; Kafka needs Java {_JAVA} or newer and Maven")
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < _JAVA:
        raise MissingError(f"Java {_JAVA} or newer is needed, this is {found[1] if found else 'unknown'}")


def classpath() -> str:
    """What `java -cp` takes. The first time Maven fetches about 55 MB; afterwards nothing is asked.

    Raises:
        MissingError: no Java or no Maven, or Maven could not resolve the artifacts.
    """
    check_tools()
    digest = hashlib.sha256((HERE / "pom.xml").read_bytes()).hexdigest()[:12]
    jars = KEPT / f"lib-{digest}"
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lib.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _resolve(jars)
    return f"{jars}/*"


def _resolve(jars: Path) -> None:
    draft = jars.with_name(f"{jars.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), _COPY, "-DincludeScope=runtime", f"-DoutputDirectory={draft}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode or not any(draft.glob("kafka_*.jar")):
        raise MissingError(f"Maven could not resolve Kafka's artifacts: {(done.stdout + done.stderr).strip()[-500:]}")
    draft.rename(jars)
