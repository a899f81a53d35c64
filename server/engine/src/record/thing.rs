use std::fmt;

use model::{AgreementSlug, ModuleSlug};
use serde::{Deserialize, Serialize};

/// What can be asked of somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// To pass a module.
    Module(ModuleSlug),
    /// To sign an agreement.
    Agreement(AgreementSlug),
}

impl Thing {
    /// Whether it is a `module` or an `agreement`, as the database has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Module(_) => "module",
            Self::Agreement(_) => "agreement",
        }
    }

    /// Its name.
    #[must_use]
    pub fn slug(&self) -> &str {
        match self {
            Self::Module(module) => module.as_str(),
            Self::Agreement(agreement) => agreement.as_str(),
        }
    }

    /// Reads what [`Thing::kind`] and [`Thing::slug`] gave.
    pub(crate) fn parse(kind: &str, slug: &str) -> Option<Self> {
        match kind {
            "module" => ModuleSlug::new(slug).ok().map(Self::Module),
            "agreement" => AgreementSlug::new(slug).ok().map(Self::Agreement),
            _ => None,
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.slug())
    }
}
