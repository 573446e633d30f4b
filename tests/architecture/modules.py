"""The source as the rules see it: modules, what each imports, and what each calls. Nothing is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("contracts", "security", "producers", "consumers", "gateway")
EVERYTHING = (*PRODUCT, "benchmarks", "tests")


@dataclass(frozen=True, slots=True)
class Module:
    """One file of source: dotted name, path, parsed tree and number of lines."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"


@dataclass(frozen=True, slots=True)
class Import:
    """One import, wherever it stands: at the top, in a function, under TYPE_CHECKING, or by name through importlib."""

    module: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def load(root: Path, packages: Sequence[str]) -> Mapping[str, Module]:
    """Every module of the packages under a root, by dotted name.

    Raises:
        LookupError: a package is missing or holds no module: a rule about nothing would pass.
    """
    found: dict[str, Module] = {}
    for package in packages:
        paths = sorted((root / package).rglob("*.py"))
        if not (root / package / "__init__.py").is_file():
            raise LookupError(f"package {package} is missing under {root.name}/")
        for path in paths:
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            text = path.read_text(encoding="utf-8")
            found[name] = Module(name, path, ast.parse(text, str(path)), text.count("\n"))
    return found


def imports(modules: Mapping[str, Module], of: Module) -> Iterator[Import]:
    """What a module imports, each target as deep as it is a module: `from a import b` is `a.b` where that is one."""
    for node in ast.walk(of.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(of.name, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = _base(of, node)
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                yield Import(of.name, deeper if deeper in modules else base, node.lineno)
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"} and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Import(of.name, first.value, node.lineno)


def _base(of: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = of.name.split(".")
    kept = parts[: len(parts) - node.level + (1 if of.is_package else 0)]
    return ".".join([*kept, node.module] if node.module else kept)


def _called(node: ast.Call) -> str:
    return dotted(node.func).rpartition(".")[2]


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain, "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else node.attr
    return ""


def within(name: str, package: str) -> bool:
    """Whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(package + ".")
