"""One broker: a process that anybody who knows its folder can end, kill, and start again on the same ports."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.kafka.jars import HERE, classpath

_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}")
"""A broker of a test lives for minutes: compiling less saves more than it costs."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A combined broker and controller.

    Attributes:
        folder: the cluster's; holds broker-N.properties, broker-N.pid, broker-N.log, the folder broker-N, and broker-N.hosts
            where names mean something to that broker alone.
        heap: `384m`.
        wrap: a command that runs it, such as ("prlimit", "--fsize=…"); it must replace itself by the broker.
    """

    folder: Path
    node: int
    heap: str
    wrap: tuple[str, ...] = ()

    @property
    def settings(self) -> Path:
        return self.folder / f"broker-{self.node}.properties"

    @property
    def hosts(self) -> Path:
        return self.folder / f"broker-{self.node}.hosts"

    @property
    def names(self) -> tuple[str, ...]:
        """What makes Java look names up in `hosts` and nowhere else; nothing where there is no such file."""
        return (f"-Djdk.net.hosts.file={self.hosts}",) if self.hosts.exists() else ()

    @property
    def log(self) -> Path:
        return self.folder / f"broker-{self.node}.log"

    @property
    def data(self) -> Path:
        return self.folder / f"broker-{self.node}"

    @property
    def pid(self) -> int | None:
        """Of the running process; None where there is none, or where that number is now somebody else's."""
        try:
            pid = int((self.folder / f"broker-{self.node}.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if str(self.settings) in _command(pid) else None

    def start(self) -> None:
        """Begin; ready when the cluster says so. Nothing happens when it runs already."""
        if self.pid is not None:
            return
        command = [*self.wrap, "java", f"-Xms{self.heap}", f"-Xmx{self.heap}", *_JVM, *self.names, "-cp", classpath(), "kafka.Kafka",
                   str(self.settings)]
        # The shell ends at once, so that the broker is nobody's child and does not end with whoever started it.
        begun = subprocess.run(["sh", "-c", '"$@" >>"$0" 2>&1 </dev/null & echo $!', str(self.log), *command],
                               capture_output=True, text=True, check=True)
        (self.folder / f"broker-{self.node}.pid").write_text(begun.stdout.strip())

    def kill(self) -> None:
        """SIGKILL: as if the power failed."""
        self._signal(signal.SIGKILL)
        self.wait_gone(10)

    def stop(self, seconds: float = 15.0) -> None:
        """SIGTERM, and SIGKILL when it takes longer: the last brokers of a cluster wait for a quorum that is gone."""
        self._signal(signal.SIGTERM)
        if not self.wait_gone(seconds):
            self.kill()

    def terminate(self) -> None:
        """SIGTERM, without waiting."""
        self._signal(signal.SIGTERM)

    def pause(self) -> None:
        """SIGSTOP: there, and silent."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def wait_gone(self, seconds: float) -> bool:
        """Whether it is gone within the time."""
        end = time.monotonic() + seconds
        while self.pid is not None:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        (self.folder / f"broker-{self.node}.pid").unlink(missing_ok=True)
        return True

    def _signal(self, number: signal.Signals) -> None:
        pid = self.pid
        if pid is not None:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return


def _command(pid: int) -> str:
    """The command line of a process; empty where there is none, or only its remains."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-o", "args=", "-ww", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
