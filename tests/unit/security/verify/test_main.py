"""The command that anyone can run years later, and what it may import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from security.verify.__main__ import main
from tests.unit.security.verify.world import month

ALLOWED = {"contracts", "security", "cryptography"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("evidence")
    made = month(folder / "county")
    (folder / "bundle.zip").write_bytes(made.bundle())
    (folder / "root.json").write_bytes(made.root_file())
    return folder / "bundle.zip", folder / "root.json"


def test_it_prints_what_is_proven_and_ends_0(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(files[0]), "--root", str(files[1])]) == 0
    assert "已载入" in capsys.readouterr().out
    assert main([str(files[0]), "--root", str(files[1]), "--lang", "en"]) == 0
    assert "1. Root: county 522722" in capsys.readouterr().out


def test_a_changed_bundle_ends_6_with_a_code_and_a_remedy(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(files[0].read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "changed.zip").write_bytes(data)
    assert main([str(tmp_path / "changed.zip"), "--root", str(files[1])]) == 6
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("E-EVIDENCE-FORM ")
    assert len(shown.err.splitlines()) == 2


def test_a_missing_file_ends_2(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.zip"), "--root", str(files[1])]) == 2
    assert "none.zip" in capsys.readouterr().err


def test_it_needs_the_standard_library_and_cryptography_alone(files: tuple[Path, Path]) -> None:
    """Run for real in its own process; every module loaded by the end is accounted for."""
    script = (
        "import sys; from security.verify.__main__ import main; code = main(sys.argv[1:])\n"
        "third = {n.partition('.')[0] for n in sys.modules} - set(sys.stdlib_module_names) - {'__main__', '__mp_main__'}\n"
        "print(sorted(n for n in third if not n.startswith('_')), file=sys.stderr); sys.exit(code)"
    )
    run = subprocess.run([sys.executable, "-I", "-c", "import sys; sys.path.insert(0, sys.argv.pop(1))\n" + script,
                          str(Path(__file__).parents[4]), str(files[0]), "--root", str(files[1])],
                         capture_output=True, text=True, check=True, cwd="/")  # fmt: skip
    loaded = set(run.stderr.strip().strip("[]").replace("'", "").split(", "))
    assert loaded >= ALLOWED
    assert loaded - ALLOWED <= {"cffi", "pycparser", "sitecustomize", "usercustomize"}, loaded


def test_it_opens_no_socket_and_writes_no_file(files: tuple[Path, Path]) -> None:
    """Python's audit hooks see every socket, every opening for writing and every process."""
    script = (
        "import sys\n"
        "def watch(event, args):\n"
        "    writing = event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+')\n"
        "    if event.startswith(('socket.', 'subprocess.', 'os.remove', 'os.rename', 'os.mkdir')) or writing:\n"
        "        raise SystemExit(f'{event} {args}')\n"
        "sys.dont_write_bytecode = True\n"
        "sys.path.insert(0, sys.argv.pop(1))\n"
        "sys.addaudithook(watch)\n"
        "from security.verify.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    subprocess.run([sys.executable, "-I", "-c", script, str(Path(__file__).parents[4]), str(files[0]), "--root", str(files[1])],
                   capture_output=True, check=True, cwd="/")  # fmt: skip
