-- What each side brought to an end, by hour, domain and stream, in recipients. What was only handed on inside the house is left
-- out: it comes to its end under another queue id.
CREATE TABLE outward AS
SELECT files.side, finals.kind, finals.id, finals.whom, domain_part(person(seen.recipient)) AS domain, seen.stream,
    corrected(finals.clock, coalesce(clocks.ahead, 0)) AS clock
FROM finals JOIN seen USING (row)
JOIN files ON files.number = finals.file LEFT JOIN clocks ON clocks.file = finals.file
WHERE finals.clock IS NOT NULL
  AND (seen.next IS NULL OR seen.next = '<>' OR hash(seen.host, seen.next) NOT IN (SELECT unit FROM named));

CREATE TABLE put_off AS
SELECT files.side, person(seen.recipient) AS to_whom, min(seen.clock) AS clock, any_value(seen.stream) AS stream
FROM seen JOIN files ON files.number = seen.file
WHERE seen.kind = 'deferred' AND seen.recipient IS NOT NULL AND seen.clock IS NOT NULL
GROUP BY files.side, to_whom, coalesce(seen.unit, hash(seen.message_id));

CREATE TABLE began AS
SELECT key_of(hash(id_of(message_id)), hash(person(recipient))) AS key, min(clock) AS clock
FROM journal WHERE outcome = 'accepted' GROUP BY key HAVING count(*) = 1;

CREATE TABLE ways AS
SELECT outward.side, outward.domain, outward.stream, floor(outward.clock / 3600)::BIGINT * 3600 AS hour,
    outward.clock - began.clock AS took
FROM outward JOIN began ON began.key = key_of(outward.id, outward.whom)
WHERE outward.kind = 'delivered' AND outward.id <> hash('');

-- The streams that are kept apart: the largest.
CREATE TABLE kept_streams AS
SELECT stream FROM outward WHERE stream IS NOT NULL GROUP BY stream ORDER BY count(*) DESC, stream LIMIT $most_streams;

CREATE TABLE compared AS
WITH every AS (
    SELECT side, domain, stream, floor(clock / 3600)::BIGINT * 3600 AS hour,
        (kind = 'delivered')::BIGINT AS delivered, (kind IN ('bounced', 'expired'))::BIGINT AS failed,
        0::BIGINT AS deferred, 0::BIGINT AS timed, 0::BIGINT AS slow
    FROM outward
    UNION ALL
    SELECT side, domain_part(to_whom), stream, floor(clock / 3600)::BIGINT * 3600, 0, 0, 1, 0, 0 FROM put_off
    UNION ALL
    SELECT side, domain, stream, hour, 0, 0, 0, 1, (took > $slow_after)::BIGINT FROM ways
)
SELECT side, domain, hour, kept_streams.stream AS stream, sum(delivered)::BIGINT AS delivered, sum(failed)::BIGINT AS failed,
    sum(deferred)::BIGINT AS deferred, sum(timed)::BIGINT AS timed, sum(slow)::BIGINT AS slow
FROM every LEFT JOIN kept_streams USING (stream) WHERE side IS NOT NULL GROUP BY ALL;
