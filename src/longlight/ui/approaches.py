"""What the public home says of the three approaches: the same questions for each, answers of like length.

Every number was read in the source it cites (an abstract where the source says so). The decision aid, which will
compare them in full from `science.evidence`, replaces the numbers here when it stands.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from longlight.ui.parts import Certainty


@dataclass(frozen=True)
class Source:
    """A paper, where it can be found if that was checked, and how much of it was read."""

    number: int
    citation: str
    address: str
    read: str | Promise

    @property
    def anchor(self) -> str:
        return f"s{self.number}"


@dataclass(frozen=True)
class Answer:
    """One answer of one approach, with how sure it is and where it comes from."""

    text: str | Promise
    certainty: Certainty | None = None
    note: str | Promise = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Approach:
    """A way to work with ketamine. `answers` follow the order of `QUESTIONS`."""

    key: str
    title: str | Promise
    tagline: str | Promise
    answers: tuple[Answer, ...]

    @property
    def art(self) -> str:
        return f"ui/art/approach-{self.key}.html"

    @property
    def rows(self) -> list[tuple[str | Promise, Answer]]:
        return list(zip(QUESTIONS, self.answers, strict=True))


QUESTIONS = (
    _("What happens"),
    _("How often and how long"),
    _("Studied in"),
    _("What is known"),
    _("What can go wrong"),
    _("Not known"),
    _("What drives the cost"),
    _("Legal status (US)"),
)

_ABSTRACT = _("from the abstract")
SOURCES = (
    Source(
        1,
        "Dean RL et al. Cochrane Database Syst Rev 2021;9:CD011612",
        "https://doi.org/10.1002/14651858.CD011612.pub3",
        _("from the tables of findings"),
    ),
    Source(
        2,
        "Wilkinson ST et al. Psychother Psychosom 2021;90:318–327",
        "",
        _ABSTRACT,
    ),
    Source(
        3,
        "Bhatt KV et al. Psychedelic Med 2024",
        "https://doi.org/10.1089/psymed.2024.0040",
        _ABSTRACT,
    ),
    Source(
        4,
        "Aust S et al. Eur Neuropsychopharmacol 2019;29:529–538",
        "https://doi.org/10.1016/j.euroneuro.2019.02.005",
        _ABSTRACT,
    ),
    Source(
        5,
        "Blood pressure changes during ketamine infusion for the treatment of depression. Gen Hosp Psychiatry 2024",
        "https://doi.org/10.1016/j.genhosppsych.2024.07.001",
        _ABSTRACT,
    ),
    Source(
        6,
        "Krupitsky E et al. J Subst Abuse Treat 2002;23:273–283",
        "https://doi.org/10.1016/S0740-5472(02)00275-1",
        _ABSTRACT,
    ),
    Source(
        7,
        "Singh JB et al. Am J Psychiatry 2016 (dose-frequency study)",
        "https://doi.org/10.1176/appi.ajp.2016.16010037",
        _("the design"),
    ),
)

_OFF_LABEL = _("Off label: approved as an anesthetic, not for any mental health condition.")

APPROACHES = (
    Approach(
        "medicine",
        _("As a medicine"),
        _("The drug is expected to do the work."),
        (
            Answer(
                _(
                    "You receive ketamine, most often by drip. Staff watch your blood pressure and breathing. "
                    "There is little talk."
                )
            ),
            Answer(
                _(
                    "In studies, two or three visits a week for two to four weeks. Then visits further apart, "
                    "if they help."
                ),
                note=_("One dose-frequency study."),
                sources=(7,),
            ),
            Answer(
                _(
                    "Adults whose depression had not eased with other treatment. Most of the research is here."
                )
            ),
            Answer(
                _(
                    "One day after a single dose, 47 of 100 people had symptoms at least halved, and 26 of 100 "
                    "on a comparison drug."
                ),
                Certainty.VERY_LOW,
                _("Cochrane review, four trials, 296 people."),
                (1,),
            ),
            Answer(
                _(
                    "Feeling detached, dizzy or sick for a while. Blood pressure rises; severely in about "
                    "1 of 100 sessions."
                ),
                note=_("One clinic, 2,342 infusions."),
                sources=(5,),
            ),
            Answer(_("How long to go on, and what happens over years.")),
            Answer(_("The number of visits, and how often you return.")),
            Answer(_OFF_LABEL, note=_("A related nasal spray, esketamine, is approved.")),
        ),
    ),
    Approach(
        "therapy",
        _("With talk therapy"),
        _("The drug is meant to make therapy work better."),
        (
            Answer(
                _(
                    "You prepare with a therapist, who may stay with you, and talk about it afterwards. "
                    "Clinics differ in when the therapy happens."
                )
            ),
            Answer(
                _(
                    "In one study, six doses came first, then therapy visits for 14 weeks. Clinics vary widely."
                ),
                note=_("One trial."),
                sources=(2,),
            ),
            Answer(
                _(
                    "Small groups of adults with depression, and people with alcohol or drug problems."
                )
            ),
            Answer(
                _(
                    "After ketamine, therapy was compared with usual care in 28 people. The result was too "
                    "uncertain to tell them apart."
                ),
                Certainty.NOT_GRADED,
                _("Effect 0.65, and anything from −0.55 to 1.82 fits."),
                (2,),
            ),
            Answer(
                _(
                    "The same effects as any ketamine at that dose. Talking about hard things can be upsetting."
                ),
                note=_("No count per 100 in the sources read."),
            ),
            Answer(
                _(
                    "Whether therapy adds to ketamine in depression, beyond the time and attention it gives."
                )
            ),
            Answer(_("The therapist’s hours, before, during and after.")),
            Answer(_OFF_LABEL, note=_("The therapy itself needs no approval.")),
        ),
    ),
    Approach(
        "experience",
        _("As an experience"),
        _("A strong altered state is part of the plan."),
        (
            Answer(
                _(
                    "A higher dose, often by injection, lying down with eyes covered. Someone sits with you. "
                    "You make sense of it later."
                )
            ),
            Answer(
                _(
                    "In the one trial of dose with equal therapy, a single injection. Clinics vary widely, "
                    "and offer talks afterwards."
                ),
                note=_("One trial."),
                sources=(6,),
            ),
            Answer(_("Mostly people with heroin or alcohol problems. Very little in depression.")),
            Answer(
                _(
                    "In ordinary clinics, 18 of 100 treatments met the definition of a full mystical "
                    "experience. Whether that helps mood is unclear."
                ),
                Certainty.NOT_GRADED,
                _("60 veterans, 189 treatments."),
                (3,),
            ),
            Answer(
                _(
                    "The state can frighten. More anxiety during it went with a poorer result in one small study."
                ),
                note=_("31 people; no count per 100."),
                sources=(4,),
            ),
            Answer(_("Whether a stronger experience helps depression more. Results disagree.")),
            Answer(_("Long visits, a sitter for the whole time, and therapy after.")),
            Answer(_OFF_LABEL, note=_("Higher doses need closer watching.")),
        ),
    ),
)


def source(number: int) -> Source:
    """The source behind a footnote mark."""
    return SOURCES[number - 1]
