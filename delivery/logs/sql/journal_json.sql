-- The journal as `gatepost journal DIR --json` prints it: an object a transaction; or one for its intent and another for its
-- outcome, which then names no recipients. `careful` is for files in which not every line is an object.
INSERT INTO journal_lines
WITH read AS (
    SELECT line, CASE WHEN NOT $careful OR json_valid(line) THEN json_extract_string(line, {places}) END AS fields
    FROM lines($path, $packing)
), named AS (
    SELECT line, {fields} FROM read
)
SELECT $file, id, stamp, path, message_id, recipients, outcome, reply,
    CASE WHEN fields_missing(path, recipients, stamp) AND (id IS NULL OR outcome IS NULL OR recipients IS NOT NULL)
        THEN line END
FROM named;
