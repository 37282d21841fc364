"""Walks the decision aid as a visitor does: by the page's own form, without script and without a cookie."""

import re
from html import unescape
from typing import Any

from django.test import Client


class Visitor:
    """Somebody in the aid. `page` is what they see; `press` presses a button with what they have filled in."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.answer: Any = self.client.get("/choose/")

    @property
    def page(self) -> str:
        return str(self.answer.content.decode())

    @property
    def text(self) -> str:
        body = self.page[self.page.index("<main") : self.page.index("</main>")]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def hidden(self, name: str) -> str:
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', self.page)
        assert found is not None
        return unescape(found[1])

    def press(self, go: str = "next", **said: Any) -> "Visitor":
        """Press a button; what is marked on the page goes along, as in a browser, unless `said` says otherwise."""
        form: dict[str, Any] = {}
        for name, value in self.checked():
            form.setdefault(name, []).append(value)
        form |= {key.replace("__", "."): value for key, value in said.items()}
        form |= {"carried": self.hidden("carried"), "step": self.hidden("step"), "go": go}
        self.answer = self.client.post("/choose/", form)
        return self

    def to(self, step: str) -> "Visitor":
        return self.press(step)

    @property
    def step(self) -> str:
        return self.hidden("step")

    def checked(self) -> set[tuple[str, str]]:
        """Every radio and box that is marked."""
        return set(re.findall(r'name="([^"]+)" value="([^"]+)" checked', self.page))
