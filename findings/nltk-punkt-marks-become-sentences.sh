#!/usr/bin/env bash
# NLTK 3.10.4: what follows a mark without a blank, Punkt makes a sentence of its own, be it nothing but signs.
#
# span_tokenize moves quotation marks and brackets that follow a full stop back to the sentence before, but only
# " ' ) ] } and only where white space follows. All else that stands directly after . ! ? begins a new sentence: the
# stars of emphasised Markdown, a German closing quotation mark, the rest of a sentence with direct speech. Who counts
# or shows sentences of German text gets "**", "“." and "“, rief sie." as sentences.
#
# Seen: the spans below; with an English bracket and a blank after it the last text is cut where people would.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "nltk==3.10.4"
cat > "$folder/look.py" <<'PYTHON'
import nltk
from nltk.tokenize.punkt import PunktSentenceTokenizer

print(nltk.__version__)
for text in (
    "**Alle sind eingeladen.**",
    "Viele fragen: „Wo ist der Raum?“.",
    "„Kommt alle!“, rief sie.",
    "(Der Eintritt ist frei.) Es gibt Kuchen.",
):
    print([text[start:end] for start, end in PunktSentenceTokenizer().span_tokenize(text)])
PYTHON
seen=$("$folder/venv/bin/python" "$folder/look.py")
printf '%s\n' "$seen"
test "$seen" = "3.10.4
['**Alle sind eingeladen.', '**']
['Viele fragen: „Wo ist der Raum?', '“.']
['„Kommt alle!', '“, rief sie.']
['(Der Eintritt ist frei.)', 'Es gibt Kuchen.']"
