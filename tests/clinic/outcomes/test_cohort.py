"""A cohort counts who began, who is missing, and who got better, with intervals; small numbers stay hidden."""

from datetime import timedelta

import pytest
from django.urls import reverse
from scipy.stats import binomtest
from tests.cast import Cast
from tests.clinic.followup.test_followup import first_dose, score
from tests.walk import TODAY

from longlight.clinic.outcomes.queries import cohort_table
from longlight.clinic.outcomes.rules import Group, is_small
from longlight.clinic.record.models import AuditRow
from longlight.science.outcomes import rate_of

AFTER = TODAY + timedelta(days=60)


@pytest.mark.parametrize(("count", "of"), [(0, 1), (1, 1), (7, 12), (41, 63), (300, 537)])
def test_intervals_are_scipys(count: int, of: int) -> None:
    ours = rate_of(count, of).interval
    theirs = binomtest(count, of).proportion_ci(method="wilson")
    assert ours is not None
    assert float(ours.low) == pytest.approx(100 * theirs.low, abs=0.0501)
    assert float(ours.high) == pytest.approx(100 * theirs.high, abs=0.0501)


def test_a_count_or_its_remainder_may_be_small() -> None:
    assert is_small(3, 100, 11)
    assert is_small(95, 100, 11)
    assert not is_small(0, 100, 11)
    assert not is_small(50, 100, 11)


def counts(cast: Cast, role: str = "director") -> dict[Group, int | None]:
    row = cohort_table(viewer=getattr(cast, role).viewer, today=AFTER)[0]
    return {cell.group: cell.count for cell in row.cells}


@pytest.mark.django_db
def test_a_course_is_missing_until_it_has_both_scores(cast: Cast) -> None:
    first_dose(cast)
    assert (counts(cast)[Group.STARTED], counts(cast)[Group.MISSING]) == (1, 1)
    score(cast, TODAY, 20)
    score(cast, TODAY + timedelta(days=14), 4)
    found = counts(cast)
    assert (found[Group.MISSING], found[Group.SCORED]) == (0, 1)
    assert (found[Group.RESPONSE], found[Group.REMISSION]) == (1, 1)
    assert cohort_table(viewer=cast.nurse_of_b.viewer, today=AFTER) == ()


@pytest.mark.django_db
def test_a_researcher_gets_no_small_number_and_no_list(cast: Cast) -> None:
    first_dose(cast)
    assert counts(cast, "researcher")[Group.STARTED] != 0
    assert counts(cast, "researcher")[Group.MISSING] != 1
    listed = reverse("outcomes-behind", args=["iv-twice-weekly", "started"])
    assert cast.researcher.client().get(listed).status_code == 404
    assert cast.patient.patient.name in cast.director.client().get(listed).content.decode()
    assert AuditRow.objects.filter(details={"purpose": "outcomes"}).count() == 1
    assert cast.director.client().get(reverse("outcomes")).status_code == 200
    told = cast.researcher.client().get(reverse("outcomes-csv")).content.decode()
    assert "withheld" in told
