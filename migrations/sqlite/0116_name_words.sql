-- What people are found by, word by word: those of their names, as lists are put in order by them, and the e-mail address. The triggers keep it;
-- without it whoever looks for a name reads everybody's.
CREATE TABLE name_word (
    word TEXT NOT NULL,
    person_id BLOB NOT NULL,
    -- What they are put in order by.
    name_key TEXT NOT NULL,
    PRIMARY KEY (word, person_id)
) WITHOUT ROWID;
CREATE INDEX name_word_by_person ON name_word (person_id);

INSERT INTO name_word (word, person_id, name_key)
SELECT j.value, d.person_id, d.name_key FROM person_detail d, json_each('[' || replace(json_quote(d.name_key), ' ', '","') || ']') j WHERE j.value <> ''
UNION SELECT d.email, d.person_id, d.name_key FROM person_detail d WHERE d.email IS NOT NULL;

CREATE TRIGGER person_detail_has_words_on_insert AFTER INSERT ON person_detail
BEGIN INSERT INTO name_word (word, person_id, name_key)
    SELECT j.value, NEW.person_id, NEW.name_key FROM json_each('[' || replace(json_quote(NEW.name_key), ' ', '","') || ']') j WHERE j.value <> ''
    UNION SELECT NEW.email, NEW.person_id, NEW.name_key WHERE NEW.email IS NOT NULL;
END;

CREATE TRIGGER person_detail_has_words_on_update AFTER UPDATE OF name_key, email ON person_detail
BEGIN DELETE FROM name_word WHERE person_id = OLD.person_id;
    INSERT INTO name_word (word, person_id, name_key)
    SELECT j.value, NEW.person_id, NEW.name_key FROM json_each('[' || replace(json_quote(NEW.name_key), ' ', '","') || ']') j WHERE j.value <> ''
    UNION SELECT NEW.email, NEW.person_id, NEW.name_key WHERE NEW.email IS NOT NULL;
END;

CREATE TRIGGER person_detail_has_words_on_delete AFTER DELETE ON person_detail
BEGIN DELETE FROM name_word WHERE person_id = OLD.person_id; END;
