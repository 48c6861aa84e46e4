-- Accounting records of PowerMTA. `rows` gives each column the name that the header line of its file gives it.
INSERT INTO seen
WITH rows AS ({rows}), sorted AS (
    SELECT *, CASE
        WHEN type = 'd' AND dlvtype = 'discard' THEN 'discarded'
        WHEN type = 'd' THEN 'delivered'
        WHEN type = 'b' AND (bouncecat = 'message-expired' OR regexp_matches(dsnstatus, '^[45]\.4\.7')) THEN 'expired'
        WHEN type = 'b' THEN 'bounced'
        WHEN type = 't' THEN 'deferred'
        WHEN type = 'r' THEN 'accepted'
        WHEN type IN ('tq', 'rb', 'rs', 'f', 'type') THEN 'line'
        ELSE 'strange' END AS kind
    FROM rows
)
SELECT $file, '', NULL, coalesce(any_moment(timelogged), epoch(try_strptime(timelogged, '%m/%d/%Y %H:%M:%S'))),
    CASE WHEN kind <> 'line' AND coalesce(rcpt, '') = '' THEN 'strange' ELSE kind END AS happened,
    CASE WHEN happened = 'strange' THEN concat_ws(',', type, timelogged, orig, rcpt) ELSE left("header_message-id", 1200) END,
    rcpt, nullif(regexp_replace(orcpt, '^rfc822;', ''), ''), CASE WHEN orig IN ('', '<>') THEN '<>' END,
    "header_x-gatepost-id",
    CASE WHEN kind IN ('delivered', 'bounced', 'expired', 'deferred') THEN stream_of(orig) END
FROM sorted WHERE kind <> 'line';
