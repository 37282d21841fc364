"""Screening in the words of other pages."""

from django.utils.translation import gettext as _

from longlight.clinic.screening.models import AllergyStatement
from longlight.ui.parts import Fact


def allergy_fact(known: AllergyStatement | None) -> Fact:
    """What must not be missed, beside a person's name."""
    if known is None:
        return Fact(_("Allergies"), _("not asked"))
    return Fact(_("Allergies"), known.text or _("none known"), is_alert=bool(known.text))
