-- What one file tells again that another one of its kind tells already: rotations that overlap, a file given twice. Two files
-- overlap where most of what the smaller tells of the time that both are about stands in the other too. Then something that
-- they tell counts as often as the file says it that says it most often, so that what a log has twice stays twice.
CREATE TABLE reaches AS
SELECT file, kind, host, min(clock) AS first, max(clock) AS last, count(*) / (max(clock) - min(clock) + 1) AS density
FROM (SELECT file, files.kind, host, floor(clock) AS clock FROM seen JOIN files ON files.number = file WHERE clock IS NOT NULL)
GROUP BY file, kind, host;

-- Of much that they are about at the same time only a part is compared, the same of both.
CREATE TABLE meetings AS
SELECT one.file AS one, other.file AS other, one.host, greatest(one.first, other.first) AS since,
    least(one.last, other.last) AS until,
    (1 + (until - since + 1) * least(one.density, other.density) / $compared)::UBIGINT AS thin
FROM reaches AS one JOIN reaches AS other ON one.kind = other.kind AND one.host = other.host AND one.file < other.file
WHERE one.first <= other.last AND other.first <= one.last;

CREATE TABLE prints AS
WITH printed AS (
    SELECT file, host, floor(clock) AS clock, print_of(seen) AS print FROM seen
    WHERE file IN (SELECT one FROM meetings UNION SELECT other FROM meetings)
      AND clock BETWEEN (SELECT min(since) FROM meetings) AND (SELECT max(until) + 1 FROM meetings)
)
SELECT one, other, file = one AS is_one, clock, print, count(*) AS times FROM printed JOIN meetings USING (host)
WHERE file IN (one, other) AND clock BETWEEN since AND until AND print % thin = 0 GROUP BY ALL;

CREATE TABLE overlapping AS
SELECT one, other FROM (
    SELECT one, other, clock, print, sum(times) FILTER (is_one) AS of_one, sum(times) FILTER (NOT is_one) AS of_other
    FROM prints GROUP BY ALL
) GROUP BY one, other HAVING sum(least(of_one, of_other)) FILTER (of_one > 0 AND of_other > 0)
    >= $overlap * least(sum(of_one), sum(of_other));

-- Of rows that are equal but for the fraction of a second, the later ones go.
CREATE TABLE told_again AS
WITH counted AS (
    SELECT row, file, floor(clock) AS clock, print_of(seen) AS print,
        row_number() OVER (PARTITION BY file, floor(clock), print_of(seen) ORDER BY clock, row) AS nth
    FROM seen WHERE file IN (SELECT one FROM overlapping UNION SELECT other FROM overlapping)
), first AS (
    SELECT *, min(file) OVER (PARTITION BY clock, print, nth) AS teller FROM counted
)
SELECT row, file FROM first WHERE file <> teller;

DROP TABLE prints;
