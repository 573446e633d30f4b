"""Traced runs without the cost of starting Python each time: one process has everything imported and forks a child a run.

A run takes what the command takes (some 50 ms) instead of a second. The nursery itself does no work, so that its children begin as
a fresh process would; Polars starts its threads with the first query, in the child.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fault import tracer
from tests.fault.steps import KINDS, Fault, Kind, Step, read_steps

PRELOADED = ("polars", "sqlalchemy.dialects.sqlite", "xlsxwriter", "cryptography.cobblestone", "consumers.sinks.folder",
             "consumers.sinks.sqlite", "gateway.carriers.directory")
_SECONDS = 300


@dataclass(slots=True)
class Nursery:
    """`with Nursery() as nursery: nursery.run(…)`; arguments and answers as of `tracer.run` and `tracer.trace`.

    Attributes:
        preloaded: modules imported beforehand, all that the commands use if it is to be fast.
    """

    preloaded: Sequence[str] = PRELOADED
    process: subprocess.Popen[str] | None = None

    def run(self, command: Sequence[str], log: Path, *, fault: Fault | None = None, kinds: Sequence[Kind] = KINDS, cwd: Path | None = None,
            env: Mapping[str, str] | None = None, to: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run `python -m <command…>` under the tracer in a child of the nursery, its stdout redirected to a file if one is given."""
        assert self.process is not None, "use it in a with statement"
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        log.write_text("")
        out, err = to or log.with_name(f"{log.name}.out"), log.with_name(f"{log.name}.err")
        request = {"arguments": tracer.arguments(command, log, fault, kinds), "cwd": str(cwd or Path.cwd()),
                   "env": dict(os.environ if env is None else env), "out": str(out), "err": str(err)}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the nursery has died"
        return subprocess.CompletedProcess(list(command), int(answer), out.read_text("utf-8"), err.read_text("utf-8"))

    def trace(self, command: Sequence[str], log: Path, *, kinds: Sequence[Kind] = KINDS, cwd: Path | None = None,
              env: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)) -> tuple[Step, ...]:
        """The steps of a run that nobody disturbs.

        Raises:
            AssertionError: it ended in another way than `ok`.
        """
        done = self.run(command, log, kinds=kinds, cwd=cwd, env=env)
        assert done.returncode in ok, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return read_steps(log)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.fault.nursery", *self.preloaded]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tracer.REPOSITORY)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process is not None:
            self.process.communicate()
            self.process = None


def serve(preloaded: Sequence[str]) -> None:
    """Fork a child for each request that comes in a line, and answer how it ended."""
    for name in preloaded:
        importlib.import_module(name)
    gc.freeze()  # a child's collector need not go over what it will never free
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(request: dict[str, object]) -> None:
    """Be the process that was asked for, to its end; never returns."""
    signal.alarm(_SECONDS)
    code: object = 1
    try:
        for number, (path, flags) in enumerate([("/dev/null", os.O_RDONLY), (str(request["out"]), _WRITE), (str(request["err"]), _WRITE)]):
            os.dup2(os.open(path, flags, 0o600), number)
        os.chdir(str(request["cwd"]))
        os.environ.clear()
        os.environ.update(_texts(request["env"]))
        tracer.main([str(argument) for argument in _list(request["arguments"])])
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 (the interpreter's own last resort, done here since the child must not go on as a nursery)
        traceback.print_exc()
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if code is None else code if isinstance(code, int) else 1)


_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _texts(value: object) -> dict[str, str]:
    assert isinstance(value, dict)
    return {str(name): str(text) for name, text in value.items()}


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


if __name__ == "__main__":
    serve(sys.argv[1:])
