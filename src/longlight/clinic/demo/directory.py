"""The demo's directory: the two clinics that run here, drawn from their protocols, and three made-up neighbors."""

from datetime import date, datetime, timedelta

from longlight.clinic.approaches.actions.keeping import INSTALLATION
from longlight.clinic.approaches.actions.listing import bring_listings, name_listing
from longlight.clinic.approaches.models import Listing
from longlight.clinic.approaches.rules.listing import read_entry
from longlight.clinic.demo.people import CLINICS
from longlight.clinic.people.models import Clinic
from longlight.clinic.people.rules import system_actor

_HERE = {
    "place": "Portland",
    "state": "ME",
    "approaches": "medicine",
    "languages": "English; Spanish",
}
_NEIGHBORS = (
    {"name": "Alder Court Mental Health (made up)", "place": "Biddeford", "state": "ME",
     "approaches": "talk-therapy; experience", "who_is_there": "Nurse, therapist; doctor on call",
     "training": "Licensed clinical social worker", "monitoring": "Blood pressure, oxygen", "languages": "English",
     "step_free": "yes", "preparation": "Three talks", "integration": "A talk after each dose"},
    {"name": "Lowland Infusion Service (made up)", "place": "Lewiston", "state": "ME", "approaches": "medicine",
     "who_is_there": "Nurse anesthetist", "languages": "English", "price_low_usd": "390"},
    {"name": "Marsh End Psychiatry (made up)", "place": "Bangor", "state": "ME", "approaches": "medicine; talk-therapy",
     "who_is_there": "Doctor and nurse", "monitoring": "Blood pressure, oxygen, heart trace", "video_visits": "yes",
     "languages": "English; French", "price_low_usd": "450", "price_high_usd": "600", "insurance": "Some plans"},
)  # fmt: skip


def build_directory(today: date, at: datetime) -> None:
    """Nothing twice: what an earlier build left is renewed."""
    checked = {"last_verified": (today - timedelta(days=20)).isoformat()}
    here = [
        _HERE | {"name": clinic.name, "phone": clinic.phone, "who_is_there": "Doctor and nurse",
                 "monitoring": "Blood pressure, oxygen", "step_free": "yes"} | checked
        for clinic in CLINICS
    ]  # fmt: skip
    entries = [read_entry(row, today) for row in (*here, *(n | checked for n in _NEIGHBORS))]
    by = system_actor("longlight demo")
    bring_listings(entries=entries, file_hash="demo", chain_id=INSTALLATION, by=by, at=at)
    for clinic in Clinic.objects.filter(pk__in=[clinic.id for clinic in CLINICS]):
        listing = Listing.objects.filter(name=clinic.name).get()
        name_listing(listing=listing, clinic=clinic, by=by, at=at)
