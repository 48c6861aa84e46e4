-- The journal as `gatepost journal DIR --json` prints it: an object a transaction. `careful` is for files in which not
-- every line is one.
INSERT INTO journal_lines
WITH read AS (
    SELECT line, CASE WHEN NOT $careful OR json_valid(line) THEN json_extract_string(line, [
        '$.id', '$.time', '$.timestamp', '$.backend', '$.path', '$.message_id', '$."Message-ID"', '$.recipients',
        '$.recipient', '$.sender', '$.outcome', '$.reply', '$.at', '$.intent_time', '$.trace', '$.rcpt', '$.side',
        '$.to', '$.mid'
    ]) END AS fields FROM lines($path, $packing)
), named AS (
    SELECT line, fields[1] AS id, coalesce(fields[2], fields[3], fields[13], fields[14]) AS stamp,
        coalesce(fields[4], fields[5], fields[17]) AS path,
        coalesce(fields[6], fields[7], fields[19]) AS message_id,
        coalesce(fields[8], fields[9], fields[16], fields[18]) AS recipients,
        fields[10] AS sender, fields[11] AS outcome, fields[12] AS reply, fields[15] AS trace
    FROM read
)
SELECT coalesce(trace, id), stamp, path, message_id, recipients, sender, outcome, reply,
    CASE WHEN fields_missing(path, recipients, stamp) THEN line END
FROM named;
