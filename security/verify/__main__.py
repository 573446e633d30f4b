"""`python -m security.verify BUNDLE.zip --root ROOT [--lang zh|en]`: exit 0 and what is proven, or exit 6 and why not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from contracts.catalogue.entry import Language
from contracts.errors import ExchangeError
from security.verify.evidence import verify_bundle

_USAGE, _EVIDENCE = 2, 6


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m security.verify", description="核验证据包 / Check an evidence bundle")
    parser.add_argument("bundle", type=Path, help="证据包 / evidence bundle (.zip)")
    parser.add_argument("--root", type=Path, required=True, help="可信根文件 / the trusted root (gateway trust export --root)")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    given = parser.parse_args(arguments)
    language: Language = given.lang
    try:
        data, root = given.bundle.read_bytes(), given.root.read_bytes()
    except OSError as error:
        sys.stderr.write(f"{error.strerror}: {error.filename}\n")
        return _USAGE
    try:
        report = verify_bundle(data, root)
    except ExchangeError as error:
        sys.stderr.write(f"{error.code} {error.message(language)}\n{error.fix(language)}\n")
        return _EVIDENCE
    sys.stdout.write(report.text(language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
