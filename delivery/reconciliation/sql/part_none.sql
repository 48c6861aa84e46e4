-- The columns of a table, for a part that gets no rows.
COPY (SELECT * FROM ({rows}) LIMIT 0) TO '{place}' (FORMAT parquet)
