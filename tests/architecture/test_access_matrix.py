"""The access matrix: every URL, the whole cast, own and other clinic, reading and sending.

Generated from the URLs themselves, so a new one is in it at once; one that states no rule fails. What every answer must
keep is looked at on the way: reading changes nothing, names are escaped, and headers stand on refusals too.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from tests.architecture.samples import (
    NOT_FOR_ALL,
    ONLY_FOR,
    PLAIN,
    SAMPLES,
    UNKNOWN,
    Sample,
)
from tests.cast import Cast, Person

from longlight.clinic.people.access import THIRD_PARTY_RULES, Visitor
from longlight.clinic.people.models import Account, Clinic, Patient
from longlight.clinic.record.models import AuditRow
from longlight.server.access_table import Place, page, places, without_rule
from longlight.ui.middleware import ALWAYS_THERE

PLACES = places()
ABSENT = "/nothing-is-here/"
PEOPLE = [
    "patient", "other_patient", "front_desk", "nurse", "prescriber", "therapist", "director",
    "researcher", "administrator", "nurse_of_b", "patient_of_b", "stranger",
]  # fmt: skip


def planted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the planted page")


def test_every_url_states_a_rule_and_has_a_name() -> None:
    assert without_rule() == []
    assert [place.route for place in PLACES if not place.name] == []


def test_a_url_without_a_rule_is_found_and_refused_to_everyone(cast: Cast) -> None:
    urlconf = SimpleNamespace(urlpatterns=[path("planted/", planted, name="planted")])
    assert without_rule(urlconf.urlpatterns) == ["/planted/"]
    from django.conf import settings
    from django.urls import get_resolver

    everything = [*get_resolver(settings.ROOT_URLCONF).url_patterns, *urlconf.urlpatterns]
    with override_settings(ROOT_URLCONF=tuple(everything)):
        for name, person in cast.people():
            assert person.client().get("/planted/").status_code == 404, name


def test_the_table_of_other_peoples_views_names_only_what_is_mounted() -> None:
    mounted = {place.name for place in PLACES}
    assert set(THIRD_PARTY_RULES) <= mounted
    libraries = {n for n in mounted if n.startswith(("account_", "mfa_", "usersessions_"))}
    assert libraries == set(THIRD_PARTY_RULES)


def test_the_reference_page_tells_every_url_and_its_rule() -> None:
    written = page()
    for place in PLACES:
        assert f"| `{place.route}` | {place.name} | {place.rule} |" in written


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """A request whose every write, its session's too, is undone afterwards."""
    kept = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = kept


CHANGES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', re.IGNORECASE)
# What reading may leave behind: the trail of it, when questions were first shown, and what is kept of a browser.
OF_READING = {
    "cache",
    "clinic_audithead",
    "clinic_auditrow",
    "clinic_dueassessment",
    "django_session",
}
PROBE = '<i>Quill</i> & "Co"'


def ask(
    client: Client, url: str, method: str, noticed: list[str] | None = None
) -> tuple[int, bytes, dict[str, str]]:
    changed: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        changed.extend(CHANGES.findall(sql))
        return execute(sql, *rest)

    with undone(client), connection.execute_wrapper(watch):
        answer = client.generic(method, url)
        told = {name: value for name, value in answer.items() if name != "X-Request-Id"}
        body = b"" if answer.streaming else answer.content
    if noticed is not None:
        private = "sessionid" in client.cookies and url not in ALWAYS_THERE
        noticed += [f"{method} {url} {why}" for why in lacking(told, body, private=private)]
        if method == "GET" and (touched := set(changed) - OF_READING):
            noticed.append(f"GET {url} changed {sorted(touched)}")
    return answer.status_code, body, told


HEADERS = {
    "Content-Security-Policy": r"(?!.*unsafe).*\bdefault-src 'none'.*",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def lacking(told: dict[str, str], body: bytes, *, private: bool) -> Iterator[str]:
    """What must hold of every answer, a refusal too, and does not."""
    for name, pattern in HEADERS.items():
        if not re.fullmatch(pattern, told.get(name, "")):
            yield f"says {name}: {told.get(name)}"
    if private and "no-store" not in told.get("Cache-Control", ""):
        yield "may be kept by a browser"
    if told.get("Content-Type", "").startswith("text/html") and b"<i>Quill" in body:
        yield "does not escape a name"


def urls(place: Place, samples: dict[str, Sample]) -> Iterator[tuple[str, bool, bool]]:
    """The URL with own and with other ids: (url, is other's, whether the object is known to exist)."""
    ids = [part for part in place.parts if part not in PLAIN]
    known = place.name not in NOT_FOR_ALL and all(part in SAMPLES for part in ids)
    for is_other in (False, True) if ids else (False,):
        filled: dict[str, Any] = {part: PLAIN[part] for part in place.parts if part in PLAIN}
        for part in ids:
            sample = samples.get(part)
            unknown = UNKNOWN[place.parts[part]]
            filled[part] = (sample.other if is_other else sample.own) if sample else unknown
        yield reverse(place.name, kwargs=filled), is_other, known


def visitor_of(person: Person) -> Visitor:
    return Visitor(person.viewer, person.account.id if person.account else None)


def home_is_b(name: str) -> bool:
    return name.endswith("_of_b")


@pytest.mark.parametrize("name", PEOPLE)
def test_each_url_opens_to_those_it_is_for_and_to_nobody_else(name: str, cast: Cast) -> None:
    person: Person = getattr(cast, name)
    for named in (Patient, Account, Clinic):
        named.objects.update(name=PROBE)
    samples = {part: make(cast) for part, make in SAMPLES.items()}
    client = person.client(raise_request_exception=False)
    client.get("/account/")  # the first request of a session writes down when it began
    absent = {method: ask(client, ABSENT, method) for method in ("GET", "POST")}
    wrong = []
    for place in PLACES:
        assert place.rule is not None
        for url, is_other, known in urls(place, samples):
            of_a_clinic = any(part not in PLAIN for part in place.parts)
            foreign = of_a_clinic and is_other != home_is_b(name)
            foreign = foreign or name not in ONLY_FOR.get(place.name, {name})
            may = place.rule.allows(visitor_of(person))
            if foreign and not may:
                continue  # whoever may not open it at all is refused before anybody looks at its ids
            for method in ("GET", "POST"):
                answer = ask(client, url, method, wrong)
                problem = judge(answer, absent[method], may=may, foreign=foreign, known=known,
                                is_public=place.rule.everyone)  # fmt: skip
                if problem:
                    wrong.append(
                        f"{method} {place.route} ({'other' if foreign else 'own'}): {problem}"
                    )
    assert wrong == [], "\n".join(wrong)


def judge(
    answer: tuple[int, bytes, dict[str, str]],
    absent: tuple[int, bytes, dict[str, str]],
    *,
    may: bool,
    foreign: bool,
    known: bool,
    is_public: bool,
) -> str:
    status = answer[0]
    if status >= 500:
        return f"{status}"
    if not may:
        return "" if answer == absent else f"refused with {status}, not like an absent page"
    if is_public or status == 405:
        return ""
    if foreign and known:
        return "" if answer == absent else f"told of another clinic: {status}"
    return f"not opened: {status}" if known and status == 404 else ""


def test_other_methods_are_not_understood(cast: Cast) -> None:
    client = cast.administrator.client()
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert client.generic(method, reverse("people-staff")).status_code == 405
        assert cast.stranger.client().generic(method, reverse("people-staff")).status_code == 404


def test_a_refusal_is_one_row_in_the_accounts_own_chain(cast: Cast) -> None:
    client = cast.nurse.client()
    client.get("/account/")
    mine = AuditRow.objects.filter(chain_subject=cast.nurse.account.id, verb="refused")
    client.get(reverse("people-staff"))
    assert [(row.object_id, row.details["method"]) for row in mine] == [("people-staff", "GET")]
    client.get(ABSENT)
    assert mine.count() == 1


def test_a_refused_form_answers_alike_with_its_token_and_without(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(reverse("people-invite"))
    assert (refused.status_code, refused.content) == (404, client.post(ABSENT).content)


def test_every_place_of_a_menu_opens_to_those_who_are_shown_it(cast: Cast) -> None:
    from longlight.clinic.desks.menus import PLACES as MENU

    rules = {place.name: place.rule for place in PLACES}
    shut = []
    for name, person in cast.people():
        for entry in MENU:
            rule = rules[entry.url_name]
            assert rule is not None
            if person.viewer is not None and person.viewer.role in entry.roles:
                shut += [] if rule.allows(visitor_of(person)) else [(name, entry.url_name)]
    assert shut == []
