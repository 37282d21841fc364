"""The door for a WSGI server.

It is loaded once, and the serving processes part from the one that did (see `longlight serve`). So everything that a
request needs is loaded here, and nothing is opened: a connection or a thread must not be shared across a fork.
"""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longlight.server.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)
# What is loaded stays for good: no collection looks at it again, and its memory goes on being shared.
gc.collect()
gc.freeze()
