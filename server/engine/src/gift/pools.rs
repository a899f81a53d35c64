//! Categories to pools.

use std::collections::BTreeMap;

use model::QuestionId;

use super::syntax::Category;
use crate::content::{Code, QuestionIds, Report};

/// The pools that came of the categories so far.
#[derive(Default)]
pub(super) struct Pools {
    /// By the path of the category.
    names: BTreeMap<String, QuestionId>,
    given: QuestionIds,
    /// How many questions each of them has.
    counts: BTreeMap<String, u32>,
}

/// A quiz draws no more questions than that.
const MOST: usize = 100;

impl Pools {
    /// The pool for a category. `None` for what has no name, such as a course as a whole.
    pub(super) fn pool_of(&mut self, category: &Category, report: &mut Report<'_>) -> Option<String> {
        let Category { at, path } = category;
        if path.is_empty() {
            let help = "Write its name after `$CATEGORY:`.";
            report.warn(*at, Code::GiftCategory, "This category has no name, so its questions are in no pool.", help);
        }
        // A `/` within a name is written twice.
        const SLASH: &str = "\u{0}";
        let path = path.replace("//", SLASH);
        let name = path.rsplit('/').next().unwrap_or_default().trim();
        if name.is_empty() || name == "top" || (name.starts_with('$') && name.ends_with('$')) {
            return None;
        }
        if let Some(name) = self.names.get(&path) {
            return Some(name.to_string());
        }
        if self.names.len() == MOST {
            let message =
                format!("There are more than {MOST} categories, so the questions of this one are in no pool.");
            report.warn(*at, Code::GiftCategory, message, "Put questions together in fewer categories.");
            return None;
        }
        // Names look the same for all that has one.
        let pool = self.given.give(name)?;
        self.names.insert(path, pool.clone());
        Some(pool.to_string())
    }

    pub(super) fn count(&mut self, pool: &str) {
        *self.counts.entry(pool.to_owned()).or_default() += 1;
    }

    /// How many of `count` questions an attempt draws, in all and from each pool: at least one, and otherwise as much as
    /// the pool's share allows.
    pub(super) fn draw(self, count: u32) -> (u32, BTreeMap<String, u32>) {
        const USUAL: u32 = 8;
        let pools = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        let draw = count.min(USUAL).max(pools);
        let (spare, others) = (draw.saturating_sub(pools), count.saturating_sub(pools).max(1));
        let share = |members: u32| 1 + u64::from(members.saturating_sub(1)) * u64::from(spare) / u64::from(others);
        let wanted = |members| u32::try_from(share(members)).unwrap_or(u32::MAX);
        (draw, self.counts.into_iter().map(|(name, members)| (name, wanted(members))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools(paths: &[&str]) -> (Vec<Option<String>>, String) {
        let mut report = Report::new("a.gift", "");
        let mut pools = Pools::default();
        let category = |path: &&str| Category { at: 0, path: (*path).to_owned() };
        let names = paths.iter().map(|path| pools.pool_of(&category(path), &mut report)).collect();
        (names, report.into_problems().iter().map(|problem| format!("{problem}\n")).collect())
    }

    #[test]
    fn a_pool_is_named_after_the_end_of_the_path() {
        let (names, problems) = pools(&[
            "$course$/top/Default for Wk 1",
            "$course$/top",
            "$system$",
            "a/Scams",
            "b/Scams",
            "a/Scams",
            "Him//her",
        ]);
        let expected =
            [Some("default-for-wk-1"), None, None, Some("scams"), Some("scams-2"), Some("scams"), Some("him-her")];
        assert_eq!(names, expected.map(|name| name.map(str::to_owned)));
        assert_eq!(problems, "");
    }

    #[test]
    fn there_are_no_more_pools_than_can_be_drawn_from() {
        let paths: Vec<String> = (0..102).map(|number| format!("Week {number}")).collect();
        let (names, problems) = pools(&paths.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(names.iter().flatten().count(), MOST);
        assert_eq!(problems.matches("[gift-category]").count(), 2);
    }

    #[test]
    fn a_draw_never_asks_for_more_than_there_is() {
        for counts in [&[][..], &[1], &[30], &[95, 1, 1, 1, 1, 1], &[1; 12], &[5, 4, 3], &[1, 2, 60]] {
            for without in [0, 1, 7, 50] {
                let count = counts.iter().sum::<u32>() + without;
                let names = (0..).map(|number| format!("p{number}"));
                let pools = Pools { counts: names.zip(counts.iter().copied()).collect(), ..Pools::default() };
                let members = pools.counts.clone();
                let (draw, wanted) = pools.draw(count);
                assert!(draw <= count && wanted.values().sum::<u32>() <= draw, "{counts:?} {without}");
                assert!(wanted.iter().all(|(name, wanted)| *wanted >= 1 && *wanted <= members[name]), "{counts:?}");
            }
        }
    }
}
