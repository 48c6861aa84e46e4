-- A journal as a table with a header line: columns by their names.
INSERT INTO journal_lines
WITH rows AS ({rows})
SELECT $file, id, stamp, path, message_id, recipients, outcome, reply,
    CASE WHEN fields_missing(path, recipients, stamp) THEN concat_ws(',', id, stamp, path, recipients) END
FROM rows;
