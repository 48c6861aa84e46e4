-- A table that stands in parts.
CREATE OR REPLACE VIEW {table} AS
SELECT * {typed} FROM read_parquet('{place}', hive_partitioning = false) AS stored {but}
