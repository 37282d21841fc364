"""A log line holds ids and routes, never a path, a name, an answer or a value."""

import json
import logging

import pytest
from django.test import Client, RequestFactory

from longlight.server.logs import FIELDS, IdsOnlyFormatter, RequestLogMiddleware

PROBE = "Ada-Example-1979-secret"


def _line(record: logging.LogRecord) -> dict[str, object]:
    text = IdsOnlyFormatter().format(record)
    assert "\n" not in text
    parsed = json.loads(text)
    assert isinstance(parsed, dict)
    return parsed


def _record(name: str, message: str, *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger(name).makeRecord(
        name, logging.WARNING, "x.py", 1, message, args, None, extra=extra
    )


def test_another_librarys_message_is_told_without_what_was_filled_in() -> None:
    line = _line(_record("django.request", "Not Found: %s", f"/link/{PROBE}"))
    assert PROBE not in json.dumps(line)
    assert line["logger"] == "django.request"


def test_another_librarys_ready_made_message_is_not_written() -> None:
    assert PROBE not in json.dumps(_line(_record("somewhere", f"could not mail {PROBE}")))


def test_only_listed_fields_are_written() -> None:
    line = _line(_record("longlight.x", "kept", answer=PROBE, job_id="7"))
    assert line["job_id"] == "7"
    assert PROBE not in json.dumps(line)


def test_a_fault_is_told_by_its_type_and_places_not_by_its_message() -> None:
    try:
        raise ValueError(PROBE)
    except ValueError:
        import sys

        record = _record("longlight.x", "fault")
        record.exc_info = sys.exc_info()
    line = _line(record)
    assert line["fault"] == "ValueError"
    assert line["went_through"]
    assert PROBE not in json.dumps(line)


def test_a_newline_stays_inside_its_line() -> None:
    _line(_record("longlight.x", 'first\nsecond "quoted"'))


@pytest.mark.django_db
def test_a_request_is_told_by_its_route(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="longlight.request"):
        answer = client.get(f"/no-such-page/{PROBE}", {"name": PROBE})
    lines = [_line(record) for record in caplog.records if record.name == "longlight.request"]
    assert [line["status"] for line in lines] == [404]
    assert PROBE not in json.dumps(lines)
    assert answer["X-Request-Id"] == lines[0]["request_id"]


def test_an_invented_method_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    from django.http import HttpResponse

    request = RequestFactory().generic(PROBE, "/")
    request.resolver_match = None
    with caplog.at_level(logging.INFO, logger="longlight.request"):
        RequestLogMiddleware(lambda _: HttpResponse())(request)
    assert [_line(record)["method"] for record in caplog.records] == ["other"]


def test_the_field_list_names_nothing_personal() -> None:
    assert not {"name", "email", "path", "query", "answers", "token"} & set(FIELDS)
