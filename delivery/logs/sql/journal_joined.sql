-- Intents with their outcomes, a row for each recipient: those of the proxy's own files first, then those in objects of their own.
INSERT INTO journal
SELECT intents.file, trace, clock, path, message_id, recipients, CASE sender WHEN '<>' THEN '' ELSE sender END,
    said(coalesce(intents.outcome, outcomes.outcome)), coalesce(intents.reply, unescaped(outcomes.reply))
FROM intents LEFT JOIN outcomes ON outcomes.id = hash(intents.trace)
WHERE NOT contains(recipients, ' ') AND NOT contains(recipients, '%');

INSERT INTO journal
SELECT intents.file, trace, clock, path, message_id, unescaped(unnest(string_split(recipients, ' '))),
    CASE sender WHEN '<>' THEN '' ELSE sender END,
    said(coalesce(intents.outcome, outcomes.outcome)), coalesce(intents.reply, unescaped(outcomes.reply))
FROM intents LEFT JOIN outcomes ON outcomes.id = hash(intents.trace)
WHERE contains(recipients, ' ') OR contains(recipients, '%');

DROP TABLE intents;

DROP TABLE outcomes;

UPDATE journal_lines SET outcome = ends.outcome, reply = coalesce(ends.reply, journal_lines.reply)
FROM (
    SELECT trace, any_value(outcome) AS outcome, any_value(reply) AS reply FROM journal_lines
    WHERE recipients IS NULL AND trace IS NOT NULL GROUP BY trace
) AS ends
WHERE journal_lines.trace = ends.trace AND journal_lines.recipients IS NOT NULL;

DELETE FROM journal_lines WHERE recipients IS NULL;
