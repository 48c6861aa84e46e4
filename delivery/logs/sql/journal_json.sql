-- The journal as `gatepost journal DIR --json` prints it: an object a transaction.
INSERT INTO journal_lines
WITH read AS (
    SELECT line, CASE WHEN json_valid(line) THEN json_extract_string(line, [
        '$.id', '$.time', '$.timestamp', '$.backend', '$.path', '$.message_id', '$."Message-ID"', '$.recipients',
        '$.recipient', '$.sender', '$.outcome', '$.reply', '$.at', '$.intent_time', '$.trace', '$.rcpt', '$.side'
    ]) END AS fields FROM lines($path, $packing)
), named AS (
    SELECT line, fields[1] AS id, coalesce(fields[2], fields[3], fields[13], fields[14]) AS stamp,
        coalesce(fields[4], fields[5], fields[17]) AS path,
        coalesce(fields[6], fields[7]) AS message_id, coalesce(fields[8], fields[9], fields[16]) AS recipients,
        fields[10] AS sender, fields[11] AS outcome, fields[12] AS reply, fields[15] AS trace
    FROM read
)
SELECT coalesce(trace, id), stamp, path, message_id, unnest(CASE
        WHEN left(recipients, 1) = '[' AND json_valid(recipients) THEN json_extract_string(recipients, '$[*]')
        ELSE [recipients] END), sender, outcome, reply,
    CASE WHEN fields_missing(path, recipients, stamp) THEN line END
FROM named;
