-- The same line by line, with the text of each.
SELECT {fields}, line, len(fields) AS width FROM (SELECT line, string_split(line, E'\t') AS fields FROM lines($path, $packing))
