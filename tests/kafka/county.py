"""Two homes of a county of their own on the secured cluster, as people make them: by commands and by writing `gateway.toml`."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import run
from tests.kafka.secured import NAMES, Secured

COUNTY = "522701"


@dataclass(frozen=True, slots=True)
class County:
    """The homes `civil-affairs` and `education`, trusting each other."""

    root: Path
    province: Secured
    capsys: pytest.CaptureFixture[str]

    @property
    def url(self) -> str:
        return f"kafka:{','.join(self.province.servers())}?prefix={NAMES.prefix}"

    @property
    def admin(self) -> Path:
        """What `--credentials` takes; its files lie beside it."""
        return self.root / "admin.toml"

    def call(self, agency: str, *words: str) -> tuple[int, Any]:
        """Exit code and the JSON it printed."""
        self.capsys.readouterr()
        code = run(["--home", str(self.root / agency), "--json", *words])
        text = self.capsys.readouterr().out
        return code, json.loads(text) if text.startswith("{") and "\n" in text else text

    def said(self, agency: str, *words: str) -> str:
        """What a person reads on stdout."""
        self.capsys.readouterr()
        run(["--home", str(self.root / agency), "--lang", "en", *words])
        return self.capsys.readouterr().out

    def make(self) -> None:
        for agency in ("civil-affairs", "education"):
            assert self.call(agency, "init", "--agency", agency, "--county", COUNTY, "--carrier", self.url)[0] == 0
            self.sign_in(agency, f"{COUNTY}-{agency}")
        certificate, key = self.province.authority.issue("admin")
        self.admin.write_text(table("ca.pem", certificate.name, key.name))
        for file in (certificate, key, self.province.authority.file):
            shutil.copy(file, self.root)
        (self.root / "edu.json").write_text(self._printed("education", "trust", "export"))
        assert self.call("civil-affairs", "trust", "import", str(self.root / "edu.json"))[0] == 0
        (self.root / "trust.json").write_text(self._printed("civil-affairs", "trust", "sign"))
        assert self.call("education", "trust", "import", str(self.root / "trust.json"))[0] == 0

    def sign_in(self, agency: str, name: str) -> None:
        """Give a home a certificate for a name."""
        certificate, key = self.province.authority.issue(name)
        folder = self.root / agency / "kafka"
        folder.mkdir(exist_ok=True)
        for file in (certificate, key, self.province.authority.file):
            shutil.copy(file, folder)
        settings = self.root / agency / "gateway.toml"
        [kept, *_] = settings.read_text().split("[kafka]")
        settings.write_text(f"{kept}[kafka]\n{table('kafka/ca.pem', f'kafka/{certificate.name}', f'kafka/{key.name}')}")

    def _printed(self, agency: str, *words: str) -> str:
        self.capsys.readouterr()
        assert run(["--home", str(self.root / agency), *words]) == 0
        return self.capsys.readouterr().out


def table(ca: str, certificate: str, key: str) -> str:
    return f'ca = "{ca}"\ncertificate = "{certificate}"\nkey = "{key}"\n'
