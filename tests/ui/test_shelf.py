"""Pages that are the same for everyone come from memory: byte for byte what would be drawn, and never somebody's own."""

import gzip
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from tests.cast import Cast

from longlight.clinic.approaches.models import Listing
from longlight.clinic.people.access import rule_of
from longlight.clinic.referrals.models import RequestDesk
from longlight.ui import shelf, theme

ALIKE = [
    "/", "/approaches/", "/approaches/medicine/", "/approaches/not-now/", "/approaches/claims/",
    "/approaches/conditions/", "/sources/", "/money/", "/privacy/", "/crisis/", "/clinics/", "/request/",
]  # fmt: skip


@pytest.fixture
def client(db: None) -> Iterator[Client]:
    """A stranger's browser before a server that keeps pages ready."""
    with override_settings(COLLECTED=True):
        yield Client()


def told(response: Any) -> dict[str, str]:
    own = {"X-Request-Id", "Content-Length", "ETag", "Vary", "Cache-Control"}
    headers = {name: value for name, value in response.items() if name not in own}
    csp = headers.pop("Content-Security-Policy")
    return headers | {"csp": " ".join(sorted(csp.split("; ")))}


def unnumbered(page: bytes) -> bytes:
    """Plots are numbered through, so that two on a page are told apart."""
    return re.sub(rb"plot-\d+", b"plot", page)


@pytest.mark.parametrize("path", ALIKE)
def test_a_kept_page_is_what_would_be_drawn(
    path: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "randbelow", lambda orders: 1 % orders)
    with override_settings(COLLECTED=False):
        drawn = Client().get(path)
    answers = [client.get(path) for _ in range(3)]
    assert "ETag" not in drawn
    assert [("ETag" in answer) for answer in answers] == [False, True, True]
    assert {unnumbered(answer.content) for answer in answers} == {unnumbered(drawn.content)}
    assert told(answers[2]) == told(drawn)
    assert (answers[2].headers["Cache-Control"], answers[2].status_code) == (
        drawn.headers.get("Cache-Control", "no-cache"),
        200,
    )


def test_every_order_is_shown_and_each_as_often(client: Client) -> None:
    seen = {client.get("/").content for _ in range(150)}
    assert len(seen) == 6  # of three approaches; that one is missed by chance: once in 10^11


def test_light_and_dark_are_kept_apart(client: Client) -> None:
    for _ in range(2):
        client.get("/money/")
    client.cookies[theme.COOKIE] = "dark"
    assert b'class="theme-dark"' in client.get("/money/").content
    del client.cookies[theme.COOKIE]
    assert b"theme-dark" not in client.get("/money/").content


def test_whoever_is_signed_in_gets_their_own_page_and_leaves_nothing(
    client: Client, cast: Cast
) -> None:
    with override_settings(COLLECTED=True):
        nurse = cast.nurse.client()
        for _ in range(2):
            own = nurse.get("/money/")
            assert ("ETag" in own, own.headers["Cache-Control"]) == (False, "no-store")
    strangers = [client.get("/money/") for _ in range(2)][1]
    assert "ETag" in strangers
    assert b"people-lock" not in strangers.content
    assert own.content != strangers.content


@pytest.mark.parametrize("cookie", ["sessionid", "messages", "django_language", "anything"])
def test_a_cookie_that_could_change_a_page_keeps_it_off_the_shelf(
    cookie: str, client: Client
) -> None:
    for _ in range(2):
        client.get("/privacy/")
    client.cookies[cookie] = "x"
    assert "ETag" not in client.get("/privacy/")


def test_what_was_seen_before_is_not_sent_again(client: Client) -> None:
    answer = [client.get("/money/", headers={"accept-encoding": "gzip"}) for _ in range(2)][1]
    with override_settings(COLLECTED=False):
        assert gzip.decompress(answer.content) == Client().get("/money/").content
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert {"Accept-Encoding", "Cookie", "Accept-Language"} <= set(
        answer.headers["Vary"].split(", ")
    )
    etag = {"accept-encoding": "gzip", "if-none-match": answer.headers["ETag"]}
    again = client.get("/money/", headers=etag)
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/money/")
    assert plain.headers["ETag"] != answer.headers["ETag"]
    assert "Content-Encoding" not in plain


def test_another_host_or_an_address_with_more_to_it_does_not_come_from_the_shelf(
    client: Client,
) -> None:
    for _ in range(2):
        client.get("/")
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    assert "ETag" not in client.get("/?next=1")
    assert b"/?next=1" in client.get("/?next=1").content
    assert "ETag" not in client.get("/", headers={"hx-request": "true"})
    assert client.post("/").status_code == 405


def test_the_directory_is_as_new_as_its_clinics(client: Client, cast: Cast) -> None:
    for _ in range(3):
        client.get("/clinics/"), client.get("/request/")
    listing = Listing.objects.create(
        slug="wren", name="Wren Street", place="Portland", state="ME", latitude=43.66, longitude=-70.26,
        offers_medicine=True, offers_talk_therapy=False, offers_experience=False,
        last_verified=datetime(2026, 11, 2, tzinfo=UTC).date(),
    )  # fmt: skip
    RequestDesk.objects.create(
        clinic=cast.clinic_a, takes_requests=True, target_h=24, readers="A nurse", hours="by day"
    )
    for _ in range(3):
        assert b"Wren Street" in client.get("/clinics/").content
        assert b"Clinic Alder" in client.get("/request/").content
    listing.name = "Heron Street"
    listing.save()
    RequestDesk.objects.update(takes_requests=False)
    answers = [client.get("/clinics/").content, client.get("/request/").content]
    assert b"Heron Street" in answers[0]
    assert b"Wren" not in answers[0]
    assert b"Clinic Alder" not in answers[1]


def shelved(below: Any) -> shelf.ShelfMiddleware:
    with override_settings(COLLECTED=True):
        return shelf.ShelfMiddleware(below)


def test_what_sets_a_cookie_or_is_no_plain_answer_is_never_kept() -> None:
    counted = itertools.count()

    @shelf.same_for_everyone()
    def with_a_cookie(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(str(next(counted)))
        response.set_cookie("seen", "1")
        return response

    @shelf.same_for_everyone()
    def not_there(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(next(counted)), status=404)

    for view in (with_a_cookie, not_there):
        middleware = shelved(view)
        bodies = [middleware(RequestFactory().get("/x/")).content for _ in range(3)]
        assert len(set(bodies)) == 3


def test_what_changed_while_it_was_drawn_is_drawn_again() -> None:
    versions = iter([1, 2, 2, 2, 2])  # the page of version 1 is drawn while 2 comes
    counted = itertools.count()

    @shelf.same_for_everyone(lambda: next(versions))
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(next(counted)))

    middleware = shelved(page)
    bodies = [middleware(RequestFactory().get("/x/")).content for _ in range(4)]
    assert bodies == [b"0", b"1", b"2", b"2"]


def test_the_shelf_holds_so_many_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_PAGES", 2)

    @shelf.same_for_everyone()
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.path)

    middleware = shelved(page)
    for _, name in itertools.product(range(3), "abc"):
        assert middleware(RequestFactory().get(f"/{name}/")).content == f"/{name}/".encode()
    assert len(middleware.shelf.pages) == 2


def test_files_that_lie_in_place_may_change_so_nothing_is_kept() -> None:
    with override_settings(COLLECTED=False), pytest.raises(MiddlewareNotUsed):
        shelf.ShelfMiddleware(lambda request: HttpResponse())


def test_only_pages_for_everyone_are_the_same_for_everyone() -> None:
    found = list(marked(get_resolver().url_patterns))
    assert len(found) >= 10
    assert [name for name, rule in found if rule is None or not rule.everyone] == []


def marked(patterns: Any) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from marked(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and getattr(
            pattern.callback, "is_same_for_everyone", False
        ):
            yield str(pattern.name), rule_of(pattern.callback)
