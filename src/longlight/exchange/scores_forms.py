"""What is typed when a file of scores is imported: the file, and what each of its columns is."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from longlight.exchange.csv_text import MOST_BYTES, CsvTable, NotCsv, read_table
from longlight.exchange.scores_csv import Mapped, by_choice, find_columns
from longlight.science import instruments
from longlight.science.trajectory import DateOrder
from longlight.ui.sentences import in_words

MOST_COLUMNS = 60
FIELD_LABELS = {
    "at": _("the date"),
    "kind": _("score or dose"),
    "name": _("the instrument's or treatment's name"),
    "value": _("the value"),
    "unit": _("the unit of a dose"),
}
DATE_LABELS = {
    DateOrder.YEAR_FIRST: _("2025-04-03 (year first)"),
    DateOrder.DAY_FIRST: _("03/04/2025 is 3 April (day first)"),
    DateOrder.MONTH_FIRST: _("03/04/2025 is March 4 (month first)"),
}


class UploadForm(forms.Form):
    """The file. `draft` is made with the form, so that sending it twice keeps one file."""

    draft = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "At most 5 MB, one person's rows. A spreadsheet: save it as CSV first. Nothing is kept until you confirm."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                gettext("The file is larger than 5 MB: split it into smaller files.")
            )
        self.content = file.read()
        try:
            table = read_table(self.content)
        except NotCsv as error:
            raise forms.ValidationError(in_words(error.sentence)) from None
        if len(table.header) > MOST_COLUMNS:
            raise forms.ValidationError(
                gettext("The file has more than 60 columns: keep the date and the scores.")
            )
        return file


class ColumnsForm(forms.Form):
    """What each column is, and how dates are written. Fields are called c0, c1, … by the column's place."""

    def __init__(self, table: CsvTable, data: Any = None) -> None:
        super().__init__(data)
        self.table = table
        guessed = self._guess()
        choices: list[Any] = [
            ("", _("not used")),
            (_("Fields"), list(FIELD_LABELS.items())),
            (_("Instruments"), [(each, instruments.get(each).short_title) for each in _totals()]),
        ]
        for place, column in enumerate(table.header):
            self.fields[f"c{place}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                initial=guessed.get(column, ""),
                help_text=self._examples(column),
            )
        self.fields["dates"] = forms.ChoiceField(
            label=_("Dates are written"),
            choices=[(order.value, label) for order, label in DATE_LABELS.items()],
            initial=DateOrder.YEAR_FIRST.value,
        )

    def _guess(self) -> dict[str, str]:
        try:
            mapped = find_columns(self.table, {}, DateOrder.YEAR_FIRST)
        except NotCsv:
            return {}
        return {column: key for key, column in mapped.columns.items()}

    def _examples(self, column: str) -> str:
        cells = [self.table.named(row)[column] for row in self.table.rows[:3]]
        return ", ".join(cell[:24] for cell in cells if cell.strip()) or gettext("empty")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.mapped = self._mapped(cleaned)
        except NotCsv as error:
            raise forms.ValidationError(in_words(error.sentence)) from None
        return cleaned

    def _mapped(self, cleaned: dict[str, Any]) -> Mapped:
        choices = {column: cleaned[f"c{place}"] for place, column in enumerate(self.table.header)}
        return by_choice(self.table, choices, DateOrder(cleaned["dates"]))

    def said(self) -> list[tuple[str, str]]:
        """Name and value of each field as it now stands, for the form that confirms."""
        return [(name, str(self[name].value() or "")) for name in self.fields]


def _totals() -> list[str]:
    """The instruments that have a total to import."""
    return [each for each in instruments.ids() if instruments.get(each).total_range is not None]
