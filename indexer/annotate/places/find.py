"""Places of a document: names judged by the words around them, grouped, and ordered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.annotate.data.files import read_data
from indexer.annotate.places.gazetteer import Gazetteer, NameSpan, Naming
from indexer.annotate.places.meaning import (
    ADDRESS,
    AWAY,
    ELSEWHERE,
    MEDIUM,
    PART,
    Mention,
    Strength,
    any_of,
    choose,
    is_meant,
)
from indexer.annotate.places.roles import VENUE
from indexer.annotate.places.rows import LARGE, Place
from indexer.annotate.places.spelling import words
from indexer.annotate.places.tree import PlaceTree
from indexer.annotate.text.reading import Reading
from indexer.annotate.text.spans import TokenSpan
from indexer.annotate.text.tokens import Tokens
from kb.model import Evidence, PlaceTag

MAX_EVIDENCE = 12
_POSTCODE_DIGITS = 5
# „Dresden, 27. April 2022“ at the beginning of a line: the seat of the publisher.
_HOUSE_NUMBER = re.compile(r"\d{1,3}(?: ?[a-d])?")
_OF_PERSON = ("aus", "(", ",")
# „Ort: Jugendgästehaus am Aasee, Münster“: what the line is for stands before it.
_PLACE_LINE = re.compile(r"[^\w\n]{0,4}(?:Veranstaltungsort|Tagungsort|Ort|Wo|Treffpunkt)\b[^\w\n]{0,4}:")
_TITLE_WORDS = 6
_DATELINE = re.compile(r"^, (?:den |am )?\d{1,2}\. ?\w")


class PlaceFinder:
    """Judges each name that the gazetteer finds (words in ``data/places.toml``)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        data = read_data("places.toml")
        self._gazetteer = gazetteer
        self._explicit = frozenset(data["explicit"])
        self._locative = frozenset(data["locative"])
        self._locative_of_names = frozenset(data["locative_of_names"])
        self._weak = frozenset(data["weak_locative"])
        self._links = frozenset(data["links"])
        self._institutions = tuple(data["institution_endings"])
        self._other = tuple(data["elsewhere"])
        self._away = tuple(f" {words}" for words in (*data["distances"], *data["from_there"]))
        self._honorific = words().titles
        self._bare = frozenset(data["without_article"])
        self._arrivals = frozenset(data["arrivals"])
        self._plurals = frozenset(data["district_plurals"])
        self._offices = frozenset(data["district_offices"])
        self._person = frozenset(data["person"])
        self._stops = frozenset(data["adjective_stops"])
        self._phrases = tuple(data["phrase_stops"])
        self._titles = frozenset(data["speaker_titles"])
        self._articles = frozenset(data["single_person_articles"])
        self._single_persons = tuple(data["single_person_endings"])
        self._deeds = frozenset(data["deeds"])
        self._capitals = frozenset(data["capitals"])

    def tags(self, reading: Reading) -> tuple[PlaceTag, ...]:
        """Places in the order of their number of mentions, then of their first."""
        mentions = self._mentions(reading.title, in_title=True)
        mentions += [
            self._placed(mention, reading)
            for mention in self._mentions(reading.body, in_title=False)
            if reading.counts(TokenSpan(mention.span.start, mention.span.end))
        ]
        accepted = self._accepted(mentions, note=reading.is_note)
        tags = _tags(accepted, reading, self._capitals, self._gazetteer.tree)
        stated = self._stated(reading.venue) if reading.venue is not None else None
        return tags if stated is None else self._with_venue(tags, stated)

    def _stated(self, venue: Tokens) -> Place | None:
        """The municipality that the source states as data: behind the last comma, else the only one named."""
        spans = [
            span for span in self._gazetteer.names(venue) if not span.naming.adjective and span.naming.places
        ]
        comma = max((number for number, word in enumerate(venue.words) if word == ","), default=-1)
        for group in ([span for span in spans if span.start > comma], spans):
            found = self._accepted([Mention(span, Strength.EXPLICIT, "Ort") for span in group], note=False)
            towns = [place for place, _ in found if place.kind != "state"]
            if len(towns) == 1:
                return towns[0]
        return None

    def _with_venue(self, tags: tuple[PlaceTag, ...], place: Place) -> tuple[PlaceTag, ...]:
        """The stated place first, with the evidence that the text has of it, if any."""
        known = [tag for tag in tags if tag.ags == place.ags and tag.name.startswith(place.name)]
        others = tuple(tag for tag in tags if tag not in known)
        namesake = any(tag.name == place.name for tag in others)
        name = f"{place.name} ({place.state})" if namesake else place.name
        areas = self._gazetteer.tree.around(place)
        venue = known[0] if known else PlaceTag(name, place.ags, place.state, areas=areas)
        return (replace(venue, role=VENUE), *others)

    def _placed(self, mention: Mention, reading: Reading) -> Mention:
        """A mention in a dateline, or in a sentence about something else, gives way to others."""
        span, tokens = mention.span, reading.body
        opens = span.start == 0 or tokens.words[span.start - 1].isspace()
        if opens and _DATELINE.match(tokens.between(span.end, span.end + 6)):
            return replace(mention, rule=ADDRESS)
        if opens and span.form.isupper():
            return replace(mention, strength=max(mention.strength, Strength.LOCATIVE))
        if opens and tokens.between(span.end, span.end + 2).startswith(". ") and span.end + 2 < len(tokens):
            at_start = span.start <= 1  # what stands before it is white space, one token of it at most
            first = Strength.EXPLICIT if at_start else Strength.LOCATIVE
            return replace(mention, strength=max(mention.strength, first))  # „Zittau. Wie wird …“
        sentence = reading.sentence(span.start)
        if mention.rule == "Ort" and tokens.between(max(0, span.start - 4), span.start).endswith(self._away):
            return replace(mention, rule=AWAY)
        if mention.rule == "Ort" and (self._elsewhere(tokens, span, sentence) or self._of_person(tokens, span)):
            return replace(mention, rule=ELSEWHERE)
        if span.start == sentence.start and tokens.between(span.end, span.end + 1) in self._deeds:
            return replace(mention, strength=max(mention.strength, Strength.WEAK))  # „Sondershausen hat …“
        return mention

    def _elsewhere(self, tokens: Tokens, span: NameSpan, sentence: TokenSpan) -> bool:
        """„Besucher aus Hannover“ directly before the name, „die nächste Tagung“ anywhere in its sentence."""
        words = tokens.between(sentence.start, sentence.end)
        before = tokens.between(max(0, span.start - 2), span.start)
        return any(phrase in (before if phrase.endswith(" aus") else words) for phrase in self._other)

    def _of_person(self, tokens: Tokens, span: NameSpan) -> bool:
        """„Dr. Felix Anders aus Stuttgart“, „Prof. Lena Kast (Freiburg)“, „eine Lehrerin aus Hannover“."""
        link = tokens.words[span.start - 1] if span.start else ""
        if link not in _OF_PERSON:
            return False
        before = tokens.words[max(0, span.start - _TITLE_WORDS) : span.start - 1]
        if link == "aus" and len(before) > 1 and before[-2] in self._articles:
            who = before[-1]
            if who[:1].isupper() and who.endswith(self._single_persons):
                return True
        return not self._titles.isdisjoint(before) and not any(map(str.isspace, before))

    def _mentions(self, tokens: Tokens, *, in_title: bool) -> list[Mention]:
        mentions: list[Mention] = []
        read = 0
        for span in self._gazetteer.names(tokens):
            if span.start < read:
                continue  # „Berlin“ of „Neuenhagen bei Berlin“
            bare = span
            addition = (
                None if span.naming.adjective else self._gazetteer.additions.after(tokens, span.form, span.end)
            )
            if addition is not None:
                read = addition.end
                if addition.place is None:
                    continue  # better none than a namesake
                span = replace(span, end=addition.end, naming=Naming((addition.place,)))
            mention = self._judge(tokens, span, mentions[-1] if mentions else None)
            if addition is not None and mention.strength is not Strength.NONE and self._is_bound(tokens, bare):
                mention = replace(mention, strength=Strength.EXPLICIT)
            if mention.strength is not Strength.NONE:
                mentions.append(Mention(mention.span, mention.strength, mention.rule, in_title=in_title))
        return mentions

    def _judge(self, tokens: Tokens, span: NameSpan, previous: Mention | None) -> Mention:
        words = tokens.words
        before = words[span.start - 1] if span.start else ""
        after = words[span.end] if span.end < len(words) else ""
        after_next = words[span.end + 1] if span.end + 1 < len(words) else ""
        none = Mention(span, Strength.NONE, "")
        around = tokens.between(max(0, span.start - 2), span.end + 2)
        if before in self._person or any(phrase in around for phrase in self._phrases):
            return none
        if before in self._plurals or (
            previous and previous.rule == "Kreise" and self._linked(tokens, previous, span)
        ):
            return self._district(span, "Kreise")
        if before in self._offices and span.form in self._gazetteer.districts:
            return self._district(span, "Amt des Kreises")
        if not span.naming.places:
            return none
        if span.naming.adjective:
            fits = after[:1].isupper() and after not in self._stops and after.isalpha()
            return Mention(span, Strength.WEAK, "Adjektiv") if fits else none
        if before in ("-", "–") and span.start >= 2 and not tokens.is_before_blank(span.start - 1):
            return none  # the part of Berlin-Neukölln: the city before the hyphen was found already
        if after == "-" and not tokens.is_before_blank(span.end - 1) and after_next[:1].isupper():
            strength = self._preceding(tokens, span, before, previous)
            known = any(place.population >= MEDIUM and not place.is_word for place in span.naming.places)
            return (
                Mention(span, strength, "Ort mit Ortsteil") if known or strength >= Strength.LOCATIVE else none
            )
        if len(before) == _POSTCODE_DIGITS and before.isdigit():
            return Mention(span, Strength.EXPLICIT, ADDRESS)
        return Mention(span, self._preceding(tokens, span, before, previous), "Ort")

    def _preceding(self, tokens: Tokens, span: NameSpan, before: str, previous: Mention | None) -> Strength:
        if before in self._explicit or self._honorific.match(span.form):
            return Strength.EXPLICIT
        if before in ("in", "In") and self._takes_place(tokens, span):
            return Strength.EXPLICIT
        if before in self._locative:
            return Strength.LOCATIVE
        if before in self._locative_of_names and not any(place.is_word for place in span.naming.places):
            return Strength.LOCATIVE
        large = any(place.population >= LARGE for place in span.naming.places)
        if before == "nach" and (large or self._arrives(tokens, span)):
            return Strength.LOCATIVE  # „nach Essen“ is the city; the meal has an article
        earlier = tokens.words[span.start - 2] if span.start >= 2 else ""
        following = tokens.between(span.end, span.end + 2)
        if (before == "ganz" and earlier in self._locative) or following == ", Stadtteil":
            return Strength.LOCATIVE
        if _PLACE_LINE.match(tokens.text, tokens.line_start(span.start), tokens.starts[span.start]):
            return Strength.LOCATIVE
        if before in ("von", "Von") and earlier in self._explicit:
            return Strength.EXPLICIT
        if before[:1].isupper() and before.lower().endswith(self._institutions):
            return Strength.LOCATIVE
        if previous is not None and self._linked(tokens, previous, span):
            return previous.strength
        if before == "," and self._ends_address(tokens, span, earlier):
            return Strength.LOCATIVE
        if before in self._weak:
            return Strength.WEAK
        return Strength.BARE

    def _arrives(self, tokens: Tokens, span: NameSpan) -> bool:
        """„Waren nach Hof gekommen“: the word that says so closes the clause soon."""
        return not self._arrivals.isdisjoint(tokens.words[max(0, span.start - 12) : span.end + 4])

    def _takes_place(self, tokens: Tokens, span: NameSpan) -> bool:
        """„fand in Enger statt“: other words than names have an article there, but for a few."""
        return tokens.between(span.end, span.end + 1) == "statt" and span.form not in self._bare

    def _ends_address(self, tokens: Tokens, span: NameSpan, earlier: str) -> bool:
        """„Moltkestraße 31, Offenburg“, „Halle 12, Essen“ at a line's end."""
        after = tokens.words[span.end] if span.end < len(tokens) else "\n"
        ends = not after[:1].isalpha() or after in ("am", "statt")
        return ends and bool(_HOUSE_NUMBER.fullmatch(earlier))

    def _is_bound(self, tokens: Tokens, span: NameSpan) -> bool:
        """Whether an addition is one: „Essen (Ruhr)“, „in Rain am Lech“, not „die Weiden am Rhein“."""
        if tokens.words[span.end] in ("(", "/") or not any(place.is_word for place in span.naming.places):
            return True
        before = tokens.words[span.start - 1] if span.start else ""
        return not before.isalpha() or before in self._locative or before in self._weak

    def _linked(self, tokens: Tokens, previous: Mention, span: NameSpan) -> bool:
        between = tokens.words[previous.span.end : span.start]
        return 0 < len(between) <= 2 and self._links.issuperset(between)

    def _district(self, span: NameSpan, rule: str) -> Mention:
        place = self._gazetteer.districts.get(span.form)
        if place is None:
            return Mention(span, Strength.NONE, "")
        naming = type(span.naming)((place,))
        return Mention(NameSpan(span.start, span.end, span.form, naming), Strength.EXPLICIT, rule)

    def _accepted(self, mentions: Sequence[Mention], *, note: bool) -> list[tuple[Place, list[Mention]]]:
        """Group by form, decide which place is meant, and whether it is meant at all."""
        by_form: dict[tuple[Place, ...], list[Mention]] = {}
        for mention in mentions:
            by_form.setdefault(mention.span.naming.places, []).append(mention)
        sure = {
            places[0]
            for places, group in by_form.items()
            if len(places) == 1 and is_meant(places[0], group, note=note)
        }
        cities, states = {place.name for place in sure}, {place.state for place in sure}
        accepted: dict[Place, list[Mention]] = {}
        for places, group in by_form.items():
            place = choose(group[0].span.form, places, sure, states) or any_of(places, group)
            if place is not None and place.kind == "part":
                place = self._whole(place, group, cities)
            elif place is not None and place not in sure and not is_meant(place, group, note=note):
                place = None
            if place is not None:
                accepted.setdefault(place, []).extend(_marked(place, group))
        return list(accepted.items())

    def _whole(self, part: Place, group: Iterable[Mention], cities: set[str]) -> Place | None:
        """A part stands for its municipality where that is named too, or nothing else has the part's name."""
        located = any(mention.strength >= Strength.LOCATIVE for mention in group)
        whole = self._gazetteer.city_of(part)
        # Cities have more parts than the places file, so of small ones others may have the name.
        listed = part.population >= MEDIUM or (whole is not None and whole.kind == "town")
        known = listed and "mehrfach" not in part.flags and not part.is_word
        return whole if located and (part.part_of in cities or known) else None


def _marked(place: Place, group: Iterable[Mention]) -> list[Mention]:
    """Mentions of a part that stand for the whole say so."""
    return [
        replace(mention, rule=PART)
        if place not in mention.span.naming.places and mention.rule != ADDRESS
        else mention
        for mention in group
    ]


def _tags(
    accepted: list[tuple[Place, list[Mention]]], reading: Reading, capitals: frozenset[str], tree: PlaceTree
) -> tuple[PlaceTag, ...]:
    """Addresses and states in passing give way where another place is named.

    A state stays beside its capital: news of a government name both.
    """
    accepted = [(place, group) for place, group in accepted if any(m.rule != AWAY for m in group)]
    own = [(place, group) for place, group in accepted if not _gives_way(group)]
    here = [(place, group) for place, group in accepted if any(m.rule != ELSEWHERE for m in group)]
    accepted = own or here or accepted
    towns = [(place, group) for place, group in accepted if place.kind != "state"]
    if towns:
        capital_only = all(place.name in capitals for place, _ in towns)
        states = [
            (p, g)
            for p, g in accepted
            if p.kind == "state" and (capital_only or len(g) > 1 or any(m.in_title for m in g))
        ]
        accepted = towns + states
    names = Counter(place.name for place, _ in accepted)
    ordered = sorted(accepted, key=lambda item: (-_prominence(item[1]), item[1][0].span.start, item[0].name))
    return tuple(
        PlaceTag(
            place.name if names[place.name] == 1 else f"{place.name} ({place.state})",
            place.ags,
            place.state,
            tuple(_evidence(mention, reading) for mention in group[:MAX_EVIDENCE]),
            parts=_parts(group),
            areas=tree.around(place),
        )
        for place, group in ordered
    )


def _prominence(group: Iterable[Mention]) -> int:
    return sum(3 if mention.in_title else 1 for mention in group)


def _gives_way(group: Iterable[Mention]) -> bool:
    return all(mention.rule in (ADDRESS, ELSEWHERE, AWAY) for mention in group)


def _parts(group: Iterable[Mention]) -> tuple[str, ...]:
    """The parts of the city by which it was named."""
    return tuple(
        dict.fromkeys(
            place.name
            for mention in group
            for place in mention.span.naming.places
            if place.kind == "part" and mention.rule == PART
        )
    )


def _evidence(mention: Mention, reading: Reading) -> Evidence:
    span = TokenSpan(mention.span.start, mention.span.end)
    if mention.in_title:
        return reading.quote_title(span, mention.rule)
    return reading.quote(span, mention.rule)
