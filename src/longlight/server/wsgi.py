"""The door for a WSGI server.

It is loaded once, and the serving processes part from the one that did (see `longlight serve`). So everything that a
request needs is loaded here, and nothing is opened: a connection or a thread must not be shared across a fork.
"""

import gc
import os
from importlib import import_module

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch


class Handler(WSGIHandler):
    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """The page that is asked for. Whoever found out who may open it has found it already (`people.middleware`)."""
        found: ResolverMatch = request.resolver_match or super().resolve_request(request)
        return found


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longlight.server.settings")
django.setup(set_prefix=False)
application = Handler()
import_module(settings.ROOT_URLCONF)
# What is loaded stays for good: no collection looks at it again, and its memory goes on being shared.
gc.collect()
gc.freeze()
