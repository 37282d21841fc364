"""Two clinics. Imported late: a conftest is read before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.clinic.house import House


@pytest.fixture
def harbor(db: None) -> "House":
    from tests.clinic.house import build

    return build("harbor")


@pytest.fixture
def alder(db: None) -> "House":
    from tests.clinic.house import build

    return build("alder")
