-- What became of recipients, in numbers only: `id` and `whom` are hashes of what is compared, `row` and `name_row` say where in
-- `seen` the texts stand. A queue id that was used again for another message belongs to the last message that was identified before.
CREATE TABLE mentions AS
SELECT row, kind, unit, clock, hash(id_of(message_id)) AS id
FROM seen WHERE kind IN ('identified', 'accepted') AND message_id IS NOT NULL;

CREATE TABLE named AS
SELECT unit, min(clock) AS since, max(clock) AS last, arg_min(struct_pack(row, id), struct_pack(clock, id)) AS first
FROM mentions WHERE kind = 'identified' GROUP BY unit;

CREATE TABLE lives AS
WITH every AS (
    SELECT unit, clock, row, id, clock - lag(clock, 1, -1e9) OVER (PARTITION BY unit ORDER BY clock, id) AS after
    FROM mentions SEMI JOIN (SELECT unit FROM named WHERE last - since > 2) USING (unit)
    WHERE kind = 'identified'
)
SELECT unit, clock, row, id FROM every WHERE after > 2;

-- Postfix says of a message as a whole that its time is over, or that an operator removed it: that ends all of its recipients
-- that were put off. Of those that were never tried the log does not even say who they are.
CREATE TABLE over AS SELECT DISTINCT unit FROM seen WHERE kind IN ('expired', 'removed') AND recipient IS NULL;

CREATE TABLE finals AS
WITH ended AS (
    SELECT row, file, unit, clock, kind, hash(host) AS host, recipient IS NULL AS is_whole, hash(person(recipient)) AS whom,
        CASE WHEN message_id IS NOT NULL THEN hash(id_of(message_id)) END AS id
    FROM seen WHERE kind IN ('delivered', 'bounced', 'expired', 'removed', 'discarded')
    OR (kind = 'deferred' AND unit IN (SELECT unit FROM over))
)
SELECT ended.* EXCLUDE (id), coalesce(ended.id, named.first.id) AS id,
    CASE WHEN ended.id IS NULL THEN named.first.row ELSE ended.row END AS name_row
FROM ended LEFT JOIN named ON ended.unit = named.unit
WHERE ended.unit IS NULL OR ended.unit NOT IN (SELECT unit FROM lives)
UNION ALL
SELECT ended.* EXCLUDE (id), lives.id, lives.row
FROM (FROM ended SEMI JOIN lives USING (unit)) AS ended
ASOF LEFT JOIN lives ON ended.unit = lives.unit AND ended.clock >= lives.clock;

CREATE TABLE whole AS
SELECT finals.*, seen.message_id FROM (FROM finals WHERE is_whole) AS finals LEFT JOIN seen ON seen.row = finals.name_row;

-- The first attempt stands for the recipient; when and where it ended is what the line about the whole message says.
INSERT INTO finals BY NAME
SELECT arg_min(put_off.row, struct_pack(put_off.clock, put_off.row)) AS row,
    arg_min(whole.file, struct_pack(whole.clock, whole.kind, whole.file)) AS file, any_value(put_off.host) AS host, put_off.unit,
    put_off.whom, false AS is_whole, min(whole.clock) AS clock, arg_min(whole.kind, struct_pack(whole.clock, whole.kind)) AS kind,
    put_off.id, min(put_off.name_row) AS name_row
FROM whole JOIN finals AS put_off ON put_off.unit = whole.unit AND put_off.kind = 'deferred' AND put_off.id IS NOT DISTINCT FROM whole.id
WHERE NOT EXISTS (
    FROM finals AS other WHERE other.unit = put_off.unit AND other.whom = put_off.whom AND other.kind <> 'deferred'
      AND other.id IS NOT DISTINCT FROM put_off.id
)
GROUP BY put_off.unit, put_off.whom, put_off.id;

DELETE FROM finals WHERE kind = 'deferred' OR is_whole;

-- What only the reception of a message says counts for its end too.
UPDATE finals SET id = received.first.id, name_row = received.first.row
FROM (
    SELECT unit, arg_min(struct_pack(row, id), struct_pack(clock, id, row)) AS first FROM mentions
    WHERE kind = 'accepted' AND unit IN (SELECT unit FROM finals WHERE finals.id IS NULL) GROUP BY unit
) AS received
WHERE finals.id IS NULL AND finals.unit = received.unit;
