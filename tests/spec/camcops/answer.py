"""Asks CamCOPS (GPL) for scores of made-up answers, and prints them as CSV.

CamCOPS is another implementation of many of these scales. It is no dependency of Longlight and none
of its code is here: this runs in an environment of its own, outside the repository, and only the
table that it prints is kept, as `answers.csv`. How it was made:

    python3.10 -m venv /tmp/camcops
    /tmp/camcops/bin/pip install camcops-server==2.4.24 'setuptools<80'
    /tmp/camcops/bin/python tests/spec/camcops/answer.py > tests/spec/camcops/answers.csv
"""

import csv
import importlib
import random
import sys
from unittest.mock import MagicMock

# ImageMagick is only needed for photographs.
sys.modules["wand"] = sys.modules["wand.image"] = MagicMock()

ROWS = 40
SEED = 20261123
FOUR, FIVE = [0, 1, 2, 3], [0, 1, 2, 3, 4]
HAMD_SHORT = {4, 5, 6, 12, 13, 14, 16, 17}
COUNTS = range(13, 19)

# Instrument: module, class, the values of each item, and what else to ask for beside the total.
TASKS = {
    "phq-9": ("phq9", "Phq9", [FOUR] * 9, ["severity"]),
    "gad-7": ("gad7", "Gad7", [FOUR] * 7, ["severity"]),
    "phq-15": ("phq15", "Phq15", [[0, 1, 2]] * 15, ["severity"]),
    "hamd-17": (
        "hamd",
        "Hamd",
        [[0, 1, 2] if n in HAMD_SHORT else FIVE for n in range(1, 18)],
        ["severity"],
    ),
    "cesd-r": ("cesdr", "Cesdr", [FIVE] * 20, []),
    "shaps": ("shaps", "Shaps", [FOUR] * 14, []),
    "wsas": ("wsas", "Wsas", [list(range(9))] * 5, []),
    "pcl-5": ("pcl5", "Pcl5", [FIVE] * 20, ["ptsd"]),
    "audit": ("audit", "Audit", [FIVE] * 8 + [[0, 2, 4]] * 2, []),
    "audit-c": ("audit", "AuditC", [FIVE] * 3, []),
    "y-bocs": ("ybocs", "Ybocs", [FIVE] * 10, ["obsession_score", "compulsion_score"]),
    "ede-q": (
        "edeq",
        "Edeq",
        [list(range(29)) if n in COUNTS else list(range(7)) for n in range(1, 29)],
        ["restraint", "eating_concern", "shape_concern", "weight_concern"],
    ),
    "bprs-plus": ("bprs", "Bprs", [[1, 2, 3, 4, 5, 6, 7]] * 4, []),
}
BPRS_NUMBERS = [4, 11, 12, 15]


def filled(instrument, answers):
    module, class_name, _, _ = TASKS[instrument]
    task = getattr(importlib.import_module(f"camcops_server.tasks.{module}"), class_name)()
    numbers = BPRS_NUMBERS if instrument == "bprs-plus" else range(1, len(answers) + 1)
    for number, answer in zip(numbers, answers, strict=True):
        setattr(task, f"q{number}", answer)
    if instrument == "hamd-17":
        task.whichq16, task.q16a = 0, answers[15]
    if instrument == "wsas":
        task.retired_etc = answers[0] is None
    return task


def total_of(task):
    return task.global_score() if hasattr(task, "global_score") else task.total_score()


def named(task, what):
    found = getattr(task, what)
    if what != "severity":
        return found()
    task.wxstring = lambda _request, name, *_: name
    request = MagicMock()
    request.sstring = lambda name: getattr(name, "name", name)
    return str(found(request)).removeprefix("severity_").lower()


def random_answers(instrument, chance, row):
    values = TASKS[instrument][2]
    # Rows lean low, high, or neither, so that every band is met.
    lean = row % 4
    answers = []
    for options in values:
        cut = max(1, len(options) // 2)
        pool = {0: options[:cut], 1: options[-cut:]}.get(lean, options)
        answers.append(chance.choice(pool))
    if instrument == "wsas" and row % 3 == 0:
        answers[0] = None
    return answers


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["instrument", "answers", "total", "also"])
    for instrument, (_, _, _, extra) in TASKS.items():
        chance = random.Random(f"{SEED} {instrument}")
        for row in range(ROWS):
            answers = random_answers(instrument, chance, row)
            task = filled(instrument, answers)
            also = ";".join(f"{what}={named(task, what)}" for what in extra)
            text = " ".join("-" if answer is None else str(answer) for answer in answers)
            out.writerow([instrument, text, total_of(task), also])


if __name__ == "__main__":
    main()
