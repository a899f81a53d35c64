use std::sync::Arc;

use engine::{Engine, catalogue::HelplineAudience};

use crate::settings::Settings;

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    /// Everything that Induct can be asked to do.
    pub engine: Engine,
    /// How this installation is set up.
    pub settings: Arc<Settings>,
    /// Whether it was filled with demonstration people.
    pub demonstration: bool,
}

impl AppState {
    /// The help service that the panel on every page names: the first for young people that has a phone number.
    pub(crate) fn panel_helpline(&self) -> Option<engine::catalogue::Helpline> {
        let catalogue = self.engine.catalogue();
        let mut helplines = catalogue.helplines.iter();
        helplines.find(|line| line.audience == HelplineAudience::Young && line.phone.is_some()).cloned()
    }
}
