"""The loops that numpy cannot say at once, compiled by numba (``indexer.ranking.compiling``).

Kernels take and give arrays, and constants as arguments: numba looks for changes only in this file. Of what
they are given they use elements, lengths and slices alone, since uncompiled they get memory views. Shapes and
types stand in each docstring; ``u16`` is ``numpy.uint16``.
"""

from __future__ import annotations

import numpy as np

from indexer.ranking.compiling import compiled

# Kinds of tokens: the number of a field, and two flags.
TITLE_KIND, BODY_KIND = 0, 1
FIELD_BITS, EXTRA_BIT, CAPITAL_BIT = 0x3F, 0x40, 0x80
# Occurrences of a word that are kept of a document, the first ones.
MOST_OCCURRENCES = 255
MOST_FREQUENCY = 65_535


# --- building ---


@compiled
def count_words(ends, words, kinds, stops, kept, first, holders, capitals, lengths):
    """What a rebuild learns of some documents, added to ``holders`` and ``capitals`` (i64, one a word).

    ``ends`` (i64) has for each document the end of its tokens; ``words`` (u32) and ``kinds`` (u8) are those of
    the tokens; ``stops`` (bool, one a word); ``kept`` (bool) and ``lengths`` (i64: content words of title and
    text) are those of all documents, of which these begin at ``first``.
    """
    seen = np.zeros(len(stops), dtype=np.int64)
    begin = 0
    for document in range(len(ends)):
        if kept[first + document]:
            length = 0
            for at in range(begin, ends[document]):
                word, kind = words[at], kinds[at]
                if seen[word] != document + 1:
                    seen[word] = document + 1
                    holders[word] += 1
                    capitals[word] += 1 if kind & CAPITAL_BIT else -1
                if kind & FIELD_BITS <= BODY_KIND and not kind & EXTRA_BIT and not stops[word]:
                    length += 1
            lengths[first + document] = length
        begin = ends[document]


@compiled
def by_document(ends, words, weights, kinds, kept, first, local, size):
    """The distinct words of each document: (ends (i64), words (u32, by ``local``), frequencies (u16:
    weights added up), occurrences (u8: places in title and text)). ``size`` is that of the vocabulary."""
    frequencies = np.zeros(size, dtype=np.int64)
    places = np.zeros(size, dtype=np.int64)
    out_ends = np.zeros(len(ends), dtype=np.int64)
    out_words = np.empty(len(words), dtype=np.uint32)
    out_frequencies = np.empty(len(words), dtype=np.uint16)
    out_places = np.empty(len(words), dtype=np.uint8)
    begin = count = 0
    for document in range(len(ends)):
        mine = count
        if kept[first + document]:
            for at in range(begin, ends[document]):
                word = local[words[at]]
                if frequencies[word] == 0:
                    out_words[count] = word
                    count += 1
                frequencies[word] += weights[at]
                if kinds[at] & FIELD_BITS <= BODY_KIND:
                    places[word] += 1
            for at in range(mine, count):
                word = out_words[at]
                out_frequencies[at] = min(frequencies[word], MOST_FREQUENCY)
                out_places[at] = min(places[word], MOST_OCCURRENCES)
                frequencies[word] = places[word] = 0
        out_ends[document] = count
        begin = ends[document]
    return out_ends, out_words[:count], out_frequencies[:count], out_places[:count]


@compiled
def term_postings(ends, words, frequencies, term_starts, terms, size, norms, k1, full):
    """The postings of what words give: (starts (i64), documents (u16), impacts (u8)).

    A word gives ``terms[term_starts[word]:term_starts[word + 1]]``, numbers below ``size``. Frequencies are
    added up for each term and document, then saturated (``indexer.scoring.impact``).
    """
    summed = np.zeros(size, dtype=np.int64)
    touched = np.empty(size, dtype=np.int64)
    starts = np.zeros(size + 1, dtype=np.int64)
    begin = 0
    for document in range(len(ends)):
        count = 0
        for at in range(begin, ends[document]):
            word = words[at]
            for place in range(term_starts[word], term_starts[word + 1]):
                term = terms[place]
                if summed[term] == 0:
                    summed[term] = 1
                    touched[count] = term
                    count += 1
        for at in range(count):
            summed[touched[at]] = 0
            starts[touched[at] + 1] += 1
        begin = ends[document]
    for term in range(size):
        starts[term + 1] += starts[term]
    free = starts[:-1].copy()
    documents = np.empty(starts[-1], dtype=np.uint16)
    impacts = np.empty(starts[-1], dtype=np.uint8)
    begin = 0
    for document in range(len(ends)):
        count = 0
        for at in range(begin, ends[document]):
            word = words[at]
            for place in range(term_starts[word], term_starts[word + 1]):
                term = terms[place]
                if summed[term] == 0:
                    touched[count] = term
                    count += 1
                summed[term] += frequencies[at]
        norm = k1 * norms[document]
        for at in range(count):
            term = touched[at]
            frequency = summed[term]
            summed[term] = 0
            documents[free[term]] = document
            impacts[free[term]] = max(1, int(np.rint(full * frequency / (frequency + norm))))
            free[term] += 1
        begin = ends[document]
    return starts, documents, impacts


@compiled
def word_postings(ends, words, places, size):
    """The documents of each word: (starts (i64), documents (u16), occurrences in each (u8))."""
    starts = np.zeros(size + 1, dtype=np.int64)
    for word in words:
        starts[word + 1] += 1
    for word in range(size):
        starts[word + 1] += starts[word]
    free = starts[:-1].copy()
    documents = np.empty(len(words), dtype=np.uint16)
    counts = np.empty(len(words), dtype=np.uint8)
    begin = 0
    for document in range(len(ends)):
        for at in range(begin, ends[document]):
            word = words[at]
            documents[free[word]] = document
            counts[free[word]] = places[at]
            free[word] += 1
        begin = ends[document]
    return starts, documents, counts


@compiled
def fill_occurrences(ends, words, begins, lengths, kinds, text_at, kept, first, local, free, low, high, sizes):
    """Write where the words of some documents stand: begin (``low`` u16 and ``high`` u8) and length (u8).

    ``free`` (i64) has for each word the next free place, and moves on. ``text_at`` (u32) has for each document
    where its text begins: places are counted in title, line break and text as one.
    """
    counted = np.zeros(len(free), dtype=np.int64)
    seen = np.zeros(len(free), dtype=np.int64)
    begin = 0
    for document in range(len(ends)):
        if kept[first + document]:
            for at in range(begin, ends[document]):
                field = kinds[at] & FIELD_BITS
                if field > BODY_KIND:
                    continue
                word = local[words[at]]
                if seen[word] != document + 1:
                    seen[word] = document + 1
                    counted[word] = 0
                if counted[word] < MOST_OCCURRENCES:
                    counted[word] += 1
                    place = begins[at] + (text_at[document] if field == BODY_KIND else 0)
                    low[free[word]] = place & 0xFFFF
                    if len(high):
                        high[free[word]] = place >> 16
                    sizes[free[word]] = lengths[at]
                    free[word] += 1
        begin = ends[document]


@compiled
def neighbours(ends, words, positions, kinds, stops, keys, kept, first, near, mix):
    """Pairs of neighbouring content words in title and text: (keys (u32), documents (i64)), each once a
    document. ``keys`` are those of the words' terms (u64)."""
    out = np.empty(len(words), dtype=np.uint32)
    owners = np.empty(len(words), dtype=np.int64)
    begin = count = 0
    for document in range(len(ends)):
        mine = count
        if kept[first + document]:
            field, place, before = -1, 0, np.uint64(0)
            for at in range(begin, ends[document]):
                word, kind = words[at], kinds[at]
                if kind & EXTRA_BIT or stops[word] or kind & FIELD_BITS > BODY_KIND:
                    continue
                if kind & FIELD_BITS != field:
                    field = kind & FIELD_BITS
                elif positions[at] - place <= near:
                    second = keys[word]
                    mixed = before * mix + ((second << np.uint64(31)) | (second >> np.uint64(33)))
                    out[count] = (mixed * mix) >> np.uint64(32)
                    count += 1
                before, place = keys[word], positions[at]
            ordered = np.sort(out[mine:count])
            size = 0
            for at in range(len(ordered)):
                if at == 0 or ordered[at] != ordered[at - 1]:
                    out[mine + size] = ordered[at]
                    owners[mine + size] = first + document
                    size += 1
            count = mine + size
        begin = ends[document]
    return out[:count], owners[:count]


@compiled
def count_terms(ends, words, kinds, kept, first, terms, field, counts):
    """Add to ``counts`` (i64) how often each term stands in a field; ``terms`` (i64) is that of each word."""
    begin = 0
    for document in range(len(ends)):
        if kept[first + document]:
            for at in range(begin, ends[document]):
                if kinds[at] & FIELD_BITS == field:
                    counts[terms[words[at]]] += 1
        begin = ends[document]


@compiled
def fill_positions(ends, words, positions, kinds, kept, first, terms, field, free, documents, places):
    """Write document (u16) and position (u32) of each term in a field; ``free`` (i64) moves on."""
    begin = 0
    for document in range(len(ends)):
        if kept[first + document]:
            for at in range(begin, ends[document]):
                if kinds[at] & FIELD_BITS == field:
                    term = terms[words[at]]
                    documents[free[term]] = first + document
                    places[free[term]] = positions[at]
                    free[term] += 1
        begin = ends[document]


@compiled
def _number(out, at, value):
    while value >= 0x80:
        out[at] = value & 0x7F | 0x80
        at += 1
        value >>= 7
    out[at] = value
    return at + 1


@compiled
def encode_positions(starts, documents, places):
    """Posting lists with positions as bytes: (bytes (u8), their starts (i64), documents of each (i64)).

    For each document: its distance from the one before, the number of its positions, the distances between
    them; as numbers of seven bits a byte, the lowest first, as in Protocol Buffers' varints.
    """
    out = np.empty(11 * len(documents), dtype=np.uint8)
    out_starts = np.zeros(len(starts), dtype=np.int64)
    holders = np.zeros(len(starts) - 1, dtype=np.int64)
    at = 0
    for term in range(len(starts) - 1):
        entry, before = starts[term], 0
        while entry < starts[term + 1]:
            last = entry
            while last < starts[term + 1] and documents[last] == documents[entry]:
                last += 1
            ordered = np.sort(places[entry:last])
            at = _number(out, at, documents[entry] - before)
            at = _number(out, at, last - entry)
            place = 0
            for one in ordered:
                at = _number(out, at, one - place)
                place = one
            before = documents[entry]
            holders[term] += 1
            entry = last
        out_starts[term + 1] = at
    return out[:at], out_starts, holders


@compiled
def _read(raw, at):
    """(a number, where the next one begins)."""
    value = shift = 0
    while at < len(raw) and shift < 63:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("a number has no end")


@compiled
def decode_positions(raw):
    """What ``encode_positions`` wrote: (documents (i64), positions (i64)), one pair a position.

    Raises:
        ValueError: the bytes end within a number, or promise more than there are.
    """
    out_documents = np.empty(len(raw), dtype=np.int64)
    out_places = np.empty(len(raw), dtype=np.int64)
    at = count = document = 0
    while at < len(raw):
        step, at = _read(raw, at)
        number, at = _read(raw, at)
        document += step
        place = 0
        for _ in range(number):
            step, at = _read(raw, at)
            place += step
            out_documents[count] = document
            out_places[count] = place
            count += 1
    return out_documents[:count], out_places[:count]


@compiled
def row_begins(raw, wanted):
    """Where the first word of a row stands in the ``wanted`` documents (i64, ascending): document · 2³² +
    position (i64), ascending. ``raw`` is what ``encode_positions`` wrote of it.

    Raises:
        ValueError: as ``decode_positions``.
    """
    found = np.empty(len(raw), dtype=np.int64)
    at = count = document = sought = 0
    while at < len(raw):
        step, at = _read(raw, at)
        number, at = _read(raw, at)
        document += step
        while sought < len(wanted) and wanted[sought] < document:
            sought += 1
        if sought == len(wanted):
            break
        place = 0
        for _ in range(number):
            step, at = _read(raw, at)
            place += step
            if wanted[sought] == document:
                found[count] = document << 32 | place
                count += 1
    return found[:count]


@compiled
def row_goes_on(raw, begins, behind):
    """Those of the ``begins`` (as ``row_begins`` gives them) so many places behind which a further word stands.

    Raises:
        ValueError: as ``decode_positions``.
    """
    found = np.empty(len(begins), dtype=np.int64)
    at = count = document = sought = 0
    while at < len(raw):
        step, at = _read(raw, at)
        number, at = _read(raw, at)
        document += step
        while sought < len(begins) and begins[sought] >> 32 < document:
            sought += 1
        if sought == len(begins):
            break
        place = 0
        for _ in range(number):
            step, at = _read(raw, at)
            place += step
            row = document << 32 | max(0, place - behind)
            while sought < len(begins) and begins[sought] < row:
                sought += 1
            if place >= behind and sought < len(begins) and begins[sought] == row:
                found[count] = row
                count += 1
                sought += 1
    return found[:count]


@compiled
def _digest(letters, first, second, mix):
    """The letters of a row, but two, as 32 bits; what falls together by chance is told apart later."""
    packed = np.uint64(0)
    for at in range(len(letters)):
        if letters[at] and at != first and at != second:
            packed = (packed << np.uint64(8)) | np.uint64(letters[at])
    return np.uint32((packed * mix) >> np.uint64(32))


@compiled
def delete_letters(letters, errors, mix):
    """Digests of what is left of rows of letters (u8, 0 after the last one) when up to ``errors`` of them are
    deleted, at most two: (digests (u32), numbers of rows (u32))."""
    width = letters.shape[1]
    most = len(letters) * (1 + width + width * (width - 1) // 2)
    digests = np.empty(most, dtype=np.uint32)
    numbers = np.empty(most, dtype=np.uint32)
    count = 0
    for number in range(len(letters)):
        row = letters[number]
        length = 0
        while length < width and row[length]:
            length += 1
        for first in range(-1, length):
            if first >= 0 and errors < 1:
                break
            digests[count] = _digest(row, first, -1, mix)
            numbers[count] = number
            count += 1
            for second in range(first + 1, length if first >= 0 and errors > 1 else 0):
                digests[count] = _digest(row, first, second, mix)
                numbers[count] = number
                count += 1
    return digests[:count], numbers[:count]


# --- asking ---


@compiled
def rows_of(table, keys, rows):
    """Write into ``rows`` (i64) where each key stands among ascending ones, −1 for none."""
    for number in range(len(keys)):
        low, high = 0, len(table)
        while low < high:
            middle = (low + high) >> 1
            if table[middle] < keys[number]:
                low = middle + 1
            else:
                high = middle
        rows[number] = low if low < len(table) and table[low] == keys[number] else -1


@compiled
def count_rows(starts, documents, rows, live, clean, counts):
    """Write into ``counts`` (i64, two rows) how many postings each row has, and how many of living documents;
    row −1 has none. ``live`` (bool) is that of the segment; where it is ``clean``, all documents are alive."""
    for number in range(len(rows)):
        row = rows[number]
        size = starts[row + 1] - starts[row] if row >= 0 else 0
        counts[0, number] = counts[1, number] = size
        if size and not clean:
            living = 0
            for at in range(starts[row], starts[row + 1]):
                living += live[documents[at]]
            counts[1, number] = living


@compiled
def add_postings(totals, starts, documents, impacts, rows, weights):
    """Add to ``totals`` (i32) of a segment what postings are worth: their impact times the row's weight."""
    for number in range(len(rows)):
        row, weight = rows[number], weights[number]
        if row >= 0 and weight:
            for at in range(starts[row], starts[row + 1]):
                totals[documents[at]] += weight * np.int32(impacts[at])


@compiled
def add_flat(totals, starts, documents, rows, worths):
    """Add to ``totals`` (i32) what a posting of each row is worth, all alike."""
    for number in range(len(rows)):
        row, worth = rows[number], worths[number]
        if row >= 0 and worth:
            for at in range(starts[row], starts[row + 1]):
                totals[documents[at]] += worth


@compiled
def add_once(totals, starts, documents, rows, worth):
    """Add the same to ``totals`` (i32) of every document that stands in any of some rows."""
    if len(rows) == 1:
        for at in range(starts[rows[0]], starts[rows[0] + 1]):
            totals[documents[at]] += worth
        return
    held = np.zeros(len(totals), dtype=np.bool_)
    for row in rows:
        for at in range(starts[row], starts[row + 1]):
            if not held[documents[at]]:
                held[documents[at]] = True
                totals[documents[at]] += worth


@compiled
def add_where(totals, held, worth):
    """Add the same to ``totals`` (i32) wherever ``held`` (bool)."""
    for document in range(len(totals)):
        if held[document]:
            totals[document] += worth


@compiled
def lose_where(totals, held, values, thousandths):
    """Take thousandths of ``values`` (i32) from ``totals`` (i32) wherever ``held`` (bool)."""
    for document in range(len(totals)):
        if held[document]:
            totals[document] -= np.int64(values[document]) * thousandths // 1000


@compiled
def raise_where(totals, held, values):
    """Raise ``totals`` (i32) to ``values`` (i32) wherever ``held`` (bool) and those are larger."""
    for document in range(len(totals)):
        if held[document] and values[document] > totals[document]:
            totals[document] = values[document]


@compiled
def add_more(totals, values, less):
    """Add to ``totals`` what ``values`` are more than ``less`` (all i32)."""
    for document in range(len(totals)):
        if values[document] > less[document]:
            totals[document] += values[document] - less[document]


@compiled
def _posting(documents, first, end, document):
    """Where a document stands in an ascending list, or −1."""
    last = end
    while first < last:
        middle = (first + last) >> 1
        if documents[middle] < document:
            first = middle + 1
        else:
            last = middle
    return first if first < end and documents[first] == document else -1


@compiled
def worth_at(values, starts, documents, impacts, rows, weights, wanted):
    """Add to ``values`` (i64, a row each, a column for each of the ``wanted`` documents) what a posting of the
    row is worth there; without impacts all are worth the weight."""
    for number in range(len(rows)):
        row = rows[number]
        for column in range(len(wanted)):
            if row < 0 or wanted[column] < 0:
                continue
            at = _posting(documents, np.int64(starts[row]), np.int64(starts[row + 1]), wanted[column])
            if at >= 0:
                values[number, column] += weights[number] * (np.int64(impacts[at]) if len(impacts) else 1)


@compiled
def flag_rows(held, starts, documents, rows):
    """Set ``held`` (bool) of the documents that stand in any of some rows."""
    for row in rows:
        if row >= 0:
            for at in range(starts[row], starts[row + 1]):
                held[documents[at]] = True


@compiled
def count_values(documents, starts, codes, counts):
    """Add to ``counts`` (i64) how often each code stands among those of some documents (i64)."""
    for document in documents:
        for at in range(starts[document], starts[document + 1]):
            counts[codes[at]] += 1


@compiled
def count_single(documents, codes, counts):
    """Add to ``counts`` (i64) how often each code stands among those of some documents (i64), one each."""
    for document in documents:
        counts[codes[document]] += 1


@compiled
def mark_bit(held, live, starts, documents, rows, bit):
    """Set a bit of the documents that stand in any of some rows; gives how many living ones are new."""
    new = 0
    for row in rows:
        if row >= 0:
            for at in range(starts[row], starts[row + 1]):
                document = documents[at]
                if not held[document] & bit:
                    held[document] |= bit
                    new += live[document]
    return new


@compiled
def mark_all(held, live, starts, documents, rows, bit, counted):
    """Set a bit of the documents that stand in every row; gives how many living ones are new.

    ``counted`` (u8) is all zero, and stays so.
    """
    new = 0
    for row in rows:
        if row < 0:
            return new
    for number in range(len(rows)):
        for at in range(starts[rows[number]], starts[rows[number] + 1]):
            document = documents[at]
            if counted[document] == number:
                counted[document] += 1
                if number == len(rows) - 1 and not held[document] & bit:
                    held[document] |= bit
                    new += live[document]
    for at in range(starts[rows[0]], starts[rows[0] + 1]):
        counted[documents[at]] = 0
    return new


@compiled
def reach(held, live, worths, least, matched):
    """Set ``matched`` (bool) where a living document's bits are together worth at least ``least``."""
    for document in range(len(held)):
        bits = held[document]
        if bits and live[document]:
            worth, number = 0, 0
            while bits:
                if bits & np.uint64(1):
                    worth += worths[number]
                bits >>= np.uint64(1)
                number += 1
            matched[document] = worth >= least


@compiled
def reach_by_table(held, live, enough, matched):
    """As ``reach``, for few bits: ``enough`` (bool) says of every combination whether it is worth enough."""
    for document in range(len(held)):
        matched[document] = enough[held[document]] & live[document]


@compiled
def split_tiers(matched, wider, totals, of_best, of_words, further):
    """Write into ``further`` (bool) where what is not matched but in ``wider`` scores enough, and set
    ``totals`` (i32) to 0 where a document is neither. Enough are ``of_best`` thousandths of the best score, and
    ``of_words`` thousandths."""
    # Without branches: where they go is too irregular to be foreseen, and they would take most of the time.
    best = np.int32(0)
    for document in range(len(totals)):
        best = max(best, totals[document] * np.int32(matched[document] | wider[document]))
    least = max(best * of_best, of_words) // 1000
    for document in range(len(totals)):
        enough = wider[document] & (totals[document] >= least)
        further[document] = enough & (not matched[document])
        totals[document] *= np.int32(matched[document] | enough)


@compiled
def occurrences_in(starts, documents, counts, blocks, low, high, sizes, words, flags, document):
    """Where those of a document's ``words`` that are flagged (bool) stand in it, in order: a row each of begin,
    end, word (i64). ``blocks`` (i64) has for every 256th posting how many places stand before it."""
    kept = np.empty(len(words), dtype=np.int64)
    postings = np.empty(len(words), dtype=np.int64)
    number = total = 0
    for word in words:
        if flags[word]:
            at = _posting(documents, starts[word], starts[word + 1], document)
            if at >= 0:
                kept[number] = word
                postings[number] = at
                number += 1
                total += counts[at]
    # By begin, then by length, then as the words come: in one number each.
    found = np.empty(total, dtype=np.int64)
    total = 0
    for which in range(number):
        at = postings[which]
        place = blocks[at >> 8]
        for before in range(at >> 8 << 8, at):
            place += counts[before]
        for _ in range(counts[at]):
            begin = np.int64(low[place])
            if len(high):
                begin |= np.int64(high[place]) << 16
            found[total] = begin << 32 | np.int64(sizes[place]) << 24 | which
            total += 1
            place += 1
    found.sort()
    rows = np.empty((total, 3), dtype=np.int64)
    for at in range(total):
        rows[at, 0] = found[at] >> 32
        rows[at, 1] = rows[at, 0] + (found[at] >> 24 & 0xFF)
        rows[at, 2] = kept[found[at] & 0xFFFFFF]
    return rows
