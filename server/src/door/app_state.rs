use std::{ops::Deref, sync::Arc};

use engine::{Engine, catalogue::HelplineAudience};

use crate::settings::Settings;

/// What every handler can reach. Cheap to clone, which each layer does with every request.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What an [`AppState`] shares.
pub struct Shared {
    /// Everything that Induct can be asked to do.
    pub engine: Engine,
    /// How this installation is set up.
    pub settings: Settings,
    /// Whether it was filled with demonstration people.
    pub demonstration: bool,
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
        Self(Arc::new(Shared { engine, settings, demonstration }))
    }

    /// The help service that the panel on every page names: the first for young people that has a phone number.
    pub(crate) fn panel_helpline(&self) -> Option<engine::catalogue::Helpline> {
        let catalogue = self.engine.catalogue();
        let mut helplines = catalogue.helplines.iter();
        helplines.find(|line| line.audience == HelplineAudience::Young && line.phone.is_some()).cloned()
    }
}
