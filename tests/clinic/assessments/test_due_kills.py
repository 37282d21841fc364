"""`kill -9` of the worker while it plans, opens and sends: none is sent twice, none forgotten."""

from collections.abc import Iterator

import pytest
from tests.installation import Installation
from tests.kills.due import (
    LET_GO,
    SETUP,
    Watch,
    finish,
    kill,
    start_worker,
    what_is_kept,
    what_is_wrong,
)

PATIENTS, A_SLICE = 250, 200


@pytest.fixture
def watch(installation: Installation) -> Iterator[Watch]:
    installation.python(SETUP, str(PATIENTS))
    watching = Watch(installation)
    yield watching
    watching.stop()


def test_a_worker_killed_twice_sends_each_once_and_forgets_none(
    installation: Installation, watch: Watch
) -> None:
    killed = []
    for opened, sent in ((A_SLICE, 0), (PATIENTS, 20)):
        worker = start_worker(installation)
        watch.until(opened, sent, worker)
        killed.append(kill(worker))
        installation.python(LET_GO)
    assert killed == [True, True]
    finish(installation, watch, PATIENTS, patiently=False)
    kept = what_is_kept(installation)
    assert what_is_wrong(kept, PATIENTS) == {}


def test_the_check_itself_sees_what_is_doubled_or_forgotten() -> None:
    whole = {"planned": 9, "messages": 9, "patients written to twice": 0, "jobs not done": 0}
    assert what_is_wrong(whole, 9) == {}
    assert what_is_wrong(whole | {"messages": 10}, 9) == {"messages": 10}
    assert what_is_wrong(whole | {"planned": 8}, 9) == {"planned": 8}
    assert what_is_wrong(whole | {"patients written to twice": 1}, 9) != {}
