-- Acceptances without a trace that two files of the journal tell alike are the same: a rotation that overlaps, a file given twice.
-- What one file tells twice stays twice.
CREATE TEMP TABLE copied AS
WITH counted AS (
    SELECT rowid AS row, file, hash(clock, path, message_id, recipient, outcome) AS print,
        row_number() OVER (PARTITION BY file, hash(clock, path, message_id, recipient, outcome) ORDER BY reply, rowid) AS nth
    FROM journal WHERE trace IS NULL AND clock IS NOT NULL
), first AS (
    SELECT *, min(file) OVER (PARTITION BY print, nth) AS teller FROM counted
)
SELECT row FROM first WHERE file <> teller;

DELETE FROM journal WHERE rowid IN (SELECT row FROM copied);

DROP TABLE copied;
