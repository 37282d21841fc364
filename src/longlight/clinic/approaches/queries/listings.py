"""The directory of clinics: what is near, what each really offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet

from longlight.clinic.approaches.models import Adoption, Listing
from longlight.clinic.approaches.rules.gazetteer import Place, Point, miles_between
from longlight.clinic.approaches.rules.listing import APPROACHES, MOST_COMPARED
from longlight.clinic.people.models import Clinic
from longlight.science import protocols

MILES_PER_DEGREE = 69.0
A_PAGE = 20


@dataclass(frozen=True)
class Search:
    """What somebody looks for. Everything may be left open."""

    place: Place | None = None
    within_miles: int = 50
    approaches: tuple[str, ...] = ()
    language: str = ""
    step_free: bool = False
    video_visits: bool = False


@dataclass(frozen=True)
class FoundListing:
    """A clinic of the directory, how far it is, and what it really offers."""

    listing: Listing
    miles: float | None
    approaches: tuple[str, ...]
    from_protocols: bool


def search(looked_for: Search, *, limit: int = A_PAGE) -> list[FoundListing]:
    """Clinics that fit: the nearest first where a place is given, else by name. Nothing else orders them."""
    adopted = _adopted()
    rows = _fitting(looked_for, adopted)
    if looked_for.place is None:
        return [_found(row, adopted, None) for row in rows.order_by("name", "slug")[:limit]]
    point = looked_for.place.point
    near = _by_distance(rows, point, looked_for.within_miles)[:limit]
    told = (_found(row, adopted, point) for row in near)
    return [one for one in told if one.miles is not None and one.miles <= looked_for.within_miles]


def front_page() -> tuple[object, ...]:
    """All that is kept of the clinics that stand on the directory before anybody looks for one, to compare.

    It is asked at every visit of that page: columns as they come, and nothing made of them.
    """
    listed = Listing.objects.order_by("name", "slug").values_list(*_LISTED_COLUMNS)
    adopted = Adoption.objects.filter(retired_at=None).order_by("pk")
    return (
        tuple(listed[:A_PAGE]),
        tuple(adopted.values_list("clinic_id", "protocol_id", "protocol_version")),
    )


_LISTED_COLUMNS = [field.attname for field in Listing._meta.concrete_fields] + [
    f"clinic__{field.attname}" for field in Clinic._meta.concrete_fields
]


def listing_by_slug(slug: str) -> FoundListing | None:
    row = Listing.objects.filter(slug=slug).first()
    return None if row is None else _found(row, _adopted(), None)


def listings_by_slug(slugs: Iterable[str]) -> list[FoundListing]:
    """The clinics to compare, in the order they were chosen, three at most."""
    wanted = list(dict.fromkeys(slugs))[:MOST_COMPARED]
    rows = {row.slug: row for row in Listing.objects.filter(slug__in=wanted)}
    adopted = _adopted()
    return [_found(rows[slug], adopted, None) for slug in wanted if slug in rows]


def _fitting(looked_for: Search, adopted: dict[object, set[str]]) -> QuerySet[Listing]:
    rows = Listing.objects.select_related("clinic")
    for approach in looked_for.approaches:
        here = [clinic_id for clinic_id, offers in adopted.items() if approach in offers]
        column = f"offers_{approach.replace('-', '_')}"
        rows = rows.filter(Q(clinic=None, **{column: True}) | Q(clinic_id__in=here))
    if looked_for.language:
        rows = rows.filter(languages__icontains=f";{looked_for.language};")
    if looked_for.step_free:
        rows = rows.filter(step_free=True)
    if looked_for.video_visits:
        rows = rows.filter(video_visits=True)
    return rows


def _by_distance(rows: QuerySet[Listing], point: Point, within_miles: int) -> QuerySet[Listing]:
    """A box around the point, then flat-earth order inside it: both are plain arithmetic, on either database."""
    north = within_miles / MILES_PER_DEGREE
    narrow = max(0.01, cos(radians(point.latitude)))
    east = north / narrow
    up = F("latitude") - point.latitude
    over = (F("longitude") - point.longitude) * narrow
    return (
        rows.filter(
            latitude__range=(point.latitude - north, point.latitude + north),
            longitude__range=(point.longitude - east, point.longitude + east),
        )
        .annotate(apart=ExpressionWrapper(up * up + over * over, output_field=FloatField()))
        .order_by("apart", "slug")
    )


def _adopted() -> dict[object, set[str]]:
    """For each clinic of this installation, the approaches of the protocols that it works by."""
    found: dict[object, set[str]] = {}
    for adoption in Adoption.objects.filter(retired_at=None):
        protocol = protocols.get(adoption.protocol_id, adoption.protocol_version)
        found.setdefault(adoption.clinic_id, set()).add(protocol.approach)
    return found


def _found(row: Listing, adopted: dict[object, set[str]], point: Point | None) -> FoundListing:
    here = row.clinic_id is not None
    offers = adopted.get(row.clinic_id, set()) if here else row.stated_approaches
    miles = None if point is None else miles_between(point, Point(row.latitude, row.longitude))
    return FoundListing(row, miles, tuple(a for a in APPROACHES if a in offers), here)
