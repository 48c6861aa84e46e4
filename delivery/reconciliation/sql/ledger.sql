-- A row for each (Message-ID, recipient), in numbers only, so that it stays small: one sum counts acceptances, unknown
-- outcomes and ends; the other says path, end and file where there is one of each.
CREATE TABLE ledger AS
WITH entries AS (
    SELECT key_of(hash(id_of(message_id)), hash(person(recipient))) AS key, coalesce(code, 15) AS label, clock AS began, NULL::DOUBLE AS over,
        CASE outcome WHEN 'accepted' THEN 1 ELSE 1::BIGINT << 20 END AS counts
    FROM journal LEFT JOIN paths USING (path) WHERE outcome IN ('accepted', 'unknown')
    UNION ALL
    SELECT key_of(id, whom), (file::BIGINT << 8) + (enum_code(kind)::BIGINT << 4), NULL, clock,
        1::BIGINT << 40
    FROM finals
)
SELECT key, sum(counts)::BIGINT AS counts, sum(label)::BIGINT AS label, min(began) AS began, max(over) AS over
FROM entries GROUP BY key;
