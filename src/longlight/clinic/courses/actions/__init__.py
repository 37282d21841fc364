"""What changes a course: its `plan`, and the `booking` of times for its visits."""

from longlight.clinic.courses.actions.booking import book_series as book_series
from longlight.clinic.courses.actions.booking import move_booked as move_booked
from longlight.clinic.courses.actions.plan import cancel_session as cancel_session
from longlight.clinic.courses.actions.plan import end_course as end_course
from longlight.clinic.courses.actions.plan import mark_done as mark_done
from longlight.clinic.courses.actions.plan import mark_missed as mark_missed
from longlight.clinic.courses.actions.plan import move_session as move_session
from longlight.clinic.courses.actions.plan import start_course as start_course
