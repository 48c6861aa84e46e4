-- Every row of the logs by a number, so that texts can be looked up.
ALTER TABLE seen RENAME TO seen_rows;

CREATE VIEW seen AS SELECT rowid AS row, * FROM seen_rows;
