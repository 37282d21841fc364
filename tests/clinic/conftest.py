"""Installations for the tests that need processes of their own."""

from collections.abc import Iterator

import pytest
from tests.installation import Installation, install, uninstall


@pytest.fixture
def installation() -> Iterator[Installation]:
    """A fresh installation with its database migrated."""
    made = install()
    yield made
    uninstall(made)


@pytest.fixture(scope="module")
def shared_installation() -> Iterator[Installation]:
    """One installation for the tests of a module that do not mind each other."""
    made = install()
    yield made
    uninstall(made)
