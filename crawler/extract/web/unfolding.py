"""What a click opens is text: tab panels and accordions are unfolded, and their controls become headings.

Hidden text that nothing on the page opens stays out, and so does what is meant for screen readers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.data import entries
from crawler.extract.input.markup import Element, drop, elements
from crawler.extract.web.signs import signs

_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s?:\s?none|visibility\s?:\s?hidden)", re.IGNORECASE)
_NAMED_IN_SCRIPT = re.compile(r"""['"(]#?([\w-]{2,80})['")]""")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_UNSEEN_CHARS = 200
_LABEL_CHARS = 200
_WHITE = re.compile(r"\s+")
_TOGGLES = ("data-toggle", "data-bs-toggle", "data-uk-toggle", "uk-toggle", "data-collapse")
_TARGETS = (
    "aria-controls",
    "data-target",
    "data-bs-target",
    "data-tab",
    "data-tab-target",
    "aria-owns",
    "data-href",
)
_OPENING = ("div", "span", "a", "button", "label", "p", "dt", "li")
_KINDS_OF_CONTROL = ("tab", "button")
_SIBLINGS = 3


def unfold(root: Element) -> None:
    """Show what a control opens and drop what stays hidden; then make headings of the controls."""
    every = list(elements(root))
    by_id = {identifier: one for one in every if (identifier := one.get("id"))}
    controls = _controls(every, by_id)
    opened = {panel for panels in controls.values() for panel in panels}
    unfolded: set[Element] = set()
    gone: set[Element] = set()
    for one in every:
        if one.getparent() in gone:
            gone.add(one)
        elif _is_hidden(one):
            if one in opened or _is_panel(one):
                _show(one)
                unfolded.add(one)
            elif one.tag not in ("html", "body", "main", "script", "input") and one.find(".//h1") is None:
                gone.add(one)
                drop(one)
        elif signs("unseen").fit(one) and one.tag not in ("body", "html", "h1") and _is_short(one):
            gone.add(one)
            drop(one)
    # A list of links of which one opens what was hidden is a list of tabs.
    tabs = {_list_of(control) for control, panels in controls.items() if not unfolded.isdisjoint(panels)}
    tabs.discard(None)
    for control, panels in controls.items():
        if panels[0] in unfolded or _list_of(control) in tabs or _opens(control, panels[0]):
            _label(control, panels[0])
    for one in every:
        if one.tag == "summary" or _is_opener(one):
            _as_heading(one)
        elif one.tag == "details":
            one.tag = "div"
        elif one.tag == "button" and _heading_around(one) is not None:
            one.tag = "span"


def _is_opener(one: Element) -> bool:
    """What has the name of an accordion's control, says something and has nothing but words in it."""
    if one.tag not in _OPENING or one.getparent() is None:
        return False
    if not signs("openers").fit(one) and not (one.tag == "button" and signs("panels").fit(one)):
        return False
    label = _text(one)
    return bool(label) and len(label) <= _LABEL_CHARS and not _is_general(label) and not _is_in_navigation(one)


def _is_general(label: str) -> bool:
    return label.casefold().strip(" .…+»›") in entries("controls.txt")


def _controls(every: list[Element], by_id: dict[str, Element]) -> dict[Element, list[Element]]:
    """Links, buttons and labels that open elements of the page, with what they open."""
    found: dict[Element, list[Element]] = {}
    for one in every:
        if one.tag not in ("a", "button", "label", "summary", "span", "div", "li", "h2", "h3", "h4", "h5"):
            continue
        names = [name for name in _targets(one) if name in by_id]
        panels = [by_id[name] for name in names if by_id[name] is not one]
        if not panels and one.get("aria-expanded") is not None:
            panels = list(_next_block(one))
        if panels:
            found[one] = panels
    return found


def _targets(control: Element) -> Iterator[str]:
    for name in _TARGETS:
        value = control.get(name)
        if value:
            yield from (part.lstrip("#") for part in value.split())
    href = control.get("href")
    if href and href.startswith("#") and len(href) > 1:
        yield href[1:]
    script = control.get("onclick")
    if script:
        yield from _NAMED_IN_SCRIPT.findall(script[:500])


def _next_block(control: Element) -> Iterator[Element]:
    """What follows the control or its heading, where neither names what it opens."""
    place = control
    for _ in range(_SIBLINGS):
        following = place.getnext()
        if following is not None and isinstance(following.tag, str):
            yield following
            return
        place = place.getparent()
        if place is None or place.tag not in ("div", "dt", "span", "p", *_HEADINGS):
            return


def _is_hidden(one: Element) -> bool:
    if one.get("hidden") is not None or (one.get("aria-hidden") or "").lower() == "true":
        return True
    style = one.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def _is_short(one: Element) -> bool:
    """Whether an element has few letters and not the main heading."""
    letters = 0
    for inner in one.iter():
        if inner.tag == "h1":
            return False
        letters += len(inner.text or "") + (len(inner.tail or "") if inner is not one else 0)
        if letters > _UNSEEN_CHARS:
            return False
    return True


def _is_panel(one: Element) -> bool:
    """Whether an element is a panel by its role or name; a control may be known to scripts alone."""
    if (one.get("role") or "").lower() in ("tabpanel", "region"):
        return True
    return one.tag in ("div", "section", "article", "dd", "li", "p") and signs("panels").fit(one)


def _show(one: Element) -> None:
    for name in ("hidden", "aria-hidden", "style"):
        if one.get(name) is not None:
            del one.attrib[name]


def _label(control: Element, panel: Element) -> None:
    """Make the control a heading of its panel, unless it is one or says nothing."""
    if (
        control.getparent() is None
        or panel.getparent() is None
        or _is_in_navigation(control)
        or not _text(panel)
    ):
        return
    heading = _heading_around(control)
    if heading is not None:
        if control.tag == "button":
            control.tag = "span"
        return
    label = _text(control)
    if not label or len(label) > _LABEL_CHARS or _is_general(label):
        if control.tag in ("button", "a"):
            drop(control)
        return
    if _is_before(control, panel):
        _as_heading(control)
        return
    # A tab: its label stands in a list of tabs, and again above its panel.
    if not _text(panel).casefold().startswith(label.casefold()):
        made = panel.makeelement("h3")
        made.text = label
        made.tail, panel.text = panel.text, None
        panel.insert(0, made)
    parent = control.getparent()
    drop(parent if parent.tag == "li" else control)


def _list_of(control: Element) -> Element | None:
    """The list of tabs that a control may stand in."""
    parent = control.getparent()
    return parent.getparent() if parent is not None and parent.tag == "li" else None


def _opens(control: Element, panel: Element) -> bool:
    """Whether it opens something rather than leads to a place of the page."""
    if control.get("aria-expanded") is not None or (control.get("role") or "") in _KINDS_OF_CONTROL:
        return True
    return any(control.get(name) is not None for name in (*_TOGGLES, *_TARGETS[:5])) or _is_panel(panel)


def _is_in_navigation(control: Element) -> bool:
    return any(
        one.tag in ("nav", "header", "footer") or (one.get("role") or "") in ("navigation", "menu", "banner")
        for one in control.iterancestors()
    )


def _is_before(control: Element, panel: Element) -> bool:
    """Whether the panel follows the control at once, as in an accordion."""
    place = control
    for _ in range(_SIBLINGS):
        following = place.getnext()
        if following is not None:
            return following is panel or (control.get("role") != "tab" and next(iter(following), None) is panel)
        place = place.getparent()
        if place is None or place.tag in ("li", "ul", "ol"):
            return False
    return False


def _as_heading(one: Element) -> None:
    """Make it a heading, unless it is in one or has one in it, or has texts of its own."""
    if _heading_around(one) is not None:
        if one.tag == "button":
            one.tag = "span"
        return
    if any(True for _ in one.iter(*_HEADINGS, "p", "ul", "ol", "table")):
        one.tag = "div"
        for button in one.iter("button"):
            button.tag = "span"
        return
    for inner in one.iter("div", "button"):
        inner.tag = "span"
    one.tag = "h3"


def _heading_around(one: Element) -> Element | None:
    return next((above for above in one.iterancestors(*_HEADINGS)), None) if one.tag not in _HEADINGS else one


def _text(one: Element) -> str:
    return _WHITE.sub(" ", "".join(one.itertext())).strip()
