"""Who looks at the pages: people of the demo clinic, and the way to be one of them in a browser."""

import json
from dataclasses import dataclass

from tests.installation import Installation

_SIGN_IN = """
    from django.test import Client
    from longlight.clinic.people.models import Membership, Patient
    role = sys.argv[1]
    if role == "patient":
        account = Patient.objects.exclude(account=None).order_by("number").first().account
    else:
        account = Membership.objects.filter(role=role, is_active=True).order_by("pk").first().account
    client = Client()
    client.force_login(account)
    # As by a demo link: a demo account has no second factor, and the demo passes over it.
    session = client.session
    session["people.demo_entry"] = True
    session.save()
    import json
    print(json.dumps({name: morsel.value for name, morsel in client.cookies.items()}))
"""


@dataclass
class Cast:
    """The demo clinic's people; `cookies` signs one of them in without a password."""

    installation: Installation

    def cookies(self, role: str) -> dict[str, str]:
        return dict(json.loads(self.installation.python(_SIGN_IN, role)))

    def places(self) -> dict[str, str]:
        """What stands for `{patient}` in a page's path."""
        code = """
            from longlight.clinic.people.models import Patient
            patient = Patient.objects.order_by("number").first()
            print(patient.pk if patient else "")
        """
        return {"patient": self.installation.python(code)}
