-- Message-IDs and recipients are compared without brackets and white space, recipients in small letters; what is shown
-- is as it was written. Postfix cuts a line at 2,000 bytes, so only the beginning of an id can be compared.
CREATE MACRO id_of(message_id) AS CASE
    WHEN message_id IS NULL THEN ''
    WHEN starts_with(message_id, '<') AND ends_with(message_id, '>') AND strlen(message_id) < 1000
        THEN substr(message_id, 2, length(message_id) - 2)
    ELSE substr(trim(message_id, E'<> \t\r'), 1, 990) END;
CREATE MACRO person(recipient) AS CASE
    WHEN recipient IS NULL THEN ''
    WHEN starts_with(recipient, '<') OR contains(recipient, ' ') THEN lower(trim(recipient, E'<> \t\r'))
    ELSE lower(recipient) END;
-- By what it is known that two files tell the same. Spools and queues have ids, so there the fraction of a second that one of
-- them may have left out does not count.
CREATE MACRO print_of(told) AS hash(
    told.host, told.unit, told.kind, told.message_id, told.recipient, told.original, told.next, told.trace,
    CASE WHEN told.unit IS NULL THEN told.clock END
);
-- The key of the ledger, of the hashes of both of its parts.
CREATE MACRO key_of(id, whom) AS hash(coalesce(id, hash('')), whom);
CREATE MACRO local_part(person) AS split_part(person, '@', 1);
CREATE MACRO domain_part(person) AS split_part(person, '@', -1);

CREATE TABLE files (number USMALLINT, name VARCHAR, kind VARCHAR, side VARCHAR, is_unreadable BOOLEAN DEFAULT false);

-- What the sums of the ledger hold.
CREATE MACRO counts_of(accepted, unknown, ended) AS accepted + (unknown << 20) + (ended << 40);
CREATE MACRO is_plain(counts) AS counts = 1 + (1::BIGINT << 40);
CREATE MACRO path_code(label) AS label & 15;
CREATE MACRO end_code(label) AS (label >> 4) & 15;
CREATE MACRO file_code(label) AS (label >> 8)::USMALLINT;
CREATE MACRO is_elsewhere(path, side) AS path IN ('old', 'new') AND side <> path;
CREATE MACRO corrected(clock, ahead) AS clock - CASE WHEN abs(ahead) > 2 THEN ahead ELSE 0 END;
