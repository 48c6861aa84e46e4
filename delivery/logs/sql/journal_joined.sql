-- Intents with their outcomes, a row for each recipient: those of the proxy's own files first, then those in objects of their own.
CREATE TEMP VIEW whole_entries AS
SELECT intent.file, trace, clock, path, message_id, recipients, coalesce(intent.outcome, ending.outcome, 'unknown') AS outcome,
    coalesce(intent.reply, ending.reply) AS reply
FROM (FROM entries WHERE NOT is_outcome) AS intent
LEFT JOIN (SELECT id, outcome, reply FROM entries WHERE is_outcome) AS ending USING (id);

INSERT INTO journal BY NAME
SELECT * RENAME (recipients AS recipient) FROM whole_entries WHERE NOT contains(recipients, ' ') AND NOT contains(recipients, '%');

INSERT INTO journal BY NAME
SELECT * EXCLUDE (recipients), unescaped(unnest(string_split(recipients, ' '))) AS recipient
FROM whole_entries WHERE contains(recipients, ' ') OR contains(recipients, '%');

DROP VIEW whole_entries;

DROP TABLE entries;

UPDATE journal_lines SET outcome = ends.outcome, reply = coalesce(ends.reply, journal_lines.reply)
FROM (
    SELECT trace, any_value(outcome) AS outcome, any_value(reply) AS reply FROM journal_lines
    WHERE recipients IS NULL AND trace IS NOT NULL GROUP BY trace
) AS ends
WHERE journal_lines.trace = ends.trace AND journal_lines.recipients IS NOT NULL;

DELETE FROM journal_lines WHERE recipients IS NULL;
