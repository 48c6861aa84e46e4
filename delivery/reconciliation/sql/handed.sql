-- Every message that a queue id stood for, with the time from which on it did.
CREATE VIEW known_as AS
SELECT unit, since AS clock, first.row AS row, first.id AS id FROM named WHERE unit NOT IN (SELECT unit FROM lives)
UNION ALL
SELECT unit, clock, row, id FROM lives;

-- Handed on inside the house is no end: the next queue id is in these logs too, with the same Message-ID.
CREATE TABLE handed AS
WITH hosts AS (SELECT DISTINCT host FROM seen WHERE kind = 'identified'),
known AS (SELECT unit, id FROM known_as),
candidates AS (
    SELECT seen.row, hash(hosts.host, ltrim(seen.next, '|')) AS unit FROM seen, hosts
    WHERE seen.next IS NOT NULL AND seen.kind <> 'deferred' AND hash(hosts.host, ltrim(seen.next, '|')) IN (SELECT unit FROM named)
)
SELECT DISTINCT finals.row, key_of(finals.id, finals.whom) AS key
FROM candidates JOIN finals ON finals.row = candidates.row JOIN known ON known.unit = candidates.unit
WHERE known.unit <> finals.unit AND known.id = coalesce(finals.id, hash(''));
