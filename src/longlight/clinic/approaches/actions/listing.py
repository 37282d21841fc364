"""Bringing clinics into the directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from longlight.clinic.approaches.models import Listing
from longlight.clinic.approaches.rules.listing import APPROACHES, Entry
from longlight.clinic.people.models import Clinic
from longlight.clinic.record.actions import clinic_chain, writing
from longlight.clinic.record.rules import Actor

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Brought:
    """How many entries are new, and how many took the place of an older one."""

    new: int
    renewed: int


def bring_listings(
    *, entries: Sequence[Entry], file_hash: str, chain_id: UUID, by: Actor, at: datetime
) -> Brought:
    """Take entries into the directory; one of the same name and place is renewed. All of them, or none."""
    by_slug = {entry.slug: entry for entry in entries}
    with writing(by=by, at=at) as pen:
        known = dict(Listing.objects.filter(slug__in=list(by_slug)).values_list("slug", "pk"))
        rows = [_row(entry, known.get(slug)) for slug, entry in by_slug.items()]
        Listing.objects.bulk_create([r for r in rows if r.slug not in known], ROWS_AT_ONCE)
        Listing.objects.bulk_update(
            [r for r in rows if r.slug in known], _CHANGED, batch_size=ROWS_AT_ONCE
        )
        brought = Brought(new=len(rows) - len(known), renewed=len(known))
        pen.note(
            "listings-brought",
            chain=clinic_chain(chain_id),
            object_kind="listing-file",
            object_id=file_hash,
            new=brought.new,
            renewed=brought.renewed,
        )
    return brought


_CHANGED = [
    "name", "place", "state", "latitude", "longitude", "offers_medicine", "offers_talk_therapy",
    "offers_experience", "languages", "step_free", "video_visits", "price_low_usd", "price_high_usd", "website",
    "last_verified", "who_is_there", "training", "monitoring", "setting", "preparation", "integration",
    "insurance", "phone",
]  # fmt: skip


def _row(entry: Entry, known_id: UUID | None) -> Listing:
    row = Listing(
        slug=entry.slug,
        name=entry.name,
        place=entry.place,
        state=entry.state,
        latitude=entry.point.latitude,
        longitude=entry.point.longitude,
        languages="".join(f";{language}" for language in entry.languages) + ";",
        step_free=entry.step_free,
        video_visits=entry.video_visits,
        price_low_usd=entry.price_low_usd,
        price_high_usd=entry.price_high_usd,
        website=entry.website,
        last_verified=entry.last_verified,
        **{f"offers_{name.replace('-', '_')}": name in entry.approaches for name in APPROACHES},
        **dict(entry.texts),
    )
    if known_id is not None:
        row.pk = known_id
    return row


def name_listing(*, listing: Listing, clinic: Clinic, by: Actor, at: datetime) -> None:
    """Say that an entry is this clinic, which runs here: what it offers then comes from its adopted protocols."""
    if listing.clinic_id == clinic.pk:
        return
    with writing(by=by, at=at) as pen:
        listing.clinic = clinic
        listing.save(update_fields=["clinic"])
        pen.note(
            "listing-named",
            chain=clinic_chain(clinic.pk),
            object_kind="listing",
            object_id=listing.pk,
        )
