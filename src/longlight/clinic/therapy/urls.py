from django.urls import path

from longlight.clinic.therapy.views import patient, psychotherapy, staff, topics

urlpatterns = [
    path("patients/<uuid:patient_id>/therapy/", staff.notes, name="therapy-notes"),
    path("patients/<uuid:patient_id>/therapy/new", staff.note_new, name="therapy-note-new"),
    path("therapy/<uuid:note_id>/correct", staff.note_correct, name="therapy-note-correct"),
    path("therapy/<uuid:note_id>/sign", staff.note_sign, name="therapy-note-sign"),
    path("therapy/<uuid:note_id>/addendum", staff.note_addendum, name="therapy-note-addendum"),
    path("progress/talk/", topics.talk, name="talk-about"),
    path("progress/talk/<uuid:topic_id>/take-back", topics.take_back, name="topic-take-back"),
    path("topics/<uuid:topic_id>/talked", topics.talked, name="topic-talked"),
    path(
        "patients/<uuid:patient_id>/psychotherapy/",
        psychotherapy.notes,
        name="psychotherapy-notes",
    ),
    path(
        "psychotherapy/<uuid:private_id>/destroy",
        psychotherapy.destroy,
        name="psychotherapy-destroy",
    ),
    path("patients/<uuid:patient_id>/journal/", staff.shared_journal, name="journal-shared"),
    path("journal/", patient.journal, name="journal"),
    path("journal/<uuid:entry_id>/", patient.entry, name="journal-entry"),
    path("journal/<uuid:entry_id>/share", patient.share, name="journal-share"),
    path("journal/<uuid:entry_id>/take-back", patient.take_back, name="journal-take-back"),
    path("journal/<uuid:entry_id>/destroy", patient.destroy, name="journal-destroy"),
]
