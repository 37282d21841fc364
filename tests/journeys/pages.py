"""The pages that the browser looks at, each in light and dark, on a phone and a desk. Add yours here: one line.

`path` may name parts that `tests/journeys/cast.py` fills in, such as `/patients/{patient}/`. `role` is who looks:
empty for a stranger, else a role of the demo clinic (`nurse`, `patient`, …).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class JourneyPage:
    name: str  # also the name of its screenshots
    path: str
    role: str = ""
    status: int = 200
    most_kb: int = 75  # over the wire with an empty cache; a dosing-day monitor may weigh 100
    in_docs: bool = False  # its screenshots stand in docs/images


PAGES = [
    JourneyPage("home", "/", in_docs=True),
    JourneyPage("crisis", "/crisis/", in_docs=True),
    JourneyPage("sources", "/sources/"),
    JourneyPage("money", "/money/"),
    JourneyPage("privacy", "/privacy/"),
    JourneyPage("gallery", "/gallery/", most_kb=130, in_docs=True),
    JourneyPage("gallery-room", "/gallery/?view=room", most_kb=130),
    JourneyPage("no-such-page", "/no-such-page/", status=404, in_docs=True),
    *(
        JourneyPage(f"error-{status}", f"/gallery/errors/{status}/", status=status)
        for status in (400, 403, 413, 429, 500, 503)
    ),
]
