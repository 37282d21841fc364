"""Logs with ids only: one JSON object a line, of a closed list of fields.

A path may hold a link's token and a message may hold a value that somebody typed, so neither is ever written:
a request is told by its route's pattern, a fault by its type and the places it went through.
"""

import logging
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

# What a line may hold besides time, level, logger and message.
FIELDS = (
    "request_id", "method", "route", "status", "duration_ms", "account_id", "clinic_id", "job", "job_id",
    "tries", "reason", "rule",
)  # fmt: skip
# Loggers whose messages are written by us, from literals and ids.
OURS = "longlight"

log = logging.getLogger("longlight.request")


class IdsOnlyFormatter(JsonFormatter):
    """Writes a record's time, level, logger, our own message, and the fields of the closed list."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["went_through"] = _places(record)
        return self.serialize_log_record(line)


def _message(record: logging.LogRecord) -> str:
    """Our own messages whole; of other libraries' the template alone, without what was filled in."""
    if record.name.split(".")[0] == OURS:
        return record.getMessage()
    return str(record.msg) if "%" in str(record.msg) or record.args else f"told by {record.module}"


def _places(record: logging.LogRecord) -> list[str]:
    assert record.exc_info is not None
    frames = traceback.extract_tb(record.exc_info[2])
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in frames
    ]


class RequestLogMiddleware:
    """A line for each request: its route (never its path), status, duration, who by id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        begun = time.perf_counter()
        response = self.get_response(request)
        viewer = getattr(request, "viewer", None)
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "request_id": request_id,
                "method": request.method if request.method in _METHODS else "other",
                "route": match.route if match else "none",
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - begun) * 1000, 1),
                "account_id": str(viewer.account_id) if viewer else None,
                "clinic_id": str(viewer.clinic_id) if viewer else None,
            },
        )
        response["X-Request-Id"] = request_id
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
