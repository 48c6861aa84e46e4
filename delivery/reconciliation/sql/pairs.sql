-- Which end answers which claim, the surest way first. What one way leaves open is for the next.
CREATE TABLE set_aside (ending BIGINT);
CREATE TABLE pairs (claim BIGINT, ending BIGINT, way VARCHAR);
-- An attempt of which the proxy does not know what became is no claim where another one was accepted, and only once one.
CREATE TABLE idle AS
SELECT number FROM (
    SELECT number, outcome, bool_or(outcome = 'accepted') OVER key AS was_accepted,
        row_number() OVER (key ORDER BY clock, number) AS place
    FROM claims WINDOW key AS (PARTITION BY id, to_whom)
) WHERE outcome = 'unknown' AND (was_accepted OR place > 1);
CREATE VIEW open_claims AS
SELECT * FROM claims WHERE number NOT IN (SELECT claim FROM pairs) AND number NOT IN (SELECT number FROM idle);
CREATE VIEW open_ends AS
SELECT * FROM ends WHERE number NOT IN (SELECT ending FROM pairs) AND number NOT IN (SELECT ending FROM set_aside);

-- Handed to a filter on its own host that did not name the next queue id: soon after, it is known there by another one.
INSERT INTO set_aside
SELECT DISTINCT inner_end.number FROM open_ends AS inner_end JOIN known_as AS first ON first.unit = inner_end.unit AND first.id = hash(inner_end.id)
JOIN ends AS later ON later.id = inner_end.id AND later.host = inner_end.host AND later.unit <> inner_end.unit
JOIN known_as AS next ON next.unit = later.unit AND next.id = hash(inner_end.id)
WHERE starts_with(inner_end.next, '|') AND NOT starts_with(coalesce(later.next, ''), '|')
  AND next.clock BETWEEN first.clock AND first.clock + $filtering;

-- The log carries the number that the proxy gave the message: then its Message-ID is the one that the journal knows.
UPDATE ends SET id = known.id FROM (SELECT DISTINCT trace, id FROM claims WHERE trace IS NOT NULL) AS known
WHERE ends.trace = known.trace AND ends.id <> known.id;

INSERT INTO pairs
SELECT claim.number, ending.number, 'same' FROM (
    SELECT number, trace, to_whom, row_number() OVER (PARTITION BY trace, to_whom ORDER BY clock, number) AS place FROM open_claims
) AS claim JOIN (
    SELECT number, trace, to_whom, row_number() OVER (PARTITION BY trace, to_whom ORDER BY clock, number) AS place FROM open_ends
) AS ending USING (trace, to_whom, place);

INSERT INTO pairs
SELECT claim.number, ending.number, CASE WHEN ending.copies > 1 THEN 'expanded' ELSE 'rewritten' END
FROM open_claims AS claim JOIN (
    SELECT number, trace, first_to, count(DISTINCT to_whom) OVER (PARTITION BY trace, first_to) AS copies,
        row_number() OVER (PARTITION BY trace, first_to, to_whom ORDER BY clock, number) AS place
    FROM open_ends WHERE first_to IS NOT NULL
) AS ending ON claim.trace = ending.trace AND claim.to_whom = ending.first_to AND place = 1;

-- What carries the number of another message that was accepted answers no other claim.
CREATE TABLE taken AS
SELECT number FROM ends SEMI JOIN (SELECT trace FROM claims WHERE outcome = 'accepted') USING (trace);

-- Message-ID and recipient are those of the journal; the first claim gets the first end, accepted ones before others. What the
-- log of its own side tells comes before what the other one does.
INSERT INTO pairs
SELECT claim.number, ending.number, 'same' FROM (
    SELECT number, id, to_whom, path AS side, row_number() OVER (PARTITION BY id, to_whom, path ORDER BY outcome, clock, number) AS place
    FROM open_claims
) AS claim JOIN (
    SELECT open_ends.number, id, to_whom, files.side,
        row_number() OVER (PARTITION BY id, to_whom, files.side ORDER BY clock, open_ends.number) AS place
    FROM open_ends JOIN files ON files.number = open_ends.file
    WHERE message_id IS NOT NULL AND open_ends.number NOT IN (SELECT number FROM taken)
) AS ending USING (id, to_whom, side, place);

INSERT INTO pairs
SELECT claim.number, ending.number, 'same' FROM (
    SELECT number, id, to_whom, row_number() OVER (PARTITION BY id, to_whom ORDER BY outcome, clock, number) AS place
    FROM open_claims
) AS claim JOIN (
    SELECT number, id, to_whom, row_number() OVER (PARTITION BY id, to_whom ORDER BY clock, number) AS place FROM open_ends
    WHERE message_id IS NOT NULL AND number NOT IN (SELECT number FROM taken)
) AS ending USING (id, to_whom, place);

-- The recipient of the journal is the one it was first addressed to.
INSERT INTO pairs
SELECT claim.number, ending.number, CASE WHEN ending.copies > 1 THEN 'expanded' ELSE 'rewritten' END FROM (
    SELECT number, id, to_whom, row_number() OVER (PARTITION BY id, to_whom ORDER BY outcome, clock, number) AS place
    FROM open_claims
) AS claim JOIN (
    SELECT number, id, first_to, row_number() OVER (PARTITION BY id, first_to, to_whom ORDER BY clock, number) AS place,
        count(DISTINCT to_whom) OVER (PARTITION BY id, first_to) AS copies
    FROM open_ends WHERE first_to IS NOT NULL AND number NOT IN (SELECT number FROM taken)
) AS ending ON claim.id = ending.id AND claim.to_whom = ending.first_to AND claim.place = ending.place;

-- The reply in the journal names the queue id under which it was taken.
CREATE TABLE links AS
SELECT number, unnest(regexp_extract_all(reply, '[0-9A-Za-z]{6,}')) AS word FROM open_claims;

INSERT INTO pairs
WITH hosts AS (SELECT DISTINCT host FROM seen UNION SELECT ''),
found AS (
    SELECT claim.number AS claim, ending.number AS ending, ending.message_id IS NULL AS is_unnamed,
        row_number() OVER (PARTITION BY claim.number ORDER BY ending.clock, ending.number) AS choice,
        row_number() OVER (PARTITION BY ending.number ORDER BY claim.clock, claim.number) AS taker
    FROM links JOIN open_claims AS claim USING (number), hosts
    JOIN open_ends AS ending ON ending.unit = hash(hosts.host, word) AND ending.to_whom = claim.to_whom
    WHERE ending.number NOT IN (SELECT number FROM taken)
)
SELECT claim, ending, CASE WHEN is_unnamed THEN 'unnamed' ELSE 'same' END FROM found WHERE choice = 1 AND taker = 1;

-- The message was removed, or its time was over, before there was an attempt for this recipient.
CREATE TABLE untried AS
SELECT claim.number + (SELECT coalesce(max(number), 0) FROM ends) AS number, claim.number AS claim, whole.file, whole.host,
    whole.unit, whole.kind, claim.recipient, whole.message_id, corrected(whole.clock, coalesce(clocks.ahead, 0)) AS clock, claim.id,
    claim.to_whom
FROM open_claims AS claim JOIN whole ON id_of(whole.message_id) = claim.id LEFT JOIN clocks ON clocks.file = whole.file
WHERE claim.id <> ''
QUALIFY row_number() OVER (PARTITION BY claim.number ORDER BY whole.clock, whole.file, whole.unit, whole.kind, whole.row) = 1;

INSERT INTO ends BY NAME SELECT * EXCLUDE (claim) FROM untried;

INSERT INTO pairs SELECT claim, number, 'same' FROM untried;

-- Rewritten without saying so: of one message the only recipient left on either side, with part of its address kept (a hash
-- keeps none). An address that stands on both sides is not rewritten: one of its ends may be lost, or one too many.
CREATE TABLE copied AS
SELECT to_whom FROM open_ends WHERE id IN (SELECT id FROM known_ids) GROUP BY to_whom HAVING count(DISTINCT id) > 2;

INSERT INTO pairs
SELECT claim.number, ending.number, 'rewritten' FROM (
    SELECT *, count(*) OVER (PARTITION BY id) AS left_over FROM open_claims ANTI JOIN ends USING (id, to_whom) WHERE id <> ''
) AS claim JOIN (
    SELECT *, count(*) OVER (PARTITION BY id) AS left_over FROM open_ends ANTI JOIN claims USING (id, to_whom)
    WHERE id <> '' AND to_whom NOT IN (SELECT to_whom FROM copied)
) AS ending USING (id)
WHERE claim.left_over = 1 AND ending.left_over = 1 AND claim.to_whom <> ending.to_whom
  AND (coalesce(getvariable('is_hashed'), false)
    OR local_part(claim.to_whom) = local_part(ending.to_whom) OR domain_part(claim.to_whom) = domain_part(ending.to_whom));

-- No Message-ID on one of the sides: by recipient, in the order of time, near enough to each other.
INSERT INTO pairs
SELECT claim.number, ending.number, 'unnamed' FROM (
    SELECT *, row_number() OVER (PARTITION BY to_whom ORDER BY clock, number) AS place FROM open_claims
) AS claim JOIN (
    SELECT *, row_number() OVER (PARTITION BY to_whom ORDER BY clock, number) AS place FROM open_ends
    WHERE id NOT IN (SELECT id FROM known_ids) AND number NOT IN (SELECT number FROM taken)
) AS ending USING (to_whom, place)
WHERE (claim.id = '' OR ending.id = '') AND ending.clock BETWEEN claim.clock - 60 AND claim.clock + 86400;
