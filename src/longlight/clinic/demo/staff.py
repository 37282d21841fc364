"""The demo's staff as viewers, for the actions that take one."""

from dataclasses import dataclass

from longlight.clinic.demo.people import DemoClinic, demo_id
from longlight.clinic.people.rules import Role, Viewer


@dataclass(frozen=True)
class Staff:
    front_desk: Viewer
    nurse: Viewer
    prescriber: Viewer
    therapist: Viewer
    director: Viewer
    administrator: Viewer


def staff_of(clinic: DemoClinic) -> Staff:
    names = dict(clinic.staff)

    def viewer(role: Role) -> Viewer:
        return Viewer(demo_id("account", clinic.slug, role.value), names[role], role, clinic.id)

    return Staff(
        front_desk=viewer(Role.FRONT_DESK),
        nurse=viewer(Role.NURSE),
        prescriber=viewer(Role.PRESCRIBER),
        therapist=viewer(Role.THERAPIST),
        director=viewer(Role.DIRECTOR),
        administrator=viewer(Role.ADMINISTRATOR),
    )
