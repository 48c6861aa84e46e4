-- The journal as the proxy writes it, described in docs/proxy-journal.md. An outcome may stand in another file than its intent.
INSERT INTO outcomes
SELECT $file, hash(fields[4]), fields[6], fields[7], CASE WHEN len(fields) <> 9 THEN line END
FROM (
    SELECT line, string_split(line, E'\t') AS fields FROM lines($path, $packing) WHERE substr(line, 9, 3) = E'\tO\t'
);

INSERT INTO intents
WITH read AS (
    SELECT line, string_split(line, E'\t') AS fields FROM lines($path, $packing)
    WHERE substr(line, 9, 3) NOT IN (
        E'\tO\t', E'\tP\t', E'\tS\t', E'\tT\t', E'\tE\t', E'\tD\t', E'\tH\t', E'\tU\t', E'\tW\t'
    )
)
SELECT $file, fields[4], try_cast(fields[5] AS BIGINT) / 1e6, side_of(fields[6]), unescaped(fields[13]), unescaped(fields[11]),
    fields[12], fields[16], unescaped(fields[17]), CASE
        WHEN substr(line, 9, 3) = E'\tI\t' AND len(fields) = 15 OR substr(line, 9, 3) = E'\tN\t' AND len(fields) = 17 THEN NULL
        ELSE line END
FROM read;

INSERT INTO strange SELECT file, strange FROM outcomes WHERE file = $file AND strange IS NOT NULL;

INSERT INTO strange SELECT file, strange FROM intents WHERE file = $file AND strange IS NOT NULL;

DELETE FROM outcomes WHERE file = $file AND strange IS NOT NULL;

DELETE FROM intents WHERE file = $file AND strange IS NOT NULL;
