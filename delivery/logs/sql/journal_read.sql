-- What the words of a journal mean. Where no line has an outcome, everything in it was accepted.
INSERT INTO journal
WITH known AS (SELECT count(nullif(outcome, '')) > 0 AS has_outcomes FROM journal_lines)
SELECT trace, any_moment(stamp), side_of(path), coalesce(message_id, ''), recipient, coalesce(sender, ''),
    CASE
        WHEN NOT has_outcomes THEN 'accepted'
        WHEN lower(outcome) IN ('accepted', 'delivered', 'sent', 'ok', 'relayed') OR outcome LIKE '2%' THEN 'accepted'
        WHEN lower(outcome) = 'repeated' THEN 'repeated'
        WHEN lower(outcome) IN ('refused', 'rejected', 'failed', 'deferred') OR outcome[1] IN ('4', '5') THEN 'refused'
        ELSE 'unknown' END,
    reply
FROM journal_lines, known WHERE strange IS NULL;
