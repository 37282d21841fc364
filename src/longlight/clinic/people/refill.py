"""Puts what somebody had typed back into the form on a page, whatever form it is, without its view's help.

Only the named fields of the form with the given address are touched; hidden fields, buttons, files and passwords
stay as the page has them (a hidden field belongs to the page, a token above all).
"""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Fields = dict[str, list[str]]
LEFT_ALONE = frozenset({"hidden", "password", "file", "submit", "button", "image", "reset"})
TICKED = frozenset({"checkbox", "radio"})


def refill(html: str, *, page: str, action: str, fields: Fields, notice: str) -> tuple[str, bool]:
    """The page with the fields filled in and a notice (HTML) before the form, and whether the form was found."""
    rewriter = _Rewriter(page, action, fields, notice)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.out), rewriter.found


class _Rewriter(HTMLParser):
    def __init__(self, page: str, action: str, fields: Fields, notice: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page, self.action, self.fields, self.notice = page, action, fields, notice
        self.out: list[str] = []
        self.found = self.inside = False
        self.selected: list[str] | None = None
        self.is_replacing_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        text = self.get_starttag_text() or ""
        if tag == "form":
            self.inside = not self.found and self._is_ours(given)
            self.found = self.found or self.inside
            self.out.append(self.notice if self.inside else "")
        elif self.inside and tag in {"input", "textarea", "select", "option"}:
            text = self._filled(tag, given, text)
        self.out.append(text)
        if tag == "textarea" and self.inside and given.get("name") in self.fields:
            # A line break right after the tag is dropped by browsers, so one is given to drop.
            self.out.append("\n" + escape(self.fields[str(given["name"])][0], quote=False))
            self.is_replacing_text = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        text = self.get_starttag_text() or ""
        self.out.append(self._filled(tag, given, text) if self.inside and tag == "input" else text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.selected = None
        elif tag == "textarea":
            self.is_replacing_text = False
        self.out.append(f"</{tag}>")

    def _is_ours(self, given: dict[str, str | None]) -> bool:
        target = urlsplit(urljoin(self.page, given.get("action") or self.page)).path
        return (given.get("method") or "").lower() == "post" and target == self.action

    def _filled(self, tag: str, given: dict[str, str | None], text: str) -> str:
        if tag == "select":
            self.selected = self.fields.get(str(given.get("name")))
            return text
        if tag == "option":
            if self.selected is None:
                return text
            return _tag(tag, given, "selected", given.get("value") in self.selected)
        values = self.fields.get(str(given.get("name")))
        kind = (given.get("type") or "text").lower()
        if tag != "input" or kind in LEFT_ALONE:
            return text
        if kind in TICKED:
            # A browser sends nothing for a box that is not ticked, so its absence says so.
            return _tag(tag, given, "checked", (given.get("value") or "on") in (values or []))
        return text if values is None else _tag(tag, given | {"value": values[0]})

    def handle_data(self, data: str) -> None:
        if not self.is_replacing_text:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.out.append(f"<?{data}>")


def _tag(
    tag: str, given: dict[str, str | None], mark: str | None = None, is_marked: bool = False
) -> str:
    kept = {name: value for name, value in given.items() if name != mark}
    if mark is not None and is_marked:
        kept[mark] = None
    written = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"'
        for name, value in kept.items()
    )
    return f"<{tag}{written}>"
