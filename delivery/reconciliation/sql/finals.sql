-- What became of recipients, each with the Message-ID of its message. A queue id that was used again for another message
-- belongs to the last message that was identified before.
CREATE TABLE named AS
SELECT unit, min(clock) AS since, max(clock) AS last, arg_min(message_id, clock) AS message_id
FROM seen WHERE kind = 'identified' GROUP BY unit;

CREATE TABLE lives AS
WITH every AS (
    SELECT unit, clock, message_id, clock - lag(clock, 1, -1e9) OVER (PARTITION BY unit ORDER BY clock) AS after
    FROM seen SEMI JOIN (SELECT unit FROM named WHERE last - since > 2) USING (unit)
    WHERE kind = 'identified'
)
SELECT unit, clock, message_id FROM every WHERE after > 2;

CREATE TABLE finals AS
WITH ended AS (
    SELECT * FROM seen WHERE kind IN ('delivered', 'bounced', 'expired', 'removed', 'discarded') AND recipient IS NOT NULL
)
SELECT ended.* EXCLUDE (message_id), coalesce(ended.message_id, named.message_id) AS message_id
FROM ended LEFT JOIN named ON ended.unit = named.unit
WHERE ended.unit IS NULL OR NOT EXISTS (FROM lives WHERE lives.unit = ended.unit)
UNION ALL
SELECT ended.* EXCLUDE (message_id), lives.message_id
FROM (FROM ended SEMI JOIN lives USING (unit)) AS ended
ASOF LEFT JOIN lives ON ended.unit = lives.unit AND ended.clock >= lives.clock;

-- Postfix says of a message once that its time is over: that ends all that were put off.
INSERT INTO finals
SELECT DISTINCT put_off.* EXCLUDE (kind, clock, message_id), over.clock, over.kind, named.message_id
FROM seen AS over JOIN seen AS put_off ON over.unit = put_off.unit AND put_off.kind = 'deferred'
LEFT JOIN named ON named.unit = over.unit
WHERE over.kind IN ('expired', 'removed') AND over.recipient IS NULL;

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
