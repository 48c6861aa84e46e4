-- A row for each (Message-ID, recipient): how often it was accepted, how often it came to an end.
CREATE TABLE ledger AS
WITH entries AS (
    SELECT hash(id_of(message_id), person(recipient)) AS key, (outcome = 'accepted')::INT AS accepted,
        (outcome = 'unknown')::INT AS unknown, 0 AS ended, clock AS began, NULL::DOUBLE AS over, path,
        NULL::happening AS became, NULL::USMALLINT AS file
    FROM journal WHERE outcome IN ('accepted', 'unknown')
    UNION ALL
    SELECT hash(id_of(message_id), person(recipient)), 0, 0, 1, NULL, clock, NULL, kind, file FROM finals
)
SELECT key, sum(accepted)::INT AS accepted, sum(unknown)::INT AS unknown, sum(ended)::INT AS ended,
    min(began) AS began, max(over) AS over, any_value(path) AS path, any_value(became) AS became, any_value(file) AS file
FROM entries GROUP BY key;

CREATE MACRO is_plain(accepted, unknown, ended) AS accepted = 1 AND unknown = 0 AND ended = 1;

CREATE MACRO corrected(clock, ahead) AS clock - CASE WHEN abs(ahead) > 2 THEN ahead ELSE 0 END;

-- How far the clock of each file runs ahead of the journal's: what nearly every message takes at least.
CREATE TABLE clocks AS
SELECT file, count(*) AS pairs, approx_quantile(over - began, 0.01) AS ahead,
    corrected(approx_quantile(over - began, 0.9), ahead) AS slow
FROM ledger WHERE is_plain(accepted, unknown, ended) GROUP BY file;

-- What is not plain gets looked at: all that was accepted and all that ended under these keys.
CREATE TABLE odd AS
SELECT key FROM ledger LEFT JOIN clocks USING (file)
WHERE NOT is_plain(accepted, unknown, ended) OR corrected(over, coalesce(ahead, 0)) - began > $late;

CREATE TABLE claims AS
SELECT row_number() OVER (ORDER BY journal.clock) AS number, journal.*, id_of(message_id) AS id,
    person(recipient) AS to_whom
FROM journal
WHERE outcome IN ('accepted', 'unknown') AND hash(id_of(message_id), person(recipient)) IN (SELECT key FROM odd);

CREATE TABLE ends AS
SELECT row_number() OVER (ORDER BY finals.clock) AS number, finals.* EXCLUDE (clock),
    corrected(finals.clock, coalesce(clocks.ahead, 0)) AS clock, id_of(message_id) AS id,
    person(recipient) AS to_whom, nullif(person(original), '') AS first_to
FROM finals LEFT JOIN clocks USING (file)
WHERE hash(id_of(message_id), person(recipient)) IN (SELECT key FROM odd);

-- Messages of which the journal knows other recipients: what tells a blind copy from mail that nobody handed in.
CREATE TABLE known_ids AS
SELECT DISTINCT id_of(message_id) AS id FROM journal WHERE id_of(message_id) IN (SELECT id FROM ends WHERE id <> '');
