"""The people of the demo: who works in the two clinics, and whom they care for. Everyone is made up."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from longlight.clinic.people.rules import Role

OPEN_AT = time(17)  # in universal time, when both clinics are open

# Ids are made from names, so that the demo is the same each time and building it again finds what is there.
NAMESPACE = uuid.UUID("6ab1a0de-5f0c-4b52-9d9c-5f1f0b7d2c11")


def demo_id(*parts: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, "/".join(parts))


@dataclass(frozen=True)
class DemoPatient:
    number: str
    name: str
    preferred_name: str
    birth_date: date
    signs_in: bool = False
    is_restricted: bool = False


@dataclass(frozen=True)
class DemoClinic:
    slug: str
    name: str
    phone: str
    time_zone: str
    staff: tuple[tuple[Role, str], ...]
    patients: tuple[DemoPatient, ...]

    @property
    def id(self) -> uuid.UUID:
        return demo_id("clinic", self.slug)


HARBOR = DemoClinic(
    slug="harbor-light",
    name="Harbor Light Clinic",
    phone="+1 555 0100",
    time_zone="America/New_York",
    staff=(
        (Role.FRONT_DESK, "Ines Moreau"),
        (Role.NURSE, "Tomas Reyes"),
        (Role.PRESCRIBER, "Dr. Amara Osei"),
        (Role.THERAPIST, "Lena Fischer"),
        (Role.DIRECTOR, "Dr. Ruth Calloway"),
        (Role.RESEARCHER, "Wen Li"),
        (Role.ADMINISTRATOR, "Pat Donnelly"),
    ),
    patients=(
        DemoPatient("LL-0401", "Maya Lindgren", "Maya", date(1988, 4, 12), signs_in=True),
        DemoPatient("LL-0402", "Jonah Abara", "Jonah", date(1979, 11, 3)),
        DemoPatient("LL-0403", "Rosa Delgado", "Rosa", date(1995, 7, 29)),
        DemoPatient("LL-0404", "Henry Whitlock", "Hank", date(1962, 1, 18)),
        DemoPatient("LL-0405", "Priya Raman", "Priya", date(1991, 9, 5)),
        DemoPatient("LL-0406", "Samuel Okafor", "Sam", date(1970, 6, 23), is_restricted=True),
        DemoPatient("LL-0407", "Wilhelmina van der Meulen-Castellanos", "Mina", date(1966, 8, 30)),
        DemoPatient("LL-0408", "Γιώργος Παπαδάκης", "Giorgos", date(1990, 3, 8)),
        DemoPatient("LL-0409", "أمينة حداد", "أمينة", date(1985, 12, 19)),
        DemoPatient("LL-0410", "Dev Raman", "", date(1996, 7, 19)),
        DemoPatient("LL-0411", "Björn Þórsson", "", date(1977, 5, 2)),
        DemoPatient("LL-0412", "Odile Marchetti-Browne", "Odile", date(1969, 10, 8)),
        DemoPatient("LL-0413", "Kwame Adjei", "", date(1983, 2, 21)),
        DemoPatient("LL-0414", "Irena Sokolova", "", date(1958, 7, 14)),
        DemoPatient("LL-0415", "Thaddeus Quill", "Tad", date(1992, 1, 30)),
        DemoPatient("LL-0416", "Noor Aziz", "", date(2001, 3, 17)),
        DemoPatient("LL-0417", "林 美玲", "美玲", date(1975, 12, 2)),
        DemoPatient("LL-0418", "Marguerite Delacroix", "Margot", date(1989, 5, 25)),
        DemoPatient("LL-0419", "Ewan MacAllister", "", date(1964, 11, 11)),
        DemoPatient("LL-0420", "Sunniva Bakke", "", date(1994, 8, 6)),
        DemoPatient("LL-0421", "Consuelo Vega", "", date(1981, 4, 9)),
    ),
)
RIDGE = DemoClinic(
    slug="cedar-ridge",
    name="Cedar Ridge Psychiatry",
    phone="+1 555 0170",
    time_zone="America/Denver",
    staff=(
        (Role.FRONT_DESK, "Owen Park"),
        (Role.NURSE, "Grace Kimani"),
        (Role.PRESCRIBER, "Dr. Elias Novak"),
        (Role.THERAPIST, "Mira Haddad"),
        (Role.DIRECTOR, "Dr. Joan Whitaker"),
        (Role.RESEARCHER, "Arjun Mehta"),
        (Role.ADMINISTRATOR, "Dana Brooks"),
    ),
    patients=(
        DemoPatient("CR-101", "Theo Marchetti", "Theo", date(1984, 2, 27), signs_in=True),
        DemoPatient("CR-102", "Alice Nakamura", "Alice", date(1973, 12, 14)),
        DemoPatient("CR-103", "Desmond Achterberg", "", date(1967, 9, 3)),
        DemoPatient("CR-104", "Yael Mizrahi", "", date(1986, 6, 18)),
    ),
)
CLINICS = (HARBOR, RIDGE)


def today_at_the_clinic(now: datetime) -> date:
    """The calendar day at the first clinic: the demo's day is one that its clocks agree on."""
    return now.astimezone(ZoneInfo(HARBOR.time_zone)).date()


def not_before(today: date, at: datetime) -> datetime:
    """The moment at which the demo is made: now, or for a demo of a later day an hour at which the clinics are open."""
    opened = datetime.combine(today, OPEN_AT, UTC)
    return at if today_at_the_clinic(at) >= today else opened
