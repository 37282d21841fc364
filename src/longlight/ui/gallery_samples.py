"""Made-up content for the gallery. No person here exists, and no value was measured."""

from longlight.ui.parts import (
    Column,
    Fact,
    InboxRow,
    LegendEntry,
    LinkRow,
    LogRow,
    MenuItem,
    PhaseStep,
    Priority,
    StripCell,
    Table,
    TimelineEntry,
    Vital,
)

scores = Table(
    "PHQ-9 scores, made up",
    (Column("Week of"), Column("PHQ-9", is_number=True), Column("Sessions that week")),
    (
        ("7 Sep", "22", "none"),
        ("14 Sep", "21", "2"),
        ("21 Sep", "16", "2"),
        ("28 Sep", "no answer", "2"),
        ("5 Oct", "9", "none"),
        ("12 Oct", "8", "none"),
    ),
)
facts = (
    Fact("Ride home", "Named"),
    Fact("Food", "Nothing to eat from 04:00", "Clinic rule, made up."),
    Fact("Phase", "Maintenance"),
)
timeline = (
    TimelineEntry("4 Nov", "Booster 1", is_dose=True),
    TimelineEntry("2 Nov", "Score 12"),
    TimelineEntry("26 Oct", "Sertraline 150 mg, corrected", replaced="100 mg"),
)
links = (
    LinkRow("Write in your journal", "#lists", "Private unless you share it"),
    LinkRow("Message the clinic", "#lists", "Answered on weekdays"),
)
tabs = (
    MenuItem("Overview", "#nav", is_current=True),
    MenuItem("Sessions", "#nav"),
    MenuItem("Measures", "#nav"),
)
approaches = ("As a medicine", "With talk therapy")
legend = (
    LegendEntry("line", "score"),
    LegendEntry("gap", "no answer"),
    LegendEntry("triangle", "session", "dose"),
    LegendEntry("triangle-hollow", "booster", "dose"),
    LegendEntry("dashed", "5 points under the start", "ink"),
    LegendEntry("band", "severe", "band-5"),
)
identity = (
    Fact("Born", "9 May 1992 (34)"),
    Fact("Record", "LL-0431"),
    Fact("Says", "they, them"),
    Fact("Allergy", "penicillin", is_alert=True),
    Fact("Approach", "With talk therapy"),
)
strip = (
    StripCell("2 open", "Safety inbox · oldest 38 min", "#staff", is_hot=True),
    StripCell("3 of 4", "Chairs in use"),
    StripCell("1", "Record to sign"),
)
inbox = (
    InboxRow(
        Priority.HIGH, "PHQ-9 item 9: several days", "Jonas Wren · LL-0389", "#staff",
        "38 min", "new", target="60", is_current=True,
    ),
    InboxRow(
        Priority.MEDIUM, "PHQ-9 up 6 since last session", "Mireille Haas · LL-0298", "#staff",
        "2 h 10", "claimed, J. Oyelaran", target="24 h",
    ),
    InboxRow(
        Priority.LOW, "Bladder question: some burning", "Ana Brook · LL-0412", "#staff",
        "09:40", "closed",
    ),
)  # fmt: skip
phases = (
    PhaseStep("Baseline", "checks done", "past"),
    PhaseStep("Dosing", "17:46 left", "now"),
    PhaseStep("Peak", "30 to 40 min"),
    PhaseStep("Recovery", "60 min"),
    PhaseStep("Clear to leave", "0 of 9"),
)
vitals = (
    Vital("BP", "168/98", "2 min ago", "bp"),
    Vital("HR", "90", "2 min ago", "hr"),
    Vital("SpO₂", "96", "2 min ago", "spo2"),
    Vital("Resp", "15", "2 min ago"),
)
events = (("nausea", "Nausea"), ("anxiety", "Anxiety"), ("antiemetic", "Antiemetic given"))
log = (
    LogRow("10:20", "168/98, HR 90, SpO₂ 96", correct_url="#monitor"),
    LogRow("10:15", "159/92, HR 88", replaced="195/92", correct_url="#monitor"),
    LogRow("10:00", "Start, by M. Castell"),
)

_POINTS = ((0, 22), (1, 21), (2, 16), (4, 9), (5, 8))
_MOST = 27


def _plot(width: int, height: int) -> str:
    """A small plot by hand, so that the frame can be looked at without the figures' floor."""
    left, bottom = 40, height - 30

    def place(week: int, score: int) -> tuple[float, float]:
        return left + 20 + week * (width - left - 50) / 5, bottom - score * (bottom - 30) / _MOST

    before = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (place(*p) for p in _POINTS[:3]))
    after = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (place(*p) for p in _POINTS[3:]))
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="var(--line-data)"/>'
        for x, y in (place(*point) for point in _POINTS)
    )
    gap_x, gap_y = place(3, 12)
    ticks = "".join(
        f'<text x="{left - 8}" y="{place(0, score)[1] + 5:.1f}" text-anchor="end" font-size="14px" '
        f'fill="var(--muted)">{score}</text>'
        for score in (0, 10, 20)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<text x="{left}" y="16" font-size="14px" fill="var(--muted)">PHQ-9 score (fewer symptoms ↓)</text>'
        f'<rect x="{left}" y="30" width="{width - left - 10}" height="{bottom - 30}" fill="var(--band-2)"/>{ticks}'
        f'<path d="{before}" fill="none" stroke="var(--line-data)" stroke-width="2.6"/>'
        f'<path d="{after}" fill="none" stroke="var(--line-data)" stroke-width="2.6"/>{dots}'
        f'<circle cx="{gap_x:.1f}" cy="{gap_y:.1f}" r="4.2" fill="none" stroke="var(--muted)" stroke-width="1.5" '
        f'stroke-dasharray="2 2"/><text x="{left + 20}" y="{bottom + 22}" font-size="14px" '
        f'fill="var(--muted)">7 Sep</text></svg>'
    )


plot_phone = _plot(321, 260)
plot_desk = _plot(660, 320)
