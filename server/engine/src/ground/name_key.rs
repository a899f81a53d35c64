use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// What names are put in order by, the same on every database: without accents, in small letters, so that "Éva" stands beside "Eva" and
/// "de Souza" beside "Desai".
pub(crate) fn name_key(name: &str) -> String {
    name.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_accents_nor_capitals_count() {
        for (name, key) in
            [("Éva Ångström", "eva angstrom"), ("DE SOUZA", "de souza"), ("نور الهاشمي", "نور الهاشمي"), ("", "")]
        {
            assert_eq!(name_key(name), key);
        }
    }
}
