-- Every claim with its state, every end that nobody claimed, and why.
CREATE TABLE judged_ends AS
SELECT number, {ends_state} AS state, {ends_cause} AS cause FROM end_facts;

CREATE TABLE judged_claims AS
SELECT number, {claims_state} AS state, {claims_cause} AS cause FROM claim_facts;

CREATE TABLE pair_facts AS
WITH paired AS (
    SELECT pairs.claim AS number, min(pairs.way) AS way, max(ends.clock) AS over,
        arg_max(ends.kind, struct_pack(ends.clock, ends.number)) AS became,
        arg_max(ends.file, struct_pack(ends.clock, ends.number)) AS file,
        bool_and(is_elsewhere(claims.path, files.side)) AS is_elsewhere,
        bool_or(ends.message_id IS NULL AND ends.unit IS NOT NULL) AS is_unnamed
    FROM pairs JOIN ends ON ends.number = pairs.ending
    JOIN claims ON claims.number = pairs.claim LEFT JOIN files ON files.number = ends.file GROUP BY pairs.claim
), keys AS (
    SELECT id, to_whom, count(*) FILTER (outcome = 'accepted') AS accepted, count(idle.number) AS idle
    FROM claims LEFT JOIN idle USING (number) GROUP BY ALL
), surplus AS (
    SELECT id, to_whom, clock, kind, file, count(*) OVER (PARTITION BY id, to_whom) AS surplus,
        row_number() OVER (PARTITION BY id, to_whom ORDER BY clock, number) AS place
    FROM ends JOIN judged_ends USING (number) WHERE state = 'duplicate'
), ranked AS (
    SELECT paired.number, row_number() OVER (
        PARTITION BY claims.id, claims.to_whom ORDER BY claims.outcome, claims.clock, claims.number
    ) AS place FROM paired JOIN claims USING (number)
), handed_on AS (
    SELECT key_of(hash(id), hash(to_whom)) AS key FROM ends JOIN set_aside ON set_aside.ending = ends.number
    UNION SELECT key FROM handed
)
SELECT paired.* EXCLUDE (is_elsewhere), claims.id, claims.to_whom, keys.accepted, keys.idle, coalesce(surplus.surplus, 0) AS surplus,
    handed_on.key IS NOT NULL AS was_handed_on, claims.clock AS began, ranked.place, own.side AS ended_on,
    surplus.place IS NULL AND handed_on.key IS NULL AND coalesce(paired.is_elsewhere, false) AS ended_elsewhere,
    surplus.clock AS again, surplus.kind AS again_became, other.side AS again_on, other.name AS again_file,
    coalesce(own.side <> other.side, false) AS is_of_both
FROM paired JOIN claims USING (number) JOIN ranked USING (number) JOIN keys USING (id, to_whom)
LEFT JOIN surplus ON surplus.id = claims.id AND surplus.to_whom = claims.to_whom AND surplus.place = ranked.place
LEFT JOIN files AS own ON own.number = paired.file LEFT JOIN files AS other ON other.number = surplus.file
LEFT JOIN handed_on ON handed_on.key = key_of(hash(claims.id), hash(claims.to_whom));

CREATE TABLE cases AS
SELECT CASE WHEN place <= surplus THEN 'duplicate' WHEN ended_elsewhere THEN 'ambiguous'
        WHEN over - began > $late THEN 'late' ELSE 'matched' END AS state,
    {pairs_cause} AS cause, claims.message_id, claims.recipient, claims.path, claims.trace, claims.clock AS accepted,
    over AS ended, became::VARCHAR AS became, files.name AS file,
    ended_on, again, again_became::VARCHAR AS again_became, again_on, again_file,
    CASE WHEN ended_elsewhere THEN ended_on ELSE claims.path END AS counted_on
FROM pair_facts JOIN claims USING (number) LEFT JOIN files ON files.number = pair_facts.file
UNION ALL
SELECT state, cause, message_id, recipient, path, trace, clock, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, path
FROM judged_claims JOIN claims USING (number) WHERE state <> 'none' OR cause IS NOT NULL
UNION ALL
SELECT CASE WHEN state = 'duplicate' THEN 'none' ELSE state END, cause, message_id, recipient, files.side, NULL, NULL, clock,
    ends.kind::VARCHAR, files.name,
    files.side, NULL, NULL, NULL, NULL, files.side
FROM judged_ends JOIN ends USING (number) LEFT JOIN files ON files.number = ends.file
WHERE state <> 'none' OR cause IS NOT NULL;

CREATE TABLE balance AS
SELECT path, hour, became, count(*) AS recipients FROM (
    SELECT coalesce(paths.path, 'other') AS path, floor(began / 3600)::BIGINT * 3600 AS hour,
        enum_range(NULL::happening)[end_code(label) + 1] AS became
    FROM ledger ANTI JOIN odd USING (key) LEFT JOIN paths ON paths.code = path_code(label)
    UNION ALL
    SELECT counted_on, floor(accepted / 3600)::BIGINT * 3600, coalesce(became, CASE state WHEN 'in flight' THEN 'queued' ELSE state END)
    FROM cases WHERE state <> 'none' AND accepted IS NOT NULL
) GROUP BY ALL;
