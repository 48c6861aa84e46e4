-- What every reader fills. `seen` has a row for each thing a log says of a message or of one of its recipients.
CREATE TYPE happening AS ENUM (
    'identified', 'accepted', 'deferred', 'delivered', 'bounced', 'expired', 'removed', 'discarded',
    'null sender', 'strange', 'line'
);
CREATE TYPE said_of_it AS ENUM ('accepted', 'unknown', 'refused', 'repeated');

CREATE TABLE journal (
    trace VARCHAR, clock DOUBLE, path VARCHAR, message_id VARCHAR, recipient VARCHAR, sender VARCHAR,
    outcome said_of_it, reply VARCHAR
);
-- `unit` stands for the queue id with its host, or the spool id; `next` for the queue id that took it over.
CREATE TABLE seen (
    file USMALLINT, host VARCHAR, unit UBIGINT, clock DOUBLE, kind happening, message_id VARCHAR, recipient VARCHAR,
    original VARCHAR, next VARCHAR, trace VARCHAR
);

CREATE MACRO lines(path, packing) AS TABLE
    SELECT line FROM read_csv(
        path, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = E'\x01', quote = '', escape = '',
        max_line_size = 262144, compression = packing, strict_mode = true
    );

-- Seconds since 1970 of a stamp without a year: the year that puts it nearest to the month everything else is about.
CREATE MACRO month_of(stamp) AS (strpos('JanFebMarAprMayJunJulAugSepOctNovDec', left(stamp, 3)) + 2) // 3;
CREATE MACRO yearless(stamp) AS epoch(try(make_timestamp(
    getvariable('year')::BIGINT + CASE
        WHEN month_of(stamp) - getvariable('month') > 6 THEN -1
        WHEN month_of(stamp) - getvariable('month') < -6 THEN 1
        ELSE 0 END,
    month_of(stamp), try_cast(trim(substr(stamp, 5, 2)) AS BIGINT), try_cast(substr(stamp, 8, 2) AS BIGINT),
    try_cast(substr(stamp, 11, 2) AS BIGINT), try_cast(substr(stamp, 14) AS DOUBLE))));
CREATE MACRO moment(stamp) AS CASE
    WHEN stamp[4] = ' ' THEN yearless(stamp)
    ELSE epoch(try_cast(replace(stamp, ',', '.') AS TIMESTAMPTZ)) END;
-- Seconds, thousandths or millionths of seconds since 1970, or a date written out.
CREATE MACRO counted(number) AS CASE
    WHEN number > 1e14 THEN number / 1e6
    WHEN number > 1e11 THEN number / 1e3
    ELSE number END;
CREATE MACRO any_moment(text) AS coalesce(
    counted(try_cast(text AS DOUBLE)), epoch(try_cast(text AS TIMESTAMPTZ)));
-- A member of a JSON object, however its name is spelled.
CREATE MACRO header_named(object, name) AS CASE WHEN length(object) > 2 AND contains(lower(object), name)
    THEN json_extract_string(object, '$."' || list_filter(json_keys(object), lambda key: lower(key) = name)[1] || '"')
    END;
-- A journal before its words are read; `strange` is the line where something is missing.
CREATE TABLE journal_lines (
    trace VARCHAR, stamp VARCHAR, path VARCHAR, message_id VARCHAR, recipient VARCHAR, sender VARCHAR,
    outcome VARCHAR, reply VARCHAR, strange VARCHAR
);
CREATE MACRO fields_missing(path, recipients, stamp) AS
    path IS NULL OR coalesce(recipients, '') IN ('', '[]') OR any_moment(stamp) IS NULL;
CREATE TABLE journal_records (
    kind VARCHAR, id VARCHAR, stamp VARCHAR, path VARCHAR, message_id VARCHAR, recipients VARCHAR, sender VARCHAR,
    outcome VARCHAR, reply VARCHAR
);
CREATE MACRO unescaped(text) AS CASE WHEN contains(text, '%') THEN url_decode(text) ELSE text END;
CREATE MACRO side_of(path) AS CASE
    WHEN lower(path) IN ('old', 'postfix') THEN 'old'
    WHEN lower(path) IN ('new', 'powermta', 'pmta', 'kumomta', 'kumo') THEN 'new'
    ELSE lower(path) END;
CREATE TABLE strange (file USMALLINT, line VARCHAR);
