-- The same of lines that are cut one by one: some have more parts than the engine is told of.
SELECT line, substr(line, 1, tag) AS head, split_part(text, ': ', 1) AS queue_id, substr(text, length(queue_id) + 3) AS said
FROM (
    SELECT line, strpos(line, ']: ') AS tag, substr(line, tag + 3) AS text FROM lines($path, $packing) WHERE is_telling(line)
)
