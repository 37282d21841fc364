"""How far a piece of clinical knowledge was checked. Every number in a data file carries one of these."""

from enum import StrEnum


class Mark(StrEnum):
    """How a value was come by, from the strongest to the weakest."""

    READ = "read"
    """Seen in the source that is named beside it."""
    READ_SECONDARY = "read-secondary"
    """Seen as somebody's transcription of the source."""
    DERIVED = "derived"
    """Arithmetic from marked values."""
    INFERRED = "inferred"
    """Follows from what was read, by argument."""
    CHOICE = "choice"
    """An engineering decision of this project: change it with a reason."""
    RECALLED = "recalled"
    """Not seen: to be checked before a patient or a gate depends on it."""

    @property
    def may_be_shown_as_fact(self) -> bool:
        """A patient is shown only what somebody has seen."""
        return self in (Mark.READ, Mark.READ_SECONDARY)

    @property
    def needs_the_prescriber(self) -> bool:
        """A gate that rests on this says so to the prescriber who adopts it."""
        return self in (Mark.RECALLED, Mark.CHOICE)
