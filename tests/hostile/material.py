"""What nobody would write: queries, documents, forms and addresses, the same for the same seed."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

_PIECES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("pieces.toml").read_text("utf-8"))
# Too long to be written down.
_LONG = {
    "front_matter": ("#" * 200, "x: " + "y" * 3_000),
    "markdown": ("[a](http://www.example.org/" + "x" * 200 + ")", "[" * 20, "(" * 20, "*" * 30, "| " * 30),
    "hosts": ("a" * 70 + ".example",),
    "paths": ("/" + "x" * 300, "/?" + "&".join(f"a{n}={n}" for n in range(40))),
    "odd": ("😀" * 9,),
}


class Material:
    """One source of all of it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def pick(self, choices: Sequence[str]) -> str:
        """Any of these."""
        return self._chance.choice(choices)

    def _piece(self, kind: str) -> str:
        """Any piece of a kind, as in pieces.toml."""
        long = _LONG.get(kind, ())
        return self.pick(long) if long and self.often(0.03) else self.pick(_PIECES[kind])

    def often(self, share: float) -> bool:
        """Whether something shall be done that is done so often."""
        return self._chance.random() < share

    def number(self, most: int) -> int:
        """Mostly small, sometimes as large as it may be."""
        return self._chance.randint(0, max(1, most // 20)) if self.often(0.9) else self._chance.randint(0, most)

    def _joined(self, pieces: Sequence[Callable[[], str]], most: int, between: Sequence[str]) -> str:
        parts: list[str] = []
        for _ in range(self.number(most) + 1):
            parts += [self._chance.choice(pieces)(), self.pick(between)]
        return "".join(parts)

    def _word(self) -> str:
        word = self._piece("words")
        if self.often(0.1):
            word = self._chance.choice([str.upper, str.lower, str.title, str.swapcase])(word)
        if self.often(0.1):
            at = self._chance.randrange(len(word) + 1)
            word = word[:at] + self._piece("odd") + word[at:]
        if self.often(0.05):
            word = " ".join(word)  # letter-spaced
        if self.often(0.05):
            word *= self.number(40) + 1
        return word

    def _anything(self) -> str:
        return "".join(chr(self._code()) for _ in range(self.number(60)))

    def _code(self) -> int:
        code = self._chance.choice([0x80, 0x250, 0x2100, 0xFFFF, 0x10FFFF])
        found = self._chance.randrange(1, code)
        return found if not 0xD800 <= found < 0xE000 else 0x20

    def query(self) -> str:
        """What somebody types into the search field."""
        operator, odd = partial(self._piece, "operators"), partial(self._piece, "odd")
        pieces = (
            self._word, self._word, operator, odd, self._anything,
            lambda: operator() + self._word(), lambda: self._word() + operator(),
            lambda: f"„{self._word()} {self._word()}“", lambda: f"{self._word()[:5]}*", self.date,
        )  # fmt: skip
        return self._joined(pieces, 120, (" ", " ", " ", "", "  ", "\n"))[:2_500]

    def date(self, odd: float = 0.5) -> str:
        """A date in any spelling, of any time, or none; how many of them are ``odd`` is a share."""
        if self.often(odd):
            return self._piece("dates")
        day = date.min + timedelta(days=self._chance.randrange((date.max - date.min).days))
        if not self.often(odd / 2):
            day = date(self._chance.randint(1490, 2110), day.month, min(day.day, 28))
        iso = day.isoformat()
        if self.often(odd / 2):
            return f"{day.day}.{day.month}.{day.year}"
        return self._chance.choice([iso, iso, iso[:7], iso[:4]])

    def text(self) -> str:
        """Running text, or what pretends to be."""
        counted, odd = partial(self._piece, "counted_days"), partial(self._piece, "odd")
        signs = partial(self._piece, "markdown")
        pieces = (
            self._word, self._word, self._word, counted, counted, self.date, signs, odd, self._anything,
            self._sentence,
        )  # fmt: skip
        text = self._joined(pieces, 400, (" ", " ", ". ", ", ", "\n", "\n\n", "\n- ", "\n> ", ""))
        if self.often(0.02):
            text *= 20
        return text

    def _sentence(self) -> str:
        when, where = self._piece("counted_days"), self.pick(["Dortmund", "Bremen", "Hof"])
        verb = self.pick(["trafen sich", "findet statt", "berichtete", "lädt ein", "wurde gegründet"])
        return f"{when} {verb} {self._word()} in {where}. "

    def document(self, name: str) -> str:
        """A file as somebody puts it into a corpus; mostly one that can be read."""
        fields = [f"id: {name}", f"title: {self._title()}"]
        if self.often(0.8):
            fields.append(f"published: {self.date(0.15)}")
        if self.often(0.3):
            fields.append(f"modified: {self.date(0.1)}")
        if self.often(0.3):
            fields.append(f"event: {{start: {self.date(0.1)}, end: {self.date(0.1)}}}")
        if self.often(0.2):
            fields.append(f"url: {self.address()}")
        if self.often(0.15):
            fields.append(self._piece("front_matter"))
        if self.often(0.02):
            fields = fields[1:]
        self._chance.shuffle(fields)
        fence = "---" if self.often(0.98) else "--"
        return f"{fence}\n" + "\n".join(fields) + f"\n---\n\n{self.text()}\n"

    def _title(self) -> str:
        title = " ".join(self._word() for _ in range(self.number(20) + 1))
        return title if self.often(0.2) else '"' + title.replace("\\", "").replace('"', "") + '"'

    def page(self) -> str:
        """A web page."""
        body = "".join(
            f"<{tag}>{self.text()}</{tag}>" for tag in ("h1", "p", "div", "li", "td") if self.often(0.7)
        )
        head = f"<title>{self._word()}</title><meta name='date' content='{self.date()}'>"
        article = f"<article><time datetime='{self.date()}'>{self.date()}</time>{body}"
        return f"<html lang='de'><head>{head}</head><body>{article}" + ("</article>" if self.often(0.8) else "")

    def address(self) -> str:
        """What pretends to be the address of a page."""
        return self._piece("schemes") + self._piece("hosts") + self._piece("paths")

    def value(self) -> str:
        """What somebody sends in a field of a form."""
        kinds: tuple[Callable[[], str], ...] = (
            self._word, self.date, self.address, self._anything, self.query, str,
        )  # fmt: skip
        return self._chance.choice(kinds)()

    def fields(self, names: Sequence[str]) -> dict[str, str]:
        """Most of the fields of a form, and sometimes one that it does not have."""
        fields = {name: self.value() for name in names if self.often(0.9)}
        return fields | ({self._word(): self.value()} if self.often(0.1) else {})
