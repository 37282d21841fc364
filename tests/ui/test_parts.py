"""The parts: what each tag draws, and what it refuses."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from longlight.ui.parts import Column, Table
from longlight.ui.svg import UnknownSvg, icon_array_paths, inline_plot


def drawn(source: str, **values: object) -> str:
    return Template("{% load ui ui_staff %}" + source).render(Context(values))


class Balanced(HTMLParser):
    """Fails when a tag is closed that was not open, or left open."""

    empty = frozenset(["input", "br", "path", "rect", "circle", "meta", "link", "hr"])

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.empty:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.empty:
            assert self.open.pop() == tag


HOSTILE = '"><script>alert(1)</script>'
WORDS = [
    "{% button words context=words %}",
    "{% button words href=words kind='second' %}",
    "{% button words reason_not=words %}",
    "{% choice words name='n' value=words note=words %}",
    "{% chip 'done' words %}",
    "{% tags many words %}",
    "{% source %}{{ words }}{% endsource %}",
    "{% footnote 1 words %}",
    "{% sample words %}",
    "{% iconarray 5 label=words %}",
    "{% stepper 1 2 words %}",
    "{% horizon words anchor=words %}{{ words }}{% endhorizon %}",
    "{% notice words %}{{ words }}{% endnotice %}",
    "{% due words kicker=words %}{{ words }}{% enddue %}",
    "{% ask words %}{{ words }}{% endask %}",
    "{% card words %}{{ words }}{% endcard %}",
    "{% more words %}{{ words }}{% endmore %}",
    "{% scroll words %}{{ words }}{% endscroll %}",
    "{% emptystate words words %}",
    "{% figure words description=words note=words table=table %}{{ words }}{% endfigure %}",
    "{% withheld words %}{{ words }}{% endwithheld %}",
    "{% stale words %}",
    "{% alarm 'low' %}{{ words }}{% endalarm %}",
    "{% keypad words %}",
]


@pytest.mark.parametrize("source", WORDS)
def test_words_are_only_ever_words(source: str) -> None:
    table = Table(HOSTILE, (Column(HOSTILE), Column(HOSTILE)), ((HOSTILE, HOSTILE),))
    html = drawn(source, words=HOSTILE, many=[HOSTILE], table=table)
    assert "<script" not in html
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []


@pytest.mark.parametrize(
    "source",
    [
        "{% chip 'fine' 'x' %}",
        "{% grade 'certain' %}",
        "{% priority 'urgent' %}",
        "{% lightline 9 8 %}",
        "{% lightline 1 13 %}",
        "{% button 'x' kind='huge' %}",
        "{% iconarray 101 label='x' %}",
    ],
)
def test_what_is_not_known_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        drawn(source)


@given(st.integers(0, 100), st.booleans())
def test_an_icon_array_is_always_a_hundred(marked: int, worse: bool) -> None:
    shown, others = icon_array_paths(marked, worse=worse)
    assert (shown.count("M"), others.count("M")) == (marked, 100 - marked)


PLOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" '
    'style="color:red" onload="x()"><style>*{}</style><script>x()</script><defs><clipPath id="c"><rect/></clipPath>'
    '</defs><a xlink:href="javascript:x()"><path d="M0 0"/></a><image href="https://example.org/x.png"/>'
    '<g clip-path="url(#c)" fill="url(https://example.org)"><text fill="var(--ink)">A &lt; B</text></g></svg>'
)


def test_a_plot_keeps_its_drawing_and_loses_what_could_act() -> None:
    html = inline_plot(PLOT, name="p", title="T <1>", description="D", css_class="plot")
    for gone in ("script", "style", "onload", "href", "example.org", "image", "javascript", "ns0"):
        assert gone not in html
    assert 'role="img" aria-labelledby="p-t p-d"' in html
    assert '<title id="p-t">T &lt;1&gt;</title>' in html
    assert 'id="p-c"' in html
    assert 'clip-path="url(#p-c)"' in html
    assert "A &lt; B" in html


@pytest.mark.parametrize("text", ["", "no", "<html/>", "<svg/>", "<svg"])
def test_what_is_no_svg_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnknownSvg, match=r"\.$"):
        inline_plot(text, name="p", title="t", description="d", css_class="plot")


def test_two_plots_on_a_page_never_share_an_id() -> None:
    plot = PLOT
    html = drawn("{% figure 'a' description='b' phone=p desk=p %}{% endfigure %}" * 2, p=plot)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 12


class Visit(forms.Form):
    name = forms.CharField(label="Your name", help_text="As you like.")
    reach = forms.ChoiceField(
        label="Reach you", choices=[("p", "Phone"), ("e", "Email")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("These two do not fit together.")


def test_a_form_with_errors_says_each_once_above_its_box_and_leads_there() -> None:
    html = str(Visit({"name": "", "reach": ""}))
    summary = html[: html.index("<label")]
    assert summary.index("These two do not fit together.") < summary.index('href="#id_name"')
    assert "Your name: please fill this in." in summary
    assert 'href="#id_reach_0"' in summary
    assert "autofocus" in summary
    assert html.index('id="id_name_error"') < html.index('name="name"')
    described = re.search(r'name="name"[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    for identity in described[1].split():
        assert f'id="{identity}"' in html


def test_a_form_that_was_not_sent_says_nothing_is_wrong() -> None:
    html = str(Visit())
    assert 'class="errors"' not in html
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="hidden"') == 1
