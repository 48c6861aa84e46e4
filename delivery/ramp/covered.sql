-- First and last moment that the logs of each side cover. A side that was handed nothing since its logs end, and has nothing
-- in its queue, has nothing more to say: after a rollback, or at 100 %, it is covered as far as the journal reaches.
SELECT windows.side, windows.first,
    CASE WHEN handed.last > windows.last OR windows.side IN (SELECT path FROM cases WHERE state = 'in flight')
        THEN windows.last ELSE greatest(windows.last, spans.last) END
FROM windows CROSS JOIN spans LEFT JOIN (
    SELECT path, max(clock) AS last FROM journal WHERE outcome IN ('accepted', 'unknown') GROUP BY path
) AS handed ON handed.path = windows.side
