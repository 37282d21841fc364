"""The directory of clinics: files in, search by place and need, what a clinic here really offers."""

import csv
import io
from datetime import UTC, date, datetime
from math import acos, cos, radians, sin
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast
from tests.decision_aid_walk import Visitor

from longlight.clinic.approaches.actions import adopt
from longlight.clinic.approaches.actions.listing import bring_listings
from longlight.clinic.approaches.models import Listing
from longlight.clinic.approaches.queries.listings import Search, search
from longlight.clinic.approaches.rules.gazetteer import (
    EARTH_MILES,
    Point,
    meant,
    miles_between,
    named,
)
from longlight.clinic.people.rules import system_actor
from longlight.exchange.clinics_csv import read_clinics
from longlight.exchange.csv_text import NotCsv
from longlight.science import protocols

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOOD = {"name": "Harbor Street Clinic", "place": "Portland", "state": "ME", "approaches": "medicine; talk-therapy",
        "languages": "English; Spanish", "step_free": "yes", "price_low_usd": "450", "price_high_usd": "600",
        "last_verified": "2026-11-02"}  # fmt: skip


def as_csv(*rows: dict[str, str]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def bring(*rows: dict[str, str]) -> Any:
    found = read_clinics(as_csv(*rows), today=TODAY)
    assert found.refused == ()
    return bring_listings(
        entries=found.entries, file_hash=found.file_hash, chain_id=uuid4(),
        by=system_actor("test"), at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("name", "", "Fill in name."),
        ("name", "???", "letters"),
        ("state", "", "give the state"),
        ("place", "Nowhere Gulch", "latitude and longitude"),
        ("approaches", "crystals", "no approach"),
        ("step_free", "maybe", "yes, no, or empty"),
        ("price_low_usd", "cheap", "whole dollars"),
        ("last_verified", "2 Nov", "year-month-day"),
        ("last_verified", "2027-01-01", "future"),
        ("website", "javascript:alert(1)", "https://"),
        ("monitoring", "x" * 301, "Shorten monitoring"),
        ("latitude", "north", "degrees"),
    ],
)
def test_a_line_that_cannot_be_taken_is_told_by_line_and_the_rest_is_taken(
    column: str, value: str, said: str
) -> None:
    bad = GOOD | {"name": "Bad Line"} | {column: value}
    found = read_clinics(as_csv(GOOD, bad), today=TODAY)
    assert [entry.name for entry in found.entries] == ["Harbor Street Clinic"]
    assert [line.line for line in found.refused] == [3]
    assert said in found.refused[0].reason


def test_the_same_clinic_twice_in_a_file_and_a_file_without_a_needed_column() -> None:
    assert "twice" in read_clinics(as_csv(GOOD, GOOD), today=TODAY).refused[0].reason
    with pytest.raises(NotCsv, match="approaches"):
        read_clinics(b"name,place,last_verified\na,b,2026-01-01\n", today=TODAY)


def test_towns_are_found_by_name_and_state_the_largest_first() -> None:
    assert str(named("portland")[0]) == "Portland, OR"
    assert [str(place) for place in named("Portland, me")] == ["Portland, ME"]
    assert named("Saint Paul, MN") == named("St. Paul, MN") != ()
    assert named("Zzyzzyx Gulch") == ()


points = st.builds(Point, st.floats(-89, 89), st.floats(-180, 180))


@given(points, points)
def test_distance_agrees_with_the_spherical_law_of_cosines(one: Point, other: Point) -> None:
    a, b = radians(one.latitude), radians(other.latitude)
    inside = sin(a) * sin(b) + cos(a) * cos(b) * cos(radians(other.longitude - one.longitude))
    expected = EARTH_MILES * acos(max(-1.0, min(1.0, inside)))
    assert miles_between(one, other) == pytest.approx(expected, abs=0.5)


@pytest.mark.django_db
def test_search_gives_the_nearest_first_and_only_what_fits() -> None:
    bring(
        GOOD,
        GOOD | {"name": "Bangor Clinic", "place": "Bangor", "approaches": "experience"},
        GOOD | {"name": "Biddeford Clinic", "place": "Biddeford", "step_free": ""},
    )
    place = named("Portland, ME")[0]
    near = search(Search(place=place, within_miles=250))
    assert [one.listing.place for one in near] == ["Portland", "Biddeford", "Bangor"]
    assert [one.miles for one in near] == sorted(one.miles or 0 for one in near)
    assert len(search(Search(place=place, within_miles=25))) == 2
    assert [o.listing.place for o in search(Search(approaches=("experience",)))] == ["Bangor"]
    assert len(search(Search(step_free=True))) == 2  # not stated is not yes
    assert len(search(Search(language="spanish"))) == 3
    assert search(Search(language="span")) == []


@pytest.mark.django_db
def test_the_same_file_again_renews_and_adds_nothing() -> None:
    assert (bring(GOOD).new, bring(GOOD | {"step_free": "no"}).renewed) == (1, 1)
    assert Listing.objects.get().step_free is False


@pytest.mark.django_db
def test_a_clinic_here_offers_what_it_has_adopted_whatever_a_file_says(cast: Cast) -> None:
    bring(GOOD)
    Listing.objects.update(clinic=cast.clinic_a)
    assert search(Search())[0].approaches == ()
    chosen = next(p for p in protocols.all() if p.approach == "experience")
    adopt(protocol_id=chosen.id, version=chosen.version, has_signed_off=True, viewer=cast.prescriber.viewer, at=AT)  # fmt: skip
    assert search(Search())[0].approaches == ("experience",)
    assert search(Search(approaches=("medicine",))) == []
    assert len(search(Search(approaches=("experience",)))) == 1


@pytest.mark.django_db
def test_pages_show_a_list_a_clinic_and_three_side_by_side() -> None:
    bring(*(GOOD | {"name": f"Clinic {letter}"} for letter in "ABCD"))
    page = Client().get("/clinics/", {"place": "Portland, ME"}).content.decode()
    assert page.count('<li class="clinic">') == 4
    assert "Not stated" in page
    slugs = [row.slug for row in Listing.objects.order_by("slug")]
    side = Client().get("/clinics/compare/", {"clinic": slugs}).content.decode()
    assert [f"Clinic {letter}" in side for letter in "ABCD"] == [True, True, True, False]
    one = Client().get(f"/clinics/at/{slugs[0]}/").content.decode()
    assert "$450 to $600" in one
    assert Client().get("/clinics/at/none-such/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["Zzyzzyx Gulch", "' OR 1=1 --", "<b>", "x" * 500, "\x00"])
def test_a_town_that_nobody_knows_is_answered_in_a_sentence(place: str) -> None:
    answer = Client().get("/clinics/", {"place": place, "within": "-1", "approach": "crystals"})
    assert answer.status_code == 422
    assert "We know no town called" in answer.content.decode()


@pytest.mark.django_db
def test_a_null_in_what_is_typed_breaks_neither_database() -> None:
    assert Client().get("/clinics/", {"language": "Eng\x00lish"}).status_code == 200
    assert Client().get("/clinics/compare/", {"clinic": ["a\x00b"]}).status_code == 200


@pytest.mark.django_db
def test_only_an_administrator_brings_a_file_and_reads_what_was_refused(cast: Cast) -> None:
    def post(person: Any) -> Any:
        content = as_csv(GOOD, GOOD | {"name": "", "place": "Bangor"})
        return person.client().post(
            "/directory/import/", {"file": SimpleUploadedFile("c.csv", content)}
        )

    for name, person in cast.people():
        if name != "administrator":
            assert post(person).status_code in {302, 404}
    assert Listing.objects.count() == 0
    page = post(cast.administrator).content.decode()
    assert "1 new, 0 renewed." in page
    assert "Fill in name." in page
    empty = cast.administrator.client().post("/directory/import/", {})
    assert empty.status_code == 422


def test_a_zip_code_lies_in_its_town() -> None:
    # Each with the town that the postal service gives it.
    for code, town in {
        "04101": "Portland, ME",
        "60611": "Chicago, IL",
        "00901": "San Juan, PR",
        "99501": "Anchorage, AK",
    }.items():
        (found,) = meant(code)
        assert meant(f" {code}-1234 ") == (found,)
        if towns := named(town):
            assert miles_between(found.point, towns[0].point) < 10, code
    assert meant("00000") == ()
    assert meant("Portland, ME") == named("Portland, ME")


@pytest.mark.django_db
def test_a_search_takes_a_zip_code_and_answers_for_one_that_there_is_none_of() -> None:
    bring(GOOD)
    near = Client().get("/clinics/", {"place": "04106", "within": "25"})
    assert "Harbor Street Clinic" in near.content.decode()
    assert "of ZIP 04106" in near.content.decode()
    far = Client().get("/clinics/", {"place": "90210", "within": "25"})
    assert "Harbor Street Clinic" not in far.content.decode()
    none = Client().get("/clinics/", {"place": "00000"})
    assert none.status_code == 422
    assert "mail boxes only" in none.content.decode()


@pytest.mark.django_db
def test_with_the_aid_in_hand_answers_of_three_clinics_come_into_the_summary_and_its_link() -> None:
    rows = [GOOD | {"name": f"Clinic {letter}"} for letter in "ABCD"]
    bring(*rows)
    slugs = [f"clinic-{letter}-portland-me" for letter in "abcd"]
    visitor = Visitor().to("values").press(values__cost="5").to("summary")

    def carried(**more: Any) -> dict[str, Any]:
        return {"carried": visitor.hidden("carried"), "step": "summary", **more}

    listed = visitor.client.post("/clinics/", carried(place="04101", leaning="slowly"))
    visitor.answer = listed
    assert "Clinic D" in visitor.page
    visitor.answer = visitor.client.post("/clinics/compare/", carried(clinic=slugs))
    assert "You marked more than three" in visitor.text
    assert "Clinic D" not in visitor.text
    cell = f"ask.{slugs[0]}.cost"
    visitor.answer = visitor.client.post(
        "/choose/", carried(go="summary") | {cell: "3,000 for six", "ask.unknown.crystals": "x"}
    )
    for text in ("Clinic A", "3,000 for six", "slowly", "It matters very much"):
        assert text in visitor.page
    kept = visitor.client.post("/choose/", carried(go="keep"))
    again = Client().get(kept["Location"]).content.decode()
    assert "3,000 for six" in again
    assert Client().get("/clinics/compare/", {"clinic": slugs[:2]}).status_code == 200


@pytest.mark.django_db
def test_a_search_with_a_carried_field_that_is_not_ours_is_a_search_without() -> None:
    bring(GOOD)
    answer = Client().post(
        "/clinics/", {"carried": "forged:x", "step": "summary", "place": "04101"}
    )
    assert answer.status_code == 200
    assert "Harbor Street Clinic" in answer.content.decode()
    assert 'name="carried"' not in answer.content.decode()
