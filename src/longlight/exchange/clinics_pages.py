"""An administrator brings a file of clinics into the directory, and reads what was refused."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from longlight.clinic.approaches.actions.listing import bring_listings
from longlight.clinic.approaches.rules.listing import APPROACHES, COLUMNS
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.clinic.people.rules import Role
from longlight.exchange.clinics_csv import ClinicsFile, read_clinics
from longlight.exchange.csv_text import MOST_BYTES, NotCsv
from longlight.ui.parts import Column, Table
from longlight.ui.sentences import in_words

ROWS_SHOWN = 200


class ClinicsForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File (CSV)"))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large: cut it in parts."))
        content: bytes = file.read()
        return content


@roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_clinics(request: ClinicRequest) -> HttpResponse:
    """Choose the file, then read the report. The same file again changes nothing but the dates."""
    form = ClinicsForm(request.POST or None, request.FILES or None)
    found: ClinicsFile | None = None
    shown: dict[str, object] = {"form": form, "columns": COLUMNS, "approaches": APPROACHES}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            found = read_clinics(form.cleaned_data["file"], today=now.date())
        except NotCsv as why:
            form.add_error("file", in_words(why.sentence))
    if found is not None:
        shown |= {"found": found, "refused": _refused(found)}
        if found.entries:
            shown["brought"] = bring_listings(
                entries=found.entries,
                file_hash=found.file_hash,
                chain_id=request.viewer.clinic_id,
                by=request.viewer.actor,
                at=now,
            )
    status = 422 if request.method == "POST" and found is None else 200
    return render(request, "exchange/clinics.html", shown, status=status)


def _refused(found: ClinicsFile) -> Table:
    columns = (Column(_("Line")), Column(_("Clinic")), Column(_("Why, and what to do")))
    rows = [(str(line.line), line.name, line.reason) for line in found.refused[:ROWS_SHOWN]]
    return Table(_("Lines that were not taken"), columns, rows)
