"""What can be wrong with what somebody gave us, told in one sentence that says what to do."""


class InstrumentError(ValueError):
    """Input that an instrument cannot take. Its text is a sentence for the person who gave it."""


class UnknownInstrument(InstrumentError):
    """No definition has this id or version."""


class AnswerRefused(InstrumentError):
    """An answer, or a row of answers, that the instrument does not allow."""


class TotalRefused(InstrumentError):
    """A plain total that this instrument can never give."""


class ContextRefused(InstrumentError):
    """A fact about the person or the moment that the instrument does not know or cannot read."""


class DefinitionBroken(InstrumentError):
    """A definition file or a text pack that contradicts itself."""
