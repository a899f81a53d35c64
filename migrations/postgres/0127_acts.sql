-- Who did what is listed from the newest entry on: what anybody did, what one did, and what was done of one kind.
DROP INDEX log_part_by;
CREATE INDEX log_part_by ON log_part (kind, part, number) WHERE kind = 'by';
CREATE INDEX log_part_by_number ON log_part (kind, number, part) WHERE kind = 'by';
CREATE INDEX log_row_by_kind ON log_row (kind, number);
-- A password that was set for somebody by whoever runs the server.
CREATE INDEX password_set_by_command ON password_set (recorded_by, id) WHERE recorded_by = 'command-line';
