-- What became of recipients, each with the Message-ID of its message. A queue id that was used again for another message
-- belongs to the last message that was identified before.
CREATE TABLE named AS
SELECT unit, any_value(host) AS host, min(clock) AS since, max(clock) AS last, arg_min(message_id, clock) AS message_id
FROM seen WHERE kind = 'identified' GROUP BY unit;

CREATE TABLE lives AS
WITH every AS (
    SELECT unit, clock, message_id, clock - lag(clock, 1, -1e9) OVER (PARTITION BY unit ORDER BY clock) AS after
    FROM seen SEMI JOIN (SELECT unit FROM named WHERE last - since > 2) USING (unit)
    WHERE kind = 'identified'
)
SELECT unit, clock, message_id FROM every WHERE after > 2;

-- Every message that a queue id stood for, with the time from which on it did.
CREATE VIEW known_as AS
SELECT unit, since AS clock, message_id FROM named WHERE unit NOT IN (SELECT unit FROM lives)
UNION ALL
SELECT unit, clock, message_id FROM lives;

-- Postfix says of a message as a whole that its time is over, or that an operator removed it: that ends all of its recipients
-- that were put off. Of those that were never tried the log does not even say who they are.
CREATE TABLE over AS SELECT DISTINCT unit FROM seen WHERE kind IN ('expired', 'removed') AND recipient IS NULL;

CREATE TABLE finals AS
WITH ended AS (
    SELECT * FROM seen WHERE kind IN ('delivered', 'bounced', 'expired', 'removed', 'discarded')
    OR (kind = 'deferred' AND unit IN (SELECT unit FROM over))
)
SELECT ended.* EXCLUDE (message_id), coalesce(ended.message_id, named.message_id) AS message_id
FROM ended LEFT JOIN named ON ended.unit = named.unit
WHERE ended.unit IS NULL OR NOT EXISTS (FROM lives WHERE lives.unit = ended.unit)
UNION ALL
SELECT ended.* EXCLUDE (message_id), lives.message_id
FROM (FROM ended SEMI JOIN lives USING (unit)) AS ended
ASOF LEFT JOIN lives ON ended.unit = lives.unit AND ended.clock >= lives.clock;

CREATE TABLE whole AS SELECT * FROM finals WHERE recipient IS NULL;

INSERT INTO finals BY NAME
SELECT any_value(put_off.file) AS file, any_value(put_off.host) AS host, put_off.unit, put_off.recipient, any_value(whole.clock) AS clock,
    any_value(whole.kind) AS kind, any_value(put_off.original) AS original, put_off.message_id
FROM whole JOIN finals AS put_off ON put_off.unit = whole.unit AND put_off.kind = 'deferred'
    AND put_off.message_id IS NOT DISTINCT FROM whole.message_id
WHERE NOT EXISTS (
    FROM finals AS other WHERE other.unit = put_off.unit AND other.recipient = put_off.recipient AND other.kind <> 'deferred'
      AND other.message_id IS NOT DISTINCT FROM put_off.message_id
)
GROUP BY put_off.unit, put_off.recipient, put_off.message_id;

DELETE FROM finals WHERE kind = 'deferred' OR recipient IS NULL;

-- What only the reception of a message says counts for its end too.
UPDATE finals SET message_id = received.message_id
FROM (SELECT unit, any_value(message_id) AS message_id FROM seen WHERE kind = 'accepted' AND unit IS NOT NULL GROUP BY unit) AS received
WHERE finals.message_id IS NULL AND finals.unit = received.unit;

CREATE TABLE tags AS
SELECT unit, clock, any_value(trace) AS trace FROM seen WHERE kind IN ('traced', 'accepted') AND trace IS NOT NULL AND unit IS NOT NULL
GROUP BY unit, clock;

UPDATE finals SET trace = found.trace
FROM (
    SELECT row, tags.trace FROM (
        SELECT rowid AS row, unit, clock FROM finals WHERE trace IS NULL AND unit IN (SELECT unit FROM tags)
    ) AS ended ASOF JOIN tags ON ended.unit = tags.unit AND ended.clock >= tags.clock
) AS found
WHERE finals.rowid = found.row;

-- Handed on inside the house is no end: the next queue id is in these logs too, with the same Message-ID.
CREATE TABLE handed AS
SELECT DISTINCT finals.rowid AS row, id_of(finals.message_id) AS id, person(finals.recipient) AS to_whom
FROM finals, (SELECT DISTINCT host FROM named) AS hosts, known_as
WHERE finals.next IS NOT NULL AND known_as.unit = hash(hosts.host, ltrim(finals.next, '|')) AND known_as.unit <> finals.unit
  AND id_of(known_as.message_id) = id_of(finals.message_id);

DELETE FROM finals WHERE rowid IN (SELECT row FROM handed);
