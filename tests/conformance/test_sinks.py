"""What every sink owes a partner, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest

from consumers.sink import LoadCounts, open_sink
from contracts.errors import ExchangeError
from tests.conformance.editions import HOUSING, VIEW, Loader, Row, facts, frame, keys, person
from tests.conformance.partners import Partner, Seen

ANNA, BO, CHEN, DU = person(1), person(2), person(3), person(4)


def seen(*rows: Row, unconfirmed: bool = False) -> list[Seen]:
    return sorted(((*row, unconfirmed) for row in rows), key=lambda row: tuple(str(value) for value in row))


def test_what_was_sent_is_what_is_there(partner: Partner, loader: Loader) -> None:
    receipt = loader.load(facts(1, "2023-03"), [ANNA, BO, CHEN])
    assert partner.month("2023-03") == partner.current() == seen(ANNA, BO, CHEN)
    assert loader.asked == [LoadCounts(rows=3)]
    assert loader.sink.find(facts(1, "2023-03").manifest) == receipt
    assert loader.sink.find(facts(2, "2023-03").manifest) is None


def test_a_duplicate_reads_nothing_and_answers_the_stored_receipt(partner: Partner, loader: Loader) -> None:
    receipt = loader.load(facts(1, "2023-03"), [ANNA])
    read = loader.read
    assert loader.load(facts(1, "2023-03"), [BO]) == receipt
    assert (loader.read, len(loader.asked)) == (read, 1)
    assert partner.month("2023-03") == seen(ANNA)


def test_receipts_outlive_the_process(partner: Partner, loader: Loader) -> None:
    given = [loader.load(facts(2, "2023-03"), [ANNA]), loader.load(facts(1, "2023-04"), [BO])]
    loader.sink.close()
    with open_sink(partner.url) as again:
        assert [stored.receipt for stored in again.receipts()] == given
        assert [(stored.manifest, str(stored.period), stored.revision) for stored in again.receipts()] == [
            (facts(2, "2023-03").manifest, "2023-03", 1), (facts(1, "2023-04").manifest, "2023-04", 1)]


def test_a_late_revision_of_march_leaves_april_alone(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA, BO])
    loader.load(facts(2, "2023-04"), [ANNA])
    loader.load(facts(3, "2023-03", revision=2), [CHEN])
    assert partner.month("2023-03") == seen(CHEN)
    assert partner.month("2023-04") == partner.current() == seen(ANNA)


def test_an_earlier_month_that_comes_late_is_not_current(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-04"), [ANNA])
    loader.load(facts(2, "2023-03"), [BO])
    assert partner.current() == seen(ANNA)


def test_an_empty_month_is_current_and_empty(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    loader.load(facts(2, "2023-04"), [])
    assert partner.current() == []
    assert partner.month("2023-03") == seen(ANNA)


def test_unconfirmed_rows_come_from_last_month_and_are_marked(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA, BO, CHEN])
    loader.load(facts(2, "2023-04"), [person(1, amount=80000)], [BO, DU])
    assert partner.current() == sorted([*seen(person(1, amount=80000)), *seen(BO, unconfirmed=True)], key=str)
    assert loader.asked[-1] == LoadCounts(rows=1, unconfirmed=1, unmatched=1)


def test_what_was_confirmed_wins_over_last_month(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    loader.load(facts(2, "2023-04"), [person(1, name="张三丰")], [ANNA])
    assert partner.current() == seen(person(1, name="张三丰"))
    assert loader.asked[-1] == LoadCounts(rows=1)


def test_a_person_on_two_rosters_is_two_keys(partner: Partner, loader: Loader) -> None:
    urban = person(1, category="DIBAO_URBAN")
    loader.load(facts(1, "2023-03"), [ANNA, urban])
    loader.load(facts(2, "2023-04"), [], [urban])
    assert partner.current() == seen(urban, unconfirmed=True)


def test_unconfirmed_rows_come_from_the_nearest_month_before_and_stay_for_a_month_more(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-01"), [person(1, amount=1), BO])
    loader.load(facts(2, "2023-02"), [person(1, amount=2)])
    loader.load(facts(3, "2023-05"), [person(1, amount=5)])
    loader.load(facts(4, "2023-04"), [], [ANNA, BO])
    assert partner.month("2023-04") == seen(person(1, amount=2), unconfirmed=True)
    loader.load(facts(5, "2023-06"), [], [ANNA])
    loader.load(facts(6, "2023-07"), [], [ANNA])
    assert partner.current() == seen(person(1, amount=5), unconfirmed=True)


def test_a_revision_takes_unconfirmed_rows_from_the_month_before_not_from_itself(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    loader.load(facts(2, "2023-04"), [BO], [ANNA])
    loader.load(facts(3, "2023-04", revision=2), [CHEN], [ANNA, BO])
    assert partner.current() == sorted([*seen(CHEN), *seen(ANNA, unconfirmed=True)], key=str)


def test_a_missing_value_in_a_key_is_a_value(partner: Partner, loader: Loader) -> None:
    nobody: Row = ("52272299999999900X", None, "王五", 1)
    loader.load(facts(1, "2023-03"), [nobody, ANNA])
    loader.load(facts(2, "2023-04"), [], [nobody])
    assert partner.current() == seen(nobody, unconfirmed=True)


def test_withdrawn_rows_go_and_the_month_before_is_current_again(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    first = loader.load(facts(2, "2023-04"), [BO])
    loader.load(facts(3, "2023-04", revision=2, kind="withdrawn"), [])
    assert partner.month("2023-04") in ([], None)
    assert partner.current() == seen(ANNA)
    assert loader.sink.find(facts(2, "2023-04").manifest) == first


def test_a_withdrawn_month_can_be_sent_again(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    loader.load(facts(2, "2023-03", revision=2, kind="withdrawn"), [])
    loader.load(facts(3, "2023-03", revision=3), [BO])
    assert partner.current() == seen(BO)


def test_an_older_revision_that_comes_late_is_receipted_and_changes_nothing(partner: Partner, loader: Loader) -> None:
    loader.load(facts(2, "2023-03", revision=2), [BO])
    receipt = loader.load(facts(1, "2023-03"), [ANNA, CHEN], [DU])
    assert partner.current() == seen(BO)
    assert loader.asked[-1] == LoadCounts(rows=2, superseded=True)
    assert loader.sink.find(facts(1, "2023-03").manifest) == receipt


def test_what_was_recalled_does_not_come_back_with_a_late_revision(partner: Partner, loader: Loader) -> None:
    loader.load(facts(3, "2023-03", revision=2, kind="withdrawn"), [])
    loader.load(facts(1, "2023-03"), [ANNA])
    assert partner.month("2023-03") in ([], None)
    assert partner.current() == []


def test_two_contents_of_one_revision_are_refused(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    with pytest.raises(ExchangeError) as refused:
        loader.load(facts(2, "2023-03"), [BO])
    assert refused.value.code == "E-SINK-REVISION"
    assert partner.current() == seen(ANNA)
    assert loader.sink.find(facts(2, "2023-03").manifest) is None


def test_increments_add_up_and_a_revision_replaces_its_own(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03", kind="increment"), [ANNA])
    loader.load(facts(2, "2023-04", kind="increment"), [BO])
    loader.load(facts(3, "2023-03", kind="increment", revision=2), [CHEN])
    assert partner.month("2023-03") == seen(CHEN)
    assert partner.month("2023-04") == seen(BO)


def test_nothing_of_an_edition_is_visible_before_all_of_it_is(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    looks: list[list[Seen]] = []

    def batches() -> Iterator[pl.DataFrame]:
        for row in (BO, CHEN):
            yield frame([row])
            if not partner.url.startswith("postgresql"):
                looks.append(partner.current())

    def receipt(_counts: LoadCounts) -> bytes:
        looks.append(partner.current())
        return b"receipt"

    loader.sink.load(facts(2, "2023-03", revision=2), batches(), list, receipt)
    assert all(look == seen(ANNA) for look in looks)
    assert looks
    assert partner.current() == seen(BO, CHEN)


@pytest.mark.parametrize("where", ["batches", "unconfirmed", "receipt"])
def test_an_edition_that_cannot_be_finished_leaves_nothing(partner: Partner, loader: Loader, where: str) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])

    def fail(at: str) -> None:
        if at == where:
            raise ExchangeError("E-PERIOD", given="a chunk that does not open")

    def batches() -> Iterator[pl.DataFrame]:
        yield frame([BO])
        fail("batches")

    def unconfirmed() -> list[pl.DataFrame]:
        fail("unconfirmed")
        return [keys([ANNA])]

    def receipt(_counts: LoadCounts) -> bytes:
        fail("receipt")
        return b"never"

    with pytest.raises(ExchangeError, match="E-PERIOD"):
        loader.sink.load(facts(2, "2023-04"), batches(), unconfirmed, receipt)
    assert partner.current() == partner.month("2023-03") == seen(ANNA)
    assert [stored.manifest for stored in loader.sink.receipts()] == [facts(1, "2023-03").manifest]
    loader.load(facts(2, "2023-04"), [BO])
    assert partner.current() == seen(BO)


def test_another_agency_s_rows_do_not_go_in(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    with pytest.raises(ExchangeError) as refused:
        loader.load(facts(2, "2023-04", recipient=HOUSING), [BO])
    assert (refused.value.code, refused.value.facts["owner"]) == ("E-SINK-OWNER", "522722/education")
    assert partner.current() == seen(ANNA)


def test_feeds_do_not_touch_each_other(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA])
    loader.load(facts(2, "2023-04", feed="other-persons"), [BO])
    loader.load(facts(3, "2023-03", feed="other-persons", revision=2, kind="withdrawn"), [])
    assert partner.current() == partner.month("2023-03") == seen(ANNA)


def test_a_view_may_gain_and_lose_fields(partner: Partner, loader: Loader) -> None:
    loader.load(facts(1, "2023-03"), [ANNA, BO])
    wider = {**VIEW, "school_name": pl.String(), "disabled": pl.Boolean()}
    rows = frame([CHEN]).with_columns(pl.lit("荔波一中").alias("school_name"), pl.lit(value=True).alias("disabled"))
    loader.sink.load(facts(2, "2023-04", view=wider), [rows], lambda: [keys([BO])], lambda _counts: b"wider")
    if not partner.url.startswith("xlsx"):
        assert partner.current() == sorted([*seen(CHEN), *seen(BO, unconfirmed=True)], key=str)
    narrower = {name: kind for name, kind in VIEW.items() if name != "amount"}
    loader.sink.load(facts(3, "2023-05", view=narrower), [frame([DU]).drop("amount")], lambda: [keys([CHEN])], lambda _counts: b"narrower")
    assert loader.sink.find(facts(3, "2023-05").manifest) == b"narrower"


def test_values_arrive_as_they_were(partner: Partner, loader: Loader) -> None:
    odd = ["a,b;\"c\"", "O'Neil", "两\n行", "买买提·吐尔逊", "𠮷龘", "NULL", "\\N", " spaced ", "true", "0012"]
    rows = [person(number, name=name, amount=None if number % 2 else -number) for number, name in enumerate(odd)]
    loader.load(facts(1, "2023-03"), [*rows, person(99, name=None, amount=2**53 - 1)])
    assert partner.current() == seen(*rows, person(99, name=None, amount=2**53 - 1))


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t=", "＝", "＋", "－", "＠"])
def test_no_text_runs_in_a_spreadsheet(partner: Partner, loader: Loader, beginning: str) -> None:
    text = f"{beginning}1+cmd|' /C calc'!A0"
    loader.load(facts(1, "2023-03"), [person(1, name=text)])
    expected = f"'{text}" if partner.url.startswith("csv") else text
    assert [row[2] for row in partner.current()] == [expected]


def test_a_refill_keeps_the_receipt_that_was_given(partner: Partner, loader: Loader) -> None:
    loader.sink.load(facts(1, "2023-03"), [frame([ANNA])], list, lambda _counts: b"\x00the receipt of another sink\xff\r\n")
    assert loader.sink.find(facts(1, "2023-03").manifest) == b"\x00the receipt of another sink\xff\r\n"


def test_an_edition_is_what_verified_input_can_be() -> None:
    with pytest.raises(ValueError, match="no edition"):
        replace(facts(1, "2023-03"), manifest="../../etc")
    with pytest.raises(ValueError, match="no edition"):
        replace(facts(1, "2023-03"), feed="a/b")
    with pytest.raises(ValueError, match="no field names"):
        replace(facts(1, "2023-03"), schema={"_id": pl.Int64()}, key=())
    with pytest.raises(ValueError, match="outside the view"):
        replace(facts(1, "2023-03"), key=("phone",))
