"""Words that nothing is known by: each ends in its own code, and nothing is changed."""

from __future__ import annotations

import pytest

from tests.e2e.desk import Desk
from tests.e2e.refusals import refused

PUBLISH = ("publish", "--period")


@pytest.fixture(scope="module")
def office(march_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One for all: nothing here changes it, which is what is tested."""
    return march_once.copy(tmp_path_factory.mktemp("words") / "offices")


@pytest.mark.parametrize(
    ("words", "code", "exit"),
    [
        pytest.param((*PUBLISH, "2023-03", "--feed", "no-such-feed"), "E-FEED", 2, id="unknown feed"),
        pytest.param(("feeds", "show", "no-such-feed"), "E-FEED", 2, id="unknown feed to look at"),
        pytest.param((*PUBLISH, "2023-03", "--feed", "monitoring-subjects"), "E-FEED-OTHERS", 3, id="feed of another agency"),
        pytest.param((*PUBLISH, "2023-03", "--feed", "monitoring-outcomes"), "E-FEED-ANSWERS", 2, id="feed that intake sends"),
        pytest.param(("preview", "--feed", "assistance-persons", "--to", "post-office"), "E-VIEW", 2, id="unknown agency"),
        pytest.param(("preview", "--feed", "assistance-persons", "--to", "housing"), "E-VIEW", 2, id="agency that gets no such feed"),
        pytest.param((*PUBLISH, "2023-3"), "E-PERIOD", 2, id="month without its zero"),
        pytest.param((*PUBLISH, "2023-13"), "E-PERIOD", 2, id="thirteenth month"),
        pytest.param(("status", "--month", "march"), "E-PERIOD", 2, id="month by name"),
        pytest.param(("check", "march.csv", "--period", "2023/03"), "E-PERIOD", 2, id="month of a check"),
        pytest.param((*PUBLISH, "2023-09"), "E-PUBLISH-NOTHING", 1, id="month without lists"),
        pytest.param(("check", "march.csv", "--as", "NO_SUCH_LIST"), "E-LIST", 2, id="unknown list"),
        pytest.param(("import", "march.csv", "--as", "NO_SUCH_LIST"), "E-LIST", 2, id="unknown list to import"),
        pytest.param(("template", "NO_SUCH_LIST", "-o", "x.xlsx"), "E-LIST", 2, id="unknown list for a template"),
        pytest.param(("lists", "show", "NO_SUCH_LIST"), "E-LIST", 2, id="unknown list to look at"),
        pytest.param((*PUBLISH, "2023-03", "--nil"), "E-NIL-FEED", 2, id="nil of everything"),
        pytest.param((*PUBLISH, "2023-03", "--nil", "--feed", "assistance-persons"), "E-NIL-ROWS", 5, id="nil where there are rows"),
        pytest.param(("edition", "show", "522722.x.y.2023-03.r9"), "E-EDITION-NONE", 2, id="unknown edition"),
        pytest.param(("edition", "recall", "522722.x.y.2023-03.r9", "--reason", "x"), "E-EDITION-NONE", 2, id="unknown edition to recall"),
        pytest.param(("edition", "resend", "522722.x.y.2023-03.r9"), "E-EDITION-NONE", 2, id="unknown edition to resend"),
        pytest.param(("evidence", "export", "--edition", "x", "-o", "x.zip"), "E-EDITION-NONE", 2, id="unknown edition as evidence"),
        pytest.param(("receipt", "show", "sha256:0000000000"), "E-RECEIPT-NONE", 2, id="unknown receipt"),
        pytest.param(("intake", "decide"), "E-INTAKE-NONE", 1, id="no inbound list"),
        pytest.param(("intake", "decide", "--as-of", "yesterday"), "E-USAGE", 2, id="day by name"),
        pytest.param(("intake", "confirm", "sha256:0000000000", "--by", "韦科员"), "E-PROPOSAL-NONE", 2, id="unknown proposal"),
        pytest.param(("intake", "confirm", "sha256:0000000000", "--by", " "), "E-USAGE", 2, id="confirmed by nobody"),
        pytest.param(("intake", "outcomes"), "E-PROPOSAL-NONE", 2, id="answers without decisions"),
        pytest.param(("collect", "--sink", "mysql://host/db"), "E-SINK-URL", 2, id="unknown sink"),
        pytest.param(("import", "no-such-file.xlsx"), "E-FILE-NONE", 2, id="unknown file"),
        pytest.param(("verify", "no-such.zip", "--root", "no-root.json"), "E-FILE-NONE", 2, id="unknown bundle"),
        pytest.param(("trust", "import", "no-such.json"), "E-FILE-NONE", 2, id="unknown trust file"),
        pytest.param(("import", "march.csv", "--add", "--replace", "x"), "E-USAGE", 2, id="add and replace"),
        pytest.param(("publish",), "E-USAGE", 2, id="no month"),
        pytest.param(("no-such-command",), "E-USAGE", 2, id="unknown command"),
        pytest.param(("status", "--no-such-option"), "E-USAGE", 2, id="unknown option"),
    ],
)
def test_it_is_refused(words: tuple[str, ...], code: str, exit: int, office: Desk) -> None:  # noqa: A002 (it is the exit code)
    refused(office, "ca", words, code, exit)


def test_no_cases_without_lists(office: Desk) -> None:
    refused(office, "med", ("cases",), "E-CASES-NONE", 1)


def test_an_id_number_does_not_belong_on_the_command_line(office: Desk) -> None:
    """Whoever types it there is told, and it is repeated nowhere: process lists and shell histories have it already."""
    number = "522722195001019110"
    words = ("preview", "--feed", "assistance-persons", "--to", "education", "--person", number)
    refused(office, "ca", words, "E-PERSON-STDIN", 2)
    assert number not in office.say("ca", *words).err


def test_a_mistyped_option_does_not_repeat_its_value(office: Desk) -> None:
    for words in (("status", "--month", "2023-03", "--who", "522722195001019110"), ("statsu", "522722195001019110")):
        said = office.say("ca", *words)
        assert said.exit == 2
        assert "522722195001019110" not in said.out + said.err


@pytest.mark.parametrize("agency", ["Civil Affairs", "民政局", "", "civil_affairs", "../education"])
def test_no_home_for_what_is_no_agency(agency: str, founded: Desk) -> None:
    refused(founded, "new", ("init", "--agency", agency, "--county", "522722"), "E-AGENCY", 2)
    assert not (founded.folder / "new").exists()


@pytest.mark.parametrize("county", ["荔波县", "52272", "5227220"])
def test_no_home_for_what_is_no_county(county: str, founded: Desk) -> None:
    refused(founded, "new", ("init", "--agency", "bank", "--county", county), "E-AGENCY", 2)
    assert not (founded.folder / "new").exists()


def test_a_folder_that_is_no_home(founded: Desk) -> None:
    refused(founded, "nowhere", ("publish", "--period", "2023-03"), "E-HOME-NONE", 2)
    assert not (founded.folder / "nowhere").exists()


def test_a_carrier_that_is_none(founded: Desk) -> None:
    refused(founded, "new", ("init", "--agency", "bank", "--county", "522722", "--carrier", "pigeon:roof"), "E-CARRIER-URL", 2)
    assert not (founded.folder / "new").exists()
