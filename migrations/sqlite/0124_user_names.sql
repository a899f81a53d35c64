-- What a directory calls somebody whose name there is not the e-mail address that they sign in with. It changes as it does there, and goes with
-- their own name.
CREATE TABLE user_name (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person_detail (person_id) ON DELETE CASCADE,
    user_name TEXT NOT NULL,
    -- As it is looked for: in small letters.
    user_name_key TEXT NOT NULL UNIQUE
);
