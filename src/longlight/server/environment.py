"""Every environment variable: its type, its default, and a sentence that says what it is for.

`longlight.server.settings` reads them once, at the start; a wrong one stops the start with a sentence.
`docs/reference/environment.md` is made from this file.
"""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MINIMUM_SECRET_CHARACTERS = 50


class WrongEnvironment(Exception):
    """One or more variables cannot be used; the message has a line for each."""


class Environment(BaseSettings):
    """The variables. All but `DATABASE_URL` begin with `LONGLIGHT_`."""

    model_config = SettingsConfigDict(env_prefix="LONGLIGHT_", extra="ignore", frozen=True)

    home: Path = Field(
        default=Path("var"),
        description="Folder for what a running installation keeps: database, keys, outgoing messages.",
    )
    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL as postgresql://user:password@host/name; empty is SQLite in LONGLIGHT_HOME.",
    )
    mode: Literal["development", "production"] = Field(
        default="development",
        description="production refuses to start without TLS, a stated host and strong keys.",
    )
    hosts: Annotated[list[str], NoDecode] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Names under which the site is reached, with commas between.",
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="Port that `longlight serve` listens on."
    )
    bind: str = Field(
        default="127.0.0.1",
        description="Address that `longlight serve` listens on; a proxy stands before it.",
    )
    tls: Literal["none", "proxy"] = Field(
        default="none",
        description="proxy when a reverse proxy ends TLS; without TLS passkeys and offline pages work on localhost only.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How many proxies of yours stand before the server; the visitor's address is read accordingly.",
    )
    workers: int = Field(default=2, ge=1, le=64, description="Serving processes.")
    threads: int = Field(default=4, ge=1, le=64, description="Threads in each serving process.")
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs sessions and links; empty makes one on first start and keeps it in LONGLIGHT_HOME/keys.",
    )
    audit_key: SecretStr | None = Field(
        default=None,
        description="Keys the audit chain; empty makes one on first start and keeps it in LONGLIGHT_HOME/keys.",
    )
    field_key: SecretStr | None = Field(
        default=None,
        description="Encrypts second-factor secrets and private texts; empty makes one and keeps it in LONGLIGHT_HOME/keys.",
    )
    field_key_before: SecretStr | None = Field(
        default=None,
        description="The field key before this one, while `longlight account reseal` seals everything anew.",
    )
    email_url: str = Field(
        default="file:",
        description="How mail leaves: smtp://user:password@host:587 (STARTTLS; on this machine only with ?starttls=yes), smtps://, console:, or file: (LONGLIGHT_HOME/mail).",
    )
    email_from: str = Field(
        default="Longlight <no-reply@localhost>", description="Sender of the mail that goes out."
    )
    sms_backend: Literal["console", "file"] = Field(
        default="file",
        description="How text messages leave: console, or file (LONGLIGHT_HOME/sms).",
    )
    staff_idle_min: int = Field(
        default=10, ge=1, le=60, description="Minutes without activity before a staff screen locks."
    )
    patient_idle_min: int = Field(
        default=30,
        ge=1,
        le=120,
        description="Minutes without activity before a patient is signed out.",
    )
    static_files: Literal["in-place", "collected"] = Field(
        default="in-place",
        description="Whether files for the browser are read where they lie, or hashed and compressed from LONGLIGHT_HOME; `longlight serve` collects them and sets this.",
    )
    country: Literal["US"] = Field(
        default="US", description="Which crisis lines the crisis page names."
    )
    language: str = Field(
        default="en",
        description="Language of the pages where a browser asks for none that is here; en, or one with a catalog in LONGLIGHT_HOME/locale.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe level that is logged; logs carry ids only."
    )

    @field_validator("home", mode="before")
    @classmethod
    def _named_folder(cls, value: object) -> object:
        if value == "":
            raise ValueError("name a folder, or leave the variable out")
        return value

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()]
            if isinstance(value, str)
            else value
        )

    @field_validator("hosts")
    @classmethod
    def _no_wildcard(cls, value: list[str]) -> list[str]:
        if not value or "*" in value:
            raise ValueError("name each host; '*' and an empty list are not allowed")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("postgres://", "postgresql://", "sqlite:///")):
            raise ValueError("begin with postgresql:// or sqlite:///, or leave it empty for SQLite")
        return value

    @field_validator("email_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if not value.startswith(("smtp://", "smtps://", "console:", "file:")):
            raise ValueError("begin with smtp://, smtps://, console: or file:")
        return value

    @field_validator("language")
    @classmethod
    def _code(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value):
            raise ValueError("give the language's code, such as en, es or pt-br")
        return value

    @field_validator("secret_key", "audit_key", "field_key", "field_key_before")
    @classmethod
    def _strong(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        text = value.get_secret_value()
        if len(text) < MINIMUM_SECRET_CHARACTERS or len(set(text)) < 10:
            raise ValueError(f"use at least {MINIMUM_SECRET_CHARACTERS} random characters")
        return value


def variable_name(field: str) -> str:
    """The name of the environment variable behind a field."""
    alias = Environment.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"LONGLIGHT_{field.upper()}"


def read_environment() -> Environment:
    """Read and check all variables. Raises `WrongEnvironment`, a line for each that is wrong."""
    try:
        return Environment()
    except ValidationError as error:
        raise WrongEnvironment(
            "\n".join(_sentence(problem) for problem in error.errors())
        ) from None


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    field = str(problem["loc"][0])
    name = field if field in {"DATABASE_URL"} else variable_name(field)
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name} cannot be used: {message[0].lower()}{message[1:]}."
