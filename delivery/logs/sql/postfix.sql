-- The lines of Postfix that say what becomes of a message; 'strange' are those that this grammar does not know.
-- One step a table: what a step gives is worked out once, what a name stands for in its own step is worked out each time.
INSERT INTO seen
WITH chosen AS (
    SELECT line, strpos(line, ']: ') AS tag, substr(line, 4, 1) = ' ' AS is_yearless, strpos(line, ' ') AS space
    FROM lines($path, $packing)
    WHERE contains(line, 'message-id=') OR contains(line, 'status=') OR contains(line, 'from=<>')
       OR contains(line, '/postsuper[') OR contains(line, 'atepost-') OR NOT contains(line, ']: ')
       OR (substr(line, 4, 1) <> ' ' AND substr(line, 5, 1) <> '-')
), stamped AS (
    SELECT line, tag, is_yearless, substr(line, tag + 3) AS text, CASE WHEN is_yearless THEN 17 ELSE space + 1 END AS origin,
        CASE WHEN is_yearless THEN in_year(getvariable('year'), substr(line, 1, 15))
            WHEN substr(line, 11, 1) = 'T' THEN epoch(try_cast(substr(line, 1, space - 1) AS TIMESTAMPTZ)) END AS clock
    FROM chosen
), addressed AS (
    SELECT line, tag, text, substr(line, origin, tag - origin) AS origin, strpos(text, ': ') AS colon,
        is_yearless AND abs(clock - getvariable('reference')) > 15897600 AS is_other_year, clock
    FROM stamped
), told AS (
    SELECT line, substr(origin, 1, strpos(origin, ' ') - 1) AS host, substr(text, 1, colon - 1) AS queue_id,
        substr(text, colon + 2) AS said, CASE WHEN is_other_year THEN yearless(substr(line, 1, 15)) ELSE clock END AS clock,
        clock IS NOT NULL AND tag > 0 AND colon BETWEEN 7 AND 21 AND strpos(origin, ' ') > 1 AS is_whole
    FROM addressed
), sorted AS (
    SELECT line, host, queue_id, said, clock, strpos(said, '>, ') AS closer, strpos(said, ', status=') AS mark, CASE
        WHEN NOT is_whole OR contains(queue_id, ' ') THEN 'strange'
        WHEN starts_with(said, 'message-id=') THEN 'identified'
        WHEN starts_with(said, 'to=<') THEN 'attempt'
        WHEN starts_with(said, 'from=<>, size=') THEN 'null sender'
        WHEN starts_with(said, 'from=<') AND regexp_matches(said, '>, status=(force-)?expired') THEN 'expired'
        WHEN said = 'removed' AND contains(line, '/postsuper[') THEN 'removed'
        WHEN contains(lower(said), ': header x-gatepost-id: ') THEN 'traced'
        ELSE 'strange' END AS kind
    FROM told
), parts AS (
    SELECT line, host, queue_id, said, clock, kind, closer, kind = 'attempt' AS is_attempt,
        substr(said, mark + 9) AS status, mark > 0 AND closer > 0 AS is_told
    FROM sorted
), judged AS (
    SELECT line, host, queue_id, said, clock, closer, status, is_attempt, CASE
        WHEN NOT is_attempt THEN kind
        WHEN NOT is_told THEN 'strange'
        WHEN starts_with(status, 'sent ') THEN 'delivered'
        WHEN starts_with(status, 'deferred ') OR starts_with(status, 'SOFTBOUNCE ') THEN 'deferred'
        WHEN starts_with(status, 'bounced ') THEN 'bounced'
        ELSE 'strange' END AS became
    FROM parts
)
SELECT $file, host, hash(host, queue_id), clock, became,
    CASE became WHEN 'identified' THEN substr(said, 12, 1200) WHEN 'strange' THEN line END,
    CASE WHEN is_attempt THEN substr(said, 5, closer - 5) END,
    CASE WHEN is_attempt AND substr(said, closer + 3, 9) = 'orig_to=<'
        THEN split_part(substr(said, closer + 12, 400), '>, ', 1) END,
    CASE WHEN NOT is_attempt THEN NULL
        WHEN contains(status, 'queued as ') OR contains(status, 'forwarded as ') THEN
            CASE WHEN is_inner(said) THEN '|' ELSE '' END || rtrim(split_part(substr(status, greatest(
                strpos(status, 'queued as ') + 10, strpos(status, 'forwarded as ') + 13)), ' ', 1), ')')
        WHEN contains(status, '(delivered via ') OR is_inner(said) THEN '|' END,
    CASE became WHEN 'traced' THEN nullif(regexp_extract(said, '(?i): header x-gatepost-id: +([^ ;]+)', 1), '') END
FROM judged;
