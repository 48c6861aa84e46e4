-- Intents with their outcomes. Escapes in recipients are read when these stand alone.
INSERT INTO journal_lines
WITH ends AS (
    SELECT id, any_value(outcome) AS outcome, any_value(reply) AS reply FROM journal_records WHERE kind = 'O' GROUP BY id
)
SELECT begun.file, begun.id, begun.stamp, begun.path, unescaped(begun.message_id),
    begun.recipients, unescaped(nullif(begun.sender, '<>')),
    coalesce(begun.outcome, ends.outcome, 'unknown'), unescaped(coalesce(begun.reply, ends.reply)), NULL
FROM journal_records AS begun LEFT JOIN ends ON begun.id = ends.id WHERE begun.kind IN ('I', 'N');

-- Outcomes in objects of their own.
UPDATE journal_lines SET outcome = ends.outcome, reply = coalesce(ends.reply, journal_lines.reply)
FROM (
    SELECT trace, any_value(outcome) AS outcome, any_value(reply) AS reply FROM journal_lines
    WHERE recipients IS NULL AND trace IS NOT NULL GROUP BY trace
) AS ends
WHERE journal_lines.trace = ends.trace AND journal_lines.recipients IS NOT NULL;

DELETE FROM journal_lines WHERE recipients IS NULL;
