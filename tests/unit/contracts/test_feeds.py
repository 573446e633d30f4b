"""The catalogue of feeds, and what no feed file may say."""

from __future__ import annotations

from importlib.resources import files

import pytest

from contracts.avro_types import fields_of, name_of
from contracts.errors import ExchangeError
from contracts.feeds import Feed, find_feed, load_feeds, parse_feed
from contracts.feeds.policy import ALLOWED, classes_of
from contracts.schemas import CLASSES, load_schema
from contracts.views import AgeBetween, AgeOrStudent, CategoryIn, SupportModeIn


def text_of(name: str) -> str:
    return files("contracts.feeds").joinpath(f"{name}.toml").read_text("utf-8")


PERSONS = text_of("assistance-persons")


def test_the_standing_duties() -> None:
    feeds = load_feeds()
    assert {name: (f.kind, f.grain, f.sender, f.recipients, f.worked_by) for name, f in feeds.items()} == {
        "assistance-persons": ("snapshot", "person", "civil-affairs", ("education", "hrss", "medical-insurance"), "sink"),
        "assistance-households": ("snapshot", "household", "civil-affairs", ("housing", "emergency"), "sink"),
        "new-assistance": ("increment", "person", "civil-affairs", ("rural-revitalization",), "sink"),
        "monitoring-subjects": ("snapshot", "subject", "rural-revitalization", ("civil-affairs",), "intake"),
        "monitoring-outcomes": ("event", "subject", "civil-affairs", ("rural-revitalization",), "sink"),
    }
    assert {d for f in feeds.values() for d in f.duties} >= {"D1", "D2", "D3", "D13", "D13b"}
    assert all(f.purpose_zh and f.purpose_en and f.clause and f.title_zh and f.title_en for f in feeds.values())


def test_rosters_of_d2_and_d3() -> None:
    feed = find_feed("assistance-persons")
    assert feed.sources == ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "TEKUN_PERSON", "MARGIN_PERSON", "CHILD", "RETIREE")
    assert feed.row_sources == feed.sources
    assert find_feed("assistance-households").sources[-2:] == ("DIBAO_RURAL_HOUSEHOLD", "MARGIN_HOUSEHOLD")
    assert find_feed("new-assistance").explained_by == ("EXIT_REGISTER", "CHANGE_LIST")
    assert "CHANGE_LIST" not in find_feed("new-assistance").sources


def test_row_filters_of_domain_2_3() -> None:
    four = ("DIBAO_RURAL", "DIBAO_URBAN", "TEKUN", "MARGIN", "ORPHAN", "DEFACTO_CHILD")
    persons, homes = find_feed("assistance-persons"), find_feed("assistance-households")
    assert persons.view_for("education").row_filter == (CategoryIn(four), AgeOrStudent(3, 25))
    assert persons.view_for("hrss").row_filter == (CategoryIn(four), AgeBetween(16, 59))
    assert persons.view_for("medical-insurance").row_filter == ()
    assert homes.view_for("housing").row_filter == (CategoryIn(four[:4]), SupportModeIn("TEKUN", ("SCATTERED",)))
    assert homes.view_for("emergency").row_filter == ()


@pytest.mark.parametrize(
    ("feed", "to", "required", "masked", "absent"),
    [
        (
            "assistance-persons",
            "education",
            {"name", "id_number", "category", "head_name", "start_month", "end_month", "school_name", "student"},
            {"head_id": "id", "phone": "phone"},
            {"address", "village_code", "labour_ability", "selfcare", "cert_no"},
        ),
        (
            "assistance-persons",
            "hrss",
            {"name", "id_number", "category", "labour_ability", "employment", "village_code"},
            {"address": "address"},
            {"phone", "selfcare", "school_name", "head_id", "cert_no"},
        ),
        (
            "assistance-persons",
            "medical-insurance",
            {"name", "id_number", "category", "start_month", "end_month", "town_code", "change_type"},
            {"phone": "phone"},
            {"school_name", "address", "village", "village_code", "labour_ability", "head_id", "cert_no"},
        ),
        (
            "assistance-households",
            "housing",
            {"head_name", "head_id", "household_size", "category", "village_code", "address", "settlement"},
            {"phone": "phone"},
            {"unable_selfcare", "cert_no", "support_mode"},
        ),
        (
            "assistance-households",
            "emergency",
            {"head_name", "head_id", "household_size", "category", "village_code", "unable_selfcare"},
            {"phone": "phone"},
            {"address", "cert_no", "settlement", "support_mode"},
        ),
        (
            "new-assistance",
            "rural-revitalization",
            {"name", "id_number", "head_id", "category", "start_month", "village_code", "change_type"},
            {"phone": "phone"},
            {"labour_ability", "selfcare", "address", "school_name", "cert_no"},
        ),
    ],
)
def test_views_of_domain_2_3(feed: str, to: str, required: set[str], masked: dict[str, str], absent: set[str]) -> None:
    view = find_feed(feed).view_for(to)
    assert required <= {f.name for f in view.fields if not f.mask}
    assert {f.name: f.mask for f in view.fields if f.mask} == masked
    assert not absent & set(view.columns)


def test_no_view_shows_a_bank_account_free_text_or_a_phone_in_full() -> None:
    for feed in load_feeds().values():
        schema = load_schema(feed.contract)
        classes = {name_of(f): classes_of(f) for f in fields_of(schema)}
        for view in feed.views:
            for field in view.fields:
                assert "bank-account" not in classes[field.name]
                assert "disability-cert" not in classes[field.name]
                assert "phone" not in classes[field.name] or field.mask == "phone"
                assert field.name != "remark"
    assert ALLOWED.keys() <= CLASSES.keys()


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ExchangeError) as feed:
        find_feed("../assistance-persons")
    assert feed.value.code == "E-FEED"
    with pytest.raises(ExchangeError) as view:
        find_feed("assistance-persons").view_for("bank")
    assert view.value.code == "E-VIEW"


def refused(text: str) -> str:
    with pytest.raises(ExchangeError) as caught:
        parse_feed(text, file="x.toml")
    assert caught.value.code == "E-FEED-FILE"
    return f"{caught.value.facts['file']}: {caught.value.facts['why']}"


def changed(old: str, new: str) -> str:
    assert old in PERSONS
    return PERSONS.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('    { name = "school_name" },', '    { name = "school_name" },\n    { name = "selfcare" },', "education may not see selfcare"),
        ('{ name = "phone", mask = "phone" }', '{ name = "phone" }', "education may not see phone"),
        ('mask = "phone"', 'mask = "id"', "mask id is not made for phone"),
        ('mask = "phone"', 'mask = "half"', "there is no mask half"),
        ('{ name = "id_number" }', '{ name = "id_number", mask = "id" }', "id_number cannot be a key"),
        ('key = ["id_number", "category"]', 'key = ["head_id", "category"]', "head_id cannot be a key"),
        ('key = ["id_number", "category"]', 'key = ["id_number", "sex"]', "sex cannot be a key"),
        ('key = ["id_number", "category"]', "key = []", "there is no key"),
        ('    { name = "school_name" },', '    { name = "bank_account" },', "the contract has no field bank_account"),
        ('    { name = "school_name" },', '    { name = "student" },', "fields stand twice"),
        ("low = 3, high = 25", "low = 26, high = 25", "low is above high"),
        ("low = 3, high = 25", "low = -3, high = 25", "low is no number"),
        ("low = 3, high = 25", "low = true, high = 25", "low is no number"),
        ("low = 3, high = 25", "low = 3, high = 25, unless = 1", "unknown key unless"),
        ('filter = "age-or-student"', 'filter = "sql"', "filter is none of"),
        ("due_day = 10", "due_day = 31", "due_day is from 1 to 28"),
        ('kind = "snapshot"', 'kind = "full"', "kind is none of"),
        ('clause = "', 'claus = "', "clause is missing"),
        ('to = "hrss"', 'to = "education"', "one view a recipient"),
        ('to = "hrss"', 'to = "civil-affairs"', "none for the sender"),
        ('list = "CHILD"', 'list = "RETIREE"', "a source list stands twice"),
        ('name = "assistance-persons"', 'name = "../x"', "name is no name"),
        ('duties = ["D2", "D3"]', 'duties = ["D2", "D2"]', "duties is no list of different words"),
        ('title_zh = "', 'title_zh = ""\ntitle_x = "', "title_zh is no text"),
    ],
)
def test_what_a_feed_file_may_not_say(old: str, new: str, why: str) -> None:
    assert why in refused(changed(old, new))


@pytest.mark.parametrize("text", ["", "= 1", "[[view]]", 'name = 1\ncontract = "x/1"'])
def test_what_is_no_feed_file(text: str) -> None:
    assert refused(text)


def test_an_unknown_contract_is_named() -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_feed(changed("assistance-person/1", "assistance-person/9"), file="x.toml")
    assert caught.value.code == "E-CONTRACT"


def test_source_lists_are_those_that_can_be_read() -> None:
    lists = pytest.importorskip("contracts.lists")
    known = set(lists.load_lists())
    for feed in load_feeds().values():
        assert {s.list for s in feed.drawn_from} <= known


def test_reading_a_file_gives_equal_feeds() -> None:
    again: Feed = parse_feed(PERSONS, file="assistance-persons.toml")
    assert again == find_feed("assistance-persons")
    assert hash(again.views[0]) == hash(find_feed("assistance-persons").views[0])
