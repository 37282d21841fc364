"""The wording of an instrument: a text pack for one language, apart from the definition.

What a licence allows is shipped byte-exact, with its notice and a hash of the item texts. Everything
else is a pack that a site adds with its own permission, or is never shown.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from longlight.science.instruments.definition import Definition, ItemNumber, Points
from longlight.science.instruments.errors import DefinitionBroken, InstrumentError

Table = Mapping[str, Any]
PERMISSION_KEYS = ("reference", "granted_by", "date", "confirmed_by")


@dataclass(frozen=True)
class TextOption:
    code: str
    value: Points
    text: str


@dataclass(frozen=True)
class TextItem:
    number: ItemNumber
    text: str
    options: tuple[TextOption, ...]
    # Said before the question to whoever asks it.
    lead: str = ""


@dataclass(frozen=True)
class ExtraItem:
    """A question of the form that takes no part in the score (PHQ-9's difficulty)."""

    id: str
    text: str
    options: tuple[TextOption, ...]
    before: ItemNumber | None = None
    after: ItemNumber | None = None
    show_if: str = ""
    lead: str = ""
    # Only some prints of the form carry it (GAD-7's difficulty): asked when a clinic wants it.
    on_request: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether a page asks it by itself: one of the form's own, with answers to choose from."""
        return bool(self.options) and not self.show_if and not self.on_request


@dataclass(frozen=True)
class TextPack:
    """The wording of one version in one language, with its license, its notice and a hash."""

    instrument: str
    version: str
    language: str
    title: str
    instruction: str
    stem: str
    recall_period: str
    items: tuple[TextItem, ...]
    extra_items: tuple[ExtraItem, ...]
    notice: str
    licence_line: str
    # Of the item texts joined by newlines: a changed word is another version.
    sha256: str
    origin: str
    # A site's record of who allowed it: reference, granted_by, date, confirmed_by, expires.
    permission: Mapping[str, str]
    differences: tuple[str, ...]
    open_doubts: tuple[str, ...]

    def item(self, number: ItemNumber) -> TextItem:
        """The wording of one item, by its number on the form."""
        return next(item for item in self.items if item.number == number)

    def label_of(self, number: ItemNumber, value: Points) -> str:
        """The words of the answer that has this value; empty where several share it, or none has it."""
        labels = [option.text for option in self.item(number).options if option.value == value]
        return labels[0] if len(labels) == 1 else ""


def shipped_text(definition: Definition, language: str) -> TextPack | None:
    """The wording that comes with Longlight, or None where a licence does not allow it."""
    if definition.licence.text != "shipped" or not language.isalpha():
        return None
    return _shipped(definition.id, definition.version, language)


@cache
def _shipped(instrument_id: str, version: str, language: str) -> TextPack | None:
    folder = resources.files("longlight.science.instruments") / "texts"
    file = folder / f"{instrument_id}.{language}.toml"
    if not file.is_file():
        return None
    pack = _pack(tomllib.loads(file.read_text("utf-8")), "shipped")
    return pack if pack.version == version else None


def site_text_pack(raw: str, definition: Definition) -> TextPack:
    """A pack that a site adds: refused unless it fits the definition and says who allowed it."""
    try:
        pack = _pack(tomllib.loads(raw), "site")
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise DefinitionBroken(
            f"This text pack for {definition.id} cannot be read ({error}): "
            "compare it with the format page of text packs."
        ) from error
    _require_fit(pack, definition)
    if definition.licence.text == "numbers-only":
        raise InstrumentError(
            f"{definition.id} takes numbers only: its owners refuse to have the wording shown here."
        )
    lacking = [key for key in PERMISSION_KEYS if not pack.permission.get(key)]
    if lacking:
        raise InstrumentError(
            f"The text pack for {definition.id} does not say who allowed it: "
            f"fill in {', '.join(lacking)} under [permission]."
        )
    return pack


def _require_fit(pack: TextPack, definition: Definition) -> None:
    if (pack.instrument, pack.version) != (definition.id, definition.version):
        raise InstrumentError(
            f"This text pack is for {pack.instrument} version {pack.version}, "
            f"not for {definition.id} version {definition.version}."
        )
    texts = {item.number: item for item in pack.items}
    for item in definition.items:
        found = texts.get(item.number)
        wanted = {(option.code, option.value) for option in item.options}
        if found is None or {(option.code, option.value) for option in found.options} != wanted:
            raise InstrumentError(
                f"The text pack for {definition.id} does not fit item {item.number}: "
                "give its text and one line for each of its answers."
            )


def items_sha256(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _pack(table: Table, origin: str) -> TextPack:
    sets = {key: _options(rows) for key, rows in table.get("option_sets", {}).items()}
    items = tuple(
        TextItem(
            entry["number"],
            entry["text"],
            sets.get(entry.get("options", ""), ()),
            entry.get("lead", ""),
        )
        for entry in table["items"]
    )
    digest = items_sha256([item.text for item in items])
    if table.get("sha256", digest) != digest:
        raise ValueError(f"the item texts of {table['instrument']} do not match their sha256")
    return TextPack(
        instrument=table["instrument"],
        version=table["version"],
        language=table["language"],
        title=table["title"],
        instruction=table.get("instruction", ""),
        stem=table.get("stem", ""),
        recall_period=table["recall_period"],
        items=items,
        extra_items=tuple(_extra(entry, sets) for entry in table.get("extra_items", ())),
        notice=table["notice"],
        licence_line=table["licence_line"],
        sha256=digest,
        origin=origin,
        permission=table.get("permission", {}),
        differences=tuple(table.get("differences", ())),
        open_doubts=tuple(table.get("open_doubts", ())),
    )


def _options(rows: list[Table]) -> tuple[TextOption, ...]:
    return tuple(
        TextOption(row.get("code", str(row["value"])), row["value"], row["text"]) for row in rows
    )


def _extra(entry: Table, sets: Mapping[str, tuple[TextOption, ...]]) -> ExtraItem:
    return ExtraItem(
        id=entry["id"],
        text=entry["text"],
        options=sets.get(entry.get("options", ""), ()),
        before=entry.get("before"),
        after=entry.get("after"),
        show_if=entry.get("show_if", ""),
        lead=entry.get("lead", ""),
        on_request=entry.get("on_request", False),
    )
