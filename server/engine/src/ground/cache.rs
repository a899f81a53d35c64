use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// Keeps what was read from the database for as long as its revision there is the same. Whoever asks says which revision holds now, so
/// that nothing old is ever given.
///
/// It forgets what has not been asked for longest, in two generations, so that neither reading nor forgetting costs more than a look.
pub(crate) struct Cache<K, R, V> {
    kept: Mutex<Generations<K, (R, Arc<V>)>>,
    most: usize,
}

struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, R: PartialEq, V> Cache<K, R, V> {
    /// A cache of at most twice `most` values.
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Mutex::new(Generations { young: HashMap::new(), old: HashMap::new() }), most }
    }

    /// What is kept under this key in this very revision.
    pub(crate) fn get(&self, key: &K, revision: &R) -> Option<Arc<V>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, value)) = kept.young.get(key) {
            return (of == revision).then(|| Arc::clone(value));
        }
        let (key, (of, value)) = kept.old.remove_entry(key)?;
        let found = (of == *revision).then(|| Arc::clone(&value));
        if found.is_some() {
            self.insert(&mut kept, key, (of, value));
        }
        found
    }

    /// Keeps a value, in place of what was kept under its key.
    pub(crate) fn put(&self, key: K, revision: R, value: Arc<V>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.insert(&mut kept, key, (revision, value));
    }

    fn insert(&self, kept: &mut Generations<K, (R, Arc<V>)>, key: K, entry: (R, Arc<V>)) {
        if kept.young.len() >= self.most && !kept.young.contains_key(&key) {
            kept.old = std::mem::take(&mut kept.young);
        }
        kept.young.insert(key, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_revision_that_was_asked_for_is_given() {
        let cache = Cache::new(2);
        cache.put("amy", 1, Arc::new("before"));
        assert_eq!(cache.get(&"amy", &1).as_deref(), Some(&"before"));
        assert_eq!(cache.get(&"amy", &2), None);
        cache.put("amy", 2, Arc::new("after"));
        assert_eq!(cache.get(&"amy", &2).as_deref(), Some(&"after"));
    }

    #[test]
    fn what_was_asked_for_last_stays() {
        let cache = Cache::new(2);
        for number in 0..100 {
            cache.put("asked", 1, Arc::new(0));
            cache.put("one of many", number, Arc::new(number));
            cache.put("another", number, Arc::new(number));
            assert!(cache.get(&"asked", &1).is_some());
        }
        let kept = cache.kept.lock().unwrap();
        assert!(kept.young.len() + kept.old.len() <= 4);
    }
}
