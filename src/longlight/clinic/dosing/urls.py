from django.urls import path

from longlight.clinic.dosing.views import record, second, signing, staff, taps

_ONE = "dosing/<uuid:session_id>/"

urlpatterns = [
    path("dosing/arrive/<uuid:planned_id>", staff.arrive, name="dosing-arrive"),
    path("dosing/to-sign/", signing.to_sign, name="dosing-to-sign"),
    path(_ONE, staff.session, name="dosing-session"),
    path(f"{_ONE}checks/<slug:gate_id>", staff.checks, name="dosing-checks"),
    path(f"{_ONE}reading", staff.reading, name="dosing-reading"),
    path(f"{_ONE}order", staff.order, name="dosing-order"),
    path(f"{_ONE}second-check", staff.second_check, name="dosing-second-check"),
    path(f"{_ONE}second", second.second, name="dosing-second"),
    path(f"{_ONE}clear", staff.clear, name="dosing-clear"),
    path(f"{_ONE}start", staff.start, name="dosing-start"),
    path(f"{_ONE}dose-end", staff.dose_end, name="dosing-dose-end"),
    path(f"{_ONE}stop", staff.stop, name="dosing-stop"),
    path(f"{_ONE}escort", staff.escort, name="dosing-escort"),
    path(f"{_ONE}ready", staff.ready, name="dosing-ready"),
    path(f"{_ONE}leave", staff.leave, name="dosing-leave"),
    path(f"{_ONE}end", staff.end, name="dosing-end"),
    path(f"{_ONE}record", record.record, name="dosing-record"),
    path(f"{_ONE}record/sign", signing.sign, name="dosing-sign"),
    path(f"{_ONE}record/addendum", signing.addendum, name="dosing-addendum"),
    path(f"{_ONE}live", taps.live, name="dosing-live"),
    path(f"{_ONE}leaving", staff.leaving, name="dosing-leaving"),
    path(f"{_ONE}happening", taps.happening, name="dosing-happening"),
    path(f"{_ONE}happening/<uuid:key>/undo", taps.undo, name="dosing-undo"),
    path(f"{_ONE}happening/<uuid:key>/take-out", taps.take_out, name="dosing-take-out"),
    path(f"{_ONE}reading/<uuid:key>/correct", staff.correct_reading, name="dosing-correct"),
]
