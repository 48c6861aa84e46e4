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

-- Nor is it an end where a filter on the host itself names a next queue id that its log does not know, although it knows nearly
-- all others that are named so: what the filter said it handed back never came. The host logs that id before the reply.
INSERT INTO handed
WITH named_next AS (
    SELECT row, host, clock, hash(host, ltrim(next, '|')) AS unit FROM seen
    WHERE next IS NOT NULL AND next <> '|' AND starts_with(next, '|') AND kind = 'delivered'
), judged AS (
    SELECT row, host, clock, unit IN (SELECT unit FROM seen SEMI JOIN named_next USING (unit)) AS is_known FROM named_next
), usual AS (
    SELECT host, count(*) AS every, count(*) FILTER (is_known) AS known FROM judged GROUP BY host
), began AS (
    SELECT host, min(clock) AS clock FROM seen WHERE host IN (SELECT host FROM judged) GROUP BY host
)
SELECT judged.row, NULL FROM judged JOIN usual USING (host) JOIN began USING (host)
WHERE NOT is_known AND known >= $filtered * every AND judged.clock > began.clock + $soon;
