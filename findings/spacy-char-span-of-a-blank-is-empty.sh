#!/usr/bin/env bash
# spaCy 3.8.18: Doc.char_span with alignment_mode="expand" over nothing but a blank gives an empty span, not None.
#
# In a German text whose evidence is kept as character offsets, an offset pair may come to lie on the blank between two
# words. "strict" and "contract" say None. "expand" is to give all tokens that the characters touch at least partly; the
# blank belongs to the token before it (Token.whitespace_), yet what comes back is a span without tokens that begins after
# that token. Such a span is false to Python like None is, so code that asks "if span" cannot tell them apart, and code
# that asks "is None" goes on with a span whose text is empty. At the end of the text it begins behind the last token.
#
# Seen: the lines below.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "spacy==3.8.18"
cat > "$folder/look.py" <<'PYTHON'
import spacy

print(spacy.__version__)
doc = spacy.blank("de")("Das Bürgerhaus öffnet ")
for start, end in ((3, 4), (2, 4), (3, 5), (21, 22)):
    spans = [doc.char_span(start, end, alignment_mode=mode) for mode in ("strict", "contract", "expand")]
    print(start, end, [None if span is None else (span.start, span.end, span.text, bool(span)) for span in spans])
PYTHON
seen=$("$folder/venv/bin/python" "$folder/look.py")
printf '%s\n' "$seen"
test "$seen" = "3.8.18
3 4 [None, None, (1, 1, '', False)]
2 4 [None, None, (0, 1, 'Das', True)]
3 5 [None, None, (1, 2, 'Bürgerhaus', True)]
21 22 [None, None, (3, 3, '', False)]"
