-- Without a journal each MTA is held against itself: what it says it took stands for what was accepted.
INSERT INTO journal
WITH recipients AS (
    SELECT DISTINCT unit, recipient FROM seen WHERE unit IS NOT NULL AND recipient IS NOT NULL
)
SELECT 0, named.unit::VARCHAR, named.since, 'old', seen.message_id, coalesce(recipients.recipient, ''), 'accepted', NULL
FROM named JOIN (SELECT row, message_id FROM seen) AS seen ON seen.row = named.first.row LEFT JOIN recipients USING (unit)
WHERE named.unit NOT IN (SELECT hash(host, ltrim(next, '|')) FROM seen WHERE next IS NOT NULL)
UNION ALL
SELECT 0, coalesce(unit::VARCHAR, message_id), clock, files.side, message_id, recipient, 'accepted', NULL
FROM seen JOIN files ON files.number = seen.file WHERE seen.kind = 'accepted' AND recipient IS NOT NULL;
