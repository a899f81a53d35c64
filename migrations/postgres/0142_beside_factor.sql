-- That a password is too short to let anybody in alone: it was chosen by who has a second factor, and goes with it.
ALTER TABLE password ADD COLUMN beside_factor BOOLEAN NOT NULL DEFAULT FALSE;
