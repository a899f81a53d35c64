use std::sync::{Arc, Mutex, PoisonError};

use app::pages::Surroundings;
use engine::{
    Person,
    catalogue::{Audience, Catalogue},
};

use crate::assets::own_look;

/// What stands around pages, kept for all who are shown the same of what is published now.
#[derive(Default)]
pub(crate) struct KeptSurroundings(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Of what is published they are made. `None`: nobody has asked yet.
    catalogue: Option<Arc<Catalogue>>,
    /// By the audiences of their readers; the names of their sites are theirs as well.
    known: Vec<(Vec<Audience>, Arc<Surroundings>)>,
}

/// More than anybody has: one for each set of audiences at each site.
const MOST: usize = 256;

impl KeptSurroundings {
    /// What stands around the pages of a reader, or of whoever is not signed in.
    pub(crate) fn of(&self, catalogue: &Arc<Catalogue>, reader: Option<&Person>) -> Arc<Surroundings> {
        let audiences = reader.map_or(&[][..], |reader| &reader.audiences);
        let sites = catalogue.organisation.sites_for(reader.map_or(&[][..], |reader| &reader.groups));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_of_this = kept.catalogue.as_ref().is_some_and(|made_of| Arc::ptr_eq(made_of, catalogue));
        if !is_of_this || kept.known.len() >= MOST {
            *kept = Kept { catalogue: Some(Arc::clone(catalogue)), known: Vec::new() };
        }
        let known = kept.known.iter().find(|(theirs, around)| {
            let names = around.sites.iter().map(|site| &site.name);
            theirs == audiences && names.eq(sites.iter().map(|site| &site.name))
        });
        if let Some((_, around)) = known {
            return Arc::clone(around);
        }
        let organisation = &catalogue.organisation;
        let around = Arc::new(Surroundings::new(
            organisation.name.clone(),
            catalogue,
            own_look(&organisation.look),
            sites.into_iter().cloned().collect(),
            catalogue.helplines_for(audiences).into_iter().cloned().collect(),
        ));
        kept.known.push((audiences.to_vec(), Arc::clone(&around)));
        around
    }
}
