"""How much text, linked text and known text every element of a page has: counted once, from the inside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from crawler.extract.input.markup import Element, names

HEADINGS = names("h1 h2 h3 h4 h5 h6")
BLOCKS = HEADINGS | names("p div section article main header footer aside nav address center body html")
BLOCKS |= names("figure figcaption blockquote pre ul ol menu li dl dt dd details summary")
BLOCKS |= names("table caption thead tbody tfoot tr td th form fieldset legend")
_DROPPED = names("script style noscript template head title map")
_DROPPED |= names("button input select textarea iframe svg video audio canvas object embed")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…][“”\"«»‘’)\]]*$")
# So many words in a row are compared.
_RUN = 3
# So much of a block's runs of words must be known.
_KNOWN_SHARE = 0.5
_SENTENCE_WORDS = 6


class Known:
    """Words in a row of a text, by which its blocks are known again; short blocks are known as a whole."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs: set[tuple[str, ...]] = set()
        self._whole: set[tuple[str, ...]] = set()
        for text in texts:
            words = _WORD.findall(text)
            self._whole.add(tuple(words[: 2 * _RUN]) if len(words) <= 2 * _RUN else ())
            self._runs.update(zip(words, words[1:], words[2:], strict=False))

    def __bool__(self) -> bool:
        return bool(self._runs)

    def has(self, words: list[str]) -> bool:
        """Whether a block of these words is part of the text."""
        if tuple(words) in self._whole:
            return True
        runs = list(zip(words, words[1:], words[2:], strict=False))
        return bool(runs) and sum(run in self._runs for run in runs) >= _KNOWN_SHARE * len(runs)


@dataclass(slots=True, eq=False)
class Block:
    """A text that no other block parts, and how many of its letters are linked."""

    element: Element
    pieces: list[str] = field(default_factory=list)
    text: str = ""
    linked: int = 0
    is_known: bool = False
    is_sentence: bool = False


class Measures:
    """Of every element: letters of all its text, of links, and of the known text; how many sentences it has."""

    def __init__(self, root: Element, known: Known) -> None:
        self.elements: list[Element] = []
        self.blocks: dict[Element, Block] = {}
        self.letters: dict[Element, int] = defaultdict(int)
        self.linked: dict[Element, int] = defaultdict(int)
        self.known: dict[Element, int] = defaultdict(int)
        self.sentences: dict[Element, int] = defaultdict(int)
        self._gather(root)
        self._judge(known)
        for one in reversed(self.elements):
            parent = one.getparent()
            if parent is not None:
                for counts in (self.letters, self.linked, self.known, self.sentences):
                    counts[parent] += counts[one]

    def is_leaf(self, element: Element) -> bool:
        """Whether an element is a block with no other text in it than its own."""
        block = self.blocks.get(element)
        return block is not None and self.letters[element] == len(block.text)

    def _gather(self, root: Element) -> None:
        around = [root]
        links = unseen = 0
        for event, one in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                self.elements.append(one)
                tag = one.tag
                if tag in BLOCKS:
                    around.append(one)
                links += tag == "a" and _leads_away(one)
                unseen += tag in _DROPPED
                text = " " if tag == "br" else one.text
            else:
                tag = one.tag
                if event == "end":
                    if tag in BLOCKS:
                        around.pop()
                    links -= tag == "a" and _leads_away(one)
                    unseen -= tag in _DROPPED
                text = one.tail if one is not root else None
            if text and not unseen:
                block = self.blocks.get(around[-1])
                if block is None:
                    block = self.blocks[around[-1]] = Block(around[-1])
                block.pieces.append(text)
                if links:
                    block.linked += len(text.strip())

    def _judge(self, known: Known) -> None:
        for element, block in list(self.blocks.items()):
            block.text = " ".join("".join(block.pieces).split())
            block.pieces = []
            if not block.text:
                del self.blocks[element]
                continue
            words = _WORD.findall(block.text)
            block.is_known = known.has(words)
            long_enough = len(words) >= _SENTENCE_WORDS
            block.is_sentence = long_enough and _SENTENCE_END.search(block.text[-6:]) is not None
            length = len(block.text)
            self.letters[element] += length
            self.linked[element] += min(block.linked, length)
            self.known[element] += length if block.is_known else 0
            self.sentences[element] += block.is_sentence and block.linked < 0.5 * length


def _leads_away(link: Element) -> bool:
    """Whether a link leads to another page; one within the page opens or shows a part of it."""
    return not (link.get("href") or "#").startswith("#")
