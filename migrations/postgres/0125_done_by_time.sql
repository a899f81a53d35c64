-- What was done to several people at once is listed from the latest on, whoever did it.
CREATE INDEX done_together_by_time ON done_together (recorded_at, id);
