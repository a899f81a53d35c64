-- Whoever led it and signed them in, who could not type its code. Null: they typed it.
ALTER TABLE workshop_sign_in ADD COLUMN recorded_by TEXT;
