-- What the words of a journal mean. Where no line has an outcome, everything in it was accepted.
CREATE TEMP VIEW read_journal AS
WITH known AS (SELECT count(nullif(coalesce(outcome, reply), '')) > 0 AS has_outcomes FROM journal_lines)
SELECT file, trace, any_moment(stamp) AS clock, side_of(path) AS path, coalesce(message_id, '') AS message_id,
    CASE WHEN starts_with(recipients, '["') AND NOT contains(recipients, ',') AND NOT contains(recipients, '\')
        THEN substr(recipients, 3, length(recipients) - 4) ELSE recipients END AS recipient,
    CASE
        WHEN NOT has_outcomes THEN 'accepted'
        WHEN outcome IN ('accepted', 'repeated', 'refused', 'unknown') THEN outcome
        WHEN lower(outcome) IN ('accepted', 'delivered', 'sent', 'ok', 'relayed', 'success', 'completed')
            OR coalesce(outcome, reply)[1] = '2' THEN 'accepted'
        WHEN lower(outcome) = 'repeated' THEN 'repeated'
        WHEN lower(outcome) IN ('refused', 'rejected', 'failed', 'deferred', 'tempfail', 'aborted')
            OR coalesce(outcome, reply)[1] IN ('4', '5') THEN 'refused'
        ELSE 'unknown' END::said_of_it AS outcome,
    reply
FROM journal_lines, known WHERE strange IS NULL;

-- Several recipients of one transaction: as a list of JSON, or one behind the other.
INSERT INTO journal SELECT * FROM read_journal WHERE NOT is_several(recipient);

INSERT INTO journal
SELECT * REPLACE (unnest(CASE
    WHEN starts_with(recipient, '[') AND json_valid(recipient) THEN json_extract_string(recipient, '$[*]')
    ELSE string_split_regex(recipient, '[ ;,]+') END) AS recipient)
FROM read_journal WHERE is_several(recipient);

DROP VIEW read_journal;
