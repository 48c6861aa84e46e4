-- What is not plain gets looked at: all that was accepted and all that ended under these keys. Nor is it plain where the log of
-- the other side tells of the end.
CREATE TABLE odd AS
SELECT key FROM ledger LEFT JOIN clocks ON clocks.file = file_code(label) LEFT JOIN paths ON paths.code = path_code(label)
LEFT JOIN files ON files.number = file_code(label)
WHERE NOT is_plain(counts) OR key IN (SELECT key FROM handed)
   OR corrected(over, coalesce(ahead, 0)) - began > $late
   OR is_elsewhere(paths.path, files.side);

CREATE TABLE claims AS
SELECT row_number() OVER (ORDER BY clock, message_id, recipient, trace, path, outcome, reply, file) AS number, journal.*,
    id_of(message_id) AS id, person(recipient) AS to_whom
FROM journal
WHERE outcome IN ('accepted', 'unknown') AND key_of(hash(id_of(message_id)), hash(person(recipient))) IN (SELECT key FROM odd);

-- Only of these the texts are looked up.
CREATE TABLE ends AS
WITH alone AS (FROM finals WHERE key_of(id, whom) IN (SELECT key FROM odd)),
names AS (
    SELECT row, message_id FROM seen WHERE row IN (SELECT name_row FROM alone)
), tags AS (
    SELECT unit, clock, min(trace) AS trace FROM seen
    WHERE kind IN ('traced', 'accepted') AND trace IS NOT NULL AND unit IN (SELECT unit FROM alone) GROUP BY unit, clock
), tagged AS (
    SELECT alone.row, tags.trace FROM alone ASOF JOIN tags ON alone.unit = tags.unit AND alone.clock >= tags.clock
)
SELECT row_number() OVER (ORDER BY alone.clock, alone.file, alone.unit, alone.kind, names.message_id, seen.recipient, seen.original,
        seen.next, seen.trace, alone.row) AS number,
    alone.file, seen.host, alone.unit, alone.kind, names.message_id, seen.recipient,
    -- Where an attempt went that was put off is no way on; that there is no sender stays true.
    CASE WHEN seen.kind <> 'deferred' OR seen.next = '<>' THEN seen.next END AS next, coalesce(seen.trace, tagged.trace) AS trace,
    corrected(alone.clock, coalesce(clocks.ahead, 0)) AS clock, id_of(names.message_id) AS id,
    person(seen.recipient) AS to_whom, nullif(person(seen.original), '') AS first_to
FROM alone JOIN (FROM seen WHERE row IN (SELECT row FROM alone)) AS seen USING (row)
LEFT JOIN names ON names.row = alone.name_row LEFT JOIN tagged USING (row) LEFT JOIN clocks ON clocks.file = alone.file;

-- Messages of which the journal knows other recipients: what tells a blind copy from mail that nobody handed in.
CREATE TABLE known_ids AS
SELECT DISTINCT id_of(message_id) AS id FROM journal WHERE id_of(message_id) IN (SELECT id FROM ends WHERE id <> '');
