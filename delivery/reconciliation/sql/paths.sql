-- The paths by numbers.
CREATE TABLE paths AS
SELECT path, (row_number() OVER (ORDER BY path))::BIGINT AS code FROM (SELECT DISTINCT path FROM journal) LIMIT 14;
