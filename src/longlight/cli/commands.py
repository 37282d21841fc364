"""Which commands there are: a name, the module that holds it, one line of help, and the extra it needs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CommandEntry:
    module: str
    help: str
    extra: str | None = None


# The object in each module is called `command`.
COMMANDS: dict[str, CommandEntry] = {
    "instruments": CommandEntry("longlight.cli.instruments", "List rating scales, or show one."),
    "score": CommandEntry("longlight.cli.score", "Score answers to a rating scale."),
    "pk": CommandEntry("longlight.cli.pk", "Ketamine concentrations from published models."),
    "plot": CommandEntry("longlight.cli.plot", "Draw scores over time, with treatments marked."),
    "evidence": CommandEntry("longlight.cli.evidence", "Published trials and what they found."),
    "protocols": CommandEntry("longlight.cli.protocols", "Treatment protocols, versioned."),
    "screen": CommandEntry("longlight.cli.screen", "What screening findings allow."),
    "import-scores": CommandEntry(
        "longlight.cli.import_scores", "Take a patient's scores from a CSV file.", "clinic"
    ),
    "import-clinics": CommandEntry(
        "longlight.cli.import_clinics", "Take clinics into the directory.", "clinic"
    ),
    "texts": CommandEntry(
        "longlight.cli.texts", "Wording that the site may show by its own permission.", "clinic"
    ),
    "serve": CommandEntry("longlight.cli.serve", "Run the web server.", "clinic"),
    "worker": CommandEntry("longlight.cli.worker", "Send messages and run jobs.", "clinic"),
    "migrate": CommandEntry("longlight.cli.migrate", "Bring the database up to date.", "clinic"),
    "demo": CommandEntry(
        "longlight.cli.demo", "Fill a database with a synthetic clinic.", "clinic"
    ),
    "account": CommandEntry(
        "longlight.cli.account", "Invite the first administrator; change keys.", "clinic"
    ),
    "backup": CommandEntry("longlight.cli.backup", "Save a consistent copy of the data.", "clinic"),
    "restore": CommandEntry("longlight.cli.restore", "Bring a saved copy back.", "clinic"),
    "audit": CommandEntry("longlight.cli.audit", "Check the audit trail.", "clinic"),
}
