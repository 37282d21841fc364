"""Ordering the dose from today's weight, and the second person's own working."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from longlight.clinic.dosing import rules
from longlight.clinic.dosing.actions.locking import AT_THE_CHAIR, locked_day, note, refuse
from longlight.clinic.dosing.models import DoseOrder
from longlight.clinic.dosing.rules import CannotDo, SessionState
from longlight.clinic.people.access import require_role
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.record.actions import correct, patient_chain, writing
from longlight.science import protocols
from longlight.science.protocols.model import DoseRule

A_TENTH = Decimal("0.1")


def dose_from(rule: DoseRule, amount: Decimal, weight_kg: Decimal | None) -> Decimal:
    """The dose in mg, to a tenth, from an amount in the rule's own unit."""
    if rule.start.unit == "mg/kg":
        if weight_kg is None:
            raise CannotDo(_("Weigh the person first: this dose goes by today's weight."))
        return (amount * weight_kg).quantize(A_TENTH, ROUND_HALF_UP)
    return amount.quantize(A_TENTH, ROUND_HALF_UP)


def order_dose(
    *, session_id: UUID, amount: Decimal, override_reason: str, viewer: Viewer, at: datetime
) -> DoseOrder:
    """Order `amount` (in the protocol's unit, mg/kg or mg). A new order takes the place of an earlier one."""
    require_role(viewer, Role.PRESCRIBER)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        if day.state is not SessionState.ARRIVED:
            raise CannotDo(
                _(
                    "The session stands at “{state}”: a dose is ordered before it is cleared."
                ).format(state=rules.STATE_WORDS[day.state])
            )
        rule = day.protocol.dose
        dose_mg = dose_from(rule, amount, day.weight_kg)
        concerns = protocols.dose_concerns(
            rule, route=rule.route, dose_mg=dose_mg, weight_kg=day.weight_kg
        )
        refuse(
            rules.reasons_not_to_order(concerns, override_reason=override_reason, dose_mg=dose_mg)
        )
        before = day.order
        order = DoseOrder.objects.create(
            session=day.session,
            drug=rule.drug,
            route=rule.route.value,
            amount=amount,
            amount_unit=rule.start.unit,
            weight_kg=day.weight_kg if rule.start.unit == "mg/kg" else None,
            dose_mg=dose_mg,
            override_reason=override_reason.strip(),
            ordered_by_id=viewer.account_id,
            ordered_by_name=viewer.name,
            ordered_at=at,
        )
        if before is not None:
            correct(
                pen,
                before,
                successor=order,
                reason=_("ordered anew"),
                chain=patient_chain(day.session.patient_id),
                object_kind="dose-order",
            )
        note(pen, day.session, "dose-ordered", order=order.pk)
    return order


def check_order(
    *, session_id: UUID, worked_out_mg: Decimal, viewer: Viewer, at: datetime
) -> DoseOrder:
    """The independent second check: another person types the dose that they worked out themselves."""
    require_role(viewer, *AT_THE_CHAIR)
    with writing(by=viewer.actor, at=at) as pen:
        day = locked_day(session_id, viewer, at)
        order = day.order
        if order is None:
            raise CannotDo(_("Nothing is ordered yet."))
        if day.state is not SessionState.ARRIVED:
            raise CannotDo(
                _("The session stands at “{state}”: the check comes before it is cleared.").format(
                    state=rules.STATE_WORDS[day.state]
                )
            )
        refuse(
            rules.reasons_not_to_confirm(
                ordered_by=order.ordered_by_id,
                checked_by=viewer.account_id,
                ordered_mg=order.dose_mg,
                worked_out_mg=worked_out_mg.quantize(A_TENTH, ROUND_HALF_UP),
            )
        )
        order.checked_by_id, order.checked_by_name = viewer.account_id, viewer.name
        order.checked_at = at
        order.save(update_fields=["checked_by_id", "checked_by_name", "checked_at"])
        note(pen, day.session, "dose-checked", order=order.pk)
    return order
