-- Recipients of the logs as the journal puts them down.
CREATE TABLE hashes AS
SELECT address, hashed(address) AS hash FROM (
    SELECT recipient AS address FROM seen WHERE recipient IS NOT NULL
    UNION
    SELECT original FROM seen WHERE original IS NOT NULL
);

UPDATE seen SET recipient = hash FROM hashes WHERE recipient = address;

UPDATE seen SET original = hash FROM hashes WHERE original = address;
