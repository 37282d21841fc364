"""Fifty at one chair, through the real action, from five processes of ten threads: one wins, the others are told."""

import json
import uuid

from tests.installation import Installation

SET_UP = """
from tests.clinic.house import build
import json
house = build("harbor")
print(json.dumps({
    "clinic": str(house.clinic.pk), "account": str(house.desk.account_id),
    "chair": house.chairs[0].pk, "nurses": [nurse.pk for nurse in house.nurses],
}))
"""
ATTEMPT = """
import json, sys, threading, time, uuid
from datetime import timedelta
from django.db import connection
from tests.clinic.house import NOW, TEN
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.schedule.actions import book
from longlight.clinic.schedule.rules import Booking, CannotBook, Kind

house, begin, same = json.loads(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
viewer = Viewer(uuid.UUID(house["account"]), "Desk", Role.FRONT_DESK, uuid.UUID(house["clinic"]))
answers, gate = [], threading.Barrier(10)

def attempt(number):
    # Half name another nurse first: what is locked differs, the chair is the same.
    booking = Booking(
        uuid.UUID(same) if same else uuid.uuid4(), Kind.DOSING, TEN + timedelta(minutes=0 if same else number),
        timedelta(hours=2), frozenset({house["chair"], house["nurses"][0 if same else number % 2]}),
        called=f"Caller {number}",
    )
    gate.wait()
    time.sleep(max(0, begin - time.time()))
    started = time.monotonic()
    try:
        answer = str(book(viewer=viewer, at=NOW, booking=booking).pk)
    except CannotBook as refused:
        answer = "refused: " + str(refused)
    except Exception as fault:
        answer = "fault: " + repr(fault)
    answers.append((answer, time.monotonic() - started))
    connection.close()

threads = [threading.Thread(target=attempt, args=(number,)) for number in range(10)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(answers))
"""
COUNT = """
from longlight.clinic.schedule.models import Appointment, Hold
from longlight.clinic.record.models import AuditRow
print(Appointment.objects.count(), Hold.objects.count(), AuditRow.objects.filter(verb="appointment-booked").count())
"""


def attempt_fifty_times(installation: Installation, same: str = "") -> list[str]:
    import time

    house = installation.python("sys.path.insert(0, '.')\n" + SET_UP)
    begin = str(time.time() + 4)  # when all five are surely up
    crowd = [
        installation.start_python("sys.path.insert(0, '.')\n" + ATTEMPT, house, begin, same)
        for _ in range(5)
    ]
    answers = []
    for process in crowd:
        printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        answers += json.loads(printed)
    print("slowest answer:", max(seconds for _, seconds in answers), "s")
    return [answer for answer, _ in answers]


def test_of_fifty_at_one_chair_one_wins_and_the_others_get_a_sentence(
    installation: Installation,
) -> None:
    answers = attempt_fifty_times(installation)
    refused = [answer for answer in answers if answer.startswith("refused: ")]
    assert len(answers) == 50
    assert len(refused) == 49, answers
    assert all("Chair 1 is taken from 10:0" in answer for answer in refused)
    assert installation.python(COUNT) == "1 2 1"


def test_fifty_clicks_of_one_page_book_once_and_all_get_the_same_answer(
    installation: Installation,
) -> None:
    same = str(uuid.uuid4())
    answers = attempt_fifty_times(installation, same)
    # Each names another caller; who and when they are for is the first one's, and the same to all.
    assert answers == [same] * 50
    assert installation.python(COUNT) == "1 2 1"
