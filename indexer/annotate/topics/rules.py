"""Topics of a document: which rules hit where, with what weight, against what threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.annotate.phrases.matching import Found, PatternIndex, PatternSet
from indexer.annotate.text.layout import BlockKind
from indexer.annotate.text.reading import Reading
from indexer.annotate.text.spans import SpanIndex, TokenSpan
from kb.errors import ConfigurationError
from kb.model import Evidence, TopicTag
from kb.topics import Topic, TopicExclusion, TopicRule

# The threshold holds up to a page of text and grows with the square root beyond it: a long report mentions
# everything once. 150 words: the shortest texts that are documents and not teasers. On the 190 documents of the
# sixth to ninth set, macro-F1 over ten topics is .859 with the square root and .852 with the fourth root.
PAGE_WORDS = 150
LENGTH_EXPONENT = 0.5
# A note of three sentences names a thing once where a page comes back to it: this share of the threshold is
# enough. Macro-F1 over ten topics on 300 labelled notes with shares of 1, .8, .65, .5, .4: .54, .60, .66, .72,
# .74; below .5 what is gained is made up for by wrong ones. On the first sentences of 806 labelled pages the
# required topics reach .85, .86, .86 and .88. Fewer words are no note, but a sentence.
NOTE_SHARE = 0.5
NOTE_WORDS = 15
# Of many hits of one rule, this many are shown.
MAX_EVIDENCE = 12


@dataclass(frozen=True, slots=True)
class RuleHits:
    """What one rule found: points, and the words that earned them."""

    rule: TopicRule
    points: float
    evidence: tuple[Evidence, ...]


class TopicMatcher:
    """All topics compiled into one pattern set."""

    def __init__(self, topics: Mapping[str, Topic], patterns: PatternIndex) -> None:
        self._topics = [
            (topic, [f"{topic.id}/rule/{index}" for index in range(len(topic.rules))])
            for topic in topics.values()
        ]
        self._patterns = PatternSet(patterns)
        for topic in topics.values():
            try:
                self._compile(topic)
            except ConfigurationError as error:
                raise ConfigurationError(
                    error.problem, subject=f"Thema {topic.id}", remedy=error.remedy
                ) from error

    def _compile(self, topic: Topic) -> None:
        parted: tuple[tuple[str, Sequence[TopicRule | TopicExclusion]], ...] = (
            ("rule", topic.rules),
            ("exclude", topic.exclusions),
        )
        for kind, parts in parted:
            for index, part in enumerate(parts):
                for pattern in part.patterns:
                    self._patterns.add(f"{topic.id}/{kind}/{index}", pattern)
                for pattern in part.near:
                    self._patterns.add(f"{topic.id}/{kind}-near/{index}", pattern)
        for index, exclusion in enumerate(topic.exclusions):
            for pattern in exclusion.about:
                self._patterns.add(f"{topic.id}/about/{index}", pattern)

    def tags(self, reading: Reading) -> tuple[TopicTag, ...]:
        """Topics over their threshold, best first; the score is points divided by the threshold.

        What is only mentioned beside a much stronger topic, and not in the title, is none (``Topic.beside``).
        """
        title, body = self._patterns.find(reading.title), self._patterns.find(reading.body)
        if not title and not body:
            return ()
        grown = max(1.0, reading.word_count / PAGE_WORDS) ** LENGTH_EXPONENT
        if reading.word_count >= NOTE_WORDS and reading.is_note:
            grown = NOTE_SHARE
        scored = []
        for topic, keys in self._topics:
            standing = [index for index, key in enumerate(keys) if key in body or key in title]
            if not standing:  # as for most topics
                continue
            scorer = _Scorer(topic, reading, title, body)
            hits = [scorer.score(index, topic.rules[index]) for index in standing]
            named_below = any(item.end for hit in hits if hit.points for item in hit.evidence)
            needed = topic.threshold * (grown if named_below else max(1.0, grown))
            score = sum(hit.points for hit in hits) / needed
            scored.append((topic, score, [item for hit in hits if hit.points for item in hit.evidence]))
        strongest = max((score for _, score, _ in scored), default=0.0)
        tags = [
            TopicTag(topic.id, round(score, 3), tuple(sorted(evidence, key=lambda e: (e.start, e.end))))
            for topic, score, evidence in scored
            if score >= 1.0 and (score >= topic.beside * strongest or any(item.end == 0 for item in evidence))
        ]
        return tuple(sorted(tags, key=lambda tag: (-tag.score, tag.id)))


@dataclass(frozen=True, slots=True)
class _Scorer:
    """One topic over one document."""

    topic: Topic
    reading: Reading
    title: Found
    body: Found

    def score(self, index: int, rule: TopicRule) -> RuleHits:
        """Points of a rule: the heaviest hit in full, the n-th at 1/n."""
        titles = self._standing(index, rule, self.title)
        spans = [span for span in self._standing(index, rule, self.body) if self.reading.counts(span)]
        weights = sorted((self._weight(rule, span) for span in spans), reverse=True)
        weights = [rule.title_weight] * min(1, len(titles)) + weights
        points = sum(weight / rank for rank, weight in enumerate(weights, start=1))
        evidence = [self.reading.quote_title(span, rule.name) for span in titles[:1]]
        evidence += [self.reading.quote(span, rule.name) for span in spans[:MAX_EVIDENCE]]
        return RuleHits(rule, points, tuple(evidence))

    def _weight(self, rule: TopicRule, span: TokenSpan) -> float:
        return rule.heading_weight if self.reading.kind(span) is BlockKind.HEADING else rule.weight

    def _standing(self, index: int, rule: TopicRule, found: Found) -> list[TokenSpan]:
        """Hits that neither lack their company nor stand in excluded context."""
        spans = found.get(f"{self.topic.id}/rule/{index}", [])
        if not spans:
            return []
        if rule.near:
            own = SpanIndex(spans)
            near = found.get(f"{self.topic.id}/rule-near/{index}", [])
            company = SpanIndex(span for span in near if not own.near(span))
            spans = [span for span in spans if company.near(span, rule.window)]
        for number, exclusion in enumerate(self.topic.exclusions):
            if exclusion.rules and rule.name not in exclusion.rules:
                continue
            if exclusion.about and self._is_about(number) >= exclusion.at_least:
                return []
            spans = self._without(spans, number, exclusion, found)
        return spans

    def _is_about(self, number: int) -> int:
        key = f"{self.topic.id}/about/{number}"
        return len(self.title.get(key, ())) + len(self.body.get(key, ()))

    def _without(
        self, spans: list[TokenSpan], number: int, exclusion: TopicExclusion, found: Found
    ) -> list[TokenSpan]:
        inside = SpanIndex(found.get(f"{self.topic.id}/exclude/{number}", ()))
        near = SpanIndex(found.get(f"{self.topic.id}/exclude-near/{number}", ()))
        return [span for span in spans if not inside.near(span) and not near.near(span, exclusion.window)]
