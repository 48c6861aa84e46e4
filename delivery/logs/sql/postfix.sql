-- The lines of Postfix that say what becomes of a message; 'strange' are those that this grammar does not know.
INSERT INTO seen
WITH chosen AS (
    SELECT line, substr(line, strpos(line, ']: ') + 3) AS text FROM lines($path, $packing)
    WHERE contains(line, 'message-id=') OR contains(line, 'status=') OR contains(line, 'from=<>')
       OR contains(line, '/postsuper[') OR NOT regexp_matches(line, $shape)
), told AS (
    SELECT line, strpos(text, ': ') AS colon, left(text, greatest(colon - 1, 0)) AS queue_id,
        substr(text, colon + 2) AS said,
        CASE WHEN line[4] = ' ' THEN left(line, 15) ELSE split_part(left(line, 40), ' ', 1) END AS stamp,
        split_part(CASE WHEN line[4] = ' ' THEN substr(line, 17, 260) ELSE substr(line, length(stamp) + 2, 260) END,
            ' ', 1) AS host
    FROM chosen
), sorted AS (
    SELECT *, CASE
        WHEN NOT regexp_matches(line, $shape) OR NOT regexp_full_match(queue_id, '[0-9A-Za-z]{6,20}') THEN 'strange'
        WHEN starts_with(said, 'message-id=') THEN 'identified'
        WHEN starts_with(said, 'to=<') AND contains(said, ', status=') THEN 'attempt'
        WHEN starts_with(said, 'from=<>, size=') THEN 'null sender'
        WHEN regexp_matches(said, '^from=<.*>, status=(force-)?expired') THEN 'expired'
        WHEN said = 'removed' AND contains(line, '/postsuper[') THEN 'removed'
        ELSE 'strange' END AS kind
    FROM told
), parts AS (
    SELECT *, strpos(said, '>, ') AS closer, substr(said, strpos(said, ', status=') + 9) AS status FROM sorted
)
SELECT $file, host, hash(host, queue_id), moment(stamp), CASE
        WHEN kind <> 'attempt' THEN kind
        WHEN starts_with(status, 'sent ') THEN 'delivered'
        WHEN starts_with(status, 'deferred ') OR starts_with(status, 'SOFTBOUNCE ') THEN 'deferred'
        WHEN starts_with(status, 'bounced ') THEN 'bounced'
        ELSE 'strange' END AS became,
    CASE WHEN became = 'strange' THEN line WHEN kind = 'identified' THEN left(substr(said, 12), 1200) END,
    CASE WHEN kind = 'attempt' THEN substr(said, 5, closer - 5) END,
    CASE WHEN kind = 'attempt' AND substr(said, closer + 3, 9) = 'orig_to=<'
        THEN split_part(substr(said, closer + 12, 400), '>, ', 1) END,
    CASE WHEN kind = 'attempt' AND (contains(status, 'queued as ') OR contains(status, 'forwarded as '))
        THEN regexp_extract(status, '(?:queued|forwarded) as ([0-9A-Za-z]+)', 1) END,
    NULL
FROM parts;
