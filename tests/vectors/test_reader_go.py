"""Every vector by a reader in Go, whose standard library has its own X-Wing, HPKE and AES-GCM."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from security.chunk_layout import Prefixes
from tests.unit.security.sealed_world import RECIPIENT, header, signed
from tests.vectors.vector import FOLDER, files, load

OLDEST = (1, 26)
"""The first Go whose `crypto/hpke` knows X-Wing."""


def go() -> str:
    """The compiler, or a skip with the reason."""
    found = shutil.which("go")
    if found is None:
        pytest.skip("the Go reader of the vectors needs go >= 1.26 on the path, and there is none")
    version = subprocess.run([found, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
    parts = re.match(r"go(\d+)\.(\d+)", version)
    if parts is None or (int(parts[1]), int(parts[2])) < OLDEST:
        pytest.skip(f"the Go reader of the vectors needs go >= 1.26, and this is {version.strip()}")
    return found


def run(tmp_path: Path, *arguments: str) -> str:
    """What the Go program prints. It needs no network."""
    offline = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "-mod=readonly"}
    if "HOME" not in os.environ and "GOCACHE" not in os.environ:
        offline["GOCACHE"] = str(tmp_path / "cache")
    done = subprocess.run(
        [go(), "run", ".", *arguments], cwd=FOLDER / "reader_go", env={**os.environ, **offline}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_go_reads_every_vector_as_it_says(tmp_path: Path) -> None:
    found = dict(line.split("\t") for line in run(tmp_path, str(FOLDER)).splitlines())
    wanted = {}
    for path in files():
        vector = load(path)
        needs = vector.get("needs")
        wanted[path.stem] = f"needs {needs}" if needs else vector.one("expect")
    assert found == wanted


@pytest.mark.parametrize("size", [0, 100, 16_380, 16_381, 50_000])
def test_what_go_seals_the_product_opens(tmp_path: Path, size: int) -> None:
    """The other direction: a partner's own sender, written from the pages."""
    key, payload = RECIPIENT.wrap_key, bytes(number % 251 for number in range(size))
    prefix = Prefixes(header(), 1).at(0)
    sealed = base64.b64decode(run(tmp_path, "seal", key.public.hex(), key.kid, prefix.hex(), payload.hex()))
    assert signed(header(), [sealed]).open(0) == payload


def test_the_go_reader_imports_the_standard_library_alone() -> None:
    sources = sorted((FOLDER / "reader_go").glob("*.go"))
    imported = {
        name for source in sources for name in re.findall(r'^(?:import )?\t?"([\w./-]+)"$', source.read_text(encoding="utf-8"), re.M)
    }
    assert "crypto/hpke" in imported
    assert not {name for name in imported if "." in name.split("/")[0]}
    assert "require" not in (FOLDER / "reader_go" / "go.mod").read_text(encoding="utf-8")
