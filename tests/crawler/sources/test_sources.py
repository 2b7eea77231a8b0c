"""Source files as editors write them, good and broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.sources.catalogue import SourceCatalogue, load_sources
from crawler.sources.file import read_source
from kb.errors import ConfigurationError

GOOD = """
name = "Stadt Auenbrück"
label = "Auenbrück"
enabled = true
start_urls = ["https://www.köln.de/bildung/"]
feeds = ["https://www.köln.de/feed.xml"]
allowed = ["/bildung/"]
excluded = ["/bildung/intern/"]
publisher = "Bildungsbüro"
display = "full"
permission = "Bildungsbüro, E-Mail vom 2. März 2026: ganze Texte"
tdm = "permitted"
terms = "https://www.köln.de/nutzung"
terms_checked = 2026-03-02
delay = 2.5
max_pages = 20

[selectors]
main = "article .text"
remove = [".teaser", "#cookies"]
"""


def _write(folder: Path, text: str, name: str = "auenbrueck.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _problem(folder: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        read_source(_write(folder, text))
    return str(raised.value)


def test_a_whole_file(tmp_path: Path) -> None:
    source = read_source(_write(tmp_path, GOOD))
    assert (source.id, source.name, source.label) == ("auenbrueck", "Stadt Auenbrück", "Auenbrück")
    assert source.enabled
    assert source.delay == 2.5
    assert source.max_pages == 20
    assert source.display == "full"
    assert source.permission == "Bildungsbüro, E-Mail vom 2. März 2026: ganze Texte"
    assert (source.tdm, source.terms_checked) == ("permitted", date(2026, 3, 2))
    assert source.may_be_mined
    assert source.selectors.text == "article .text"
    assert source.selectors.remove == (".teaser", "#cookies")
    assert source.hosts == {"www.xn--kln-sna.de"}


def test_defaults_are_careful(tmp_path: Path) -> None:
    source = read_source(_write(tmp_path, 'start_urls = ["https://stadt.de/"]'))
    assert not source.enabled
    assert source.display == "excerpt"
    assert source.label == source.name == "auenbrueck"


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "CC0-1.0", "dl-de/by-2-0", "gemeinfrei"])
def test_open_licence_may_be_shown_in_full(tmp_path: Path, licence: str) -> None:
    text = f'start_urls = ["https://stadt.de/"]\ndisplay = "full"\nlicence = "{licence}"'
    assert read_source(_write(tmp_path, text)).display == "full"


def test_reserved_terms_are_a_reason_to_stay_away_until_somebody_permits(tmp_path: Path) -> None:
    text = 'start_urls = ["https://a.de/"]\ntdm = "reserved"\nterms = "https://a.de/agb"\n'
    reserved = read_source(_write(tmp_path, text + "terms_checked = 2026-03-02"))
    assert "https://a.de/agb, geprüft am 02.03.2026" in (reserved.reservation or "")
    assert not reserved.may_be_mined
    permitted = read_source(_write(tmp_path, text + 'permission = "Frau Aydın, Brief vom 5. März 2026"'))
    assert permitted.reservation is None
    assert permitted.may_be_mined


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name = "Stadt\nstart_urls = ["https://a.de/"]', ["Zeile 1", "kein gültiges TOML"]),
        ('start_urls = ["https://a.de/"]\nstart_url = "x"', ["Zeile 2", "„start_url“", "start_urls"]),
        ('start_urls = ["https://a.de/"]\n[selectors]\nhaupt = "x"', ["Zeile 3", "„haupt“", "main"]),
        ('name = "Stadt"', ["kein Anfang", "start_urls"]),
        ("start_urls = []", ["kein Anfang"]),
        ('start_urls = "https://a.de/"', ["Zeile 1", "keine Liste"]),
        ('start_urls = ["www.a.de"]', ["„www.a.de“", "https://"]),
        ('start_urls = ["ftp://a.de/"]', ["keine Webadresse"]),
        ('start_urls = ["https://a.de/"]\nallowed = ["bildung/"]', ["Zeile 2", "„bildung/“"]),
        ('start_urls = ["https://a.de/"]\nenabled = "ja"', ["Zeile 2", "true oder enabled = false"]),
        ('start_urls = ["https://a.de/"]\ndelay = -1', ["Zeile 2", "„delay“"]),
        ('start_urls = ["https://a.de/"]\ndelay = true', ["„delay“"]),
        ('start_urls = ["https://a.de/"]\nmax_pages = 0', ["„max_pages“"]),
        ('start_urls = ["https://a.de/"]\ndisplay = "ganz"', ["excerpt"]),
        ('start_urls = ["https://a.de/"]\ndisplay = ["full"]', ["Zeile 2", "weder excerpt noch full"]),
        (
            'start_urls = ["https://a.de/"]\ndisplay = "full"',
            ["Zeile 2", "Erlaubnis", "permission", "CC-BY-4.0"],
        ),
        (
            'start_urls = ["https://a.de/"]\ndisplay = "full"\nlicence = "CC BY-NC 4.0"',
            ["Zeile 2", "ohne offene Lizenz"],
        ),
        ('start_urls = ["https://a.de/"]\ndisplay = "full"\npermission = " "', ["ohne Erlaubnis"]),
        ('start_urls = ["https://a.de/"]\npermission = true', ["„permission“ ist kein Text"]),
        ('start_urls = ["https://a.de/"]\ntdm = "ja"', ["Zeile 2", "reserved", "permitted"]),
        ('start_urls = ["https://a.de/"]\ntdm = "permitted"', ["Zeile 2", "ohne Beleg", "terms"]),
        ('start_urls = ["https://a.de/"]\nterms = "im Impressum"', ["„im Impressum“ in terms"]),
        ('start_urls = ["https://a.de/"]\nterms_checked = "gestern"', ["kein Datum", "2026-03-01"]),
        ('start_urls = ["https://a.de/"]\nterms_checked = 2026-03-01T10:00:00', ["kein Datum"]),
        ('start_urls = ["https://a.de/"]\nselectors = "x"', ["[selectors]"]),
        ('start_urls = ["https://a.de/"]\n[selectors]\nmain = "p["', ["CSS"]),
        ('start_urls = ["https://a.de/"]\nname = 7', ["„name“ ist kein Text"]),
    ],
)
def test_broken_files_say_where_and_what_to_do(tmp_path: Path, text: str, expected: list[str]) -> None:
    problem = _problem(tmp_path, text)
    assert "auenbrueck.toml" in problem
    assert "\n" not in problem
    for words in expected:
        assert words in problem


def test_latin_1_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "alt.toml"
    path.write_bytes('name = "Übergänge"'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        read_source(path)


def test_file_name_must_be_an_id(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Dateiname"):
        read_source(_write(tmp_path, GOOD, "Übergänge Köln.toml"))


def test_one_broken_file_stops_no_other(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    _write(tmp_path, GOOD.replace("enabled = true", "enabled = false"), "still.toml")
    _write(tmp_path, "name = ", "kaputt.toml")
    _write(tmp_path, "keine Quelle", "LIESMICH.md")
    catalogue = load_sources(tmp_path)
    assert list(catalogue.sources) == ["auenbrueck", "still"]
    assert [source.id for source in catalogue.enabled] == ["auenbrueck"]
    assert len(catalogue.problems) == 1
    with pytest.raises(ConfigurationError, match="kein gültiges TOML"):
        catalogue.get("kaputt")
    with pytest.raises(ConfigurationError, match="auenbrueck, still"):
        catalogue.get("unbekannt")


def test_missing_folder_and_empty_catalogue(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="kb init"):
        load_sources(tmp_path / "fehlt")
    with pytest.raises(ConfigurationError, match="keine"):
        SourceCatalogue({}).get("demo")


def test_relocated_source_keeps_paths_and_patterns(tmp_path: Path) -> None:
    moved = read_source(_write(tmp_path, GOOD)).relocated("http://127.0.0.1:8123/")
    assert moved.start_urls == ("http://127.0.0.1:8123/bildung/",)
    assert moved.allowed == ("/bildung/",)
    assert moved.hosts == {"127.0.0.1:8123"}


def test_shipped_sources_are_readable_and_asleep() -> None:
    catalogue = load_sources(Path(__file__).parents[3] / "corpus" / "sources")
    assert catalogue.problems == ()
    assert {"demo", "kommunale-koordinierung", "transferagentur-grossstaedte"} <= set(catalogue.sources)
    assert catalogue.enabled == ()
    for source in catalogue.sources.values():
        assert source.note
        if source.id != "demo":
            assert source.display == "excerpt"
            assert source.delay is not None
            assert source.delay >= 1
