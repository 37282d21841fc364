"""The public pages: what each shows, and that it shows it whatever else is broken."""

import re

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from longlight.clinic.people.access import rule_of
from longlight.science.evidence import plain_text
from longlight.ui.approaches import answers, shown
from longlight.ui.errors import PAGES, bad_request, error_page, server_error

PUBLIC = ["home", "crisis", "sources", "money", "privacy", "service-worker"]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_stranger_opens_it_without_a_database(name: str) -> None:
    # No django_db mark: pytest-django refuses every query.
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("name", PUBLIC[:-1])
def test_every_page_has_the_way_to_help(name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert page.count('class="help" href="/crisis/"') == 1


def test_the_crisis_page_answers_when_signed_in_and_the_database_is_away() -> None:
    client = Client()
    client.cookies["sessionid"] = "whoever"
    answer = client.get("/crisis/")
    assert answer.status_code == 200
    assert "tel:988" in answer.content.decode()


def test_the_approaches_answer_the_same_questions_in_like_length() -> None:
    words = [
        sum(len(plain_text(text).split()) for _, text in answers(option)) for option in shown()
    ]
    assert max(words) < 1.25 * min(words)


def test_a_footnote_leads_to_its_source_on_the_page() -> None:
    page = Client().get("/").content.decode()
    for anchor in set(re.findall(r'class="ref ev" href="#(s\d+)"', page)):
        assert f'id="{anchor}"' in page


def test_no_approach_always_stands_first() -> None:
    firsts = {
        re.findall(r'<article class="approach" id="([a-z-]+)"', Client().get("/").content.decode())[
            0
        ]
        for _ in range(40)
    }
    assert len(firsts) == 3


@pytest.mark.parametrize("status", sorted(PAGES))
def test_error_pages_say_what_is_safe_and_whom_to_call(status: int) -> None:
    answer = error_page(RequestFactory().get("/somewhere/"), status)
    text = answer.content.decode()
    assert answer.status_code == status
    assert str(PAGES[status].what_is_safe) in text
    assert "tel:988" in text
    assert "/somewhere/" not in text  # the same bytes wherever it happened


def test_an_unknown_page_is_404_with_our_page() -> None:
    answer = Client().get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_body_that_is_too_large_is_413() -> None:
    from django.core.exceptions import RequestDataTooBig

    assert bad_request(RequestFactory().get("/"), RequestDataTooBig()).status_code == 413


def test_a_database_that_is_away_is_503() -> None:
    from django.db import OperationalError

    try:
        raise OperationalError("gone")
    except OperationalError:
        assert server_error(RequestFactory().get("/")).status_code == 503


def test_a_form_without_its_token_is_refused_with_our_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/")
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_the_theme_is_chosen_without_script() -> None:
    client = Client()
    answer = client.post("/theme/", {"theme": "dark", "next": "/money/"})
    assert (answer.status_code, answer["Location"]) == (302, "/money/")
    assert 'class="theme-dark"' in client.get("/").content.decode()
    client.post("/theme/", {"theme": "system", "next": "/"})
    assert "theme-dark" not in client.get("/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x", ""])
def test_the_theme_form_leads_nowhere_else(elsewhere: str) -> None:
    answer = Client().post("/theme/", {"theme": "light", "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_theme_we_do_not_know_is_the_systems() -> None:
    client = Client()
    client.cookies["theme"] = '"><script>'
    assert 'class=""' in client.get("/").content.decode()


@override_settings(ROOT_URLCONF="longlight.server.urls")
def test_every_page_of_this_floor_states_its_rule() -> None:
    from longlight.server.urls import urlpatterns

    assert all(rule_of(pattern.callback) is not None for pattern in urlpatterns if pattern.callback)
