"""Two homes of a county of their own on the secured cluster, as people make them: by commands and by writing `gateway.toml`."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.cli.main import run
from tests.kafka.secured import NAMES, Secured


@dataclass(frozen=True, slots=True)
class County:
    """The homes `civil-affairs` and `education`, trusting each other.

    Attributes:
        code: of the county. Tests that post have each a county of its own: another root is another county's.
    """

    root: Path
    province: Secured
    code: str

    @property
    def url(self) -> str:
        return f"kafka:{','.join(self.province.servers())}?prefix={NAMES.prefix}"

    @property
    def admin(self) -> Path:
        """What `--credentials` takes; its files lie beside it."""
        return self.root / "admin.toml"

    def call(self, agency: str, *words: str) -> tuple[int, Any]:
        """Exit code and the JSON it printed."""
        code, text = printed("--home", str(self.root / agency), "--json", *words)
        return code, json.loads(text)

    def said(self, agency: str, *words: str) -> str:
        """What a person reads on stdout."""
        return printed("--home", str(self.root / agency), "--lang", "en", *words)[1]

    def make(self) -> None:
        for agency in ("civil-affairs", "education"):
            assert self.call(agency, "init", "--agency", agency, "--county", self.code, "--carrier", self.url)[0] == 0
            self.sign_in(agency, f"{self.code}-{agency}")
        certificate, key = self.province.authority.issue("admin")
        self.admin.write_text(table("ca.pem", certificate.name, key.name))
        for file in (certificate, key, self.province.authority.file):
            shutil.copy(file, self.root)
        (self.root / "edu.json").write_text(self.said("education", "trust", "export"))
        assert self.call("civil-affairs", "trust", "import", str(self.root / "edu.json"))[0] == 0
        (self.root / "trust.json").write_text(self.said("civil-affairs", "trust", "sign"))
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


def printed(*words: str) -> tuple[int, str]:
    """Exit code and stdout of a command in this process."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as out:
        code = run(list(words))
        out.flush()
        return code, out.buffer.getvalue().decode("utf-8")


def table(ca: str, certificate: str, key: str) -> str:
    return f'ca = "{ca}"\ncertificate = "{certificate}"\nkey = "{key}"\n'
