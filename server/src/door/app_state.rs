use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use engine::{Engine, PasskeySite};

use super::{counts::Counts, surroundings::KeptSurroundings};
use crate::{settings::Settings, sign_on::SignOn};

/// What every handler can reach. Cheap to clone, which each layer does with every request.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What an [`AppState`] shares.
pub struct Shared {
    /// Everything that Induct can be asked to do.
    pub engine: Engine,
    /// How this installation is set up.
    pub settings: Settings,
    /// With whose accounts people sign in besides. `None`: with nobody's.
    pub(crate) sign_on: Option<SignOn>,
    /// For which site people make passkeys. `None`: for none.
    pub(crate) passkeys: Option<PasskeySite>,
    /// Whether it was filled with demonstration people.
    pub demonstration: bool,
    /// What this server has answered since it began.
    pub(crate) counts: Counts,
    /// What stands around its pages.
    pub(crate) surroundings: KeptSurroundings,
    /// How many imports, or undoings of one, this server is at work on.
    importing: AtomicUsize,
}

/// That this server is at work on an import, for as long as it is held.
pub(crate) struct Importing(AppState);

impl Drop for Importing {
    fn drop(&mut self) {
        self.0.importing.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// The state of a server with this engine.
    #[must_use]
    pub fn new(engine: Engine, settings: Settings, demonstration: bool) -> Self {
        let engine = if settings.oidc_only { engine.with_sign_on_only() } else { engine };
        Self(Arc::new(Shared {
            engine,
            sign_on: SignOn::of(&settings),
            passkeys: settings.passkey_site(),
            settings,
            demonstration,
            counts: Counts::default(),
            surroundings: KeptSurroundings::default(),
            importing: AtomicUsize::new(0),
        }))
    }

    /// Notes that this server is at work on an import.
    pub(crate) fn import_begins(&self) -> Importing {
        self.importing.fetch_add(1, Ordering::Relaxed);
        Importing(self.clone())
    }

    /// Whether this server is at work on an import, or on undoing one.
    pub(crate) fn is_importing(&self) -> bool {
        self.importing.load(Ordering::Relaxed) > 0
    }
}
