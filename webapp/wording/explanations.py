"""What an engine did with a query, and why it shows a document, in German; for pages and for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.model import Match, Notice, NoticeKind, Reason, SearchHit, SearchResults, Where

# Stands above the documents that hold only a part of what was asked for.
FURTHER_HEADING = "Weitere Dokumente, die nicht alle Wörter enthalten"

_PLACES = {
    Where.TITLE: "Titel",
    Where.TEXT: "Text",
    Where.TOPIC: "Themenschlagwort",
    Where.AUTHOR: "Autorin oder Autor",
    Where.PUBLISHER: "Herausgeber",
    Where.STATE: "Land",
    Where.ADDRESS: "Adresse",
}
_KINDS = {
    Match.WORD: "Wortform",
    Match.PART: "Wortteil",
    Match.SYNONYM: "Synonym",
    Match.SIMILAR: "ähnliches Wort",
    Match.PREFIX: "Wortanfang",
    Match.PHRASE: "Wortfolge",
}
# What a value that does not exist is not.
_UNKNOWN = {
    "topic": "Das Thema ‚{}‘ gibt es nicht.",
    "doc_type": "Die Art ‚{}‘ gibt es nicht.",
    "source": "Die Quelle ‚{}‘ gibt es nicht.",
    "place": "Zum Ort ‚{}‘ gibt es kein Dokument.",
}
# In the 54 documents of the demo corpus "und" and "so" beside a content word bring 0.6 to 0.8 % of a
# score, the weakest content word beside another 8.8 %.
_WORTH_SAYING = 0.02
# So many missing words are named; a long question may lack dozens.
_NAMED_WORDS = 4


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason: ``place`` („Titel“), the ``form`` that stands there, and ``because`` of what it counts."""

    place: str
    form: str
    because: str


def explain(reasons: Iterable[Reason]) -> tuple[Explanation, ...]:
    """The reasons in words, the strongest first; what hardly counts is left out beside what does."""
    ordered = sorted(reasons, key=lambda reason: -reason.share)
    worth = [reason for reason in ordered if reason.share >= _WORTH_SAYING] or ordered[:1]
    return tuple(Explanation(_PLACES[one.where], one.form, _because(one)) for one in worth)


def _because(reason: Reason) -> str:
    if not reason.word:  # a phrase as a whole
        return "– steht in der gesuchten Wortfolge"
    typed = f"; eingegeben war ‚{reason.corrected}‘" if reason.corrected else ""
    if reason.match is Match.WORD and reason.form.casefold() == reason.word.casefold():
        return f"– das gesuchte Wort{typed}"
    return f"wegen ‚{reason.word}‘ ({_KINDS[reason.match]}{typed})"


def missing_text(hit: SearchHit) -> str:
    """Which words of the query a document lacks, and of which it holds a part; empty where it lacks none."""
    partly = {reason.word.casefold() for reason in hit.reasons if reason.match is Match.PART}
    words = {word.casefold(): word for word in hit.missing}
    gone = [word for key, word in words.items() if key not in partly]
    parts = [word for key, word in words.items() if key in partly]
    said = [f"es {'fehlt' if len(gone) == 1 else 'fehlen'} {_named(gone)}"] if gone else []
    if parts:
        some, stand = ("ein Teil", "kommt") if len(parts) == 1 else ("Teile", "kommen")
        said.append(f"nur {some} von {_named(parts)} {stand} vor")
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _named(words: list[str]) -> str:
    named = [f"‚{word}‘" for word in words]
    if len(named) > _NAMED_WORDS + 1:  # one more word takes no more room than "1 weiteres Wort"
        named[_NAMED_WORDS:] = [f"{len(named) - _NAMED_WORDS} weitere Wörter"]
    return " und ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def notice_texts(results: SearchResults) -> tuple[str, ...]:
    """What is to be said of an answer.

    Whether anything fits the whole query is seen from what filters leave; engines note it before filters.
    """
    notices = [notice for notice in results.notices if notice.kind is not NoticeKind.RELAXED]
    if results.further and not results.total:
        notices.append(Notice(NoticeKind.RELAXED))
    return tuple(map(notice_text, notices))


def notice_text(notice: Notice) -> str:
    """A notice as whole sentences."""
    subject = notice.subject
    match notice.kind:
        case NoticeKind.RELAXED:
            return (
                "Kein Dokument passt zur ganzen Anfrage. Was einen Teil der Wörter enthält, steht unter "
                "„Weitere Dokumente“."
            )
        case NoticeKind.STAR_DROPPED:
            return (
                f"Der Stern in „{subject}“ blieb unbeachtet: Er gilt nur am Ende und nach mindestens drei "
                "Buchstaben, wie in „berufs*“."
            )
        case NoticeKind.SHORTENED:
            return (
                f"Beachtet wurden nur die ersten {subject} Bedingungen. Bedingungen sind Wörter mit + oder − "
                "oder mit einem Stern, Wortfolgen in Anführungszeichen, Klammern und Felder wie „ort:“."
            )
        case NoticeKind.TOO_DEEP:
            return (
                f"Klammern dürfen höchstens {subject} Ebenen tief ineinanderstehen. Was tiefer steht, wurde "
                "wie gewöhnliche Wörter gesucht."
            )
        case NoticeKind.TOO_MANY_WORDS:
            return f"Die Anfrage ist sehr lang. Gesucht wurde nach den ersten {subject} verschiedenen Wörtern."
        case NoticeKind.UNKNOWN_VALUE:
            unknown = _UNKNOWN.get(notice.facet, "Den Wert ‚{}‘ gibt es nicht.").format(subject)
            return f"{unknown} Gemeint vielleicht: {', '.join(notice.choices)}." if notice.choices else unknown
