-- First and last moment that the logs of each side cover. A side that was handed nothing since its logs end, and has nothing
-- in its queue, has nothing more to say: after a rollback, or at 100 %, it is covered as far as the journal reaches.
-- Likewise one that was handed nothing before its logs begin: before the first share the new route had nothing to log.
SELECT windows.side,
    CASE WHEN windows.side IN (SELECT path FROM cases WHERE state = 'out of window')
        THEN windows.first ELSE least(windows.first, spans.first) END,
    CASE WHEN handed.last > windows.last OR windows.side IN (SELECT path FROM cases WHERE state = 'in flight')
        THEN windows.last ELSE greatest(windows.last, spans.last) END
FROM windows CROSS JOIN spans LEFT JOIN (
    SELECT path, max(clock) AS last FROM journal WHERE outcome IN ('accepted', 'unknown') GROUP BY path
) AS handed ON handed.path = windows.side
