"""Where sessions are kept: Django's own table and class. Every request reads one, so the query is worked out once."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from longlight.clinic.record.prepared import Prepared

_STANDING = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    key=str,
    now=datetime,
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        found = (
            _STANDING.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        )
        if found is None:
            self._session_key = None
        return found
