"""What is known of courses: the one `timeline`, and the `times` of its visits."""

from longlight.clinic.courses.queries.timeline import CourseTimeline as CourseTimeline
from longlight.clinic.courses.queries.timeline import TimelinePhase as TimelinePhase
from longlight.clinic.courses.queries.timeline import TimelineSession as TimelineSession
from longlight.clinic.courses.queries.timeline import active_course as active_course
from longlight.clinic.courses.queries.timeline import course_timeline as course_timeline
from longlight.clinic.courses.queries.timeline import courses_of as courses_of
from longlight.clinic.courses.queries.timeline import timeline_of as timeline_of
