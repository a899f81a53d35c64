-- What an attempt asks as a refresher: since which version, which pages have changed, which questions. Null: the whole quiz.
ALTER TABLE attempt ADD COLUMN refresher TEXT;
-- Of a refresher, the number of the version that had been passed before. Null: it was none.
ALTER TABLE completion ADD COLUMN refreshes BIGINT;

-- A refresher may become an attempt at the whole quiz, and nothing else.
CREATE TRIGGER attempt_asks_the_same BEFORE UPDATE OF refresher ON attempt
WHEN NEW.refresher IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what an attempt was begun on never changes'); END;
CREATE TRIGGER completion_refreshes_by_attempt BEFORE INSERT ON completion
WHEN NEW.refreshes IS NOT NULL AND NEW.attempt_id IS NULL
BEGIN SELECT RAISE(ABORT, 'a refresher is an attempt'); END;
