"""Pages that know no patient: home, crisis, the service worker, and short true pages about the site."""

from functools import cache
from hashlib import sha256
from itertools import permutations
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from longlight.science.evidence import decision_aid
from longlight.ui.approaches import all_sources, answers, home_sources, shown
from longlight.ui.shelf import drawn, same_for_everyone


@require_safe
@same_for_everyone()
def home(request: HttpRequest) -> HttpResponse:
    """The three approaches, told plainly and equally. Their order changes so that none stands first by habit."""
    orders = tuple(permutations(shown()))
    values = {
        "approaches": [
            (option, f"ui/art/approach-{option.id}.html", answers(option))
            for option in orders[drawn(request, len(orders))]
        ],
        "sources": home_sources(),
        "aid": decision_aid(),
    }
    response = render(request, "ui/pages/home.html", values)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@same_for_everyone()
def crisis(request: HttpRequest) -> HttpResponse:
    """Who to call. Static: no database, no session; the service worker keeps it for when there is no connection."""
    response = render(request, "ui/pages/crisis.html")
    response["Cache-Control"] = "max-age=300"
    return response


def kept_offline() -> list[str]:
    """What the service worker keeps: the crisis page and what it is drawn with."""
    files = ("tokens.css", "look.css", "favicon.svg", "fonts/source-sans-3-latin.woff2")
    return ["/crisis/", *(static(f"ui/{name}") for name in files)]


@cache
def outbox_script() -> str:
    """The modules that send what waits on a device, as one script: a service worker is no module everywhere."""
    found = (finders.find(name) for name in settings.OUTBOX_SCRIPTS)
    lines = [line for path in found if path for line in Path(path).read_text("utf-8").splitlines()]
    return "\n".join(
        line.removeprefix("export ") for line in lines if not line.startswith(("import ", "//"))
    )


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root of the site, because a worker rules only what lies under its own address."""
    kept = kept_offline()
    # The name changes when the page or its files do, so that an old copy is thrown away.
    page = render_to_string("ui/pages/crisis.html", {}, request)
    outbox = outbox_script()
    version = sha256("\n".join([*kept, page, outbox]).encode()).hexdigest()[:12]
    response = render(
        request,
        "ui/sw.js",
        {"kept": kept, "version": version, "outbox": outbox},
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@same_for_everyone()
def sources(request: HttpRequest) -> HttpResponse:
    """Where the numbers on the public pages come from, and when they were checked."""
    values = {"sources": all_sources(), "aid": decision_aid()}
    return render(request, "ui/pages/sources.html", values)


@require_safe
@same_for_everyone()
def money(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/pages/money.html")


@require_safe
@same_for_everyone()
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/pages/privacy.html")
