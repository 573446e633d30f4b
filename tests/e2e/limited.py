"""Run a module in a process that can write no file beyond so many kilobytes: `python -m tests.e2e.limited 64 gateway --home ca …`.

What a full disk says comes at that byte of the first file that grows beyond it.
"""

from __future__ import annotations

import resource
import runpy
import sys


def main() -> None:
    kilobytes, module, *words = sys.argv[1:]
    sys.dont_write_bytecode = True  # Python would leave cut bytecode behind
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(kilobytes) * 1024, resource.RLIM_INFINITY))
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
