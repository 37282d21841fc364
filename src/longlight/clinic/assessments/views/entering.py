"""All items of a questionnaire on one page, for staff: read aloud to a patient, from paper, or a clinician's rating."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from longlight.clinic.assessments.actions import FilledIn, today_of
from longlight.clinic.assessments.actions.entering import Entry, enter_by_hand, source_of
from longlight.clinic.assessments.forms import EntryForm, ItemForm
from longlight.clinic.assessments.rules import CannotRecord, HandWay
from longlight.clinic.people.access import ClinicRequest, require_chart, roles
from longlight.clinic.people.rules import CHART_ROLES
from longlight.clinic.record.actions import note_read
from longlight.science import instruments
from longlight.science.instruments import Instrument, InstrumentError, Item, TextPack

MOST_CHOICES = 11


@roles(*CHART_ROLES)
def enter(request: ClinicRequest, patient_id: UUID, instrument_id: str) -> HttpResponse:
    """Type one questionnaire for a patient. Says who types it for whom, and from which day the answers are."""
    now = timezone.now()
    patient = require_chart(request.viewer, patient_id, now)
    try:
        instrument = instruments.get(instrument_id)
    except instruments.UnknownInstrument:
        raise Http404 from None
    note_read(by=request.viewer.actor, at=now, patient_id=patient.id, purpose="enter answers")
    is_self_rated, today = instrument.completed_by == "patient", today_of(patient, now)
    posted = request.POST if request.method == "POST" else None
    form = EntryForm(
        posted, is_self_rated=is_self_rated, today=today,
        initial={"key": uuid4(), "on": today, "way": "" if is_self_rated else "rating"},
    )  # fmt: skip
    items = _items(instrument, posted)
    if posted is not None and all([form.is_valid(), *(each.is_valid() for each in items)]):
        typed = form.cleaned_data
        way = HandWay(typed["way"])
        filled_in = FilledIn(
            typed["key"], instrument.id, typed["on"], source_of(way), typed["clock"],
            {each.item.id: each.value for each in items}, version=instrument.version,
        )  # fmt: skip
        try:
            enter_by_hand(
                patient_id=patient.id, entry=Entry(filled_in, way, typed.get("rated_by", "")),
                viewer=request.viewer, at=now,
            )  # fmt: skip
        except (CannotRecord, InstrumentError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept, with your name as who typed it."))
            return HttpResponseRedirect(reverse("chart", args=[patient.id]))
    failed = bool(form.errors) or any(each.errors for each in items)
    shown = {
        "patient": patient, "instrument": instrument, "text": _text(instrument), "form": form,
        "items": items, "is_self_rated": is_self_rated,
    }  # fmt: skip
    return render(request, "assessments/enter.html", shown, status=422 if failed else 200)


def _text(instrument: Instrument) -> TextPack | None:
    return instrument.text()


def _items(instrument: Instrument, posted: object) -> list[ItemForm]:
    text = _text(instrument)
    return [
        ItemForm(item, _label(item, text), _answers(item, text), posted, prefix=item.id)
        for item in instrument.items
    ]


def _label(item: Item, text: TextPack | None) -> str:
    if text is None:
        return _("Item %(number)s") % {"number": item.number}
    return f"{item.number}. {text.item(item.number).text}"


def _answers(item: Item, text: TextPack | None) -> list[tuple[str, str, float]]:
    """The answers to choose from: code, words, value. None for a number that is typed."""
    options = text.item(item.number).options if text is not None else ()
    if options:
        return [(each.code, each.text, float(each.value)) for each in options]
    if item.options:
        return [(each.code, f"{each.value:g}", float(each.value)) for each in item.options]
    if len(item.allowed) <= MOST_CHOICES:
        return [(f"{each:g}", f"{each:g}", float(each)) for each in item.allowed]
    return []
