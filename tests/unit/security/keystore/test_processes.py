"""Several processes at one key store."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from security.keystore.files import FileKeyStore


def test_processes_that_want_the_same_key_get_the_same_key(tmp_path: Path) -> None:
    """A key published by one of them must not be the one that the other's file replaced."""
    store = FileKeyStore.create(tmp_path / "keys", None, os.urandom)
    script = (
        "import os, sys; from pathlib import Path; from security.keystore.files import FileKeyStore\n"
        "store = FileKeyStore.open(Path(sys.argv[1]), None, os.urandom); sys.stdin.readline()\n"
        "print(*[store.generate(f'wrap/{y}-01', 'x-wing').kid for y in range(2026, 2030)])"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "keys")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    answers = {each.communicate(timeout=60)[0] for each in running}
    kids = answers.pop().split()
    assert answers == set()
    assert len(set(kids)) == 4
    assert [store.label_of(kid) for kid in kids] == [f"wrap/{year}-01" for year in range(2026, 2030)]
