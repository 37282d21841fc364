"""Everything that changes the schedule: `appointments`, and `arranging` what can be booked."""

from longlight.clinic.schedule.actions.appointments import book as book
from longlight.clinic.schedule.actions.appointments import book_by_asking as book_by_asking
from longlight.clinic.schedule.actions.appointments import cancel as cancel
from longlight.clinic.schedule.actions.appointments import give_up as give_up
from longlight.clinic.schedule.actions.appointments import happened as happened
from longlight.clinic.schedule.actions.appointments import mark as mark
from longlight.clinic.schedule.actions.appointments import move as move
from longlight.clinic.schedule.actions.appointments import name_patient as name_patient
from longlight.clinic.schedule.actions.appointments import release_plan as release_plan
from longlight.clinic.schedule.actions.arranging import add_resource as add_resource
from longlight.clinic.schedule.actions.arranging import retire_resource as retire_resource
from longlight.clinic.schedule.actions.arranging import set_opening_hours as set_opening_hours
