-- The journal as the proxy writes it, described in docs/proxy-journal.md. An outcome may stand in another file than its intent.
INSERT INTO journal_records
WITH read AS (
    SELECT string_split(line, E'\t') AS fields, line FROM lines($path, $packing)
    WHERE line[11] <> E'\t' OR line[10] NOT IN ('P', 'S', 'T', 'E', 'D', 'H', 'U', 'W')
), sorted AS (
    SELECT *, len(fields) AS width, CASE
        WHEN length(fields[1]) <> 8 THEN 'strange'
        WHEN fields[2] = 'I' AND width = 15 OR fields[2] = 'N' AND width = 17 OR fields[2] = 'O' AND width = 9
            THEN fields[2]
        ELSE 'strange' END AS kind
    FROM read
)
SELECT $file, kind, fields[4], fields[5],
    CASE WHEN kind <> 'O' THEN fields[6] END, CASE WHEN kind <> 'O' THEN fields[13] END,
    CASE WHEN kind <> 'O' THEN fields[12] END, CASE WHEN kind <> 'O' THEN fields[11] END,
    CASE kind WHEN 'O' THEN fields[6] WHEN 'N' THEN fields[16] END,
    CASE kind WHEN 'O' THEN fields[7] WHEN 'N' THEN fields[17] WHEN 'strange' THEN line END
FROM sorted;
