//! Bundles as files, and what another program says of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use audit::{Files, Trusted};

/// A folder that goes with its test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("induct-audit-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn holds(&self, name: &str, files: &Files) -> String {
        for (file, bytes) in files {
            let path = self.0.join(name).join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        self.0.join(name).display().to_string()
    }

    /// With what statuses another program ends that was written from the format's description alone.
    pub fn another_says(&self, folders: &[String], trusted: &Trusted) -> Vec<u8> {
        // Of one alone it would not print the status.
        let twice = folders.iter().chain(folders.first().filter(|_| folders.len() == 1));
        let run = self.another(&twice.cloned().collect::<Vec<_>>(), trusted).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap().lines().map(|line| line.parse().unwrap()).collect()
    }

    /// What it tells a person of one of them, and with what status it ends.
    pub fn another_tells(&self, one: &str, trusted: &Trusted) -> (u8, String) {
        let run = self.another(&[one.to_owned()], trusted).output().unwrap();
        let status = run.status.code().and_then(|code| u8::try_from(code).ok()).unwrap();
        (status, String::from_utf8(run.stdout).unwrap() + &String::from_utf8_lossy(&run.stderr))
    }

    fn another(&self, folders: &[String], trusted: &Trusted) -> Command {
        let (key, head) = (self.0.join("key"), self.0.join("head"));
        fs::write(&key, trusted.key.as_ref().unwrap().to_string()).unwrap();
        fs::write(&head, trusted.known_head.as_ref().unwrap()).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../end2end/verify_log.py");
        let mut run = Command::new("python3");
        run.arg(script).args(folders).arg("--key").arg(key).arg("--known-head").arg(head);
        run
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
