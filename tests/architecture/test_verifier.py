"""The offline verifier and all it imports: standard library and `cryptography`, nothing else (design §3).

Checked twice: in the source, which sees imports that a run happens not to reach, and in a run, which sees what the source hides.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from tests.architecture.modules import PRODUCT, ROOT, Module, imports, load, within
from tests.architecture.rules import is_library

VERIFIER = "security.verify"


def closure(modules: Mapping[str, Module], start: str) -> set[str]:
    """Our own modules that importing a package brings in, parents of dotted names included."""
    waiting = [name for name in modules if within(name, start)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in modules:
            continue
        seen.add(name)
        waiting.append(name.rpartition(".")[0])
        waiting.extend(found.target for found in imports(modules, modules[name]))
    return seen


def test_the_source_needs_the_standard_library_and_cryptography_alone() -> None:
    modules = load(ROOT, PRODUCT)
    needed = closure(modules, VERIFIER)
    assert any(within(name, VERIFIER) for name in needed), "there is no verifier"
    foreign = [str(found) for name in needed for found in imports(modules, modules[name]) if is_library(found)]
    assert [line for line in foreign if " imports cryptography" not in line] == []


def test_a_run_loads_the_standard_library_and_cryptography_alone() -> None:
    script = (
        "import json, pkgutil, sys, importlib, security.verify as v\n"
        "for m in pkgutil.walk_packages(v.__path__, 'security.verify.'):\n"
        "    m.name.endswith('__main__') or importlib.import_module(m.name)\n"
        "print(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"
    )
    printed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ours = {"security", "contracts", "cryptography"}
    native = {"_cffi_backend", "cffi", "_openssl", "__main__"}
    startup = {name for name in json.loads(printed) if name.startswith(("__editable__", "_distutils_hack", "__mp_main__", "sitecustomize"))}
    assert set(json.loads(printed)) - set(sys.stdlib_module_names) - ours - native - startup == set()
