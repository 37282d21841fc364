"""The pages that the browser looks at, each in light and dark, on a phone and a desk. Add yours here: one line.

`path` may name parts that `tests/journeys/cast.py` fills in, such as `/patients/{patient}/`. `role` is who looks:
empty for a stranger, else a role of the demo clinic (`nurse`, `patient`, …).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class JourneyPage:
    name: str  # also the name of its screenshots
    path: str
    role: str = ""
    status: int = 200
    most_kb: int = 75  # over the wire with an empty cache; a dosing-day monitor may weigh 100
    in_docs: bool = False  # its screenshots stand in docs/images


PAGES = [
    JourneyPage("home", "/", in_docs=True),
    JourneyPage("crisis", "/crisis/", in_docs=True),
    JourneyPage("sources", "/sources/"),
    JourneyPage("compare", "/approaches/", in_docs=True),
    JourneyPage("approach", "/approaches/talk-therapy/", in_docs=True),
    JourneyPage("claims", "/approaches/claims/", in_docs=True),
    JourneyPage("conditions", "/approaches/conditions/"),
    JourneyPage("choose", "/choose/", in_docs=True),
    JourneyPage("clinics", "/clinics/?place=Portland%2C+ME", in_docs=True),
    JourneyPage("clinics-unknown-town", "/clinics/?place=Zzyzzyx", status=422),
    JourneyPage("clinic", "/clinics/at/marsh-end-psychiatry-made-up-bangor-me/"),
    JourneyPage(
        "compare-clinics",
        "/clinics/compare/?clinic=marsh-end-psychiatry-made-up-bangor-me"
        "&clinic=alder-court-mental-health-made-up-biddeford-me",
        in_docs=True,
    ),
    JourneyPage("import-clinics", "/directory/import/", "administrator"),
    JourneyPage("money", "/money/"),
    JourneyPage("privacy", "/privacy/"),
    JourneyPage("gallery", "/gallery/", most_kb=130, in_docs=True),
    JourneyPage("gallery-room", "/gallery/?view=room", most_kb=130),
    JourneyPage("no-such-page", "/no-such-page/", status=404, in_docs=True),
    JourneyPage("sign-in", "/sign-in/", in_docs=True),
    JourneyPage("sign-in-code", "/sign-in/code/"),
    JourneyPage("sign-in-reset", "/sign-in/reset/"),
    JourneyPage("account-staff", "/account/", "nurse"),
    JourneyPage("account-patient", "/account/", "patient"),
    JourneyPage("role", "/account/role/", "nurse"),
    JourneyPage("authenticator-app", "/account/app/", "nurse"),
    JourneyPage("passkey", "/account/passkeys/add/", "nurse"),
    JourneyPage("sessions", "/account/sessions/", "patient"),
    JourneyPage("people", "/people/", "administrator", in_docs=True),
    JourneyPage("invite", "/people/invite/", "administrator"),
    JourneyPage("week-review", "/people/review/", "director"),
    JourneyPage("emergencies", "/emergencies/", "director"),
    JourneyPage("my-emergencies", "/account/emergencies/", "patient"),
    *(
        JourneyPage(f"error-{status}", f"/gallery/errors/{status}/", status=status)
        for status in (400, 403, 413, 429, 500, 503)
    ),
    JourneyPage("person", "/people/{account}/", "administrator"),
    JourneyPage("schedule", "/schedule/", "front-desk"),
    JourneyPage("request", "/request/"),
    JourneyPage("requests", "/requests/", "front-desk"),
    JourneyPage("today", "/today/", "patient", in_docs=True),
    JourneyPage("progress", "/progress/", "patient", in_docs=True),
    JourneyPage("who-looked", "/progress/who-looked/", "patient"),
    JourneyPage("progress-print", "/progress/print/", "patient"),
    JourneyPage("talk-about", "/progress/talk/", "patient"),
    JourneyPage("patients", "/patients/", "nurse", in_docs=True),
    JourneyPage("patients-front-desk", "/patients/", "front-desk"),
    JourneyPage("patients-researcher", "/patients/", "researcher"),
    JourneyPage("patients-nobody-found", "/patients/?q=nobody+is+called+so", "nurse"),
    JourneyPage("register-patient", "/patients/new/", "front-desk"),
    JourneyPage("chart", "/patients/{patient}/", "nurse", in_docs=True),
    JourneyPage("allergies", "/patients/{patient}/allergies/", "nurse"),
    JourneyPage("patient-contact", "/patients/{patient}/contact/", "front-desk"),
    JourneyPage("observations", "/patients/{patient}/observations/", "nurse"),
    JourneyPage("import-scores", "/patients/{patient}/import/", "nurse", in_docs=True),
    JourneyPage("journal", "/journal/", "patient"),
    JourneyPage("therapy-notes", "/patients/{patient}/therapy/", "therapist"),
    JourneyPage("journal-shared", "/patients/{patient}/journal/", "therapist"),
    JourneyPage("questionnaires", "/questionnaires/", "nurse", in_docs=True),
    JourneyPage("questionnaires-late", "/questionnaires/?show=late", "nurse"),
    JourneyPage("questionnaires-overdue", "/questionnaires/overdue/", "nurse"),
    JourneyPage("questionnaires-quiet", "/questionnaires/quiet/", "nurse"),
    JourneyPage("questionnaires-clinic", "/questionnaires/clinic/", "prescriber"),
    JourneyPage("clinic-reminders", "/questionnaires/reminders/", "director"),
    JourneyPage("undelivered", "/undelivered/", "front-desk"),
    JourneyPage("patient-schedule", "/patients/{patient}/schedule/", "nurse"),
    JourneyPage("patient-reminders", "/patients/{patient}/reminders/", "nurse"),
    JourneyPage("patient-calls", "/patients/{patient}/calls/", "nurse"),
    JourneyPage("enter-answers", "/patients/{patient}/enter/phq-9/", "nurse"),
    JourneyPage("enter-rating", "/patients/{patient}/enter/hamd-17/", "prescriber"),
    JourneyPage("reminders", "/reminders/", "patient"),
    JourneyPage("safety-inbox", "/safety/", "nurse", in_docs=True),
    JourneyPage("safety-times", "/safety/times/", "director"),
    JourneyPage("request-form", "/request/harbor-light/"),
    JourneyPage("choose-together", "/patients/{patient}/choice/", "nurse"),
    JourneyPage("own-choice", "/choice/", "patient"),
    JourneyPage("requests-desk", "/requests/desk/", "director"),
    JourneyPage("schedule-book", "/schedule/book/", "nurse"),
    JourneyPage("schedule-set-up", "/schedule/set-up/", "director"),
    JourneyPage("board", "/board/", "nurse", in_docs=True),
    JourneyPage("board-front-desk", "/board/", "front-desk"),
    JourneyPage("alert", "/safety/{alert}/", "nurse", in_docs=True),
    JourneyPage("protocols", "/protocols/", "prescriber"),
    JourneyPage("protocol", "/protocols/im-experience/", "prescriber", in_docs=True),
    JourneyPage("screening-choose", "/patients/{patient}/screening/", "nurse"),
    JourneyPage("screening", "/patients/{patient}/screening/medicine/", "prescriber", in_docs=True),
    JourneyPage("consent", "/patients/{patient}/consent/ketamine-off-label/1/", "nurse"),
    JourneyPage("course-new", "/patients/{patient}/course/", "prescriber"),
    JourneyPage("course", "/courses/{course}/", "prescriber", in_docs=True),
    JourneyPage("session-move", "/sessions/{session}/move", "front-desk"),
    JourneyPage("plan", "/plan/", "patient"),
    JourneyPage("safety-plan", "/safety-plan/", "patient", in_docs=True),
    JourneyPage("safety-plan-edit", "/safety-plan/edit/", "patient"),
    JourneyPage("safety-plan-print", "/safety-plan/print/", "patient"),
    JourneyPage("safety-plan-kept", "/safety-plan/kept/", "patient"),
    JourneyPage("safety-plan-stranger", "/safety-plan/"),
    JourneyPage("chart-safety-plan", "/patients/{patient}/safety-plan/", "nurse"),
    JourneyPage("courses-to-book", "/courses/", "front-desk"),
    JourneyPage(
        "course-times", "/courses/{course}/times/?clock=09:00&chair=1&nurse=7", "front-desk"
    ),
    JourneyPage("session-missed", "/sessions/{session}/missed", "nurse"),
    JourneyPage("psychotherapy", "/patients/{patient}/psychotherapy/", "therapist"),
    JourneyPage("follow-up", "/patients/{patient}/follow-up/", "prescriber", in_docs=True),
    JourneyPage("outcomes", "/outcomes/", "director", in_docs=True),
    JourneyPage("outcomes-researcher", "/outcomes/", "researcher"),
    JourneyPage("behind-a-number", "/outcomes/iv-twice-weekly/started/", "director"),
    JourneyPage("dosing-arrived", "/dosing/{arrived}/", "prescriber", in_docs=True),
    JourneyPage("dosing-second", "/dosing/{arrived}/second", "nurse"),
    JourneyPage("records-to-sign", "/dosing/to-sign/", "nurse"),
    JourneyPage("dosing", "/dosing/{dosing}/", "nurse", most_kb=100, in_docs=True),
    JourneyPage("dosing-recovery", "/dosing/{recovering}/", "therapist", most_kb=100),
    JourneyPage("dosing-leaving-checks", "/dosing/{recovering}/leaving", "nurse"),
    JourneyPage("dosing-record", "/dosing/{resting}/record", "nurse"),
    JourneyPage("dosing-leaving", "/dosing/{resting}/", "nurse"),
]
