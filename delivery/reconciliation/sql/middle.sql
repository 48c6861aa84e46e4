-- The hour in which half of the rows have passed: exact, in whatever order they stand.
WITH hours AS (SELECT floor(clock / 3600) * 3600 AS hour, count(*) AS times FROM {rows} WHERE clock IS NOT NULL GROUP BY ALL)
SELECT min(hour) FROM (
    SELECT hour, sum(times) OVER (ORDER BY hour) AS upto, sum(times) OVER () AS every FROM hours
) WHERE 2 * upto >= every
