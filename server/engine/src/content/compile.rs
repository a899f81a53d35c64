//! All of `content/` to a catalogue.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use model::FactId;

use super::{
    agreement::read_agreement,
    facts::read_facts,
    helpline_readers::refuse_helplines_of_others,
    link_readers::refuse_closed_links,
    media::MediaFiles,
    module::read_module,
    organisation::{ReadOrganisation, read_organisation},
    problems::{Code, Level, Problem, Report},
    programme::read_programme,
    prose::{FactBook, Known, PROVIDER_PAGES},
    provider_page::read_provider_page,
    requirement_circles::refuse_circles,
    sort_files::{FACTS, File, ORGANISATION, Sorted, sort_files},
    source::Sources,
};
use crate::{catalogue::Catalogue, ground::on_every_core};

/// What came of compiling.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// What could be compiled. With errors it is not whole: what has an error is not in it, although other things may
    /// still name it.
    pub catalogue: Catalogue,
    /// The problems in the order of their places.
    pub problems: Vec<Problem>,
}

impl Compiled {
    /// Whether anything was left out of the catalogue.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.level == Level::Error)
    }
}

/// Compiles everything below `content/`. It collects every problem and never stops at the first; a module, agreement,
/// programme or fact with an error is left out, and so is what uses such a fact. `today` decides which reviews are
/// overdue.
#[must_use]
pub fn compile(sources: &Sources, today: NaiveDate) -> Compiled {
    run(sources, today, false)
}

/// Compiles for a preview. It reports what [`compile`] reports, but modules and agreements with errors stay in the
/// catalogue as far as they could be read, and prose knows the lines of its blocks. Such a catalogue is to be looked at
/// and not to be published.
#[must_use]
pub fn draft(sources: &Sources, today: NaiveDate) -> Compiled {
    run(sources, today, true)
}

fn run(sources: &Sources, today: NaiveDate, draft: bool) -> Compiled {
    let mut compiler = Compiler { sources, today, draft, compiled: Compiled::default(), used: BTreeSet::new() };
    compiler.run();
    let mut compiled = compiler.compiled;
    compiled.problems.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    compiled
}

struct Compiler<'s> {
    sources: &'s Sources,
    today: NaiveDate,
    draft: bool,
    compiled: Compiled,
    /// The facts that modules and agreements use.
    used: BTreeSet<FactId>,
}

impl<'s> Compiler<'s> {
    fn run(&mut self) {
        let mut sorted = sort_files(self.sources);
        self.compiled.problems.append(&mut sorted.problems);
        let (organisation, mut about_organisation) = self.organisation();
        let mut names = sorted.names(organisation.as_ref().map(|read| &read.organisation));
        if let Some(read) = &organisation {
            read.leave_out_what_is_not_whole(&mut names);
        }
        let is_lost =
            organisation.is_none() && (self.sources.file(ORGANISATION).is_some() || self.is_not_text(ORGANISATION));

        // Facts are reported last, because only then is it known which of them nothing uses.
        let text = self.sources.file(FACTS);
        let mut report = Report::new(FACTS, text.unwrap_or_default());
        let mut facts = match text {
            Some(text) => read_facts(text, self.today, names.audiences.as_deref(), &mut report),
            None if self.is_not_text(FACTS) => FactBook::unreadable(),
            None => FactBook::default(),
        };
        facts.refuse_two_numbers(&mut report);
        match &organisation {
            Some(read) => {
                read.add_rules(&mut facts, &mut about_organisation);
                read.check_helplines(&facts, &mut about_organisation);
                self.compiled.catalogue.organisation = read.organisation.clone();
            }
            None if is_lost => facts.lose_rules(),
            None => {}
        }
        let organisation_has_errors = about_organisation.has_errors();
        let known = Known { facts: &facts, names: Some(&names), draft: self.draft };
        self.modules(&sorted, known);
        self.agreements(&sorted, known);
        let circles = refuse_circles(&sorted, &self.compiled.catalogue);
        self.compiled.problems.extend(circles);
        if !is_lost && organisation.as_ref().is_none_or(ReadOrganisation::knows_readers) {
            let closed = refuse_closed_links(&sorted, &self.compiled.catalogue);
            self.compiled.problems.extend(closed);
        }
        let others = refuse_helplines_of_others(&sorted, &self.compiled.catalogue, &facts);
        self.compiled.problems.extend(others);
        self.programmes(&sorted, known);
        self.pages(&sorted, known);
        // What could not be read may use any of them.
        if !self.compiled.has_errors() && !organisation_has_errors {
            facts.warn_of_unused(&self.used, &mut report);
            if let Some(read) = &organisation {
                read.warn_of_unused_rules(&self.used, &mut about_organisation);
            }
        }
        self.take(report);
        self.take(about_organisation);
        self.compiled.catalogue.helplines = facts.helplines();
        self.compiled.catalogue.facts = facts.facts;
    }

    /// The provider, and what is to be said of its file. `None`: it could not be read.
    fn organisation(&self) -> (Option<ReadOrganisation>, Report<'s>) {
        let text = self.sources.file(ORGANISATION);
        let mut report = Report::new(ORGANISATION, text.unwrap_or_default());
        if text.is_none() && !self.is_not_text(ORGANISATION) {
            let help = "Add a file `organisation.toml` with the provider's name, audiences, sites and roles.";
            report.warn(0, Code::MissingFile, "This file is missing.", help);
        }
        let organisation = text.and_then(|text| read_organisation(text, self.sources, self.today, &mut report));
        (organisation, report)
    }

    fn modules(&mut self, sorted: &Sorted<'_>, known: Known<'_>) {
        let nothing = MediaFiles::new();
        let today = Some(self.today);
        let modules: Vec<_> = sorted.modules.iter().collect();
        // No module needs another to be read first, and a provider may have a thousand.
        let reads = on_every_core(&modules, |(slug, (files, not_text))| {
            read_module(slug, files, not_text, sorted.media.get(*slug).unwrap_or(&nothing), known, today)
        });
        for ((slug, _), read) in modules.into_iter().zip(reads) {
            self.compiled.problems.extend(read.problems);
            self.used.extend(read.gathered.facts.into_keys());
            if let Some(module) = read.module {
                for media in &module.media {
                    let place = self.sources.media_place(&format!("modules/{slug}/{}", media.file));
                    self.compiled.catalogue.media.extend(place.map(|place| (media.name.sha256, place)));
                }
                self.compiled.catalogue.modules.insert(slug.clone(), Arc::new(module));
            }
        }
    }

    fn agreements(&mut self, sorted: &Sorted<'_>, known: Known<'_>) {
        for (slug, file) in &sorted.agreements {
            let read = read_agreement(slug, *file, sorted.agreement_twins.get(slug), known, self.today);
            self.compiled.problems.extend(read.problems);
            self.used.extend(read.gathered.facts.into_keys());
            if let Some(agreement) = read.agreement {
                self.compiled.catalogue.agreements.insert(slug.clone(), Arc::new(agreement));
            }
        }
    }

    fn programmes(&mut self, sorted: &Sorted<'_>, known: Known<'_>) {
        for (slug, File { path, text }) in &sorted.programmes {
            let mut report = Report::new(*path, text);
            let programme = read_programme(slug.clone(), text, known, &mut report);
            self.take(report);
            self.compiled.catalogue.programmes.extend(programme);
        }
    }

    fn pages(&mut self, sorted: &Sorted<'_>, known: Known<'_>) {
        for (slug, File { path, text }) in &sorted.pages {
            let read = read_provider_page(slug, path, text, known);
            self.compiled.problems.extend(read.problems);
            self.used.extend(read.gathered.facts.into_keys());
            self.compiled.catalogue.pages.extend(read.page);
        }
        let place = |slug: &str| PROVIDER_PAGES.iter().position(|name| *name == slug);
        self.compiled.catalogue.pages.sort_by_key(|page| place(page.slug.as_str()));
    }

    fn is_not_text(&self, path: &str) -> bool {
        self.sources.not_text().any(|other| other == path)
    }

    fn take(&mut self, report: Report<'_>) {
        self.compiled.problems.extend(report.into_problems());
    }
}
