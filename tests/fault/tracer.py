"""Run any `python -m …` and number its durable steps; kill it at one of them.

    python -m tests.fault.tracer --log steps.jsonl [--fault before:7] -- gateway --home ca init …

Steps are found by standing in for what makes things durable (fsync, rename, link, unlink, mkdir, SQLite's commits), so that a
new one is covered without anybody listing it. The process dies of SIGKILL: no `finally`, no handler, no flush; or (`full:7`) its
disk is full from that step on, or (`once:7`) at that step alone.
From tests: `trace(...)` for the steps of an undisturbed run, `run(..., fault=...)` for a disturbed one, `steps.kills` in between;
`nursery.Nursery` has the same two, and is many times faster where there are many runs.
"""

from __future__ import annotations

import errno
import functools
import json
import os
import runpy
import shutil  # noqa: F401 (looks at `os` when imported: before the stand-ins)
import signal
import sqlite3
import sqlite3.dbapi2
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from tests.fault.steps import KINDS, Fault, Full, Kill, Kind, Step, read_steps

REPOSITORY = Path(__file__).resolve().parents[2]
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "VACUUM")


def run(command: Sequence[str], log: Path, *, fault: Fault | None = None, kinds: Sequence[Kind] = KINDS, cwd: Path | None = None,
        env: Mapping[str, str] | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `python -m <command…>` under the tracer. A killed process has the return code -SIGKILL.

    Args:
        command: module and its arguments.
        log: gets one line a step; emptied first.
        kinds: what counts as a step here; the numbers follow from it.
        env: instead of this process's environment.
    """
    log.write_text("")
    environment = dict(os.environ if env is None else env)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(REPOSITORY), environment.get("PYTHONPATH"))))
    return subprocess.run([sys.executable, "-m", "tests.fault.tracer", *arguments(command, log, fault, kinds)], cwd=cwd, env=environment,
                          input=stdin, capture_output=True, text=True, check=False, timeout=300)


def arguments(command: Sequence[str], log: Path, fault: Fault | None, kinds: Sequence[Kind]) -> list[str]:
    """The command line of `main`."""
    disturbed = ["--fault", str(fault).replace("-", ":")] if fault else []
    return ["--log", str(log.resolve()), "--kinds", ",".join(kinds), *disturbed, "--", *command]


def trace(command: Sequence[str], log: Path, *, kinds: Sequence[Kind] = KINDS, cwd: Path | None = None,
          env: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)) -> tuple[Step, ...]:
    """The steps of a run that nobody disturbs.

    Raises:
        AssertionError: it ended in another way than `ok`.
    """
    done = run(command, log, kinds=kinds, cwd=cwd, env=env)
    assert done.returncode in ok, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return read_steps(log)


@dataclass(slots=True)
class Tracer:
    """Numbers steps, writes them down, and kills the process it is in or takes its disk away."""

    log: int
    fault: Fault | None
    kinds: frozenset[str]
    number: int = 0

    def step(self, kind: Kind, path: str, source: str, act: Callable[[], object]) -> object:
        if kind not in self.kinds:
            return act()
        self.number += 1
        number = self.number
        self._die(number, "before")
        if isinstance(self.fault, Full) and kind != "unlink" and self._is_full(number, self.fault):
            raise _full(kind)
        result = act()
        os.write(self.log, (json.dumps(asdict(Step(number, kind, path, source))) + "\n").encode())
        self._die(number, "after")
        return result

    def _is_full(self, number: int, fault: Full) -> bool:
        return number == fault.number or (number > fault.number and not fault.once)

    def _die(self, number: int, when: str) -> None:
        if isinstance(self.fault, Kill) and (self.fault.number, self.fault.when) == (number, when):
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Stand in for the functions, before anything else has taken hold of them."""
        for name in ("fsync", "fdatasync"):
            setattr(os, name, self._of_descriptor(getattr(os, name)))
        of_two: dict[str, Kind] = {"rename": "rename", "replace": "rename", "link": "link"}
        for name, kind in of_two.items():
            setattr(os, name, self._of_two(getattr(os, name), kind))
        of_one: dict[str, Kind] = {"unlink": "unlink", "remove": "unlink", "rmdir": "unlink", "mkdir": "mkdir"}
        for name, kind in of_one.items():
            setattr(os, name, self._of_one(getattr(os, name), kind))
        connect = self._connect(sqlite3.connect)
        sqlite3.connect = sqlite3.dbapi2.connect = connect  # type: ignore[assignment]  # the same, by functools.wraps

    def _of_descriptor(self, act: Callable[[int], None]) -> Callable[[int], object]:
        @functools.wraps(act)
        def stand_in(fd: int) -> object:
            return self.step("fsync", _path_of(fd if isinstance(fd, int) else fd.fileno()), "", lambda: act(fd))

        return stand_in

    def _of_two(self, act: Callable[..., None], kind: Kind) -> Callable[..., object]:
        @functools.wraps(act)
        def stand_in(old: str, new: str, **options: int) -> object:
            source, path = _absolute(old, options.get("src_dir_fd")), _absolute(new, options.get("dst_dir_fd"))
            return self.step(kind, path, source, lambda: act(old, new, **options))

        return stand_in

    def _of_one(self, act: Callable[..., None], kind: Kind) -> Callable[..., object]:
        @functools.wraps(act)
        def stand_in(path: str, *others: int, **options: int) -> object:
            return self.step(kind, _absolute(path, options.get("dir_fd")), "", lambda: act(path, *others, **options))

        return stand_in

    def _connect(self, connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
        tracer = self

        @functools.wraps(connect)
        def stand_in(database: str, *others: object, **options: object) -> sqlite3.Connection:
            connection = connect(database, *others, **{"factory": TracedConnection, **options})
            if isinstance(connection, TracedConnection):
                connection.tracer, connection.path = tracer, os.path.realpath(database)
            return connection

        return stand_in


class TracedCursor(sqlite3.Cursor):
    """A cursor whose commits are steps."""

    def execute(self, sql: str, *values: object) -> TracedCursor:
        return self._watched(sql, lambda: super(TracedCursor, self).execute(sql, *values))  # type: ignore[arg-type]  # passed through

    def executemany(self, sql: str, *values: object) -> TracedCursor:
        return self._watched(sql, lambda: super(TracedCursor, self).executemany(sql, *values))  # type: ignore[arg-type]  # passed through

    def executescript(self, sql: str) -> TracedCursor:
        return self._watched("COMMIT", lambda: super(TracedCursor, self).executescript(sql))

    def _watched(self, sql: str, act: Callable[[], object]) -> TracedCursor:
        connection = self.connection
        if isinstance(connection, TracedConnection) and connection.makes_durable(sql):
            connection.step(act)
        else:
            act()
        return self


class TracedConnection(sqlite3.Connection):
    """A connection whose commits are steps, however they come about."""

    tracer: Tracer | None = None
    path: str = ""

    def makes_durable(self, sql: str) -> bool:
        words = sql.split(None, 1)
        word = words[0].upper().rstrip(";") if words else ""
        if self.in_transaction:
            return word in {"COMMIT", "END", "RELEASE"}
        opens_one = self.isolation_level is not None and word in {"INSERT", "UPDATE", "DELETE", "REPLACE"}
        return word in _WRITES and not opens_one

    def step(self, act: Callable[[], object]) -> None:
        if self.tracer is None:
            act()
        else:
            self.tracer.step("commit", self.path, "", act)

    def commit(self) -> None:
        if self.in_transaction:
            self.step(super().commit)

    def cursor(self, _factory: object = None) -> TracedCursor:  # type: ignore[override]  # always ours
        return super().cursor(TracedCursor)

    def execute(self, sql: str, *values: object) -> TracedCursor:
        return self.cursor().execute(sql, *values)

    def executemany(self, sql: str, *values: object) -> TracedCursor:
        return self.cursor().executemany(sql, *values)

    def executescript(self, sql: str) -> TracedCursor:
        return self.cursor().executescript(sql)

    def __exit__(self, kind: type[BaseException] | None, *others: object) -> Literal[False]:
        if kind is None:
            self.commit()
        else:
            self.rollback()
        return False


def _full(kind: Kind) -> Exception:
    """What the system, or SQLite, says when there is no room."""
    if kind != "commit":
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"
    return error


def _fault(text: str) -> Fault | None:
    when, _, number = text.partition(":")
    if not number:
        return None
    if when in {"full", "once"}:
        return Full(int(number), once=when == "once")
    return Kill(int(number), "before" if when == "before" else "after")


def _path_of(fd: int) -> str:
    link = f"/proc/self/fd/{fd}"
    return os.path.realpath(link) if os.path.exists(link) else ""  # noqa: PTH110 (of `os`, as the traced calls are)


def _absolute(path: str | os.PathLike[str], below: int | None) -> str:
    folder = _path_of(below) if below is not None else os.getcwd()  # noqa: PTH109 (of `os`, as the traced calls are)
    head, tail = os.path.split(os.path.join(folder, path))  # noqa: PTH118 (of `os`, as the traced calls are)
    return os.path.join(os.path.realpath(head), tail)  # noqa: PTH118 (of `os`, as the traced calls are)


def main(given: list[str]) -> None:
    """Install the tracer and become the module that is asked for."""
    split = given.index("--")
    options = dict(zip(given[:split:2], given[1:split:2], strict=True))
    log = os.open(options["--log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC)
    Tracer(log, _fault(options.get("--fault", "")), frozenset(options.get("--kinds", ",".join(KINDS)).split(","))).install()
    module, *sys.argv[1:] = given[split + 1:]
    sys.argv[0] = module
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
