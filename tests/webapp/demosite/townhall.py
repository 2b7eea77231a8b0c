"""A handful of documents in different structures for the demonstration site."""

from __future__ import annotations

from kb.model import Document, Event, PartialDate

_HOST = "https://demo.fundstelle.example"
# Text blocks of their own, so that a teaser or menu that slips in is recognised.
_MINUTES = """## Begrüßung

Bürgermeisterin Öztürk begrüßte 140 Gäste im Größten Saal der Stadt. Schüler*innen und Lehrer:innen saßen
gemeinsam an *runden* Tischen; die Uebergänge von der Schule in den Beruf standen im Mittelpunkt.

## Ergebnisse

1. Die Jugendberufsagentur öffnet auch samstags.
2. Jede Schule benennt eine Lotsin oder einen Lotsen.
3. Das Bildungsbüro berichtet jährlich.

> „Niemand darf verloren gehen“, sagte der Schulleiter zum Abschluss.

| Schule | Lotsen |
| --- | --- |
| Realschule am Wall | 2 |
| Gesamtschule Süd | 3 |

Das Protokoll wurde vom Bildungsbüro verfasst und mit allen Beteiligten abgestimmt."""

_PRACTICE = """Im Ladenlokal an der Gneisenaustraße treffen sich jeden Dienstag Mütter aus elf Ländern.
Angefangen hat es mit einer Kanne Tee und einem Wörterbuch.

- Sprach- und Kulturmittlung durch Ehrenamtliche
- Beratung zu Kita-, Schul- und Ausbildungsplätzen
- Ausflüge ins Quartier

### Was es kostet

Rund 4.800 € im Jahr, z. B. für Miete und Material. Mehr dazu steht im
[Protokoll der Bildungskonferenz](https://demo.fundstelle.example/berichte/bildungskonferenz).

Wer das Angebot übertragen will, sollte **klein anfangen** und die Wohnungsbaugesellschaft früh einbeziehen."""

_INVITATION = """Am 26. Juni lädt das Regionale Bildungsbüro zum Fachtag ein.
Eingeladen sind Fachkräfte aus Schule, Jugendhilfe und Wirtschaft, die den Übergang gestalten.

Programm: 9 Uhr Ankommen, 10 Uhr Vortrag, 11.30 Uhr Werkstätten, 13 Uhr Imbiss.

Die Teilnahme ist kostenlos. Anmeldungen nimmt das Bildungsbüro bis zum 12. Juni entgegen."""

# Long enough for two pages: a running head is known by coming back.
_MEASURE = """## Maßnahme {number}

Die Stadt verfügt über elf weiterführende Schulen; {number} davon liegen im Stadtteil Süd. Angebote gibt
es viele, Abstimmung wenig. Zuständig ist ab dem {number}. Jahr die Koordinierungsstelle im Bildungsbüro.

- Einrichtung von {number} Stellen für die Übergangsbegleitung
- Größere Verbindlichkeit durch Zielvereinbarungen – jährlich überprüft

Die Umsetzung kostet {number}20.000 € und beginnt nach den Sommerferien."""

_CONCEPT = "\n\n".join(_MEASURE.format(number=number) for number in range(1, 8))

_SHORT_NEWS = """Das Bildungsbüro zieht um. Ab Montag sind die Kolleginnen und Kollegen im Alten Rathaus zu
finden, zweiter Stock, barrierefrei über den Hof. Die Telefonnummern bleiben gleich; die Sprechzeiten werden
dienstags verlängert."""


def _document(path: str, title: str, text: str, **values: object) -> Document:
    slug = path.rpartition("/")[2]
    fields: dict[str, object] = {
        "publisher": "Bildungsbüro Auenbrück",
        "licence": "CC0-1.0",
        "source": "demo",
        **values,
    }
    return Document(f"demo-{slug}", title, text, url=_HOST + path, **fields)  # type: ignore[arg-type]


DOCUMENTS = (
    _document(
        "/berichte/bildungskonferenz",
        "Bildungskonferenz: Übergänge gemeinsam gestalten",
        _MINUTES,
        published=PartialDate(2019, 3, 12),
        authors=("Ayşe Yıldız",),
        event=Event(PartialDate(2019, 3, 8), PartialDate(2019, 3, 9)),
    ),
    _document(
        "/praxis/teekanne-im-quartier",
        "Mit der Teekanne ins Quartier",
        _PRACTICE,
        published=PartialDate(2021, 11, 4),
        authors=("Jörg Weiß",),
    ),
    _document(
        "/termine/fachtag", "Fachtag „Schule – und dann?“", _INVITATION, published=PartialDate(2024, 5, 2)
    ),
    _document(
        "/handreichungen/konzept-koordinierung",
        "Konzept Übergangskoordinierung",
        _CONCEPT,
        published=PartialDate(2018, 11),
        extra={"format": "pdf"},
    ),
    _document("/aktuelles/umzug", "Bildungsbüro zieht um", _SHORT_NEWS, published=PartialDate(2023, 1, 9)),
    *(
        _document(
            f"/berichte/runde-{number}",
            f"{number}. Runde Tische im Stadtteil",
            f"Zum {number}. Mal kamen Nachbarinnen und Nachbarn zusammen. {_SHORT_NEWS}\n\n{_INVITATION}",
            published=PartialDate(2000 + number),
        )
        for number in range(1, 8)
    ),
)
