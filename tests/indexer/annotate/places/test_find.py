"""Names that mean a place, and names that do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate import DocumentAnnotator
from indexer.annotate.places.find import PlaceFinder
from indexer.annotate.places.gazetteer import Gazetteer
from indexer.annotate.places.roles import VENUE
from indexer.annotate.places.rows import COLUMNS, read_places
from indexer.annotate.text.language import german
from indexer.annotate.text.reading import read
from kb.errors import ConfigurationError
from kb.model import Decision, Decisions, Event, PartialDate
from tests.indexer.annotate.conftest import CORPUS, document, reading

PLACES = read_places(CORPUS / "places.tsv")


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(Gazetteer(PLACES, german()))


def names(finder: PlaceFinder, text: str, title: str = "Ohne Titel") -> set[str]:
    return {tag.name for tag in finder.tags(reading(text, title))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Stadt Dortmund lädt ein.", {"Dortmund"}),
        ("Dortmunds Jugendliche", {"Dortmund"}),
        ("Die Dortmunder Jugendlichen", {"Dortmund"}),
        ("Die Bremer Schulen", {"Bremen"}),
        ("Ein Treffen in Essen.", {"Essen"}),
        ("Das Essen war gut, Essen und Trinken waren frei.", set()),
        ("Beim gemeinsamen Essen in der Pause", set()),
        ("Treffpunkt Stadt Halle, Eingang zur Halle 3", {"Halle (Saale)"}),
        ("Die Halle war voll.", set()),
        ("Fachkräfte aus Hof und Münster", {"Hof", "Münster"}),
        ("Im Hof spielten Kinder, das Singen im Rain war laut.", set()),
        ("Familien aus Köln, Bonn und Essen", {"Köln", "Bonn", "Essen"}),
        ("Im Kreis Unna und im Landkreis Harz", {"Kreis Unna", "Landkreis Harz"}),
        ("des Landkreises Harz und des Rhein-Sieg-Kreises", {"Landkreis Harz", "Rhein-Sieg-Kreis"}),
        ("im Märkischen Kreis und in der StädteRegion Aachen", {"Märkischer Kreis", "StädteRegion Aachen"}),
        ("in den Landkreisen Harz und Börde", {"Landkreis Harz", "Landkreis Börde"}),
        ("Wanderung im Harz mit einem Kreis von Engagierten", set()),
        ("in der Berliner Straße 5", set()),
        ("Die Weinheimer Initiative und die Düsseldorfer Tabelle", set()),
        ("Frau Hagen, Herr Essen und Dr. Weiden sprachen.", set()),
        ("in Berlin-Neukölln", {"Berlin"}),
        ("in Frankfurt am Main", {"Frankfurt am Main"}),
        ("in Frankfurt (Oder)", {"Frankfurt (Oder)"}),
        ("Kommunen in Nordrhein-Westfalen", {"Nordrhein-Westfalen"}),
        ("Ein Workshop in Quedlinburg", {"Quedlinburg"}),
        ("Katja Steinbach moderierte.", set()),
    ],
)
def test_names_in_context(finder: PlaceFinder, text: str, expected: set[str]) -> None:
    assert names(finder, text) == expected


def test_keys_and_states(finder: PlaceFinder) -> None:
    (tag,) = finder.tags(reading("Die Stadt Dortmund lädt ein."))
    assert (tag.name, tag.ags, tag.state) == ("Dortmund", "05913", "Nordrhein-Westfalen")
    (tag,) = finder.tags(reading("Ein Workshop in Lünen"))
    assert (tag.name, tag.ags, tag.state) == ("Lünen", "05978024", "Nordrhein-Westfalen")
    assert tag.areas == ("Nordrhein-Westfalen", "Kreis Unna")


def test_a_part_stands_for_its_city_where_the_city_is_named(finder: PlaceFinder) -> None:
    assert names(finder, "Ein Treff in Wandsbek. Hamburg fördert ihn.") == {"Hamburg"}
    assert names(finder, "Ein Treff in Dahlem.") == set()


def test_a_shared_name_needs_its_state(finder: PlaceFinder) -> None:
    assert names(finder, "Ein Fest in Neunkirchen.") in (set(), {"Neunkirchen"})
    tags = finder.tags(reading("Ein Fest in Neunkirchen, nahe Saarbrücken."))
    assert {(tag.name, tag.state) for tag in tags} >= {("Neunkirchen", "Saarland")}


def test_the_publishers_address_gives_way(finder: PlaceFinder) -> None:
    text = "Das Projekt läuft in Kassel.\n\nHerausgeber: Agentur, Lange Gasse 1, 10115 Berlin"
    assert names(finder, text) == {"Kassel"}
    assert names(finder, "Agentur, Lange Gasse 1, 10115 Berlin") == {"Berlin"}


def test_a_state_in_passing_gives_way(finder: PlaceFinder) -> None:
    text = "In Bochum ging es um die in Nordrhein-Westfalen abgeschaffte Regel."
    assert names(finder, text) == {"Bochum"}


def test_a_name_in_the_title_counts_and_quotes_the_title(finder: PlaceFinder) -> None:
    tags = finder.tags(reading("Wir lesen vor.", "Vorlesen in Trier"))
    assert [(tag.name, tag.evidence[0].start, tag.evidence[0].end, tag.evidence[0].text) for tag in tags] == [
        ("Trier", 0, 0, "Trier")
    ]


def test_the_shipped_places() -> None:
    assert len(PLACES) > 11_000
    assert len([place for place in PLACES if place.kind in ("district", "city")]) == 400
    assert all(place.ags and len(place.ags) == 5 for place in PLACES if place.kind in ("district", "city"))
    towns = [place for place in PLACES if place.kind == "town" and place.ags]
    assert len(towns) > 9_900, "municipalities know their key"
    districts = {place.ags for place in PLACES if place.kind == "district"}
    assert all(place.ags and len(place.ags) == 8 and place.ags[:5] in districts for place in towns)
    assert len({place.ags for place in towns}) == len(towns), "one municipality is one place"
    municipalities = {place.ags for place in PLACES if place.kind in ("city", "town")}
    assert all(place.ags in municipalities for place in PLACES if place.kind == "part" and place.ags)
    assert not [place for place in PLACES if place.ags and "stadtnah" in place.flags]
    by_name = {place.name: place for place in PLACES if place.kind != "town"}
    assert "München" in by_name
    assert not {place.name for place in PLACES} & {"Munich", "Nuremberg", "Cologne", "Hanover"}
    assert by_name["Neukölln"].part_of == "Berlin"
    assert by_name["Essen"].is_word
    assert {place.ags for place in PLACES if place.kind == "state"} == {f"{n:02}" for n in range(1, 17)} - {
        "02",
        "11",
    }


def test_the_shipped_file_names_its_sources() -> None:
    head = (CORPUS / "places.tsv").read_text(encoding="utf-8")[:900]
    assert "GeoNames" in head
    assert "Destatis" in head
    assert head.count("CC BY 4.0") == 2
    assert "Gemeindeverzeichnis" in head


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("name\tkind\n", "Kopfzeile"),
        ("\t".join(COLUMNS) + "\nKöln\tcity\n", "2 Spalten"),
        ("\t".join(COLUMNS) + "\nKöln" + "\tdorf" + "\t" * 10 + "\n", "keine gültige Art"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "places.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=problem) as caught:
        read_places(path)
    assert str(path) in str(caught.value)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "places.tsv"
    path.write_bytes("name\tKöln".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        read_places(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Gaeste kamen auf der Freilichtbuehne in Luebeck zusammen.", {"Lübeck"}),
        ("Zittau. Wie wird aus einem Vorschulkind ein Schulkind?", {"Zittau"}),
        ("Das Fest lockte 400 Besucher in die Stadthalle Weinheim.", {"Weinheim"}),
        ("In Jena ging es los. „Gut“, meinte eine Teilnehmerin aus Chemnitz.", {"Jena"}),
        ("Beim Sportfest in Neuss maßen sich die Kinder.", {"Neuss"}),
        ("NEUWIED. Per Video nahm der Beirat die Arbeit auf.", {"Neuwied"}),
        ("Das Mehrgenerationenhaus Görlitz lädt ein.", {"Görlitz"}),
        ("Der Stadtrat von Hof hat beschlossen.", {"Hof"}),
        ("Frau Yilmaz kam vor zwölf Jahren nach Essen.", {"Essen"}),
        ("Die Konferenz in Hamm war gut besucht.", {"Hamm"}),
        ("Der Inklusionstag in Marburg war ein Erfolg.", {"Marburg"}),
        ("In Kassel kamen alle zusammen. Das nächste Treffen ist in Gießen geplant.", {"Kassel"}),
        ("Dresden, 27. April 2022. Das Kabinett stärkt die Schulen in Sachsen.", {"Sachsen"}),
        ("Dresden, 27. April 2022. Das Kabinett hat beschlossen.", {"Dresden"}),
    ],
)
def test_places_as_texts_name_them(finder: PlaceFinder, text: str, expected: set[str]) -> None:
    assert names(finder, text) == expected


def test_parts_are_told(finder: PlaceFinder) -> None:
    (tag,) = finder.tags(reading("Das Fest in Neukölln beginnt um zwölf, Berlin feiert mit."))
    assert (tag.name, tag.parts) == ("Berlin", ("Neukölln",))
    assert {item.rule for item in tag.evidence} == {"Ort", "Ortsteil"}


@pytest.mark.parametrize(
    ("text", "kind", "roles"),
    [
        ("Das Projekt läuft in Kassel seit drei Jahren.", "praxisbeispiel", {"Kassel": "practice"}),
        ("Agentur, Lange Gasse 1, 10115 Berlin", "sonstiges", {"Berlin": "publisher"}),
        ("Am 3. Mai 2020 findet der Fachtag in Jena statt. Partner ist die Stadt Gera.", "ankuendigung",
         {"Jena": "venue", "Gera": None}),
        ("Der Fachtag war am 3. Mai 2020 gut besucht. Alle lernten Hamburg kennen.", "veranstaltungsbericht",
         {"Hamburg": "venue"}),
        ("Am 3. Mai 2020 findet der Fachtag statt. Alle Schulen in Hessen sind eingeladen.", "ankuendigung",
         {"Hessen": None}),
        ("Der Bericht aus Jena erschien am 3. Mai 2020.", "sonstiges", {"Jena": None}),
        ("Der Landkreis Harz sucht Lotsen. Am 3. Mai 2020 treffen sich alle in Halberstadt zum Fachtag.",
         "ankuendigung", {"Landkreis Harz": "practice", "Halberstadt": "venue"}),
        ("Beim Fachtag am 3. Mai 2020 in Mannheim stellte sich der Ostalbkreis vor. Es folgte die Stadt Gera.",
         "veranstaltungsbericht", {"Mannheim": "venue", "Ostalbkreis": "practice", "Gera": "practice"}),
        ("Das Fest der Vereine war bunt. Alle Schulen in Eschweiler waren dabei.", "veranstaltungsbericht",
         {"Eschweiler": "venue"}),
    ],
)  # fmt: skip
def test_venue_practice_and_publisher_are_told_apart(
    annotator: DocumentAnnotator, text: str, kind: str, roles: dict[str, str | None]
) -> None:
    source = replace(document(text), decisions=Decisions(doc_type=Decision(kind)))
    assert {tag.name: tag.role for tag in annotator.annotate(source).places} == roles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wir treffen uns im Kulturforum, Moltkestraße 31, Offenburg.", {"Offenburg"}),
        ("Zeche Zollverein, Halle 12, Essen", {"Essen"}),
        ("In Raum 2, Essen und Getränke stehen bereit.", set()),
        ("Der Fachtag war in Gera. Dr. Felix Anders aus Stuttgart sprach.", {"Gera"}),
        ("Der Fachtag war in Gera. Prof. Martina Kohl (Freiburg) sprach.", {"Gera"}),
        ("In Gera kamen Besucher aus Hannover zusammen.", {"Gera"}),
        ("In Gera kamen Vertreterinnen aus 31 Kreisen zusammen.", {"Gera"}),
        ("Man traf sich in Hamm. Die nächste Zusammenkunft richtet die Stadt Hagen aus.", {"Hamm"}),
        ("Sondershausen hat Einwohner verloren.", {"Sondershausen"}),
        ("Gefördert werden Vereine in Thüringer Dörfern.", {"Thüringen"}),
        ("Verglichen wurden Fachkräfte in hessischen Einrichtungen.", {"Hessen"}),
        ("Das teilte die Ministerin in Potsdam mit. Alle Schulen in Brandenburg machen mit.",
         {"Potsdam", "Brandenburg"}),
        ("Der Saal des Landratsamtes Bautzen", {"Bautzen"}),
        ("Das Landratsamt Bautzen lädt ein.", {"Landkreis Bautzen"}),
        ("Das Fest ist in Halle auf dem Hof am Leipziger Turm.", {"Halle (Saale)"}),
        ("Termin: 5. Mai\nOrt: Jugendgästehaus am Aasee, Münster\nKosten: keine", {"Münster"}),
        ("Dort gab es Obst, Essen\nund Saft.", set()),
    ],
)  # fmt: skip
def test_where_it_happens_and_where_others_come_from(
    finder: PlaceFinder, text: str, expected: set[str]
) -> None:
    assert names(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In Kempten trafen sich die Vereine.", {"Kempten (Allgäu)"}),
        ("Die Akademie in Bad Boll lud ein.", {"Bad Boll"}),
        ("In Rain am Lech öffnete die Bücherei.", {"Rain"}),
        ("Rain. Am Tor entsteht eine Bücherei.", {"Rain"}),
        ("Trotz Rain and Snow wurde gefeiert.", set()),
        ("Die alten Weiden am Rhein werden geschnitten.", set()),
        ("Im Hammer Kurhaus lernten sie sich kennen.", {"Hamm"}),
        ("Er nahm den Hammer und ging.", set()),
        ("Das Treffen fand in WEIDEN I.D.OPF. statt.", {"Weiden in der Oberpfalz"}),
        ("Im Landkreis Schwaebisch Hall und im Kreis Dueren arbeiten Lotsen.",
         {"Landkreis Schwäbisch Hall", "Kreis Düren"}),
        ("Der Märkische Kreis lädt ein.", {"Märkischer Kreis"}),
        ("In Halle-Neustadt arbeitet ein Büro.", {"Halle (Saale)"}),
        ("Eltern aus Lurup kamen in die Schule in Lurup.", {"Hamburg"}),
        ("Die Bad Kreuznacher Schulen und die Villingen-Schwenninger Betriebe",
         {"Bad Kreuznach", "Villingen-Schwenningen"}),
        ("In Neustadt an der Aisch gibt es Lotsen. In Neustadt sind es drei.", {"Neustadt an der Aisch"}),
        ("In Neustadt gibt es Lotsen.", set()),
        ("Rheinland-Pfalz: In Neustadt an der Weinstraße lesen Paten.", {"Neustadt an der Weinstraße"}),
    ],
)  # fmt: skip
def test_names_as_people_write_them(finder: PlaceFinder, text: str, expected: set[str]) -> None:
    """Short and full names, names without umlauts or in capitals, adjectives of several words."""
    assert names(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Fest fand in Teltow statt.", ("Teltow", "12069616")),
        ("Die Runde tagte in der Gemeinde Ottobrunn.", ("Ottobrunn", "09184136")),
        ("Das Fest in Gohlis war gut besucht.", ("Leipzig", "14713")),
        ("Ein Treff in Wattenscheid lädt ein.", ("Bochum", "05911")),
        ("Das Fest fand in St. Georgen im Schwarzwald statt.", ("Sankt Georgen im Schwarzwald", "08326052")),
        ("Das Fest fand in Halle in Westfalen statt.", ("Halle", "05754012")),
        ("Das Fest fand in Halle (Westf.) statt.", ("Halle", "05754012")),
        ("Das Fest fand in Halle (NRW) statt.", ("Halle", "05754012")),
        ("Das Fest fand in Neunkirchen (Saar) statt.", ("Neunkirchen", "10043114")),
        ("Das Fest fand in Garching b. München statt.", ("Garching", "09184119")),
        ("Das Fest fand in Schöneiche bei Berlin statt.", ("Schöneiche", "12067440")),
        ("Das Fest fand in Mühldorf a. Inn statt.", ("Mühldorf", "09183128")),
        ("Das Fest fand in Oldenburg (Holstein) statt.", ("Oldenburg in Holstein", "01055033")),
        ("Das Fest war in der Lutherstadt Eisleben.", ("Lutherstadt Eisleben", "15087130")),
        ("Das Fest fand in Enger statt.", ("Enger", "05758008")),
        ("Das Fest fand in Rosenheim (Landkreis Unna) statt.", None),
        ("Das Fest fand in Wentorf (Amt Sandesneben) statt.", None),
        ("Das Fest fand in Altdorf b. Regensburg statt.", None),
        ("Das Fest fand in Oberhausen a.d.Zwick statt.", None),
        ("Das Fest fand in Kirchen und Kapellen statt, auch in Hütten.", None),
        ("Das Fest fand in Kirchen statt.", None),
    ],
)  # fmt: skip
def test_names_and_additions(finder: PlaceFinder, text: str, expected: tuple[str, str] | None) -> None:
    """An addition tells namesakes apart and names no place of its own; better none than a wrong one."""
    assert [(tag.name, tag.ags) for tag in finder.tags(reading(text))] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Fest war in Dachau, zwanzig Minuten von München.", {"Dachau"}),
        ("Das Schloss liegt unweit von Potsdam.", set()),
        ("Ein Kollege aus Duisburg sprach.", set()),
        ("In Jena sprach eine Kollegin aus Gera.", {"Jena"}),
        ("In Hamburg (Altona) und Essen (Ruhr)", {"Hamburg", "Essen"}),
        ("In Dresden in Sachsen", {"Dresden"}),
        ("In Köln am Dom", {"Köln"}),
        ("In Jena erzählte eine Ausbilderin aus Gera.", {"Jena"}),
        ("Der Verfasser, Berufsschullehrer aus Bautzen, hält sie für gut.", {"Bautzen"}),
        ("Für ihn geht es weiter nach Münster.", set()),
        ("Der Kurs war auf Norderney, das Fest zu Zörbig.", {"Norderney", "Zörbig"}),
    ],
)
def test_what_is_near_or_from_elsewhere_is_not_here(finder: PlaceFinder, text: str, expected: set[str]) -> None:
    assert names(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unna, 18.1., Kreishaus: Was kommt nach Klasse 10? Rückfragen wie immer.", {"Unna"}),
        ("Auf zwei Radwegen lässt Coburg Lampen leuchten, die erst angehen, wenn jemand kommt.", {"Coburg"}),
        ("Furth im Wald: Schulen und Innung haben beraten, warum Lehrstellen frei bleiben.", {"Furth im Wald"}),
        ("Der Bauhof Goslar streut auf Nebenstrecken Feuchtsalz.", {"Goslar"}),
        ("Lage gut, Essen auch, Haar nass, alle zufrieden mit dem Hof.", set()),
    ],
)
def test_a_note_names_its_place_without_a_preposition(
    finder: PlaceFinder, text: str, expected: set[str]
) -> None:
    assert names(finder, text) == expected


def test_in_a_page_a_town_needs_a_preposition_or_a_second_mention(finder: PlaceFinder) -> None:
    page = "Auf zwei Radwegen lässt Coburg Lampen leuchten.\n\n" + "Sie gehen erst an, wenn jemand kommt. " * 20
    assert names(finder, page) == set()


def test_of_namesakes_the_foremost_is_meant_and_none_where_none_is(finder: PlaceFinder) -> None:
    assert [tag.ags for tag in finder.tags(reading("Das Fest fand in Mölln statt."))] == ["01053090"]
    assert names(finder, "Das Fest fand in Friedberg statt.") == set()
    assert names(finder, "Hessen: Das Fest fand in Friedberg statt.") >= {"Friedberg"}


def test_towns_are_found_where_something_takes_place(finder: PlaceFinder) -> None:
    """Each municipality of the file from 15,000 inhabitants in one plain sentence."""
    large = [place for place in PLACES if place.kind in ("city", "town") and place.population >= 15_000]
    found = {
        place: finder.tags(
            reading(f"Die Konferenz fand am 12. März 2024 in {place.name} statt.", "Alle luden ein")
        )
        for place in large
    }
    wrong = [place.name for place, tags in found.items() if tags and {tag.ags for tag in tags} != {place.ags}]
    none = [place.name for place, tags in found.items() if not tags]
    assert len(large) > 950
    assert len(wrong) <= 4, wrong
    assert len(none) <= 22, none


_PIECES = st.sampled_from(
    [
        *(
            "Halle",
            "(",
            ")",
            "Westf.",
            "b.",
            "bei",
            "Nürnberg",
            "/",
            "am",
            "Inn",
            "a.d.",
            "Landkreis",
            "Amt",
            "in",
        ),
        *(
            "statt",
            "St.",
            "Wendel",
            "Lutherstadt",
            "Pasing",
            "von",
            "Minuten",
            ",",
            ".",
            "\n",
            " ",
            "Sachsen",
            "Rain",
        ),
    ]
)


@given(st.lists(_PIECES, max_size=14), st.sampled_from(["", " "]))
def test_whatever_stands_around_names_is_read(finder: PlaceFinder, pieces: list[str], blank: str) -> None:
    text = blank.join(pieces).strip() or "-"
    for tag in finder.tags(reading(text)):
        assert all(text[one.start : one.end] == one.text for one in tag.evidence)


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        ("Kulturhaus, Görlitz", "Der Fachtag begann mit einem Vortrag.", ["Görlitz"]),
        ("Kulturhaus Görlitz", "Der Fachtag begann mit einem Vortrag.", ["Görlitz"]),
        ("Haus Essen, Görlitz", "Der Fachtag begann in Essen.", ["Görlitz", "Essen"]),
        ("Kulturhaus, Görlitz", "Der Fachtag in Görlitz und der in Essen.", ["Görlitz", "Essen"]),
        ("Kulturhaus", "Der Fachtag in Essen.", ["Essen"]),
        ("Essen oder Görlitz", "Der Fachtag begann mit einem Vortrag.", []),
    ],
)
def test_the_place_that_a_source_states_of_its_event(
    finder: PlaceFinder, place: str, text: str, expected: list[str]
) -> None:
    event = Event(PartialDate(2019, 11, 29), place=place)
    tags = finder.tags(read(replace(document(text), event=event), german()))
    assert [tag.name for tag in tags] == expected
    venues = [tag.name for tag in tags if tag.role == VENUE]
    assert venues == (["Görlitz"] if "Görlitz" in expected else [])


def test_the_stated_place_is_the_venue_of_a_report(annotator: DocumentAnnotator) -> None:
    event = Event(PartialDate(2019, 11, 29), place="Kulturhaus, Görlitz")
    text = "Am 29. November 2019 fand der Fachtag statt. Rund 80 Gäste aus Dresden und Essen kamen zusammen."
    found = annotator.annotate(replace(document(text, title="Rückblick auf den Fachtag"), event=event))
    assert [tag.name for tag in found.places if tag.role == VENUE] == ["Görlitz"]
    assert found.event is not None
    assert found.event.event == Event(PartialDate(2019, 11, 29))
