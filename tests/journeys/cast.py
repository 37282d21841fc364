"""Who looks at the pages: people of the demo clinic, and the way to be one of them in a browser."""

import http.cookiejar
import re
import urllib.request
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.parse import urlsplit

from tests.installation import Installation

_LINK = re.compile(r"^\s+([a-z-]+)\s.*\s(http://\S+/demo/enter/\S+)$", re.MULTILINE)
_PLACES = """
    import json
    from longlight.clinic.courses.models import Course, PlannedSession
    from longlight.clinic.dosing.models import DosingSession
    from longlight.clinic.people.models import Clinic, Membership, Patient
    from longlight.clinic.safety.models import Alert
    clinic = Clinic.objects.order_by("-name").first()  # the one whose links are printed first
    patient = Patient.objects.filter(clinic=clinic).order_by("number").first()
    colleague = Membership.objects.filter(clinic=clinic).order_by("pk").first()
    here = {"patient__clinic": clinic}
    session = PlannedSession.objects.filter(course__patient__clinic=clinic, status="planned")
    print(json.dumps({
        "patient": str(patient.pk), "account": str(colleague.account_id),
        "course": str(Course.objects.filter(status="active", **here).first().pk),
        "session": str(session.first().pk),
        "arrived": str(DosingSession.objects.filter(state="arrived", **here).first().pk),
        "dosing": str(DosingSession.objects.filter(state="in-progress", **here).first().pk),
        "recovering": str(DosingSession.objects.filter(state="recovery", **here).first().pk),
        "resting": str(DosingSession.objects.filter(state="ready-to-leave", **here).first().pk),
        "alert": str(Alert.objects.filter(clinic=clinic).first().pk),
    }))
"""


@dataclass
class Cast:
    """The demo clinic's people; `cookies` signs one of them in, by the demo's own one-time link."""

    installation: Installation
    site: str
    _links: dict[str, str] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)

    def cookies(self, role: str) -> dict[str, str]:
        if role not in self._links:
            self._links = self._fresh_links()
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        try:
            opener.open(self._links.pop(role), timeout=30).close()
        except HTTPError as answer:
            # Signed in all the same; a role whose first page is not there yet lands on 404.
            if answer.code != 404:
                raise
        cookies = {cookie.name: cookie.value or "" for cookie in jar}
        assert "sessionid" in cookies, f"the link of {role} signed nobody in"
        return cookies

    def _fresh_links(self) -> dict[str, str]:
        done = self.installation.command("demo", "links", "--port", str(urlsplit(self.site).port))
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = {}
        for role, link in _LINK.findall(done.stdout):
            found.setdefault(role, link)  # the first clinic's
        return found

    def places(self) -> dict[str, str]:
        """What stands for `{patient}`, `{course}` and the like in a page's path."""
        import json

        if not self._places:
            self._places = json.loads(self.installation.python(_PLACES))
        return self._places
