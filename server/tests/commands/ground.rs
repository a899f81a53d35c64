//! A folder in which somebody runs `induct`.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// How many there have been, so that no two are in each other's way.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder with a database in which something is published. It goes with its test.
pub struct Ground(PathBuf);

impl Ground {
    /// `name`: by which somebody finds it again who looks at what is left of a test that was stopped.
    pub fn new(name: &str) -> Self {
        let ground = Self::empty(name);
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/content_good");
        let published = ground.induct(&["publish", content.to_str().unwrap()]);
        assert!(published.status.success(), "{}", String::from_utf8_lossy(&published.stderr));
        ground
    }

    /// A folder in which there is nothing yet.
    pub fn empty(name: &str) -> Self {
        let place = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("induct-ground-{}-{place}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Adds somebody.
    pub fn adds(&self, name: &str) {
        let (status, _, talk) = self.tries_to_add(name);
        assert_eq!(status, 0, "{talk}");
    }

    /// The same, with what status it ends and what it says.
    pub fn tries_to_add(&self, name: &str) -> (i32, String, String) {
        self.tries_to_add_as(name, "learner")
    }

    /// The same, in another role.
    pub fn tries_to_add_as(&self, name: &str, role: &str) -> (i32, String, String) {
        let email = format!("{name}@northfield.example");
        let names = ["--email", &email, "--name", name, "--role", role, "--group", "A/B/C"];
        let mut adding = Command::new(env!("CARGO_BIN_EXE_induct"))
            .args([&["people", "add"], &names[..]].concat())
            .current_dir(&self.0)
            .env("INDUCT_DATABASE_URL", format!("sqlite://{}", self.at("data/induct.db")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may have ended before it asked.
        drop(adding.stdin.take().unwrap().write_all(b"correct horse battery\n"));
        let output = adding.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// A copy in it of a folder of content without faults.
    pub fn content(&self, name: &str) -> PathBuf {
        let to = PathBuf::from(self.at(name));
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/content_good"), &to);
        to
    }

    /// The path of a file in it.
    pub fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    pub fn induct(&self, arguments: &[&str]) -> Output {
        self.induct_with(&[], arguments)
    }

    /// The same, with more in its environment.
    pub fn induct_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_induct"))
            .args(arguments)
            .current_dir(&self.0)
            .env("INDUCT_DATABASE_URL", format!("sqlite://{}", self.at("data/induct.db")))
            .envs(environment.iter().copied())
            .output()
            .unwrap()
    }

    /// With what status it ends, its data and its talk.
    pub fn says(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.induct(arguments);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
