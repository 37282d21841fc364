"""Django's settings, made from the environment (see `environment.py`, where every variable is told)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

from longlight.server.environment import read_environment
from longlight.server.keys import key
from longlight.server.languages import languages, require_language

ENVIRONMENT = read_environment()
HOME = ENVIRONMENT.home.absolute()
KEYS = HOME / "keys"
PRODUCTION = ENVIRONMENT.mode == "production"
TLS = ENVIRONMENT.tls != "none"
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = key("secret", ENVIRONMENT.secret_key, KEYS)
AUDIT_KEY = key("audit", ENVIRONMENT.audit_key, KEYS)
FIELD_KEY = key("field", ENVIRONMENT.field_key, KEYS)
# The newest seals, any opens: see `people.sealing`.
FIELD_KEYS = [
    FIELD_KEY,
    *([_before.get_secret_value()] if (_before := ENVIRONMENT.field_key_before) else []),
]
ALLOWED_HOSTS = ENVIRONMENT.hosts
# Where people reach the site: jobs write it into messages, where no request tells it.
SITE_ADDRESS = (
    f"https://{ALLOWED_HOSTS[0]}" if TLS else f"http://{ALLOWED_HOSTS[0]}:{ENVIRONMENT.port}"
)
ROOT_URLCONF = "longlight.server.urls"
WSGI_APPLICATION = "longlight.server.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_htmx",
    "longlight.ui",
    "longlight.clinic",
    # After the clinic, whose templates take the place of the library's.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "longlight.server.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "longlight.ui.shelf.ShelfMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Figures stand inside the page as text. Django pads each answer at random, so that its length tells nothing.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "longlight.ui.middleware.AlwaysThereMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "longlight.clinic.people.middleware.ViewerMiddleware",
    # After the viewer: a refused page answers the same whether a form came with its token or without.
    "django.middleware.csrf.CsrfViewMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "longlight.ui.context.page",
                "longlight.clinic.people.context.visitor",
                "longlight.clinic.desks.menus.menus",
            ],
        },
    }
]
# What the service worker sends answers with, in the order in which one needs the other.
OUTBOX_SCRIPTS = ("assessments/outbox.js", "assessments/sending.js")
FORM_RENDERER = "longlight.ui.forms.Renderer"
CSRF_FAILURE_VIEW = "longlight.ui.errors.csrf_failure"


def _database() -> dict[str, Any]:
    if ENVIRONMENT.database_url.startswith("postgres"):
        config: dict[str, Any] = dict(dj_database_url.parse(ENVIRONMENT.database_url))
        config["CONN_MAX_AGE"] = 0
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": ENVIRONMENT.threads + 2, "timeout": 5},
            # What `record.prepared` asks to be kept is kept by the server, planned; without a number it never is.
            "prepare_threshold": 5,
        }
        return config
    name = ENVIRONMENT.database_url.removeprefix("sqlite:///") or str(HOME / "longlight.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        # Each serving thread keeps its connection: to open one costs more than most of what is asked of it.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # What is acknowledged is on disk: WAL with a sync at every commit. IMMEDIATE: no lock is upgraded midway.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "clinic.Account"

COLLECTED = ENVIRONMENT.static_files == "collected"
# Limits and used codes live in the database: a cache in one process's memory would let a code in twice.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Parts of public pages that are the same for everyone. Where files lie in place, they may change.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends."
        + ("locmem.LocMemCache" if COLLECTED else "dummy.DummyCache"),
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# All mail goes into the outbox, in its sender's transaction; `longlight worker` sends it.
EMAIL_BACKEND = "longlight.clinic.contact.mailbox.OutboxBackend"
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
WHITENOISE_USE_FINDERS = not COLLECTED

# A clinic's own catalogs come before those that are shipped.
LOCALE_PATHS = [HOME / "locale", PACKAGE / "ui" / "locale"]
LANGUAGES = languages(LOCALE_PATHS)
LANGUAGE_CODE = require_language(ENVIRONMENT.language, LANGUAGES)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

_NONE, _SELF = "'none'", "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_NONE],
        "script-src": [_SELF],
        "style-src": [_SELF],
        "img-src": [_SELF],
        "font-src": [_SELF],
        "connect-src": [_SELF],
        "manifest-src": [_SELF],
        "worker-src": [_SELF],
        "form-action": [_SELF],
        "base-uri": [_NONE],
        "frame-ancestors": [_NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "longlight.clinic.people.session_store"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
if TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = (
        31_536_000,
        True,
        True,
    )
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
_OUR_VALIDATION = "longlight.clinic.people.passwords"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_OUR_VALIDATION}.LongestValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_OUR_VALIDATION}.ContextWordsValidator"},
]
# A path is right or it is not there: sending "/people" on to "/people/" would tell that it exists.
APPEND_SLASH = False

# Sign-in: django-allauth, without signing up and without anybody else's accounts. See docs/decisions/0060-sign-in.md.
STAFF_IDLE_MIN = ENVIRONMENT.staff_idle_min
PATIENT_IDLE_MIN = ENVIRONMENT.patient_idle_min
AUTHENTICATION_BACKENDS = ["longlight.clinic.people.backend.AccountBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "people-start", "/"
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
ACCOUNT_ADAPTER = "longlight.clinic.people.adapters.AccountAdapter"
_FORMS = "longlight.clinic.people.forms"
ACCOUNT_FORMS = {"login": f"{_FORMS}.SignInForm", "reauthenticate": f"{_FORMS}.ProofForm"}
MFA_FORMS = {
    "add_webauthn": f"{_FORMS}.PasskeyForm",
    "login_webauthn": f"{_FORMS}.PasskeySignInForm",
    "authenticate_webauthn": f"{_FORMS}.PasskeySecondForm",
    "reauthenticate_webauthn": f"{_FORMS}.PasskeyProofForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = (
    "none"  # an invitation is mailed, so taking it up has shown the address
)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 3 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED, ACCOUNT_REAUTHENTICATION_TIMEOUT = True, 5 * 60
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip"}
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser, and after 12 hours anyway
MFA_ADAPTER = "longlight.clinic.people.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ids-only": {"()": "longlight.server.logs.IdsOnlyFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "formatter": "ids-only",
            "stream": "ext://sys.stdout",
        }
    },
    "root": {"handlers": ["stdout"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Every request has its own line (`logs.RequestLogMiddleware`): Django's would repeat it, path and all.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
    },
}

os.umask(0o077)
