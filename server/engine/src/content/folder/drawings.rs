//! The drawings of a folder.

use std::collections::BTreeSet;

use super::{files::Files, reader::FolderReader};
use crate::content::{
    fields::is_name,
    media::{Drawings, is_drawing, read_drawing},
    problems::Code,
};

impl FolderReader<'_> {
    /// Reads the drawings of the folder.
    pub(crate) fn drawings<'f>(&mut self, files: &Files<'f>, not_text: &BTreeSet<&'f str>) -> Drawings<'f> {
        let mut drawings = Drawings::new();
        let lost = not_text.iter().filter(|file| is_drawing(file));
        drawings.extend(lost.map(|file| (*file, None)));
        for (&file, &text) in files.iter().filter(|(file, _)| is_drawing(file) && !file.contains('/')) {
            let mut report = self.report(file, text);
            if !file.strip_suffix(".svg").is_some_and(is_name) {
                let help = "Name drawings like `two-locks.svg`: small letters, digits and hyphens.";
                report.error(0, Code::BadImageName, "This file's name is not that of a drawing.", help);
            }
            drawings.insert(file, read_drawing(text, &mut report));
            self.close(report);
        }
        drawings
    }

    /// Warns of drawings that no page shows.
    pub(crate) fn warn_of_unused(&mut self, drawings: &Drawings<'_>) {
        for file in drawings.keys().filter(|file| !self.gathered.drawings.contains(**file)).copied().collect::<Vec<_>>()
        {
            let mut report = self.report(file, "");
            let help = format!("Show it on a page, `![What it shows]({file})`, or take the file away.");
            report.warn(0, Code::UnusedImage, "No page shows this drawing.", help);
            self.close(report);
        }
    }
}
