-- The same transaction once, whatever copies of the journal were given; where it went is where it was accepted last.
CREATE TEMP TABLE repeated AS
SELECT trace, message_id, recipient, min(file) AS file, min(clock) AS clock,
    arg_min(path, struct_pack(said := outcome, later := -coalesce(clock, 0), path := path)) AS path,
    min(outcome) AS outcome, any_value(reply) AS reply
FROM journal WHERE trace IS NOT NULL GROUP BY trace, message_id, recipient HAVING count(*) > 1;

DELETE FROM journal USING repeated
WHERE journal.trace = repeated.trace AND journal.message_id = repeated.message_id
  AND journal.recipient = repeated.recipient;

INSERT INTO journal BY NAME FROM repeated;

DROP TABLE repeated;
