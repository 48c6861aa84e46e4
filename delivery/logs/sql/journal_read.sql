-- What the words of a journal mean. Where no line has an outcome, everything in it was accepted.
INSERT INTO journal
WITH known AS (SELECT count(nullif(coalesce(outcome, reply), '')) > 0 AS has_outcomes FROM journal_lines)
SELECT file, trace, any_moment(stamp), side_of(path), coalesce(message_id, ''),
    CASE WHEN starts_with(recipients, '["') AND NOT contains(recipients, ',') AND NOT contains(recipients, '\')
        THEN substr(recipients, 3, length(recipients) - 4) ELSE recipients END, coalesce(sender, ''),
    CASE
        WHEN NOT has_outcomes THEN 'accepted'
        WHEN outcome IN ('accepted', 'repeated', 'refused', 'unknown') THEN outcome
        WHEN lower(outcome) IN ('accepted', 'delivered', 'sent', 'ok', 'relayed', 'success', 'completed')
            OR coalesce(outcome, reply)[1] = '2' THEN 'accepted'
        WHEN lower(outcome) = 'repeated' THEN 'repeated'
        WHEN lower(outcome) IN ('refused', 'rejected', 'failed', 'deferred', 'tempfail', 'aborted')
            OR coalesce(outcome, reply)[1] IN ('4', '5') THEN 'refused'
        ELSE 'unknown' END,
    reply
FROM journal_lines, known WHERE strange IS NULL;

-- Several recipients of one transaction: as a list of JSON, or one behind the other.
CREATE TEMP TABLE several AS
SELECT * FROM journal WHERE starts_with(recipient, '[') OR contains(recipient, ' ') OR contains(recipient, ';');

DELETE FROM journal WHERE starts_with(recipient, '[') OR contains(recipient, ' ') OR contains(recipient, ';');

INSERT INTO journal
SELECT * REPLACE (unnest(CASE
    WHEN starts_with(recipient, '[') AND json_valid(recipient) THEN json_extract_string(recipient, '$[*]')
    ELSE string_split_regex(recipient, '[ ;]+') END) AS recipient)
FROM several;

DROP TABLE several;

-- The same transaction once, whatever copies of the journal were given.
CREATE TEMP TABLE repeated AS
SELECT trace, message_id, recipient, min(file) AS file, min(clock) AS clock, any_value(path) AS path,
    any_value(sender) AS sender, min(outcome) AS outcome, any_value(reply) AS reply
FROM journal WHERE trace IS NOT NULL GROUP BY trace, message_id, recipient HAVING count(*) > 1;

DELETE FROM journal USING repeated
WHERE journal.trace = repeated.trace AND journal.message_id = repeated.message_id
  AND journal.recipient = repeated.recipient;

INSERT INTO journal BY NAME FROM repeated;

DROP TABLE repeated;

UPDATE journal SET recipient = unescaped(recipient) WHERE contains(recipient, '%') AND trace IN (
    SELECT id FROM journal_records
);
