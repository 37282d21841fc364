"""The product's settings, with one more page on which the kill tests write."""

from longlight.server.settings import *  # noqa: F403

ROOT_URLCONF = "tests.kills.site"
