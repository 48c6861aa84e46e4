-- The lines of Postfix that say what becomes of a message; 'strange' are those that this grammar does not know.
-- `rows` cuts them into head (stamp, host, program), queue id and what is said of it.
-- One step a table: what a step gives is worked out once, what a name stands for in its own step is worked out each time.
INSERT INTO seen
WITH rows AS ({rows}), cut AS (
    SELECT line, head, queue_id, said, CASE WHEN substr(head, 4, 1) = ' ' THEN substr(head, 1, 15) ELSE split_part(head, ' ', 1) END AS stamp,
        CASE WHEN substr(head, 4, 1) = ' ' THEN substr(head, 17) ELSE substr(head, strpos(head, ' ') + 1) END AS origin
    FROM rows
), told AS (
    SELECT line, head, queue_id, said, stamp, origin, split_part(origin, ' ', 1) AS host,
        CASE WHEN substr(stamp, 4, 1) = ' ' THEN in_year(getvariable('year'), stamp)
            WHEN substr(stamp, 11, 1) = 'T' THEN epoch(try_cast(stamp AS TIMESTAMPTZ)) END AS clock
    FROM cut
), whole AS (
    SELECT line, head, host, queue_id, said,
        CASE WHEN abs(clock - getvariable('reference')) > 15897600 AND substr(stamp, 4, 1) = ' ' THEN yearless(stamp) ELSE clock END AS clock,
        coalesce(clock IS NOT NULL AND ends_with(head, ']') AND strlen(queue_id) BETWEEN 6 AND 20
            AND strlen(host) BETWEEN 1 AND strlen(origin) - 1 AND NOT contains(queue_id, ' '), false) AS is_whole
    FROM told
), sorted AS (
    SELECT line, head, host, queue_id, said, clock, is_whole AND starts_with(said, 'to=<') AS is_attempt, CASE
        WHEN NOT is_whole THEN 'strange'::happening
        WHEN starts_with(said, 'message-id=') THEN 'identified'::happening
        WHEN starts_with(said, 'to=<') THEN 'line'::happening
        WHEN starts_with(said, 'from=<>, size=') THEN 'null sender'::happening
        WHEN starts_with(said, 'from=<') AND regexp_matches(said, '>, status=(force-)?expired') THEN 'expired'::happening
        WHEN said = 'removed' AND contains(head, '/postsuper[') THEN 'removed'::happening
        WHEN contains(lower(said), ': header x-gatepost-id: ') THEN 'traced'::happening
        ELSE 'strange'::happening END AS kind
    FROM whole
), parts AS (
    SELECT line, head, host, queue_id, said, clock, kind, is_attempt, CASE WHEN is_attempt THEN strpos(said, '>, ') END AS closer,
        CASE WHEN is_attempt THEN substr(said, nullif(strpos(said, ', status='), 0) + 9) END AS status
    FROM sorted
), judged AS (
    SELECT line, head, host, queue_id, said, clock, closer, status, is_attempt, CASE
        WHEN NOT is_attempt THEN kind
        WHEN closer = 0 THEN 'strange'::happening
        WHEN starts_with(status, 'sent ') THEN 'delivered'::happening
        WHEN starts_with(status, 'deferred ') OR starts_with(status, 'SOFTBOUNCE ') THEN 'deferred'::happening
        WHEN starts_with(status, 'bounced ') THEN 'bounced'::happening
        ELSE 'strange'::happening END AS became
    FROM parts
)
SELECT $file, host, hash(host, queue_id), clock, became, CASE became
        WHEN 'identified'::happening THEN substr(said, 12, 1200)
        WHEN 'strange'::happening THEN coalesce(line, concat_ws(': ', head, queue_id, said)) END,
    CASE WHEN is_attempt THEN substr(said, 5, closer - 5) END,
    CASE WHEN is_attempt AND substr(said, closer + 3, 9) = 'orig_to=<'
        THEN split_part(substr(said, closer + 12, 400), '>, ', 1) END,
    CASE WHEN NOT is_attempt THEN NULL
        WHEN contains(status, 'queued as ') OR contains(status, 'forwarded as ') THEN
            CASE WHEN is_inner(said) THEN '|' ELSE '' END || rtrim(split_part(substr(status, greatest(
                strpos(status, 'queued as ') + 10, strpos(status, 'forwarded as ') + 13)), ' ', 1), ')')
        WHEN contains(status, '(delivered via ') OR is_inner(said) THEN '|' END,
    CASE became WHEN 'traced'::happening THEN nullif(regexp_extract(said, '(?i): header x-gatepost-id: +([^ ;]+)', 1), '') END, NULL
FROM judged;
