-- What an attempt asks as a refresher: since which version, which pages have changed, which questions. Null: the whole quiz.
ALTER TABLE attempt ADD COLUMN refresher JSONB;
-- Of a refresher, the number of the version that had been passed before. Null: it was none.
ALTER TABLE completion ADD COLUMN refreshes BIGINT;

-- A refresher may become an attempt at the whole quiz, and nothing else.
CREATE TRIGGER attempt_asks_the_same BEFORE UPDATE OF refresher ON attempt
FOR EACH ROW
WHEN (NEW.refresher IS NOT NULL) EXECUTE FUNCTION refuse('what an attempt was begun on never changes');
CREATE TRIGGER completion_refreshes_by_attempt BEFORE INSERT ON completion
FOR EACH ROW
WHEN (NEW.refreshes IS NOT NULL AND NEW.attempt_id IS NULL) EXECUTE FUNCTION refuse('a refresher is an attempt');
