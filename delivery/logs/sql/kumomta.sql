-- Records of KumoMTA, one JSON object a line; a batch names several recipients in one record.
INSERT INTO seen
WITH read AS (
    SELECT line, CASE WHEN json_valid(line) THEN json_extract_string(line, [
        '$.type', '$.id', '$.recipient', '$.event_time', '$.timestamp', '$.nodeid', '$.queue', '$.headers', '$.meta',
        '$.sender']) END AS fields
    FROM lines($path, $packing)
), named AS (
    SELECT line, fields[1] AS type, fields[2] AS id, fields[3] AS recipients,
        coalesce(any_moment(fields[4]), any_moment(fields[5])) AS clock, coalesce(fields[6], '') AS node,
        fields[7] AS queue, fields[8] AS headers, fields[9] AS meta, fields[10] AS sender
    FROM read
), sorted AS (
    SELECT *, CASE
        WHEN type = 'Reception' AND split_part(queue, '!', 1) = 'null' THEN 'discarded'
        WHEN type IN ('Reception', 'XferIn') THEN 'accepted'
        WHEN type = 'Delivery' THEN 'delivered'
        WHEN type = 'Bounce' THEN 'bounced'
        WHEN type = 'Expiration' THEN 'expired'
        WHEN type = 'AdminBounce' THEN 'removed'
        WHEN type IN ('TransientFailure', 'Delayed') THEN 'deferred'
        WHEN type IN ('OOB', 'Feedback', 'Rejection', 'AdminRebind', 'DeferredInjectionRebind', 'XferOut') THEN 'line'
        ELSE 'strange' END AS kind
    FROM named
), spread AS (
    SELECT *, unnest(CASE WHEN left(recipients, 1) = '[' AND json_valid(recipients)
        THEN json_extract_string(recipients, '$[*]') ELSE [recipients] END) AS recipient
    FROM sorted
)
SELECT $file, node, hash('', id), clock, kind,
    CASE WHEN kind = 'strange' THEN line ELSE left(coalesce(
        json_extract_string(headers, '$.Message-Id'), json_extract_string(headers, '$.Message-ID'),
        json_extract_string(meta, '$.message_id'), header_named(headers, 'message-id'),
        header_named(meta, 'message_id')), 1200) END,
    recipient, NULL, NULL,
    header_named(headers, 'x-gatepost-id')
FROM spread
UNION ALL
SELECT $file, node, hash('', id), clock, 'null sender', NULL, NULL, NULL, NULL, NULL FROM sorted
WHERE sender = '' AND kind = 'accepted';
