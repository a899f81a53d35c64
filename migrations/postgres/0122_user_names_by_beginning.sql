-- What a directory calls people is found by its beginning, in the order of its bytes, as names are. SQLite finds it so already.
ALTER TABLE user_name ALTER COLUMN user_name_key TYPE TEXT COLLATE "C";
