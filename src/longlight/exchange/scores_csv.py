"""A file of one person's scores, as other systems write it: long or wide, columns mapped, every bad line told.

Long: a row for each event, with `at, kind, name, value[, unit]` (without `kind` every row is a score).
Wide: a row for each day, with a column for each instrument.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longlight.clinic.assessments.rules import (
    DoseEntry,
    Entry,
    MissedEntry,
    Outcome,
    ReadFile,
    RowOutcome,
    ScoreEntry,
)
from longlight.exchange.csv_text import CsvRow, CsvTable, NotCsv, read_table
from longlight.science.instruments import Instrument
from longlight.science.trajectory import (
    DateOrder,
    DosePoint,
    Moment,
    RowsRefused,
    instrument_named,
    read_moment,
    read_number,
    trajectory_of,
)
from longlight.ui.sentences import in_words

LONG_FIELDS = ("at", "kind", "name", "value", "unit")
# How columns of the world are called; the first that is there is taken.
KNOWN_HEADERS: dict[str, tuple[str, ...]] = {
    "at": ("at", "date", "datetime", "date_time", "day", "when", "timestamp", "completed"),
    "kind": ("kind", "type"),
    "name": ("name", "instrument", "scale", "questionnaire", "measure"),
    "value": ("value", "score", "total"),
    "unit": ("unit", "units"),
}
PERSON_HEADERS = {
    "patient",
    "patient_id",
    "patientid",
    "subject",
    "subject_id",
    "person",
    "id",
    "mrn",
    "number",
}


class Layout(StrEnum):
    LONG = "long"
    WIDE = "wide"


@dataclass(frozen=True)
class Mapped:
    """Which column is what: `at` and, long, the other fields; wide, a column for each instrument id."""

    layout: Layout
    columns: Mapping[str, str]
    dates: DateOrder = DateOrder.YEAR_FIRST

    def unused(self, table: CsvTable) -> list[str]:
        used = set(self.columns.values())
        return [name for name in table.header if name not in used]


@dataclass(frozen=True)
class ScoresFile:
    """A file read as its mapping says."""

    table: CsvTable
    mapped: Mapped
    entries: tuple[Entry, ...]
    unreadable: tuple[RowOutcome, ...]
    notes: tuple[str, ...] = field(default=())

    def for_import(self, name: str, content: bytes) -> ReadFile:
        digest = hashlib.sha256(content).hexdigest()
        return ReadFile(name, digest, in_words(self.table.read_as), self.entries, self.unreadable)


def read_scores(
    content: bytes,
    given: Mapping[str, str] | None = None,
    dates: DateOrder = DateOrder.YEAR_FIRST,
    layout: Layout | None = None,
) -> ScoresFile:
    """Read a file. `given` maps a field or an instrument to a column; the rest is found by the columns' names.

    Raises `NotCsv` when the file or the mapping cannot be used at all; single lines end in `unreadable`.
    """
    table = read_table(content)
    return read_mapped(table, find_columns(table, given or {}, dates, layout))


def read_mapped(table: CsvTable, mapped: Mapped) -> ScoresFile:
    """Read a table as its mapping says. Raises `NotCsv` when it holds several people."""
    notes = _one_person(table)
    entries: list[Entry] = []
    unreadable: list[RowOutcome] = []
    for row in table.rows:
        for found in _entries(row, table.named(row), mapped):
            if isinstance(found, RowOutcome):
                unreadable.append(found)
            else:
                entries.append(found)
    unused = mapped.unused(table)
    if unused:
        notes.append(_("Not used: {unused}.").format(unused=", ".join(unused)))
    return ScoresFile(table, mapped, tuple(entries), tuple(unreadable), tuple(notes))


def by_choice(table: CsvTable, choices: Mapping[str, str], dates: DateOrder) -> Mapped:
    """The mapping that somebody chose column by column: for each column a field, an instrument, or nothing."""
    columns: dict[str, str] = {}
    for column in table.header:
        key = choices.get(column, "")
        if key and key in columns:
            raise NotCsv(
                _("The columns {columns} and {column} cannot both be the same.").format(
                    columns=columns[key], column=column
                )
            )
        if key:
            columns[key] = column
    if "at" not in columns:
        raise NotCsv(_("Say which column is the date."))
    scales = {key: column for key, column in columns.items() if key not in LONG_FIELDS}
    if "value" in columns and scales:
        raise NotCsv(
            _("A file has either a column of values with names, or a column for each instrument.")
        )
    if "value" in columns:
        return _long(table, columns, dates)
    return _wide(table, columns["at"], scales, dates)


def find_columns(
    table: CsvTable, given: Mapping[str, str], dates: DateOrder, layout: Layout | None = None
) -> Mapped:
    """The mapping of a file: what is given first, then what the columns' names say."""
    by_plain = {name.casefold(): name for name in table.header}
    for key, column in given.items():
        if column.casefold() not in by_plain:
            raise NotCsv(
                _("There is no column '{column}' to map to {key}: the file has {header}.").format(
                    column=column, key=key, header=", ".join(table.header)
                )
            )
    columns = {key: by_plain[column.casefold()] for key, column in given.items()}
    taken = set(columns.values())
    for key, names in KNOWN_HEADERS.items():
        found = next((by_plain[name] for name in names if name in by_plain), None)
        if key not in columns and found is not None and found not in taken:
            columns[key] = found
    if "at" not in columns:
        raise NotCsv(
            _("No column says when: map one to 'at'. The file has {header}.").format(
                header=", ".join(table.header)
            )
        )
    scales = _scale_columns(table, given, set(columns.values()))
    is_long = layout is Layout.LONG or (layout is None and "value" in columns and not scales)
    if is_long:
        return _long(table, columns, dates)
    return _wide(table, columns["at"], scales, dates)


def _scale_columns(table: CsvTable, given: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    """Instrument id to column: those given by name, and columns that are called like an instrument."""
    scales: dict[str, str] = {}
    for key, column in given.items():
        if key in LONG_FIELDS:
            continue
        instrument = instrument_named(key)
        if instrument is None:
            raise NotCsv(
                _(
                    "'{key}' is neither a field ({long_fields}) nor an instrument that is known: "
                    "`longlight instruments` lists them."
                ).format(key=key, long_fields=", ".join(LONG_FIELDS))
            )
        scales[instrument.id] = next(
            name for name in table.header if name.casefold() == column.casefold()
        )
    for name in table.header:
        instrument = None if name in taken else instrument_named(name)
        if instrument is not None and instrument.id not in scales:
            scales[instrument.id] = name
    return scales


def _long(table: CsvTable, columns: Mapping[str, str], dates: DateOrder) -> Mapped:
    absent = [key for key in ("name", "value") if key not in columns]
    if absent:
        raise NotCsv(
            _("No column is mapped to {absent}. The file has {header}.").format(
                absent=" and ".join(absent), header=", ".join(table.header)
            )
        )
    return Mapped(Layout.LONG, {key: columns[key] for key in LONG_FIELDS if key in columns}, dates)


def _wide(table: CsvTable, at: str, scales: Mapping[str, str], dates: DateOrder) -> Mapped:
    if not scales:
        raise NotCsv(
            _(
                "No column is called like an instrument: map one, such as phq-9=COLUMN. The file "
                "has {header}."
            ).format(header=", ".join(table.header))
        )
    return Mapped(Layout.WIDE, {"at": at, **scales}, dates)


def _one_person(table: CsvTable) -> list[str]:
    """A file of several people is refused whole: their scores must never end in one record."""
    for name in table.header:
        if name.casefold() not in PERSON_HEADERS:
            continue
        people = sorted({table.named(row)[name].strip() for row in table.rows} - {""})
        if len(people) > 1:
            raise NotCsv(
                ngettext(
                    "The column {name} names {count} person: give a file with one person's rows.",
                    "The column {name} names {count} people: give a file with one person's rows.",
                    len(people),
                ).format(name=name, count=len(people))
            )
        if people:
            return [
                _("The column {name} says {people}: see that it is this person.").format(
                    name=name, people=people[0]
                )
            ]
    return []


def _entries(row: CsvRow, cells: Mapping[str, str], mapped: Mapped) -> Iterator[Entry | RowOutcome]:
    try:
        moment = read_moment(cells[mapped.columns["at"]], mapped.dates)
    except ValueError as error:
        yield _refused(row.line, error.args[0])
        return
    if mapped.layout is Layout.LONG:
        yield _long_entry(row.line, cells, mapped, moment)
        return
    for instrument_id, column in mapped.columns.items():
        if instrument_id == "at" or not cells[column].strip():
            continue  # nothing was given that day
        instrument = instrument_named(instrument_id)
        assert instrument is not None
        yield _score(row.line, instrument, cells[column], moment)


def _refused(line: int, sentence: str) -> RowOutcome:
    told = in_words(sentence)
    ended = told if told.endswith(".") else f"{told}."
    return RowOutcome(line, Outcome.REFUSED, ended[0].upper() + ended[1:])


def _score(line: int, instrument: Instrument, cell: str, moment: Moment) -> Entry | RowOutcome:
    try:
        value = read_number(cell, _("{name} total").format(name=instrument.short_title))
        if value is None:
            return MissedEntry(line, instrument.id, moment.at.date())
        total = instrument.check_total(value)
    except ValueError as error:
        return _refused(line, error.args[0])
    clock = None if moment.day_only else moment.at.time()
    return ScoreEntry(
        line, instrument.id, instrument.version, moment.at.date(), clock, float(total)
    )


def _long_entry(
    line: int, cells: Mapping[str, str], mapped: Mapped, moment: Moment
) -> Entry | RowOutcome:
    said = {key: cells[column].strip() for key, column in mapped.columns.items()}
    said.setdefault("kind", "score")
    name = said["name"]
    if said["kind"].casefold() == "dose":
        return _dose(line, said, moment)
    instrument = instrument_named(name)
    if said["kind"].casefold() == "score" and name and instrument is None:
        return _refused(
            line,
            _("'{name}' is no instrument that is known: `longlight instruments` lists them").format(
                name=name
            ),
        )
    if said["kind"].casefold() != "score" or instrument is None:
        return _refused(line, _reason(said, moment))
    return _score(line, instrument, said["value"], moment)


def _reason(said: Mapping[str, str], moment: Moment) -> str:
    """What the shared reader says of a row that is neither a score nor a dose."""
    try:
        trajectory_of([{**said, "at": moment.at}])
    except RowsRefused as error:
        return error.problems[0].sentence
    return _("the row cannot be read")


def _dose(line: int, said: Mapping[str, str], moment: Moment) -> Entry | RowOutcome:
    try:
        point: DosePoint = trajectory_of([{**said, "at": moment.at}]).doses[0]
    except RowsRefused as error:
        return _refused(line, error.problems[0].sentence)
    if len(point.kind) > 60:
        return _refused(line, _("the treatment's name is longer than 60 characters: shorten it"))
    if point.dose_of_no_unit is not None:
        return _refused(line, _("a dose needs its unit in a record: write mg or mg/kg"))
    clock = None if moment.day_only else moment.at.time()
    return DoseEntry(line, point.kind, moment.at.date(), clock, point.dose_mg, point.dose_mg_per_kg)
