"""Brings Django up for the commands that need it, and only for those."""

import os

from longlight.cli.main import Refusal


def start_django() -> None:
    """Read the environment and set Django up. A wrong variable is a `Refusal` that names it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longlight.server.settings")
    import django

    # By its module path: the command line stands beside the server, and settings are named, not imported.
    from django.utils.module_loading import import_string

    try:
        import_string("longlight.server.environment.read_environment")()
        django.setup()  # which reads the settings: they may find more that is wrong
    except import_string("longlight.server.environment.WrongEnvironment") as error:
        raise Refusal(str(error)) from None
    except OSError as error:
        raise Refusal(
            f"LONGLIGHT_HOME cannot be used ({error.filename}: {error.strerror}): "
            "name a folder in which you may write."
        ) from None
