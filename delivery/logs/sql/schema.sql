-- What every reader fills. `seen` has a row for each thing a log says of a message or of one of its recipients.
CREATE TYPE happening AS ENUM (
    'identified', 'accepted', 'deferred', 'delivered', 'bounced', 'expired', 'removed', 'discarded',
    'null sender', 'traced', 'strange', 'line'
);
-- What says more stands first.
CREATE TYPE said_of_it AS ENUM ('accepted', 'refused', 'repeated', 'unknown');

CREATE TABLE journal (
    file USMALLINT, trace VARCHAR, clock DOUBLE, path VARCHAR, message_id VARCHAR, recipient VARCHAR, outcome said_of_it,
    reply VARCHAR
);
-- `unit` stands for the queue id with its host, or the spool id; `next` is the queue id that took it over, after a `|` where it
-- stayed on this host, or `<>` where the sender is known to be empty. `stream` is the domain of the sender, "" where there is none.
CREATE TABLE seen (
    file USMALLINT, host VARCHAR, unit UBIGINT, clock DOUBLE, kind happening, message_id VARCHAR, recipient VARCHAR,
    original VARCHAR, next VARCHAR, trace VARCHAR, stream VARCHAR
);

CREATE MACRO lines(path, packing) AS TABLE
    SELECT line FROM read_csv(
        path, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = E'\x01', quote = '', escape = '',
        max_line_size = 262144, compression = packing, strict_mode = true
    );

-- Seconds since 1970 of a stamp without a year: the year that puts it nearest to what everything else is about.
CREATE MACRO in_year(year, stamp) AS epoch(try_strptime(year || ' ' || stamp, '%Y %b %d %H:%M:%S'));
CREATE MACRO yearless(stamp) AS CASE
    WHEN in_year(getvariable('year'), stamp) - getvariable('reference') > 15897600
        THEN in_year(getvariable('year_before'), stamp)
    WHEN in_year(getvariable('year'), stamp) - getvariable('reference') < -15897600
        THEN in_year(getvariable('year_after'), stamp)
    ELSE in_year(getvariable('year'), stamp) END;
CREATE MACRO moment(stamp) AS CASE
    WHEN substr(stamp, 4, 1) = ' ' THEN yearless(stamp)
    ELSE epoch(try_cast(replace(stamp, ',', '.') AS TIMESTAMPTZ)) END;
-- Seconds, thousandths or millionths of seconds since 1970, or a date written out.
CREATE MACRO counted(number) AS CASE
    WHEN number > 1e14 THEN number / 1e6
    WHEN number > 1e11 THEN number / 1e3
    ELSE number END;
CREATE MACRO any_moment(text) AS CASE
    WHEN contains(text, '-') THEN epoch(try_cast(text AS TIMESTAMPTZ))
    ELSE counted(try_cast(text AS DOUBLE)) END;
-- A member of a JSON object, however its name is spelled.
CREATE MACRO header_named(object, name) AS CASE WHEN strlen(object) > 2 AND contains(lower(object), name)
    THEN json_extract_string(object, '$."' || list_filter(json_keys(object), lambda key: lower(key) = name)[1] || '"')
    END;
-- A journal before its words are read; `strange` is the line where something is missing.
CREATE TABLE journal_lines (
    file USMALLINT, trace VARCHAR, stamp VARCHAR, path VARCHAR, message_id VARCHAR, recipients VARCHAR,
    outcome VARCHAR, reply VARCHAR, strange VARCHAR
);
CREATE MACRO fields_missing(path, recipients, stamp) AS
    path IS NULL OR coalesce(recipients, '') IN ('', '[]') OR (stamp <> '' AND any_moment(stamp) IS NULL);
-- The domain of a sender's address, as the logs of Postfix are read for it.
CREATE MACRO stream_of(sender) AS lower(split_part(sender, '@', -1));
-- What the proxy itself writes, intents and outcomes; `id` is the hash of the trace.
CREATE TABLE entries (
    file USMALLINT, is_outcome BOOLEAN, id UBIGINT, trace VARCHAR, clock DOUBLE, path VARCHAR, message_id VARCHAR,
    recipients VARCHAR, outcome said_of_it, reply VARCHAR, strange VARCHAR
);
CREATE MACRO said(outcome) AS CASE WHEN outcome IN ('accepted', 'refused', 'repeated') THEN outcome ELSE 'unknown' END::said_of_it;
CREATE MACRO is_several(recipients) AS starts_with(recipients, '[')
    OR (NOT starts_with(recipients, '"') AND (contains(recipients, ' ') OR contains(recipients, ';') OR contains(recipients, ',')));
CREATE MACRO unescaped(text) AS CASE WHEN contains(text, '%') THEN url_decode(text) ELSE text END;
CREATE MACRO side_of(path) AS CASE
    WHEN path = 'old' OR path = 'new' THEN path
    WHEN regexp_matches(lower(path), 'old|postfix|legacy') THEN 'old'
    WHEN regexp_matches(lower(path), 'new|powermta|pmta|kumo') THEN 'new'
    ELSE lower(path) END;
-- Whether a line of Postfix may say something of a message, or is none that its usual shape can be told of.
CREATE MACRO is_telling(line) AS contains(line, 'message-id=') OR contains(line, 'status=') OR contains(line, 'from=<>')
    OR contains(line, '/postsuper[') OR contains(line, 'atepost-') OR NOT contains(line, ']: ')
    OR (substr(line, 4, 1) <> ' ' AND substr(line, 5, 1) <> '-');
-- Whether an attempt went to this host itself.
CREATE MACRO is_inner(said) AS contains(said, ', relay=127.') OR contains(said, ', relay=localhost') OR contains(said, '[::1]:');
-- The queue id that a reply names.
CREATE MACRO next_of(said, status) AS CASE
    WHEN contains(status, 'queued as ') OR contains(status, 'forwarded as ') THEN
        CASE WHEN is_inner(said) THEN '|' ELSE '' END || rtrim(split_part(substr(status, greatest(
            strpos(status, 'queued as ') + 10, strpos(status, 'forwarded as ') + 13)), ' ', 1), ')')
    WHEN contains(status, '(delivered via ') OR is_inner(said) THEN '|' END;
CREATE TABLE strange (file USMALLINT, line VARCHAR);
