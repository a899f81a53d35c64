//! `induct doctor` and `induct config check`, as somebody runs them who looks after an installation.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod ground;

use std::{collections::BTreeSet, fs, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path};

use ground::Ground;

fn content() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/tests/content_good").display().to_string()
}

/// With what status the doctor ends, and what it says.
fn asks(ground: &Ground, environment: &[(&str, &str)]) -> (i32, String) {
    let content = content();
    let environment = [&[("INDUCT_CONTENT", &*content)], environment].concat();
    let output = ground.induct_with(&environment, &["doctor"]);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_sound_installation_is_told_what_would_be_wise() {
    let here = Ground::new("sound");
    let (status, said) = asks(&here, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("ok       signed log: what people do now can be saved and sealed"), "{said}");
    assert!(
        said.contains("unwise   administrators: nobody looks after everybody\n         induct people add"),
        "{said}"
    );
    assert!(said.contains("unwise   mail server: none") && said.ends_with(" 0 wrong\n"), "{said}");
}

#[test]
fn who_sees_others_without_a_second_factor_is_counted() {
    let here = Ground::new("factors");
    let (_, said) = asks(&here, &[]);
    assert!(!said.contains("second factors"), "there is nobody yet: {said}");
    let (status, _, talk) = here.tries_to_add_as("root", "administrator");
    assert_eq!(status, 0, "{talk}");
    let (status, said) = asks(&here, &[]);
    let told =
        "unwise   second factors: 1 of 1 who see other people's records has none\n         Ask them to set one up";
    assert!(status == 0 && said.contains(told), "{said}");
    let (status, _, talk) = here.says(&["people", "reset-second-factor", "--email", "root@northfield.example"]);
    assert!(status == 1 && talk.contains("they have no second factor"), "{talk}");
}

#[test]
fn what_is_wrong_is_said_with_what_puts_it_right() {
    let here = Ground::new("unsound");
    let elsewhere = ("INDUCT_CONTENT", "nowhere");
    let (status, said) = asks(&here, &[elsewhere]);
    assert!(status == 1 && said.contains("WRONG    content: ") && said.contains("INDUCT_CONTENT"), "{said}");
    // Nobody listens there.
    let (status, said) = asks(&here, &[("INDUCT_SMTP_URL", "smtp://amy:s3cret@127.0.0.1:9")]);
    assert!(status == 1 && said.contains("WRONG    mail server, asked: "), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
    let (status, said) = asks(&here, &[("INDUCT_BASE_URL", "https://induct.example")]);
    assert!(status == 0 && said.contains("unwise   proxies: ") && said.contains("INDUCT_TRUSTED_PROXIES"), "{said}");
    let (status, said) = asks(&here, &[("INDUCT_BASE_URL", "http://induct.example")]);
    assert!(status == 0 && said.contains("unwise   address of the site: http://induct.example"), "{said}");
    let key = fs::read_dir(here.at("data")).unwrap().map(|file| file.unwrap().path());
    let key = key.into_iter().find(|path| path.extension().is_some_and(|end| end == "key")).unwrap();
    fs::set_permissions(here.at("data"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, said) = asks(&here, &[]);
    assert!(status == 0 && said.contains("unwise   files of its own: others on this machine can read"), "{said}");
    fs::remove_file(key).unwrap();
    let (status, said) = asks(&here, &[]);
    assert!(status == 1 && said.contains("WRONG    signed log: nothing can be saved"), "{said}");
}

#[test]
fn from_whom_letters_are_is_said_and_this_machine_is_nowhere() {
    let here = Ground::empty("sender");
    let content = content();
    let smtp = ("INDUCT_SMTP_URL", "smtp://127.0.0.1:9");
    let tries: [(&[(&str, &str)], &str); 4] = [
        (&[], "unwise   sender of letters: induct@localhost, "),
        (&[("INDUCT_BASE_URL", "https://induct.example")], "ok       sender of letters: induct@induct.example\n"),
        (&[("INDUCT_MAIL_FROM", "letters@x.example")], "ok       sender of letters: letters@x.example\n"),
        (&[("INDUCT_MAIL_FROM", "A <a@mail.localhost>")], "unwise   sender of letters: A <a@mail.localhost>, "),
    ];
    for (more, told) in tries {
        let environment = [&[("INDUCT_CONTENT", &*content), smtp][..], more].concat();
        for command in [&["config", "check"][..], &["doctor"]] {
            let output = here.induct_with(&environment, command);
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(said.contains(told), "{command:?} {more:?}: {said}");
        }
    }
    let output = here.induct_with(&[("INDUCT_CONTENT", &*content)], &["config", "check"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("mail_from = \"induct@localhost\"  (as it is by itself"), "{said}");
    assert!(!said.contains("sender of letters"), "nobody is written to: {said}");
}

#[test]
fn nothing_is_made_where_there_is_nothing() {
    let here = Ground::empty("nothing");
    let (status, said) = asks(&here, &[]);
    assert!(status == 0 && said.contains("unwise   database: there is none yet"), "{said}");
    assert!(!Path::new(&here.at("data")).exists());
}

#[test]
fn settings_are_shown_with_where_they_come_from() {
    let here = Ground::empty("settings");
    fs::write(here.at("induct.toml"), "log = \"warn\"\nsmtp_url = \"smtps://amy:s3cret@mail.example\"\n").unwrap();
    let content = content();
    let output = here.induct_with(&[("INDUCT_CONTENT", &*content)], &["config", "check"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("log = \"warn\"  (induct.toml)") && said.contains("(INDUCT_DATABASE_URL)"), "{said}");
    assert!(said.contains("smtps://…@mail.example") && !said.contains("s3cret"), "{said}");
    let output = here.induct_with(&[("INDUCT_BASE_URI", "https://induct.example")], &["config", "check"]);
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && talk.contains("did you mean INDUCT_BASE_URL?"), "{talk}");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_wrong_and_a_wrong_address_is_said_once() {
    let here = Ground::empty("nowhere");
    let content = content();
    let says = |variable: &str, value: &str| {
        let output = here.induct_with(&[("INDUCT_CONTENT", &*content), (variable, value)], &["config", "check"]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    // Nobody makes anything there, whoever they are.
    let (status, said) = says("INDUCT_DATA_DIR", "/proc/x");
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("WRONG    data_dir: data_dir names a folder that cannot be made: /proc/x"), "{said}");
    let (status, said) = says("INDUCT_DATA_DIR", "keys/of/the/log");
    assert!(status == Some(0) && !Path::new(&here.at("keys")).exists(), "{said}");
    let left = fs::read_dir(here.at(".")).unwrap().filter_map(Result::ok);
    assert!(left.map(|file| file.file_name()).all(|name| !name.to_string_lossy().contains("induct-check")), "{said}");
    let (status, said) = says("INDUCT_BASE_URL", "induct.example");
    assert!(
        status == Some(1) && said.contains("WRONG    base_url: ") && !said.contains("go over the network"),
        "{said}"
    );
}

/// What no setting can be.
const WRONG: [(&str, &str); 41] = [
    ("INDUCT_DATABASE_URL", "mysql://amy:s3cret@db/induct"),
    ("INDUCT_DATABASE_URL", "data/induct.db"),
    ("INDUCT_DATABASE_URL", "sqlite://"),
    ("INDUCT_DATABASE_URL", "sqlite://a-folder"),
    ("INDUCT_DATABASE_URL", "postgres://amy:s3cret@db:port/induct"),
    ("INDUCT_ADDR", "localhost"),
    ("INDUCT_BASE_URL", "induct.example"),
    ("INDUCT_BASE_URL", "https://induct.example:99999"),
    ("INDUCT_CONTENT", "nowhere"),
    ("INDUCT_CONTENT", ""),
    ("INDUCT_DATA_DIR", "a-file"),
    ("INDUCT_DATA_DIR", ""),
    ("INDUCT_LOG", "verbose"),
    ("INDUCT_LOG", "server=loud"),
    ("INDUCT_PUBLISH_LOG", "perhaps"),
    ("INDUCT_CHECKPOINT_MINUTES", "hourly"),
    ("INDUCT_CHECKPOINT_MINUTES", "-1"),
    ("INDUCT_LOG_TOKEN", "s3cret"),
    ("INDUCT_METRICS_TOKEN", "s3cret and more that is long enough"),
    ("INDUCT_METRICS_TOKEN", "12345678901234567"),
    ("INDUCT_TIMESTAMP_URL", "timestamp.example"),
    ("INDUCT_TIMESTAMP_URL", ""),
    ("INDUCT_WITNESS_URL", "ftp://witness.example"),
    ("INDUCT_WITNESS_URL", "https://witness.example"),
    ("INDUCT_WITNESS_KEY", "witness.example+12345678+AAAA"),
    ("INDUCT_CLOCK_LIMIT_DAYS", "0"),
    ("INDUCT_CLOCK_LIMIT_DAYS", "a week"),
    ("INDUCT_SMTP_URL", "smtp://amy:s3cret@mail.example:587"),
    ("INDUCT_SMTP_URL", ""),
    ("INDUCT_MAIL_FROM", "Northfield"),
    ("INDUCT_OIDC_ISSUER", "login.example"),
    ("INDUCT_OIDC_ISSUER", "https://login.example/tenant?a=b"),
    ("INDUCT_OIDC_ISSUER", "https://login.example"),
    ("INDUCT_OIDC_CLIENT_ID", ""),
    ("INDUCT_OIDC_CLIENT_ID", "induct"),
    ("INDUCT_OIDC_CLIENT_SECRET", " "),
    ("INDUCT_OIDC_LABEL", ""),
    ("INDUCT_OIDC_ID_CLAIM", ""),
    ("INDUCT_OIDC_ONLY", "true"),
    ("INDUCT_TRUSTED_PROXIES", "17"),
    ("INDUCT_TRUSTED_PROXIES", "nginx"),
];

#[test]
fn every_setting_refuses_what_it_cannot_be_and_no_server_starts_with_it() {
    let here = Ground::empty("wrong-settings");
    fs::write(here.at("a-file"), "").unwrap();
    fs::create_dir(here.at("a-folder")).unwrap();
    let content = content();
    // A server that took the setting would find the port taken, and end all the same.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let mut named = BTreeSet::new();
    for (variable, value) in WRONG {
        let name = variable.strip_prefix("INDUCT_").unwrap().to_lowercase();
        let environment = [("INDUCT_CONTENT", &*content), ("INDUCT_ADDR", &*addr), (variable, value)];
        for command in [&["config", "check"][..], &["serve"]] {
            let output = here.induct_with(&environment, command);
            let text = |bytes| String::from_utf8(bytes).unwrap();
            let (said, talk) = (text(output.stdout), text(output.stderr));
            let all = format!("{variable}={value} {command:?}: {said}{talk}");
            assert_eq!(output.status.code(), Some(1), "{all}");
            let is_said = said.contains(&format!("WRONG    {name}: {name} "))
                || talk.contains(&format!("induct: a setting is wrong: {name} "));
            assert!(is_said && all.contains(&format!("({variable})")), "{all}");
            assert!(!said.contains("s3cret") && !talk.contains("s3cret"), "{all}");
        }
        named.insert(name);
    }
    assert!(!Path::new(&here.at("data/induct.db")).exists());
    // Each line that shows a setting has one that cannot be.
    let output = here.induct_with(&[("INDUCT_CONTENT", &*content)], &["config", "check"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let all: BTreeSet<String> =
        said.lines().map_while(|line| line.split_once(" = ")).map(|(name, _)| name.to_owned()).collect();
    assert_eq!(named, all);
}
