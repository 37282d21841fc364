"""A check-in on a phone: what it asks and who reads it, one question a page, check, send, thanks. No script needed."""

from contextlib import suppress
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longlight.clinic.assessments.actions import finish_check_in, keep_answer, today_of
from longlight.clinic.assessments.forms import AnswerForm, KeyForm, SentForm
from longlight.clinic.assessments.models import KeptAnswer, LateAnswer
from longlight.clinic.assessments.queries import (
    asked_of,
    newest_answers,
    questions_answered,
    questions_of,
    score_told,
    window_of,
)
from longlight.clinic.assessments.questions import Question, Questions
from longlight.clinic.assessments.rules import (
    ABOUT_BODY_AND_MOOD,
    CannotAnswer,
    DueStatus,
    reasons_not_to_answer,
)
from longlight.clinic.assessments.views.ways import Way, wants_json
from longlight.clinic.assessments.views.words import (
    hours_in_words,
    late_in_words,
    moment_in_words,
)
from longlight.clinic.safety.queries import reading_at
from longlight.clinic.schedule.queries import opening_hours
from longlight.clinic.schedule.rules import Hours

TOLD = "assessments.told"  # the check-ins whose help page this browser has shown


def intro(request: HttpRequest, way: Way) -> HttpResponse:
    """Before the first question: how many, who reads the answers and when, and that it is no way to urgent help."""
    if wants_json(request):  # a script that sends what waits on this phone asks with what it may
        return JsonResponse({"token": get_token(request)})
    questions = _open(request, way)
    if isinstance(questions, HttpResponse):
        return questions
    answers = newest_answers(way.due)
    first = next((q for q in asked_of(questions, answers) if q.id not in answers), None)
    start = way.url("question", number=first.number) if first else way.url("check")
    shown = {
        "questions": questions, "start_url": start, "has_begun": bool(answers),
        "may_end_early": any(each.needs for each in questions.each),
    }  # fmt: skip
    return _page(request, way, "intro", {**shown, **_readers(way)})


def question(request: HttpRequest, way: Way, number: int) -> HttpResponse:
    """One question. With `Accept: application/json` the choice is kept and acknowledged, and nothing is shown."""
    if wants_json(request):
        return _keep_quietly(request, way, number)
    questions = _open(request, way)
    if isinstance(questions, HttpResponse):
        return _take_late(request, way, number) if request.method == "POST" else questions
    asked = _asked(questions, number)
    kept = newest_answers(way.due).get(asked.id)
    keys, form = _forms(request, asked, kept)
    if request.method == "POST" and form.is_valid() and keys.is_valid():
        try:
            _keep(way, asked, form, keys.cleaned_data["key"], request.POST.get("do", ""))
        except CannotAnswer as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_next(request, way, questions, asked))
    shown = {
        "questions": questions, "asked": asked, "form": form, "keys": keys, "kept": kept,
        "then": "check" if _then_check(request) else "", "back_url": _back(way, questions, asked),
        "address": way.url("question", number=number), "helped": questions.helped(asked),
    }  # fmt: skip
    return _page(request, way, "question", shown, status=422 if form.errors else 200)


def every_question(request: HttpRequest, way: Way) -> HttpResponse:
    """All questions on one page, for who prefers that."""
    questions = _open(request, way)
    if isinstance(questions, HttpResponse):
        return _take_all_late(request, way) if request.method == "POST" else questions
    answers = newest_answers(way.due)
    posted = request.POST if request.method == "POST" else None
    keys = KeyForm(posted, initial={"key": uuid4()})
    forms = [
        AnswerForm(
            each, posted, prefix=each.id, needed=False,
            initial=_initial(answers.get(each.id)),
        )
        for each in questions.each
    ]  # fmt: skip
    if posted is not None and all(form.is_valid() for form in [keys, *forms]):
        for form in forms:
            if form.chosen:
                _keep(way, form.question, form, keys.cleaned_data["key"], "continue")
        flagged = [
            each for each in questions.each if _needs_help_page(request, way, questions, each)
        ]
        if flagged:
            return HttpResponseRedirect(_told(request, way, flagged[-1], way.url("check")))
        return HttpResponseRedirect(way.url("check"))
    rows = [
        (form, way.url("question", number=form.question.number), questions.helped(form.question))
        for form in forms
    ]
    shown = {"questions": questions, "rows": rows, "keys": keys}
    return _page(request, way, "every-question", shown, status=422 if posted else 200)


def help_page(request: HttpRequest, way: Way, number: int) -> HttpResponse:
    """After an answer that a safety rule names: thanks, whom to call now, and the way on."""
    questions = _open(request, way)
    if isinstance(questions, HttpResponse):
        return questions
    asked = _asked(questions, number)
    shown = {
        "on_url": _after(way, questions, asked, to_check=_then_check(request)),
        "is_about_body": questions.instrument.id in ABOUT_BODY_AND_MOOD,
    }
    return _page(request, way, "help", {**shown, **_readers(way)})


def check(request: HttpRequest, way: Way) -> HttpResponse:
    """What was answered and what was not, before it is sent."""
    return _check(request, way)


@require_POST
def send(request: HttpRequest, way: Way) -> HttpResponse:
    try:
        finish_check_in(due_id=way.due.pk, by=way.by, at=timezone.now())
    except CannotAnswer as refusal:
        return _check(request, way, refusal=str(refusal))
    return HttpResponseRedirect(way.url("thanks"))


def stopped(request: HttpRequest, way: Way) -> HttpResponse:
    """Stopped for now: what is kept, until when, and how to go on."""
    questions = _open(request, way)
    if isinstance(questions, HttpResponse):
        return questions
    shown = {"answers": len(newest_answers(way.due)), "asked": len(questions.each)}
    return _page(request, way, "stopped", {**shown, **_readers(way)})


def thanks(request: HttpRequest, way: Way) -> HttpResponse:
    if way.due.status != DueStatus.DONE:
        return HttpResponseRedirect(way.url())
    shown = {**_readers(way), "late": way.due.late_answers.count()}
    sent = way.due.assessment
    if sent is not None and not way.is_link and "score" in request.GET:  # only when it is wanted
        shown["score"] = score_told(sent)
    return _page(request, way, "thanks", shown)


def _check(request: HttpRequest, way: Way, refusal: str = "") -> HttpResponse:
    questions = _open(request, way)
    if isinstance(questions, HttpResponse):
        return questions
    answers = newest_answers(way.due)
    rows = []
    for each in asked_of(questions, answers):
        kept = answers.get(each.id)
        url = f"{way.url('question', number=each.number)}?then=check"
        rows.append((each, each.label(kept.code if kept else ""), url))
    shown = {"questions": questions, "rows": rows, "refusal": refusal}
    return _page(request, way, "check", {**shown, **_readers(way)}, status=409 if refusal else 200)


def _open(request: HttpRequest, way: Way) -> Questions | HttpResponse:
    """What the check-in asks; where it takes no answers any more, the page that says so."""
    if way.due.status == DueStatus.DONE:
        return HttpResponseRedirect(way.url("thanks"))
    reasons = _reasons(way)
    questions = questions_of(way.due)
    if questions is None or reasons:
        shown = {
            "sentence": " ".join(reasons), "clinic": way.due.patient.clinic, "way": way,
            "late": way.due.late_answers.count(), "intro_url": way.url(),
        }  # fmt: skip
        return render(request, "assessments/closed.html", shown, status=410)
    return questions


def _take_late(request: HttpRequest, way: Way, number: int) -> HttpResponse:
    """A page without script sends its answer after the check-in has closed: kept as late, then told so."""
    questions = questions_of(way.due)
    if questions is not None:
        asked = _asked(questions, number)
        keys, form = _forms(request, asked, newest_answers(way.due).get(asked.id))
        if form.is_valid() and keys.is_valid():
            _keep_even_late(way, asked, form, keys, request.POST.get("do", ""))
    return _after_late(request, way)


def _take_all_late(request: HttpRequest, way: Way) -> HttpResponse:
    questions = questions_of(way.due)
    keys = KeyForm(request.POST)
    for each in questions.each if questions is not None and keys.is_valid() else ():
        form = AnswerForm(each, request.POST, prefix=each.id, needed=False)
        if form.is_valid() and form.chosen:
            _keep_even_late(way, each, form, keys, "continue")
    return _after_late(request, way)


def _keep_even_late(way: Way, asked: Question, form: AnswerForm, keys: KeyForm, do: str) -> None:
    # One that cannot be kept at all comes before the check-in opens: the page says when it does.
    with suppress(CannotAnswer):
        _keep(way, asked, form, keys.cleaned_data["key"], do)


def _after_late(request: HttpRequest, way: Way) -> HttpResponse:
    shown = _open(request, way)
    return shown if isinstance(shown, HttpResponse) else HttpResponseRedirect(way.url())


def _reasons(way: Way) -> list[str]:
    now = timezone.now()
    return reasons_not_to_answer(
        DueStatus(way.due.status), due_on=way.due.due_on, closes_on=way.due.closes_on,
        today=today_of(way.due.patient, now), window=window_of(way.due, now),
    )  # fmt: skip


def _asked(questions: Questions, number: int) -> Question:
    if not 1 <= number <= len(questions.each):
        raise Http404
    return questions.each[number - 1]


def _initial(kept: KeptAnswer | None) -> dict[str, str]:
    return {} if kept is None else {"answer": kept.code, "shown": kept.code}


def _forms(
    request: HttpRequest, asked: Question, kept: KeptAnswer | None
) -> tuple[KeyForm, AnswerForm]:
    posted = request.POST if request.method == "POST" else None
    needed = request.POST.get("do", "continue") == "continue"
    keys = KeyForm(posted, initial={"key": uuid4()})
    return keys, AnswerForm(asked, posted, needed=needed, initial=_initial(kept))


def _keep(way: Way, asked: Question, form: AnswerForm, key: UUID, do: str) -> None:
    """Keep what a form without script says: a choice that is new, or that the question is skipped."""
    code = "" if do == "skip" else form.chosen
    if code or do == "skip":
        keep_answer(
            due_id=way.due.pk, item_id=asked.id, code=code, key=key, by=way.by, at=timezone.now()
        )


def _keep_quietly(request: HttpRequest, way: Way, number: int) -> JsonResponse:
    """Acknowledge one answer that a page sent as it was chosen; a refusal is a sentence."""
    questions, keys = questions_answered(way.due), SentForm(request.POST)
    if questions is None:  # this server never had its wording: until it has, the answer waits
        return JsonResponse({"sentence": _("These questions cannot be shown now.")}, status=503)
    if not 1 <= number <= len(questions.each) or not keys.is_valid():
        return JsonResponse({"sentence": _("Open this page again.")}, status=422)
    now = timezone.now()
    try:
        kept = keep_answer(
            due_id=way.due.pk, item_id=questions.each[number - 1].id,
            code=request.POST.get("answer", ""), key=keys.cleaned_data["key"], by=way.by, at=now,
            chosen_at=now - keys.waited,
        )  # fmt: skip
    except CannotAnswer as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=409)
    if isinstance(kept, LateAnswer):
        asked = questions.each[number - 1]
        is_urgent = asked.is_urgent(questions.instrument, kept.code)
        told = late_in_words(kept, is_urgent=is_urgent)
        return JsonResponse({"late": True, "sentence": told}, status=202)
    return JsonResponse({"kept": kept.sequence})


def _then_check(request: HttpRequest) -> bool:
    return "check" in (request.GET.get("then"), request.POST.get("then"))


def _next(request: HttpRequest, way: Way, questions: Questions, asked: Question) -> str:
    to_check = _then_check(request)
    if _needs_help_page(request, way, questions, asked):
        return _told(request, way, asked, "check" if to_check else "")
    if request.POST.get("do") == "stop":
        return way.url("stopped")
    return _after(way, questions, asked, to_check=to_check)


def _after(way: Way, questions: Questions, asked: Question, *, to_check: bool) -> str:
    to_come = [
        each for each in asked_of(questions, newest_answers(way.due)) if each.number > asked.number
    ]
    if to_check or not to_come:
        return way.url("check")
    return way.url("question", number=to_come[0].number)


def _back(way: Way, questions: Questions, asked: Question) -> str:
    gone = [
        each for each in asked_of(questions, newest_answers(way.due)) if each.number < asked.number
    ]
    return way.url("question", number=gone[-1].number) if gone else way.url()


def _needs_help_page(request: HttpRequest, way: Way, questions: Questions, asked: Question) -> bool:
    """Whether the answer that holds is one to meet with help now, and was not met here before: it is not repeated."""
    kept = newest_answers(way.due).get(asked.id)
    if kept is None or str(way.due.pk) in request.session.get(TOLD, []):
        return False
    return asked.is_urgent(questions.instrument, kept.code)


def _told(request: HttpRequest, way: Way, asked: Question, then: str) -> str:
    request.session[TOLD] = [*request.session.get(TOLD, []), str(way.due.pk)]
    return way.url("help", number=asked.number) + ("?then=check" if then else "")


def _readers(way: Way) -> dict[str, object]:
    """Who reads the answers, when, and what may be promised of it now."""
    clinic, at = way.due.patient.clinic, timezone.now()
    reading = reading_at(clinic=clinic, at=at)
    shifts = [Hours(each.weekday, each.begins_at, each.ends_at) for each in reading.shifts]
    return {
        "clinic": clinic,
        "hours": hours_in_words(opening_hours(clinic.pk)),
        "reads": hours_in_words(shifts),
        "read_by": moment_in_words(reading.by, at) if reading.by else "",
        "out_of_hours": reading.out_of_hours,
    }


def _page(
    request: HttpRequest, way: Way, name: str, shown: dict[str, object], status: int = 200
) -> HttpResponse:
    urls = {
        f"{page.replace('-', '_')}_url": way.url(page)
        for page in ("all", "check", "send", "stopped", "later", "onward")
    }
    values = {"way": way, "clinic": way.due.patient.clinic, "intro_url": way.url(), **urls, **shown}
    return render(request, f"assessments/{name}.html", values, status=status)
