"""The table of rules. Each says where it holds, what is allowed or refused there, and because of what."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.architecture.modules import EVERYTHING, Import, Module, imports, within


@dataclass(frozen=True, slots=True)
class Arrow:
    """Of our own packages, `where` may import those in `may` and no others. The longest `where` that fits a module decides."""

    where: str
    may: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Libraries:
    """Of other people's packages, `where` may import those in `may` and no others."""

    where: str
    may: frozenset[str]
    because: str


CORE = ("contracts", "security")
ENDS = (*CORE, "producers", "consumers")

ARROWS = (
    Arrow("contracts", ("contracts",), "what bytes mean depends on nobody who handles them; a partner may take this package alone"),
    Arrow("security", CORE, "a reason to believe must not depend on who moves the bytes"),
    Arrow("producers", (*CORE, "producers"), "a folder that runs is a process, and processes never import one another"),
    Arrow("consumers", (*CORE, "consumers"), "a partner runs this side alone; it must not need the sender's code or the application's"),
    Arrow("gateway", (*ENDS, "gateway"), "the application is the only place that sees everyone"),
    Arrow("gateway.app",
          (*ENDS, "gateway.app", "gateway.state", "gateway.ledger", "gateway.carriers.port", "gateway.config", "gateway.lock",
           "gateway.spool", "gateway.vault", "gateway.carriers.kafka.topics", "gateway.carriers.kafka.topics_plan",
           "gateway.carriers.kafka.topics_drift", "gateway.carriers.kafka.topics_health"),
          "a use case knows no face, no wiring and no concrete carrier, so that HTTP and Kafka find it as it is (ADR 0016); "
          "of a cluster it knows the plan, which is data"),
    Arrow("gateway.carriers", (*CORE, "gateway.carriers"),
          "a carrier moves bytes and knows neither state nor use cases, so that one conformance suite fits all"),
    Arrow("gateway.ledger", (*CORE, "gateway.ledger"), "an auditor reads the ledger without the application"),
    Arrow("gateway.state", (*CORE, "gateway.ledger", "gateway.state"), "state is asked and never asks back"),
    Arrow("gateway.config", ("contracts", "gateway.config"), "what a home is can be read without opening it"),
    Arrow("gateway.spool", (*CORE, "gateway.config", "gateway.spool"), "a package on disk is the same whoever put it there"),
    Arrow("gateway.vault", (*CORE, "producers", "gateway.spool", "gateway.vault"),
          "rows at rest are packages and nothing more; what they mean is for the use case"),
    Arrow("gateway.lock", ("contracts", "gateway.lock"), "a lock that needs what it guards is no lock"),
    Arrow("gateway.cli", ("contracts", "gateway.app", "gateway.cli", "gateway.bootstrap", "gateway.demo"),
          "a face translates; what it may do is what a use case does"),
    Arrow("benchmarks", (*ENDS, "gateway", "benchmarks"), "figures are of the product, never of test code"),
)

LIBRARIES = (
    Libraries("contracts", frozenset({"polars", "fastavro"}),
              "the meaning of bytes needs a table and a schema, nothing that reaches outside"),
    Libraries("security", frozenset({"cryptography", "zstandard", "polars"}),
              "every library here is one an auditor must trust; Polars is for the masks alone"),
    Libraries("producers", frozenset({"polars", "python_calamine", "xlrd", "xlsxwriter"}), "tables in, tables out"),
    Libraries("consumers", frozenset({"polars"}), "the ports of this side speak of frames and bytes"),
    Libraries("consumers.sinks", frozenset({"polars", "sqlalchemy", "xlsxwriter", "psycopg"}),
              "a sink writes a partner's tables in the partner's form"),
    Libraries("consumers.rules", frozenset({"polars"}), "a rule is a pure function over frames"),
    Libraries("gateway.app", frozenset({"polars", "sqlalchemy", "xlsxwriter"}),
              "use cases name no terminal, no web framework and no broker; a workbook is a thing that they hand out"),
    Libraries("gateway.cli", frozenset({"cyclopts", "rich"}), "a face translates words; it opens neither tables nor keys"),
    Libraries("gateway.carriers", frozenset(), "a carrier that needs a library is a folder of its own with a rule of its own"),
    Libraries("gateway.carriers.kafka", frozenset({"aiokafka", "confluent_kafka", "cryptography"}),
              "data goes over aiokafka; permissions and quotas, which its admin client lacks, over confluent-kafka's"),
    Libraries("gateway.ledger", frozenset({"sqlalchemy", "cryptography"}), "two tables and a tree"),
    Libraries("gateway.state", frozenset({"sqlalchemy"}), "state is tables of codes, counts and digests; it opens no package"),
)

IMPURE_MODULES = frozenset({
    "asyncio", "getpass", "http", "httpx", "multiprocessing", "random", "requests", "secrets", "select", "selectors", "signal", "socket",
    "ssl", "subprocess", "threading", "time", "urllib.request",
})
IMPURE_CALLS = frozenset({
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "os.environ", "os.environb", "os.getenv", "os.urandom",
    "os.getrandom", "uuid.uuid1", "uuid.uuid4", "Path.cwd", "Path.home", "os.getcwd", "environ.get",
})
PURE = ("contracts", "security", "producers", "consumers")
IMPURE_CORNER = "security.keystore"
PURE_BECAUSE = "time, chance, keys and the network arrive as arguments, so that a test is a replay and an auditor can repeat it"

BANNED_NAMES = frozenset({"common", "util", "utils", "helper", "helpers", "misc", "shared", "base"})


def arrow_for(module: str) -> Arrow | None:
    """The longest rule that fits."""
    fitting = [arrow for arrow in ARROWS if within(module, arrow.where)]
    return max(fitting, key=lambda arrow: len(arrow.where), default=None)


def libraries_for(module: str) -> Libraries | None:
    """The longest rule that fits."""
    fitting = [rule for rule in LIBRARIES if within(module, rule.where)]
    return max(fitting, key=lambda rule: len(rule.where), default=None)


def first_party(target: str) -> bool:
    return target.partition(".")[0] in EVERYTHING


def against_arrows(modules: Mapping[str, Module]) -> Iterator[str]:
    """Every import of our own that no arrow allows, with the reason."""
    for module in modules.values():
        arrow = arrow_for(module.name)
        if arrow is None:
            continue
        for found in imports(modules, module):
            if not first_party(found.target) or within(module.name, found.target):  # one's own package above says its name and version
                continue
            if not any(within(found.target, allowed) for allowed in arrow.may):
                yield f"{found}; {arrow.where} may not, because {arrow.because}"


def against_libraries(modules: Mapping[str, Module]) -> Iterator[str]:
    """Every import of a foreign package that no rule allows, with the reason."""
    for module in modules.values():
        rule = libraries_for(module.name)
        if rule is None:
            continue
        for found in imports(modules, module):
            if is_library(found) and found.target.partition(".")[0] not in rule.may:
                yield f"{found}; {rule.where} may not, because {rule.because}"


def is_library(found: Import) -> bool:
    top = found.target.partition(".")[0]
    return bool(top) and top not in sys.stdlib_module_names and not first_party(found.target)
