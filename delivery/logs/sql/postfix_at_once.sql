-- Lines cut at ': ' by the engine itself. What is no line about a message, and is sure not to be one, goes at once.
SELECT NULL::VARCHAR AS line, c1 AS head, c2 AS queue_id, CASE WHEN c4 IS NULL THEN c3 ELSE concat_ws(': ', {said}) END AS said
FROM read_csv($path, columns = {columns}, header = false, auto_detect = false, delim = ': ', quote = '', escape = '',
    compression = $packing, null_padding = true, nullstr = E'\x02', max_line_size = 262144, strict_mode = true)
WHERE CASE
    WHEN starts_with(c3, 'to=<') OR starts_with(c3, 'message-id=') THEN true
    WHEN NOT ends_with(c1, ']') OR substr(c1, 4, 1) <> ' ' AND substr(c1, 5, 1) <> '-' THEN true
    WHEN starts_with(c3, 'client=') AND c4 IS NULL THEN false
    WHEN c3 = 'removed' THEN contains(c1, '/postsuper[')
    WHEN starts_with(c3, 'from=<') AND NOT starts_with(c3, 'from=<>') AND c4 IS NULL THEN contains(c3, 'status=')
    WHEN c3 IS NULL AND (starts_with(c2, 'connect from ') OR starts_with(c2, 'disconnect from ')) THEN false
    ELSE is_telling(concat_ws(': ', c1, c2, {said})) END
