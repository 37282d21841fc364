"""The cohort table as CSV, with the same numbers withheld."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from longlight.clinic.outcomes.queries import Cell, cohort_table
from longlight.clinic.outcomes.views.staff import SEES_TABLE
from longlight.clinic.people.access import ClinicRequest, roles
from longlight.exchange.csv_text import write_table

HEADER = ("protocol", "group", "count", "of", "percent", "low_percent", "high_percent")


@require_safe
@roles(*SEES_TABLE)
def outcomes_csv(request: ClinicRequest) -> HttpResponse:
    rows = cohort_table(viewer=request.viewer, today=timezone.localdate())
    text = write_table(HEADER, [_line(row.protocol_id, c) for row in rows for c in row.cells])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
    return response


def _line(protocol_id: str, cell: Cell) -> list[str]:
    count = "withheld" if cell.count is None else str(cell.count)
    rate = cell.rate
    if rate is None or rate.interval is None:
        return [protocol_id, cell.group.value, count, "", "", "", ""]
    return [
        protocol_id,
        cell.group.value,
        count,
        str(rate.of),
        f"{rate.percent:.1f}",
        str(rate.interval.low),
        str(rate.interval.high),
    ]
