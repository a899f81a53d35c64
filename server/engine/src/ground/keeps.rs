use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What rooms keep in memory for as long as an engine lives, one value of each type: the engine knows nothing of the rooms after it.
#[derive(Default)]
pub(crate) struct Keeps(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Keeps {
    /// The value of a type, made when it is first asked for.
    pub(crate) fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(value).downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[test]
    fn each_type_has_one_value() {
        let keeps = Keeps::default();
        keeps.of::<AtomicU8>().store(7, Ordering::Relaxed);
        assert_eq!(keeps.of::<AtomicU8>().load(Ordering::Relaxed), 7);
        assert!(keeps.of::<Mutex<String>>().lock().unwrap().is_empty());
    }
}
