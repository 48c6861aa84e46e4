-- Rows to the parts that a hash gives them. `writer` keeps apart what several write.
COPY (SELECT *, {by} % {count} AS part FROM ({rows})) TO '{place}'
    (FORMAT parquet, PARTITION_BY (part), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '{writer}-{{i}}')
