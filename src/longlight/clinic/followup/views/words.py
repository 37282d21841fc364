"""A status in words: one for staff, one for the person whose scores they are."""

from django.utils.translation import gettext_lazy as _

STAFF_WORDS = {
    "remission": _("Remission"),
    "response": _("Response"),
    "partial-response": _("Partial response"),
    "no-response": _("No response"),
    "deterioration": _("Deterioration"),
}
CRITERION_WORDS = STAFF_WORDS | {
    "important-change": _("Important change"),
    "reliable-change": _("Reliable change"),
}
PLAIN_WORDS = {
    "remission": _("few or no symptoms are left by this score"),
    "response": _("your score is at least half better than at the start"),
    "partial-response": _("your score is somewhat better than at the start"),
    "no-response": _("your score is not yet half better than at the start"),
    "deterioration": _("your score is worse than at the start; your care team sees it too"),
}
