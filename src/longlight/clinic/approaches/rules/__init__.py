"""What may happen to an adoption."""

from django.utils.translation import ngettext

from longlight.science import protocols


class CannotAdopt(Exception):
    """The protocol cannot be adopted, or given up; the sentence says why."""


def reasons_not_to_adopt(*, unverified: int, has_signed_off: bool) -> list[str]:
    """`unverified`: how many of the protocol's numbers are a choice or recalled."""
    if unverified and not has_signed_off:
        return [
            ngettext(
                "{count} of this protocol's numbers is a choice or recalled: say that you have "
                "checked it.",
                "{count} of this protocol's numbers are a choice or recalled: say that you have "
                "checked them.",
                unverified,
            ).format(count=unverified)
        ]
    return []


def unverified_count(protocol: protocols.Protocol) -> int:
    """How many of a protocol's numbers are a choice or recalled, so that a prescriber must sign them off."""
    return sum(number.mark.needs_the_prescriber for number in protocols.sourced_numbers(protocol))
