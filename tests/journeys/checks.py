"""What every page must keep to, measured in a browser. Each check gives a list of what is wrong: empty is well."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, Page

AXE = Path(__file__).parent / "vendor/axe-core/axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET_PX = 44
SMALLEST_SVG_TEXT_PX = 12


# What depends on colors: all that a second scheme can change.
COLOR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


# What a browser says of a page that gives way to the next one while it is asked.
_LEFT = ("navigat", "context was destroyed", "axe is not defined")


def once_it_stands(page: Page, ask: Callable[[], list[str]]) -> list[str]:
    """What `ask` finds. A click may have set off another page: the one that is being left cannot be asked."""
    page.wait_for_load_state()
    try:
        return ask()
    except Error as error:
        if not any(words in error.message for words in _LEFT):
            raise
        page.wait_for_load_state()
        return ask()


def axe_violations(page: Page, rules: object = AXE_RULES) -> list[str]:
    """What axe-core finds, WCAG 2.2 AA and its best practices."""
    if not AXE.exists():
        raise AssertionError("axe-core is missing: run script/browser-files, then this again.")
    return once_it_stands(page, lambda: _axe_violations(page, rules))


def _axe_violations(page: Page, rules: object) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})",
        rules,
    )
    return [
        f"{v['id']}: {v['help']} {[node['target'] for node in v['nodes']][:4]}"
        for v in found["violations"]
    ]


def sideways_scroll(page: Page) -> list[str]:
    """Elements that reach past the right edge, when the page itself can scroll sideways."""
    page.wait_for_function("() => document.readyState !== 'loading' && document.body")
    return page.evaluate(
        """() => {
          const wide = innerWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          const scrolls = (e) => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
          return [...document.body.querySelectorAll('*')]
            .filter((e) => e.getBoundingClientRect().right > wide + 1 && !scrolls(e.parentElement))
            .slice(0, 5).map((e) => `${e.tagName}.${e.className}`);
        }"""
    )


def steps_out_of_sight(page: Page) -> list[str]:
    """Buttons of a table that must be scrolled to sideways: whoever stands with a tablet does not find them."""
    return page.evaluate(
        """() => [...document.querySelectorAll('td .btn, td button')]
          .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map((e) => `${e.innerText} is out of sight`)"""
    )


def small_targets(page: Page) -> list[str]:
    """Links and controls under 44 px either way. Links inside a sentence or a table are exempt, as WCAG 2.5.8 says."""
    return page.evaluate(
        """(least) => {
          const found = [];
          const inText = (e) => e.tagName === 'A'
            && e.closest('p, li, dd, td, th, small, span')
            && getComputedStyle(e).display === 'inline';
          for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
            if (e.type === 'hidden' || inText(e) || e.closest('.skip')) continue;
            const label = e.closest('label');
            const box = (label ?? e).getBoundingClientRect();
            if (!box.width || !e.checkVisibility()) continue;
            // Lines of the monitor's log are dense: they keep WCAG's own least, 24 px.
            const enough = e.closest('.log') ? 24 : least;
            if (box.height < enough - .5 || box.width < 24)
              found.push(`${e.tagName} "${(e.textContent || e.name).trim().slice(0, 30)}" ${Math.round(box.width)}x${Math.round(box.height)}`);
          }
          return found;
        }""",
        SMALLEST_TARGET_PX,
    )


def small_svg_text(page: Page) -> list[str]:
    """Words in a figure that come out under 12 px."""
    return page.evaluate(
        """(least) => [...document.querySelectorAll('svg text')]
          .filter((t) => t.checkVisibility() && t.getBoundingClientRect().height)
          .map((t) => {
            const scale = t.getScreenCTM().d;
            return [t.textContent, parseFloat(getComputedStyle(t).fontSize) * Math.abs(scale)];
          })
          .filter(([, px]) => px < least - .01).map(([text, px]) => `${text}: ${px.toFixed(1)} px`)""",
        SMALLEST_SVG_TEXT_PX,
    )


def help_is_missing(page: Page) -> list[str]:
    """The way to the crisis page: once, at the right of the header's first row."""
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('a.help[href="/crisis/"]')]
          .filter((e) => e.checkVisibility())
          .map((e) => {
            const box = e.getBoundingClientRect();
            const top = e.closest('header').getBoundingClientRect().top;
            return [box.right + scrollX, box.top - top, innerWidth];
          })"""
    )
    if len(boxes) != 1:
        return [f"{len(boxes)} links to the crisis page, not one"]
    right, top, width = boxes[0]
    place = []
    if not width - 80 < right <= width:
        place.append(f"it ends {width - right:.0f} px from the right edge")
    if top > 24:
        place.append(f"it begins {top:.0f} px down its header, not in the first row")
    return place


def invisible_focus(page: Page, most: int = 200) -> list[str]:
    """Walk with Tab: each stop must show its focus, stand in sight, and not be hidden behind something.

    The page itself notes where it stands as each key comes up, and is asked now and then.
    """
    page.evaluate(_NOTE_STOPS)
    wrong, seen = [], set()
    for _ in range(0, most, _STEPS):
        for _ in range(_STEPS):
            page.keyboard.press("Tab")
        for stop in page.evaluate("() => window.stopsOfTab.splice(0)"):
            if stop is None or stop["key"] in seen:
                return wrong if seen else ["Tab reaches nothing"]
            seen.add(stop["key"])
            if stop["problem"]:
                wrong.append(f"{stop['key']}: {stop['problem']}")
    return wrong


_FOCUS_STATE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const all = [...document.querySelectorAll('*')];
  const key = `${e.tagName} ${(e.textContent || e.name || e.id).trim().slice(0, 30)} #${all.indexOf(e)}`;
  // A choice card shows the focus of its radio on the card around it.
  const shown = e.matches('.choice input') ? e.nextElementSibling : e;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  let problem = '';
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) problem = 'no visible outline';
  else if (box.bottom <= 0 || box.top >= innerHeight) problem = 'out of sight';
  else {
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
    const over = document.elementFromPoint(x, y);
    if (over && !shown.contains(over) && !over.contains(shown) && !over.closest('label')?.contains(e)) problem = `under ${over.tagName}.${over.className}`;
  }
  return {key, problem};
}"""
_STEPS = 5
_NOTE_STOPS = f"""() => {{
  document.activeElement?.blur();
  scrollTo(0, 0);
  const state = {_FOCUS_STATE};
  if (!window.stopsOfTab)
    addEventListener('keyup', (e) => e.key === 'Tab' && window.stopsOfTab.push(state()), true);
  window.stopsOfTab = [];
}}"""
