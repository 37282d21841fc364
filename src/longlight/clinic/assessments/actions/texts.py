"""A site adds the wording of an instrument that it may show, with who allowed it, and takes it away again."""

import tomllib
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from longlight.clinic.assessments.models import SiteText
from longlight.clinic.assessments.queries import standing_text
from longlight.clinic.assessments.rules import CannotRecord, text_sha256
from longlight.clinic.record.actions import Pen, clinic_chain, writing
from longlight.clinic.record.rules import Actor
from longlight.science import instruments

# Wording is the installation's, not one clinic's: it has a chain of its own.
CHAIN = clinic_chain(uuid5(NAMESPACE_URL, "longlight:site-texts"))
LONGEST_CHARACTERS = 500_000


def add_site_text(*, toml: str, sha256: str, by: Actor, at: datetime) -> SiteText:
    """Add a text pack. The same one again, while it stands, is left as it is.

    `sha256` is the hash that whoever gave the pack tells for it; empty where none was told. Raises `CannotRecord`.
    """
    digest = text_sha256(toml)
    if sha256 and sha256.strip().casefold() != digest:
        raise CannotRecord(
            _(
                "The file is not the one whose hash was told: it has {digest}. Fetch it again."
            ).format(digest=digest)
        )
    instrument, fields = _read(toml, at.date())
    with writing(by=by, at=at) as pen:
        standing = standing_text(instrument.id, instrument.version)
        if standing is not None and standing.sha256 == digest:
            _note(pen, "site-text-added-again", standing)
            return standing
        text: SiteText = SiteText.objects.create(
            instrument_id=instrument.id, instrument_version=instrument.version, toml=toml,
            sha256=digest, added_at=at, added_by_name=by.name[:200], **fields,
        )  # fmt: skip
        _note(pen, "site-text-added", text)
    return text


def withdraw_site_text(*, text_id: UUID, because: str, by: Actor, at: datetime) -> SiteText:
    """Take a pack away: it is shown no more, and stays in the record. Raises `CannotRecord`."""
    if not because.strip():
        raise CannotRecord(_("Say why it is taken away."))
    with writing(by=by, at=at) as pen:
        text: SiteText | None = SiteText.objects.select_for_update().filter(pk=text_id).first()
        if text is None:
            raise CannotRecord(_("There is no such wording: `longlight texts list` tells the ids."))
        if text.withdrawn_at is None:
            text.withdrawn_at, text.withdrawn_because = at, because.strip()[:400]
            text.save(update_fields=["withdrawn_at", "withdrawn_because"])
        _note(pen, "site-text-withdrawn", text)
    return text


def _read(toml: str, today: date) -> tuple[instruments.Instrument, dict[str, object]]:
    if len(toml) > LONGEST_CHARACTERS:
        raise CannotRecord(_("The file is too long to be the wording of one instrument."))
    try:
        said = tomllib.loads(toml)
        name, version = said["instrument"], said["version"]
        instrument = instruments.get(str(name), str(version))
        pack = instrument.site_text(toml)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotRecord(
            _(
                "The file cannot be read as a text pack ({error}): compare it with the page on "
                "text packs."
            ).format(error=error)
        ) from None
    except instruments.InstrumentError as error:
        raise CannotRecord(str(error)) from None
    if instrument.text(pack.language) is not None:
        raise CannotRecord(
            _("{instrument} comes with its wording: it needs no pack.").format(
                instrument=instrument.id
            )
        )
    granted, expires = _day(pack.permission, "date"), _day(pack.permission, "expires")
    if granted is None or granted > today:
        raise CannotRecord(_("Write the day of the permission as 2026-03-03; it cannot lie ahead."))
    if expires is not None and expires < today:
        raise CannotRecord(
            _("The permission ended on {expires}: ask its owner for a new one.").format(
                expires=expires
            )
        )
    return instrument, {
        "language": pack.language[:8],
        "licence_line": pack.licence_line,
        "reference": pack.permission["reference"][:400],
        "granted_by": pack.permission["granted_by"][:200],
        "confirmed_by": pack.permission["confirmed_by"][:200],
        "granted_on": granted,
        "expires_on": expires,
    }


def _day(permission: object, key: str) -> date | None:
    assert isinstance(permission, dict)
    said = permission.get(key)
    if said in (None, ""):
        return None
    try:
        return said if type(said) is date else date.fromisoformat(str(said))
    except ValueError:
        raise CannotRecord(
            _("Write the permission's {key} as 2026-03-03, not {said}.").format(key=key, said=said)
        ) from None


def _note(pen: Pen, verb: str, text: SiteText) -> None:
    pen.note(
        verb, chain=CHAIN, object_kind="site-text", object_id=text.pk,
        instrument=text.instrument_id, sha256=text.sha256,
    )  # fmt: skip
