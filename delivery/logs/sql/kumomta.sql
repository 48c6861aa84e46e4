-- Records of KumoMTA, one JSON object a line. `careful` is for files in which not every line is one.
INSERT INTO seen
WITH read AS (
    SELECT line, CASE WHEN NOT $careful OR json_valid(line) THEN json_extract_string(line, [
        '$.type', '$.id', '$.recipient', '$.event_time', '$.timestamp', '$.nodeid', '$.queue', '$.headers', '$.meta',
        '$.sender', '$.headers."Message-Id"', '$.headers."Message-ID"', '$.meta.message_id']) END AS fields
    FROM lines($path, $packing)
), named AS (
    SELECT line, fields[1] AS type, fields[2] AS id, fields[3] AS recipient,
        coalesce(epoch(try_cast(fields[4] AS TIMESTAMPTZ)), try_cast(fields[5] AS DOUBLE)) AS clock,
        coalesce(fields[6], '') AS node, fields[7] AS queue, fields[8] AS headers, fields[9] AS meta,
        fields[10] AS sender, coalesce(fields[11], fields[12], fields[13]) AS message_id
    FROM read
), sorted AS (
    SELECT *, CASE
        WHEN type = 'Reception' AND (queue = 'null' OR starts_with(queue, 'null!')) THEN 'discarded'
        WHEN type IN ('Reception', 'XferIn') THEN 'accepted'
        WHEN type = 'Delivery' THEN 'delivered'
        WHEN type = 'Bounce' THEN 'bounced'
        WHEN type = 'Expiration' THEN 'expired'
        WHEN type = 'AdminBounce' THEN 'removed'
        WHEN type IN ('TransientFailure', 'Delayed') THEN 'deferred'
        WHEN type IN ('OOB', 'Feedback', 'Rejection', 'AdminRebind', 'DeferredInjectionRebind', 'XferOut') THEN 'line'
        ELSE 'strange' END AS kind
    FROM named
)
SELECT $file, node, hash('', id), clock, kind,
    CASE WHEN kind = 'strange' THEN line ELSE substr(coalesce(
        message_id, header_named(headers, 'message-id'), header_named(meta, 'message_id')), 1, 1200) END,
    recipient, NULL, CASE WHEN sender = '' THEN '<>' END,
    CASE WHEN contains(headers, 'atepost') THEN header_named(headers, 'x-gatepost-id')
        WHEN contains(meta, 'atepost') THEN coalesce(header_named(meta, 'x_gatepost_id'), header_named(meta, 'x-gatepost-id')) END,
    CASE WHEN kind IN ('delivered', 'bounced', 'expired', 'deferred') THEN stream_of(sender) END
FROM sorted;

-- A batch names several recipients in one record.
INSERT INTO seen
SELECT * REPLACE (unnest(json_extract_string(recipient, '$[*]')) AS recipient) FROM seen
WHERE file = $file AND starts_with(recipient, '[') AND json_valid(recipient);

DELETE FROM seen WHERE file = $file AND starts_with(recipient, '[');
