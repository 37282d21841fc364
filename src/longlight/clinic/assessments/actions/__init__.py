"""What changes about assessments: recorded, corrected, taken in from a file, answered on a phone, sent and taken back."""

from longlight.clinic.assessments.actions.answering import finish_check_in, keep_answer
from longlight.clinic.assessments.actions.late import see_late_answers
from longlight.clinic.assessments.actions.scores import (
    FilledIn,
    correct_assessment,
    import_scores,
    import_scores_here,
    keep_draft,
    plan_check_in,
    preview_import,
    record_assessment,
    today_of,
)
from longlight.clinic.assessments.actions.sending import Sent, send_check_in, withdraw_check_in
from longlight.clinic.assessments.actions.texts import add_site_text, withdraw_site_text

__all__ = [
    "FilledIn",
    "Sent",
    "add_site_text",
    "correct_assessment",
    "finish_check_in",
    "import_scores",
    "import_scores_here",
    "keep_answer",
    "keep_draft",
    "plan_check_in",
    "preview_import",
    "record_assessment",
    "see_late_answers",
    "send_check_in",
    "today_of",
    "withdraw_check_in",
    "withdraw_site_text",
]
