-- How far the clock of each file runs ahead of the journal's. A log that says when it took a message says it in the same moment as
-- the journal, so there the usual gap is the clock's. Only messages are asked that the journal tells of once: after an attempt whose
-- outcome is unknown the log may speak of either. A log that says only how messages ended has the quickest deliveries in the gap
-- that nearly every message has at least: it is then what the clock is ahead at the most. Counted by
-- hundredths of a second, so that it is exact in bounded memory, in whatever order the rows stand. Of many messages a part is
-- looked at, always the same.
CREATE TABLE clocks AS
WITH thinned AS (SELECT (1 + count(*) / $compared)::UBIGINT AS thin FROM mentions),
accepted AS (
    SELECT hash(id_of(message_id)) AS id, min(clock) AS clock FROM journal, thinned
    WHERE clock IS NOT NULL AND hash(id_of(message_id)) % thin = 0
    GROUP BY ALL HAVING min(clock) = max(clock) AND bool_and(outcome = 'accepted')
), received AS (
    SELECT seen.file, mentions.id, min(mentions.clock) AS clock
    FROM (SELECT row, id, clock FROM mentions, thinned WHERE id % thin = 0 AND id <> hash('')) AS mentions JOIN seen USING (row)
    GROUP BY ALL
), gaps AS (
    SELECT received.file, 'reception' AS measured_by, round(received.clock - accepted.clock, 2) AS took, count(*) AS pairs
    FROM received JOIN accepted USING (id) WHERE received.clock IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT file_code(label), 'end', round(over - began, 2), count(*) FROM ledger
    WHERE is_plain(counts) AND over IS NOT NULL AND began IS NOT NULL GROUP BY ALL
), ranked AS (
    SELECT *, sum(pairs) OVER (PARTITION BY file, measured_by ORDER BY took) AS upto,
        sum(pairs) OVER (PARTITION BY file, measured_by) AS every FROM gaps
), measured AS (
    SELECT file, measured_by, min(took) FILTER (upto >= 0.9 * every) AS most,
        min(took) FILTER (upto >= CASE measured_by WHEN 'reception' THEN 0.5 ELSE 0.01 END * every) AS gap
    FROM ranked GROUP BY file, measured_by
)
SELECT file, arg_max(measured_by, measured_by) AS measured_by, arg_max(gap, measured_by) AS ahead,
    corrected(max(most) FILTER (measured_by = 'end'), arg_max(gap, measured_by)) AS slow,
    max(most - gap) FILTER (measured_by = 'reception') AS lag
FROM measured GROUP BY file;
