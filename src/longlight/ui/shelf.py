"""Public pages that are the same for everyone, kept ready whole in the memory of each serving process.

    @same_for_everyone()                       # nothing but this release decides what it says
    @same_for_everyone(version=listed)         # and what `listed()` gives, asked each time

A page comes from the shelf for a visitor who carries no session, and asked for the bare address. Everything that
such a page may still differ by is in its key: address, light or dark, language, day, the order of its options (drawn
for each visit), and the version. What sets a cookie, or is not a plain 200, is never kept.

The shelf is used where files are collected (`longlight serve`); where they lie in place, anything may change.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from secrets import randbelow
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request

from longlight.ui.theme import COOKIE as THEME_COOKIE
from longlight.ui.theme import theme_of

MOST_PAGES = 256
MOST_PATHS = 1024
NOT_COPIED = frozenset({"content-length", "etag", "set-cookie"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass
class Marked:
    """What a view says of its page: it may be kept, by which version, in how many orders."""

    version: Callable[[], Hashable] | None
    orders: int = 1
    match: ResolverMatch | None = None


def same_for_everyone(version: Callable[[], Hashable] | None = None) -> Callable[[View], View]:
    """The page holds nothing of who asks. `version` gives what it shows of the database, as something to compare."""

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            request.marked = Marked(version)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        marked.is_same_for_everyone = True  # type: ignore[attr-defined]
        return marked  # type: ignore[return-value]

    return decorate


def drawn(request: HttpRequest, orders: int) -> int:
    """Which of so many orders this visit sees: by chance, anew each time."""
    marked: Marked | None = getattr(request, "marked", None)
    if marked is not None:
        marked.orders = orders
    order: int | None = getattr(request, "shelf_order", None)
    return randbelow(orders) if order is None else order % orders


@dataclass(frozen=True)
class KeptPage:
    """A whole answer, plain and compressed."""

    headers: tuple[tuple[str, str], ...]
    plain: bytes
    zipped: bytes
    etag: str

    @classmethod
    def of(cls, response: HttpResponse) -> "KeptPage":
        headers = [(k, v) for k, v in response.items() if k.lower() not in NOT_COPIED]
        if not response.has_header("Cache-Control"):
            headers.append(("Cache-Control", "no-cache"))
        plain = response.content
        return cls(
            tuple(headers),
            plain,
            gzip.compress(plain, mtime=0),
            sha256(plain).hexdigest()[:20],
        )

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        etag = f'"{self.etag}-gz"' if is_zipped else f'"{self.etag}"'
        response = HttpResponse(self.zipped if is_zipped else self.plain)
        for name, value in self.headers:
            response.headers[name] = value
        if is_zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["ETag"] = etag
        patch_vary_headers(response, ("Accept-Encoding",))
        return get_conditional_response(request, etag=etag, response=response) or response


@dataclass
class Shelf:
    """The pages, the least lately wanted first; and which addresses lead to one."""

    pages: OrderedDict[Hashable, KeptPage] = field(default_factory=OrderedDict)
    paths: dict[str, Marked] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: Hashable) -> KeptPage | None:
        with self.lock:
            kept = self.pages.get(key)
            if kept is not None:
                self.pages.move_to_end(key)
            return kept

    def keep(self, key: Hashable, page: KeptPage) -> None:
        with self.lock:
            self.pages[key] = page
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)

    def remember(self, path: str, marked: Marked) -> None:
        with self.lock:
            if len(self.paths) < MOST_PATHS:
                self.paths[path] = marked


class ShelfMiddleware:
    """Answers from the shelf; what is not on it is rendered below, and put there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.COLLECTED:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.shelf = Shelf()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_anyones(request):
            return self.get_response(request)
        marked = self.shelf.paths.get(request.path)
        if marked is None:
            response = self.get_response(request)
            found: Marked | None = getattr(request, "marked", None)
            if found is not None and _may_be_kept(response):
                found.match = request.resolver_match
                self.shelf.remember(request.path, found)
            return response
        request.get_host()  # a host that is not ours is refused here as below
        order = randbelow(marked.orders)
        try:
            key = _key(request, marked, order)
        except DatabaseFailure:
            return self.get_response(request)
        kept = self.shelf.find(key)
        if kept is None:
            response = self._rendered(request, order)
            # What it shows may have changed while it was drawn: then the next visit draws it again.
            if not _may_be_kept(response) or _key(request, marked, order) != key:
                return response
            kept = KeptPage.of(response)
            self.shelf.keep(key, kept)
        request.resolver_match = marked.match
        return kept.answer(request)

    def _rendered(self, request: HttpRequest, order: int) -> HttpResponse:
        """The page as it is before it is compressed."""
        accepted = request.META.pop("HTTP_ACCEPT_ENCODING", None)
        request.shelf_order = order  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            if accepted is not None:
                request.META["HTTP_ACCEPT_ENCODING"] = accepted


def _is_anyones(request: HttpRequest) -> bool:
    """Whether nothing of this request can tell one visitor from another, but for light or dark."""
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("QUERY_STRING")
        and "HTTP_HX_REQUEST" not in request.META
        and request.COOKIES.keys() <= {THEME_COOKIE, settings.CSRF_COOKIE_NAME}
    )


def _may_be_kept(response: HttpResponseBase) -> bool:
    return response.status_code == 200 and not response.streaming and not response.cookies


def _key(request: HttpRequest, marked: Marked, order: int) -> Hashable:
    return (
        request.path,
        theme_of(request),
        get_language_from_request(request),
        timezone.now().date(),
        order,
        marked.version() if marked.version is not None else None,
    )
