-- What the reader of this connection sees. A role without these settings sees nothing.
CREATE OR REPLACE FUNCTION gatepost_engagements() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('gatepost.engagements', true), '')::bigint[] $$;
CREATE OR REPLACE FUNCTION gatepost_organizations() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('gatepost.organizations', true), '')::bigint[] $$;
CREATE OR REPLACE FUNCTION gatepost_reader() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('gatepost.reader', true), '')::bigint $$;
