"""Rating scales as data: definitions, wording where its licence allows, scores, bands, criteria of change.

A definition is one TOML file, versioned and hashed; every clinical number in it carries its source
and a mark that says how far it was checked.
"""

from longlight.science.instruments.catalogue import criteria, get, ids, versions
from longlight.science.instruments.criteria import (
    Change,
    Judgement,
    change,
    judge,
    reliable_change_points,
    response_status,
)
from longlight.science.instruments.definition import Criterion, Item, SafetyFlag
from longlight.science.instruments.errors import (
    AnswerRefused,
    ContextRefused,
    InstrumentError,
    TotalRefused,
    UnknownInstrument,
)
from longlight.science.instruments.indications import Indication, indications
from longlight.science.instruments.instrument import Instrument
from longlight.science.instruments.score import Score
from longlight.science.instruments.text import TextPack

__all__ = [
    "AnswerRefused",
    "Change",
    "ContextRefused",
    "Criterion",
    "Indication",
    "Instrument",
    "InstrumentError",
    "Item",
    "Judgement",
    "SafetyFlag",
    "Score",
    "TextPack",
    "TotalRefused",
    "UnknownInstrument",
    "change",
    "criteria",
    "get",
    "ids",
    "indications",
    "judge",
    "reliable_change_points",
    "response_status",
    "versions",
]
