-- What is known of the claims and ends that stand alone, for the rules in causes.yaml to judge.
CREATE TABLE windows AS
SELECT side, min(first) AS first, max(last) AS last, bool_or(says_reception) AS says_reception, max(slow) AS slow,
    max(lag) AS lag
FROM (
    SELECT files.side, corrected(min(seen.clock), coalesce(any_value(clocks.ahead), 0)) AS first,
        corrected(max(seen.clock), coalesce(any_value(clocks.ahead), 0)) AS last,
        bool_or(seen.kind IN ('identified', 'accepted')) AS says_reception, any_value(clocks.slow) AS slow,
        any_value(clocks.lag) AS lag
    FROM seen JOIN files ON files.number = seen.file LEFT JOIN clocks ON clocks.file = seen.file
    GROUP BY files.number, files.side
) GROUP BY side;

CREATE TABLE spans AS
SELECT min(clock) AS first, max(clock) AS last FROM journal;

-- Stretches in which a host wrote nothing although it usually does, before it began and after it stopped included.
CREATE TABLE silences AS
WITH ticks AS (
    SELECT DISTINCT files.side, seen.host, corrected(floor(seen.clock), coalesce(clocks.ahead, 0)) AS clock
    FROM seen JOIN files ON files.number = seen.file LEFT JOIN clocks ON clocks.file = seen.file
    WHERE seen.clock IS NOT NULL AND seen.kind <> 'strange'
), steps AS (
    SELECT side, host, clock AS since, lead(clock) OVER (PARTITION BY side, host ORDER BY clock) AS until FROM ticks
    UNION ALL
    SELECT side, host, windows.first, min(clock) FROM ticks JOIN windows USING (side) GROUP BY ALL
), usual AS (
    SELECT side, host, (max(clock) - min(clock)) / count(*) AS pause FROM ticks GROUP BY side, host
)
SELECT side, host, since, coalesce(until, windows.last) AS until FROM steps JOIN usual USING (side, host)
JOIN windows USING (side) WHERE coalesce(until, windows.last) - since > greatest($silence, $pauses * pause);

-- Which part of what a side brings to an end passes each of its hosts.
CREATE TABLE shares AS
SELECT side, hosts.host, count(*) / sum(count(*)) OVER (PARTITION BY side) AS share
FROM finals JOIN files ON files.number = finals.file JOIN (SELECT DISTINCT host FROM seen) AS hosts ON hash(hosts.host) = finals.host
GROUP BY side, hosts.host;

-- What the logs say of messages of which no end is known.
CREATE TABLE traces AS
WITH wanted AS (SELECT number, hash(id) AS id, hash(to_whom) AS whom FROM open_claims WHERE id <> ''),
put_off AS (
    SELECT clock, unit, hash(person(recipient)) AS whom FROM seen WHERE kind = 'deferred' AND message_id IS NULL
), known AS (
    FROM known_as WHERE unit IN (SELECT unit FROM mentions SEMI JOIN wanted USING (id))
), said AS (
    SELECT seen.clock, seen.kind, mentions.id, hash(person(seen.recipient)) AS whom, seen.recipient IS NULL AS is_for_all
    FROM (FROM mentions SEMI JOIN wanted USING (id)) AS mentions JOIN seen USING (row)
    UNION ALL
    SELECT clock, kind, hash(id_of(message_id)), hash(person(recipient)), recipient IS NULL FROM seen
    WHERE kind = 'deferred' AND message_id IS NOT NULL
    UNION ALL
    SELECT put_off.clock, 'deferred'::happening, known.id, put_off.whom, false
    FROM put_off ASOF JOIN known ON known.unit = put_off.unit AND put_off.clock >= known.clock
)
SELECT wanted.number, bool_or(kind = 'deferred') AS was_deferred, max(said.clock) AS last
FROM wanted JOIN said ON said.id = wanted.id AND (said.is_for_all OR said.whom = wanted.whom)
GROUP BY wanted.number;

CREATE TABLE claim_facts AS
WITH told AS (
    SELECT claim.number, claim.outcome = 'unknown' AS is_unknown, claim.clock, claim.path AS side,
        windows.side IS NOT NULL AS has_logs, coalesce(windows.last - claim.clock, 0) AS age,
        claim.clock < windows.first - $slack AS is_before,
        claim.clock > windows.last + $slack AS is_after,
        traces.number IS NOT NULL AS has_trace, coalesce(traces.was_deferred, false) AS was_deferred,
        coalesce(traces.was_deferred AND windows.last - traces.last > $forgotten, false) AS was_forgotten,
        -- A log that says when it takes a message has named this one soon, or never.
        CASE WHEN windows.says_reception AND traces.number IS NULL AND claim.id <> ''
                THEN least($soon, greatest($soonest, 3 * coalesce(windows.lag, 0)))
            WHEN windows.says_reception THEN least($slack, greatest($soonest, 3 * windows.slow))
            ELSE least($slack, greatest($soon, 3 * windows.slow)) END AS patience
    FROM open_claims AS claim LEFT JOIN windows ON windows.side = claim.path LEFT JOIN traces ON traces.number = claim.number
), suspected AS (
    SELECT silences.*, count(*) AS traceless FROM silences JOIN told ON told.side = silences.side
    AND told.clock BETWEEN since - $soonest AND until AND NOT told.was_deferred AND NOT told.is_unknown
    GROUP BY ALL HAVING count(*) >= $fewest
), elsewhere AS (
    SELECT windows.side, count(*) AS accepted, (
        SELECT count(*) FROM told WHERE told.side = windows.side AND NOT told.was_deferred AND NOT told.is_unknown
            AND told.clock BETWEEN any_value(windows.first) AND any_value(windows.last)
    ) AS traceless
    FROM windows JOIN journal ON journal.path = windows.side AND journal.clock BETWEEN windows.first AND windows.last
    GROUP BY windows.side
), holes AS (
    SELECT suspected.side, suspected.host, since, until FROM suspected JOIN shares USING (side, host)
    JOIN journal ON journal.path = suspected.side AND journal.clock BETWEEN since - $soonest AND until
    JOIN elsewhere ON elsewhere.side = suspected.side
    GROUP BY ALL HAVING any_value(suspected.traceless) >= $share * count(*) * any_value(share)
        AND any_value(suspected.traceless) * (any_value(elsewhere.accepted) - count(*))
            >= $unusual * (any_value(elsewhere.traceless) - any_value(suspected.traceless)) * count(*)
)
SELECT told.*, EXISTS (
        FROM holes WHERE holes.side = told.side AND told.clock BETWEEN since - greatest($soonest, patience) AND until
    ) AS is_in_hole, told.side IN (SELECT side FROM files WHERE is_unreadable) AS is_blind
FROM told;

-- From when to when a queue id stood for the message of an end that stands alone, and when it was said to have no sender.
CREATE TABLE begun AS
SELECT unit, id, min(clock) AS clock, max(until) AS until FROM (
    SELECT *, lead(clock) OVER (PARTITION BY unit ORDER BY clock) AS until FROM known_as SEMI JOIN open_ends USING (unit)
) GROUP BY ALL;

CREATE TABLE nulls AS SELECT unit, clock FROM seen SEMI JOIN open_ends USING (unit) WHERE kind = 'null sender';

CREATE TABLE end_facts AS
SELECT ending.number, coalesce(corrected(begun.clock, coalesce(clocks.ahead, 0)), ending.clock) < spans.first - 1 AS is_before,
    ending.clock > spans.last + 1 AS is_after, 
    -- Whether anybody says what this side was handed: the journal, or without one its own logs.
    EXISTS (FROM journal) AND (EXISTS (FROM files WHERE kind = 'journal') OR coalesce(windows.says_reception, false)) AS has_claims,
    ending.id = '' AS is_unnamed, ending.id IN (SELECT id FROM known_ids) AS is_known,
    coalesce(ending.next = '<>', false) OR EXISTS (
        FROM nulls WHERE nulls.unit = ending.unit AND nulls.clock >= begun.clock - 1 AND nulls.clock < coalesce(begun.until, 1e12) - 1
    ) AS is_null_sender,
    coalesce(claimed.claims, 0) AS claims, coalesce(claimed.idle, 0) AS idle
FROM open_ends AS ending LEFT JOIN begun ON begun.unit = ending.unit AND begun.id = hash(ending.id)
LEFT JOIN clocks ON clocks.file = ending.file LEFT JOIN files ON files.number = ending.file
LEFT JOIN windows ON windows.side = files.side
LEFT JOIN (
    SELECT id, to_whom, count(*) AS claims, count(idle.number) AS idle FROM claims LEFT JOIN idle USING (number) GROUP BY ALL
) AS claimed ON claimed.id = ending.id AND claimed.to_whom = ending.to_whom, spans;
