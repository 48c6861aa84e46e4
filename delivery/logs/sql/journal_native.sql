-- The journal as the proxy writes it, described in docs/proxy-journal.md. An outcome may stand in another file than its intent.
-- `rows` takes the fields apart: c1 is the checksum, c2 the kind of the line, `width` how many fields it has.
INSERT INTO entries
WITH rows AS ({rows}), known AS (
    SELECT *, strlen(c1) = 8 AND (
        kind = 'I' AND width = 15 OR kind = 'N' AND width = 17 OR kind = 'O' AND width = 9) AS is_known
    FROM (SELECT *, coalesce(c2, '') AS kind FROM rows)
    WHERE strlen(c1) <> 8 OR kind NOT IN ('P', 'S', 'T', 'E', 'D', 'H', 'U', 'W')
)
SELECT $file, kind = 'O', hash(c4), CASE WHEN kind <> 'O' THEN c4 END, CASE WHEN kind <> 'O' THEN try_cast(c5 AS BIGINT) / 1e6 END,
    CASE WHEN kind <> 'O' THEN side_of(c6) END, unescaped(c13), c12,
    CASE kind WHEN 'O' THEN said(c6) WHEN 'N' THEN said(c16) END, CASE kind WHEN 'O' THEN unescaped(c7) WHEN 'N' THEN unescaped(c17) END,
    CASE WHEN NOT is_known THEN line END
FROM known;
