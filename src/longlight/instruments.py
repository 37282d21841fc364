"""Rating scales, for a notebook: `longlight.instruments.get("phq-9").score([1, 2, 0, 1, 1, 0, 2, 1, 0])`."""

from longlight.science.instruments import (
    AnswerRefused,
    ContextRefused,
    Criterion,
    Instrument,
    InstrumentError,
    Item,
    SafetyFlag,
    Score,
    TotalRefused,
    UnknownInstrument,
    criteria,
    get,
    ids,
    versions,
)

__all__ = [
    "AnswerRefused",
    "ContextRefused",
    "Criterion",
    "Instrument",
    "InstrumentError",
    "Item",
    "SafetyFlag",
    "Score",
    "TotalRefused",
    "UnknownInstrument",
    "criteria",
    "get",
    "ids",
    "versions",
]
