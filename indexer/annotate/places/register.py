"""The official municipal register of Germany, GV100AD: records of fixed width, one a line.

Published by Destatis (Statistisches Bundesamt, „Gemeindeverzeichnis-Informationssystem GV-ISys“) each quarter
and year as ``GV100AD_TTMMJJ.txt`` beside a description of its records (Data licence Germany – attribution –
2.0). 220 characters a record; UTF-8 since 2019, ISO 8859-1 before. Kinds of records: 10 state, 20 region, 30
planning region (Baden-Württemberg), 40 district, 50 association of municipalities, 60 municipality. Read are,
counted from 1:

====== =======  ==================================================================================
40, 60 1–2      kind of record
40, 60 3–10     date of the register, YYYYMMDD
40     11–15    key of the district (AGS: 2 digits state, 1 region, 2 district)
60     11–18    key of the municipality (AGS: the district's and 3 digits)
40, 60 23–72    name
40     123–124  41 independent city, 42 Stadtkreis, 43 Kreis, 44 Landkreis, 45 Regionalverband
60     123–124  60 Markt, 61 and 62 independent city, 63 Stadt, 64 Gemeinde, 65 and 66 areas without a
                municipality, 67 Große Kreisstadt
60     140–150  population
====== =======  ==================================================================================
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kb.errors import UnreadableInputError

DISTRICT, MUNICIPALITY = "40", "60"
# Types of municipalities; others (areas without a municipality) are no places.
TYPES = {
    "60": "Markt", "61": "Kreisfreie Stadt", "62": "Stadtkreis", "63": "Stadt", "64": "Gemeinde",
    "67": "Große Kreisstadt",
}  # fmt: skip
DISTRICT_TYPES = {"43": "Kreis", "44": "Landkreis", "45": "Regionalverband"}
_NO_PLACES = ("65", "66")
_WIDTH = 150
_DISTRICT_WIDTH = 124
_KINDS = ("10", "20", "30", "40", "50", "60")
_REMEDY = "die Textdatei GV100AD_….txt aus dem Archiv von Destatis angeben"


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality; ``name`` as the register spells it („Kleve, Stadt“), ``date`` as YYYY-MM-DD."""

    ags: str
    name: str
    type: str
    population: int
    date: str

    @property
    def independent(self) -> bool:
        """Whether the city is a district of its own; its key then ends with three zeros."""
        return self.type in (TYPES["61"], TYPES["62"]) or self.ags.endswith("000")


@dataclass(frozen=True, slots=True)
class District:
    """A rural district; ``name`` as the register spells it („Northeim, Landkreis“)."""

    ags: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Register:
    """What a file of the register says; ``problems`` name the lines that could not be read, in German."""

    municipalities: tuple[Municipality, ...]
    districts: tuple[District, ...]
    date: str
    problems: tuple[str, ...] = ()


def read_register(path: Path) -> Register:
    """All municipalities that have inhabitants of their own, and the rural districts.

    A line that is broken, or of another date than most, is left out and named; the others count.

    Raises:
        UnreadableInputError: not such a file; names file and remedy.
    """
    found: list[Municipality] = []
    districts: list[District] = []
    problems: list[str] = []
    lines: dict[int, str] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or line[:2] not in _KINDS:
            if line.strip():
                problems.append(
                    _problem(path, number, f"beginnt nicht mit einer Satzart ({', '.join(_KINDS)})")
                )
            continue
        if line[:2] not in (DISTRICT, MUNICIPALITY):
            continue
        wrong = _wrong(line)
        if wrong:
            problems.append(_problem(path, number, wrong))
            continue
        lines[number] = line
    if not any(line[:2] == MUNICIPALITY for line in lines.values()):
        raise UnreadableInputError(
            "die Datei enthält keine Gemeinden (Satzart 60)"
            if not problems
            else f"keine Zeile ist ein Satz des Gemeindeverzeichnisses ({problems[0].split(': ', 1)[1]})",
            subject=str(path),
            remedy=_REMEDY,
        )
    (date, _), *_ = Counter(line[2:10] for line in lines.values()).most_common(1)
    seen: dict[str, int] = {}
    for number, line in lines.items():
        key = line[10:18].strip()
        if line[2:10] != date:
            problems.append(
                _problem(path, number, f"der Stand {_day(line[2:10])} ist nicht der der Datei ({_day(date)})")
            )
        elif key in seen:
            problems.append(_problem(path, number, f"der Schlüssel {key} steht schon in Zeile {seen[key]}"))
        else:
            seen[key] = number
            if line[:2] == DISTRICT and line[122:124] in DISTRICT_TYPES:
                districts.append(District(key, _name(line), DISTRICT_TYPES[line[122:124]]))
            elif line[:2] == MUNICIPALITY and line[122:124] in TYPES:
                found.append(_municipality(line))
    return Register(tuple(found), tuple(districts), _day(date), tuple(sorted(problems, key=_line_number)))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(f"nicht lesbar ({error.strerror})", subject=str(path)) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # editions before 2019


def _wrong(line: str) -> str:
    """What is wrong with a record of a district or municipality, in German; empty if nothing is."""
    if not line[2:10].isdigit() or not "19900101" <= line[2:10] <= "21001231":
        return f"in Spalte 3–10 steht kein Stand: „{line[2:10]}“"
    if line[:2] == DISTRICT:
        if not line[10:15].isdigit() or not line[22:72].strip() or len(line.rstrip()) < _DISTRICT_WIDTH:
            return "der Kreis hat keinen Schlüssel (Spalte 11–15), Namen oder keine Art (Spalte 123–124)"
        return ""
    if not line[10:18].isdigit():
        return f"in Spalte 11–18 steht kein Gemeindeschlüssel: „{line[10:18]}“"
    if not line[22:72].strip():
        return "in Spalte 23–72 steht kein Name"
    if line[122:124] not in (*TYPES, *_NO_PLACES):
        return f"in Spalte 123–124 steht keine Art einer Gemeinde: „{line[122:124]}“"
    population = line[139:150]
    if line[122:124] in TYPES and (len(population) < _WIDTH - 139 or not population.strip().isdigit()):
        return f"in Spalte 140–150 steht keine Einwohnerzahl: „{population.strip()}“"
    return ""


def _problem(path: Path, number: int, wrong: str) -> str:
    return f"{path}:{number}: {wrong}"


def _line_number(problem: str) -> int:
    number = problem.split(": ")[0].rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def _day(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _name(line: str) -> str:
    return " ".join(line[22:72].split())


def _municipality(line: str) -> Municipality:
    return Municipality(
        line[10:18], _name(line), TYPES[line[122:124]], int(line[139:150].strip() or 0), _day(line[2:10])
    )
