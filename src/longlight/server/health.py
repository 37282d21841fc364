"""Is the process alive; can it do its work?"""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from longlight.clinic.people.access import public


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else."""
    return JsonResponse({"status": "ok"})


@public
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and its migrations are all there."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (Error, OSError):
        return JsonResponse(
            {"status": "unavailable", "reason": "the database does not answer"}, status=503
        )
    if waiting:
        return JsonResponse(
            {"status": "unavailable", "reason": "migrations are waiting"}, status=503
        )
    return JsonResponse({"status": "ok"})
