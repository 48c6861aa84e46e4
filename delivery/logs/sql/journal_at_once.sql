-- The fields of the proxy's journal, all at once.
SELECT *, '' AS line, CASE WHEN c17 IS NOT NULL THEN 17 WHEN c15 IS NOT NULL AND c16 IS NULL THEN 15
    WHEN c9 IS NOT NULL AND c10 IS NULL THEN 9 ELSE 0 END AS width
FROM read_csv($path, columns = {columns}, header = false, auto_detect = false, delim = E'\t', quote = '', escape = '',
    compression = $packing, null_padding = true, nullstr = E'\x02', max_line_size = 262144, strict_mode = true)
